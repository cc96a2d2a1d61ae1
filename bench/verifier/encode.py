"""Write what a training reads: ``python bench/verifier/encode.py DATA OUT.pt [--recipes R ...] [--near N] [--reasoned N] ...``.

With ``--held``, the sets that a training prints figures of instead. Needs no graphics card, and what it writes is all that
:mod:`train_verifier` needs beside an encoder's weights. One seed, one shuffled stream.
"""

from __future__ import annotations

import argparse
from itertools import islice
from pathlib import Path
from random import Random

import from_hand
import mixture
import torch
from encoder import Stream, tokenizer

EVALUATED = ("fm2_dev", "wice_dev", "scifact")
"""Sets that are never trained on, but for the half of each that ``--near`` asks for."""
_LEAST = 40
"""Pairs of a set that is held out, however small the part."""


def real(root: Path) -> tuple[dict[str, list[mixture.Pair]], list[mixture.Pair]]:
    """The sets to train on, and the pairs of MultiNLI that are held out."""
    sets = mixture.nli(root, frozenset({"scifact_train"}))
    held, sets["mnli_20k"] = mixture.mnli_split(sets["mnli_20k"])
    sets["citint_dev"] = mixture.claims(root, "citint_dev")
    return sets, held


def documents(root: Path, most: int) -> tuple[list[list[str]], list[list[str]]]:
    """Documents by sentence that pairs are made of, and those of them that are research papers no SciFact claim cites."""
    papers = list(mixture.abstracts(root, cited_too=False))
    return [*islice((d for d in mixture.documents(root) if d), most), *papers], papers


def held_out(root: Path, part: float) -> dict[str, list[mixture.Pair]]:
    """Sets to look at while training: whole ones, their unseen halves, and made pairs of another seed; ``part`` of each."""
    listed, _ = documents(root, 100_000)
    held = {"mnli": real(root)[1]}
    for name in EVALUATED:
        held[name] = mixture.claims(root, name)
        held[f"{name}_half"] = [pair for pair in held[name] if mixture.held_back(pair.claim)]
    held["composed"] = mixture.written(600, listed, Random(9))
    for at, (name, make) in enumerate(mixture.ADDED.items(), start=10):
        held[name] = make(600, listed, Random(at))
    held["hard"] = mixture.hard(listed, 1000, Random(8))
    held |= {kind: mixture.hand_written_held(kind) for kind in from_hand.KINDS}
    return {name: pairs[:: max(1, int(len(pairs) / max(_LEAST, len(pairs) * part)))] for name, pairs in held.items()}


def stream(root: Path, options: argparse.Namespace) -> list[mixture.Pair]:
    """The pairs that the options ask for, shuffled."""
    chance = Random(options.seed)
    sets, _ = real(root)
    listed, papers = documents(root, options.documents)
    part: float = options.part
    pairs: list[mixture.Pair] = []
    for name in options.recipes:
        recipe = mixture.RECIPES[name]
        if recipe is None:
            made = _some(mixture.plainly(sets, chance), part)
        else:
            made = mixture.epoch(recipe.part(part), sets, listed, papers, chance)
        pairs += _some(made, options.share)
    for name, make in mixture.ADDED.items():
        if count := int(getattr(options, name) * part):
            pairs += make(count, listed, chance)
    if count := int(options.hard * part):
        pairs += mixture.hard(listed, count, chance)
    if count := int(options.unknown * part):
        pairs += mixture.unknown(sets, count, chance)
    if count := int(options.untold * part):
        pairs += mixture.untold(count, listed[: len(listed) - len(papers)], papers, chance)
    pairs += _some(mixture.near_task(root), part) * options.near
    for kind in from_hand.KINDS:
        if times := getattr(options, kind):
            pairs += _some(mixture.hand_written(kind, times), part)
    chance.shuffle(pairs)
    return pairs


def _some(pairs: list[mixture.Pair], part: float) -> list[mixture.Pair]:
    """The first of them."""
    return pairs[: int(len(pairs) * part)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--held", action="store_true", help="write the sets that are held out")
    parser.add_argument("--recipes", nargs="*", choices=mixture.RECIPES, default=[], help="passes over the real sets")
    parser.add_argument("--share", type=float, default=1.0, help="of each of these passes")
    parser.add_argument("--near", type=int, default=0, help="how often half of the evaluation sets is seen")
    for name, make in mixture.ADDED.items():
        parser.add_argument(
            f"--{name}", type=int, default=0, metavar="N", help=f"added: {str(make.__doc__).splitlines()[0]}"
        )
    for kind in from_hand.KINDS:
        parser.add_argument(f"--{kind}", type=int, default=0, help="how often such pairs, written for it, are seen")
    parser.add_argument("--hard", type=int, default=0, metavar="N", help="added: pairs by rule from real sentences")
    parser.add_argument(
        "--unknown", type=int, default=0, metavar="N", help="added: pairs that only a teacher can label"
    )
    parser.add_argument(
        "--untold",
        type=int,
        default=0,
        metavar="N",
        help="added: claims beside what papers and documents say, that only a teacher can label",
    )
    parser.add_argument("--documents", type=int, default=100_000, help="documents that pairs are made of")
    parser.add_argument("--part", type=float, default=1.0, help="of all that is asked for: to try what comes after")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    words = tokenizer()
    if options.held:
        held = held_out(options.data, options.part)
        torch.save({name: Stream.of(pairs, words).parts() for name, pairs in held.items()}, options.out)
        return
    made = Stream.of(stream(options.data, options), words)
    torch.save(made.parts(), options.out)
    print(f"{options.out}: {len(made)} pairs, {len(made.ids)} tokens", flush=True)


if __name__ == "__main__":
    main()
