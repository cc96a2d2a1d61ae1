"""Measures: known values, and properties that hold for any input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evaluation.metrics import (
    F1,
    area_under,
    auc,
    balanced_accuracy,
    bootstrap,
    brier,
    confusion,
    ece,
    macro_f1,
    reliability,
    risk_at,
    risk_coverage,
)

CASES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)
LABELS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=60)


def split(cases: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [score for score, _ in cases], [flag for _, flag in cases]


def test_auc_of_known_cases() -> None:
    assert auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == 0.75
    assert auc([1, 1, 1], [True, False, True]) == 0.5
    assert auc([1, 2], [True, True]) == 0.5


@given(CASES)
def test_auc_is_the_share_of_pairs_in_order(cases: list[tuple[float, bool]]) -> None:
    scores, flags = split(cases)
    pairs = [(p > n) + 0.5 * (p == n) for p, a in cases if a for n, b in cases if not b]
    assert auc(scores, flags) == pytest.approx(sum(pairs) / len(pairs) if pairs else 0.5)


@given(CASES)
def test_auc_turns_round_with_the_labels(cases: list[tuple[float, bool]]) -> None:
    scores, flags = split(cases)
    assert auc(scores, flags) + auc(scores, [not flag for flag in flags]) == pytest.approx(1.0)


def test_ece_of_known_cases() -> None:
    assert ece([0.9] * 10, [True] * 9 + [False]) == pytest.approx(0.0)
    assert ece([1.0, 1.0], [False, False]) == 1.0
    assert ece([], []) == 0.0
    assert ece([0.05, 0.95], [True, True]) == pytest.approx(0.5)


@given(CASES)
def test_ece_and_brier_lie_in_0_to_1(cases: list[tuple[float, bool]]) -> None:
    scores, flags = split(cases)
    assert 0.0 <= ece(scores, flags) <= 1.0
    assert 0.0 <= brier(scores, flags) <= 1.0
    assert sum(size for _, _, size in reliability(scores, flags)) == len(cases)


@given(CASES)
def test_an_oracle_is_calibrated(cases: list[tuple[float, bool]]) -> None:
    flags = [flag for _, flag in cases]
    assert ece([float(flag) for flag in flags], flags) == 0.0


def test_balanced_accuracy_does_not_reward_the_frequent_label() -> None:
    assert balanced_accuracy(["a"] * 9 + ["b"], ["a"] * 10) == 0.5
    assert balanced_accuracy([], []) == 0.0


@given(LABELS)
def test_label_measures_lie_in_0_to_1_and_are_1_for_the_gold(pairs: list[tuple[str, str]]) -> None:
    gold, predicted = [g for g, _ in pairs], [p for _, p in pairs]
    for measure in (balanced_accuracy, macro_f1):
        assert 0.0 <= measure(gold, predicted) <= 1.0
        assert measure(gold, gold) == pytest.approx(1.0)
    assert sum(n for row in confusion(gold, predicted).values() for n in row.values()) == len(pairs)


def test_f1_of_counts() -> None:
    assert F1.of(0, 0, 0) == F1(0.0, 0.0, 0.0)
    assert F1.of(2, 4, 2).f1 == pytest.approx(2 / 3)


def test_risk_coverage_of_a_known_case() -> None:
    curve = risk_coverage([0.9, 0.8, 0.7, 0.6], [False, False, True, True])
    assert curve == [(0.25, 0.0), (0.5, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert risk_at(curve, 0.5) == 0.0
    assert risk_at([], 0.5) == 0.0


@given(CASES)
def test_risk_coverage_ends_at_the_whole_error_and_ignores_the_order_of_equals(cases: list[tuple[float, bool]]) -> None:
    scores, flags = split(cases)
    curve = risk_coverage(scores, flags)
    assert curve[-1] == (1.0, pytest.approx(sum(flags) / len(flags)))
    assert [x for x, _ in curve] == sorted({x for x, _ in curve})
    assert curve == risk_coverage(scores[::-1], flags[::-1])
    assert 0.0 <= area_under(curve) <= 1.0


@given(CASES, st.integers(0, 9))
def test_a_bootstrap_interval_repeats_and_is_in_order(cases: list[tuple[float, bool]], seed: int) -> None:
    values = np.array([score for score, _ in cases])
    once, again = (bootstrap(lambda at: float(values[at].mean()), len(values), resamples=50, seed=seed) for _ in "ab")
    assert once == again
    assert once.low <= once.high
    assert values.min() - 1e-9 <= once.low
    assert once.high <= values.max() + 1e-9


def test_a_bootstrap_interval_narrows_with_more_items() -> None:
    few, many = (bootstrap(lambda at: float(np.mean(at % 2)), size, resamples=200) for size in (20, 2000))
    assert many.high - many.low < few.high - few.low
    assert bootstrap(lambda _: 1.0, 0).value == 0.0


@pytest.mark.parametrize("measure", [auc, ece, brier, risk_coverage, balanced_accuracy, macro_f1, confusion])
def test_lengths_must_agree(measure: object) -> None:
    with pytest.raises(ValueError, match="do not go with"):
        measure([0.5, 0.5], [True])  # type: ignore[operator]
