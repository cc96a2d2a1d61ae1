"""Reports in the catalog: their JSON as it was printed, and which texts they cite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from kb.catalog.connection import transaction
from kb.errors import NotFoundError


class ReportShelf:
    """The stored reports."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, body: dict[str, Any], topic_key: str, cited: Iterable[tuple[str, str]]) -> None:
        """Store a report; ``cited`` are the (document id, chunk id) whose words must stay resolvable."""
        with transaction(self._connection) as db:
            sequence = db.execute("SELECT coalesce(max(sequence), 0) + 1 FROM reports").fetchone()[0]
            db.execute(
                "INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    body["report_id"],
                    topic_key,
                    body["created_at"],
                    body["corpus_revision"],
                    body["previous_report_id"] or "",
                    sequence,
                    json.dumps(body, ensure_ascii=False),
                ),
            )
            rows = [(body["report_id"], document, chunk) for document, chunk in sorted(set(cited))]
            db.executemany("INSERT OR IGNORE INTO citations VALUES (?, ?, ?)", rows)

    def latest(self, topic_key: str) -> dict[str, Any] | None:
        """The last report on a topic."""
        row = self._connection.execute(
            "SELECT body FROM reports WHERE topic_key = ? ORDER BY sequence DESC LIMIT 1", (topic_key,)
        ).fetchone()
        return json.loads(row["body"]) if row else None

    def get(self, report_id: str) -> dict[str, Any]:
        """A stored report.

        Raises:
            NotFoundError: no report has this id.
        """
        row = self._connection.execute("SELECT body FROM reports WHERE id = ?", (report_id,)).fetchone()
        if not row:
            msg = "no report has this id"
            raise NotFoundError(msg, source=report_id, remedy="kb status lists the reports")
        body: dict[str, Any] = json.loads(row["body"])
        return body

    def list(self) -> list[dict[str, Any]]:
        """Id, topic, time and revision of every report, newest first."""
        rows = self._connection.execute("SELECT body FROM reports ORDER BY sequence DESC")
        bodies = [json.loads(row["body"]) for row in rows]
        return [{k: b[k] for k in ("report_id", "topic", "created_at", "corpus_revision")} for b in bodies]
