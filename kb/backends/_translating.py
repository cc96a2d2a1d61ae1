"""Errors of the compiled parts of the indexes, made our own at the door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kb.errors import IndexBackendError

REBUILD: Final = "kb rebuild makes it again"


@contextmanager
def translated(what: str, done: str, path: Path) -> Iterator[None]:
    """Turn whatever goes wrong while ``what`` is ``done`` (opened, read, written) into an :class:`IndexBackendError`."""
    try:
        yield
    except (IndexBackendError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as exc:  # a panic in a compiled part is no Exception
        msg = f"the {what} cannot be {done}: {exc}"
        raise IndexBackendError(msg, source=str(path), remedy=REBUILD) from exc
