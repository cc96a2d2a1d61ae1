"""The verifier from data to package: ``python bench/verifier/build.py DATA WORK``; about four hours on two cores.

Trains three times on everything but Fool-Me-Twice, WiCE and SciFact: every real pair once (``plain.pt``), a mixture with pairs made by
rule (``lean.pt``), and from the mean of these two a richer mixture (``rich.pt``). The mean of the last one with that of the first two
is the base, whose figures are those of whole sets left out. It goes on with one half of each set (``near.pt``), which is shipped in
int8, calibrated on the other halves. Writes figures and card.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "kb" / "data"
LAST = ("--share", "0.08", "--near", "2", "--rate", "3e-5")
"""The last stage: a share of the rich mixture again, and half of the evaluation sets twice."""


def run(script: str, *arguments: object) -> None:
    """Run one step; its failure ends all."""
    subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "work", type=Path, help="folder for weights between the steps; one that is there is not made again"
    )
    options = parser.parse_args()
    data, work, weights = options.data, options.work, PACKAGE / "verifier.safetensors"
    work.mkdir(parents=True, exist_ok=True)

    def train(name: str, *arguments: object) -> Path:
        made = work / f"{name}.pt"
        if not made.exists():
            run("train_verifier.py", data, made, *arguments)
        return made

    plain = train("plain", "--recipe", "plain", "--seed", 7)
    lean = train("lean", "--recipe", "lean", "--seed", 7)
    rich = train("rich", "--recipe", "rich", "--start", plain, lean, "--rate", "5e-5", "--seed", 11)
    base = [rich, rich, plain, lean]
    near = train("near", "--recipe", "rich", "--start", *base, "--seed", 8, *LAST)
    whole = work / "base.safetensors"
    run("export.py", *base, whole)
    figures = {name: work / f"{name}_figures.json" for name in ("base", "near", "phenomena", "fresh")}
    run("calibrate.py", data, whole, "--everything", "--card", work / "base.json", "--json", figures["base"])
    run("export.py", near, weights)
    run("calibrate.py", data, weights, "--json", figures["near"])
    for name, pairs in (("phenomena", []), ("fresh", [HERE / "fresh.jsonl"])):
        with figures[name].open("w") as out:
            subprocess.run([sys.executable, "-m", "kb", "eval", "check", *pairs, "--json"], check=True, stdout=out)
    run("card.py", data, PACKAGE / "VERIFIER.md", *figures.values())


if __name__ == "__main__":
    main()
