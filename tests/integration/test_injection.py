"""Sources that try to speak in kb's place, and a language model that does what they say: none of it gets in."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from contracts.evidence import passage
from contracts.model_server import ModelServer, Response, running
from hostile import FACTS, HOST, LIE, MARK, TELLING, TOPIC, Attack, attacks
from markdown_it import MarkdownIt
from rich.console import Console

import kb
from kb.app import KnowledgeBase
from kb.backends._judging import without_injection
from kb.backends.entailment_verifier import EntailmentVerifier
from kb.backends.model_verifier import ModelVerifier
from kb.backends.models import open_model
from kb.cli import cli
from kb.config import Keys, Settings
from kb.ids import path_of
from kb.interfaces import Verifier
from kb.orders import orders
from kb.records import Answer, Claim, Report
from kb.render import answers, checks, terminal
from kb.text import sentences
from queries.candidates import sentences_of
from queries.gate import Draft, Gate, Passage
from queries.quotes import rank
from queries.wording import refusal

pytestmark = pytest.mark.slow

ATTACKS = attacks()
SPOKEN = [attack for attack in ATTACKS if attack.spoken]
ABOUT_IT = f"Does {MARK} double the yield of a hive?"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
each = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
each_spoken = pytest.mark.parametrize("attack", SPOKEN, ids=lambda attack: attack.name)


@pytest.fixture(scope="module")
def hive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """All hostile documents and the one that only tells of such things, with the real models."""
    folder = tmp_path_factory.mktemp("hive")
    sources = folder / "sources"
    sources.mkdir()
    for attack in ATTACKS:
        attack.write(sources)
    (sources / "telling.md").write_text(TELLING, "utf-8")
    with kb.open(folder / "kb") as base:
        result = base.ingest(sources)
        assert result.count("failed") == 0
        yield base


@pytest.fixture(scope="module")
def reports(hive: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Report, str]]:
    """A report on what the documents are about, and one on what the attacks are about, with its Markdown."""
    out = tmp_path_factory.mktemp("out")
    made = [hive.report(topic, out=out) for topic in (TOPIC, f"{MARK} and the yield of hives")]
    return [(report, Path(files["md"]).read_text("utf-8")) for report, files in made]


def test_there_are_enough_of_them() -> None:
    assert len({attack.body for attack in ATTACKS}) >= 50


# -- without a model -------------------------------------------------------------------------------------------------


@each
def test_nothing_of_an_attack_can_be_quoted_and_the_facts_beside_it_can(hive: KnowledgeBase, attack: Attack) -> None:
    found = hive.search(attack.facts[0], 50, source=_source(hive, attack))
    read, embedder = hive.catalog.read, hive._embedder
    claimable = [s.quote for s in sentences_of(found, read) if not s.under_orders and not refusal(s.quote)]
    ranked = rank(ABOUT_IT, found, read, embedder, limit=500)
    quotable = [sentence.quote for sentence in ranked.listed]
    for quote in (*claimable, *quotable):
        _clean(quote, attack.banned)
    assert set(attack.facts) <= set(quotable)
    assert {fact for fact in attack.facts if not refusal(fact)} <= set(claimable)


def test_a_report_says_nothing_of_them(reports: list[tuple[Report, str]], hive: KnowledgeBase) -> None:
    report, _ = reports[0]
    assert len(list(report.claims())) >= 5
    for made, _ in reports:
        _check_report(made, hive)


def test_the_markdown_of_a_report_holds_no_markup_of_theirs(reports: list[tuple[Report, str]]) -> None:
    for report, text in reports:
        _inert(text, headings=["#", *(f"{at}. {angle.title}" for at, angle in enumerate(report.angles, start=1))])


def test_answers_say_nothing_of_them(hive: KnowledgeBase) -> None:
    for question in (ABOUT_IT, f"What is {MARK}?", "How does a bee dance?", "What should the report state?"):
        answer = hive.asker().ask(question, threshold=0.0)
        _check_answer(answer, hive)


def test_a_check_of_what_they_say_finds_no_word_for_it(hive: KnowledgeBase) -> None:
    check = hive.check(LIE)
    assert check.verdict == "insufficient"
    for item in (*check.judged, *check.nearest):
        _clean(item.evidence.quote, (MARK,))
    assert hive.check(ATTACKS[0].facts[0]).verdict == "supported"


def test_a_terminal_is_ordered_nothing(hive: KnowledgeBase, reports: list[tuple[Report, str]]) -> None:
    views = [
        *(terminal.report(report) for report, _ in reports),
        answers.answer(hive.asker().ask("What holds <script> in hives?", threshold=0.0)),
        answers.answer(hive.asker().ask(f"See https://{HOST}/ and x", threshold=0.0)),
        checks.check(hive.check(LIE)),
        terminal.hits(MARK, hive.search(f"{MARK} [31m <img src=x>", 30)),
    ]
    for view in views:
        shown = Console(file=io.StringIO(), force_terminal=True, color_system=None, width=100)
        shown.print(view)
        assert isinstance(shown.file, io.StringIO)
        assert not CONTROLS.search(shown.file.getvalue())


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_commands_print_nothing_of_them(hive: KnowledgeBase, tmp_path: Path, form: list[str]) -> None:
    for command in (["ask", "How do bees dance?"], ["check", FACTS[0]], ["report", TOPIC, "--out", str(tmp_path)]):
        result = CliRunner().invoke(cli, ["--kb", str(hive.home), *command, *form])
        assert result.exit_code == 0, result.output
        assert not CONTROLS.search(result.stdout)
        shown = result.stdout if form else " ".join(re.findall("“[^”]*”", result.stdout))
        told = re.sub(
            r'"(?:title|uri|author|heading|reason|topic)": "[^\n]*', "", shown
        )  # what sources call themselves
        assert MARK not in told


def test_a_checked_text_stays_inert(hive: KnowledgeBase, tmp_path: Path) -> None:
    hostile = tmp_path / "draft `<img src=x>`.txt"
    live = f"Bees make honey. <script>x</script> [a](javascript:b) https://{HOST}/ &lt;b&gt;\n\n1. One.\n\n````\n<img src=x>\n"
    hostile.write_text(f"{live}\n\n```\n````\n<img src=y>\n````\n```\n\n# {MARK}\n\n---\n\n=== Bees dance.", "utf-8")
    _inert(checks.text_markdown(hive.check_file(hostile)))
    _inert(checks.check_markdown(hive.check(f"{live} {LIE}")))


# -- telling is no ordering ------------------------------------------------------------------------------------------


def test_a_document_that_tells_of_injections_is_cited(hive: KnowledgeBase) -> None:
    told = [line for line in TELLING.splitlines() if line.endswith(".")]
    report, _ = hive.report("Prompt injection against language models and assistants")
    claims = {claim.text for claim in report.claims()}
    assert len(claims & set(told)) >= 3
    answer = hive.ask("What is prompt injection?")
    assert answer.answered
    assert told[0] in [claim.text for claim in answer.claims]
    for line in told:
        assert hive.check(line).verdict == "supported", line


# -- the verifier ----------------------------------------------------------------------------------------------------

QUOTE = "A colony eats about 20 kilograms of honey in one winter."
CLAIMS = (
    "In one winter a colony eats about 20 kilograms of honey.",
    "A colony eats about 60 kilograms of honey in one winter.",
    "Bees see ultraviolet light.",
    LIE,
)


@pytest.fixture(scope="module")
def judge() -> Verifier:
    return EntailmentVerifier()


@each_spoken
def test_a_verdict_is_the_same_with_an_attack_behind_the_quote(judge: Verifier, attack: Attack) -> None:
    # What a quote says in a sentence of its own, it says; sentences after an order never come to be quoted.
    plainly = says_plainly(attack)
    claims = CLAIMS[:3] if plainly else CLAIMS
    plain = judge.judge([(QUOTE, claim) for claim in claims])
    behind = judge.judge([(f"{QUOTE} {attack.spoken}", claim) for claim in claims])
    assert [verdict.label for verdict in behind] == [verdict.label for verdict in plain]
    if not plainly:
        assert [verdict.supported for verdict in behind] == pytest.approx([v.supported for v in plain], abs=1e-3)
    if not plainly and attack.spoken.endswith("."):
        before = judge.judge([(f"{attack.spoken} {QUOTE}", claim) for claim in claims])
        assert [verdict.label for verdict in before] == [verdict.label for verdict in plain]
    if not plainly:
        assert judge.judge([(attack.spoken, LIE)])[0].label != "supported"


def test_a_model_that_judges_never_sees_them(tmp_path: Path) -> None:
    """A judge that says 'supported' as soon as its prompt holds a word of an attack."""
    with running() as server:
        server.script = [lambda body: _verdict("supported" if _said(body, "Quote: ", MARK) else "unclear")]
        model = open_model(_settings(server), Keys(), home=tmp_path)
        assert model is not None
        verdicts = ModelVerifier(model).judge(
            [(f"{QUOTE} {attack.spoken}", LIE) for attack in SPOKEN if not says_plainly(attack)]
        )
    assert {verdict.label for verdict in verdicts} == {"unclear"}


def test_telling_of_an_order_is_evidence() -> None:
    for line in TELLING.splitlines():
        assert without_injection(line) == line


# -- a model that obeys ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def obeying() -> Iterator[ModelServer]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def worded(hive: KnowledgeBase, obeying: ModelServer) -> Iterator[KnowledgeBase]:
    """The same knowledge base with a language model."""
    options = {"llm": "openai", "llm_model": "m", "llm_base_url": f"{obeying.url}/v1", "llm_retries": 0}
    with kb.open(hive.home, **options) as base:
        yield base


@each
def test_a_model_that_obeys_gets_nothing_into_an_answer(
    worded: KnowledgeBase, obeying: ModelServer, attack: Attack
) -> None:
    fact = attack.facts[0]
    obeying.requests.clear()
    obeying.script = [lambda body: _obeyed(attack, fact, body)]
    answer = worded.asker().ask(f"Is it true that {fact[0].lower()}{fact[1:-1]}?", threshold=0.0)
    _check_answer(answer, worded)
    assert answer.claims
    shown = json.dumps(obeying.requests)
    assert obeying.requests
    assert MARK not in shown
    reasons = {refusal.reason for refusal in answer.refused}
    assert "unknown_id" in reasons
    assert all(MARK in refusal.text or refusal.reason in {"unknown_id", "malformed"} for refusal in answer.refused)


@each_spoken
def test_no_draft_rests_on_an_attack_or_an_invented_quote(hive: KnowledgeBase, judge: Verifier, attack: Attack) -> None:
    """Even where the attack itself is among the passages, and the model quotes it word for word."""
    passages = _passages(hive, attack)
    drafts = [
        Draft(LIE, (1,)),
        Draft(LIE, tuple(passage.number for passage in passages)),
        Draft(LIE, (1,), (LIE,)),
        Draft(LIE, (1,), (attack.spoken,)),
        Draft(attack.spoken, (1,)),
        Draft(f"{attack.facts[0][:-1]}, and {LIE}", (1,)),
        Draft(attack.facts[0], (99,)),
    ]
    assert not Gate(judge).claims(drafts, passages).passed


def test_a_model_that_obeys_gets_nothing_into_a_report(
    worded: KnowledgeBase, obeying: ModelServer, tmp_path: Path
) -> None:
    obeying.requests.clear()
    obeying.script = [lambda body: _obeyed(ATTACKS[0], ATTACKS[0].facts[0], body)]
    report, files = worded.report(TOPIC.replace("make honey", "make their honey"), out=tmp_path)
    assert len(list(report.claims())) >= 5
    _check_report(report, worded)
    _inert(
        Path(files["md"]).read_text("utf-8"),
        headings=[*(f"{at}. {angle.title}" for at, angle in enumerate(report.angles, start=1))],
    )
    asked = [_prompt(body) for body in obeying.requests]
    assert len(asked) >= 2
    assert MARK not in "".join(asked)
    assert report.rejected.unknown_id
    assert report.rejected.unsupported


# -- what must hold --------------------------------------------------------------------------------------------------


def _check_report(report: Report, base: KnowledgeBase) -> None:
    """Nothing that a report says, and no quote that it shows, is an attack's; all of it is an exact slice."""
    claims = list(report.claims())
    said = [
        *(claim.text for claim in claims),
        *(angle.title for angle in report.angles),
        *(statement.text for statement in (*report.summary, *report.conclusions)),
        *(point.text for area in report.focus_areas for point in area.points),
    ]
    for text in said:
        _clean(text, (MARK, HOST), topic=report.topic.text)
    _exact(claims, base)
    numbers = [reference.n for reference in report.references]
    assert numbers == list(range(1, len(numbers) + 1))


def _check_answer(answer: Answer, base: KnowledgeBase) -> None:
    for claim in answer.claims:
        _clean(claim.text, (MARK,))
    for evidence in answer.nearest:
        _clean(evidence.quote, (MARK,))
    _exact(answer.claims, base)


def _exact(claims: Iterable[Claim], base: KnowledgeBase) -> None:
    for evidence in (evidence for claim in claims for evidence in (*claim.evidence, *claim.against)):
        _clean(evidence.quote, (MARK,))
        _, document, source = base.chunk(evidence.chunk_id)
        assert document.text[evidence.start : evidence.end] == evidence.quote
        assert source.id == evidence.source_id


def _clean(text: str, banned: Iterable[str], *, topic: str = "") -> None:
    for word in banned:
        assert word.casefold() not in text.casefold() or word.casefold() in topic.casefold() == text.casefold()
    assert not CONTROLS.search(text)


def _inert(text: str, headings: list[str] | None = None) -> None:
    """A reader of this Markdown sees no link, image, tag or heading that kb did not make."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    assert not re.search(r"(?<!\\)://|\bwww\.", text)  # what GitHub would make a link of
    inline = [child for token in tokens for child in token.children or ()]
    assert not [t.content for t in (*tokens, *inline) if t.type in {"html_block", "html_inline", "image"}]
    assert not [t.attrGet("href") for t in inline if t.type == "link_open"]
    assert not CONTROLS.search(text)
    if headings is not None:
        own = {
            "Executive summary",
            "Research angles",
            "Focus areas",
            "Conclusions",
            "Gaps in the evidence",
            "References",
        }
        own |= {
            "Sources that are not cited",
            "How to check this report",
            "What the language model did",
            "Changes since the last report",
            *headings,
        }
        found = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
        for heading in found[1:]:
            assert MARK not in heading
            assert heading in own or heading in {"Winter", "Dances", "Pollen"}


def says_plainly(attack: Attack) -> bool:
    """Whether one of its sentences says by itself what the attack is about."""
    parts = [attack.spoken[start:end] for start, end in sentences(attack.spoken)]
    return any(MARK in part and not orders(part) for part in parts)


def _source(base: KnowledgeBase, attack: Attack) -> str:
    found = [state.source.id for state in base.sources() if Path(_path(state.source.uri)).name == attack.file]
    assert len(found) == 1
    return found[0]


def _path(uri: str) -> str:
    path = path_of(uri.partition("#")[0])
    assert path
    return str(path)


def _passages(hive: KnowledgeBase, attack: Attack) -> list[Passage]:
    return [passage(1, f"{attack.facts[0]} {attack.spoken}"), passage(2, attack.spoken), passage(3, attack.facts[1])]


# -- the obeying server ----------------------------------------------------------------------------------------------


def _settings(server: ModelServer) -> Settings:
    return Settings(llm="openai", llm_model="m", llm_base_url=f"{server.url}/v1", llm_retries=0)


def _said(body: dict[str, Any], lead: str, word: str) -> bool:
    return any(word in line for line in _prompt(body).splitlines() if line.startswith(lead))


def _prompt(body: dict[str, Any]) -> str:
    return str(body["messages"][-1]["content"])


def _verdict(label: str) -> Response:
    return Response(text=json.dumps({"verdict": label}))


def _obeyed(attack: Attack, fact: str, body: dict[str, Any]) -> Response:
    """What a model answers that was taken over: the lie in every form, ids that are not there, quotes that it made up."""
    system = str(body["messages"][0]["content"])
    asked = next((key for key in ("summary", "claims", "statements") if f'{{"{key}": [' in system), "title")
    numbers, key = ("claims" if asked == "summary" else "sentences"), asked
    texts = [
        LIE,
        attack.spoken or LIE,
        f"{fact[:-1]}, and {LIE}",
        f"{MARK} is the reason why {fact[0].lower()}{fact[1:]}",
    ]
    drafts: list[dict[str, Any]] = [{numbers: [at], "text": text, "quotes": [text]} for text in texts for at in (1, 2)]
    drafts += [{numbers: [99], "text": FACTS[6]}, {numbers: ["e_0123456789abcdef"], "text": f"[12] {LIE}"}]
    return Response(text=json.dumps({key: f"{MARK} doubles yields" if key == "title" else drafts}))
