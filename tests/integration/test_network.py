"""Nothing opens a connection unless a source is a web address: sockets are refused, and who tries is written down.

Refused in this process, in the command's own process, and in the workers that it starts.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import kb

SHARED = ROOT.parent / "shared" / "data" / "documents"
CORPUS = ROOT / "corpus"

# Python imports a module of this name at the start of every process. 'kb' refuses sockets in its workers by itself; this
# stands before that and sees every attempt, also one that a library swallows.
GUARD = """
import os, socket, sys, traceback

_LOG = os.environ["TEST_NETWORK_LOG"]

def _refuse(name):
    def refuse(*arguments, **_):
        first = arguments[0] if arguments else None
        if isinstance(first, socket.socket) and first.family == getattr(socket, "AF_UNIX", None):
            return _REAL[name](*arguments)
        with open(_LOG, "a") as log:
            log.write(f"{name} {arguments[1:] or arguments} in {sys.argv[:3]}\\n{''.join(traceback.format_stack(limit=12))}\\n")
        raise OSError("the network is refused")
    return refuse

class _Guarded(socket.socket):
    pass

_REAL = {}
for _name in ("connect", "connect_ex", "sendto"):
    _REAL[_name] = getattr(socket.socket, _name)
    setattr(_Guarded, _name, _refuse(_name))
for _name in ("getaddrinfo", "gethostbyname", "create_connection"):
    setattr(socket, _name, _refuse(_name))
socket.socket = _Guarded
with open(os.environ["TEST_NETWORK_SEEN"], "a") as seen:
    seen.write(f"{os.getpid()}\\n")
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real files of every type: one of each kind of the shared data where it is there, and the corpus of the project."""
    folder = tmp_path_factory.mktemp("network") / "documents"
    shutil.copytree(CORPUS, folder, ignore=shutil.ignore_patterns("urls.txt"))
    if SHARED.is_dir():
        kinds: dict[str, int] = {}
        for path in sorted(path for path in SHARED.rglob("*") if path.is_file() and path.stat().st_size < 100_000):
            kinds[path.suffix] = kinds.get(path.suffix, 0) + 1
            if kinds[path.suffix] <= 3:
                shutil.copy(path, folder / f"shared-{path.name}")
    return folder


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Sockets refused in this process; the attempts."""
    attempts: list[str] = []

    def refuse(name: str, real: Any) -> Any:
        def refusing(*arguments: Any, **options: Any) -> Any:
            if isinstance(arguments[0], socket.socket) and arguments[0].family == socket.AF_UNIX:
                return real(*arguments, **options)
            attempts.append(f"{name} {arguments[1:] or arguments}")
            raise OSError(name)

        return refusing

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse(name, getattr(socket.socket, name)), raising=False)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse(name, getattr(socket, name)))
    return attempts


def test_the_python_interface_opens_no_connection(documents: Path, tmp_path: Path, refused: list[str]) -> None:
    with kb.open(tmp_path / "kb") as base:
        result = base.ingest(documents)
        assert result.count("added") > 20
        assert base.search("model collapse")
        assert base.ask("What prevents model collapse?").text
        report, _ = base.report("Risks of synthetic data. Focus on bias.", out=tmp_path / "out")
        assert report.angles
    assert refused == []


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("guard")
    (folder / "sitecustomize.py").write_text(GUARD, "utf-8")
    return folder


def run(guarded: Path, home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(guarded), str(ROOT)]),
        "TEST_NETWORK_LOG": str(guarded / "attempts"),
        "TEST_NETWORK_SEEN": str(guarded / "seen"),
    }
    command = [sys.executable, "-m", "kb", "--kb", home, *arguments]
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, env=environment, timeout=300, check=False
    )


def attempts(guarded: Path) -> str:
    log = guarded / "attempts"
    return log.read_text("utf-8") if log.exists() else ""


def test_commands_and_their_workers_open_no_connection(guarded: Path, documents: Path, tmp_path: Path) -> None:
    home = tmp_path / "kb"
    done = run(guarded, home, "ingest", documents, "--json")
    assert done.returncode in (0, 3), done.stderr
    outcomes = json.loads(done.stdout)["sources"]
    kinds = {
        Path(each["uri"].partition("#")[0]).suffix for each in outcomes if each["status"] in ("added", "duplicate")
    }
    assert kinds >= {
        ".csv",
        ".docx",
        ".eml",
        ".epub",
        ".html",
        ".jsonl",
        ".md",
        ".odt",
        ".pdf",
        ".pptx",
        ".rtf",
        ".txt",
    }
    assert run(guarded, home, "search", "model collapse").returncode == 0
    assert run(guarded, home, "ask", "What prevents model collapse?").returncode == 0
    assert (
        run(guarded, home, "report", "Risks of synthetic data. Focus on bias.", "--out", tmp_path / "out").returncode
        == 0
    )
    (report,) = (tmp_path / "out").glob("*.json")
    assert run(guarded, home, "verify", report).returncode == 0
    assert run(guarded, home, "rebuild").returncode == 0
    assert run(guarded, home, "doctor").returncode == 0
    assert attempts(guarded) == ""
    processes = (guarded / "seen").read_text("utf-8").split()
    assert len(processes) == 7 + 2  # seven commands, and the two workers of one of them: the guard was there


def test_the_guard_would_have_seen_it(guarded: Path, tmp_path: Path) -> None:
    """A web address is tried, and the attempt is written down."""
    done = run(guarded, tmp_path / "kb", "ingest", "https://example.org/page", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["failed"] == 1
    assert "getaddrinfo" in attempts(guarded)
    (guarded / "attempts").unlink()
