"""Train the verifier: ``python bench/verifier/train_verifier.py DATA OUT [--recipe R] [--leave-out SET ...]``.

One seed, one pass over a shuffled stream; the weights that are kept are a running average. Prints the loss and, at the
end, figures on the sets that were left out.
"""

from __future__ import annotations

import argparse
import json
import os
from itertools import islice
from pathlib import Path
from random import Random

import mixture
import numpy as np
import torch
from encoder import CrossEncoder, batches, encode, logits, mean, tokenizer
from sklearn.metrics import roc_auc_score
from training import train


def evaluate(model: CrossEncoder, words: object, sets: dict[str, list[mixture.Pair]]) -> dict[str, dict[str, float]]:
    """Area under the curve for supported against not, and three-way accuracy where three labels are known."""
    out: dict[str, dict[str, float]] = {}
    for name, pairs in sets.items():
        scores = torch.softmax(torch.from_numpy(logits(model, pairs, words)), -1).numpy()
        wanted = np.array([p.label == "entailment" for p in pairs])
        row = {"n": float(len(pairs)), "auc": float(roc_auc_score(wanted, scores[:, 0]))}
        if all(p.label != "not_entailment" for p in pairs):
            index = {"entailment": 0, "neutral": 1, "contradiction": 2}
            row["accuracy"] = float((scores.argmax(1) == np.array([index[p.label] for p in pairs])).mean())
        out[name] = row
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--leave-out", nargs="*", default=["scifact", "fm2_dev", "wice_dev"])
    parser.add_argument(
        "--start", type=Path, nargs="*", default=[], help="weights to go on from; of several their mean"
    )
    parser.add_argument("--recipe", choices=mixture.RECIPES, default="rich", help="what a pass is made of")
    parser.add_argument("--near", type=int, default=0, help="how often half of the evaluation sets is seen")
    for name, make in mixture.ADDED.items():
        parser.add_argument(
            f"--{name}",
            type=int,
            default=0,
            metavar="N",
            help=f"added to the pass: {str(make.__doc__).splitlines()[0]}",
        )
    parser.add_argument("--documents", type=int, default=100_000, help="documents that hard pairs are made of")
    parser.add_argument("--frozen", type=int, default=0, help="first layers that stay as they are, and the embeddings")
    parser.add_argument("--rate", type=float, default=8e-5)
    parser.add_argument("--tokens", type=int, default=2048)
    parser.add_argument("--share", type=float, default=1.0, help="of the mixture, for short runs")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    chance = Random(options.seed)
    words = tokenizer()
    skipped = set(options.leave_out)
    sets = mixture.nli(options.data, frozenset({"scifact_train"} if "scifact" in skipped else ()))
    Random(7).shuffle(sets["mnli_20k"])  # the split stays the same whatever the seed
    held = {"mnli_held": sets["mnli_20k"][:2000]}
    sets["mnli_20k"] = sets["mnli_20k"][2000:]
    for name in ("fm2_dev", "wice_dev", "scifact", "citint_dev"):
        pairs = mixture.claims(options.data, name)
        if name in skipped or name == "wice_dev":
            held[name] = [p for p in pairs if mixture.held_back(p.claim)] if options.near else pairs
        elif name != "scifact":
            sets[name] = pairs
    papers = list(mixture.abstracts(options.data, cited_too="scifact" not in skipped))
    listed = [*islice((d for d in mixture.documents(options.data) if d), options.documents), *papers]
    recipe = mixture.RECIPES[options.recipe]
    if recipe is None:
        stream = mixture.plainly(sets, chance)
    else:
        stream = mixture.epoch(recipe, sets, listed, papers, chance)
        stream = stream[: int(len(stream) * options.share)] + mixture.near_task(options.data) * options.near
        for name, make in mixture.ADDED.items():
            if count := getattr(options, name):
                stream += make(count, listed, chance)
        chance.shuffle(stream)
    held["composed_held"] = mixture.written(800, listed, Random(options.seed + 2))
    for at, (name, make) in enumerate(mixture.ADDED.items(), start=3):
        held[f"{name}_held"] = make(800, listed, Random(options.seed + at))
    held["hard_held"] = mixture.hard(listed, 1500, Random(options.seed + 1))
    items = encode(stream, words)
    order = list(batches(items, options.tokens, chance))
    total = sum(len(i.ids) for i in items)
    print(f"{len(items)} pairs, {total} tokens, {len(order)} steps", flush=True)

    model = CrossEncoder()
    if options.start:
        model.load_state_dict(mean(options.start))

    model.freeze(options.frozen)

    def save(average: dict[str, torch.Tensor]) -> None:
        torch.save(average, options.out.with_suffix(".partial"))
        small = {n: p[:400] for n, p in held.items() if n != "wice_dev"}
        print(json.dumps(evaluate(model, words, small)), flush=True)

    average = train(model, items, order, rate=options.rate, now_and_then=save)
    model.load_state_dict(average, strict=False)
    torch.save(model.state_dict(), options.out)
    print("average", json.dumps(evaluate(model, words, held)), flush=True)


if __name__ == "__main__":
    main()
