"""Pairs of quote and claim with the label a verifier should give, from files of several usual layouts."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from kb.errors import RecordError

Gold = Literal["supported", "unclear", "contradicted", "not supported"]

_GOLD: Final[dict[str, Gold]] = {
    "supported": "supported", "support": "supported", "supports": "supported", "entailment": "supported",
    "entailed": "supported", "contradicted": "contradicted", "contradict": "contradicted",
    "contradicts": "contradicted", "contradiction": "contradicted", "refutes": "contradicted", "refuted": "contradicted",
    "unclear": "unclear", "nei": "unclear", "neutral": "unclear", "not enough info": "unclear",
    "not enough": "unclear", "insufficient": "unclear", "not_entailment": "not supported",
    "not supported": "not supported", "not_supported": "not supported", "partially_supported": "not supported",
    "unsupported": "not supported",
}  # fmt: skip
_MARKER: Final = re.compile(r"\s*\[?<\|.*?\|>\]?")


@dataclass(frozen=True, slots=True)
class Pair:
    """A quote and a claim; ``gold`` 'not supported' leaves open whether it is contradicted."""

    quote: str
    claim: str
    gold: Gold
    phenomenon: str = ""
    level: str = ""


def in_the_box() -> list[Pair]:
    """The hand-made pairs that come with kb, each showing one phenomenon."""
    text = files("kb").joinpath("data", "phenomena.jsonl").read_text("utf-8")
    return list(_pairs(text, "phenomena.jsonl"))


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a JSON-lines file, also packed with gzip.

    A line names the quote ``premise``, ``quote``, ``evidence``, ``evidence_sentences`` or, where that is null, ``abstract``
    or ``context``; the claim ``hypothesis`` or ``claim``; and the ``label``.

    Raises:
        RecordError: the file cannot be read, or a line is not of this layout.
    """
    try:
        body = path.read_bytes()
        text = (gzip.decompress(body) if path.suffix == ".gz" else body).decode("utf-8")
    except (OSError, ValueError, EOFError) as exc:
        msg = f"the pairs cannot be read: {exc}"
        raise RecordError(msg, source=str(path)) from exc
    return list(_pairs(text, str(path)))


def _pairs(text: str, source: str) -> Iterator[Pair]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            quote, claim = _quote(row), str(row.get("hypothesis") or row["claim"])
            gold = _GOLD[str(row["label"]).strip().casefold()]
        except (ValueError, KeyError, AttributeError) as exc:
            msg = f"line {number} is not a pair of quote, claim and label ({type(exc).__name__}: {exc})"
            remedy = 'a line is like {"premise": "...", "hypothesis": "...", "label": "entailment"}'
            raise RecordError(msg, source=source, remedy=remedy) from exc
        yield Pair(quote, _MARKER.sub("", claim), gold, str(row.get("phenomenon", "")), str(row.get("level", "")))


def _quote(row: Mapping[str, Any]) -> str:
    for name in ("premise", "quote", "evidence_sentences", "evidence", "abstract", "context"):
        value = row.get(name)
        if isinstance(value, list):
            return " ".join(map(str, value))
        if value:
            return str(value)
    msg = "premise"
    raise KeyError(msg)
