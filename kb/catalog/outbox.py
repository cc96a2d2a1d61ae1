"""What the derived indexes still owe, recorded in the transaction that caused it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from kb.catalog.connection import transaction

Backend = Literal["vectors", "lexical"]
BACKENDS: Final[tuple[Backend, ...]] = ("vectors", "lexical")


@dataclass(frozen=True, slots=True)
class Debt:
    """A batch of the outbox: what to put and what to delete, and the last entry that it covers.

    Each chunk stands once, in its latest state, so applying a batch twice is the same as once.
    """

    last: int
    put: tuple[str, ...]
    delete: tuple[str, ...]


class Outbox:
    """The outbox of a catalog."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def owe(
        self, *, put: Iterable[str] = (), delete: Iterable[str] = (), backends: Iterable[Backend] = BACKENDS
    ) -> None:
        """Record, inside the caller's transaction, what the indexes must do."""
        put, delete = list(put), list(delete)
        rows = [(b, "delete", c) for b in backends for c in delete] + [(b, "put", c) for b in backends for c in put]
        self._connection.executemany("INSERT INTO outbox (backend, op, chunk_id) VALUES (?, ?, ?)", rows)

    def next(self, backend: Backend, limit: int) -> Debt | None:
        """The oldest ``limit`` entries of ``backend``, or None when nothing is owed."""
        rows = self._connection.execute(
            "SELECT seq, op, chunk_id FROM outbox WHERE backend = ? ORDER BY seq LIMIT ?", (backend, limit)
        ).fetchall()
        if not rows:
            return None
        latest = {row["chunk_id"]: row["op"] for row in rows}
        return Debt(
            rows[-1]["seq"],
            tuple(chunk for chunk, op in latest.items() if op == "put"),
            tuple(chunk for chunk, op in latest.items() if op == "delete"),
        )

    def settle(self, backend: Backend, last: int) -> None:
        """Strike out every entry of ``backend`` up to ``last``."""
        with transaction(self._connection):
            self._connection.execute("DELETE FROM outbox WHERE backend = ? AND seq <= ?", (backend, last))

    def size(self) -> int:
        """Number of entries owed."""
        return int(self._connection.execute("SELECT count(*) FROM outbox").fetchone()[0])

    def forget(self, backend: Backend) -> None:
        """Strike out everything of ``backend``: it is about to be filled from the catalog."""
        with transaction(self._connection):
            self._connection.execute("DELETE FROM outbox WHERE backend = ?", (backend,))
