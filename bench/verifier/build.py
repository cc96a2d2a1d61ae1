"""The verifier from data to package: ``python bench/verifier/build.py DATA WORK TEACHER [--trial]``.

``TEACHER`` is the folder of all-mpnet-base-v2 (Apache-2.0; ``config.json`` and ``model.safetensors``). That encoder, five times as
large as the one that is shipped, is trained first; the small one then learns its probabilities beside the labels, also on pairs
that nobody has labelled. ``base`` sees nothing of Fool-Me-Twice, WiCE and SciFact, nor does ``wider``, which goes on with claims beside
evidence. Two stages go on from these with one half of each set, and a third one, which the mean of the others gains by, begins with the
encoder again; their mean is ``near-three``. ``last`` goes on from it with pairs that were written for it (``from_hand.py``), ``closing`` from
all four with passages written for it, and ``kept`` from the mean of all: with the written pairs again, beside twice as much for which it
learns what ``near-three`` made of it, so that nothing is unlearnt. A mean of these two is shipped, in int8, and calibrated on the other
halves. The figures of whole sets left out are of two: ``unseen``, the mean of ``wider`` and of what it began with, which is written beside
this script (``base.safetensors``), and the like mean of that and ``wider-kept``, which goes on from it with what was written and with what
``unseen`` made of the rest. Writes figures and card.

With a graphics card about two hours on the processor; on processors alone about a day. ``--trial`` goes through all of it with a few pairs
and steps, in a quarter of an hour, writes to ``WORK`` alone, and lets the shipped file judge the hand-made pairs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "kb" / "data"
STREAMS: Final = {
    "held": "--held",
    "all": "--recipes plain lean rich rich --reasoned 30000 --asserted 25000 --turning 15000 --hard 30000 --unknown 120000 --seed 7",
    "written": "--written 2 --seed 91",
    "passages": "--passages 2 --written 1 --seed 93",
    "hand": "--written 1 --passages 1 --seed 127",
    "real": "--recipes rich --hard 10000 --reasoned 6000 --asserted 6000 --turning 4000 --unknown 40000 --seed 113",
    "untold": "--untold 14000 --seed 163",
    "near": (
        "--recipes rich --share 0.15 --near 3 --reasoned 12000 --asserted 12000 --turning 10000 --hard 6000"
        " --unknown 15000 --seed 31"
    ),
}
"""What is encoded: name, and how."""


DRAWN: Final = {
    "evidence": ("all,evidence:4000000,inference:1000000", "--seed 71"),
    "near-wider": ("near evidence,any:1460000", "--seed 73"),
    "third": ("near-wider all,any:3200000", "--seed 83"),
    "last": ("written near-wider,any:4200000", "--seed 97"),
    "closing": ("passages near-wider,any:2000000", "--seed 103"),
    "anchors": ("real,evidence:1500000,inference:400000 untold,any:2300000", "--seed 137"),
    "near-anchors": ("near,any:900000 real,evidence:900000,inference:400000 untold,any:1300000", "--seed 181"),
    "wider-hand": ("hand anchors", "--seed 139"),
    "wider-kept": ("hand anchors anchors", "--seed 173"),
    "kept": ("hand near-anchors near-anchors", "--seed 191"),
}
"""What is drawn of encoded streams, with what was said of them, or the labels where nothing was: name, of what, and how."""


class Stage(NamedTuple):
    """A training: what it reads, the weights whose mean it goes on from (none: an encoder's own), and how."""

    name: str
    stream: str
    begun: str
    how: str


STAGES: Final = (
    Stage("teacher", "all", "", "--rate 5e-5 --tokens 16384 --steps 1820"),
    Stage("teacher-near", "near", "teacher", "--rate 2e-5 --tokens 16384"),
    Stage("one", "all", "", "--rate 1.2e-4 --tokens 4096 --steps 6600 --seed 7"),
    Stage("other", "all", "", "--rate 1.2e-4 --tokens 4096 --steps 6600 --seed 11"),
    Stage("base", "all", "one other", "--rate 2e-4 --tokens 24576 --passes 2 --steps 2820 --seed 41"),
    Stage("near", "near", "base", "--rate 6e-5 --tokens 3072 --steps 1300 --seed 51"),
    Stage("wider", "evidence", "one other", "--rate 5e-5 --tokens 3072 --seed 71"),
    Stage("near-wider", "near-wider", "wider base", "--rate 8e-5 --tokens 3072 --seed 73"),
    Stage("third", "third", "", "--rate 1.2e-4 --tokens 3072 --seed 83"),
    Stage("near-three", "near-anchors", "near near-wider third", "--steps 0"),
    Stage("last", "last", "near-three", "--rate 8e-5 --tokens 3072 --seed 97"),
    Stage("closing", "closing", "near-three last last", "--rate 8e-5 --tokens 3072 --seed 103"),
    Stage("kept", "kept", "near-three last closing", "--rate 4e-5 --tokens 3072 --steps 850 --seed 193"),
    Stage("unseen", "anchors", "one other wider wider", "--steps 0"),
    Stage("wider-one", "wider-hand", "unseen", "--rate 6e-5 --tokens 3072 --steps 900 --seed 149"),
    Stage("wider-two", "wider-hand", "unseen", "--rate 6e-5 --tokens 3072 --steps 900 --seed 151"),
    Stage("wider-kept", "wider-kept", "wider-one wider-two", "--rate 4e-5 --tokens 3072 --steps 850 --seed 179"),
)
"""What is trained in turn; what begins with something named several times counts that so often. The steps are those that the time allowed,
or none where only what a mean makes of pairs is wanted."""
LARGE: Final = frozenset({"teacher", "teacher-near"})
"""Stages that begin with the large encoder."""
TEACHERS: Final = {"all": "teacher", "near": "teacher-near", "near-anchors": "near-three", "anchors": "unseen"}
"""Whose probabilities every other stage learns beside the labels of a stream; what is drawn brings its teachers' with it."""
UNSEEN: Final = "unseen"
"""Of which the figures of whole sets left out are."""
TWIN: Final = UNSEEN + 3 * " wider-kept"
"""The same, with what was written for it; of what is named several times the mean counts so much more."""
SHIPPED: Final = "near-three" + 3 * " kept"
"""Whose mean is shipped."""


class Size(NamedTuple):
    """What is added to the scripts' arguments, so that all is as large as it is meant, or small, to see that it runs."""

    encoding: str = ""
    training: str = ""
    measuring: str = ""


WHOLE: Final = Size()
TRIAL: Final = Size("--part 0.01", "--steps 2 --tokens 2048", "--most 40")


def run(script: str, *arguments: object) -> None:
    """Run one step; its failure ends all."""
    subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], check=True)


def draw(name: str, streams: Mapping[str, Path], said: Mapping[str, Path]) -> None:
    """Write what is drawn under ``name``, and what was said of it before; where a stage has yet to say it, that is in a file of its own."""
    of, how = DRAWN[name]
    sources = []
    for source in of.split():
        stream, *groups = source.split(",")
        sources.append(",".join((str(streams[stream]), str(said.get(stream, "")), *groups)))
    run("draw.py", streams[name], streams[name].with_name(f"{name}-said.pt"), *sources, *how.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "work", type=Path, help="folder for what is made between the steps; what is there is not made again"
    )
    parser.add_argument("teacher", type=Path, help="folder of the encoder that the teacher begins with")
    parser.add_argument(
        "--trial", action="store_true", help="a few pairs and steps of each; nothing but WORK is written to"
    )
    options = parser.parse_args()
    size = TRIAL if options.trial else WHOLE
    data, work = options.data, options.work
    work.mkdir(parents=True, exist_ok=True)
    package, beside = (work, work) if options.trial else (PACKAGE, HERE)

    streams = {name: work / f"{name}-stream.pt" for name in (*STREAMS, *DRAWN)}
    said = {name: work / f"{TEACHERS.get(name, name)}-said.pt" for name in (*TEACHERS, *DRAWN)}
    for name, how in STREAMS.items():
        if not streams[name].exists():
            run("encode.py", data, streams[name], *how.split(), *size.encoding.split())
    made = {stage.name: work / f"{stage.name}.pt" for stage in STAGES}
    for stage in STAGES:
        teaches = stage.name in TEACHERS.values()
        if made[stage.name].exists() and (not teaches or said[stage.stream].exists()):
            continue
        if stage.stream in DRAWN and not streams[stage.stream].exists():
            draw(stage.stream, streams, said)
        arguments: list[object] = [
            streams[stage.stream],
            made[stage.name],
            "--held",
            streams["held"],
            *stage.how.split(),
            *size.training.split(),
        ]
        if stage.begun:
            arguments += ["--start", *(made[other] for other in stage.begun.split())]
        if stage.name in LARGE:
            arguments += ["--encoder", options.teacher]
        if teaches:
            arguments += ["--teach", said[stage.stream]]
        else:
            arguments += ["--taught", said[stage.stream]]
        run("train_verifier.py", *arguments)

    names = ("base", "twin", "shipped", "phenomena", "fresh", "tempting")
    figures = {name: work / f"{name}_figures.json" for name in names}
    measuring = size.measuring.split()
    for name, parts, to, card, *on in (
        ("base", UNSEEN, beside / "base.safetensors", work / "base.json", "--everything"),
        ("twin", TWIN, work / "twin.safetensors", work / "twin.json", "--everything"),
        ("shipped", SHIPPED, package / "verifier.safetensors", package / "verifier.json"),
    ):
        run("export.py", *(made[part] for part in parts.split()), to)
        run("calibrate.py", data, to, *on, "--card", card, "--json", figures[name], *measuring)
    tables = {"phenomena": [], "fresh": [HERE / "fresh.jsonl"], "tempting": [HERE / "tempting.jsonl"]}
    for name, pairs in tables.items():
        with figures[name].open("w") as out:
            subprocess.run([sys.executable, "-m", "kb", "eval", "check", *pairs, "--json"], check=True, stdout=out)
    run("card.py", data, package / "VERIFIER.md", *figures.values(), "--kept", beside / "figures.json")


if __name__ == "__main__":
    main()
