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

from build import PACKAGE, run

BEGUN: Final = ("one", "other", "base", "base")
SEEN: Final = 2370
"""Steps of the first go; the second goes on with the pairs behind them."""
GOES: Final = (
    ("first", f"--rate 8e-5 --tokens 3072 --steps {SEEN} --seed 71"),
    ("second", f"--rate 5e-5 --tokens 3072 --skip {SEEN} --steps 850 --seed 71"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path, help="the folder that build.py worked in")
    options = parser.parse_args()
    work: Path = options.work
    begun = [work / f"{name}.pt" for name in BEGUN]
    if missing := [path for path in begun if not path.exists()]:
        parser.error(
            f"{', '.join(map(str, missing))} not found: run bench/verifier/build.py with the same folder first"
        )
    pairs = work / "ranks.pt"
    if not pairs.exists():
        run("encode_ranks.py", options.data, pairs)
    made: list[Path] = []
    for name, how in GOES:
        out = work / f"ranks-{name}.pt"
        if not out.exists():
            run("train_verifier.py", pairs, out, "--start", *(made or begun), *how.split())
        made.append(out)
    weights, card = PACKAGE / "reranker.safetensors", PACKAGE / "reranker.json"
    run("export.py", *made, weights)
    body = json.loads(card.read_text("utf-8")) | {"sha256": sha256(weights.read_bytes()).hexdigest()}
    card.write_text(json.dumps(body, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
