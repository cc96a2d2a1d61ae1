"""Every exchange with a language model as a line of JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from kb import ids
from kb.backends._exchange import Ask, Reply
from kb.errors import ConfigError


class ModelTrace:
    """Appends to ``path``: what was asked, what came back, what it took, and what went wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def write(
        self,
        ask: Ask,
        *,
        model: str,
        reply: Reply | None = None,
        seconds: float = 0.0,
        cached: bool = False,
        error: str = "",
    ) -> None:
        """Add one line.

        Raises:
            ConfigError: the file cannot be written.
        """
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "model": model,
            "prompt_id": ask.label,
            "prompt_hash": ids.sha256_text(f"{ask.system}\0{ask.prompt}")[:16],
            "system": ask.system,
            "prompt": ask.prompt,
            "answer": reply.text if reply else None,
            "tokens_in": reply.tokens_in if reply else 0,
            "tokens_out": reply.tokens_out if reply else 0,
            "seconds": round(seconds, 3),
            "cached": cached,
            "error": error or None,
        }
        try:
            with self._lock, self._path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as exc:
            msg = f"the trace cannot be written: {exc.strerror or exc}"
            raise ConfigError(msg, source=str(self._path), remedy="name another file with --trace FILE") from exc
