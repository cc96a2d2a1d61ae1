"""How fast the verifier in the box reads and judges: ``python bench/judging.py [--tokens 100] [--runs 5] [--json FILE]``.

Pairs are those of ``bench/verifier/passages`` that are about so many tokens long. 'Read' is the model with its tokenizer, once a pair;
'judge' is a verdict, for which a longer quote is read in several windows and rules look at both sides.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench" / "verifier")]

import from_hand  # noqa: E402

from kb.backends._models import bundled_folder  # noqa: E402
from kb.backends.entailment_verifier import EntailmentVerifier  # noqa: E402

NEAR = 0.08
"""How far from the asked length a pair may be, as a share of it."""


def pairs_of(tokens: int) -> list[tuple[str, str]]:
    """Quotes and claims of about so many tokens together."""
    words = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
    words.no_truncation()
    words.no_padding()
    pairs = [(quote, claim) for held in (False, True) for _, quote, claim, _ in from_hand.pairs("passages", held=held)]
    encoded = words.encode_batch_fast(pairs)
    return [pair for pair, row in zip(pairs, encoded, strict=True) if abs(len(row.ids) - tokens) <= NEAR * tokens]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=int, default=100)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    pairs = pairs_of(options.tokens)
    verifier = EntailmentVerifier()
    verifier.judge(pairs[:50])
    figures: dict[str, Any] = {"pairs": len(pairs), "tokens": options.tokens}
    for name, way in (("read", verifier.read), ("judge", verifier.judge)):
        rates = []
        for _ in range(options.runs):
            started = time.perf_counter()
            way(pairs)
            rates.append(round(len(pairs) / (time.perf_counter() - started), 1))
        figures[name] = {"pairs_a_second": statistics.median(rates), "runs": rates}
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
