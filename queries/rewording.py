"""A report's claims, titles and summary in a language model's words, as far as they pass the gate.

What an earlier report said keeps its words: only claims and angles that are new are worded, and a summary is written again
only where claims came or went. So a topic that is reported again over the same corpus asks a model nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb import ids
from kb.interfaces import Embedder
from kb.records import Angle, Refusal, Rejected, Report, Statement, Topic
from queries.angles import OTHERS
from queries.candidates import Pool
from queries.claims import Head
from queries.drafting import SHOWN
from queries.gate import count_reasons
from queries.living import Previous, restated
from queries.witnesses import count_witnesses
from queries.writing import Writer, Written

Vector = NDArray[np.float32]

_NO_MODEL: Final = "none"


@dataclass(frozen=True, slots=True)
class Measured:
    """Angles, and by the id of a claim what it is worth and the vector of its wording."""

    angles: tuple[Angle, ...]
    worth: Mapping[str, float]
    vectors: Mapping[str, Vector]


def measured(topic_key: str, angles: tuple[Angle, ...], heads: Sequence[Head]) -> Measured:
    """``angles`` with worth and vectors of the heads that their claims were made of."""
    names = [ids.claim_id(topic_key, head.wording) for head in heads]
    worth = {name: head.score for name, head in zip(names, heads, strict=True)}
    vectors = {name: head.candidate.vector for name, head in zip(names, heads, strict=True)}
    return Measured(angles, worth, vectors)


class Rewording:
    """Words one report on ``topic``, which updates ``previous``, with ``writer``."""

    def __init__(self, writer: Writer, topic: Topic, previous: Previous | None, embedder: Embedder) -> None:
        self._writer = writer
        self._topic = topic
        self._previous = previous
        self._embedder = embedder

    @property
    def written(self) -> Written:
        """What the model did so far."""
        return self._writer.written

    def claims(self, made: Measured, groups: Mapping[str, str], pool: Pool) -> Measured:
        """The same evidence in claims of the model, under titles of the model; the rest stays as it is."""
        chunks = {candidate.chunk.id: candidate.chunk for candidate in pool.candidates}
        angles, origins = self._writer.angles(
            self._topic.subject,
            self._topic.key,
            made.angles,
            chunks,
            lambda evidence: count_witnesses(evidence, groups),
        )
        new = {c.id: c.text for angle in angles for c in angle.claims if c.id not in made.vectors}
        vectors = self._embedder.embed(list(new.values())) if new else ()
        worth = {name: max((made.worth.get(o, 0.0) for o in origins.get(name, ())), default=0.0) for name in new}
        return Measured(
            self._titled(restated(self._previous, angles)),
            {**made.worth, **worth},
            {**made.vectors, **dict(zip(new, vectors, strict=True))},
        )

    def _titled(self, angles: tuple[Angle, ...]) -> tuple[Angle, ...]:
        """Titles for the new angles in which a claim is the model's; the others keep theirs."""
        known = {side.id for side in self._previous.angles} if self._previous else set()
        drafted = [
            angle
            for angle in angles
            if angle.id not in known and angle.title != OTHERS and any(c.worded_by for c in angle.claims)
        ]
        taken = [OTHERS, *(angle.title for angle in angles)]
        titled = {angle.id: angle for angle in self._writer.titled(self._topic.subject, drafted, taken)}
        return tuple(titled.get(angle.id, angle) for angle in angles)

    def summary(
        self, extractive: tuple[Statement, ...], angles: Sequence[Angle], worth: Mapping[str, float]
    ) -> tuple[Statement, ...]:
        """A summary in the model's words: that of the last report where it makes the same claims, else a new one."""
        claims = {claim.id: claim for angle in angles for claim in angle.claims}
        last = self._previous
        if last and any(s.worded_by for s in last.summary) and {c.id for c in last.claims} == set(claims):
            return last.summary
        leading = [claims[name] for statement in extractive for name in statement.claim_ids]
        rest = sorted(claims.values(), key=lambda claim: (-worth.get(claim.id, 0.0), claim.id))
        shown = list({claim.id: claim for claim in (*leading, *rest)}.values())[:SHOWN]
        return self._writer.summary(self._topic.subject, extractive, shown)


def account_of(report: Report, rejected: Rejected, written: Written | None) -> Report:
    """``report`` with the account of its wording: whose words stand in it, and what became of the drafts of this time."""
    report = replace(report, rejected=rejected, model=_models_of(report))
    if written is None:
        return report
    counts = count_reasons(written.refused)
    asked = written.usage.calls or written.usage.cached or written.usage.failed
    return replace(
        report,
        rejected=Rejected(**{reason: getattr(rejected, reason) + count for reason, count in counts.items()}),
        refused=tuple(Refusal(r.text, r.reason, r.detail) for r in written.refused),
        notes=written.notes,
        prompts=written.prompts if asked else (),
        usage=written.usage,
    )


def _models_of(report: Report) -> str:
    """The language models whose words stand in ``report``, those that worded most claims first."""
    claims = Counter(claim.worded_by for claim in report.claims() if claim.worded_by)
    others = (*(angle.worded_by for angle in report.angles), *(s.worded_by for s in report.summary))
    names = dict.fromkeys((*(name for name, _ in claims.most_common()), *filter(None, others)))
    return ", ".join(names) or _NO_MODEL
