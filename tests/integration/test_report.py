"""Reports and answers on the demo corpus with the real models, read as a reader would."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import kb
from kb.app import KnowledgeBase
from kb.ids import fold
from kb.records import Report
from queries.wording import refusal

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).parents[2] / "corpus"
TOPIC = (
    "What are the real-world risks and benefits of using synthetic data to train or fine-tune large language models? "
    "Focus on data quality, bias, and evaluation."
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    with kb.open(tmp_path_factory.mktemp("demo") / "kb") as base:
        base.ingest(CORPUS)
        yield base


@pytest.fixture(scope="module")
def made(demo: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, dict[str, str]]:
    return demo.report(TOPIC, out=tmp_path_factory.mktemp("out"))


def test_the_corpus_is_what_its_account_says(demo: KnowledgeBase) -> None:
    states = demo.sources()
    by_status = {status: sum(s.status == status for s in states) for status in ("indexed", "duplicate", "failed")}
    assert by_status["indexed"] >= 24
    assert by_status["duplicate"] == 1
    assert by_status["failed"] == 1
    suffixes = {Path(s.source.uri.partition("#")[0]).suffix for s in states}
    assert len(suffixes) >= 8


def test_it_says_enough_from_enough_sources(made: tuple[Report, dict[str, str]]) -> None:
    report, _ = made
    claims = list(report.claims())
    assert len(claims) >= 15
    assert 3 <= len(report.angles) <= 7
    assert len({e.source_id for claim in claims for e in claim.evidence}) >= 8
    assert len({fold(claim.text) for claim in claims}) == len(claims)


def test_every_claim_is_a_whole_sentence_in_the_words_of_its_source(made: tuple[Report, dict[str, str]]) -> None:
    report, _ = made
    for claim in report.claims():
        assert refusal(claim.evidence[0].quote) == ""
        assert claim.text[0].isupper() or claim.text[0].isdigit() or claim.text[0] in "“\"'"
        assert claim.text.casefold().rstrip(".") in " ".join(claim.evidence[0].quote.split()).casefold()
        assert claim.support is not None
        assert claim.support.label == "supported"


def test_summary_focus_and_conclusions_are_claims(made: tuple[Report, dict[str, str]]) -> None:
    report, _ = made
    texts = {claim.id: claim.text for claim in report.claims()}
    statements = [*report.summary, *report.conclusions, *(p for area in report.focus_areas for p in area.points)]
    assert len(report.summary) >= 3
    assert len(report.conclusions) >= 3
    assert [area.name for area in report.focus_areas] == ["data quality", "bias", "evaluation"]
    assert all(area.points for area in report.focus_areas)
    assert all(statement.text in {texts[name] for name in statement.claim_ids} for statement in statements)
    assert not {s.claim_ids for s in report.summary} & {s.claim_ids for s in report.conclusions}


def test_every_source_is_accounted_for_once(made: tuple[Report, dict[str, str]], demo: KnowledgeBase) -> None:
    report, _ = made
    cited = {reference.source_id for reference in report.references}
    uncited = {source.source_id for source in report.uncited}
    assert not cited & uncited
    assert cited | uncited == {state.source.id for state in demo.sources()}
    assert all(source.reason for source in report.uncited)
    account = report.sources
    assert account.analysed + account.failed + account.duplicate == len(demo.sources())
    off_topic = next(u for u in report.uncited if "tomatoes" in u.uri)
    assert "screened out" in off_topic.reason


def test_copies_are_one_witness(made: tuple[Report, dict[str, str]]) -> None:
    report, _ = made
    for claim in report.claims():
        names = [Path(e.uri).name for e in claim.evidence]
        if {"six-reasons-synthetic-data-helps.md", "synthetic-data-six-benefits.html"} <= set(names):
            assert claim.witnesses < len({e.source_id for e in claim.evidence})


def test_the_files_hold_what_the_contract_says_and_verify(
    made: tuple[Report, dict[str, str]], demo: KnowledgeBase
) -> None:
    _, files = made
    body = json.loads(Path(files["json"]).read_text("utf-8"))
    verification = demo.verify(body)
    assert verification.citations > 15
    assert verification.resolved == verification.citations
    assert verification.broken == 0
    markdown = Path(files["md"]).read_text("utf-8")
    for section in ("Executive summary", "Research angles", "Focus areas", "Conclusions", "Gaps", "References"):
        assert re.search(rf"^## {section}", markdown, re.MULTILINE)
    assert re.search(r"characters \d+–\d+", markdown)


def test_a_forged_citation_is_found(made: tuple[Report, dict[str, str]], demo: KnowledgeBase) -> None:
    _, files = made
    body = json.loads(Path(files["json"]).read_text("utf-8"))
    citation = body["angles"][0]["claims"][0]["evidence"][0]
    citation["quote"] = citation["quote"].replace(citation["quote"].split()[0], "Never", 1)
    body["angles"][0]["claims"][1]["evidence"][0]["start"] += 1
    verification = demo.verify(body)
    assert verification.broken == 2
    assert all("other words stand" in problem.reason for problem in verification.problems)


def test_the_same_topic_over_the_same_corpus_gives_the_same_report(
    made: tuple[Report, dict[str, str]], demo: KnowledgeBase
) -> None:
    first, _ = made
    again, _ = demo.report(TOPIC)
    assert again.parent_id == first.id
    before, now = {c.id for c in first.claims()}, {c.id for c in again.claims()}
    assert before == now
    assert set(again.changes.kept) == before
    assert not again.changes.new
    assert not again.changes.withdrawn


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How do you grow tomatoes on a balcony?", "direct sun"),
        ("How much did it cost to generate the Alpaca data?", "dollars"),
        ("Does synthetic data protect privacy?", "privacy"),
    ],
)
def test_questions_are_answered_in_exact_sentences(demo: KnowledgeBase, question: str, said: str) -> None:
    answer = demo.ask(question)
    assert answer.answered
    assert 1 <= len(answer.claims) <= 4
    assert said in answer.text
    for claim in answer.claims:
        quote = claim.evidence[0]
        document = demo.catalog.read.document(quote.document_id)
        assert document is not None
        assert quote.resolves_in(document)


@pytest.mark.parametrize(
    "question", ["What is the capital of Mongolia?", "Who won the 1998 football world cup?", "How do I bake rye bread?"]
)
def test_what_no_source_says_is_not_answered(demo: KnowledgeBase, question: str) -> None:
    answer = demo.ask(question)
    assert not answer.answered
    assert answer.text == ""
    assert "no sentence" in answer.reason
    assert answer.nearest


def test_a_topic_that_no_source_speaks_about_gives_an_honest_empty_report(demo: KnowledgeBase, tmp_path: Path) -> None:
    report, files = demo.report("Quantum chromodynamics on the lattice. Focus on quark masses.", out=tmp_path)
    assert not list(report.claims())
    assert not report.references
    assert any("No source in the corpus" in gap for gap in report.gaps)
    assert any("quark masses" in gap for gap in report.gaps)
    assert len(report.uncited) == len(demo.sources())
    assert demo.verify(json.loads(Path(files["json"]).read_text("utf-8"))).broken == 0
