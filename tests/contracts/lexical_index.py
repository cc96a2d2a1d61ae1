"""What every lexical index must do; ranks are compared with the reference on clear cases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.backends.memory_lexical import MemoryLexicalIndex
from kb.interfaces import LexicalEntry, LexicalIndex

Make = Callable[[Path], LexicalIndex]
ANY_TEXT = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)

ENTRIES = (
    LexicalEntry("heart", "Aspirin lowers the risk of heart attacks in older men.", "Cardiology", "Prevention"),
    LexicalEntry("stroke", "A stroke is a medical emergency. Aspirin may help.", "Neurology"),
    LexicalEntry("lava", "Volcanoes in Iceland erupted twice; the lava reached the sea.", "Volcanoes"),
    LexicalEntry("ash", "Ash closed airports all over Europe for a week.", "Volcanoes", "Iceland > Effects"),
    LexicalEntry("bread", "Knead the dough, let it rise, and bake it for an hour.", "Baking"),
    LexicalEntry("café", "The naïve tourists ordered crème brûlée.", "Paris"),
)
CLEAR = {
    "does aspirin prevent heart attack": ["heart", "stroke"],
    "volcano erupting": ["lava", "ash"],
    "closing an airport": ["ash"],
    "baking bread dough": ["bread"],
    "naive tourist": ["café"],
    "CREME BRULEE": ["café"],
}


class LexicalIndexContract:
    """Subclass it and make ``make``: a function from a folder to an index in it."""

    @pytest.fixture
    def make(self) -> Make:
        raise NotImplementedError

    @pytest.fixture
    def index(self, make: Make, tmp_path: Path) -> LexicalIndex:
        return make(tmp_path / "index")

    @pytest.fixture
    def filled(self, index: LexicalIndex) -> LexicalIndex:
        index.upsert(ENTRIES)
        return index

    def test_is_a_lexical_index_and_cheap_to_make(self, make: Make, tmp_path: Path) -> None:
        assert isinstance(make(tmp_path / "not-yet"), LexicalIndex)
        assert not (tmp_path / "not-yet").exists()

    def test_an_empty_index_finds_nothing(self, index: LexicalIndex) -> None:
        assert index.query("anything", 5) == []
        assert index.ids() == set()
        index.delete(["unknown"])
        index.delete([])
        index.upsert([])
        assert index.ids() == set()

    @pytest.mark.parametrize(("query", "expected"), CLEAR.items())
    def test_clear_cases_rank_as_in_the_reference(self, filled: LexicalIndex, query: str, expected: list[str]) -> None:
        reference = MemoryLexicalIndex()
        reference.upsert(ENTRIES)
        assert [hit.chunk_id for hit in filled.query(query, 5)] == expected
        assert [hit.chunk_id for hit in reference.query(query, 5)] == expected

    def test_scores_fall_and_are_above_zero(self, filled: LexicalIndex) -> None:
        scores = [hit.score for hit in filled.query("aspirin volcano iceland dough stroke", 10)]
        assert len(scores) == 5
        assert scores == sorted(scores, reverse=True)
        assert scores[-1] > 0.0

    def test_title_and_heading_can_be_found_and_count_more(self, filled: LexicalIndex) -> None:
        assert filled.query("cardiology", 1)[0].chunk_id == "heart"
        filled.upsert([LexicalEntry("below", "Nothing about it, but Paris is named here once.")])
        assert [hit.chunk_id for hit in filled.query("paris", 5)] == ["café", "below"]

    @pytest.mark.parametrize("query", ["", "   ", "?!,.;", "the of and", "qwertyuiop", '"', "\0", "🙂"])
    def test_no_word_no_match(self, filled: LexicalIndex, query: str) -> None:
        assert filled.query(query, 5) == []

    @pytest.mark.parametrize(
        "query",
        ['"aspirin', "aspirin AND", "NOT aspirin OR (", "title:aspirin", "+aspirin -heart", "aspirin*", "asp[irin aspirin",
         "aspirin^2~", "chunk_id:heart aspirin", "\\ aspirin {", "aspirin " * 3000, "ASPIRIN\ud800"],
    )  # fmt: skip
    def test_a_query_is_words_and_no_syntax(self, filled: LexicalIndex, query: str) -> None:
        assert "heart" in {hit.chunk_id for hit in filled.query(query, 10)}

    @ANY_TEXT
    @given(text=st.text(st.characters(), max_size=60))
    def test_any_text_may_be_asked(self, filled: LexicalIndex, text: str) -> None:
        assert all(hit.score > 0.0 for hit in filled.query(text, 3))

    @ANY_TEXT
    @given(text=st.text(st.characters(), max_size=60))
    def test_any_text_may_be_stored(self, filled: LexicalIndex, text: str) -> None:
        filled.upsert([LexicalEntry("any", f"{text} marmalade", text, text)])
        assert [hit.chunk_id for hit in filled.query("marmalade", 3)] == ["any"]

    def test_k_and_allowed_bound_the_answer(self, filled: LexicalIndex) -> None:
        query = "aspirin volcano"
        assert len(filled.query(query, 2)) == 2
        assert len(filled.query(query, 1000)) == 4
        assert filled.query(query, 0) == []
        assert filled.query(query, 5, allowed=frozenset()) == []
        every = {hit.chunk_id: hit.score for hit in filled.query(query, 10)}
        among = filled.query(query, 10, allowed=frozenset(["ash", "heart", "bread", "unknown"]))
        assert {hit.chunk_id for hit in among} == {"ash", "heart"}
        assert [hit.score for hit in among] == pytest.approx([every[hit.chunk_id] for hit in among], rel=1e-5)

    def test_upsert_replaces(self, filled: LexicalIndex) -> None:
        filled.upsert([LexicalEntry("heart", "now about bicycles"), LexicalEntry("heart", "now about tractors")])
        assert filled.ids() == {entry.chunk_id for entry in ENTRIES}
        assert filled.query("cardiology attacks bicycles", 5) == []
        assert [hit.chunk_id for hit in filled.query("tractor", 5)] == ["heart"]

    def test_what_is_deleted_is_gone(self, filled: LexicalIndex) -> None:
        filled.delete(["heart", "unknown", "heart"])
        assert "heart" not in filled.ids()
        assert [hit.chunk_id for hit in filled.query("aspirin", 5)] == ["stroke"]

    def test_it_stays_over_close_and_clears(self, make: Make, tmp_path: Path) -> None:
        index = make(tmp_path / "index")
        index.upsert(ENTRIES)
        before = index.query("aspirin volcano", 5)
        index.close()
        index.close()
        again = make(tmp_path / "index")
        assert again.query("aspirin volcano", 5) == before
        again.clear()
        assert again.ids() == set()
        again.upsert(ENTRIES[:1])
        again.close()
        assert make(tmp_path / "index").ids() == {"heart"}

    def test_many_entries(self, index: LexicalIndex) -> None:
        index.upsert([LexicalEntry(f"c_{i}", f"common word number{i} group{i % 10}") for i in range(1000)])
        assert len(index.ids()) == 1000
        assert [hit.chunk_id for hit in index.query("number777", 5)] == ["c_777"]
        assert len(index.query("common", 500)) == 500
        assert len(index.query("group3", 500, allowed=frozenset(f"c_{i}" for i in range(500)))) == 50
