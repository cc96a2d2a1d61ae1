"""What a new report takes over from the one before it on the same topic, and how the two differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.catalog import CatalogReader
from kb.interfaces import Embedder
from kb.records import Changes, Chunk, Claim, Evidence, Withdrawn
from kb.render.contract import read_claim
from queries.angles import Side
from queries.candidates import Candidate, places_of
from queries.wording import refusal


@dataclass(frozen=True, slots=True)
class Previous:
    """The last report on the topic, as far as the next one needs it."""

    report_id: str
    revision: int
    claims: tuple[Claim, ...]
    angles: tuple[Side, ...]


def read_previous(body: Mapping[str, Any] | None) -> Previous | None:
    """Read the last report back from its JSON."""
    if body is None:
        return None
    claims: list[Claim] = []
    angles: list[Side] = []
    for angle in body["angles"]:
        made = [read_claim(claim, angle["id"]) for claim in angle["claims"]]
        claims.extend(made)
        angles.append(Side(angle["id"], angle["title"], tuple(angle["queries"]), frozenset(c.id for c in made)))
    return Previous(body["report_id"], int(body["corpus_revision"]), tuple(claims), tuple(angles))


def still_standing(
    previous: Previous, read: CatalogReader, embedder: Embedder, pool: Sequence[Candidate]
) -> list[tuple[Candidate, Claim]]:
    """The earlier claims whose very words still stand in a live document, each with the place where they stand now."""
    at_place = {(c.chunk.document_id, c.start, c.end): c for c in pool}
    found: list[tuple[Candidate, Claim]] = []
    for claim in previous.claims:
        place = _place_now(claim.evidence[0], read)
        if place is None or refusal(claim.evidence[0].quote):
            continue
        chunk, start, end = place
        candidate = at_place.get((chunk.document_id, start, end)) or _rebuilt(claim, chunk, start, end, read, embedder)
        if candidate is not None:
            found.append((candidate, claim))
    return found


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


def why_withdrawn(claim: Claim, read: CatalogReader) -> str:
    """Why an earlier claim no longer stands, by what became of the source of its words."""
    words = claim.evidence[0]
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


def _rebuilt(
    claim: Claim, chunk: Chunk, start: int, end: int, read: CatalogReader, embedder: Embedder
) -> Candidate | None:
    """A candidate for words that this time's search did not bring up."""
    source = read.source(chunk.source_id)
    document = read.document(chunk.document_id)
    if source is None or document is None:
        return None
    vector = embedder.embed([claim.text])[0]
    score = claim.evidence[0].score
    around = places_of([chunk.id], read, embedder)[chunk.id]
    return Candidate(chunk, source, document.text_sha256, start, end, claim.text, vector, around, score, score)
