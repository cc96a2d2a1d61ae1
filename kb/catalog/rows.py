"""Rows of the catalog <-> records."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from kb.records import Block, BlockKind, Chunk, Document, Page, Source


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and what the catalog knows of it. ``status``: indexed, duplicate, failed or removed.

    ``reason`` on an indexed source says why its last update failed; the version before it is kept.
    """

    source: Source
    status: str
    content_hash: str
    text_sha256: str
    media_type: str
    pipeline: str
    duplicate_of: str
    stage: str
    reason: str
    remedy: str
    revision: int
    chunks: int = 0
    accessed: str = ""


def source_of(row: sqlite3.Row) -> Source:
    """Read a source."""
    return Source(row["id"], row["uri"], row["kind"], row["title"], row["author"], row["published"], row["external_id"])


def state_of(row: sqlite3.Row) -> SourceState:
    """Read a source with its state; the query may add columns ``chunk_count`` and ``fetched_at``."""
    columns = row.keys()
    return SourceState(
        source_of(row),
        row["status"],
        row["content_hash"],
        row["text_sha256"],
        row["media_type"],
        row["pipeline"],
        row["duplicate_of"],
        row["stage"],
        row["reason"],
        row["remedy"],
        row["revision"],
        row["chunk_count"] if "chunk_count" in columns else 0,
        (row["fetched_at"] or "") if "fetched_at" in columns else "",
    )


def chunk_of(row: sqlite3.Row) -> Chunk:
    """Read a chunk."""
    return Chunk(
        row["id"],
        row["document_id"],
        row["source_id"],
        row["start"],
        row["end"],
        row["text"],
        tuple(json.loads(row["heading"])),
        row["page"],
        row["occurrence"],
    )


def chunk_row(chunk: Chunk, ordinal: int) -> tuple[object, ...]:
    """Write a live chunk."""
    return (
        chunk.id,
        chunk.document_id,
        chunk.source_id,
        ordinal,
        chunk.start,
        chunk.end,
        chunk.occurrence,
        json.dumps(chunk.heading_path, ensure_ascii=False),
        chunk.page,
        chunk.text,
    )


def document_of(row: sqlite3.Row) -> Document:
    """Read a document."""
    blocks = tuple(Block(start, end, _kind(kind), level) for start, end, kind, level in json.loads(row["blocks"]))
    pages = tuple(Page(*page) for page in json.loads(row["pages"]))
    return Document(row["id"], row["source_id"], row["content_hash"], row["text"], blocks, pages, row["title"])


def document_row(document: Document, revision: int) -> tuple[object, ...]:
    """Write a live document."""
    return (
        document.id,
        document.source_id,
        document.content_hash,
        document.text_sha256,
        document.title,
        document.text,
        json.dumps([(b.start, b.end, b.kind, b.level) for b in document.blocks]),
        json.dumps([(p.start, p.end, p.number) for p in document.pages]),
        revision,
    )


def _kind(kind: str) -> BlockKind:
    return kind  # type: ignore[return-value]  # the column was written from a BlockKind
