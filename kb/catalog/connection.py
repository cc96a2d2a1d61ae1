"""How the catalog's database is opened."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from kb.catalog.schema import migrate
from kb.errors import CatalogError


def connect(path: Path) -> sqlite3.Connection:
    """Open (or make) the catalog at ``path``, at the present schema version.

    WAL lets any number of readers work beside the one writer. ``synchronous = NORMAL`` survives a killed process at any
    moment and keeps the database consistent through a power cut, which may undo only the last transactions.

    Raises:
        CatalogError: it is damaged, no database, or from a newer program.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=30.0, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")
        migrate(connection)
    except sqlite3.DatabaseError as exc:
        msg = f"the catalog cannot be opened: {exc}"
        raise CatalogError(
            msg, source=str(path), remedy="restore it from a backup, or ingest into a new folder"
        ) from exc
    return connection


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run a block in one write transaction; nested blocks join the outer one."""
    if connection.in_transaction:
        yield connection
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
