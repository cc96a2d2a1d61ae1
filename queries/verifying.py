"""Checking a report against the knowledge base: do the cited words stand where it says?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kb.catalog import CatalogReader
from kb.errors import RecordError
from kb.records import Problem, Verification


def verify(report: Mapping[str, Any], read: CatalogReader) -> Verification:
    """Re-resolve every citation of ``report`` (its JSON): exact words, exact offsets, exact document version.

    Raises:
        RecordError: this is not the JSON of a report.
    """
    try:
        citations = list(_citations(report))
    except (KeyError, TypeError, AttributeError) as exc:
        msg = f"this is not the JSON of a report ({type(exc).__name__}: {exc})"
        raise RecordError(msg, remedy="give the .json file that 'kb report' wrote") from exc
    problems: list[Problem] = []
    superseded = 0
    for claim_id, citation in citations:
        reason, is_live = _judge(citation, read)
        if reason:
            problems.append(Problem(str(citation.get("evidence_id") or citation.get("chunk_id", "")), claim_id, reason))
        elif not is_live:
            superseded += 1
    resolved = len(citations) - len(problems)
    return Verification(len(citations), resolved, superseded, (*problems, *_claims_without_evidence(report)))


def _citations(report: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for angle in report["angles"]:
        for claim in angle["claims"]:
            for citation in (*claim["evidence"], *claim["against"]):
                yield str(claim["id"]), citation


def _claims_without_evidence(report: Mapping[str, Any]) -> list[Problem]:
    claims = [claim for angle in report["angles"] for claim in angle["claims"]]
    return [Problem("", str(claim["id"]), "the claim has no evidence") for claim in claims if not claim["evidence"]]


def _judge(citation: Mapping[str, Any], read: CatalogReader) -> tuple[str, bool]:
    """Why a citation does not hold (empty if it does), and whether its document version is the live one."""
    missing = {"source_id", "start", "end", "quote", "document_sha256"} - set(citation)
    if missing:
        return f"the citation lacks {', '.join(sorted(missing))}", False
    found = read.document_by_text(str(citation["source_id"]), str(citation["document_sha256"]))
    if found is None:
        return "the knowledge base does not hold this version of the document", False
    document, is_live = found
    start, end = citation["start"], citation["end"]
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(document.text)):
        return f"the offsets {start}:{end} are not inside the document", is_live
    if document.text[start:end] != citation["quote"]:
        return f"other words stand at {start}:{end}: {document.text[start:end][:80]!r}", is_live
    return "", is_live
