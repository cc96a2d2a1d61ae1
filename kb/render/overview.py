"""The JSON of commands that look around: sources, status, errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from kb.errors import KBError
from kb.records import Source

Json = dict[str, Any]


class State(Protocol):
    """What these views need to know of a source; the catalog's ``SourceState`` has it all."""

    @property
    def source(self) -> Source:
        """The source."""

    @property
    def status(self) -> str:
        """One of indexed, duplicate, failed, removed."""

    @property
    def chunks(self) -> int:
        """Number of its live chunks."""

    @property
    def duplicate_of(self) -> str:
        """Id of the source with the same words."""

    @property
    def stage(self) -> str:
        """Where its last reading failed."""

    @property
    def reason(self) -> str:
        """Why its last reading failed."""

    @property
    def remedy(self) -> str:
        """What to do about that."""

    @property
    def media_type(self) -> str:
        """Its media type."""

    @property
    def revision(self) -> int:
        """The run that stored it."""

    @property
    def accessed(self) -> str:
        """When it was last read, ISO 8601."""


def source_state(state: State) -> Json:
    """A source and what became of it."""
    source = state.source
    return {
        "source_id": source.id,
        "uri": source.uri,
        "title": source.title,
        "status": state.status,
        "external_id": source.external_id or None,
        "chunks": state.chunks,
        "duplicate_of": state.duplicate_of or None,
        "reason": state.reason or None,
        "stage": state.stage or None,
        "remedy": state.remedy or None,
        "source_kind": source.kind,
        "author": source.author,
        "published": source.published,
        "accessed": state.accessed or None,
        "media_type": state.media_type,
        "revision": state.revision,
    }


def source(state: State, text: str) -> Json:
    """A source with the text of its document; empty where there is none."""
    return {"kind": "source", "text": text, **source_state(state)}


def status(  # noqa: PLR0913 - the parts of a knowledge base
    states: Sequence[State],
    *,
    home: str,
    revision: int,
    chunks: int,
    embedder: str,
    size: int,
    owed: int,
    runs: Sequence[Mapping[str, Any]],
    reports: Sequence[Mapping[str, Any]],
) -> Json:
    """What a knowledge base holds; ``size`` in bytes, ``owed`` are changes that the indexes still wait for."""
    counts = Counter(state.status for state in states)
    return {
        "home": home,
        "revision": revision,
        "sources": {"total": len(states), **{key: counts[key] for key in ("indexed", "duplicate", "failed")}},
        "chunks": chunks,
        "embedder": embedder,
        "bytes": size,
        "owed": owed,
        "runs": [dict(run) for run in runs],
        "reports": [dict(report) for report in reports],
    }


def error(exc: KBError) -> Json:
    """An error."""
    return {"error": {"stage": exc.stage, "message": exc.message, "source": exc.source, "remedy": exc.remedy}}
