"""The reranker from data to package, after :mod:`build`: ``python bench/verifier/build_reranker.py DATA WORK``.

``WORK`` is that script's folder: the reranker begins with the mean of its runs. Two goes over other pairs of one pass, and the
mean of both is shipped, in int8, its hash in the card that kb reads. About an hour on two cores. ``bench/reranker.py`` then measures it.
"""

from __future__ import annotations

import argparse
import json
from hashlib import sha256
from pathlib import Path
from typing import Final

from build import PACKAGE, TRIAL, WHOLE, run

BEGUN: Final = ("one", "other", "base", "base")
SEEN: Final = 2370
"""Steps of the first go; the second goes on with the pairs behind them."""
SEEN_IN_TRIAL: Final = 2
GOES: Final = (
    ("first", "--rate 8e-5 --tokens 3072 --steps {seen} --seed 71"),
    ("second", "--rate 5e-5 --tokens 3072 --skip {seen} --steps 850 --seed 71"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path, help="the folder that build.py worked in")
    parser.add_argument("--trial", action="store_true", help="a few pairs and steps, in WORK alone")
    options = parser.parse_args()
    work: Path = options.work
    size, seen = (TRIAL, SEEN_IN_TRIAL) if options.trial else (WHOLE, SEEN)
    begun = [work / f"{name}.pt" for name in BEGUN]
    if missing := [path for path in begun if not path.exists()]:
        parser.error(
            f"{', '.join(map(str, missing))} not found: run bench/verifier/build.py with the same folder first"
        )
    pairs = work / "ranks.pt"
    if not pairs.exists():
        run("encode_ranks.py", options.data, pairs, *size.encoding.split())
    made: list[Path] = []
    for name, how in GOES:
        out = work / f"ranks-{name}.pt"
        if not out.exists():
            run(
                "train_verifier.py",
                pairs,
                out,
                "--start",
                *(made or begun),
                *how.format(seen=seen).split(),
                *size.training.split(),
            )
        made.append(out)
    package = work if options.trial else PACKAGE
    weights, card = package / "reranker.safetensors", package / "reranker.json"
    run("export.py", *made, weights)
    body = json.loads((PACKAGE / "reranker.json").read_text("utf-8")) | {
        "sha256": sha256(weights.read_bytes()).hexdigest()
    }
    card.write_text(json.dumps(body, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
