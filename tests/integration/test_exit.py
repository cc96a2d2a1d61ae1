"""A process may end while a model is still being opened in the background; it ends as if nothing had happened."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import kb

pytestmark = pytest.mark.slow

# The process is over a moment after the first question that needs no model has started one.
ENDS = """
import sys, time
import kb

base = kb.open(sys.argv[1])
base._reading()
base._opening_verifier()
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exit")
    (folder / "a.txt").write_text("Rain falls on the hills in spring and fills the rivers below.", "utf-8")
    with kb.open(folder / "kb") as base:
        base.ingest(folder / "a.txt")
    return folder / "kb"


def run(code: str, *arguments: str) -> tuple[int, str]:
    made = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    return made.returncode, made.stderr


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.2, 0.3, 0.5])
def test_a_process_ends_while_models_open(home: Path, delay: float) -> None:
    assert run(ENDS, str(home), str(delay)) == (0, "")


def test_a_search_for_words_opens_no_model(home: Path) -> None:
    code = (
        "import sys, threading, kb\nbase = kb.open(sys.argv[1])\nassert base.search('rain', mode='lexical')\n"
        "assert not [t for t in threading.enumerate() if t.name == 'kb-opening']\nassert base.search('rain')\n"
    )
    assert run(code, str(home)) == (0, "")
