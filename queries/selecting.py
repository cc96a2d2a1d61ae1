"""Choosing what a report says: relevant, well worded, diverse, from many sources, on every focus; never the same twice."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from queries.angles import Side
from queries.claims import Head
from queries.topics import content_stems

Vectors = NDArray[np.float32]

PER_ANGLE: Final = 7
TOTAL: Final = 28
_FOCUS_QUOTA: Final = 3
_VOICES: Final = 10
"""Sources of which each says something, before one says more."""
_REDUNDANT: Final = 0.86
_SAME_AGAIN: Final = 0.35
_SOURCE_AGAIN: Final = 0.05
_FIT: Final = 0.35
_NEW_SOURCE: Final = 0.08


def choose(sides: Sequence[Side], focus: Sequence[tuple[str, Vectors]], *, room: int = TOTAL) -> list[list[Head]]:
    """Choose at most ``room`` heads for the sides, in order of worth; claims of the last report are always in.

    Greedy maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): worth, less likeness to what is chosen, less a
    little for each claim that its source already has. First some for each focus and one from each of several sources, then turn
    by turn for each side.
    """
    chosen: list[list[Head]] = [[head for head in side.heads if head.prior] for side in sides]
    open_heads = [[head for head in side.heads if not head.prior] for side in sides]
    picked = [head for part in chosen for head in part]
    for name, vector in focus:
        for _ in range(_FOCUS_QUOTA - sum(on_focus(head, name, vector) >= 1.0 for head in picked)):
            best = _best_for_focus(open_heads, chosen, picked, name, vector)
            if best is not None and len(picked) < room:
                _take(*best, open_heads, chosen, picked)
    _hear(open_heads, chosen, picked, room)
    growth = (
        max(PER_ANGLE, max((len(part) for part in chosen), default=0) + 2)
        if any(h.prior for h in picked)
        else PER_ANGLE
    )
    while len(picked) < room:
        before = len(picked)
        for at in range(len(sides)):
            if len(chosen[at]) < growth and len(picked) < room:
                head = _best(open_heads[at], picked, sides[at])
                if head is not None:
                    _take(at, head, open_heads, chosen, picked)
        if len(picked) == before:
            break
    return [sorted(part, key=lambda head: -head.score) for part in chosen]


def _hear(open_heads: list[list[Head]], chosen: list[list[Head]], picked: list[Head], room: int) -> None:
    """Take the best head of sources that are not heard yet, until ``_VOICES`` are."""
    ranked = sorted(
        ((at, head) for at, heads in enumerate(open_heads) for head in heads), key=lambda item: -item[1].score
    )
    for at, head in ranked:
        heard = {each.candidate.source.id for each in picked}
        if len(heard) >= _VOICES or len(picked) >= room:
            break
        if head.candidate.source.id not in heard and len(chosen[at]) < PER_ANGLE and _best([head], picked) is not None:
            _take(at, head, open_heads, chosen, picked)


def on_focus(head: Head, name: str, vector: Vectors) -> float:
    """How much a statement is about a focus: nearness, and 1 more where it names it."""
    near = float(head.candidate.vector @ vector)
    named = set(content_stems(name)) <= set(content_stems(head.candidate.text))
    return near + (1.0 if named else 0.0)


def _take(at: int, head: Head, open_heads: list[list[Head]], chosen: list[list[Head]], picked: list[Head]) -> None:
    open_heads[at].remove(head)
    chosen[at].append(head)
    picked.append(head)


def _best(heads: Sequence[Head], picked: Sequence[Head], side: Side | None = None) -> Head | None:
    """The head of most marginal worth (under ``side``, if given), or None where every one repeats what is there."""
    counts = Counter(head.candidate.source.id for head in picked)
    best: tuple[float, Head] | None = None
    for head in heads:
        alike = max((float(head.candidate.vector @ other.candidate.vector) for other in picked), default=0.0)
        if alike >= _REDUNDANT:
            continue
        fit = _FIT * side.fits(head) if side else 0.0
        again = counts[head.candidate.source.id]
        worth = (
            head.score
            + fit
            - _SAME_AGAIN * max(0.0, alike - 0.5)
            - (_SOURCE_AGAIN * math.log2(1 + again) if again else -_NEW_SOURCE)
        )
        if best is None or worth > best[0]:
            best = (worth, head)
    return best[1] if best else None


def _best_for_focus(
    open_heads: Sequence[Sequence[Head]],
    chosen: Sequence[Sequence[Head]],
    picked: Sequence[Head],
    name: str,
    vector: Vectors,
) -> tuple[int, Head] | None:
    ranked: list[tuple[float, int, Head]] = []
    for at, heads in enumerate(open_heads):
        for head in heads:
            value = on_focus(head, name, vector)
            if value >= 1.0 and len(chosen[at]) < PER_ANGLE + 2:
                ranked.append((value + head.score, at, head))
    for _, at, head in sorted(ranked, key=lambda item: -item[0]):
        if _best([head], picked) is not None:
            return at, head
    return None
