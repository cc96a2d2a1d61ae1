"""One writer at a time: a lock file that the operating system releases when its process dies."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from kb.errors import LockedError


class WriterLock:
    """The writer lock of a knowledge base; re-entrant within one object."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = FileLock(home / "lock")
        self._owner = home / "lock.owner"

    @contextlib.contextmanager
    def hold(self, *, wait: float = 0.0) -> Iterator[None]:
        """Hold the lock; ``wait`` is how many seconds to wait for another writer.

        Raises:
            LockedError: another process is writing; names it.
        """
        try:
            self._lock.acquire(timeout=wait)
        except Timeout as exc:
            msg = f"another process is writing to {self._home}{self._who()}"
            raise LockedError(
                msg,
                remedy="wait until it has finished; readers are not held up. "
                "The lock goes away with its process, there is no file to delete",
            ) from exc
        outermost = self._lock.lock_counter == 1
        try:
            if outermost:
                self._owner.write_text(json.dumps({"pid": os.getpid(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}))
            yield
        finally:
            if outermost:
                self._owner.unlink(missing_ok=True)
            self._lock.release()

    def _who(self) -> str:
        try:
            owner = json.loads(self._owner.read_text())
        except (OSError, ValueError):
            return ""
        return f" (process {owner.get('pid')}, since {owner.get('since')})"
