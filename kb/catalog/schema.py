"""The catalog's tables, its version, and the steps from each version to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from kb.errors import CatalogError

_TABLES: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    uri TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    author TEXT NOT NULL DEFAULT '',
    published TEXT NOT NULL DEFAULT '',
    external_id TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL CHECK (status IN ('indexed', 'duplicate', 'failed', 'removed')),
    content_hash TEXT NOT NULL DEFAULT '',
    text_sha256 TEXT NOT NULL DEFAULT '',
    media_type TEXT NOT NULL DEFAULT '',
    pipeline TEXT NOT NULL DEFAULT '',
    duplicate_of TEXT NOT NULL DEFAULT '',
    stage TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    remedy TEXT NOT NULL DEFAULT '',
    revision INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sources_by_content ON sources (content_hash);
CREATE INDEX sources_by_external ON sources (external_id);
CREATE INDEX sources_by_original ON sources (duplicate_of);
CREATE TABLE snapshots (
    source_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    media_type TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    final_uri TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (source_id, content_hash)
) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    source_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    blocks TEXT NOT NULL,
    pages TEXT NOT NULL,
    live INTEGER NOT NULL,
    revision INTEGER NOT NULL
);
CREATE INDEX documents_by_source ON documents (source_id);
CREATE INDEX documents_by_text ON documents (text_sha256);
CREATE TABLE chunks (
    id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    occurrence INTEGER NOT NULL,
    heading TEXT NOT NULL,
    page INTEGER,
    text TEXT NOT NULL,
    live INTEGER NOT NULL,
    PRIMARY KEY (id, document_id)
);
CREATE INDEX chunks_by_document ON chunks (document_id, ordinal);
CREATE INDEX chunks_by_source ON chunks (source_id);
CREATE TABLE vectors (
    chunk_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (chunk_id, fingerprint)
) WITHOUT ROWID;
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    backend TEXT NOT NULL,
    op TEXT NOT NULL CHECK (op IN ('put', 'delete')),
    chunk_id TEXT NOT NULL
);
CREATE INDEX outbox_by_backend ON outbox (backend, seq);
CREATE TABLE reports (
    id TEXT PRIMARY KEY,
    topic_key TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL,
    parent_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX reports_by_topic ON reports (topic_key, sequence);
CREATE TABLE citations (
    report_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    chunk_id TEXT NOT NULL,
    PRIMARY KEY (report_id, document_id, chunk_id)
) WITHOUT ROWID;
CREATE INDEX citations_by_document ON citations (document_id);
"""

# One SQL script for each step; step i leads from version i to version i + 1. Never edit a step that was released.
MIGRATIONS: Final[tuple[str, ...]] = (_TABLES,)
VERSION: Final = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the catalog to :data:`VERSION`, each step in one transaction.

    Raises:
        CatalogError: the catalog was written by a newer kb.
    """
    found = _version(connection)
    if found > VERSION:
        msg = f"the catalog has schema version {found}, this program knows {VERSION}"
        raise CatalogError(msg, remedy="install the newer evidence-kb that wrote it")
    for version in range(found, VERSION):
        _step(connection, version)


def _step(connection: sqlite3.Connection, version: int) -> None:
    """Take one step, unless another process that opened the catalog at the same time has taken it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) == version:
            for statement in _statements(MIGRATIONS[version]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version + 1}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements: ``executescript`` would end the transaction around it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
