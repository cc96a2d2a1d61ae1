"""Asking on a light knowledge base: parts, conflicts, dates, conversations, and the commands around them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

import kb
from kb import ids
from kb.app import KnowledgeBase
from kb.cli import cli
from kb.records import Chunk, Verdict
from queries.answerability import NAMES, WEIGHTS, Signals, confidence, kind_of
from queries.asking import Asker
from queries.aspects import CAUSE, EFFECT, asks_for_several, aspect_of, is_beside, sides_asked
from queries.surveying import tells

BRIDGE = (
    ("a", "2019-04-01", "Harbour Bridge", "The Harbour Bridge was opened in 1932 by the premier."),
    ("b", "2022-06-01", "Bridge notes", "The Harbour Bridge was opened in 1934 by the premier."),
    ("c", "2021-01-01", "Old count", "The town of Selby has 14,000 inhabitants in the latest count."),
    ("d", "2024-01-01", "New count", "The town of Selby has 19,000 inhabitants in the latest count."),
    ("e", "", "Ferns", "Ferns reproduce by spores and need moist shade to grow well."),
    ("f", "", "Granite", "Granite is an igneous rock that cools slowly beneath the surface."),
)


@pytest.fixture
def town(base: KnowledgeBase, tmp_path: Path) -> KnowledgeBase:
    """A light knowledge base in which sources disagree, and are of different dates."""
    path = tmp_path / "town.jsonl"
    rows = [{"_id": i, "published": date, "title": title, "text": text} for i, date, title, text in BRIDGE]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    base.ingest(path)
    return base


def test_a_threshold_of_nothing_answers_all_and_one_of_all_nothing(town: KnowledgeBase) -> None:
    assert town.ask("What do ferns reproduce by?", threshold=0.0).answered
    silent = town.ask("What do ferns reproduce by?", threshold=1.0)
    assert not silent.answered
    assert "needed 1.00" in silent.reason
    assert silent.nearest
    assert silent.searched


def test_every_statement_of_an_answer_is_an_exact_quote(town: KnowledgeBase) -> None:
    answer = town.ask("What do ferns reproduce by?", threshold=0.0)
    for claim in answer.claims:
        own = claim.evidence[0]
        document = town.catalog.read.document(own.document_id)
        assert document is not None
        assert own.resolves_in(document)
        assert claim.text == " ".join(own.quote.split())
        assert isinstance(claim.support, Verdict)


def test_a_question_is_answered_by_no_question(base: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "ferns.md"
    path.write_text(
        "# Ferns\n\nWhat do ferns reproduce by? Ferns reproduce by spores and need moist shade to grow well.\n", "utf-8"
    )
    base.ingest(path)
    answer = base.ask("What do ferns reproduce by?", threshold=0.0)
    assert [claim.text for claim in answer.claims] == ["Ferns reproduce by spores and need moist shade to grow well."]
    assert all(not evidence.quote.endswith("?") for evidence in answer.nearest)


def test_parts_are_answered_one_by_one(town: KnowledgeBase) -> None:
    answer = town.ask("What do ferns reproduce by? What is granite?", threshold=0.0)
    assert [part.question for part in answer.parts] == ["What do ferns reproduce by?", "What is granite?"]
    assert "spores" in answer.parts[0].text
    assert "igneous" in answer.parts[1].text
    assert answer.text.count("spores") == 1
    assert answer.confidence == max(part.confidence for part in answer.parts)


def test_sources_that_name_other_dates_disagree(town: KnowledgeBase) -> None:
    answer = town.ask("When was the Harbour Bridge opened?", threshold=0.0)
    (claim, *_) = answer.conflicts
    assert claim.certainty == "disputed"
    quotes = claim.evidence[0].quote + claim.against[0].quote
    assert "1932" in quotes
    assert "1934" in quotes
    assert claim.against[0].stance == "against"


def test_an_as_of_date_limits_what_may_answer(town: KnowledgeBase) -> None:
    then = town.ask("How many inhabitants does Selby have as of 2021?", threshold=0.0)
    assert then.as_of == "2021"
    assert "14,000" in then.claims[0].text
    assert all(e.published <= "2021-12-31" for c in then.claims for e in (*c.evidence, *c.against))
    now = town.ask("How many inhabitants does Selby currently have?", threshold=0.0)
    assert now.as_of == "latest"
    assert "19,000" in now.claims[0].text
    assert now.claims[0].evidence[0].published == "2024-01-01"


def test_an_empty_knowledge_base_says_so(base: KnowledgeBase) -> None:
    answer = base.ask("What is granite?")
    assert not answer.answered
    assert answer.reason == "the knowledge base is empty"


def test_a_conversation_keeps_its_subject(town: KnowledgeBase) -> None:
    talk = town.chat()
    assert talk.ask("What is granite?").asked == "What is granite?"
    assert talk.ask("How does it cool?").asked == "How does granite cool?"
    assert talk.ask("What about ferns?").asked == "How does ferns cool?"
    talk.forget()
    assert talk.ask("Why?").asked == "Why?"
    assert len(talk.turns) == 1


def test_another_rewriter_may_take_the_place_of_the_rules(town: KnowledgeBase) -> None:
    seen: list[tuple[str, tuple[str, ...]]] = []

    def rewrite(question: str, before: object) -> str:
        seen.append((question, tuple(before)))  # type: ignore[arg-type]
        return "What is granite?" if seen else question

    talk = town.chat(rewrite)
    talk.ask("a")
    assert talk.ask("b").asked == "What is granite?"
    assert seen == [("a", ()), ("b", ("What is granite?",))]


def test_signals_and_weights_belong_together(town: KnowledgeBase) -> None:
    assert len(NAMES) == len(WEIGHTS)
    best = Asker(town.catalog.read, town._reading(), town._verifier).best("What is granite?")
    assert best is not None
    assert isinstance(best.seen, Signals)
    assert 0.0 < best.confidence < 1.0
    assert confidence(best.seen) == best.confidence
    assert list(best.scores) == sorted(best.scores, reverse=True)


@pytest.mark.parametrize(
    ("question", "kind"),
    [("When did it end?", "date"), ("How many are there?", "number"), ("Who won?", "person"), ("What is it?", "")],
)
def test_kinds_of_answers(question: str, kind: str) -> None:
    assert kind_of(question)[0] == kind


# -- commands --------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(town: KnowledgeBase, light_settings: dict[str, str]) -> Path:
    return town.home


def invoke(*arguments: str | Path, typed: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(a) for a in arguments], input=typed, catch_exceptions=False)
    return result.exit_code, result.stdout


def test_ask_can_fail_where_there_is_no_answer(home: Path) -> None:
    question = "Which moon of Neptune orbits backwards?"
    assert invoke("--kb", home, "ask", question)[0] == 0
    code, out = invoke("--kb", home, "ask", question, "--fail-if-unanswered", "--json")
    assert code == 1
    assert json.loads(out)["answered"] is False


def test_chat_reads_lines_and_prints_one_object_a_line(home: Path) -> None:
    typed = "What is granite?\n\nHow does it cool?\nnew\nWhy?\nexit\nnever read\n"
    code, out = invoke("--kb", home, "chat", "--json", typed=typed)
    assert code == 0
    turns = [json.loads(line) for line in out.splitlines()]
    assert [turn["question"] for turn in turns] == ["What is granite?", "How does it cool?", "Why?"]
    assert [turn["asked"] for turn in turns] == ["What is granite?", "How does granite cool?", "Why?"]
    assert {"answered", "claims", "confidence"} <= set(turns[0])
    code, out = invoke("--kb", home, "chat", typed="What is granite?\nHow does it cool?\n")
    assert code == 0
    assert "(How does it cool? read as:)" in out


def test_check_of_a_claim_a_file_and_lines(home: Path, tmp_path: Path) -> None:
    said = BRIDGE[4][3]
    code, out = invoke("--kb", home, "check", said, "--json")
    body = json.loads(out)
    assert code == 0
    assert body["verdict"] == "supported"
    assert body["evidence"][0]["quote"] == said
    assert body["verifier"]
    draft, claims, notes = tmp_path / "draft.txt", tmp_path / "claims.txt", tmp_path / "notes.md"
    draft.write_text(f"{said} Is it so?\n", "utf-8")
    claims.write_text(f"# mine\n{said}\nGranite is a metal.\n", "utf-8")
    code, out = invoke("--kb", home, "check", draft, "--out", notes, "--json")
    body = json.loads(out)
    assert [c["verdict"] for c in body["claims"]] == ["supported"]
    assert body["skipped"] == {"question": 1}
    assert body["files"]["md"] == str(notes)
    assert "[^1]" in notes.read_text("utf-8")
    code, out = invoke("--kb", home, "check", "--file", claims, "--fail-if-unsupported")
    assert code == 1
    assert "2 claims: 1 supported" in " ".join(out.split())
    one = tmp_path / "one.md"
    assert invoke("--kb", home, "check", said, "--out", one)[0] == 0
    assert said in one.read_text("utf-8")


@pytest.mark.slow
def test_the_real_model_answers_checks_and_follows(real: KnowledgeBase) -> None:
    answer = real.ask("What is model collapse?")
    assert answer.answered
    assert "loss of diversity" in answer.text
    assert not real.ask("Which moon of Neptune orbits backwards?").answered
    assert real.check("Synthetic text is not anonymous by itself.").verdict == "supported"
    talk = real.chat()
    talk.ask("What is model collapse?")
    assert "prevents model collapse" in talk.ask("How can it be prevented?").answer.text


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("What are the risks of training language models on synthetic data?", True),
        ("Which main benefits does irrigation have?", True),
        ("List the side effects of aspirin.", True),
        ("What was the effect of the reform?", False),
        ("Who opened the Harbour Bridge?", False),
        ("When did the benefits end?", False),
    ],
)
def test_what_asks_for_several_things(question: str, several: bool) -> None:
    assert asks_for_several(question) is several


DRIP = (
    ("a", "Drip irrigation", "Drip irrigation saves up to half of the water that sprinklers need in dry regions."),
    ("b", "Farm notes", "Drip irrigation improves the yield of tomatoes because the soil stays evenly moist."),
    ("c", "Repairs", "Drip irrigation fails where the water is hard, because lime clogs the emitters."),
    ("d", "Costs", "Drip irrigation is a risk for small farms, since the lines are expensive to replace."),
    ("e", "Granite", "Granite is an igneous rock that cools slowly beneath the surface of the earth."),
)


def collected(path: Path, rows: Sequence[tuple[str, str, str]]) -> Path:
    """A file of documents: id, title and text of each."""
    path.write_text(
        "".join(f"{json.dumps({'_id': i, 'title': title, 'text': text})}\n" for i, title, text in rows), "utf-8"
    )
    return path


def test_risks_and_benefits_are_answered_by_several_sources(tmp_path: Path) -> None:
    path = collected(tmp_path / "drip.jsonl", DRIP)
    with kb.open(tmp_path / "kb") as base:
        base.ingest(path)
        risks = base.ask("What are the risks of drip irrigation?")
        gains = base.ask("What are the benefits of drip irrigation?")
        assert not base.ask("What are the risks of wind turbines?").answered
    assert {"lime" in c.text or "small farms" in c.text for c in risks.claims} == {True}
    assert len({c.evidence[0].source_id for c in risks.claims}) == 2
    assert {"half of the water" in c.text or "tomatoes" in c.text for c in gains.claims} == {True}


@pytest.mark.parametrize(
    ("sentence", "so"),
    [
        ("Irrigation raises the salt content of heavy soils within a few years.", True),
        ("Irrigation with treated water is the cheapest way to keep orchards alive in dry years.", True),
        ("Irrigation is the practice of bringing water to fields by canals or pipes.", False),
        ("A drip line is a type of pipe that lets water out in small drops near the roots.", False),
        ("A soil survey tries to find out which layers lie under a field and how deep they are.", False),
    ],
)
def test_what_a_thing_is_is_no_effect_of_it(sentence: str, so: bool) -> None:
    assert tells(sentence) is so


@pytest.mark.parametrize(
    ("question", "sentence", "beside"),
    [
        ("What are the risks of drip irrigation?", "Drip irrigation can damage the roots of young trees.", False),
        (
            "What are the risks of drip irrigation?",
            "Drip irrigation was tried on nine farms without damage to the roots.",
            True,
        ),
        ("What are the risks of drip irrigation?", "Drip irrigation was first tried on nine farms in 1961.", True),
        ("What are the benefits of drip irrigation?", "Drip irrigation reduces the cost of pumping.", False),
        ("What are the risks of drip irrigation?", "Drip irrigation reduces the cost of pumping.", True),
        ("What are the risks of drip irrigation?", "Drip irrigation reduces the yield of old orchards.", False),
        ("What are the benefits of drip irrigation?", "None of the farms says that it improves yields.", True),
        ("What are the effects of drip irrigation?", "Drip irrigation was first tried in 1961.", False),
        ("Who invented drip irrigation?", "Drip irrigation was first tried in 1961.", False),
    ],
)
def test_a_sentence_of_the_other_side_answers_nothing(question: str, sentence: str, beside: bool) -> None:
    assert is_beside(question, sentence) is beside


def test_words_of_the_subject_tell_nothing_of_a_side() -> None:
    question = "What are the harms of biased surveys?"
    assert is_beside(question, "Biased surveys were held in nine districts.")
    assert not is_beside(question, "Biased surveys mislead the planners of schools.")


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("What are the causes of soil erosion?", "cause"),
        ("What are the consequences of soil erosion?", "effect"),
        ("Which methods stop soil erosion?", "way"),
        ("Name the drawbacks of terraces.", "bad"),
        ("What are the applications of terraces?", None),
        ("Who invented terraces?", None),
    ],
)
def test_which_side_is_asked_for(question: str, side: str | None) -> None:
    aspect = aspect_of(question)
    assert (aspect.name if aspect else None) == side


def test_causes_and_effects_are_told_by_different_words() -> None:
    because, leads = "Soil is lost because the slopes are bare.", "Erosion reduces the yield of the slopes."
    assert CAUSE.told(because)
    assert not CAUSE.told(leads)
    assert EFFECT.told(leads)


def test_what_a_sentence_or_a_heading_introduces() -> None:
    passage = "Terraces are old. Terraces have known limits. Walls slip after heavy rain.\n\nGrapes grow well."
    bad = aspect_of("What are the limitations of terraces?")
    assert bad is not None
    assert bad.lead(passage, passage.index("Walls")) == "Terraces have known limits."
    assert not bad.lead(passage, passage.index("Grapes"))
    assert bad.introduced(passage, passage.index("Grapes"), ("Terraces", "Risks and limits"))
    assert not bad.introduced(passage, passage.index("Grapes"), ("Risks", "Terraces"))
    long = "Some of the limits that planners saw on their visits had nothing to do with walls."
    assert not bad.introduces(long)


WALLS = (
    (
        "a",
        "Terraces",
        "Terraces have known limits. Walls slip after heavy rain, and machines cannot turn on them. They are old.",
    ),
    (
        "b",
        "Valleys",
        "Terraces were built in the valleys of the north. Terraces hold the soil of steep slopes in place.",
    ),
    ("c", "Granite", "Granite is an igneous rock that cools slowly beneath the surface of the earth."),
)


def test_what_an_introduction_announces_is_the_answer(tmp_path: Path) -> None:
    path = collected(tmp_path / "walls.jsonl", WALLS)
    with kb.open(tmp_path / "kb") as base:
        base.ingest(path)
        answer = base.ask("What are the limitations of terraces?")
    assert answer.answered
    assert "Walls slip after heavy rain" in answer.text
    assert "Granite" not in answer.text


def test_what_stands_under_the_heading_is_of_that_side() -> None:
    question, sentence = "What are the drawbacks of shade trees?", "Pruning takes ninety hours of labour a year."
    assert is_beside(question, sentence)
    name = ids.chunk_id("s", sentence, 0)
    chunk = Chunk(name, "d", "s", 40, 40 + len(sentence), sentence, ("Coffee", "Drawbacks"))
    assert not is_beside(question, sentence, chunk, 40)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        (
            "What are the risks and benefits of drip irrigation?",
            ("What are the risks of drip irrigation?", "What are the benefits of drip irrigation?"),
        ),
        ("List causes and the effects of erosion.", ("List causes of erosion.", "List effects of erosion.")),
        (
            "What are the risks and limitations of drip irrigation?",
            ("What are the risks and limitations of drip irrigation?",),
        ),
        ("What are the risks of rain and hail?", ("What are the risks of rain and hail?",)),
        ("Who weighed risks and benefits?", ("Who weighed risks and benefits?",)),
    ],
)
def test_a_question_for_two_sides_is_two(question: str, sides: tuple[str, ...]) -> None:
    assert sides_asked(question) == sides


def test_both_sides_are_answered(tmp_path: Path) -> None:
    with kb.open(tmp_path / "kb") as base:
        base.ingest(collected(tmp_path / "drip.jsonl", DRIP))
        answer = base.ask("What are the risks and benefits of drip irrigation?")
    assert [part.question for part in answer.parts] == [
        "What are the risks of drip irrigation?",
        "What are the benefits of drip irrigation?",
    ]
    assert all(part.answered for part in answer.parts)
