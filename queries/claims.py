"""From candidates to claims: equal statements become one, with all their evidence; what speaks against is set beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb import ids
from kb.interfaces import Verifier
from kb.records import Certainty, Claim, ClaimStatus, Evidence, Rejected
from queries.agreement import agree, speaks_against
from queries.candidates import Candidate
from queries.gate import Draft, Gate, Passage
from queries.omissions import omission
from queries.witnesses import count_witnesses, share_wording
from queries.wording import grade

Vectors = NDArray[np.float32]

_ALIKE: Final = 0.86
"""Cosine from which two sentences would read as one claim made twice."""
_REACH: Final = 0.63
"""Share of the best heads' score that a statement must reach to be said."""
DULL: Final = -0.12
"""Grade up to which a sentence only describes a product, speaks of 'us' or leans on its context: it claims nothing."""
_VOICES: Final = 10
"""Sources below which the best statement of a further source is said, be it dull."""
_AUDIBLE: Final = 0.35
"""Share of the floor that such a statement must reach."""
_EVIDENCE: Final = 5
AGAINST: Final = 2


@dataclass(slots=True)
class Head:
    """A statement on its way to a claim: the candidate that words it, and those that make the same statement.

    ``prior`` is the claim of the last report that it was; where a language model worded that, ``quotes`` are the sentences
    that it rests on and that still stand, and ``prior`` names no others. A ``prior`` without support must be judged again.
    """

    candidate: Candidate
    prior: Claim | None = None
    support: list[Candidate] = field(default_factory=list)
    against: list[Candidate] = field(default_factory=list)
    quotes: list[Candidate] = field(default_factory=list)

    @property
    def wording(self) -> str:
        """How the claim reads: as the last report worded it, else as its candidate does."""
        return self.prior.text if self.prior else self.candidate.text

    @property
    def score(self) -> float:
        """What the wording is worth, and a little for each source that agrees."""
        return self.candidate.score + 0.04 * len(self.sources - {self.candidate.source.id})

    @property
    def sources(self) -> set[str]:
        """Every source that makes the statement."""
        return {self.candidate.source.id, *(c.source.id for c in (*self.support, *self.quotes))}

    @property
    def faces(self) -> tuple[Candidate, ...]:
        """Every wording that another statement is compared with."""
        return (self.candidate, *self.quotes)


def merge(candidates: Sequence[Candidate], prior: Sequence[Head] = ()) -> list[Head]:
    """Make one head for each statement; earlier claims word theirs first, then better wordings before worse ones."""
    return extend(list(prior), candidates)


def extend(heads: list[Head], candidates: Sequence[Candidate]) -> list[Head]:
    """Add ``candidates`` to ``heads``: as support of the statement they make too, else as heads of their own."""
    heads = list(heads)
    places = {_place(c) for head in heads for c in (*head.faces, *head.support)}
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
    kept = [h for h in heads if h.prior or (h.score >= floor and grade(h.candidate.text) > DULL)]
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
        heard = {item.source_id for item in head.prior.against} if head.prior and head.prior.worded_by else set()
        own = {groups.get(source, source) for source in head.sources | heard}
        near = matrix @ head.candidate.vector if len(matrix) else np.zeros(0)
        for at in np.argsort(-near)[:40]:
            other = candidates[int(at)]
            if groups.get(other.source.id, other.source.id) in own or len(head.against) >= AGAINST:
                continue
            if speaks_against(head.candidate.text, other.text, float(near[at]), common):
                head.against.append(other)


class Maker:
    """Turns heads into claims: evidence, witnesses, verdict, certainty, and how they stand to the last report.

    ``fresh`` are the sources that are new or have changed since then.
    """

    def __init__(
        self, topic_key: str, verifier: Verifier, groups: Mapping[str, str], fresh: Collection[str] = ()
    ) -> None:
        self._topic_key = topic_key
        self._verifier = verifier
        self._gate = Gate(verifier)
        self._groups = groups
        self._fresh = fresh
        self.unsupported = 0

    @property
    def rejected(self) -> Rejected:
        """How many heads the verifier did not pass."""
        return Rejected(unsupported=self.unsupported)

    def make(self, head: Head, angle_id: str) -> Claim | None:
        """The claim of a head; None, counted, where its own words do not support it."""
        if head.prior is not None and head.prior.worded_by:
            return self._again(head, head.prior, angle_id)
        evidence = _evidence(head)
        text = head.wording
        verdicts = self._verifier.judge([(item.quote, text) for item in evidence])
        best = max(verdicts, key=lambda verdict: (verdict.label == "supported", verdict.score))
        if best.label != "supported":
            self.unsupported += 1
            return None
        against = tuple(_against(candidate) for candidate in head.against)
        claim = Claim(ids.claim_id(self._topic_key, text), text, evidence, angle_id, against, support=best)
        return self._weighed(claim, head.prior)

    def _again(self, head: Head, prior: Claim, angle_id: str) -> Claim | None:
        """A claim in a model's words once more, if what still stands of its quotes supports it.

        Only sources that are new or have changed add to it: what the others say was judged when it was made.
        """
        standing = self._standing(prior)
        if standing is None:
            self.unsupported += 1
            return None
        evidence = (*standing.evidence, *self._fresh_support(head, standing))
        against = (*prior.against, *(_against(c) for c in head.against if c.source.id in self._fresh))
        return self._weighed(replace(standing, angle_id=angle_id, evidence=evidence, against=against), prior)

    def _standing(self, prior: Claim) -> Claim | None:
        """``prior`` as this verifier judged it, or, where it lost a quote or another one judged it, as it passes the gate."""
        if prior.support is not None and prior.support.verifier == self._verifier.name:
            return prior
        passages = [Passage.of(number, quote) for number, quote in enumerate(prior.evidence, start=1)]
        passed = self._gate.claims([Draft(prior.text, tuple(item.number for item in passages))], passages).passed
        return replace(prior, evidence=passed[0].evidence, support=passed[0].verdict) if passed else None

    def _fresh_support(self, head: Head, prior: Claim) -> list[Evidence]:
        """Quotes of new or changed sources that the verifier finds to support an earlier claim's wording."""
        known = {item.source_id for item in prior.evidence}
        found: dict[str, Evidence] = {}
        for candidate in head.support:
            if candidate.source.id in self._fresh and candidate.source.id not in known:
                found.setdefault(candidate.source.id, candidate.evidence())
        quotes = list(found.values())[: max(0, _EVIDENCE - len(prior.evidence))]
        verdicts = self._verifier.judge([(quote.quote, prior.text) for quote in quotes]) if quotes else []
        return [
            replace(quote, score=verdict.supported or verdict.score)
            for quote, verdict in zip(quotes, verdicts, strict=True)
            if verdict.label == "supported" and not omission(prior.text, quote.quote)
        ]

    def _weighed(self, claim: Claim, prior: Claim | None) -> Claim:
        """``claim`` with its witnesses counted, its certainty judged, and how it stands to the last report."""
        witnesses = count_witnesses(claim.evidence, self._groups)
        certainty, reason = judge_certainty(witnesses, claim.evidence, len(claim.against))
        weighed = replace(claim, certainty=certainty, certainty_reason=reason, witnesses=witnesses)
        return replace(weighed, status=status_of(weighed, prior))


def judge_certainty(witnesses: int, evidence: Sequence[Evidence], against: int) -> tuple[Certainty, str]:
    """How sure a claim is, by a written rule in the manner of GRADE (Guyatt et al., BMJ 2008), and the reason in words.

    Disputed: a source speaks against it. High: three or more independent witnesses. Moderate: two. Low: one. That witnesses use
    the same words in good part changes no grade, and is said.
    """
    sources = len({item.source_id for item in evidence})
    copies = f" ({sources} sources, some copies of each other)" if sources > witnesses else ""
    if against:
        return (
            "disputed",
            f"{against} source{'s' * (against > 1)} speak{'s' * (against == 1)} against it; {witnesses} for it{copies}",
        )
    if witnesses == 1:
        return "low", f"a single {'independent ' if copies else ''}source states it{copies}"
    count = "two" if witnesses == 2 else str(witnesses)
    agree = (
        f"{count} sources agree, in part word for word: perhaps not independently"
        if share_wording(evidence)
        else f"{count} independent sources agree"
    )
    return "high" if witnesses >= 3 else "moderate", agree + copies


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


def status_of(claim: Claim, prior: Claim | None) -> ClaimStatus:
    """How ``claim`` stands to what it was in the last report."""
    if prior is None:
        return "new"
    if claim.witnesses < prior.witnesses or len(claim.against) > len(prior.against):
        return "weakened"
    if claim.witnesses > prior.witnesses or len(claim.against) < len(prior.against):
        return "strengthened"
    return "kept"


def _same_statement(candidate: Candidate, heads: Sequence[Head]) -> Head | None:
    for head in heads:
        for face in head.faces:
            if agree(face.text, candidate.text, float(face.vector @ candidate.vector)):
                return head
    return None


def _repeats(candidate: Candidate, heads: Sequence[Head]) -> bool:
    return any(
        float(face.vector @ candidate.vector) >= _ALIKE and not speaks_against(face.text, candidate.text, 1.0)
        for head in heads
        for face in head.faces
    )


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.chunk.document_id, candidate.start
