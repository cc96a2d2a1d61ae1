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
from queries.clustering import centroids, cluster, residual
from queries.titling import Group, titles
from queries.topics import Plan

Vectors = NDArray[np.float32]

FEWEST: Final = 3
MOST: Final = 7
_SMALLEST: Final = 4
_MAPPED: Final = 140
"""Heads, best first, that decide where the angles are."""
_PER_SOURCE: Final = 16
"""Of these at most so many from one source: a long source shall not make the angles by itself."""
_AROUND: Final = 0.4
"""Weight of a sentence's surroundings: what its section is about helps to tell what it is about."""
_NEAR: Final = 0.12
"""Cosine (topic direction removed) from which a statement belongs to an angle that is there already."""


@dataclass(slots=True)
class Side:
    """An angle in the making."""

    id: str
    title: str
    queries: tuple[str, ...]
    heads: list[Head] = field(default_factory=list)


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
    vectors = np.stack([(1 - _AROUND) * head.candidate.vector + _AROUND * head.candidate.around for head in heads])
    middle = vectors[_mapped(heads)].mean(axis=0)
    rest = residual(vectors, middle)
    sides = [Side(angle.id, angle.title, angle.queries) for angle in known]
    loose = list(range(len(heads)))
    if sides:
        loose = _assign_known(heads, rest, sides, known)
        sides = [side for side in sides if side.heads]
    room = MOST - len(sides)
    if not sides or (len(loose) >= 2 * _SMALLEST and room > 0):
        sides.extend(_new_sides([heads[at] for at in loose], rest[loose], plan, embedder, topic_key=topic_key, room=room))
    elif loose:
        _assign_nearest(heads, rest, loose, sides)
    return sides


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


def _new_sides(
    heads: Sequence[Head], rest: Vectors, plan: Plan, embedder: Embedder, *, topic_key: str, room: int
) -> list[Side]:
    mapped = _mapped(heads)
    labels = cluster(rest[mapped], min(FEWEST, room), room, _SMALLEST)
    centres = centroids(rest[mapped], labels)
    nearest = (rest @ centres.T).argmax(axis=1)
    nearest[mapped] = labels
    groups: list[list[Head]] = [[] for _ in centres]
    for at, label in enumerate(nearest):
        groups[int(label)].append(heads[at])
    names = titles([_titled(group) for group in groups], centres, embedder, plan.terms)
    return [
        Side(ids.make_id("a", topic_key, name), name, (f"{name}: {plan.core}", name), list(group))
        for name, group in zip(names, groups, strict=True)
    ]


def _titled(heads: Sequence[Head]) -> Group:
    best = sorted(heads, key=lambda head: -head.score)[:40]
    headings = [name for head in best for name in (*head.candidate.chunk.heading_path[-1:], head.candidate.source.title)]
    return Group([head.candidate.text for head in best], headings)


def _assign_known(heads: Sequence[Head], rest: Vectors, sides: list[Side], known: Sequence[Known]) -> list[int]:
    """Put earlier claims where they stood and new ones where they are near; return the places of those left over."""
    home = {claim_id: at for at, angle in enumerate(known) for claim_id in angle.claim_ids}
    members: list[list[int]] = [[] for _ in sides]
    loose: list[int] = []
    for at, head in enumerate(heads):
        side = home.get(head.prior.id) if head.prior else None
        if side is None:
            loose.append(at)
        else:
            members[side].append(at)
            sides[side].heads.append(head)
    filled = [at for at, part in enumerate(members) if part]
    if not filled:
        return loose
    centres = np.stack([rest[members[at]].mean(axis=0) for at in filled])
    centres = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    left: list[int] = []
    for at in loose:
        near = centres @ rest[at]
        if float(near.max()) >= _NEAR:
            sides[filled[int(near.argmax())]].heads.append(heads[at])
        else:
            left.append(at)
    return left


def _assign_nearest(heads: Sequence[Head], rest: Vectors, loose: Sequence[int], sides: Sequence[Side]) -> None:
    at_of = {id(head): at for at, head in enumerate(heads)}
    centres = np.stack([rest[[at_of[id(head)] for head in side.heads]].mean(axis=0) for side in sides])
    for at in loose:
        sides[int((centres @ rest[at]).argmax())].heads.append(heads[at])
