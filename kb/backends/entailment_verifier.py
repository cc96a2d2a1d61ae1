"""The verifier in the box: a small cross-encoder trained for 'does this quote support this claim?', run by OpenVINO."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb.backends._judging import Calibration, shipped, verdicts
from kb.backends._pair_reader import PairReader
from kb.errors import VerifierError
from kb.records import Verdict

_CARD: Final = "verifier.json"


class EntailmentVerifier:
    """Judges by the shipped model, with rules beside it (numbers, negation, opposite words) and calibrated thresholds.

    A verdict is 'supported' or 'contradicted' only where it is sure enough by the thresholds in the model's card; what is
    uncertain is 'unclear'.
    """

    def __init__(self, weights: Path | None = None, threads: int | None = None) -> None:
        card = shipped(_CARD)
        self.name: str = card["name"]
        self._calibration = Calibration.of(card["calibration"])
        self._reader = PairReader(card, role="verifier", error=VerifierError, weights=weights, threads=threads)

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """One verdict for each pair of (quote, claim).

        Raises:
            VerifierError: the model cannot be loaded or fails.
        """
        return verdicts(self, self._calibration, pairs)

    def read(self, pairs: Sequence[tuple[str, str]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scores of shape (n, 3): supported, unclear, contradicted, before calibration; and how badly each claim's words are matched."""
        return self._reader.read(pairs)
