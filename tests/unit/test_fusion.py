"""How rankings are fused, and ordered anew by reading."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queries.fusion import READ, K, blend, collapse, reciprocal_rank

RANKED = st.lists(st.integers(), unique=True, max_size=40).map(
    lambda names: [(name, 1.0 / (K + rank)) for rank, name in enumerate(names, start=1)]
)


@given(RANKED, st.lists(st.floats(0.0, 1.0), max_size=READ))
def test_reading_keeps_every_id_and_sorts_by_the_new_score(
    ranked: list[tuple[int, float]], readings: list[float]
) -> None:
    made = blend(ranked, readings[: len(ranked)])
    scores = [score for _, score in made]
    assert sorted(item for item, _ in made) == sorted(item for item, _ in ranked)
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0.0 for score in scores)


@given(RANKED, st.lists(st.floats(0.0, 1.0), max_size=READ))
def test_what_was_not_read_keeps_its_order_behind_all_that_was(
    ranked: list[tuple[int, float]], readings: list[float]
) -> None:
    readings = readings[: len(ranked)]
    made = [item for item, _ in blend(ranked, readings)]
    assert made[len(readings) :] == [item for item, _ in ranked[len(readings) :]]


@given(RANKED, st.floats(0.0, 1.0))
def test_readings_that_are_alike_change_no_order(ranked: list[tuple[int, float]], reading: float) -> None:
    assert [item for item, _ in blend(ranked, [reading] * len(ranked))] == [item for item, _ in ranked]


def test_a_reading_that_is_sure_overtakes_and_one_that_is_not_does_not() -> None:
    ranked = [("a", 1 / 11), ("b", 1 / 12), ("c", 1 / 13)]
    assert [item for item, _ in blend(ranked, [0.1, 0.2, 0.9])] == ["c", "a", "b"]
    assert [item for item, _ in blend(ranked, [0.5, 0.5, 0.6])] == ["a", "b", "c"]
    assert blend([], []) == []


def test_what_both_channels_find_is_overtaken_less_easily() -> None:
    near, far = [("a", 0.18), ("b", 0.17)], [("a", 0.18), ("b", 0.09)]
    assert [[item for item, _ in blend(ranked, [0.4, 0.8])] for ranked in (near, far)] == [["b", "a"], ["a", "b"]]


def test_an_id_counts_once_at_its_first_place() -> None:
    assert collapse([("a", 3.0), ("b", 2.0), ("a", 1.0)]) == [("a", 3.0), ("b", 2.0)]
    assert [item for item, _ in reciprocal_rank([["a", "b", "c"], ["c", "a"]])] == ["a", "c", "b"]
