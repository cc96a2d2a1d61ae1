"""Terminal views: complete, readable at 80 columns without colour, and safe with hostile text."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from kb import ids
from kb.records import (
    Angle,
    Answer,
    Certainty,
    Changes,
    Chunk,
    ChunkCounts,
    Claim,
    Document,
    Evidence,
    Failure,
    FocusArea,
    Found,
    Hit,
    IngestResult,
    Outcome,
    Problem,
    Reference,
    Report,
    Source,
    SourceAccount,
    Statement,
    Topic,
    Uncited,
    Verdict,
    Verification,
    Withdrawn,
)
from kb.render import answers, contract, overview, tables, terminal
from kb.render.plain import one_line, visible

ONE = "Training on synthetic data that replaces real data leads to model collapse."
TWO = "Keeping real data beside it [bold]prevents[/bold] collapse."
TEXT = f"{ONE}\n\n{TWO}"


def shown(*views: RenderableType, width: int = 80) -> str:
    console = Console(width=width, highlight=False, markup=False, emoji=False, color_system=None)
    with console.capture() as captured:
        console.print(*views, sep="\n", crop=False)
    return captured.get()


def flat(text: str) -> str:
    return " ".join(text.split())


def evidence(name: str, quote: str, **changes: Any) -> Evidence:
    source = Source.at(f"file:///corpus/{name}.md", "file", title=f"Title of {name}")
    document = Document(ids.document_id(source.id, TEXT), source.id, "hash", TEXT)
    chunk = Chunk.cut(document, 0, len(TEXT), heading_path=(f"Title of {name}", "When it happens"))
    at = TEXT.index(quote)
    made = Evidence.of(chunk, at, at + len(quote), source=source, document_sha256=document.text_sha256)
    return replace(made, **changes)


def claim(text: str, *found: Evidence, certainty: Certainty = "moderate", **changes: Any) -> Claim:
    return Claim(ids.claim_id("t", text), text, found, certainty=certainty, certainty_reason="two witnesses", **changes)


@pytest.fixture
def report() -> Report:
    a, b = evidence("a", ONE, page=3), evidence("b", TWO, superseded=True)
    first = claim(ONE, a, against=(b,), certainty="disputed", support=Verdict("supported", 0.9, "lexical"))
    second = claim("Keeping real data helps.", b, status="strengthened")
    sources = {e.source_id: e for e in (a, b)}
    return Report(
        "r_1",
        Topic("What does it do? Focus on bias.", "What does it do?", ("bias",)),
        "2026-01-02T03:04:05+00:00",
        7,
        (Angle("a_1", "Collapse", ("collapse",), (first,)), Angle("a_2", "Remedies", ("remedy",), (second,))),
        (Statement(ONE, (first.id,)),),
        (FocusArea("bias", (Statement("A point about bias.", (second.id,)),)),),
        (Statement("A conclusion.", (first.id, second.id)),),
        ("Nothing was found about law.",),
        Changes(
            strengthened=(second.id,),
            kept=(first.id,),
            withdrawn=(Withdrawn("k_0", "An old claim.", "its source is gone"),),
        ),
        tuple(
            Reference(n, key, e.title, e.uri, "A. Author", "2024-05-06", "2026-01-01", (first.id,))
            for n, (key, e) in enumerate(sources.items(), start=1)
        ),
        (Uncited("file:///corpus/c.md", "screened out", "s_c"),),
        SourceAccount(4, 1, 2, 3, 2),
        parent_id="r_0",
    )


def test_a_report_shows_all_its_parts(report: Report) -> None:
    text = flat(shown(terminal.report(report)))
    for needle in (
        "What does it do? Focus on bias.",
        "2026-01-02",
        "corpus revision 7",
        "4 sources analysed, 3 relevant, 2 cited",
        "2 duplicate, 1 failed",
        "1. Collapse",
        "2. Remedies",
        f"◄─► {ONE} [1]",
        "disputed: two witnesses",
        "[1] word for word · When it happens · page 3 · characters 0-75",
        f"[2] “{TWO}” · When it happens",
        "(superseded)",
        "Against it:",
        "(strengthened)",
        "Focus: bias",
        "- A conclusion. [1][2]",
        "- Nothing was found about law.",
        "0 new, 1 strengthened, 0 weakened, 1 kept, 1 withdrawn",
        "withdrawn: An old claim. (its source is gone)",
        "[2] Title of b (A. Author, 2024-05-06) /corpus/b.md",
        "- /corpus/c.md: screened out",
    ):
        assert needle in text


def test_a_first_report_has_no_changes(report: Report) -> None:
    text = shown(terminal.report(replace(report, parent_id="")))
    assert "Changes" not in text
    assert "(strengthened)" not in text


def test_views_fit_80_columns_without_colour(report: Report) -> None:
    text = shown(terminal.report(report))
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 80


@pytest.mark.parametrize("width", [20, 40, 200])
def test_views_lose_no_words_at_any_width(report: Report, width: int) -> None:
    letters = "".join(shown(terminal.report(report), width=width).split())
    assert "".join(ONE.split()) in letters
    assert "".join(TWO.split()) in letters


def test_paths_of_files_are_never_broken() -> None:
    path = "/a-long-folder" * 10 + "/report.md"
    assert path in shown(terminal.files({"md": path}), width=40)


def test_an_answer_shows_sentences_and_exact_quotes() -> None:
    a, b = evidence("a", ONE), evidence("b", TWO)
    answer = Answer("Does it?", (claim(ONE, a), claim("Real data helps.", b, a)), ())
    text = flat(shown(answers.answer(answer)))
    assert f"{ONE} [1] Real data helps. [2][1]" in text
    assert f"[1] “{ONE}” Title of a · When it happens · characters 0-75 /corpus/a.md" in text
    assert f"[2] “{TWO}”" in text


def test_an_abstention_says_why_and_what_came_nearest() -> None:
    text = flat(shown(answers.answer(Answer("Does it?", (), (evidence("a", ONE),), "no source speaks of it"))))
    assert "No answer. no source speaks of it" in text
    assert f"- “{ONE}” Title of a" in text


def test_a_verification_names_what_is_broken() -> None:
    whole = flat(shown(terminal.verification(Verification(3, 3, 1))))
    assert "3 of 3 citations resolve; 1 of them" in whole
    broken = flat(shown(terminal.verification(Verification(3, 2, 0, (Problem("e_1", "k_1", "other words"),)))))
    assert "2 of 3 citations resolve. 1 broken: - e_1 of claim k_1: other words" in broken


def hits(text: str) -> list[Found]:
    source = Source.at("https://example.com/a", "url", title="A")
    document = Document(ids.document_id(source.id, text), source.id, "hash", text)
    chunk = Chunk.cut(document, 0, len(text))
    return [Found(Hit(chunk.id, "hybrid", 1, 0.5), chunk, source)]


def test_hits_show_what_kb_show_needs() -> None:
    found = hits(TEXT)
    text = flat(shown(terminal.hits("collapse", found)))
    assert text.startswith("1. A")
    assert found[0].chunk.id in text
    assert "score 0.5000" in text
    assert shown(terminal.hits("x", [])) == "Nothing was found.\n"


@given(st.text(min_size=1, max_size=900).filter(str.strip), st.text(max_size=40))
def test_a_snippet_is_a_short_run_of_the_text(text: str, query: str) -> None:
    line = one_line(text)
    view = terminal.snippet(text, query)
    assert view.plain.strip("…") in line or view.plain in line
    assert len(view.plain) <= 322
    assert all(0 <= span.start < span.end <= len(view.plain) for span in view.spans)


def test_a_snippet_shows_and_marks_the_words_of_the_query() -> None:
    text = "Nothing here. " * 60 + "The model collapses when data is replaced. " + "Nothing there. " * 60
    view = terminal.snippet(text, "why do models collapse")
    assert {view.plain[span.start : span.end] for span in view.spans} == {"model", "collapses"}
    assert len(view.plain) < 330


# -- hostile text ----------------------------------------------------------------------------------------------------

HOSTILE = "[red]x[/red] \x1b[2J\x07\x9b31m \u202eesrever :warning: [link=file:///etc]y[/link]"


@pytest.mark.parametrize("view", ["hits", "answer"])
def test_text_of_sources_is_neither_markup_nor_command(view: str) -> None:
    found = hits(HOSTILE)[0]
    quote = Evidence.of(found.chunk, 0, len(HOSTILE), source=found.source, document_sha256="")
    answer = Answer(HOSTILE, (claim(HOSTILE, quote),), ())
    text = shown(terminal.hits("x", [found]) if view == "hits" else answers.answer(answer))
    assert "[red]x[/red]" in text
    assert ":warning:" in text
    assert not set("\x1b\x07\x9b\u202e") & set(text)


@given(st.text())
def test_visible_text_holds_nothing_a_terminal_obeys(text: str) -> None:
    made = visible(text)
    assert all(letter in "\n\t" or (ord(letter) >= 32 and not 0x7F <= ord(letter) <= 0x9F) for letter in made)
    assert visible(made) == made
    made.encode("utf-8")


@given(st.text(max_size=60), st.integers(2, 30))
def test_one_line_is_one_short_line(text: str, limit: int) -> None:
    assert len(one_line(text, limit)) <= limit
    assert len(one_line(text).splitlines()) <= 1


# -- the corpus ------------------------------------------------------------------------------------------------------


def test_an_ingest_run_groups_what_went_wrong() -> None:
    failure = Failure("parse", "the file is encrypted", "save it without")
    outcomes = [Outcome(f"file:///{n}.pdf", f"s_{n}", "failed", failure=failure) for n in range(30)]
    outcomes += [
        Outcome("file:///b.md", "s_b", "duplicate", duplicate_of="s_a"),
        Outcome("file:///c.md", "s_c", "skipped", reason="listed twice"),
    ]
    result = IngestResult(4, tuple(outcomes), ChunkCounts(9, 1, 8, 2, 1), 1.25, ("nothing was pruned",))
    text = shown(tables.ingest(result, {"s_a": "file:///a.md"}))
    assert "1 duplicate, 30 failed, 1 skipped" in text
    assert text.count("the file is encrypted") == text.count("remedy: save it without") == 1
    assert "... and 10 more" in text
    assert "/b.md = /a.md" in text
    assert "skipped: listed twice" in text
    assert "note     nothing was pruned" in text
    assert "9 in all: 1 added, 8 kept, 2 removed; 1 embedded" in text


def test_sizes_read_well() -> None:
    body = overview.status(
        [], home="/x", revision=0, chunks=0, embedder="", size=1_234_567, owed=3, runs=[], reports=[]
    )
    text = shown(tables.status(body))
    assert "1.2 MB" in text
    assert "none yet" in text
    assert "3 index changes" in text


# -- JSON ------------------------------------------------------------------------------------------------------------


def test_the_json_of_a_report_keeps_the_contract(report: Report) -> None:
    body = contract.report(report, {"md": "/x.md"})
    assert list(body["files"]) == ["md", "html", "json"]
    assert body["sources"] == {"analysed": 4, "failed": 1, "duplicate": 2, "relevant": 3, "cited": 2}
    cited = body["angles"][0]["claims"][0]
    keys = {"id", "text", "certainty", "certainty_reason", "support", "witnesses", "evidence", "against", "status"}
    assert keys <= cited.keys()
    keys = {"chunk_id", "source_id", "uri", "title", "heading", "page", "start", "end", "quote", "document_sha256"}
    assert keys | {"superseded"} <= cited["evidence"][0].keys()


def test_claims_can_be_read_back_from_their_json(report: Report) -> None:
    for angle in report.angles:
        for made in angle.claims:
            body = json.loads(json.dumps(contract.claim(made)))
            assert contract.read_claim(body, made.angle_id) == made


def test_an_answer_of_parts_shows_each_with_its_own_quotes_or_abstention() -> None:
    a = evidence("a", ONE, published="2024-05-06T00:00")
    first = Answer("What is it?", (claim(ONE, a),), (), confidence=0.8, as_of="latest")
    second = Answer("Why?", (), (), "no source speaks of it", searched=3)
    whole = Answer("What is it and why?", first.claims, (), second.reason, parts=(first, second))
    text = flat(shown(answers.answer(whole)))
    for needle in (
        "What is it and why?",
        "What is it?",
        "published 2024-05-06",
        "as of: latest",
        "No answer. no source",
    ):
        assert needle in text
    assert "the 3 nearest sources" in text


def test_sources_that_disagree_are_shown_side_by_side() -> None:
    a, b = evidence("a", ONE), evidence("b", TWO)
    answer = Answer("Does it?", (claim(ONE, a, against=(b,), certainty="disputed"),), ())
    text = flat(shown(answers.answer(answer)))
    assert "Two sources disagree:" in text
    assert f"[2] against “{TWO}”" in text


def test_a_turn_says_how_it_was_read() -> None:
    answer = Answer("What is model collapse?", (), (), "nothing")
    assert "(What is it? read as:)" in shown(answers.turn("What is it?", "What is model collapse?", answer))
    assert "read as" not in shown(answers.turn("What is model collapse?", "What is model collapse?", answer))
