"""Records of what is said over the corpus: Hit -> Evidence -> Claim -> Verdict -> Answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kb import ids
from kb.errors import RecordError
from kb.records.corpus import Chunk, Document, Source
from kb.records.drafts import Refusal

Channel = Literal["dense", "lexical", "hybrid"]
Stance = Literal["for", "against"]
Label = Literal["supported", "contradicted", "unclear"]
Certainty = Literal["high", "moderate", "low", "disputed"]
ClaimStatus = Literal["new", "kept", "strengthened", "weakened"]
_ROUNDING = 1e-6
_LEANING = 0.7
"""Probability of a side from which words lean to it. Of SciFact's claims with the whole corpus to search that nothing decides and that
were not trained on (108 of those that lean), the first such words stood in an abstract annotated for that side 62 times, for the other 12
times (``bench/checking.py``); from 0.5 on it was fewer than half of them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One retrieved chunk: ``rank`` from 1, and a score of which higher is better, always."""

    chunk_id: str
    channel: Channel
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A hit with everything needed to read and cite it."""

    hit: Hit
    chunk: Chunk
    source: Source


@dataclass(frozen=True, slots=True)
class Evidence:
    """Exact words of a document: ``document.text[start:end] == quote``; made by :meth:`of`, which guarantees it."""

    id: str
    chunk_id: str
    document_id: str
    source_id: str
    start: int
    end: int
    quote: str
    document_sha256: str
    stance: Stance = "for"
    uri: str = ""
    title: str = ""
    heading: str = ""
    page: int | None = None
    score: float = 0.0
    superseded: bool = False
    published: str = ""

    def __post_init__(self) -> None:
        if not self.quote.strip() or len(self.quote) != self.end - self.start or self.start < 0:
            msg = f"a quote must hold the {self.end - self.start} characters that its offsets {self.start}:{self.end} name"
            raise RecordError(msg, source=self.uri or self.source_id)
        if self.id != ids.evidence_id(self.document_id, self.start, self.end):
            msg = "the id of evidence is the hash of its document and offsets"
            raise RecordError(msg, source=self.uri or self.source_id)

    @classmethod
    def of(  # noqa: PLR0913 - a citation has this many independent parts
        cls,
        chunk: Chunk,
        start: int,
        end: int,
        *,
        source: Source,
        document_sha256: str,
        stance: Stance = "for",
        score: float = 0.0,
    ) -> Evidence:
        """Quote ``start:end`` (offsets in the document) out of ``chunk``; refuses words outside the chunk."""
        if not chunk.start <= start < end <= chunk.end:
            msg = f"the words {start}:{end} are not inside chunk {chunk.id} ({chunk.start}:{chunk.end})"
            raise RecordError(msg, source=source.uri)
        return cls(
            ids.evidence_id(chunk.document_id, start, end),
            chunk.id,
            chunk.document_id,
            chunk.source_id,
            start,
            end,
            chunk.text[start - chunk.start : end - chunk.start],
            document_sha256,
            stance,
            source.uri,
            source.title,
            " > ".join(chunk.heading_path),
            chunk.page,
            score,
            published=source.published,
        )

    def resolves_in(self, document: Document) -> bool:
        """Whether these exact words stand at these offsets of ``document``."""
        return (
            document.id == self.document_id
            and document.text_sha256 == self.document_sha256
            and document.text[self.start : self.end] == self.quote
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a quote supports a claim, how surely (0..1), and who judged.

    ``supported`` and ``contradicted`` are the probabilities of these labels, for ranking and for thresholds of one's own;
    their sum is at most 1, the rest is 'not enough'.
    """

    label: Label
    score: float
    verifier: str
    reasons: tuple[str, ...] = ()
    supported: float = 0.0
    contradicted: float = 0.0

    def __post_init__(self) -> None:
        for value in (self.score, self.supported, self.contradicted):
            if not 0.0 <= value <= 1.0:
                msg = f"a score of a verdict lies in 0..1, not {value}"
                raise RecordError(msg)
        if self.supported + self.contradicted > 1.0 + _ROUNDING:
            msg = f"a quote cannot support ({self.supported}) and contradict ({self.contradicted}) a claim at once"
            raise RecordError(msg)

    @property
    def sureness(self) -> float:
        """The probability of the likelier side, whatever the label."""
        return max(self.supported, self.contradicted)

    @property
    def leaning(self) -> Stance | None:
        """The side that is probable (0.7 and more), whatever the label; ``None`` where neither is."""
        if self.supported >= _LEANING:
            return "for"
        return "against" if self.contradicted >= _LEANING else None


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with the words it rests on; without evidence it cannot be made.

    ``worded_by`` names the language model that drafted its wording; empty where that is a source's own.
    """

    id: str
    text: str
    evidence: tuple[Evidence, ...]
    angle_id: str = ""
    against: tuple[Evidence, ...] = ()
    certainty: Certainty = "low"
    certainty_reason: str = ""
    support: Verdict | None = None
    witnesses: int = 1
    status: ClaimStatus = "new"
    worded_by: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip():
            msg = "a claim must say something"
            raise RecordError(msg)
        if not self.evidence:
            msg = f"no evidence, no claim: {self.text[:80]!r}"
            raise RecordError(msg)
        if self.witnesses < 1:
            msg = "a claim has at least one witness"
            raise RecordError(msg)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: claims, or an abstention with its reason and the nearest evidence.

    A question of several parts has an answer for each in ``parts``; its claims are theirs. ``asked`` is the question as it
    was searched, where words of it were resolved; ``as_of`` the date that it asks for (a year, or ``latest``). Where a
    language model was asked, ``refused`` are its drafts that did not pass the gate, ``notes`` say which part stayed in the
    sources' own words and why, and ``prompts`` name the prompts with their hashes.
    """

    question: str
    claims: tuple[Claim, ...]
    nearest: tuple[Evidence, ...]
    reason: str = ""
    confidence: float = 0.0
    model: str = "none"
    seconds: float = 0.0
    searched: int = 0
    parts: tuple[Answer, ...] = ()
    asked: str = ""
    as_of: str = ""
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.claims and not self.reason:
            msg = "an answer without claims says why"
            raise RecordError(msg)

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return bool(self.claims)

    @property
    def conflicts(self) -> tuple[Claim, ...]:
        """The claims that another independent source speaks against."""
        return tuple(claim for claim in self.claims if claim.against)

    @property
    def text(self) -> str:
        """The answer as running text: the claims in order."""
        return " ".join(claim.text for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Problem:
    """One citation that does not hold, and why."""

    evidence_id: str
    claim_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of re-resolving every citation of a report."""

    citations: int
    resolved: int
    superseded: int
    problems: tuple[Problem, ...] = field(default=())

    @property
    def broken(self) -> int:
        """How many citations do not resolve, and claims that have none."""
        return len(self.problems)
