"""What a new report takes over from the one before it on the same topic, and how the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb.catalog import CatalogReader
from kb.interfaces import Embedder
from kb.records import Angle, Changes, Chunk, Claim, Evidence, Statement, Withdrawn
from kb.render.contract import read_claim, read_statement
from queries.angles import Side
from queries.candidates import Candidate, places_of
from queries.claims import Head, status_of
from queries.wording import claim_text, refusal


@dataclass(frozen=True, slots=True)
class Previous:
    """The last report on the topic, as far as the next one needs it."""

    report_id: str
    revision: int
    claims: tuple[Claim, ...]
    angles: tuple[Side, ...]
    summary: tuple[Statement, ...] = ()


def read_previous(body: Mapping[str, Any] | None) -> Previous | None:
    """Read the last report back from its JSON."""
    if body is None:
        return None
    claims: list[Claim] = []
    angles: list[Side] = []
    for angle in body["angles"]:
        made = [read_claim(claim, angle["id"]) for claim in angle["claims"]]
        claims.extend(made)
        names = frozenset(c.id for c in made)
        by = angle.get("worded_by") or ""
        angles.append(Side(angle["id"], angle["title"], tuple(angle["queries"]), names, worded_by=by))
    summary = tuple(read_statement(statement) for statement in body.get("summary", ()))
    return Previous(body["report_id"], int(body["corpus_revision"]), tuple(claims), tuple(angles), summary)


def still_standing(
    previous: Previous, read: CatalogReader, embedder: Embedder, pool: Sequence[Candidate]
) -> list[Head]:
    """The earlier claims whose very words still stand in a live document, each with the place where they stand now.

    Of a claim in a model's words any quote may stand; whether it still carries the claim, the gate says.
    """
    places = _Places(read, embedder, pool)
    heads = (places.drafted(claim) if claim.worded_by else places.verbatim(claim) for claim in previous.claims)
    return [head for head in heads if head is not None]


def changed_since(previous: Previous, read: CatalogReader) -> set[str]:
    """Ids of the sources that were added or changed after the last report."""
    return {
        name
        for name, state in read.light_states().items()
        if state.status == "indexed" and state.revision > previous.revision
    }


def compare(previous: Previous | None, claims: Sequence[Claim], read: CatalogReader) -> Changes:
    """How ``claims`` differ from the last report's, by id; each that went says why."""
    if previous is None:
        return Changes(new=tuple(claim.id for claim in claims))
    now = {claim.id for claim in claims}

    def of(status: str) -> tuple[str, ...]:
        return tuple(claim.id for claim in claims if claim.status == status)

    gone = tuple(
        Withdrawn(claim.id, claim.text, why_withdrawn(claim, read)) for claim in previous.claims if claim.id not in now
    )
    return Changes(of("new"), of("strengthened"), of("weakened"), of("kept"), gone)


def restated(previous: Previous | None, angles: Iterable[Angle]) -> tuple[Angle, ...]:
    """``angles`` with claims that know how they stand to the last report, also where they were found or drafted anew."""
    known = {claim.id: claim for claim in previous.claims} if previous else {}
    return tuple(
        replace(
            angle, claims=tuple(replace(claim, status=status_of(claim, known.get(claim.id))) for claim in angle.claims)
        )
        for angle in angles
    )


def in_old_order(previous: Previous | None, angles: tuple[Angle, ...]) -> tuple[Angle, ...]:
    """``angles`` as the last report has them where they make the very same claims, some in a model's words; else as they are.

    What a drafted claim is worth was told by the claims whose place it took, and these are gone.
    """
    claims = [claim for angle in angles for claim in angle.claims]
    places = {claim.id: at for at, claim in enumerate(previous.claims)} if previous else {}
    if places.keys() != {claim.id for claim in claims} or not any(claim.worded_by for claim in claims):
        return angles
    ordered = [replace(angle, claims=tuple(sorted(angle.claims, key=lambda c: places[c.id]))) for angle in angles]
    return tuple(sorted(ordered, key=lambda angle: min(places[claim.id] for claim in angle.claims)))


def why_withdrawn(claim: Claim, read: CatalogReader) -> str:
    """Why an earlier claim no longer stands, by what became of the sources of its words."""
    for words in claim.evidence if claim.worded_by else claim.evidence[:1]:
        state = read.state(words.source_id)
        name = words.title or words.uri
        if state is None or state.status == "removed":
            return f"its source was removed: {name}"
        if _place_now(words, read) is None:
            return f"its source has changed and no longer says it: {name}"
    return "its wording no longer passes the gate, or another claim says the same"


def _place_now(evidence: Evidence, read: CatalogReader) -> tuple[Chunk, int, int] | None:
    """Where the very words of ``evidence`` stand in the live document of their source; None if they do not."""
    document = read.document_of_source(evidence.source_id)
    if document is None:
        return None
    if document.id == evidence.document_id:
        start = evidence.start
    else:
        starts = _occurrences(document.text, evidence.quote)
        if not starts:
            return None
        start = min(starts, key=lambda at: abs(at - evidence.start))
    end = start + len(evidence.quote)
    chunk = next((c for c in read.chunks_of(document.id) if c.start <= start and end <= c.end), None)
    return (chunk, start, end) if chunk else None


def _occurrences(text: str, words: str) -> list[int]:
    found: list[int] = []
    at = text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


class _Places:
    """Finds where the words of earlier claims stand now, among the candidates at hand or else in the catalog."""

    def __init__(self, read: CatalogReader, embedder: Embedder, pool: Sequence[Candidate]) -> None:
        self._read = read
        self._embedder = embedder
        self._pool = {(c.chunk.document_id, c.start, c.end): c for c in pool}

    def verbatim(self, claim: Claim) -> Head | None:
        """A claim in its source's words: these must stand."""
        if refusal(claim.evidence[0].quote):
            return None
        candidate = self._candidate(claim.evidence[0], claim.text)
        return Head(candidate, claim) if candidate is not None else None

    def drafted(self, claim: Claim) -> Head | None:
        """A claim in a model's words, with as many of its quotes as stand; its support is told where all do."""
        found = [(item, self._candidate(item, claim_text(item.quote))) for item in claim.evidence]
        quotes = [candidate for _, candidate in found if candidate is not None]
        if not quotes:
            return None
        standing = tuple(candidate.evidence(item.score) for item, candidate in found if candidate is not None)
        against = tuple(item for each in claim.against if (item := self._evidence(each)) is not None)
        best = max(quotes, key=lambda candidate: candidate.score)
        vector = self._embedder.embed([claim.text])[0]
        wording = replace(quotes[0], text=claim.text, vector=vector, relevance=best.relevance, score=best.score)
        support = claim.support if len(standing) == len(claim.evidence) else None
        return Head(wording, replace(claim, evidence=standing, against=against, support=support), quotes=quotes)

    def _candidate(self, evidence: Evidence, text: str) -> Candidate | None:
        place = _place_now(evidence, self._read)
        if place is None:
            return None
        chunk, start, end = place
        known = self._pool.get((chunk.document_id, start, end))
        return known or self._rebuilt(evidence, text, chunk, start, end)

    def _evidence(self, evidence: Evidence) -> Evidence | None:
        """The same words where they stand now."""
        place = _place_now(evidence, self._read)
        source = self._read.source(evidence.source_id)
        document = self._read.document(place[0].document_id) if place else None
        if place is None or source is None or document is None:
            return None
        sha, stance, score = document.text_sha256, evidence.stance, evidence.score
        return Evidence.of(*place, source=source, document_sha256=sha, stance=stance, score=score)

    def _rebuilt(self, evidence: Evidence, text: str, chunk: Chunk, start: int, end: int) -> Candidate | None:
        """A candidate for words that this time's search did not bring up."""
        source = self._read.source(chunk.source_id)
        document = self._read.document(chunk.document_id)
        if source is None or document is None:
            return None
        vector = self._embedder.embed([text])[0]
        around = places_of([chunk.id], self._read, self._embedder)[chunk.id]
        sha, score = document.text_sha256, evidence.score
        return Candidate(chunk, source, sha, start, end, text, vector, around, score, score)
