"""Measures of answers and verdicts: pure functions over sequences of numbers and labels, in one order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS: Final = 10
RESAMPLES: Final = 1000


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class F1:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, right: int, predicted: int, gold: int) -> F1:
        """From counts; what has no denominator is 0."""
        precision = right / predicted if predicted else 0.0
        recall = right / gold if gold else 0.0
        both = precision + recall
        return cls(precision, recall, 2 * precision * recall / both if both else 0.0)


def auc(scores: ArrayLike, positive: ArrayLike) -> float:
    """Area under the ROC curve: how often a positive scores above a negative, ties counting half (Mann-Whitney U).

    Without positives or without negatives there is nothing to tell apart: 0.5.
    """
    values, is_positive = _pair(scores, positive)
    count = int(is_positive.sum())
    others = len(values) - count
    if not count or not others:
        return 0.5
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean_rank = last - (counts - 1) / 2.0
    above = float(mean_rank[inverse][is_positive].sum()) - count * (count + 1) / 2.0
    return above / (count * others)


def ece(probabilities: ArrayLike, correct: ArrayLike, bins: int = BINS) -> float:
    """Expected calibration error: the mean distance of confidence and accuracy over equal bins of 0..1, weighted by size."""
    values, is_correct = _pair(probabilities, correct)
    if not len(values):
        return 0.0
    place = _bins(values, bins)
    total = 0.0
    for number in range(bins):
        inside = place == number
        if inside.any():
            total += float(inside.sum()) * abs(float(values[inside].mean()) - float(is_correct[inside].mean()))
    return total / len(values)


def reliability(probabilities: ArrayLike, correct: ArrayLike, bins: int = BINS) -> list[tuple[float, float, int]]:
    """For each bin that holds something: mean confidence, accuracy and size."""
    values, is_correct = _pair(probabilities, correct)
    place = _bins(values, bins)
    found = ((place == number) for number in range(bins))
    return [(float(values[i].mean()), float(is_correct[i].mean()), int(i.sum())) for i in found if i.any()]


def brier(probabilities: ArrayLike, correct: ArrayLike) -> float:
    """Mean squared distance of confidence and outcome."""
    values, is_correct = _pair(probabilities, correct)
    return float(np.mean((values - is_correct) ** 2)) if len(values) else 0.0


def balanced_accuracy(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> float:
    """Mean recall over the labels that occur in ``gold``."""
    _same_length(gold, predicted)
    labels = sorted(set(gold), key=repr)
    if not labels:
        return 0.0
    pairs = list(zip(gold, predicted, strict=True))
    recalls = [sum(g == p for g, p in pairs if g == label) / sum(g == label for g in gold) for label in labels]
    return sum(recalls) / len(recalls)


def macro_f1(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> float:
    """Mean F1 over the labels that occur in ``gold``."""
    _same_length(gold, predicted)
    pairs = list(zip(gold, predicted, strict=True))
    labels = sorted(set(gold), key=repr)
    scores = [
        F1.of(
            sum(g == p == label for g, p in pairs), sum(p == label for _, p in pairs), sum(g == label for g, _ in pairs)
        ).f1
        for label in labels
    ]
    return sum(scores) / len(scores) if scores else 0.0


def confusion(gold: Sequence[str], predicted: Sequence[str]) -> dict[str, dict[str, int]]:
    """How often each gold label was predicted as each label."""
    _same_length(gold, predicted)
    labels = sorted({*gold, *predicted})
    table = {label: dict.fromkeys(labels, 0) for label in labels}
    for wanted, given in zip(gold, predicted, strict=True):
        table[wanted][given] += 1
    return table


def risk_coverage(confidence: ArrayLike, wrong: ArrayLike) -> list[tuple[float, float]]:
    """Points (coverage, risk): the error among the most confident share of the items, from few of them to all.

    Items of equal confidence enter together, so the order of equals does not matter (El-Yaniv and Wiener, JMLR 2010).
    """
    values, is_wrong = _pair(confidence, wrong)
    if not len(values):
        return []
    order = np.argsort(-values, kind="stable")
    errors = np.cumsum(is_wrong[order])
    ends = np.flatnonzero(np.append(np.diff(values[order]) != 0, True))
    return [((int(end) + 1) / len(values), float(errors[end]) / (int(end) + 1)) for end in ends]


def risk_at(curve: Sequence[tuple[float, float]], coverage: float) -> float:
    """The risk at ``coverage`` (0..1), on the straight line between the points of :func:`risk_coverage`."""
    if not curve:
        return 0.0
    xs, ys = zip(*curve, strict=True)
    return float(np.interp(coverage, xs, ys))


def area_under(curve: Sequence[tuple[float, float]]) -> float:
    """Area under a risk-coverage curve: the mean risk over all coverages, lower is better."""
    if not curve:
        return 0.0
    edges = [0.0, *(x for x, _ in curve)]
    return sum((right - left) * y for left, right, (_, y) in zip(edges, edges[1:], curve, strict=False))


def bootstrap(
    statistic: Callable[[NDArray[np.intp]], float],
    size: int,
    *,
    resamples: int = RESAMPLES,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """``statistic`` of all items with its percentile bootstrap interval (Efron 1979).

    Args:
        statistic: a figure of the items at the positions it is given (with repeats).
        size: how many items there are.
        resamples: how many samples are drawn, each as large as the whole.
        level: the share of them that the interval holds.
        seed: the same seed gives the same interval.
    """
    if not size:
        return Interval(0.0, 0.0, 0.0)
    value = float(statistic(np.arange(size)))
    draw = np.random.default_rng(seed)
    found = [float(statistic(draw.integers(0, size, size))) for _ in range(resamples)]
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high))


def _pair(numbers: ArrayLike, flags: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    values, marks = np.asarray(numbers, dtype=np.float64).ravel(), np.asarray(flags, dtype=bool).ravel()
    if len(values) != len(marks):
        msg = f"{len(values)} numbers do not go with {len(marks)} outcomes"
        raise ValueError(msg)
    return values, marks


def _bins(values: NDArray[np.float64], bins: int) -> NDArray[np.intp]:
    return np.clip((values * bins).astype(np.intp), 0, bins - 1)


def _same_length(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> None:
    if len(gold) != len(predicted):
        msg = f"{len(gold)} gold labels do not go with {len(predicted)} predicted ones"
        raise ValueError(msg)
