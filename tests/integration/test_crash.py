"""Kill -9 at any moment, then run again: nothing lost, nothing twice, no ghost in either index."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import kb
from kb.app import KnowledgeBase
from kb.catalog.outbox import Outbox
from kb.catalog.sync import IndexSync
from kb.errors import IndexBackendError

LIGHT = {"embedder": "hash", "vectors": "exact", "lexical": "memory"}
SETTINGS = {"embedder": "hash"}  # a quick model; the indexes are the real ones
KILLS = 36
PER_ROUND = 4
DOCUMENTS = 60
TOPIC = "Risks and benefits of synthetic data for language models. Focus on bias, quality, and evaluation."

SUBJECTS = ("Synthetic data", "A generated data set", "Training on model output", "Filtered synthetic text")
VERBS = ("reduces", "increases", "hides", "measures", "repeats")
OBJECTS = (
    "the bias of a language model against small groups",
    "the quality of instruction tuning in low-resource languages",
    "the cost of evaluation on held-out human data",
    "the diversity of words that a model uses after training",
    "the risk of model collapse over several generations",
)


class Folder:
    """A folder of documents that changes at random, and what it should hold."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path = path
        self.random = random.Random(seed)
        self.words: dict[str, str] = {}  # the word that only the present version of a file has, by its name
        self.made = 0
        path.mkdir()
        for _ in range(DOCUMENTS):
            self.add()

    def change(self) -> None:
        """Add, edit and delete some files."""
        for _ in range(self.random.randint(2, 6)):
            self.add()
        for name in self.random.sample(sorted(self.words), 8):
            self.write(name)
        surplus = max(0, len(self.words) - DOCUMENTS)
        for name in self.random.sample(sorted(self.words), self.random.randint(0, 3) + surplus):
            (self.path / name).unlink()
            del self.words[name]

    def add(self) -> None:
        self.made += 1
        self.write(f"note-{self.made:03}.{self.random.choice(('md', 'txt'))}")

    def write(self, name: str) -> None:
        self.made += 1
        self.words[name] = f"zebra{self.made:05}"
        parts = [f"# Note {name[5:8]}" if name.endswith("md") else f"Note {name[5:8]}"]
        parts += [self.paragraph(name, number) for number in range(self.random.randint(2, 6))]
        parts.insert(self.random.randint(1, len(parts)), f"The mark of this version is the word {self.words[name]}.")
        partial = self.path.parent / "partial"  # an editor replaces a file as well
        partial.write_text("\n\n".join(parts) + "\n", "utf-8")
        partial.replace(self.path / name)

    def paragraph(self, name: str, number: int) -> str:
        """Some of the paragraphs of a file stay the same when it is written again."""
        draw = random.Random(f"{name}{number}") if number % 2 else self.random
        lines = [
            f"{draw.choice(SUBJECTS)} {draw.choice(VERBS)} {draw.choice(OBJECTS)} in {draw.randint(2, 90)} of 100 cases."
            for _ in range(draw.randint(2, 9))
        ]
        return " ".join(lines)


def spawn(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kb", *map(str, arguments)]
    environment = {**os.environ, "KB_EMBEDDER": "hash"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def run(*arguments: str | Path) -> dict[str, Any]:
    process = spawn(*arguments, "--json")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, f"{arguments}: exit {process.returncode}\n{out[-2000:]}\n{err[-4000:]}"
    body: dict[str, Any] = json.loads(out)
    return body


def kill_at_random(home: Path, folder: Folder, seconds: float) -> bool:
    """Whether the ingest was still running after ``seconds``, when it is killed."""
    process = spawn("--kb", home, "ingest", folder.path, "--prune")
    time.sleep(seconds)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return alive


def check(home: Path, folder: Folder, reports: list[dict[str, Any]]) -> None:
    """The knowledge base holds exactly the folder, whichever way one looks at it."""
    diagnosis = run("--kb", home, "doctor")
    assert diagnosis["problems"] == []
    with closing(sqlite3.connect(home / "catalog.sqlite")) as connection:
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
        live = [row[0] for row in connection.execute("SELECT id FROM chunks WHERE live")]
    assert len(live) == len(set(live))
    with kb.open(home, create=False, **SETTINGS) as base:
        check_sources(base, folder)
        assert base._indexes.vectors.ids() == set(live)
        assert base._indexes.lexical.ids() == set(live)
        for report in reports:
            assert base.verify(report).problems == ()


def check_sources(base: KnowledgeBase, folder: Folder) -> None:
    states = base.sources()
    names = [Path(state.source.uri).name for state in states]
    assert sorted(names) == sorted(folder.words)
    assert {state.status for state in states} == {"indexed"}
    for name, state in zip(names, states, strict=True):
        document = base.document(state.source.id)
        assert document is not None
        assert folder.words[name] in document.text
        chunks = base.catalog.read.chunks_of(document.id)
        assert "".join("".join(c.text.split()) for c in chunks) in "".join(document.text.split())
        assert sum(folder.words[name] in chunk.text for chunk in chunks) == 1
        found = base.search(folder.words[name], 1, mode="lexical")
        assert [hit.source.id for hit in found] == [state.source.id]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system knows no SIGKILL")
def test_killed_at_random_moments(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folder = Folder(tmp_path / "folder", seed=20)
    draw = random.Random(7)
    started = time.monotonic()
    reports: list[dict[str, Any]] = []
    spare = tmp_path / "spare"
    run("--kb", spare, "ingest", folder.path)
    whole = time.monotonic() - started
    # evenly over the whole run, in a random order: no part of a run is left out by chance
    moments = [whole * (at + draw.random()) / KILLS for at in range(KILLS)]
    draw.shuffle(moments)
    hit = 0
    for at in range(0, KILLS, PER_ROUND):
        for seconds in moments[at : at + PER_ROUND]:
            hit += kill_at_random(home, folder, seconds)
            folder.change()
        if at:  # a reader right after a kill heals what is owed, or reads what is there
            run("--kb", home, "search", "bias of a language model")
        result = run("--kb", home, "ingest", folder.path, "--prune")
        assert result["failed"] == 0
        check(home, folder, reports)
        reports.append(run("--kb", home, "report", TOPIC))
    check(home, folder, reports)
    assert any(claim["evidence"] for angle in reports[0]["angles"] for claim in angle["claims"])
    with kb.open(home, create=False, **SETTINGS) as base:
        assert base.verify(reports[0]).superseded > 0
    assert hit >= KILLS * 0.75  # the rest ended before their moment came


# -- the same without luck: every seam of the outbox, in one process -------------------------------------------------


class Stop(BaseException):
    """Stands for the end of the process: nothing catches it."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "folder", seed=3)


@pytest.fixture(params=["exact", "real"])
def options(request: pytest.FixtureRequest) -> dict[str, str]:
    return LIGHT if request.param == "exact" else SETTINGS


def stop(*_args: object, **_kwargs: object) -> None:
    raise Stop


def stop_after(times: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, which works so often and then stops the process after its work is done."""
    left = iter(range(times - 1))

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if next(left, None) is None:
            raise Stop
        return result

    return wrapper


SEAMS: dict[str, tuple[type, str, Callable[[Callable[..., Any]], Callable[..., Any]]]] = {
    "the catalog is committed, no index knows of it": (IndexSync, "_put", lambda _: stop),
    "something was deleted, nothing put": (IndexSync, "_delete", lambda f: stop_after(1, f)),
    "the first index has it, the outbox does not know": (IndexSync, "_put", lambda f: stop_after(1, f)),
    "the first index is settled, the second knows nothing": (Outbox, "settle", lambda f: stop_after(1, f)),
    "both indexes have it, the second is not struck out": (IndexSync, "_put", lambda f: stop_after(2, f)),
    "everything is settled, the run is not finished": (Outbox, "settle", lambda f: stop_after(2, f)),
}


def is_in_step(base: KnowledgeBase) -> None:
    live = base.catalog.read.live_chunk_ids()
    assert base.catalog.outbox.size() == 0
    assert base._indexes.vectors.ids() == live
    assert base._indexes.lexical.ids() == live


@pytest.mark.parametrize("seam", SEAMS)
@pytest.mark.parametrize("way_back", ["search", "ingest"])
def test_every_seam_of_the_outbox(
    tmp_path: Path, folder: Folder, options: dict[str, str], seam: str, way_back: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    with kb.open(home, **options) as base:
        base.ingest(folder.path)
    folder.change()
    owner, name, change = SEAMS[seam]
    with monkeypatch.context() as patch, kb.open(home, **options) as base:
        patch.setattr(owner, name, change(getattr(owner, name)))
        with pytest.raises(Stop):
            base.ingest(folder.path, prune=True)
    with kb.open(home, **options) as base:
        if way_back == "search":
            assert base.search("bias of a language model")
            is_in_step(base)
        base.ingest(folder.path, prune=True)
        is_in_step(base)
        check_sources(base, folder)
        assert base.doctor() == ([], [])


def test_nothing_is_stored_of_a_source_whose_commit_did_not_come(
    tmp_path: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last statement of the transaction fails: document, chunks, vectors and debts of that source all go back."""
    home = tmp_path / "home"
    with monkeypatch.context() as patch, kb.open(home, **LIGHT) as base:
        patch.setattr(Outbox, "owe", stop)
        with pytest.raises(Stop):
            base.ingest(folder.path)
        count = "SELECT (SELECT count(*) FROM chunks), (SELECT count(*) FROM documents), (SELECT count(*) FROM vectors)"
        assert tuple(base.catalog._connection.execute(count).fetchone()) == (0, 0, 0)
        assert base.sources() == []
    with kb.open(home, **LIGHT) as base:
        base.ingest(folder.path)
        check_sources(base, folder)


@pytest.mark.parametrize("backend", ["vectors", "lexical"])
def test_a_refill_that_is_stopped_starts_again(
    tmp_path: Path, folder: Folder, options: dict[str, str], backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    with kb.open(home, **options) as base:
        base.ingest(folder.path)
    (home / backend / "token").unlink()
    with monkeypatch.context() as patch, kb.open(home, **options) as base:
        patch.setattr(IndexSync, "_put", stop_after(1, IndexSync._put))
        with pytest.raises(Stop):
            base.search("bias")
    with kb.open(home, **options) as base:
        assert base.search("bias")
        is_in_step(base)


class Damaged:
    """Chroma as it is left by a process that was killed in the middle of a write."""

    def __init__(self, path: Path) -> None:
        self.marker = path / "unfinished"

    def __iter__(self) -> Iterator[Path]:
        yield self.marker


@pytest.mark.parametrize("way_back", ["search", "ingest", "doctor"])
def test_an_index_killed_in_the_middle_of_a_write_is_made_again(
    tmp_path: Path, folder: Folder, way_back: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kb.backends.chroma_index import ChromaIndex

    home = tmp_path / "home"
    with kb.open(home, **SETTINGS) as base:
        base.ingest(folder.path)
    folder.change()
    with monkeypatch.context() as patch, kb.open(home, **SETTINGS) as base:
        patch.setattr(ChromaIndex, "upsert", stop)
        with pytest.raises(Stop):
            base.ingest(folder.path, prune=True)
    (home / "vectors" / "unfinished").touch()
    with kb.open(home, **SETTINGS) as base:
        if way_back == "doctor":
            problems, _ = base.doctor()
            assert any("vector" in problem for problem in problems)
            base.doctor(repair=True)
            assert base.doctor() == ([], [])
        elif way_back == "search":
            assert base.search("bias of a language model")
        base.ingest(folder.path, prune=True)
        is_in_step(base)
        check_sources(base, folder)
        assert base.doctor() == ([], [])


def test_a_damaged_index_without_debts_says_so_and_is_repaired(tmp_path: Path, folder: Folder) -> None:
    home = tmp_path / "home"
    with kb.open(home, **SETTINGS) as base:
        base.ingest(folder.path)
    (home / "vectors" / "unfinished").touch()
    with kb.open(home, **SETTINGS) as base:
        with pytest.raises(IndexBackendError, match="rebuild"):
            base.search("bias", mode="dense")
        problems, mended = base.doctor(repair=True)
        assert problems
        assert mended
        assert base.doctor() == ([], [])
        assert base.search("bias", mode="dense")
