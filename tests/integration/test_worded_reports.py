"""Reports in a language model's words over a real server on this machine: what gets in, what stays, what is withdrawn."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import LIGHT
from contracts.drafting_server import honest, inventing, shortened, task
from contracts.model_server import ModelServer, Response, running
from test_living import FIRST, SECOND, TOPIC, Story, cited, claims_of, named, write

import kb
from kb.app import KnowledgeBase
from kb.cli import cli
from kb.ids import fold

pytestmark = pytest.mark.slow

KEEPING = "Keeping the original human data beside the synthetic data prevented model collapse"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with running() as running_server:
        running_server.script = [honest]
        yield running_server


def told(tmp_path: Path, server: ModelServer | None, before: Story | None = None, **settings: Any) -> dict[str, Any]:
    """One more report on the folder; ``server`` words it, None: no model does."""
    if server is not None:
        settings |= {"llm": "openai:m", "llm_base_url": f"{server.url}/v1", "llm_timeout": 5.0}
    with kb.open(tmp_path / "kb", **LIGHT, **settings) as base:
        story = before or Story(base, tmp_path / "folder")
        story.base = base
        return story.tell()


@pytest.fixture
def story(tmp_path: Path) -> Story:
    write(tmp_path / "folder", FIRST)
    unopened: Any = None
    return Story(unopened, tmp_path / "folder")


def worded(report: dict[str, Any]) -> dict[str, str]:
    return {name: claim["text"] for name, claim in claims_of(report).items() if claim["worded_by"] == "m"}


def test_the_same_again_asks_nothing_and_changes_nothing(tmp_path: Path, server: ModelServer, story: Story) -> None:
    first = told(tmp_path, server, story)
    assert worded(first)
    assert first["model"] == "m"
    assert all(claim["text"] == shortened(claim["text"]) for claim in claims_of(first).values())
    assert "m" in {statement["worded_by"] for statement in first["summary"]} <= {"m", None}
    assert {label.partition("@")[0] for label in first["prompts"]} >= {"claims.v1", "summary.v1", "title.v1"}
    asked = len(server.requests)
    assert first["usage"]["calls"] == asked > 0
    assert first["usage"]["tokens_in"] == 11 * asked
    assert first["usage"]["cost"] is None
    second = told(tmp_path, server, story)
    assert len(server.requests) == asked
    assert second["usage"]["calls"] == 0
    assert second["prompts"] == []
    assert second["model"] == "m"
    assert set(second["changes"]["kept"]) == set(claims_of(first))
    assert not any(second["changes"][name] for name in ("new", "strengthened", "weakened", "withdrawn"))
    for part in ("summary", "focus_areas", "conclusions"):
        assert second[part] == first[part]
    assert [angle["title"] for angle in second["angles"]] == [angle["title"] for angle in first["angles"]]
    assert list(claims_of(second)) == list(claims_of(first))


def test_a_new_source_changes_exactly_the_difference(tmp_path: Path, server: ModelServer, story: Story) -> None:
    first = told(tmp_path, server, story)
    write(story.folder, SECOND)
    second = told(tmp_path, server, story)
    before, now = claims_of(first), claims_of(second)
    assert set(before) <= set(now)
    assert all(now[name]["text"] == claim["text"] for name, claim in before.items())
    fresh = {story_source(second, name) for name in SECOND}
    for name in second["changes"]["new"]:
        assert {e["source_id"] for e in now[name]["evidence"]} <= fresh
    claim = named(second, KEEPING)
    assert (claim["status"], claim["witnesses"], claim["worded_by"]) == ("strengthened", 2, "m")
    assert len({fold(claim["text"]) for claim in now.values()}) == len(now)
    (story.folder / "agreement.md").unlink()
    third = told(tmp_path, server, story)
    claim = named(third, KEEPING)
    assert (claim["status"], claim["witnesses"]) == ("weakened", 1)
    assert [e["uri"].rpartition("/")[2] for e in claim["evidence"]] == ["collapse.md"]


def story_source(report: dict[str, Any], name: str) -> str:
    (found,) = {r["source_id"] for r in report["references"] if r["uri"].endswith(f"/{name}")}
    return str(found)


def test_a_removed_source_is_withdrawn_and_an_edited_one_moves(
    tmp_path: Path, server: ModelServer, story: Story
) -> None:
    write(story.folder, SECOND)
    first = told(tmp_path, server, story)
    gone = story_source(first, "bias.md")
    (story.folder / "bias.md").unlink()
    write(story.folder, {"collapse.md": "# New first part\n\nThis part is new.\n\n" + FIRST["collapse.md"]})
    second = told(tmp_path, server, story)
    assert gone not in cited(second)
    withdrawn = {each["id"]: each["reason"] for each in second["changes"]["withdrawn"]}
    assert set(withdrawn) == {
        name for name, claim in claims_of(first).items() if {e["source_id"] for e in claim["evidence"]} == {gone}
    }
    assert all("removed" in reason for reason in withdrawn.values())
    before, now = named(first, KEEPING), named(second, KEEPING)
    assert now["id"] == before["id"]
    assert now["status"] == "kept"
    assert now["evidence"][0]["start"] > before["evidence"][0]["start"]


def test_words_that_no_longer_stand_withdraw_the_claim_that_was_drafted_over_them(
    tmp_path: Path, server: ModelServer, story: Story
) -> None:
    first = told(tmp_path, server, story)
    write(story.folder, {"bias.md": FIRST["bias.md"].replace("reduced the bias", "hardly touched the bias")})
    second = told(tmp_path, server, story)
    (gone,) = second["changes"]["withdrawn"]
    assert "balances groups on purpose reduced" in gone["text"]
    assert "changed" in gone["reason"]
    assert set(second["changes"]["kept"]) == set(claims_of(first)) - {gone["id"]}


def test_with_a_model_then_without_then_with(tmp_path: Path, server: ModelServer, story: Story) -> None:
    first = told(tmp_path, server, story)
    asked = len(server.requests)
    write(story.folder, {"evaluation.md": SECOND["evaluation.md"]})
    second = told(tmp_path, None, story)
    assert len(server.requests) == asked
    assert worded(second) == worded(first)
    assert second["model"] == "m"
    assert second["changes"]["new"]
    texts = {claim["text"] for claim in claims_of(second).values()}
    assert {statement["text"] for statement in second["summary"]} <= texts
    assert (second["notes"], second["refused"], second["usage"]["calls"]) == ([], [], 0)
    write(story.folder, SECOND)
    third = told(tmp_path, server, story)
    assert {name: claims_of(third)[name]["text"] for name in claims_of(second)} == {
        name: claim["text"] for name, claim in claims_of(second).items()
    }
    assert not set(worded(third)) & set(second["changes"]["new"])


def test_without_a_model_first(tmp_path: Path, server: ModelServer, story: Story) -> None:
    first = told(tmp_path, None, story)
    assert (first["model"], worded(first)) == ("none", {})
    write(story.folder, SECOND)
    second = told(tmp_path, server, story)
    assert set(worded(second)) <= set(second["changes"]["new"])
    assert worded(second)
    assert all(claims_of(second)[name]["text"] == claim["text"] for name, claim in claims_of(first).items())


def test_nothing_invented_gets_in_and_what_was_tried_is_counted(
    tmp_path: Path, server: ModelServer, story: Story
) -> None:
    server.script = [inventing]
    write(story.folder, SECOND)
    report = told(tmp_path, server, story)
    said = [claim["text"] for claim in claims_of(report).values()]
    said += [s["text"] for s in (*report["summary"], *report["conclusions"])]
    said += [angle["title"] for angle in report["angles"]]
    for words in ("everywhere", "cheese", "2031", "invented.example", "always safe"):
        assert not any(words in text.casefold() for text in said)
    texts = documents(story)
    for claim in claims_of(report).values():
        assert claim["support"]["label"] == "supported"
        for each in (*claim["evidence"], *claim["against"]):
            assert texts[each["source_id"]][each["start"] : each["end"]] == each["quote"]
    refused = report["refused"]
    counts = {reason: sum(r["reason"] == reason for r in refused) for reason in report["rejected"]}
    assert counts == report["rejected"]
    assert counts["unknown_id"] >= 5
    assert counts["unsupported"] >= 5
    assert counts["malformed"] >= 10
    markdown = Path(report["files"]["md"]).read_text("utf-8")
    assert f"{len(refused)} drafts did not pass the gate" in markdown
    assert "worded by m" in markdown


def documents(story: Story) -> dict[str, str]:
    with kb.open(story.folder.parent / "kb", **LIGHT) as base:
        return {state.source.id: text_of(base, state.source.id) for state in base.sources()}


def text_of(base: KnowledgeBase, source: str) -> str:
    document = base.document(source)
    assert document is not None
    return document.text


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_to_the_corpus_and_the_model(
    tmp_path: Path, server: ModelServer, story: Story, seed: int
) -> None:
    """Sources come, change and go, models come, invent and go: every report tells exactly what changed, and verifies."""
    draw = random.Random(seed)
    pages = {**FIRST, **SECOND}
    for turn in range(6):
        for name in draw.sample(sorted(pages), 2):
            path = story.folder / name
            if path.exists() and len(list(story.folder.iterdir())) > 2 and draw.random() < 0.5:
                path.unlink()
            else:
                lines = pages[name].split("\n\n")
                draw.shuffle(lines)
                kept = lines if draw.random() < 0.5 else [line for line in lines if draw.random() < 0.7]
                path.write_text("\n\n".join([*kept, f"This is turn {turn} of the test."]) + "\n", "utf-8")
        server.script = [draw.choice([honest, inventing])]
        before = claims_of(story.reports[-1]) if story.reports else {}
        report = told(tmp_path, draw.choice([server, server, None]), story)
        now = claims_of(report)
        assert len({fold(claim["text"]) for claim in now.values()}) == len(now)
        assert all(now[name]["worded_by"] == before[name]["worded_by"] for name in now.keys() & before.keys())
        assert not any("cheese" in claim["text"] or "everywhere" in claim["text"] for claim in now.values())


def dying_after(server: ModelServer, calls: int) -> Callable[[dict[str, Any]], Response]:
    left = [calls]

    def step(body: dict[str, Any]) -> Response:
        left[0] -= 1
        if left[0] >= 0:
            return honest(body)
        server._stopping.set()
        return Response(cut=True)

    return step


@pytest.mark.parametrize("calls", [1, 3, 6])
def test_a_server_that_dies_in_the_middle_leaves_a_whole_report(
    tmp_path: Path, server: ModelServer, story: Story, calls: int
) -> None:
    write(story.folder, SECOND)
    server.script = [dying_after(server, calls)]
    report = told(tmp_path, server, story, llm_retries=0, llm_concurrency=1)
    parts = {note["part"] for note in report["notes"]}
    assert "the summary" in parts
    asked = [task(body) for body in server.requests]
    assert len(asked) <= calls + 1
    for angle in report["angles"]:
        drafted = any(claim["worded_by"] for claim in angle["claims"])
        assert drafted != (f"angle '{angle['title']}'" in parts)
    assert report["usage"]["calls"] == calls
    assert {statement["worded_by"] for statement in report["summary"]} == {None}
    markdown = Path(report["files"]["md"]).read_text("utf-8")
    assert "The summary is in the sources' own words" in markdown
    again = told(tmp_path, None, story)
    assert set(again["changes"]["kept"]) == set(claims_of(report))


def test_a_dead_server_costs_seconds_and_the_report_is_the_extractive_one(tmp_path: Path, story: Story) -> None:
    write(story.folder, SECOND)
    with running() as gone:
        pass
    started = time.monotonic()
    report = told(tmp_path, gone, story, llm_retries=1)
    assert time.monotonic() - started < 15
    assert report["model"] == "none"
    assert not worded(report)
    assert len(report["notes"]) == len(report["angles"]) + 1
    assert report["usage"]["calls"] == 0
    other = tmp_path / "other"
    with kb.open(other, **LIGHT) as base:
        plain = Story(base, story.folder).tell()
    assert claims_of(plain).keys() == claims_of(report).keys()
    assert plain["summary"] == report["summary"]


def test_the_command_says_who_worded_what_and_what_did_not_pass(
    tmp_path: Path, server: ModelServer, story: Story, light_settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_LLM_BASE_URL", f"{server.url}/v1")
    server.script = [inventing]
    home, trace = tmp_path / "kb", tmp_path / "trace.jsonl"
    with kb.open(home, **LIGHT) as base:
        base.ingest(story.folder)
    call = ["report", TOPIC, "--kb", str(home)]
    shown = CliRunner().invoke(
        cli, [*call, "--llm", "openai:m", "--explain", "--trace", str(trace)], env={"COLUMNS": "300"}
    )
    assert shown.exit_code == 0
    assert "Wording: 5 of 6 claims" in shown.output
    assert "in the words of m" in shown.output
    assert "drafts did not pass the gate: " in shown.output
    assert "unknown_id: " in shown.output
    assert "malformed: " in shown.output
    assert len(trace.read_text("utf-8").splitlines()) == len(server.requests)
    asked = len(server.requests)
    plain = CliRunner().invoke(cli, [*call, "--llm", "none", "--json"])
    assert json.loads(plain.output)["model"] == "m"
    assert len(server.requests) == asked
