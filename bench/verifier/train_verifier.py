"""Train a cross-encoder: ``python bench/verifier/train_verifier.py STREAM.pt OUT.pt [--encoder FOLDER] [--teach P.pt | --taught P.pt]``.

``STREAM.pt`` is written by :mod:`encode`. One seed; the weights that are kept are a running average. A teacher writes what it
makes of each pair of the stream with ``--teach``, and a student learns that beside the labels with ``--taught``. Prints the loss
and, at the end, figures on the sets of ``--held``.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from random import Random

import torch
from encoder import DEVICE, UNKNOWN, CrossEncoder, Stream, batches, logits, mean
from sklearn.metrics import roc_auc_score
from training import train


def evaluate(model: CrossEncoder, held: dict[str, Stream]) -> dict[str, dict[str, float]]:
    """Area under the curve for supported against not, and three-way accuracy where three labels are known."""
    out: dict[str, dict[str, float]] = {}
    for name, stream in held.items():
        scores = logits(model, stream).softmax(-1).cpu().numpy()
        labels = stream.labels.cpu().numpy()
        out[name] = {"n": len(labels), "auc": round(float(roc_auc_score(labels == 0, scores[:, 0])), 4)}
        if (labels >= 0).all():
            out[name]["accuracy"] = round(float((scores.argmax(1) == labels).mean()), 4)
    return out


def passes(stream: Stream, count: int, tokens: int, chance: Random, *, labelled: bool) -> list[list[int]]:
    """Batches of ``count`` passes over the stream, each drawn anew; with ``labelled`` only over pairs that have a label."""
    lengths = stream.lengths().tolist()
    used = [i for i, label in enumerate(stream.labels.tolist()) if not labelled or label != UNKNOWN]
    few = [lengths[i] for i in used]
    return [[used[i] for i in batch] for _ in range(count) for batch in batches(few, tokens, chance)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stream", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--encoder", type=Path, help="folder of the encoder to begin with; by default the bundled one")
    parser.add_argument(
        "--start", type=Path, nargs="*", default=[], help="weights to go on from; of several their mean"
    )
    parser.add_argument("--teach", type=Path, help="write the probabilities that the trained model gives to the stream")
    parser.add_argument("--taught", type=Path, help="probabilities to learn beside the labels, as --teach wrote them")
    parser.add_argument("--frozen", type=int, default=0, help="first layers that stay as they are, and the embeddings")
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--rate", type=float, default=8e-5)
    parser.add_argument("--tokens", type=int, default=2048)
    parser.add_argument("--steps", type=int, help="stop after so many, however long the passes are")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many steps at first: those of an earlier run")
    parser.add_argument("--seconds", type=float, help="stop in time: the passes are cut to what these allow")
    parser.add_argument("--held", type=Path, help="sets to print figures of, as written by encode.py --held")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    if DEVICE == "cpu":
        torch.set_num_threads(len(os.sched_getaffinity(0)))
    chance = Random(options.seed)
    begun = time.monotonic()
    stream = Stream.read(torch.load(options.stream))
    order = passes(stream, options.passes, options.tokens, chance, labelled=options.taught is None)
    order = order[options.skip :][: options.steps]
    print(f"{len(stream)} pairs, {len(stream.ids)} tokens, {len(order)} steps on {DEVICE}", flush=True)
    stream = stream.to(DEVICE)
    taught = torch.load(options.taught).float().to(DEVICE) if options.taught else None
    model = CrossEncoder(options.encoder).to(DEVICE)
    if options.start:
        model.load_state_dict(mean(options.start))
    model.freeze(options.frozen)

    def save(average: dict[str, torch.Tensor]) -> None:
        torch.save(average, options.out.with_suffix(".partial"))

    average = train(model, stream, order, rate=options.rate, taught=taught, seconds=options.seconds, now_and_then=save)
    model.load_state_dict(average, strict=False)
    torch.save({name: value.cpu() for name, value in model.state_dict().items()}, options.out)
    options.out.with_suffix(".partial").unlink(missing_ok=True)
    print(f"{options.out} after {time.monotonic() - begun:.0f} s", flush=True)
    if options.teach:
        given = logits(model, stream, 32768 if DEVICE == "cuda" else 8192).softmax(-1)
        torch.save(given.half().cpu(), options.teach)
        print(f"{options.teach} after {time.monotonic() - begun:.0f} s", flush=True)
    if options.held:
        held = {name: Stream.read(parts).to(DEVICE) for name, parts in torch.load(options.held).items()}
        print(options.out.stem, json.dumps(evaluate(model, held)), flush=True)


if __name__ == "__main__":
    main()
