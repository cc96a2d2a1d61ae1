"""Write what a reranker is trained on: ``python bench/verifier/encode_ranks.py DATA OUT.pt``; :mod:`train_verifier` reads it.

Pairs of ``rank/``: a question and the passage that answers it, against the sentence beside it that does not, where the set has
one, and against the passages that our own embedder finds nearest among those of other questions. ``scifact_train_claims`` is
left out: SciFact's claims are what rerankers are measured on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import torch

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from encoder import Stream, tokenizer  # noqa: E402
from mixture import Pair  # noqa: E402

from kb.backends.openvino_embedder import OpenVinoEmbedder  # noqa: E402

SETS = {"squad_sentences": 30_000, "qnli_dev": 3_000, "nq_oracle": 3_000, "xquad_en": 2_000, "covidqa": 2_500, "medquad": 5_000,
        "infotabs_claims": 1_000}  # fmt: skip
"""How many questions of each set are used, at most."""
LONGEST = 900
"""Characters of a passage that are read."""
NEAREST = range(1, 9)
"""Ranks from which a passage of another question is taken as not answering this one."""
AGAINST = 3
"""Passages that do not answer, for each that does."""


def pairs(root: Path, part: float, chance: Random) -> Iterator[Pair]:
    """Question as claim, passage as quote; 'entailment' where it answers. ``part`` of the questions."""
    embedder = OpenVinoEmbedder()
    for name, most in SETS.items():
        with gzip.open(root / "rank" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        rows = chance.sample(rows, int(min(most, len(rows)) * part))
        mined = _mined(rows, embedder, chance)
        for at, row in enumerate(rows):
            yield Pair(row["positive"][:LONGEST], row["query"], "entailment", name)
            others = [row["negative"]] if row.get("negative") else []
            for other in (others + mined[at])[:AGAINST]:
                yield Pair(other[:LONGEST], row["query"], "not_entailment", name, 0.7)


def _mined(rows: list[dict[str, str]], embedder: OpenVinoEmbedder, chance: Random) -> list[list[str]]:
    """For each question near passages that are the answer to another one."""
    passages = list(dict.fromkeys(row["positive"] for row in rows))
    vectors = embedder.embed([text[:LONGEST] for text in passages])
    questions = embedder.embed([row["query"] for row in rows])
    found = []
    for row, vector in zip(rows, questions, strict=True):
        scores = vectors @ vector
        best = np.argpartition(-scores, min(NEAREST.stop + 1, len(scores) - 1))[: NEAREST.stop + 1]
        near = [passages[i] for i in best[np.argsort(-scores[best])] if passages[i] != row["positive"]]
        found.append(chance.sample(near[: len(NEAREST)], min(AGAINST, len(near), len(NEAREST))))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--part", type=float, default=1.0, help="of the questions: to try what comes after")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    chance = Random(options.seed)
    listed = list(pairs(options.data, options.part, chance))
    chance.shuffle(listed)
    made = Stream.of(listed, tokenizer())
    torch.save(made.parts(), options.out)
    print(f"{options.out}: {len(made)} pairs, {len(made.ids)} tokens", flush=True)


if __name__ == "__main__":
    main()
