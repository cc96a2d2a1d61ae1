"""What every vector index must do; scores are compared with the exact index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.backends.exact_index import ExactIndex
from kb.errors import IndexBackendError
from kb.interfaces import Scored, VectorIndex

DIMENSION = 24
Vectors = NDArray[np.float32]
Make = Callable[[Path], VectorIndex]


def vectors(number: int, seed: int = 0, dimension: int = DIMENSION) -> Vectors:
    """Unit vectors around a common direction, as those of texts are."""
    rng = np.random.default_rng(seed)
    raw = rng.normal(size=(number, dimension)) + 0.3
    return (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)


def ids(number: int) -> list[str]:
    return [f"c_{i:04d}" for i in range(number)]


class VectorIndexContract:
    """Subclass it and make ``make``: a function from a folder to an index in it."""

    @pytest.fixture
    def make(self) -> Make:
        raise NotImplementedError

    @pytest.fixture
    def index(self, make: Make, tmp_path: Path) -> VectorIndex:
        return make(tmp_path / "index")

    def test_is_a_vector_index_and_cheap_to_make(self, make: Make, tmp_path: Path) -> None:
        assert isinstance(make(tmp_path / "not-yet"), VectorIndex)
        assert not (tmp_path / "not-yet").exists()

    def test_an_empty_index_finds_nothing(self, index: VectorIndex) -> None:
        assert index.query(vectors(2), 5) == [[], []]
        assert index.query(vectors(1), 5, allowed=frozenset(["c_0001"])) == [[]]
        assert index.ids() == set()
        index.delete(["c_0001"])
        index.delete([])
        index.upsert([], vectors(0))
        assert index.ids() == set()

    @pytest.mark.parametrize("allowed", [None, 5, 60, 500])
    def test_scores_are_those_of_the_exact_index(self, index: VectorIndex, allowed: int | None) -> None:
        reference = ExactIndex()
        stored, queries = vectors(600), vectors(4, seed=1)
        among = None if allowed is None else frozenset([*ids(600)[7 : 7 + allowed], "c_unknown"])
        for each in (index, reference):
            each.upsert(ids(600), stored)
        found, expected = index.query(queries, 20, allowed=among), reference.query(queries, 20, allowed=among)
        for ours, theirs in zip(found, expected, strict=True):
            assert_alike(ours, theirs)

    def test_more_than_there_is(self, index: VectorIndex) -> None:
        index.upsert(ids(3), vectors(3))
        assert {hit.chunk_id for hit in index.query(vectors(1), 50)[0]} == set(ids(3))
        assert index.query(vectors(1), 0) == [[]]
        assert index.query(vectors(1), 5, allowed=frozenset()) == [[]]
        assert index.query(vectors(0), 5) == []

    def test_scores_span_from_opposite_to_equal(self, index: VectorIndex) -> None:
        one = vectors(1)
        index.upsert(["same", "opposite", "scaled"], np.concatenate([one, -one, one * 7]))
        scores = {hit.chunk_id: hit.score for hit in index.query(one * 3, 3)[0]}
        assert scores["same"] == pytest.approx(1.0, abs=1e-5)
        assert scores["scaled"] == pytest.approx(1.0, abs=1e-5)
        assert scores["opposite"] == pytest.approx(-1.0, abs=1e-5)
        assert all(-1.0 <= score <= 1.0 for score in scores.values())

    def test_upsert_replaces(self, index: VectorIndex) -> None:
        old, new = vectors(10), vectors(10, seed=5)
        index.upsert(ids(10), old)
        index.upsert(ids(10), new)
        index.upsert(["twice", "twice"], np.stack([old[0], new[0]]))
        assert index.ids() == {*ids(10), "twice"}
        best = index.query(new[3:4], 1)[0][0]
        assert (best.chunk_id, best.score) == ("c_0003", pytest.approx(1.0, abs=1e-4))
        assert index.query(new[:1], 2, allowed=frozenset(["twice"]))[0][0].score == pytest.approx(1.0, abs=1e-4)

    def test_what_is_deleted_is_gone(self, index: VectorIndex) -> None:
        stored = vectors(300)
        index.upsert(ids(300), stored)
        index.delete([*ids(280), *ids(5), "c_unknown"])
        assert index.ids() == set(ids(300)[280:])
        assert len(index.query(stored[:1], 50)[0]) == 20
        index.upsert(ids(2), stored[:2])
        assert index.query(stored[:1], 1)[0][0].chunk_id == "c_0000"

    def test_it_stays_over_close_and_clears(self, make: Make, tmp_path: Path) -> None:
        stored = vectors(50)
        index = make(tmp_path / "index")
        index.upsert(ids(50), stored)
        before = index.query(stored[:3], 5)
        index.close()
        index.close()
        again = make(tmp_path / "index")
        for ours, theirs in zip(again.query(stored[:3], 5), before, strict=True):
            assert_alike(ours, theirs)
        again.clear()
        assert again.ids() == set()
        again.upsert(ids(2), vectors(2, dimension=8))
        assert again.ids() == set(ids(2))
        again.close()
        assert make(tmp_path / "index").ids() == set(ids(2))

    def test_another_instance_sees_what_was_written(self, make: Make, tmp_path: Path) -> None:
        writer, stored = make(tmp_path / "index"), vectors(20)
        writer.upsert(ids(10), stored[:10])
        reader = make(tmp_path / "index")
        assert reader.ids() == set(ids(10))
        reader.close()
        writer.upsert(ids(20)[10:], stored[10:])
        assert reader.query(stored[15:16], 1)[0][0].chunk_id == "c_0015"

    def test_wrong_shapes_are_refused_and_harm_nothing(self, index: VectorIndex) -> None:
        index.upsert(ids(3), vectors(3))
        with pytest.raises(IndexBackendError):
            index.upsert(ids(2), vectors(3))
        with pytest.raises(IndexBackendError):
            index.upsert(["other"], vectors(1, dimension=DIMENSION + 1))
        with pytest.raises(IndexBackendError):
            index.query(vectors(1, dimension=DIMENSION + 1), 1)
        assert index.ids() == set(ids(3))
        assert len(index.query(vectors(1), 5)[0]) == 3


def assert_alike(ours: list[Scored], theirs: list[Scored]) -> None:
    """Same scores in the same order, and the same chunks but for ties."""
    assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=1e-3)
    differ = {hit.chunk_id for hit in ours} ^ {hit.chunk_id for hit in theirs}
    assert len(differ) <= 2
    assert [hit.chunk_id for hit in ours][:3] == [hit.chunk_id for hit in theirs][:3]
