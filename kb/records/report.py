"""Records of a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kb import ids
from kb.errors import RecordError
from kb.records.answers import Claim, Evidence
from kb.records.drafts import Note, Refusal, Usage


@dataclass(frozen=True, slots=True)
class Topic:
    """What a report is about: the whole wording, the subject without its focus list, and the focus list."""

    text: str
    subject: str
    focus: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not any(letter.isalnum() for letter in self.subject):
            msg = "a topic must say something"
            raise RecordError(msg, remedy='for example: kb report "Risks of X. Focus on a, b, and c."')

    @property
    def key(self) -> str:
        """The form in which topics are compared: the same key again updates the last report."""
        return ids.make_id("t", ids.fold(self.text).rstrip(" .?!"))


@dataclass(frozen=True, slots=True)
class Angle:
    """One side of the topic that the evidence speaks about; its queries reproduce its evidence.

    ``worded_by`` names the language model that gave it its title; empty where no model did.
    """

    id: str
    title: str
    queries: tuple[str, ...]
    claims: tuple[Claim, ...] = ()
    worded_by: str = ""

    def __post_init__(self) -> None:
        if not self.queries:
            msg = f"angle {self.title!r} has no query that reproduces its evidence"
            raise RecordError(msg)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the summary, a focus area or the conclusions, resting on claims of this report.

    ``worded_by`` names the language model that wrote it over these claims; empty where it is a claim as it stands.
    """

    text: str
    claim_ids: tuple[str, ...]
    worded_by: str = ""

    def __post_init__(self) -> None:
        if not self.claim_ids:
            msg = f"a statement rests on at least one claim: {self.text[:80]!r}"
            raise RecordError(msg)


@dataclass(frozen=True, slots=True)
class FocusArea:
    """What the claims say about one thing that the topic asked to focus on."""

    name: str
    points: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A claim of the last report that no longer stands, and why."""

    id: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """How this report differs from the one before it on the same topic, by claim id."""

    new: tuple[str, ...] = ()
    strengthened: tuple[str, ...] = ()
    weakened: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A numbered source of the report."""

    n: int
    source_id: str
    title: str
    uri: str
    author: str
    published: str
    accessed: str
    cited_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Uncited:
    """A source that the report does not cite, and why."""

    uri: str
    reason: str
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """Every source of the corpus is one of: failed, duplicate, or analysed; of those some are relevant, some cited."""

    analysed: int
    failed: int
    duplicate: int
    relevant: int
    cited: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """What did not pass, by reason: drafts of a language model, and claims that their own quotes do not support."""

    unknown_id: int = 0
    inexact_quote: int = 0
    unsupported: int = 0
    malformed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report; every claim id that a statement, a reference or a change names is a claim of it.

    ``model`` names the language models whose words stand in it ('none': only the sources' own do). Where one was asked,
    ``refused`` are its drafts that did not pass the gate, ``notes`` say which part stayed in the sources' own words and why,
    ``prompts`` name the prompts with their hashes, and ``usage`` is what it took.
    """

    id: str
    topic: Topic
    created_at: str
    corpus_revision: int
    angles: tuple[Angle, ...]
    summary: tuple[Statement, ...]
    focus_areas: tuple[FocusArea, ...]
    conclusions: tuple[Statement, ...]
    gaps: tuple[str, ...]
    changes: Changes
    references: tuple[Reference, ...]
    uncited: tuple[Uncited, ...]
    sources: SourceAccount
    parent_id: str = ""
    model: str = "none"
    verifier: str = ""
    rejected: Rejected = field(default_factory=Rejected)
    seconds: float = 0.0
    refused: tuple[Refusal, ...] = ()
    notes: tuple[Note, ...] = ()
    prompts: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)

    def __post_init__(self) -> None:
        known = [claim.id for claim in self.claims()]
        if len(set(known)) != len(known):
            msg = "a claim stands twice in the report"
            raise RecordError(msg)
        named = set(self._named_claims())
        if unknown := named - set(known):
            msg = f"the report names claims that it does not make: {sorted(unknown)[:3]}"
            raise RecordError(msg)
        cited = {evidence.source_id for evidence in self.evidence()}
        numbered = [reference.source_id for reference in self.references]
        if len(set(numbered)) != len(numbered) or cited != set(numbered):
            msg = "the references are not exactly the cited sources, each once"
            raise RecordError(msg)

    def claims(self) -> Iterator[Claim]:
        """All claims, in reading order."""
        for angle in self.angles:
            yield from angle.claims

    def evidence(self) -> Iterator[Evidence]:
        """All citations, for and against, in reading order."""
        for claim in self.claims():
            yield from claim.evidence
            yield from claim.against

    def _named_claims(self) -> Iterator[str]:
        statements = [*self.summary, *self.conclusions, *(p for area in self.focus_areas for p in area.points)]
        for statement in statements:
            yield from statement.claim_ids
        for reference in self.references:
            yield from reference.cited_by
        yield from (*self.changes.new, *self.changes.strengthened, *self.changes.weakened, *self.changes.kept)
