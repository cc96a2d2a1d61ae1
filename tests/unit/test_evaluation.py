"""Runs behind 'kb eval': files of questions, figures of asking, the SciFact task, curves."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from kb.cli import cli
from kb.errors import NotFoundError, RecordError
from kb.evaluation import scifact
from kb.evaluation.asking import Asked, figures
from kb.evaluation.plot import curves_svg
from kb.evaluation.questions import Question, is_gold, read_questions
from kb.evaluation.workspace import corpus_beside
from kb.ids import document_id
from kb.records import Document, Source

FERNS = "Ferns reproduce by spores and need moist shade to grow well."
GRANITE = "Granite is an igneous rock that cools slowly beneath the surface."


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A question file with its corpus beside it."""
    folder = tmp_path / "data"
    (folder / "beir").mkdir(parents=True)
    rows = [{"_id": "1", "title": "Ferns", "text": FERNS}, {"_id": "2", "title": "Granite", "text": GRANITE}]
    (folder / "beir" / "corpus.jsonl").write_text("".join(f"{json.dumps(r)}\n" for r in rows), "utf-8")
    asked = [
        {"_id": "a", "question": "What do ferns reproduce by?", "answerable": True, "selected_sentences": [FERNS]},
        {"_id": "b", "question": "Which moon orbits backwards?", "answerable": False},
    ]
    path = folder / "questions.jsonl"
    path.write_text("".join(f"{json.dumps(r)}\n" for r in asked), "utf-8")
    return path


def test_questions_are_read_and_bad_lines_named(tmp_path: Path, questions: Path) -> None:
    first, second = read_questions(questions)
    assert first == Question("a", "What do ferns reproduce by?", True, (FERNS,))
    assert not second.answerable
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"question": "q", "answerable": true}\n[]\n', "utf-8")
    with pytest.raises(RecordError, match="line 2"):
        read_questions(bad)
    bad.write_text("\n", "utf-8")
    with pytest.raises(RecordError, match="no question"):
        read_questions(bad)


def test_a_quote_is_gold_whatever_its_spacing_and_marks() -> None:
    assert is_gold("Ferns need shade.", ("Ferns need shade .",))
    assert is_gold("need shade", ("Ferns need shade .",))
    assert not is_gold("Granite cools.", ("Ferns need shade .",))
    assert not is_gold("...", ("Ferns",))


def test_the_corpus_is_found_beside_the_questions(questions: Path, tmp_path: Path) -> None:
    assert corpus_beside(questions) == questions.parent / "beir" / "corpus.jsonl"
    with pytest.raises(NotFoundError, match="--corpus"):
        corpus_beside(tmp_path / "questions.jsonl")


def test_figures_of_asking() -> None:
    def asked(sure: float, *, able: bool, gold: bool = False) -> Asked:
        question = Question("q", "q?", able, ("gold",) if able else ())
        return Asked(question, sure, gold, {"dense": 0.5, "lexical": sure, "hybrid": 0.1}, 0.01)

    found = figures([asked(0.9, able=True, gold=True), asked(0.7, able=True), asked(0.2, able=False)])
    assert found.auc.value == 1.0
    assert found.retrieval_auc == {"dense": 0.5, "lexical": 1.0, "hybrid": 0.5}
    assert found.gain.value == 0.0
    assert found.cited_gold.value == 0.5
    assert found.accuracy == 1.0
    assert found.answered == 2
    assert found.risk[-1] == (1.0, pytest.approx(1 / 3))
    assert found.strict[-1] == (1.0, pytest.approx(2 / 3))
    body = found.to_json()
    assert json.loads(json.dumps(body)) == body
    assert body["error"]["no_answer"]["at_100"] == pytest.approx(0.3333)


def test_eval_ask_makes_a_knowledge_base_and_prints_figures(
    questions: Path, tmp_path: Path, light_settings: dict[str, str]
) -> None:
    plot, cache = tmp_path / "curve.svg", tmp_path / "cache"
    run = ["eval", "ask", str(questions), "--cache", str(cache), "--plot", str(plot)]
    done = CliRunner().invoke(cli, [*run, "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    body = json.loads(done.stdout)
    assert body["questions"] == 2
    assert body["cited_gold"]["value"] == 1.0
    assert ET.fromstring(plot.read_text("utf-8")).tag.endswith("svg")
    assert list(cache.iterdir())
    again = CliRunner().invoke(cli, run, catch_exceptions=False)
    assert "gold sentence cited       1.000" in again.stdout
    assert not (tmp_path / ".kb").exists()


def test_curves_are_plain_svg_and_titles_are_escaped() -> None:
    page = curves_svg("A < B", "x & y", "z", {"one": [(0.5, 0.1), (1.0, 0.31)], "two": [(1.0, 0.2)]})
    root = ET.fromstring(page)
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"A < B", "x & y", "one", "two", "40 %"} <= set(texts)
    assert len(list(root.iter("{http://www.w3.org/2000/svg}polyline"))) == 2
    assert ET.fromstring(curves_svg("empty", "x", "y", {})) is not None


# -- SciFact ---------------------------------------------------------------------------------------------------------


def claim(gold: scifact.Evidence) -> scifact.SciFactClaim:
    return scifact.SciFactClaim("1", "c", gold)


def test_scifact_counts_as_the_task_defines() -> None:
    gold = {"10": ("SUPPORT", (frozenset({1, 2}), frozenset({5})))}
    whole = scifact.score([claim(gold)], [{"10": ("SUPPORT", (1, 2, 7))}], [0.1], "x")
    assert whole.label_only.f1 == whole.label_rationale.f1 == 1.0
    assert whole.selection_only.precision == pytest.approx(2 / 3)
    assert whole.selection_only.recall == pytest.approx(2 / 3)
    half = scifact.score([claim(gold)], [{"10": ("SUPPORT", (1,))}], [0.1], "x")
    assert half.label_only.f1 == 1.0
    assert half.label_rationale.f1 == 0.0
    assert half.selection_only.f1 == 0.0
    wrong = scifact.score([claim(gold)], [{"10": ("CONTRADICT", (5,)), "11": ("SUPPORT", (0,))}], [0.1], "x")
    assert wrong.label_only.f1 == 0.0
    assert wrong.selection_only.precision == 0.5
    assert wrong.selection_label.f1 == 0.0
    none = scifact.score([claim({})], [{}], [], "x")
    assert none.label_only.f1 == 0.0
    assert json.dumps(none.to_json())


def test_quotes_are_numbered_by_the_sentences_that_they_cover() -> None:
    sentences = ["One is here.", "Two is there.", "Three is nowhere to be seen."]
    source = Source.at("file:///a.jsonl#1", "record")
    text = "Title\n\n" + " ".join(sentences)
    document = Document(document_id(source.id, text), source.id, "h", text)

    def numbers(words: str) -> list[int]:
        start = text.index(words)
        return scifact.numbers_of(start, start + len(words), document, sentences)

    assert numbers("Two is there.") == [1]
    assert numbers("One is here. Two is there.") == [0, 1]
    assert numbers("nowhere") == [2]


def test_eval_check_end_to_end(tmp_path: Path, light_settings: dict[str, str]) -> None:
    data = tmp_path / "sf"
    (data / "beir").mkdir(parents=True)
    row = {"_id": "7", "title": "Ferns", "text": f"{FERNS} {GRANITE}"}
    (data / "beir" / "corpus.jsonl").write_text(f"{json.dumps(row)}\n", "utf-8")
    (data / "corpus_sentences.jsonl").write_text(
        json.dumps({"doc_id": 7, "abstract": [FERNS, GRANITE]}) + "\n", "utf-8"
    )
    claims = [
        {"id": 1, "claim": GRANITE, "evidence": {"7": [{"sentences": [1], "label": "SUPPORT"}]}},
        {"id": 2, "claim": "Bread is baked on Mars.", "evidence": {}},
    ]
    (data / "claims_dev.jsonl").write_text("".join(f"{json.dumps(c)}\n" for c in claims), "utf-8")
    done = CliRunner().invoke(cli, ["eval", "check", "--end-to-end", str(data), "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    body = json.loads(done.stdout)
    assert body["claims"] == 2
    for name in (
        "abstract_label_only",
        "abstract_label_rationale",
        "sentence_selection_only",
        "sentence_selection_label",
    ):
        assert body[name]["f1"] == 1.0
    assert body["verifier"] == "lexical"
    lines = CliRunner().invoke(cli, ["eval", "check", "--end-to-end", str(data)], catch_exceptions=False).stdout
    assert "abstract, label only" in lines
