"""Products in eight bits: what the rounding keeps."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.backends._rounding import levels, measured, whole

RNG = np.random.default_rng(0)
WEIGHT = RNG.standard_normal((24, 16)).astype(np.float32)
INPUTS = (RNG.standard_normal((200, 16)) * np.geomspace(0.1, 30, 16)).astype(np.float32)
RANGES = np.stack([INPUTS.min(axis=0), INPUTS.max(axis=0)])


def product(balance: float) -> NDArray[np.float32]:
    """As the runtime computes it: inputs on 256 levels, weights as whole numbers."""
    chosen = levels(RANGES, [WEIGHT], balance)
    step = (chosen.high - chosen.low) / 255
    rounded = np.rint(np.clip(INPUTS / chosen.spread, chosen.low, chosen.high) / step) * step
    numbers, scale = whole(WEIGHT * chosen.spread)
    found: NDArray[np.float32] = rounded @ (numbers * scale).T
    return found


def test_weights_are_within_half_a_step() -> None:
    numbers, scale = whole(WEIGHT)
    assert numbers.dtype == np.int8
    assert scale.shape == (24, 1)
    assert np.abs(numbers).max() == 127
    assert (np.abs(numbers * scale - WEIGHT) <= scale / 2 + 1e-6).all()


def test_weights_of_nothing_stay_nothing() -> None:
    numbers, scale = whole(np.zeros((2, 3), np.float32))
    assert not numbers.any()
    assert np.isfinite(scale).all()


@pytest.mark.parametrize("balance", [0.0, 0.5, 0.8])
def test_the_levels_cover_what_was_measured_and_zero(balance: float) -> None:
    chosen = levels(RANGES, [WEIGHT], balance)
    step = (chosen.high - chosen.low) / 255
    assert chosen.low <= (INPUTS / chosen.spread).min() + step
    assert chosen.high >= (INPUTS / chosen.spread).max() - step
    assert chosen.low / step == pytest.approx(round(chosen.low / step), abs=1e-3)


def test_balanced_channels_give_a_nearer_product() -> None:
    exact = INPUTS @ WEIGHT.T
    plain, balanced = (np.abs(product(balance) - exact).mean() / np.abs(exact).mean() for balance in (0.0, 0.8))
    assert balanced < plain
    assert balanced < 0.02


def test_the_default_model_was_measured_and_no_other() -> None:
    module = pytest.importorskip("kb.backends.openvino_embedder")
    ranges = measured(module._SHA256)
    assert ranges is not None
    assert len(ranges) == 20
    assert {ends.shape for ends in ranges.values()} == {(2, 384), (2, 1536)}
    assert all((ends[0] < ends[1]).all() for ends in ranges.values())
    assert measured("0" * 64) is None
