"""The JSON that commands print, and reading claims back from it. Keys may be added, none renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kb import ids
from kb.records import (
    Answer,
    Chunk,
    Claim,
    Evidence,
    Found,
    IngestResult,
    Outcome,
    Refusal,
    Report,
    Source,
    Statement,
    Usage,
    Verdict,
    Verification,
)

Json = dict[str, Any]


def citation(evidence: Evidence) -> Json:
    """A citation, with W3C Web Annotation selectors beside the plain offsets."""
    return {
        "evidence_id": evidence.id,
        "chunk_id": evidence.chunk_id,
        "document_id": evidence.document_id,
        "source_id": evidence.source_id,
        "uri": evidence.uri,
        "title": evidence.title,
        "heading": evidence.heading,
        "page": evidence.page,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
        "document_sha256": evidence.document_sha256,
        "superseded": evidence.superseded,
        "published": evidence.published,
        "stance": evidence.stance,
        "score": round(evidence.score, 4),
        "selector": [
            {"type": "TextQuoteSelector", "exact": evidence.quote},
            {"type": "TextPositionSelector", "start": evidence.start, "end": evidence.end},
        ],
    }


def claim(record: Claim) -> Json:
    """A claim."""
    return {
        "id": record.id,
        "text": record.text,
        "certainty": record.certainty,
        "certainty_reason": record.certainty_reason,
        "support": verdict(record.support) if record.support else None,
        "witnesses": record.witnesses,
        "evidence": [citation(evidence) for evidence in record.evidence],
        "against": [citation(evidence) for evidence in record.against],
        "status": record.status,
        "worded_by": record.worded_by or None,
    }


def report(record: Report, files: Mapping[str, str]) -> Json:
    """A report; ``files`` are the paths it was written to, by format."""
    account = record.sources
    return {
        "report_id": record.id,
        "topic": record.topic.text,
        "focus": list(record.topic.focus),
        "created_at": record.created_at,
        "corpus_revision": record.corpus_revision,
        "previous_report_id": record.parent_id or None,
        "model": record.model,
        "verifier": record.verifier,
        "sources": {
            "analysed": account.analysed,
            "failed": account.failed,
            "duplicate": account.duplicate,
            "relevant": account.relevant,
            "cited": account.cited,
        },
        "summary": _statements(record.summary),
        "angles": [
            {
                "id": a.id,
                "title": a.title,
                "queries": list(a.queries),
                "claims": [claim(c) for c in a.claims],
                "worded_by": a.worded_by or None,
            }
            for a in record.angles
        ],
        "focus_areas": [{"name": area.name, "points": _statements(area.points)} for area in record.focus_areas],
        "conclusions": _statements(record.conclusions),
        "gaps": list(record.gaps),
        "changes": {
            "new": list(record.changes.new),
            "strengthened": list(record.changes.strengthened),
            "weakened": list(record.changes.weakened),
            "withdrawn": [{"id": w.id, "text": w.text, "reason": w.reason} for w in record.changes.withdrawn],
            "kept": list(record.changes.kept),
        },
        "references": [
            {
                "n": r.n,
                "source_id": r.source_id,
                "title": r.title,
                "uri": r.uri,
                "author": r.author,
                "published": r.published,
                "accessed": r.accessed,
                "cited_by": list(r.cited_by),
            }
            for r in record.references
        ],
        "uncited": [{"uri": u.uri, "reason": u.reason, "source_id": u.source_id} for u in record.uncited],
        "rejected": {
            "unknown_id": record.rejected.unknown_id,
            "inexact_quote": record.rejected.inexact_quote,
            "unsupported": record.rejected.unsupported,
            "malformed": record.rejected.malformed,
        },
        "refused": _refused(record.refused),
        "notes": [{"part": note.part, "reason": note.reason} for note in record.notes],
        "prompts": list(record.prompts),
        "usage": usage(record.usage),
        "files": {"md": files.get("md"), "html": files.get("html"), "json": files.get("json")},
        "seconds": record.seconds,
    }


def answer(record: Answer) -> Json:
    """An answer or abstention."""
    return {
        "question": record.question,
        "answered": record.answered,
        "answer": record.text,
        "claims": [claim(c) for c in record.claims],
        "reason": record.reason,
        "nearest": [citation(evidence) for evidence in record.nearest],
        "model": record.model,
        "confidence": round(record.confidence, 4),
        "searched": record.searched,
        "seconds": record.seconds,
        "as_of": record.as_of or None,
        "conflicts": [c.id for c in record.conflicts],
        "parts": [answer(part) for part in record.parts],
        "rejected": _refusals(record),
        "refused": _refused(record.refused),
        "notes": list(record.notes),
        "prompts": list(record.prompts),
    }


def usage(record: Usage) -> Json:
    """What a language model was used for; the cost is null where no prices are set."""
    return {
        "calls": record.calls,
        "cached": record.cached,
        "failed": record.failed,
        "tokens_in": record.tokens_in,
        "tokens_out": record.tokens_out,
        "seconds": round(record.seconds, 3),
        "cost": round(record.cost, 6) or None,
    }


def _refused(refusals: Sequence[Refusal]) -> list[Json]:
    return [{"text": r.text, "reason": r.reason, "detail": r.detail} for r in refusals]


def _refusals(record: Answer) -> Json:
    """How many drafts of a language model did not pass, by reason."""
    reasons = ("unknown_id", "inexact_quote", "unsupported", "malformed")
    return {reason: sum(refusal.reason == reason for refusal in record.refused) for reason in reasons}


def turn(question: str, asked: str, record: Answer, *, read_by: str = "", note: str = "") -> Json:
    """One exchange of a conversation: an answer, with the question as it was typed and as it was understood, and by whom."""
    read = {"question": question, "asked": asked, "read_by": read_by or None, "read_note": note or None}
    return {**answer(record), **read}


def ingest(result: IngestResult) -> Json:
    """An ingest run."""
    statuses = ("added", "updated", "unchanged", "duplicate", "removed", "failed", "skipped")
    counts: Json = {status: result.count(status) for status in statuses}  # type: ignore[arg-type]
    chunks = result.chunks
    return {
        "revision": result.revision,
        **counts,
        "chunks": {
            "total": chunks.total,
            "added": chunks.added,
            "kept": chunks.kept,
            "removed": chunks.removed,
            "embedded": chunks.embedded,
        },
        "seconds": result.seconds,
        "notes": list(result.notes),
        "sources": [_outcome(outcome) for outcome in result.outcomes],
    }


def search(query: str, mode: str, found: Sequence[Found]) -> Json:
    """Search results."""
    return {"query": query, "mode": mode, "hits": [_hit(item) for item in found]}


def verification(record: Verification) -> Json:
    """The result of 'kb verify'."""
    return {
        "citations": record.citations,
        "resolved": record.resolved,
        "superseded": record.superseded,
        "broken": record.broken,
        "problems": [
            {"evidence_id": p.evidence_id, "claim_id": p.claim_id, "reason": p.reason} for p in record.problems
        ],
    }


def chunk(record: Chunk, source: Source, *, document_sha256: str, before: str, after: str, superseded: bool) -> Json:
    """A chunk with the words around it."""
    return {
        "kind": "chunk",
        "text": record.text,
        "chunk_id": record.id,
        "document_id": record.document_id,
        "source_id": source.id,
        "external_id": source.external_id,
        "uri": source.uri,
        "title": source.title,
        "heading": " > ".join(record.heading_path),
        "page": record.page,
        "start": record.start,
        "end": record.end,
        "quote": record.text,
        "document_sha256": document_sha256,
        "superseded": superseded,
        "before": before,
        "after": after,
    }


def read_claim(body: Mapping[str, Any], angle_id: str = "") -> Claim:
    """Read a claim back from its JSON; its records check themselves again.

    Raises:
        RecordError: the JSON is not one that this program wrote.
    """
    support = body.get("support")
    return Claim(
        body["id"],
        body["text"],
        tuple(read_evidence(e) for e in body["evidence"]),
        angle_id,
        tuple(read_evidence(e) for e in body.get("against", ())),
        body["certainty"],
        body["certainty_reason"],
        Verdict(
            support["label"],
            support["score"],
            support["verifier"],
            tuple(support.get("reasons", ())),
            support.get("supported", 0.0),
            support.get("contradicted", 0.0),
        )
        if support
        else None,
        body["witnesses"],
        body["status"],
        body.get("worded_by") or "",
    )


def read_statement(body: Mapping[str, Any]) -> Statement:
    """Read a sentence of a summary back from its JSON."""
    return Statement(body["text"], tuple(body["claim_ids"]), body.get("worded_by") or "")


def read_evidence(body: Mapping[str, Any]) -> Evidence:
    """Read a citation back from its JSON."""
    document_id = body["document_id"]
    return Evidence(
        ids.evidence_id(document_id, body["start"], body["end"]),
        body["chunk_id"],
        document_id,
        body["source_id"],
        body["start"],
        body["end"],
        body["quote"],
        body["document_sha256"],
        body.get("stance", "for"),
        body["uri"],
        body["title"],
        body["heading"],
        body["page"],
        body.get("score", 0.0),
        body["superseded"],
        body.get("published", ""),
    )


def verdict(record: Verdict) -> Json:
    """What a verifier said."""
    return {
        "label": record.label,
        "score": round(record.score, 4),
        "supported": round(record.supported, 4),
        "contradicted": round(record.contradicted, 4),
        "verifier": record.verifier,
        "reasons": list(record.reasons),
    }


def _statements(statements: Sequence[Statement]) -> list[Json]:
    return [{"text": s.text, "claim_ids": list(s.claim_ids), "worded_by": s.worded_by or None} for s in statements]


def _outcome(outcome: Outcome) -> Json:
    failure = outcome.failure
    return {
        "uri": outcome.uri,
        "source_id": outcome.source_id,
        "status": outcome.status,
        "chunks": outcome.chunks,
        "reason": failure.reason if failure else outcome.reason or None,
        "stage": failure.stage if failure else None,
        "remedy": failure.remedy if failure else None,
        "duplicate_of": outcome.duplicate_of or None,
    }


def _hit(item: Found) -> Json:
    return {
        "rank": item.hit.rank,
        "score": round(item.hit.score, 6),
        "chunk_id": item.chunk.id,
        "source_id": item.source.id,
        "external_id": item.source.external_id or None,
        "uri": item.source.uri,
        "title": item.source.title,
        "heading": " > ".join(item.chunk.heading_path),
        "page": item.chunk.page,
        "start": item.chunk.start,
        "end": item.chunk.end,
        "text": item.chunk.text,
    }
