"""What a fresh process costs: seconds (median of several) and peak memory of commands that people wait for.

python bench/startup.py [--kb HOME] [--runs 5] [--json FILE]

Without --kb a knowledge base over ``corpus/`` is made first. Exit code 1 if a command takes longer than it may.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
QUESTION = "What prevents model collapse?"
SEVERAL = "What are the risks of training language models on synthetic data?"
CLAIM = "Watermarks cannot be removed."
COMMANDS: dict[str, tuple[list[str], float]] = {
    "--help": (["--help"], 0.2),
    "--version": (["--version"], 0.2),
    "sources": (["sources"], 1.0),
    "search": (["search", QUESTION], 2.0),
    "search --mode lexical": (["search", QUESTION, "--mode", "lexical"], 2.0),
    "ask": (["ask", QUESTION], 2.0),
    "ask for several": (["ask", SEVERAL], 2.0),
    "check": (["check", CLAIM], 2.0),
}


def run(home: Path, arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak memory (MB) of one command in a process of its own."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "KB_HOME": str(home)}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "kb", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    error = process.stderr.read().decode() if process.stderr else ""
    if process.returncode not in (0, 3):
        sys.exit(f"kb {' '.join(arguments)} failed with {process.returncode}: {error}")
    scale = 1 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_maxrss * scale / 1e6


def measure(home: Path, runs: int) -> dict[str, Any]:
    """All commands in turn, ``runs`` times: a busy moment of the machine meets them alike."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for arguments, _ in COMMANDS.values():
        run(home, arguments)  # files are in the system's memory afterwards
    for _ in range(runs):
        for name, (arguments, _) in COMMANDS.items():
            found[name].append(run(home, arguments))
    return {
        name: {
            "median_s": round(statistics.median(seconds for seconds, _ in rows), 3),
            "least_s": round(min(seconds for seconds, _ in rows), 3),
            "peak_mb": round(max(memory for _, memory in rows), 1),
            "may_s": COMMANDS[name][1],
        }
        for name, rows in found.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kb", type=Path, help="a knowledge base to use")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = options.kb or Path(folder) / "kb"
        if not options.kb:
            run(home, ["ingest", str(CORPUS)])
        figures = measure(home, options.runs)
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return int(any(row["median_s"] > row["may_s"] for row in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
