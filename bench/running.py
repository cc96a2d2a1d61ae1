"""What a question or a claim costs in a running process: milliseconds of each when it is first asked.

python bench/running.py [--kb HOME] [--runs 3] [--json FILE]

Without --kb a knowledge base over ``corpus/`` is made first. Every run is a process of its own that has answered two other
questions and checked one claim before, so that models and indexes are open; the figure of a question is its median over the
runs. Exit code 1 if one takes longer than it may.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import kb  # noqa: E402

MAY_MS = 150
BEFORE = ("What is differential privacy?", "What are the risks of annotation?")
CASES = {
    "ask": (
        "Is model collapse inevitable?",
        "How is the quality of synthetic data measured?",
        "What is membership inference?",
        "How much data do language models need?",
        "Who proposed back-translation?",
        "What does the AI Act say about bias?",
    ),
    "ask for several": (
        "What are the risks of training language models on synthetic data?",
        "What are the benefits of synthetic data?",
        "What are the limitations of watermarking?",
        "What are the effects of model collapse?",
        "What are the harms of biased data?",
        "Which advantages does synthetic text have for privacy?",
        "What are the causes of model collapse?",
        "What are the problems of evaluation with language models?",
        "What are the drawbacks of distillation?",
        "Which methods are used to filter instruction data?",
        "What are the dangers of asbestos?",
    ),
    "check": (
        "Model collapse can be avoided by keeping the original data.",
        "Watermarks cannot be removed.",
        "Synthetic data is always worse than human data.",
        "Fidelity, utility and privacy are three sides of quality.",
        "A membership inference attack finds training records.",
        "Human text will be used up before 2032.",
    ),
}


def run(home: Path) -> dict[str, list[float]]:
    """Milliseconds of every case, in this process."""
    with kb.open(home) as base:
        for question in BEFORE:
            base.ask(question)
        base.check("Model collapse is inevitable.")
        found: dict[str, list[float]] = {}
        for name, texts in CASES.items():
            for text in texts:
                started = time.perf_counter()
                base.check(text) if name == "check" else base.ask(text)
                found.setdefault(name, []).append(1000 * (time.perf_counter() - started))
    return found


def measure(home: Path, runs: int) -> dict[str, Any]:
    """All cases in ``runs`` processes."""
    rows: list[dict[str, list[float]]] = []
    for _ in range(runs):
        made = subprocess.run(
            [sys.executable, __file__, "--kb", str(home), "--once"], check=True, capture_output=True, text=True
        )
        rows.append(json.loads(made.stdout))
    figures: dict[str, Any] = {}
    for name, texts in CASES.items():
        each = [statistics.median(row[name][at] for row in rows) for at in range(len(texts))]
        figures[name] = {
            "median_ms": round(statistics.median(each)),
            "most_ms": round(max(each)),
            "each_ms": {text: round(value) for text, value in zip(texts, each, strict=True)},
        }
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kb", type=Path, help="a knowledge base to use")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.once:
        print(json.dumps(run(options.kb)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home = options.kb or Path(folder) / "kb"
        if not options.kb:
            with kb.open(home) as base:
                base.ingest(str(ROOT / "corpus"))
        figures = measure(home, options.runs)
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return int(any(row["most_ms"] > MAY_MS for row in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
