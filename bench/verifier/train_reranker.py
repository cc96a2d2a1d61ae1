"""Train a model that says whether a passage answers a question: ``python bench/verifier/train_reranker.py DATA OUT --start VERIFIER.pt``.

Pairs of ``rank/``: a question and the passage that answers it, against the sentence beside it that does not, where the set has
one, and against the passages that our own embedder finds nearest among those of other questions. ``scifact_train_claims`` is
left out: SciFact's claims are what rerankers are measured on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

import numpy as np
import torch

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from encoder import CrossEncoder, batches, encode, logits, tokenizer, weights  # noqa: E402
from mixture import Pair  # noqa: E402
from sklearn.metrics import roc_auc_score  # noqa: E402
from training import train  # noqa: E402

from kb.backends.openvino_embedder import OpenVinoEmbedder  # noqa: E402

SETS = {"squad_sentences": 22_358, "qnli_dev": 2_700, "nq_oracle": 2_577, "xquad_en": 1_185, "covidqa": 1_380, "medquad": 2_500,
        "infotabs_claims": 600}  # fmt: skip
"""How many questions of each set are used."""
LONGEST = 900
"""Characters of a passage that are read."""
NEAREST = range(1, 9)
"""Ranks from which a passage of another question is taken as not answering this one."""


def pairs(root: Path, chance: Random) -> Iterator[Pair]:
    """Question as claim, passage as quote; 'entailment' where it answers."""
    embedder = OpenVinoEmbedder()
    for name, most in SETS.items():
        with gzip.open(root / "rank" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        rows = chance.sample(rows, min(most, len(rows)))
        mined = [] if name == "squad_sentences" else _mined(rows, embedder, chance)
        for at, row in enumerate(rows):
            yield Pair(row["positive"][:LONGEST], row["query"], "entailment", name)
            others = [row["negative"]] if row.get("negative") else []
            others += mined[at] if mined else []
            for other in others[:2]:
                yield Pair(other[:LONGEST], row["query"], "not_entailment", name)


def _mined(rows: list[dict[str, str]], embedder: OpenVinoEmbedder, chance: Random) -> list[list[str]]:
    """For each question two near passages that are the answer to another one."""
    passages = list(dict.fromkeys(row["positive"] for row in rows))
    vectors = embedder.embed([text[:LONGEST] for text in passages])
    questions = embedder.embed([row["query"] for row in rows])
    found = []
    for row, vector in zip(rows, questions, strict=True):
        near = [passages[i] for i in np.argsort(-(vectors @ vector))[: NEAREST.stop] if passages[i] != row["positive"]]
        found.append(chance.sample(near, min(2, len(near))))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--tokens", type=int, default=2048)
    parser.add_argument("--share", type=float, default=1.0, help="of the pairs, for short runs")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    chance, words = Random(options.seed), tokenizer()
    listed = list(pairs(options.data, chance))
    chance.shuffle(listed)
    held = [pair for pair in listed if hash_of(pair.claim) < 0.02]
    seen = [pair for pair in listed if hash_of(pair.claim) >= 0.02]
    items = encode(seen[: int(len(seen) * options.share)], words)
    order = list(batches(items, options.tokens, chance))
    print(f"{len(items)} pairs, {sum(len(i.ids) for i in items)} tokens, {len(order)} steps", flush=True)
    model = CrossEncoder()
    if options.start:
        model.load_state_dict(weights(options.start))
    average = train(model, items, order, rate=options.rate)
    model.load_state_dict(average, strict=False)
    torch.save(model.state_dict(), options.out)
    scores = torch.softmax(torch.from_numpy(logits(model, held, words)), -1).numpy()[:, 0]
    print(f"held out: {len(held)} pairs, AUC {roc_auc_score([p.label == 'entailment' for p in held], scores):.4f}")


def hash_of(text: str) -> float:
    """A number from 0 to 1 that stays the same for the same text."""
    return sha256(text.encode()).digest()[1] / 256


if __name__ == "__main__":
    main()
