"""From candidates to claims: equal statements become one, with all their evidence; what speaks against is set beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb import ids
from kb.interfaces import Verifier
from kb.records import Certainty, Claim, ClaimStatus, Evidence, Rejected
from queries.agreement import agree, speaks_against
from queries.candidates import Candidate
from queries.witnesses import count_witnesses
from queries.wording import grade

Vectors = NDArray[np.float32]

_ALIKE: Final = 0.86
"""Cosine from which two sentences would read as one claim made twice."""
_REACH: Final = 0.63
"""Share of the best heads' score that a statement must reach to be said."""
_DULL: Final = -0.12
"""Grade up to which a sentence only describes a product, speaks of 'us' or leans on its context: it claims nothing."""
_VOICES: Final = 10
"""Sources below which the best statement of a further source is said, be it dull."""
_AUDIBLE: Final = 0.35
"""Share of the floor that such a statement must reach."""
_EVIDENCE: Final = 5
AGAINST: Final = 2


@dataclass(slots=True)
class Head:
    """A statement on its way to a claim: the candidate that words it, and those that make the same statement."""

    candidate: Candidate
    prior: Claim | None = None
    support: list[Candidate] = field(default_factory=list)
    against: list[Candidate] = field(default_factory=list)

    @property
    def score(self) -> float:
        """What the wording is worth, and a little for each source that agrees."""
        return self.candidate.score + 0.04 * len({c.source.id for c in self.support} - {self.candidate.source.id})

    @property
    def sources(self) -> set[str]:
        """Every source that makes the statement."""
        return {self.candidate.source.id, *(c.source.id for c in self.support)}


def merge(candidates: Sequence[Candidate], prior: Sequence[tuple[Candidate, Claim]] = ()) -> list[Head]:
    """Make one head for each statement; earlier claims word theirs first, then better wordings before worse ones."""
    return extend([Head(candidate, claim) for candidate, claim in prior], candidates)


def extend(heads: list[Head], candidates: Sequence[Candidate]) -> list[Head]:
    """Add ``candidates`` to ``heads``: as support of the statement they make too, else as heads of their own."""
    heads = list(heads)
    places = {_place(c) for head in heads for c in (head.candidate, *head.support)}
    texts = {ids.fold(head.candidate.text) for head in heads}
    for candidate in candidates:
        if _place(candidate) in places:
            continue
        places.add(_place(candidate))
        home = _same_statement(candidate, heads)
        if home is not None:
            home.support.append(candidate)
        elif not _repeats(candidate, heads) and ids.fold(candidate.text) not in texts:
            heads.append(Head(candidate))
            texts.add(ids.fold(candidate.text))
    return heads


def worth_saying(heads: Sequence[Head]) -> list[Head]:
    """The heads good enough for a report: within reach of the best ones, and whatever the last report said.

    Where these come from few sources, the best head of each further source is in, so that a page that only presents a
    product is heard too.
    """
    best = sorted((head.score for head in heads), reverse=True)[:5]
    floor = _REACH * (sum(best) / len(best)) if best else 0.0
    kept = [h for h in heads if h.prior or (h.score >= floor and grade(h.candidate.text) > _DULL)]
    heard = {h.candidate.source.id for h in kept}
    for head in sorted(heads, key=lambda h: -h.score):
        if len(heard) >= _VOICES or head.score < _AUDIBLE * floor:
            break
        if head.candidate.source.id not in heard:
            heard.add(head.candidate.source.id)
            kept.append(head)
    return kept


def oppose(
    heads: Iterable[Head], candidates: Sequence[Candidate], groups: Mapping[str, str], common: frozenset[str]
) -> None:
    """Set beside each head the sentences of other witnesses that deny it, nearest first."""
    matrix = np.stack([c.vector for c in candidates]) if candidates else np.zeros((0, 0), dtype=np.float32)
    for head in heads:
        own = {groups.get(source, source) for source in head.sources}
        near = matrix @ head.candidate.vector if len(matrix) else np.zeros(0)
        for at in np.argsort(-near)[:40]:
            other = candidates[int(at)]
            if groups.get(other.source.id, other.source.id) in own or len(head.against) >= AGAINST:
                continue
            if speaks_against(head.candidate.text, other.text, float(near[at]), common):
                head.against.append(other)


class Maker:
    """Turns heads into claims: evidence, witnesses, verdict, certainty, and how they stand to the last report."""

    def __init__(self, topic_key: str, verifier: Verifier, groups: Mapping[str, str]) -> None:
        self._topic_key = topic_key
        self._verifier = verifier
        self._groups = groups
        self.unsupported = 0

    @property
    def rejected(self) -> Rejected:
        """How many heads the verifier did not pass."""
        return Rejected(unsupported=self.unsupported)

    def make(self, head: Head, angle_id: str) -> Claim | None:
        """The claim of a head; None, counted, where its own words do not support it."""
        evidence = _evidence(head)
        text = head.prior.text if head.prior else head.candidate.text
        verdicts = self._verifier.judge([(item.quote, text) for item in evidence])
        best = max(verdicts, key=lambda verdict: (verdict.label == "supported", verdict.score))
        if best.label != "supported":
            self.unsupported += 1
            return None
        against = tuple(_against(candidate) for candidate in head.against)
        witnesses = count_witnesses(evidence, self._groups)
        certainty, reason = judge_certainty(witnesses, len({e.source_id for e in evidence}), len(against))
        return Claim(
            ids.claim_id(self._topic_key, text),
            text,
            evidence,
            angle_id,
            against,
            certainty,
            reason,
            best,
            witnesses,
            _status(head.prior, witnesses, len(against)),
        )


def judge_certainty(witnesses: int, sources: int, against: int) -> tuple[Certainty, str]:
    """How sure a claim is, by a written rule in the manner of GRADE (Guyatt et al., BMJ 2008), and the reason in words.

    Disputed: a source speaks against it. High: three or more independent witnesses. Moderate: two. Low: one.
    """
    copies = f" ({sources} sources, some copies of each other)" if sources > witnesses else ""
    if against:
        return (
            "disputed",
            f"{against} source{'s' * (against > 1)} speak{'s' * (against == 1)} against it; {witnesses} for it{copies}",
        )
    if witnesses >= 3:
        return "high", f"{witnesses} independent sources agree{copies}"
    if witnesses == 2:
        return "moderate", f"two independent sources agree{copies}"
    return "low", f"a single {'independent ' if copies else ''}source states it{copies}"


def _evidence(head: Head) -> tuple[Evidence, ...]:
    """The wording's own words first, then one quote from each other source, best first."""
    found = [head.candidate.evidence(1.0)]
    seen = {head.candidate.source.id}
    for candidate in head.support:
        if candidate.source.id not in seen and len(found) < _EVIDENCE:
            seen.add(candidate.source.id)
            found.append(candidate.evidence(float(candidate.vector @ head.candidate.vector)))
    return tuple(found)


def _against(candidate: Candidate) -> Evidence:
    return Evidence.of(
        candidate.chunk,
        candidate.start,
        candidate.end,
        source=candidate.source,
        document_sha256=candidate.sha256,
        stance="against",
        score=candidate.relevance,
    )


def _status(prior: Claim | None, witnesses: int, against: int) -> ClaimStatus:
    if prior is None:
        return "new"
    if witnesses < prior.witnesses or against > len(prior.against):
        return "weakened"
    if witnesses > prior.witnesses or against < len(prior.against):
        return "strengthened"
    return "kept"


def _same_statement(candidate: Candidate, heads: Sequence[Head]) -> Head | None:
    for head in heads:
        if agree(head.candidate.text, candidate.text, float(head.candidate.vector @ candidate.vector)):
            return head
    return None


def _repeats(candidate: Candidate, heads: Sequence[Head]) -> bool:
    return any(
        float(head.candidate.vector @ candidate.vector) >= _ALIKE
        and not speaks_against(head.candidate.text, candidate.text, 1.0)
        for head in heads
    )


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.chunk.document_id, candidate.start
