"""Answers of language models by the hash of everything that makes them, as files."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from kb import ids
from kb.backends._exchange import Ask, Reply


class ModelCache:
    """Keeps replies in ``folder``: one JSON file for each question, named by its hash. A damaged file is a miss."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Reply | None:
        """The reply under ``key``, or None."""
        try:
            body: dict[str, Any] = json.loads(self._path(key).read_text("utf-8"))
            return Reply(str(body["text"]), int(body["tokens_in"]), int(body["tokens_out"])) if body["text"] else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, ask: Ask, reply: Reply, *, model: str) -> None:
        """Keep ``reply``; a folder that cannot be written keeps nothing, and that is all."""
        body = {
            "model": model,
            "prompt_id": ask.label,
            "text": reply.text,
            "tokens_in": reply.tokens_in,
            "tokens_out": reply.tokens_out,
        }
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as stream:
                    json.dump(body, stream, ensure_ascii=False)
                os.replace(name, path)  # noqa: PTH105 - the name is a str here
            except BaseException:
                os.unlink(name)  # noqa: PTH108
                raise

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


def key_of(ask: Ask, *, model: str, address: str) -> str:
    """The hash of everything that an answer depends on."""
    schema = json.dumps(ask.schema, sort_keys=True) if ask.schema is not None else ""
    return ids.sha256_text(chr(0).join((model, address, ask.system, ask.prompt, schema, str(ask.max_tokens))))
