"""Reports: every sentence is a source's own, or a language model's that passed the gate; cited, and checked against its words.

Retrieve for the whole topic, each of its sides and each focus; keep the sentences that can stand as claims; merge those that
say the same; find the angles in what remains; retrieve again for each angle; choose; set beside each claim what speaks
against it; let a language model word it, where there is one; compare with the last report. ``docs/architecture.md`` tells why.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb.catalog import Catalog, now
from kb.errors import NotFoundError
from kb.ids import make_id
from kb.interfaces import Verifier
from kb.records import Angle, Claim, Found, Rejected, Report, Topic
from queries import accounting, living
from queries.angles import OTHERS, Side, fill_sides, name_sides
from queries.candidates import Pool, gather
from queries.claims import Head, Maker, extend, merge, oppose, worth_saying
from queries.composing import conclude, focus_areas, summarise
from queries.corroborating import corroborate
from queries.retrieval import Retriever, once_each
from queries.rewording import Measured, Rewording, account_of, measured
from queries.selecting import TOTAL, choose
from queries.topics import Plan, parse_topic, plan
from queries.witnesses import witness_groups
from queries.writing import Writer

Vector = NDArray[np.float32]

_DEPTH: Final = 400
"""Chunks that one query may bring."""
_AGAIN: Final = 120
"""Chunks that the query of one angle may bring."""
_CHUNKS: Final = 600
"""Chunks that are read for a topic in all."""
_PER_SOURCE: Final = 60
"""Of these at most so many from one source: a long source shall not crowd out the others."""


@dataclass(frozen=True, slots=True)
class _Material:
    """What a report is made of, before anything is chosen; ``fresh`` are the sources that the last report did not see so."""

    pool: Pool
    heads: list[Head]
    groups: dict[str, str]
    focus: list[tuple[str, Vector]]
    fresh: frozenset[str] = frozenset()


class Reporter:
    """Makes reports over one knowledge base; ``writer`` makes what words one report with a language model."""

    def __init__(
        self,
        catalog: Catalog,
        retriever: Retriever,
        verifier: Verifier,
        writer: Callable[[], Writer] | None = None,
    ) -> None:
        self._writer = writer
        self._catalog = catalog
        self._read = catalog.read
        self._retriever = retriever
        self._embedder = retriever.embedder
        self._verifier = verifier

    def report(self, text: str, *, progress: Callable[[str], None] | None = None) -> Report:
        """Report on the topic ``text``; an earlier report on it is updated.

        Raises:
            NotFoundError: the knowledge base is empty.
        """
        started = time.monotonic()
        tell = progress or (lambda _: None)
        topic = parse_topic(text)
        if not self._read.has_chunks():
            msg = "the knowledge base is empty"
            raise NotFoundError(
                msg, source=str(self._catalog.home), remedy="bring sources in with 'kb ingest SOURCE...'"
            )
        outline = plan(topic)
        previous = living.read_previous(self._catalog.reports.latest(topic.key))
        tell("reading the evidence")
        pool = gather(self._retrieve(outline.queries), outline, self._read, self._embedder)
        prior = living.still_standing(previous, self._read, self._embedder, pool.candidates) if previous else []
        heads = merge(pool.candidates, prior)
        fresh = frozenset(living.changed_since(previous, self._read)) if previous else frozenset()
        tell("finding angles")
        known = previous.angles if previous else ()
        sides = name_sides(worth_saying(heads), outline, self._embedder, topic_key=topic.key, known=known)
        pool, heads = self._deepened(outline, sides, pool, heads)
        heads, room = _news(worth_saying(heads), previous, fresh)
        material = replace(self._material(pool, heads, outline), fresh=fresh)
        tell("choosing claims")
        sides = fill_sides(sides, heads, self._embedder)
        angles, rejected = self._angles(topic, sides, material, room)
        made = measured(topic.key, living.restated(previous, angles), material.heads)
        wording = self._wording(topic, previous)
        if wording is not None:
            tell("wording the claims")
            made = wording.claims(made, material.groups, material.pool)
            tell("composing the report")
        report = self._compose(topic, made, material, previous, wording)
        report = account_of(report, rejected, wording.written if wording is not None else None)
        return replace(report, seconds=round(time.monotonic() - started, 3))

    def _wording(self, topic: Topic, previous: living.Previous | None) -> Rewording | None:
        """What words this report with a language model; None where there is none."""
        return Rewording(self._writer(), topic, previous, self._embedder) if self._writer is not None else None

    # -- material --------------------------------------------------------------------------------------------------

    def _deepened(self, outline: Plan, sides: Sequence[Side], pool: Pool, heads: list[Head]) -> tuple[Pool, list[Head]]:
        """Retrieve again for each angle: what the topic's own queries did not bring, judged by the same bar."""
        found = self._retrieve([side.queries[0] for side in sides], but=pool.read, depth=_AGAIN)
        if not found:
            return pool, heads
        more = gather(found, outline, self._read, self._embedder, like=pool)
        return pool.plus(more), extend(heads, more.candidates)

    def _material(self, pool: Pool, heads: list[Head], outline: Plan) -> _Material:
        faces = (face for head in heads for face in head.faces)
        everyone = {c.source.id: c.chunk.document_id for c in (*pool.candidates, *faces)}
        documents = self._read.documents(everyone.values())
        groups = witness_groups({source: documents[name].text for source, name in everyone.items()})
        oppose(heads, pool.candidates, groups, outline.terms)
        return _Material(pool, heads, groups, self._focus_vectors(outline))

    def _retrieve(
        self, queries: Sequence[str], *, but: frozenset[str] = frozenset(), depth: int = _DEPTH
    ) -> list[Found]:
        """The chunks that the queries bring beside ``but``, best first, not too many from one source."""
        if not queries:
            return []
        counts: Counter[str] = Counter()
        kept: list[Found] = []
        for item in once_each(self._retriever.related(queries, depth)):
            if item.chunk.id in but:
                continue
            counts[item.source.id] += 1
            if counts[item.source.id] <= _PER_SOURCE:
                kept.append(item)
        return kept[:_CHUNKS]

    # -- angles ----------------------------------------------------------------------------------------------------

    def _angles(
        self, topic: Topic, sides: list[Side], material: _Material, room: int
    ) -> tuple[tuple[Angle, ...], Rejected]:
        chosen = choose(sides, material.focus, room=room)
        listed = [head for heads in chosen for head in heads]
        corroborate(listed, material.pool.candidates, material.groups, self._verifier)
        maker = Maker(topic.key, self._verifier, material.groups, material.fresh)
        angles: list[Angle] = []
        for side, heads in zip(sides, chosen, strict=True):
            claims = tuple(claim for head in heads if (claim := maker.make(head, side.id)) is not None)
            if claims:
                angles.append(Angle(side.id, side.title, side.queries, claims, side.worded_by))
        return tuple(angles), maker.rejected

    def _focus_vectors(self, outline: Plan) -> list[tuple[str, Vector]]:
        names = [name for name, _ in outline.focus]
        return list(zip(names, self._embedder.embed(names), strict=True)) if names else []

    # -- composition -----------------------------------------------------------------------------------------------

    def _compose(
        self,
        topic: Topic,
        made: Measured,
        material: _Material,
        previous: living.Previous | None,
        wording: Rewording | None,
    ) -> Report:
        worth, vectors = made.worth, made.vectors
        angles = living.in_old_order(previous, _in_order(made.angles, worth))
        claims = [claim for angle in angles for claim in angle.claims]
        cited = {evidence.source_id for claim in claims for evidence in (*claim.evidence, *claim.against)}
        relevant = {candidate.source.id for candidate in material.pool.candidates}
        states = self._read.states()
        summary = summarise(angles, worth, vectors)
        if wording is not None:
            summary = wording.summary(summary, angles, worth)
        areas = focus_areas(material.focus, angles, vectors, worth)
        revision = self._read.revision()
        parent = previous.report_id if previous else ""
        return Report(
            id=make_id("r", topic.key, parent, str(revision), *(claim.id for claim in claims)),
            topic=topic,
            created_at=now(),
            corpus_revision=revision,
            angles=angles,
            summary=summary,
            focus_areas=areas,
            conclusions=conclude(angles, worth, {name for s in summary for name in s.claim_ids}),
            gaps=accounting.find_gaps(angles, areas, states, cited),
            changes=living.compare(previous, claims, self._read),
            references=accounting.number_references(claims, {state.source.id: state for state in states}),
            uncited=accounting.list_uncited(states, material.pool, relevant, cited),
            sources=accounting.account(states, relevant, cited),
            parent_id=parent,
            verifier=self._verifier.name,
        )


def _news(heads: list[Head], previous: living.Previous | None, fresh: frozenset[str]) -> tuple[list[Head], int]:
    """What an update may say, and how many claims it may make in all.

    Beside what still stands: what new or changed sources say, and as many other claims as were withdrawn. So the same
    topic over the same corpus gives the same report, and new evidence always finds room.
    """
    if previous is None:
        return heads, TOTAL
    lost = len(previous.claims) - sum(head.prior is not None for head in heads)
    kept = [head for head in heads if head.prior or lost or head.sources & fresh]
    growth = TOTAL // 3 if fresh else 0
    return kept, max(len(previous.claims) + growth, TOTAL if fresh else 0)


def _in_order(angles: tuple[Angle, ...], worth: Mapping[str, float]) -> tuple[Angle, ...]:
    """Angles by the worth of their three best claims, claims by theirs."""

    def weight(claim: Claim) -> float:
        return worth.get(claim.id, 0.0)

    sorted_claims = [
        replace(angle, claims=tuple(sorted(angle.claims, key=lambda c: (-weight(c), c.id)))) for angle in angles
    ]
    return tuple(
        sorted(sorted_claims, key=lambda a: (a.title == OTHERS, -sum(weight(c) for c in a.claims[:3]), a.title))
    )
