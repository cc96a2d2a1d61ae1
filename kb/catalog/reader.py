"""Reading the catalog."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kb.catalog.rows import SourceState, chunk_of, document_of, source_of, state_of
from kb.records import Chunk, Document, Snapshot, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH: Final = 500
_STATES: Final = """
SELECT sources.*, (SELECT count(*) FROM chunks WHERE chunks.source_id = sources.id AND chunks.live) AS chunk_count,
    (SELECT max(fetched_at) FROM snapshots WHERE snapshots.source_id = sources.id) AS fetched_at
FROM sources
"""


@dataclass(frozen=True, slots=True)
class SourceFilter:
    """Which sources a search may use: ``uri`` is a part of the address, title or id; ``since`` an ISO date."""

    uri: str = ""
    since: str = ""
    media_type: str = ""

    def __bool__(self) -> bool:
        return bool(self.uri or self.since or self.media_type)


class CatalogReader:
    """Everything that can be asked of a catalog without changing it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # -- sources ---------------------------------------------------------------------------------------------------

    def source(self, source_id: str) -> Source | None:
        """The source with this id."""
        row = self._connection.execute("SELECT * FROM sources WHERE id = ?", (source_id,)).fetchone()
        return source_of(row) if row else None

    def sources(self, source_ids: Iterable[str]) -> dict[str, Source]:
        """Sources by id."""
        return {row["id"]: source_of(row) for row in self._rows("SELECT * FROM sources WHERE id IN", source_ids)}

    def state(self, source_id: str) -> SourceState | None:
        """What is known of one source."""
        row = self._connection.execute(f"{_STATES} WHERE sources.id = ?", (source_id,)).fetchone()
        return state_of(row) if row else None

    def states(self, *, removed: bool = False) -> list[SourceState]:
        """What is known of all sources, by URI; removed ones only on demand."""
        where = "" if removed else "WHERE status != 'removed'"
        return [state_of(row) for row in self._connection.execute(f"{_STATES} {where} ORDER BY uri")]

    def light_states(self) -> dict[str, SourceState]:
        """States by source id without chunk counts and dates: one pass, cheap for many sources."""
        return {row["id"]: state_of(row) for row in self._connection.execute("SELECT * FROM sources")}

    def chunk_counts(self) -> dict[str, int]:
        """Number of live chunks by source id."""
        rows = self._connection.execute("SELECT source_id, count(*) FROM chunks WHERE live GROUP BY source_id")
        return {row[0]: row[1] for row in rows}

    def find_sources(self, reference: str) -> list[Source]:
        """Sources that ``reference`` names: an id, a URI, a path's end or an external id; removed ones left out."""
        rows = self._connection.execute(
            "SELECT * FROM sources WHERE status != 'removed' AND (id = ?1 OR uri = ?1 OR external_id = ?1)",
            (reference,),
        ).fetchall()
        if not rows:
            rows = self._connection.execute(
                "SELECT * FROM sources WHERE status != 'removed' AND substr(uri, -length(?1)) = ?1", (f"/{reference}",)
            ).fetchall()
        return [source_of(row) for row in rows]

    def original_of(self, content_hash: str, *, but: str) -> SourceState | None:
        """The indexed source whose body hashes to ``content_hash``, other than ``but``."""
        row = self._connection.execute(
            "SELECT * FROM sources WHERE content_hash = ? AND status = 'indexed' AND id != ? AND kind != 'record' "
            "ORDER BY revision, id LIMIT 1",
            (content_hash, but),
        ).fetchone()
        return state_of(row) if row else None

    def original_of_text(self, text_sha256: str, *, but: str) -> str:
        """Id of the source whose live document has this text, other than ``but``; empty if none."""
        row = self._connection.execute(
            "SELECT source_id FROM documents WHERE text_sha256 = ? AND live AND source_id != ? "
            "ORDER BY revision, source_id LIMIT 1",
            (text_sha256, but),
        ).fetchone()
        return row["source_id"] if row else ""

    def duplicates_of(self, source_ids: Iterable[str]) -> dict[str, list[Source]]:
        """For each source the ones recorded as its exact duplicates."""
        found: dict[str, list[Source]] = {}
        query = "SELECT * FROM sources WHERE status = 'duplicate' AND duplicate_of IN"
        for row in self._rows(query, source_ids):
            found.setdefault(row["duplicate_of"], []).append(source_of(row))
        return found

    def orphaned_duplicates(self) -> list[SourceState]:
        """Duplicates whose original is no longer indexed with the same words: they must be read for themselves."""
        rows = self._connection.execute(
            "SELECT d.* FROM sources d LEFT JOIN sources o ON o.id = d.duplicate_of WHERE d.status = 'duplicate' AND ("
            "o.id IS NULL OR o.status != 'indexed' OR o.text_sha256 != d.text_sha256) ORDER BY d.uri"
        ).fetchall()
        return [state_of(row) for row in rows]

    def snapshot(self, source_id: str) -> Snapshot | None:
        """The latest snapshot of a source."""
        row = self._connection.execute(
            "SELECT * FROM snapshots WHERE source_id = ? ORDER BY fetched_at DESC LIMIT 1", (source_id,)
        ).fetchone()
        return Snapshot(*tuple(row)) if row else None

    def snapshot_hashes(self) -> set[str]:
        """The content hashes that the catalog names."""
        return {row[0] for row in self._connection.execute("SELECT content_hash FROM snapshots")}

    # -- documents and chunks --------------------------------------------------------------------------------------

    def document(self, document_id: str) -> Document | None:
        """A document version, live or superseded."""
        row = self._connection.execute("SELECT * FROM documents WHERE id = ?", (document_id,)).fetchone()
        return document_of(row) if row else None

    def document_of_source(self, source_id: str) -> Document | None:
        """The live document of a source."""
        row = self._connection.execute("SELECT * FROM documents WHERE source_id = ? AND live", (source_id,)).fetchone()
        return document_of(row) if row else None

    def document_by_text(self, source_id: str, text_sha256: str) -> tuple[Document, bool] | None:
        """The version of a source whose text hashes to ``text_sha256``, and whether it is the live one."""
        row = self._connection.execute(
            "SELECT * FROM documents WHERE source_id = ? AND text_sha256 = ?", (source_id, text_sha256)
        ).fetchone()
        return (document_of(row), bool(row["live"])) if row else None

    def documents(self, document_ids: Iterable[str]) -> dict[str, Document]:
        """Documents by id."""
        return {row["id"]: document_of(row) for row in self._rows("SELECT * FROM documents WHERE id IN", document_ids)}

    def chunk(self, chunk_id: str) -> Chunk | None:
        """A chunk: the live one, else the newest superseded one that a report still cites."""
        row = self._connection.execute(
            "SELECT chunks.* FROM chunks JOIN documents ON documents.id = chunks.document_id "
            "WHERE chunks.id = ? ORDER BY chunks.live DESC, documents.revision DESC LIMIT 1",
            (chunk_id,),
        ).fetchone()
        return chunk_of(row) if row else None

    def chunks(self, chunk_ids: Iterable[str]) -> dict[str, Chunk]:
        """Live chunks by id; ids that are not live are left out."""
        return {row["id"]: chunk_of(row) for row in self._rows("SELECT * FROM chunks WHERE live AND id IN", chunk_ids)}

    def chunks_of(self, document_id: str) -> list[Chunk]:
        """The chunks of a document, in order."""
        rows = self._connection.execute("SELECT * FROM chunks WHERE document_id = ? ORDER BY ordinal", (document_id,))
        return [chunk_of(row) for row in rows]

    def live_chunk_ids(self) -> set[str]:
        """Ids of all live chunks: what both indexes must hold, no more and no less."""
        return {row[0] for row in self._connection.execute("SELECT id FROM chunks WHERE live")}

    def has_chunks(self) -> bool:
        """Whether there is anything to search."""
        return self._connection.execute("SELECT 1 FROM chunks WHERE live LIMIT 1").fetchone() is not None

    def allowed_chunks(self, wanted: SourceFilter) -> frozenset[str]:
        """Ids of the live chunks whose source passes the filter."""
        query = (
            "SELECT chunks.id FROM chunks JOIN sources ON sources.id = chunks.source_id WHERE chunks.live "
            "AND (?1 = '' OR sources.id = ?1 OR instr(lower(sources.uri), lower(?1)) "
            "     OR instr(lower(sources.title), lower(?1))) "
            # A date known to the year only is compared by the year: '2024' passes '2024-01-01'.
            "AND (?2 = '' OR sources.published != '' AND sources.published >= substr(?2, 1, length(sources.published)) "
            "     OR sources.published = '' AND (SELECT max(fetched_at) FROM snapshots "
            "     WHERE snapshots.source_id = sources.id) >= ?2) "
            "AND (?3 = '' OR instr(lower(sources.media_type), lower(?3)) "
            "     OR substr(lower(sources.uri), -length(?3) - 1) = '.' || lower(?3))"
        )
        rows = self._connection.execute(query, (wanted.uri, wanted.since, wanted.media_type))
        return frozenset(row[0] for row in rows)

    def lexical_rows(self, chunk_ids: Iterable[str]) -> list[tuple[Chunk, str]]:
        """Live chunks with the title of their source: what the lexical index is filled with."""
        query = (
            "SELECT chunks.*, documents.title AS title FROM chunks JOIN documents ON documents.id = chunks.document_id "
            "WHERE chunks.live AND chunks.id IN"
        )
        return [(chunk_of(row), row["title"]) for row in self._rows(query, chunk_ids)]

    # -- vectors ---------------------------------------------------------------------------------------------------

    def input_hashes(self, source_id: str, fingerprint: str) -> dict[str, str]:
        """For each chunk of a source that has a vector, the hash of the text that was embedded."""
        rows = self._connection.execute(
            "SELECT vectors.chunk_id, vectors.input_hash FROM chunks JOIN vectors ON vectors.chunk_id = chunks.id "
            "WHERE chunks.source_id = ? AND chunks.live AND vectors.fingerprint = ?",
            (source_id, fingerprint),
        )
        return {row[0]: row[1] for row in rows}

    def vectors(self, chunk_ids: Sequence[str], fingerprint: str) -> tuple[list[str], NDArray[np.float32]]:
        """The ids that have a vector in this space, and the vectors (n, dimension)."""
        query = "SELECT chunk_id, vector FROM vectors WHERE fingerprint = ? AND chunk_id IN"
        rows = list(self._rows(query, chunk_ids, fingerprint))
        if not rows:
            return [], np.zeros((0, 0), dtype=np.float32)
        stacked = np.stack([np.frombuffer(row["vector"], dtype=np.float16) for row in rows])
        return [row["chunk_id"] for row in rows], stacked.astype(np.float32)

    def without_vector(self, fingerprint: str) -> list[Chunk]:
        """Live chunks that have no vector in this space."""
        rows = self._connection.execute(
            "SELECT chunks.* FROM chunks WHERE live AND NOT EXISTS (SELECT 1 FROM vectors "
            "WHERE vectors.chunk_id = chunks.id AND vectors.fingerprint = ?)",
            (fingerprint,),
        )
        return [chunk_of(row) for row in rows]

    # -- runs and settings -----------------------------------------------------------------------------------------

    def revision(self) -> int:
        """The number of the last ingest run; 0 before the first."""
        return int(self._connection.execute("SELECT coalesce(max(revision), 0) FROM runs").fetchone()[0])

    def runs(self, limit: int = 10) -> list[dict[str, object]]:
        """The last runs, newest first."""
        rows = self._connection.execute("SELECT * FROM runs ORDER BY revision DESC LIMIT ?", (limit,))
        return [{**dict(row), "summary": json.loads(row["summary"])} for row in rows]

    def meta(self, key: str) -> str:
        """A setting that belongs to the data; empty if it was never set."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row["value"] if row else ""

    def _rows(self, query: str, values: Iterable[str], *before: str) -> Iterator[sqlite3.Row]:
        """Run ``query IN (values)`` in batches that every SQLite build accepts."""
        rest = list(dict.fromkeys(values))
        for at in range(0, len(rest), _BATCH):
            part = rest[at : at + _BATCH]
            marks = ",".join("?" * len(part))
            yield from self._connection.execute(f"{query} ({marks})", (*before, *part))
