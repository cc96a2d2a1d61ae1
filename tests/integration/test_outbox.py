"""What the outbox is for, without luck: the process stops at every seam between the catalog and the two indexes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import LIGHT
from integration.folders import Folder, check_sources

import kb
from kb.app import KnowledgeBase
from kb.catalog.outbox import Outbox
from kb.catalog.sync import IndexSync
from kb.errors import IndexBackendError

pytestmark = pytest.mark.slow

SETTINGS = {"embedder": "hash", "workers": 0}  # quick; the indexes are the real ones


class Stop(BaseException):
    """Stands for the end of the process: nothing catches it."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "folder", seed=3)


@pytest.fixture(params=["exact", pytest.param("real", marks=pytest.mark.slow)])
def options(request: pytest.FixtureRequest) -> dict[str, Any]:
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
    tmp_path: Path, folder: Folder, options: dict[str, Any], seam: str, way_back: str, monkeypatch: pytest.MonkeyPatch
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
    tmp_path: Path, folder: Folder, options: dict[str, Any], backend: str, monkeypatch: pytest.MonkeyPatch
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


def test_several_processes_may_open_a_new_knowledge_base_at_once(tmp_path: Path) -> None:
    code = "import sys, kb\nwith kb.open(sys.argv[1], embedder='hash') as base: print(len(base.sources()))"
    command = [sys.executable, "-c", code, str(tmp_path / "home")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert [process.communicate(timeout=60)[0] for process in processes] == ["0\n"] * 6
