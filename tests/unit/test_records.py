"""Records that could be wrong cannot be built."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import ids, records
from kb.errors import RecordError
from kb.records import (
    Angle,
    Answer,
    Block,
    Changes,
    Chunk,
    Claim,
    Document,
    Evidence,
    Failure,
    Outcome,
    Parsed,
    Problem,
    Reference,
    Report,
    Snapshot,
    Source,
    SourceAccount,
    Statement,
    Topic,
    Verdict,
    Verification,
)

SOURCE = Source.at("file:///a.md", "file", title="A")
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip)


def document(text: str, blocks: tuple[Block, ...] = ()) -> Document:
    return Document(ids.document_id(SOURCE.id, text), SOURCE.id, "hash", text, blocks)


def evidence(text: str = "Data helps. Bias hurts.", start: int = 0, end: int = 11) -> Evidence:
    made = document(text)
    chunk = Chunk.cut(made, 0, len(text))
    return Evidence.of(chunk, start, end, source=SOURCE, document_sha256=made.text_sha256)


def claim(text: str = "Data helps.", **changes: Any) -> Claim:
    return Claim(ids.claim_id("t", text), text, (evidence(),), **changes)


def report(**changes: Any) -> Report:
    one = claim()
    values: dict[str, Any] = {
        "id": "r_1",
        "topic": Topic("Risks", "Risks"),
        "created_at": "2026-01-01T00:00:00+00:00",
        "corpus_revision": 1,
        "angles": (Angle("a_1", "Use", ("data",), (one,)),),
        "summary": (Statement(one.text, (one.id,)),),
        "focus_areas": (),
        "conclusions": (),
        "gaps": (),
        "changes": Changes(new=(one.id,)),
        "references": (Reference(1, SOURCE.id, "A", SOURCE.uri, "", "", "", (one.id,)),),
        "uncited": (),
        "sources": SourceAccount(1, 0, 0, 1, 1),
    }
    return Report(**{**values, **changes})


@pytest.mark.parametrize("name", [name for name in records.__all__ if dataclasses.is_dataclass(getattr(records, name))])
def test_records_are_frozen_and_slotted(name: str) -> None:
    kind = getattr(records, name)
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)


# -- corpus ----------------------------------------------------------------------------------------------------------


def test_a_source_has_the_id_of_its_address() -> None:
    with pytest.raises(RecordError, match="hash of its normal URI"):
        Source("s_0", "file:///a.md", "file")


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_a_snapshot_gives_back_its_own_body_only(body: bytes, other: bytes) -> None:
    snapshot = Snapshot(SOURCE.id, ids.sha256_bytes(body), "text/plain", "2026-01-01")
    assert snapshot.check(body) == body
    if other != body:
        with pytest.raises(RecordError, match="SHA-256"):
            snapshot.check(other)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 4)])
def test_a_block_holds_something(start: int, end: int) -> None:
    with pytest.raises(RecordError):
        Block(start, end, "paragraph")


@pytest.mark.parametrize(
    ("blocks", "needle"),
    [
        ([(0, 5), (3, 8)], "overlaps"),
        ([(0, 99)], "ends after the text"),
        ([(6, 8)], "is in no block"),
        ([(0, 5)], "is in no block"),
    ],
)
def test_blocks_cover_the_text_and_do_not_overlap(blocks: list[tuple[int, int]], needle: str) -> None:
    runs = tuple(Block(start, end, "paragraph") for start, end in blocks)
    with pytest.raises(RecordError, match=needle):
        Parsed("alpha\nbe", runs)
    with pytest.raises(RecordError, match=needle):
        document("alpha\nbe", runs)


def test_a_document_has_the_id_of_its_text() -> None:
    with pytest.raises(RecordError, match="hash of its source and text"):
        Document(ids.document_id(SOURCE.id, "other"), SOURCE.id, "hash", "text")


def test_sections_follow_the_levels_of_headings() -> None:
    text = "Intro\nOne\na\nSub\nb\nTwo\nc"
    headings = {"One": 1, "Sub": 2, "Two": 1}
    blocks, at = [], 0
    for line in text.split("\n"):
        blocks.append(Block(at, at + len(line), "heading" if line in headings else "paragraph", headings.get(line, 0)))
        at += len(line) + 1
    sections = document(text, tuple(blocks)).sections
    assert [section.heading_path for section in sections] == [(), ("One",), ("One", "Sub"), ("Two",)]
    assert "".join(text[section.start : section.end] for section in sections) == text


def test_pages_are_found_by_offset() -> None:
    made = dataclasses.replace(document("one two"), pages=(records.Page(0, 4, 1), records.Page(4, 7, 2)))
    assert [made.page_at(at) for at in (0, 3, 4, 6)] == [1, 1, 2, 2]
    assert document("one").page_at(0) is None


@given(texts, st.data())
def test_a_chunk_is_a_slice_of_its_document(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = document(text)
    if not text[start:end].strip():
        with pytest.raises(RecordError):
            Chunk.cut(made, start, end)
        return
    chunk = Chunk.cut(made, start, end)
    assert chunk.text == made.text[chunk.start : chunk.end]
    with pytest.raises(RecordError, match="must hold"):
        dataclasses.replace(chunk, end=end + 1)
    with pytest.raises(RecordError, match="id of a chunk"):
        dataclasses.replace(chunk, occurrence=1)


def test_an_outcome_has_a_failure_exactly_when_it_failed() -> None:
    with pytest.raises(RecordError):
        Outcome("file:///a", "s_1", "failed")
    with pytest.raises(RecordError):
        Outcome("file:///a", "s_1", "added", failure=Failure("parse", "no"))
    assert Outcome("file:///a", "s_1", "failed", failure=Failure("parse", "no")).failure


# -- evidence and claims ---------------------------------------------------------------------------------------------


@given(texts, st.integers(-3, 90), st.integers(-3, 90))
def test_evidence_refuses_words_outside_its_chunk(text: str, start: int, end: int) -> None:
    made = document(text)
    chunk = Chunk.cut(made, 0, len(text))
    inside = 0 <= start < end <= len(text)
    if inside and text[start:end].strip():
        found = Evidence.of(chunk, start, end, source=SOURCE, document_sha256=made.text_sha256)
        assert found.quote == text[start:end]
        assert found.resolves_in(made)
        assert not found.resolves_in(document(f"{text} and more"))
    else:
        with pytest.raises(RecordError):
            Evidence.of(chunk, start, end, source=SOURCE, document_sha256=made.text_sha256)


@given(st.integers(-5, 30), st.integers(-5, 30))
def test_evidence_refuses_misplaced_offsets(start: int, end: int) -> None:
    good = evidence()
    if (start, end) == (good.start, good.end):
        return
    with pytest.raises(RecordError):
        dataclasses.replace(good, start=start, end=end)


def test_changed_words_do_not_resolve() -> None:
    good = evidence()
    assert not dataclasses.replace(good, quote="Data harms.").resolves_in(document("Data helps. Bias hurts."))


def test_no_evidence_no_claim() -> None:
    with pytest.raises(RecordError, match="no evidence, no claim"):
        Claim("k_1", "Data helps.", ())


@pytest.mark.parametrize("changes", [{"text": "  "}, {"witnesses": 0}])
def test_a_claim_says_something_and_has_a_witness(changes: dict[str, Any]) -> None:
    with pytest.raises(RecordError):
        dataclasses.replace(claim(), **changes)


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_the_score_of_a_verdict_is_a_share(score: float) -> None:
    with pytest.raises(RecordError):
        Verdict("supported", score, "test")


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_verdict_leans_to_the_side_that_is_probable(one: float, share: float) -> None:
    other = (1.0 - one) * share
    leaning = Verdict("unclear", 0.1, "test", (), one, other).leaning
    assert (leaning == "for") == (one >= 0.7)
    assert (leaning == "against") == (other >= 0.7)


def test_an_answer_without_claims_says_why() -> None:
    with pytest.raises(RecordError, match="says why"):
        Answer("q", (), ())
    assert not Answer("q", (), (), "nothing fits").answered
    assert Answer("q", (claim(),), ()).text == "Data helps."


def test_what_a_verification_finds_is_broken() -> None:
    assert Verification(5, 4, 1, (Problem("e_1", "k_1", "gone"),)).broken == 1


# -- reports ---------------------------------------------------------------------------------------------------------


def test_a_report_that_agrees_with_itself_is_built() -> None:
    made = report()
    assert [c.text for c in made.claims()] == ["Data helps."]
    assert len(list(made.evidence())) == 1


@pytest.mark.parametrize(
    ("changes", "needle"),
    [
        ({"summary": (Statement("x", ("k_0",)),)}, "does not make"),
        ({"conclusions": (Statement("x", ("k_0",)),)}, "does not make"),
        ({"changes": Changes(kept=("k_0",))}, "does not make"),
        ({"references": ()}, "exactly the cited sources"),
        ({"references": (Reference(1, "s_0", "", "", "", "", "", ()),)}, "exactly the cited sources"),
        ({"angles": (Angle("a", "A", ("q",), (claim(),)), Angle("b", "B", ("q",), (claim(),)))}, "twice"),
    ],
)
def test_a_report_that_contradicts_itself_is_refused(changes: dict[str, Any], needle: str) -> None:
    with pytest.raises(RecordError, match=needle):
        report(**changes)


def test_a_reference_stands_once() -> None:
    one = report().references[0]
    with pytest.raises(RecordError, match="each once"):
        report(references=(one, dataclasses.replace(one, n=2)))


def test_statements_rest_on_claims_and_angles_on_queries() -> None:
    with pytest.raises(RecordError):
        Statement("x", ())
    with pytest.raises(RecordError):
        Angle("a", "A", ())
    with pytest.raises(RecordError):
        Topic(" ", " ")


def test_a_topic_is_the_same_in_other_spellings() -> None:
    one = Topic("Risks of  X?", "Risks of X")
    assert one.key == Topic("risks of x", "risks of x").key
    assert one.key != Topic("Risks of Y", "Risks of Y").key
