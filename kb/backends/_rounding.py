"""The numbers that matrix products in eight bits need: whole-number weights, and the levels their inputs are rounded to.

Weights get one scale for each output channel. Inputs get 256 equal levels over a range measured beforehand
(``bench/calibrate.py``), after each channel is divided by a number that makes the channels of inputs and weights alike in
size: Xiao et al. 2023, SmoothQuant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ranges = Mapping[str, Floats]
"""By the name of a product: the least and greatest value of each input channel, shape (2, channels)."""

_LEVELS: Final = 256
_SMALLEST: Final = 1e-6
_INSTRUCTIONS: Final = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})


@dataclass(frozen=True, slots=True)
class Levels:
    """How an input is rounded: each channel divided by its ``spread``, then 256 levels from ``low`` to ``high``.

    Zero is a level. The columns of the weights are to be multiplied by ``spread``.
    """

    spread: Floats
    low: float
    high: float


def pays() -> bool:
    """Whether this processor multiplies bytes faster than floats, as far as the system tells (Linux on x86)."""
    try:
        text = Path("/proc/cpuinfo").read_text("ascii", "replace")
    except OSError:
        return False
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return not _INSTRUCTIONS.isdisjoint(flags.split())


@cache
def measured(sha256: str) -> Ranges | None:
    """The ranges that come with kb for the weights of this hash."""
    path = files("kb") / "data" / f"ranges-{sha256[:16]}.npz"
    if not path.is_file():
        return None
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def levels(ranges: Floats, weights: Sequence[Floats], balance: float) -> Levels:
    """The levels for an input of ``weights``, each (outputs, channels); ``balance`` 0 leaves channels as they are."""
    sizes = np.maximum(np.abs(ranges).max(axis=0), _SMALLEST)
    others = np.maximum(np.max([np.abs(weight).max(axis=0) for weight in weights], axis=0), _SMALLEST)
    spread = sizes**balance / others ** (1 - balance)
    spread /= np.exp(np.log(spread).mean())
    low, high = min(float((ranges[0] / spread).min()), 0.0), max(float((ranges[1] / spread).max()), 0.0)
    step = max(high - low, _SMALLEST) / (_LEVELS - 1)
    below = round(-low / step)
    return Levels(spread.astype(np.float32), -below * step, (_LEVELS - 1 - below) * step)


def whole(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Whole numbers from -127 to 127 and the scale of each output channel (outputs, 1); their product is ``weight``."""
    scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True), _SMALLEST) / 127
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32)
