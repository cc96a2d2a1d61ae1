"""What the modules of made pairs share: statements with their opposites in several wordings, and a printed sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from composed import NO, YES, Families, Triple

Rows = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
"""Statements: the wordings of each, and those of its opposite."""


def rows(text: str) -> Rows:
    """Lines of ``wording; wording / opposite; opposite``."""
    out = []
    for line in text.strip().splitlines():
        one, other = (tuple(said.strip() for said in side.split(";")) for side in line.split(" / "))
        out.append((one, other))
    return tuple(out)


def either_way(one: Sequence[str], other: Sequence[str], chance: Random, tails: Sequence[str] = ()) -> Iterator[Triple]:
    """Both sides of a row as quote, some with a tail; the claim is another wording of it, and then one of its opposite."""
    for same, opposite in ((one, other), (other, one)):
        said = chance.choice(same)
        tail = chance.choice(tails) if tails else ""
        yield said + tail, chance.choice([wording for wording in same if wording != said]), YES
        yield said + tail, chance.choice(opposite), NO


def show(families: Families, times: int) -> None:
    """Print a sample: what each family makes when it is drawn ``times`` times."""
    chance = Random(1)
    for family, _ in families:
        for _ in range(times):
            for quote, claim, label in family(chance):
                print(f"{label:14} Q: {quote}\n{'':15}C: {claim}")
