"""The verifier from data to package: ``python bench/verifier/build.py DATA WORK TEACHER EARLIER.safetensors``.

``TEACHER`` is the folder of all-mpnet-base-v2 (Apache-2.0; ``config.json`` and ``model.safetensors``). That encoder, five times as
large as the one that is shipped, is trained first; the small one then learns its probabilities beside the labels, also on pairs
that nobody has labelled. The base, of which the figures of whole sets left out are, sees nothing of Fool-Me-Twice, WiCE and SciFact.
From it the last stage goes on with one half of each. ``EARLIER`` is the file that was shipped before (``git show
6bfae20:kb/data/verifier.safetensors``; how it was made: ``bench/verifier/build.py`` of that commit), another line from the same encoder and with
the same halves unseen. The mean of both is shipped, in int8, and calibrated on the other halves. Writes
figures and card, and the base beside this script, for whoever wants to measure it.

With a graphics card about half an hour and ten minutes on the processor; on processors alone about a day.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "kb" / "data"
STREAMS: Final = {
    "held": "--held",
    "all": "--recipes plain lean rich rich --reasoned 30000 --asserted 25000 --turning 15000 --hard 30000 --unknown 120000 --seed 7",
    "near": (
        "--recipes rich --share 0.15 --near 3 --reasoned 12000 --asserted 12000 --turning 10000 --hard 6000"
        " --unknown 15000 --seed 31"
    ),
}
"""What is encoded: name, and how."""


class Stage(NamedTuple):
    """A training: what it reads, the weights whose mean it goes on from (none: an encoder's own), how; its teacher, if it has one."""

    name: str
    stream: str
    begun: str
    how: str
    taught: str = ""


STAGES: Final = (
    Stage("teacher", "all", "", "--rate 5e-5 --tokens 16384 --steps 1820"),
    Stage("teacher-near", "near", "teacher", "--rate 2e-5 --tokens 16384"),
    Stage("one", "all", "", "--rate 1.2e-4 --tokens 4096 --steps 6600 --seed 7", "teacher"),
    Stage("other", "all", "", "--rate 1.2e-4 --tokens 4096 --steps 6600 --seed 11", "teacher"),
    Stage("base", "all", "one other", "--rate 2e-4 --tokens 24576 --passes 2 --steps 2820 --seed 41", "teacher"),
    Stage("near", "near", "base", "--rate 6e-5 --tokens 3072 --steps 1300 --seed 51", "teacher-near"),
)
"""What is trained in turn. Teachers are those that another stage names. The steps are those that the time allowed."""
BASE: Final = "base"
SHIPPED: Final = "near"
EARLIER: Final = "913eb203be17"
"""The first digits of the SHA-256 of the file that was shipped before."""


def run(script: str, *arguments: object) -> None:
    """Run one step; its failure ends all."""
    subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "work", type=Path, help="folder for what is made between the steps; what is there is not made again"
    )
    parser.add_argument("teacher", type=Path, help="folder of the encoder that the teacher begins with")
    parser.add_argument("earlier", type=Path, help="the weights that were shipped before")
    options = parser.parse_args()
    digest = sha256(options.earlier.read_bytes()).hexdigest()
    if not digest.startswith(EARLIER):
        parser.error(
            f"{options.earlier} is not the file shipped before: its SHA-256 begins {digest[:12]}, not {EARLIER}"
        )
    data, work, weights = options.data, options.work, PACKAGE / "verifier.safetensors"
    work.mkdir(parents=True, exist_ok=True)

    streams = {name: work / f"{name}-stream.pt" for name in STREAMS}
    for name, how in STREAMS.items():
        if not streams[name].exists():
            run("encode.py", data, streams[name], *how.split())
    made = {stage.name: work / f"{stage.name}.pt" for stage in STAGES}
    said = {stage.taught: work / f"{stage.taught}-said.pt" for stage in STAGES if stage.taught}
    for stage in STAGES:
        results = [made[stage.name], *([said[stage.name]] if stage.name in said else [])]
        if all(path.exists() for path in results):
            continue
        arguments: list[object] = [
            streams[stage.stream],
            made[stage.name],
            "--held",
            streams["held"],
            *stage.how.split(),
        ]
        if stage.begun:
            arguments += ["--start", *(made[other] for other in stage.begun.split())]
        if stage.taught:
            arguments += ["--taught", said[stage.taught]]
        if stage.name in said:
            arguments += ["--encoder", options.teacher, "--teach", said[stage.name]]
        run("train_verifier.py", *arguments)

    whole = HERE / "base.safetensors"
    figures = {name: work / f"{name}_figures.json" for name in ("base", "shipped", "phenomena", "fresh")}
    run("export.py", made[BASE], whole)
    run("calibrate.py", data, whole, "--everything", "--card", work / "base.json", "--json", figures["base"])
    run("export.py", options.earlier, made[SHIPPED], weights)
    run("calibrate.py", data, weights, "--json", figures["shipped"])
    for name, pairs in (("phenomena", []), ("fresh", [HERE / "fresh.jsonl"])):
        with figures[name].open("w") as out:
            subprocess.run([sys.executable, "-m", "kb", "eval", "check", *pairs, "--json"], check=True, stdout=out)
    run("card.py", data, PACKAGE / "VERIFIER.md", *figures.values())


if __name__ == "__main__":
    main()
