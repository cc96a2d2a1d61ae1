"""Angles: the sides of a topic that its evidence speaks about, kept from report to report where they still hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from kb import ids
from kb.interfaces import Embedder
from queries.claims import Head
from queries.labelling import Statement, as_title, choose_labels, nearness
from queries.topics import Plan

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
_AROUND: Final = 0.4
"""Weight of a statement's surroundings: what its section is about helps to tell what it is about."""


@dataclass(slots=True)
class Side:
    """An angle in the making; ``fit`` says how well each of its statements lies under its title (0..1)."""

    id: str
    title: str
    queries: tuple[str, ...]
    heads: list[Head] = field(default_factory=list)
    fit: dict[int, float] = field(default_factory=dict)

    def fits(self, head: Head) -> float:
        """How well ``head`` lies under the title."""
        return self.fit.get(id(head), 0.0)


@dataclass(frozen=True, slots=True)
class Known:
    """An angle of the last report: its name, its queries and the claims (by id) that stood under it."""

    id: str
    title: str
    queries: tuple[str, ...]
    claim_ids: frozenset[str]


def find_sides(
    heads: Sequence[Head], plan: Plan, embedder: Embedder, *, topic_key: str, known: Sequence[Known] = ()
) -> list[Side]:
    """Divide ``heads`` into three to seven sides; angles in ``known`` keep their name as long as a claim is left of them."""
    if not heads:
        return []
    statements = [_statement(head) for head in heads]
    standing = {head.prior.id for head in heads if head.prior}
    kept = [angle for angle in known if angle.claim_ids & standing]
    mapped = [statements[at] for at in _mapped(heads)]
    fixed = [angle.title for angle in kept]
    labels = choose_labels(mapped, embedder, avoid=plan.terms, fixed=fixed, most=MOST - 1, fewest=FEWEST)
    if OTHERS not in labels:
        labels.append(OTHERS)
    near = nearness(statements, labels, embedder)
    near[:, labels.index(OTHERS)] = _LOOSE
    homes = _homes(heads, near, kept, len(fixed))
    return _sides(heads, labels, near, homes, plan, topic_key=topic_key, kept=kept)


def _homes(heads: Sequence[Head], near: np.ndarray, kept: Sequence[Known], fixed: int) -> list[int]:
    """The label of each head: the nearest, but an earlier claim stays where it stood; small new groups are dissolved."""
    place = {claim_id: at for at, angle in enumerate(kept) for claim_id in angle.claim_ids}
    pinned = [place.get(head.prior.id) if head.prior else None for head in heads]
    usable = list(range(near.shape[1]))
    while True:
        homes = [pin if pin is not None else usable[int(near[at, usable].argmax())] for at, pin in enumerate(pinned)]
        sizes = {label: homes.count(label) for label in usable}
        small = [label for label in usable if label >= fixed and sizes[label] < _SMALLEST]
        if not small or len(usable) == 1:
            return homes
        usable.remove(min(small, key=lambda label: (sizes[label], label)))


def _sides(  # noqa: PLR0913 - one step of find_sides
    heads: Sequence[Head],
    labels: Sequence[str],
    near: np.ndarray,
    homes: Sequence[int],
    plan: Plan,
    *,
    topic_key: str,
    kept: Sequence[Known],
) -> list[Side]:
    sides: list[Side] = []
    for label in sorted(set(homes)):
        members = [at for at, home in enumerate(homes) if home == label]
        if label < len(kept):
            side = Side(kept[label].id, kept[label].title, kept[label].queries)
        else:
            title = as_title(labels[label])
            side = Side(ids.make_id("a", topic_key, title), title, (f"{title}: {plan.core}", title))
        side.heads = [heads[at] for at in members]
        side.fit = {id(heads[at]): float(near[at, label]) for at in members}
        sides.append(side)
    return sides


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
