"""How often sentences that were written independently would be taken for one written with the other at hand.

python bench/witnesses.py [--pairs FILE.jsonl] [--json FILE]

SciFact's claims were written from sentences that cite a paper (Wadden et al., 'Fact or Fiction', 2020), not from its abstract; so what a
claim and the sentences of the abstract that support it have in common is what the subject makes them have. One figure for the pairs, with
its 95 % interval.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
DATA = ROOT.parent / "shared" / "data"

from kb.evaluation.metrics import bootstrap  # noqa: E402
from kb.text import sentences  # noqa: E402
from queries.witnesses import partly_same, wording  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, default=DATA / "scifact" / "pairs_train.jsonl")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.pairs.read_text("utf-8").splitlines()]
    supported = [row for row in rows if row["label"] == "SUPPORT"]
    taken = [
        any(
            partly_same(wording(row["claim"]), wording(row["evidence"][start:end]))
            for start, end in sentences(row["evidence"])
        )
        for row in supported
    ]
    hits = np.array(taken)
    interval = bootstrap(lambda at: float(hits[at].mean()), len(hits))
    figures = {"pairs": len(hits), "share": interval.value, "low": interval.low, "high": interval.high}
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
