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
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from integration.folders import Folder, check_sources

import kb

SETTINGS = {"embedder": "hash"}  # a quick model; the indexes are the real ones
KILLS = 32
PER_ROUND = 4
TOPIC = "Risks and benefits of synthetic data for language models. Focus on bias, quality, and evaluation."


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


def kill_after(seconds: float, home: Path, folder: Folder) -> bool:
    """Whether the ingest was still running after ``seconds``, when it is killed."""
    process = spawn("--kb", home, "ingest", folder.path, "--prune")
    time.sleep(seconds)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return alive


def duration(home: Path, folder: Folder) -> float:
    """Seconds of one whole run."""
    started = time.monotonic()
    assert run("--kb", home, "ingest", folder.path, "--prune")["failed"] == 0
    return time.monotonic() - started


def check(home: Path, folder: Folder, reports: list[dict[str, Any]]) -> None:
    """The knowledge base holds exactly the folder, whichever way one looks at it."""
    with closing(sqlite3.connect(home / "catalog.sqlite")) as connection:
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
        live = [row[0] for row in connection.execute("SELECT id FROM chunks WHERE live")]
    assert len(live) == len(set(live))
    with kb.open(home, create=False, **SETTINGS) as base:
        assert base.doctor() == ([], [])
        check_sources(base, folder)
        assert base._indexes.vectors.ids() == set(live)
        assert base._indexes.lexical.ids() == set(live)
        for report in reports:
            assert base.verify(report).problems == ()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system knows no SIGKILL")
def test_killed_at_random_moments(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folder = Folder(tmp_path / "folder", seed=20)
    draw = random.Random(7)
    whole = duration(tmp_path / "spare", folder)
    # evenly over the whole run, in a random order: no part of a run is left out by chance
    moments = [(at + draw.random()) / KILLS for at in range(KILLS)]
    draw.shuffle(moments)
    reports: list[dict[str, Any]] = []
    for at, share in enumerate(moments, start=1):
        while not kill_after(share * whole, home, folder):
            whole *= 0.9  # the run had ended before; the machine is quicker than it was
            folder.change()
        folder.change()
        if at % PER_ROUND:
            continue
        if at % (2 * PER_ROUND):  # a reader right after a kill
            run("--kb", home, "search", "bias of a language model")
        whole = (whole + duration(home, folder)) / 2
        check(home, folder, reports)
        if at % (2 * PER_ROUND):
            reports.append(run("--kb", home, "report", TOPIC))
    assert run("--kb", home, "doctor")["problems"] == []
    assert any(claim["evidence"] for angle in reports[0]["angles"] for claim in angle["claims"])
    with kb.open(home, create=False, **SETTINGS) as base:
        assert base.verify(reports[0]).superseded > 0
