"""The JSON of checks. Keys may be added, none renamed."""

from __future__ import annotations

from kb.records import VERDICTS, Check, CheckedText, Judged
from kb.render.contract import Json, citation, verdict


def check(record: Check) -> Json:
    """A claim with its verdict and the words that it rests on."""
    return {
        "claim": record.claim,
        "verdict": record.verdict,
        "score": round(record.score, 4),
        "evidence": [_judged(item) for item in record.judged],
        "nearest": [{**_judged(item), "stance": None} for item in record.nearest],
        "witnesses": {"for": record.witnesses[0], "against": record.witnesses[1]},
        "reason": record.reason,
        "read_as": record.read_as or None,
        "verifier": record.verifier,
        "searched": record.searched,
        "seconds": record.seconds,
    }


def checked_text(record: CheckedText, written_to: str = "") -> Json:
    """A text with a check of each sentence that claims something."""
    return {
        "name": record.name,
        "claims": [{**check(s.check), "start": s.start, "end": s.end} for s in record.sentences],
        "counts": {name: record.count(name) for name in VERDICTS},
        "skipped": dict(record.skipped),
        "verifier": record.verifier,
        "seconds": record.seconds,
        "files": {"md": written_to or None},
    }


def _judged(item: Judged) -> Json:
    return {**citation(item.evidence), "verdict": verdict(item.verdict)}
