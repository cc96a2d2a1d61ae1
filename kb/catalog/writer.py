"""Changing the catalog: each source in one transaction, with what the indexes owe for it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from kb.catalog.connection import transaction
from kb.catalog.outbox import Outbox
from kb.catalog.rows import chunk_row, document_row
from kb.records import Chunk, Document, Failure, Snapshot, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Entry:
    """A chunk to store: the hash of the text that is embedded for it, and its new vector (None: the stored one holds)."""

    chunk: Chunk
    input_hash: str
    vector: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a source, ready to be stored."""

    source: Source
    snapshot: Snapshot
    document: Document
    entries: tuple[Entry, ...]
    pipeline: str
    fingerprint: str


def now() -> str:
    """The present time, UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class CatalogWriter:
    """Everything that changes a catalog. The caller holds the writer lock."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._outbox = Outbox(connection)

    def begin_run(self) -> int:
        """Start a run and return its revision."""
        with transaction(self._connection) as db:
            cursor = db.execute("INSERT INTO runs (started_at) VALUES (?)", (now(),))
            return int(cursor.lastrowid or 0)

    def finish_run(self, revision: int, summary: dict[str, object]) -> None:
        """Record the end of a run."""
        with transaction(self._connection) as db:
            row = (now(), json.dumps(summary), revision)
            db.execute("UPDATE runs SET finished_at = ?, summary = ? WHERE revision = ?", row)

    def store(self, version: Version, revision: int) -> tuple[int, int]:
        """Make ``version`` the live one of its source; return how many chunks are new and how many are gone."""
        with transaction(self._connection) as db:
            before = self._live_chunks(version.source.id)
            self._retire(version.source.id, but=version.document.id)
            self._put_document(version.document, revision)
            db.execute("DELETE FROM chunks WHERE document_id = ?", (version.document.id,))
            db.executemany(
                "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
                [chunk_row(entry.chunk, ordinal) for ordinal, entry in enumerate(version.entries)],
            )
            self._put_vectors(version.entries, version.fingerprint)
            self._put_snapshot(version.snapshot)
            row = (version.source, "indexed", version.snapshot, version.document.text_sha256)
            self._put_source(*row, pipeline=version.pipeline, revision=revision)
            after = {entry.chunk.id for entry in version.entries}
            gone = before - after
            self._drop_vectors(gone)
            self._outbox.owe(put=[e.chunk.id for e in version.entries if e.vector is not None], delete=sorted(gone))
            return len(after - before), len(gone)

    def store_duplicate(
        self, source: Source, snapshot: Snapshot, original: str, *, text_sha256: str, pipeline: str, revision: int
    ) -> int:
        """Record ``source`` as having exactly the words of ``original``; return how many chunks are gone."""
        with transaction(self._connection):
            gone = self._retire(source.id)
            self._put_snapshot(snapshot)
            row = (source, "duplicate", snapshot, text_sha256)
            self._put_source(*row, pipeline=pipeline, revision=revision, duplicate_of=original)
            return gone

    def store_failure(self, source: Source, failure: Failure, revision: int) -> None:
        """Record that ``source`` failed. A version that was read before stays, with the reason beside it."""
        with transaction(self._connection) as db:
            row = (failure.stage, failure.reason, failure.remedy)
            kept = db.execute(
                "UPDATE sources SET stage = ?, reason = ?, remedy = ? WHERE id = ? AND status IN ('indexed', 'duplicate')",
                (*row, source.id),
            ).rowcount
            if not kept:
                db.execute("DELETE FROM sources WHERE id = ?", (source.id,))
                db.execute(
                    "INSERT INTO sources (id, uri, kind, title, external_id, status, stage, reason, remedy, revision) "
                    "VALUES (?, ?, ?, ?, ?, 'failed', ?, ?, ?, ?)",
                    (source.id, source.uri, source.kind, source.title, source.external_id, *row, revision),
                )

    def touch(self, source_id: str) -> None:
        """Forget the last failure of a source: it was read again and had not changed."""
        with transaction(self._connection) as db:
            db.execute("UPDATE sources SET stage = '', reason = '', remedy = '' WHERE id = ?", (source_id,))

    def remove(self, source_id: str, revision: int) -> int:
        """Take a source out; texts that a report cites are kept. Return how many chunks are gone."""
        with transaction(self._connection) as db:
            gone = self._retire(source_id)
            db.execute(
                "UPDATE sources SET status = 'removed', duplicate_of = '', stage = '', reason = '', remedy = '', "
                "content_hash = '', text_sha256 = '', revision = ? WHERE id = ?",
                (revision, source_id),
            )
            db.execute("DELETE FROM snapshots WHERE source_id = ?", (source_id,))
            return gone

    def put_vectors(
        self, chunk_ids: Sequence[str], hashes: Sequence[str], vectors: NDArray[np.float32], space: str
    ) -> None:
        """Store vectors of chunks that are there already (another embedding model)."""
        rows = zip(chunk_ids, hashes, vectors, strict=True)
        with transaction(self._connection) as db:
            db.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
                [(chunk, space, digest, vector.astype(np.float16).tobytes()) for chunk, digest, vector in rows],
            )

    def set_meta(self, key: str, value: str) -> None:
        """Set a setting that belongs to the data."""
        with transaction(self._connection) as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # -- parts of one transaction ----------------------------------------------------------------------------------

    def _live_chunks(self, source_id: str) -> set[str]:
        rows = self._connection.execute("SELECT id FROM chunks WHERE source_id = ? AND live", (source_id,))
        return {row[0] for row in rows}

    def _retire(self, source_id: str, *, but: str | None = None) -> int:
        """Take the live document of a source out of service; keep what reports cite. ``but`` will be live again.

        Without ``but`` nothing of the source stays live, and the indexes owe the deletion of its chunks.
        """
        db = self._connection
        gone = self._live_chunks(source_id)
        db.execute(
            "DELETE FROM documents WHERE source_id = ? AND live AND id IS NOT ? "
            "AND NOT EXISTS (SELECT 1 FROM citations WHERE citations.document_id = documents.id)",
            (source_id, but),
        )
        db.execute("UPDATE documents SET live = 0 WHERE source_id = ? AND id IS NOT ?", (source_id, but))
        db.execute(
            "DELETE FROM chunks WHERE source_id = ? AND live AND NOT EXISTS (SELECT 1 FROM citations "
            "WHERE citations.document_id = chunks.document_id AND citations.chunk_id = chunks.id)",
            (source_id,),
        )
        db.execute("UPDATE chunks SET live = 0 WHERE source_id = ?", (source_id,))
        if but is None:
            self._drop_vectors(gone)
            self._outbox.owe(delete=sorted(gone))
        return len(gone)

    def _put_document(self, document: Document, revision: int) -> None:
        self._connection.execute(
            "INSERT INTO documents (id, source_id, content_hash, text_sha256, title, text, blocks, pages, revision, live) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO UPDATE SET live = 1, title = excluded.title, "
            "content_hash = excluded.content_hash, blocks = excluded.blocks, pages = excluded.pages, "
            "revision = excluded.revision",
            document_row(document, revision),
        )

    def _put_vectors(self, entries: Sequence[Entry], fingerprint: str) -> None:
        new = [entry for entry in entries if entry.vector is not None]
        self._connection.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
            [(e.chunk.id, fingerprint, e.input_hash, _half(e.vector)) for e in new],
        )

    def _drop_vectors(self, chunk_ids: set[str]) -> None:
        self._connection.executemany("DELETE FROM vectors WHERE chunk_id = ?", [(chunk,) for chunk in chunk_ids])

    def _put_snapshot(self, snapshot: Snapshot) -> None:
        self._connection.execute("DELETE FROM snapshots WHERE source_id = ?", (snapshot.source_id,))
        self._connection.execute(
            "INSERT INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                snapshot.source_id,
                snapshot.content_hash,
                snapshot.media_type,
                snapshot.fetched_at,
                snapshot.etag,
                snapshot.last_modified,
                snapshot.final_uri,
            ),
        )

    def _put_source(  # noqa: PLR0913 - the columns of one row
        self,
        source: Source,
        status: str,
        snapshot: Snapshot,
        text_sha256: str,
        *,
        pipeline: str,
        revision: int,
        duplicate_of: str = "",
    ) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO sources (id, uri, kind, title, author, published, external_id, status, content_hash, "
            "text_sha256, media_type, pipeline, duplicate_of, revision) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                source.id,
                source.uri,
                source.kind,
                source.title,
                source.author,
                source.published,
                source.external_id,
                status,
                snapshot.content_hash,
                text_sha256,
                snapshot.media_type,
                pipeline,
                duplicate_of,
                revision,
            ),
        )


def _half(vector: NDArray[np.float32] | None) -> bytes:
    assert vector is not None  # only entries with a new vector come here
    return vector.astype(np.float16).tobytes()
