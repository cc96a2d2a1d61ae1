"""Angles: the sides of a topic that its evidence speaks about, kept from report to report where they still hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb import ids
from kb.interfaces import Embedder
from queries.claims import Head
from queries.labelling import Statement, Subject, as_title, choose_labels, nearness
from queries.topics import Plan

Vectors = NDArray[np.float32]

FEWEST: Final = 3
MOST: Final = 7
_SMALLEST: Final = 3
"""Statements that an angle needs; a smaller one is dissolved into the others."""
_MAPPED: Final = 120
"""Statements, best first, that decide where the angles are."""
_PER_SOURCE: Final = 12
"""Of these at most so many from one source: a long source shall not make the angles by itself."""
_LOOSE: Final = 0.16
"""Nearness below which no title fits a statement; it stands under OTHERS then."""
OTHERS: Final = "Further findings"
_MOST_LOOSE: Final = 0.4
"""Share of the statements that may stand under OTHERS."""
_AROUND: Final = 0.4
"""Weight of a statement's surroundings: what its section is about helps to tell what it is about."""


@dataclass(slots=True)
class Side:
    """An angle in the making: its name, its queries, and the earlier claims (by id) that stand under it.

    ``fit`` says how well each of its statements lies under its title (0..1), ``worded_by`` which language model gave it that.
    """

    id: str
    title: str
    queries: tuple[str, ...]
    claim_ids: frozenset[str] = frozenset()
    heads: list[Head] = field(default_factory=list)
    fit: dict[int, float] = field(default_factory=dict)
    worded_by: str = ""

    def fits(self, head: Head) -> float:
        """How well ``head`` lies under the title."""
        return self.fit.get(id(head), 0.0)


def name_sides(
    heads: Sequence[Head], plan: Plan, embedder: Embedder, *, topic_key: str, known: Sequence[Side] = ()
) -> list[Side]:
    """Find three to seven sides of the topic in ``heads``; those in ``known`` stay as long as a claim of theirs stands."""
    if not heads:
        return []
    standing = {head.prior.id for head in heads if head.prior}
    sides = [side for side in known if side.claim_ids & standing]
    fixed = [side.title for side in sides]
    mapped = [_statement(heads[at]) for at in _mapped(heads)]
    subject = Subject(plan.terms, plan.concepts[0], tuple(name for name, _ in plan.focus))
    labels = choose_labels(mapped, embedder, subject=subject, fixed=fixed, most=MOST - 1, fewest=FEWEST)
    known_ids = {side.id for side in sides}  # a side that a model gave another title keeps the id of its first one
    for title in map(as_title, labels[len(fixed) :]):
        name = ids.make_id("a", topic_key, title)
        if name not in known_ids:
            sides.append(Side(name, title, (f"{title}: {plan.core}", title)))
    if OTHERS not in fixed:
        sides.append(Side(ids.make_id("a", topic_key, OTHERS), OTHERS, (plan.core,)))
    return sides


def fill_sides(sides: Sequence[Side], heads: Sequence[Head], embedder: Embedder) -> list[Side]:
    """Put each head under the side whose title is nearest; earlier claims stay where they stood; empty sides go."""
    if not heads:
        return []
    titles = [side.title for side in sides]
    near = nearness([_statement(head) for head in heads], titles, embedder)
    others = titles.index(OTHERS)
    near[:, others] = -1.0
    loose = near.max(axis=1) < _LOOSE
    # Where most statements lie loosely, the titles are as good as they get, and a heap of the rest would tell less.
    if loose.mean() <= _MOST_LOOSE:
        near[:, others] = _LOOSE
    for at, home in enumerate(_homes(heads, near, sides)):
        sides[home].heads.append(heads[at])
        sides[home].fit[id(heads[at])] = float(near[at, home])
    return [side for side in sides if side.heads]


def _homes(heads: Sequence[Head], near: Vectors, sides: Sequence[Side]) -> list[int]:
    """The side of each head; new sides with too few heads are dissolved into the others."""
    place = {claim_id: at for at, side in enumerate(sides) for claim_id in side.claim_ids}
    pinned = [place.get(head.prior.id) if head.prior else None for head in heads]
    usable = list(range(len(sides)))
    smallest = min(_SMALLEST, 1 + len(heads) // 12)
    while True:
        homes = [pin if pin is not None else usable[int(near[at, usable].argmax())] for at, pin in enumerate(pinned)]
        small = [at for at in usable if not sides[at].claim_ids and homes.count(at) < smallest]
        if not small or len(usable) == 1:
            return homes
        usable.remove(min(small, key=lambda at: (homes.count(at), at)))


def _statement(head: Head) -> Statement:
    candidate = head.candidate
    vector = (1 - _AROUND) * candidate.vector + _AROUND * candidate.around
    headings = (*candidate.chunk.heading_path[-1:], candidate.source.title)
    return Statement(candidate.text, headings, vector, max(head.score, 0.05), candidate.source.id)


def _mapped(heads: Sequence[Head]) -> list[int]:
    """The places of the heads that decide where the angles are: the best ones, a few from each source."""
    counts: dict[str, int] = {}
    chosen: list[int] = []
    for at in sorted(range(len(heads)), key=lambda at: -heads[at].score):
        source = heads[at].candidate.source.id
        counts[source] = counts.get(source, 0) + 1
        if counts[source] <= _PER_SOURCE:
            chosen.append(at)
    return chosen[:_MAPPED]
