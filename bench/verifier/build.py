"""The verifier from data to package: ``python bench/verifier/build.py DATA WORK [--seed 7]``; about an hour on two cores.

Trains on everything but Fool-Me-Twice, WiCE and SciFact (``base.pt``, whose figures are those of whole sets left out), goes on
with one half of each (``near.pt``), ships the mean of both weights in int8, calibrates it on the other halves, and writes figures
and card.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "kb" / "data"
NEAR = ("--share", "0.08", "--near", "2", "--rate", "3e-5")
"""The last stage: a share of the first mixture again, and half of the evaluation sets twice."""


def run(script: str, *arguments: object) -> None:
    """Run one step; its failure ends all."""
    subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "work", type=Path, help="folder for weights between the steps; one that is there is not made again"
    )
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    base, near, weights = options.work / "base.pt", options.work / "near.pt", PACKAGE / "verifier.safetensors"
    options.work.mkdir(parents=True, exist_ok=True)
    if not base.exists():
        run("train_verifier.py", options.data, base, "--seed", options.seed)
    if not near.exists():
        run("train_verifier.py", options.data, near, "--start", base, "--seed", options.seed + 1, *NEAR)
    whole = options.work / "base.safetensors"
    run("export.py", base, whole)
    run("calibrate.py", options.data, whole, "--everything", "--card", options.work / "base.json", "--json",
        options.work / "base_figures.json")  # fmt: skip
    run("export.py", base, near, weights)
    run("calibrate.py", options.data, weights, "--json", options.work / "near_figures.json")
    run(
        "card.py",
        options.data,
        PACKAGE / "VERIFIER.md",
        options.work / "base_figures.json",
        options.work / "near_figures.json",
    )


if __name__ == "__main__":
    main()
