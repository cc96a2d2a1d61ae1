"""The light reference reranker: by the words that query and passage share. Standard library only."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from kb.text import words


class LexicalReranker:
    """Scores a passage by the query words in it, those that few passages have counting more."""

    name = "lexical"

    def score(self, query: str, passages: Sequence[str]) -> list[float]:
        """One score for each passage, 0..1: the share of the query's words, weighted by how few passages have them."""
        wanted = set(words(query))
        inside = [Counter(words(passage)) for passage in passages]
        rarity = {word: math.log(1 + len(passages) / (1 + sum(word in found for found in inside))) for word in wanted}
        total = sum(rarity.values()) or 1.0
        return [sum(rarity[word] for word in wanted if word in found) / total for found in inside]
