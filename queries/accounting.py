"""The account of a report: numbered references, every source that is not cited and why, gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.catalog import SourceState
from kb.records import Angle, Claim, FocusArea, Reference, SourceAccount, Uncited
from queries.candidates import Pool


def number_references(claims: Sequence[Claim], states: Mapping[str, SourceState]) -> tuple[Reference, ...]:
    """Number the cited sources in the order in which the report first cites them; each stands once."""
    cited: dict[str, list[str]] = {}
    for claim in claims:
        for evidence in (*claim.evidence, *claim.against):
            names = cited.setdefault(evidence.source_id, [])
            if claim.id not in names:
                names.append(claim.id)
    references: list[Reference] = []
    for number, (source_id, claim_ids) in enumerate(cited.items(), start=1):
        state = states[source_id]
        source = state.source
        title = source.title or source.uri.rsplit("/", 1)[-1]
        row = (title, source.uri, source.author, source.published, state.accessed[:10])
        references.append(Reference(number, source_id, *row, tuple(claim_ids)))
    return tuple(references)


def account(states: Sequence[SourceState], relevant: set[str], cited: set[str]) -> SourceAccount:
    """Count what became of every source."""
    return SourceAccount(
        sum(state.status == "indexed" for state in states),
        sum(state.status == "failed" for state in states),
        sum(state.status == "duplicate" for state in states),
        len(relevant | cited),
        len(cited),
    )


def list_uncited(states: Sequence[SourceState], pool: Pool, relevant: set[str], cited: set[str]) -> tuple[Uncited, ...]:
    """Every source that is not cited, with the reason."""
    names = {state.source.id: state.source.title or state.source.uri for state in states}
    found: list[Uncited] = []
    for state in states:
        source = state.source
        if source.id in cited:
            continue
        if state.status == "failed":
            reason = f"failed ({state.stage}): {state.reason}"
        elif state.status == "duplicate":
            reason = f"duplicate: the same words as {names.get(state.duplicate_of, state.duplicate_of)}"
        elif source.id in relevant:
            reason = "relevant, but its statements repeat or rank behind the ones that are cited"
        elif source.id in pool.best:
            best, bar = pool.best[source.id], pool.bar
            reason = f"screened out: its nearest sentence has relevance {best:.2f}, the report starts at {bar:.2f}"
        else:
            reason = "screened out: no full sentence in it came up for this topic"
        found.append(Uncited(source.uri, reason, source.id))
    return tuple(found)


def find_gaps(
    angles: Sequence[Angle], areas: Sequence[FocusArea], states: Sequence[SourceState], cited: set[str]
) -> tuple[str, ...]:
    """What the evidence leaves open, in sentences."""
    claims = {claim.id: claim for angle in angles for claim in angle.claims}
    gaps: list[str] = []
    if not claims:
        gaps.append("No source in the corpus speaks about this topic in a sentence that can stand as a claim.")
    for area in areas:
        sources = {e.source_id for p in area.points for c in p.claim_ids for e in claims[c].evidence}
        if not area.points:
            gaps.append(f"Nothing in the corpus speaks about {area.name} on this topic.")
        elif len(sources) == 1:
            gaps.append(f"On {area.name} there is one source only.")
    lone = [a.title for a in angles if len({e.source_id for c in a.claims for e in c.evidence}) == 1]
    gaps.extend(f"“{title}” rests on one source only." for title in lone)
    single = sum(claim.witnesses == 1 for claim in claims.values())
    if single and claims:
        gaps.append(f"{single} of {len(claims)} claims are stated by a single source and not confirmed by another.")
    disputed = sum(claim.certainty == "disputed" for claim in claims.values())
    if disputed:
        gaps.append(
            f"{disputed} claim{'s are' if disputed > 1 else ' is'} disputed between sources; the corpus does not settle it."
        )
    undated = sum(state.source.id in cited and not state.source.published for state in states)
    if undated:
        gaps.append(f"{undated} of {len(cited)} cited sources carry no date, so how recent they are cannot be judged.")
    failed = sum(state.status == "failed" for state in states)
    if failed:
        gaps.append(
            f"{failed} source{'s' * (failed > 1)} could not be read and may hold evidence that is missing here."
        )
    return tuple(gaps)
