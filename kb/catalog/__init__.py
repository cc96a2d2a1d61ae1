"""The catalog: one SQLite file that is the truth about a knowledge base; both indexes derive from it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from kb.catalog.connection import connect, transaction
from kb.catalog.lock import WriterLock
from kb.catalog.outbox import BACKENDS, Backend, Debt, Outbox
from kb.catalog.reader import CatalogReader, SourceFilter
from kb.catalog.reports import ReportShelf
from kb.catalog.rows import SourceState
from kb.catalog.snapshots import SnapshotStore
from kb.catalog.writer import CatalogWriter, Entry, Version, now

__all__ = [
    "BACKENDS",
    "Backend",
    "Catalog",
    "CatalogReader",
    "CatalogWriter",
    "Debt",
    "Entry",
    "Outbox",
    "ReportShelf",
    "SnapshotStore",
    "SourceFilter",
    "SourceState",
    "Version",
    "WriterLock",
    "now",
    "transaction",
]


class Catalog:
    """An open catalog: ``read``, ``write``, ``outbox`` and ``reports`` over one connection, and the ``snapshots``."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._connection = connect(home / "catalog.sqlite")
        self.read = CatalogReader(self._connection)
        self.write = CatalogWriter(self._connection)
        self.outbox = Outbox(self._connection)
        self.reports = ReportShelf(self._connection)
        self.snapshots = SnapshotStore(home / "snapshots")

    def check(self) -> list[str]:
        """What SQLite itself finds wrong with the file; empty when it is sound."""
        try:
            rows = [row[0] for row in self._connection.execute("PRAGMA quick_check(10)")]
        except sqlite3.DatabaseError as exc:
            return [str(exc)]
        return [row for row in rows if row != "ok"]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
