"""The verifier from data to package: ``python bench/verifier/build.py DATA WORK``; about seven hours on two cores.

Trains three times on everything but Fool-Me-Twice, WiCE and SciFact: every real pair once (``plain``), a mixture with pairs made by
rule (``lean``), and from the mean of these two a richer mixture (``rich``). The mean of the last one with that of the first two
is the base, whose figures are those of whole sets left out. It goes on with one half of each set (``near``), and in short stages,
each from a mean of those before it, with pairs that take a step of thought; the shipped file, in int8, is calibrated on the other
halves. Writes figures and card.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "kb" / "data"
STAGES: Final[tuple[tuple[str, str, str], ...]] = (
    ("plain", "", "--recipe plain --seed 7"),
    ("lean", "", "--recipe lean --seed 7"),
    ("rich", "plain lean", "--rate 5e-5 --seed 11"),
    ("near", "rich rich plain lean", "--share 0.08 --near 2 --rate 3e-5 --seed 8"),
    ("more", "near", "--frozen 2 --share 0.3 --near 1 --rate 5e-5 --seed 21"),
    ("thought", "near more", "--frozen 2 --share 0.12 --near 2 --reasoned 26000 --rate 4e-5 --seed 22"),
    ("last", "near thought thought", "--frozen 2 --share 0.05 --near 2 --reasoned 9000 --rate 2.5e-5 --seed 23"),
    ("again", "thought last", "--frozen 2 --share 0.2 --near 1 --reasoned 5000 --rate 4e-5 --seed 24"),
    (
        "asserted",
        "near thought last again",
        "--frozen 2 --share 0.15 --near 2 --reasoned 18000 --asserted 20000 --rate 4e-5 --seed 25",
    ),
    (
        "turning",
        "asserted",
        "--frozen 2 --share 0.1 --near 1 --reasoned 8000 --asserted 10000 --turning 12000 --rate 3.5e-5 --seed 26",
    ),
)
"""What is trained in turn: name, the weights whose mean it goes on from (none: the bundled encoder), how."""
BASE: Final = ("rich", "rich", "plain", "lean")
SHIPPED: Final = ("asserted", "turning")


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

    made = {name: work / f"{name}.pt" for name, _, _ in STAGES}
    for name, begun, how in STAGES:
        if not made[name].exists():
            start = ("--start", *(made[other] for other in begun.split())) if begun else ()
            run("train_verifier.py", data, made[name], *start, *how.split())
    whole = work / "base.safetensors"
    figures = {name: work / f"{name}_figures.json" for name in ("base", "shipped", "phenomena", "fresh")}
    run("export.py", *(made[name] for name in BASE), whole)
    run("calibrate.py", data, whole, "--everything", "--card", work / "base.json", "--json", figures["base"])
    run("export.py", *(made[name] for name in SHIPPED), weights)
    run("calibrate.py", data, weights, "--json", figures["shipped"])
    for name, pairs in (("phenomena", []), ("fresh", [HERE / "fresh.jsonl"])):
        with figures[name].open("w") as out:
            subprocess.run([sys.executable, "-m", "kb", "eval", "check", *pairs, "--json"], check=True, stdout=out)
    run("card.py", data, PACKAGE / "VERIFIER.md", *figures.values())


if __name__ == "__main__":
    main()
