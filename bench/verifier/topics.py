"""Which documents speak of the same thing, by the long words that they share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random


class Topics:
    """Documents, each a list of sentences, known by their words of ``letters`` letters and more."""

    def __init__(self, documents: Sequence[Sequence[str]], letters: int) -> None:
        word = re.compile(rf"[a-z]{{{letters},}}")
        self._words = [set(word.findall(" ".join(document).lower())) for document in documents]

    def beside(self, at: int, chance: Random, sample: int) -> int:
        """Of so many others, drawn, the one that shares most words with the one at ``at``."""
        others = chance.sample(range(len(self._words)), min(sample, len(self._words)))
        return max((i for i in others if i != at), key=lambda i: len(self._words[i] & self._words[at]))
