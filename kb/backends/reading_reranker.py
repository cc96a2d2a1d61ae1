"""The reranker in the box: a small cross-encoder trained for 'does this passage answer this query?', run by OpenVINO."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kb.backends._judging import shipped, softmax
from kb.backends._pair_reader import PairReader
from kb.errors import RerankerError

_CARD: Final = "reranker.json"
_LONGEST: Final = 500
"""Characters of a passage that are read: of twice as many, the order is hardly better and takes half as long again."""


class ReadingReranker:
    """Scores each passage by the probability that it answers the query, both read together."""

    def __init__(self, weights: Path | None = None, threads: int | None = None) -> None:
        card = shipped(_CARD)
        self.name: str = card["name"]
        self._reader = PairReader(card, role="reranker", error=RerankerError, weights=weights, threads=threads)

    def score(self, query: str, passages: Sequence[str]) -> list[float]:
        """One score for each passage, 0..1.

        Raises:
            RerankerError: the model cannot be loaded or fails.
        """
        logits, _ = self._reader.read([(passage[:_LONGEST], query) for passage in passages])
        return [float(score) for score in softmax(logits)[:, 0]]
