"""How rankings are fused, and ordered anew by reading."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queries.fusion import READ, blend, collapse, reciprocal_rank

RANKED = st.lists(st.integers(), unique=True, max_size=40)


@given(RANKED, st.lists(st.floats(0.0, 1.0), max_size=READ))
def test_reading_keeps_every_id_and_sorts_by_the_new_score(ranked: list[int], readings: list[float]) -> None:
    made = blend(ranked, readings[: len(ranked)])
    scores = [score for _, score in made]
    assert sorted(item for item, _ in made) == sorted(ranked)
    assert scores == sorted(scores, reverse=True)


@given(RANKED, st.integers(0, READ))
def test_what_was_not_read_keeps_its_order_and_stays_behind_what_stood_before_it(ranked: list[int], count: int) -> None:
    made = [item for item, _ in blend(ranked, [0.5] * min(count, len(ranked)))]
    assert made == ranked


def test_a_reading_that_is_sure_overtakes_and_one_that_is_not_does_not() -> None:
    assert [item for item, _ in blend("abc", [0.1, 0.2, 0.9])] == ["c", "a", "b"]
    assert [item for item, _ in blend("abc", [0.5, 0.5, 0.6])] == ["a", "b", "c"]
    assert blend([], []) == []


def test_an_id_counts_once_at_its_first_place() -> None:
    assert collapse([("a", 3.0), ("b", 2.0), ("a", 1.0)]) == [("a", 3.0), ("b", 2.0)]
    assert [item for item, _ in reciprocal_rank([["a", "b", "c"], ["c", "a"]])] == ["a", "c", "b"]
