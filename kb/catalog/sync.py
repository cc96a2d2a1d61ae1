"""Keeping the two derived indexes in step with the catalog."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from kb.catalog import Catalog
from kb.catalog.outbox import BACKENDS, Backend
from kb.errors import IndexBackendError
from kb.interfaces import LexicalEntry, LexicalIndex, VectorIndex

_BATCH: Final = 2000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Drift:
    """How one index differs from the catalog; ``damage`` says why it cannot be read at all."""

    backend: Backend
    missing: frozenset[str]
    ghosts: frozenset[str] = frozenset()
    damage: str = ""

    def __bool__(self) -> bool:
        return bool(self.missing or self.ghosts or self.damage)


class IndexSync:
    """Applies the outbox, refills an index that is gone, and compares.

    An index folder carries a token that the catalog knows as well. A folder that was deleted, copied from elsewhere or only
    half filled has another one, and is filled again from the catalog, without embedding anything.
    """

    def __init__(self, catalog: Catalog, vectors: VectorIndex, lexical: LexicalIndex) -> None:
        self._catalog = catalog
        self.vectors = vectors
        self.lexical = lexical

    def in_step(self) -> bool:
        """Whether both indexes are whole and nothing is owed; cheap."""
        return self._catalog.outbox.size() == 0 and all(self._token_holds(backend) for backend in BACKENDS)

    def settle(self) -> None:
        """Refill what is not whole, then apply everything that is owed. The caller holds the writer lock.

        An index that refuses the work was being written when its process was killed: it is refilled as well.
        """
        for backend in BACKENDS:
            if not self._token_holds(backend):
                self.refill(backend)
            try:
                self._apply(backend)
            except IndexBackendError:
                self.refill(backend)

    def refill(self, backend: Backend, progress: Progress | None = None) -> int:
        """Make one index again from the catalog; return how many chunks it holds now."""
        write = self._catalog.write
        write.set_meta(f"index:{backend}", "")
        self._catalog.outbox.forget(backend)
        (self.vectors if backend == "vectors" else self.lexical).clear()
        wanted = sorted(self._catalog.read.live_chunk_ids())
        for at in range(0, len(wanted), _BATCH):
            self._put(backend, wanted[at : at + _BATCH])
            if progress:
                progress(min(at + _BATCH, len(wanted)), len(wanted))
        token = uuid.uuid4().hex
        path = self._catalog.home / backend / "token"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(token)
        write.set_meta(f"index:{backend}", token)
        return len(wanted)

    def drift(self) -> list[Drift]:
        """Compare both indexes with the catalog, id by id."""
        wanted = frozenset(self._catalog.read.live_chunk_ids())
        drifts: list[Drift] = []
        for backend in BACKENDS:
            try:
                ids = (self.vectors if backend == "vectors" else self.lexical).ids()
            except IndexBackendError as exc:
                drifts.append(Drift(backend, wanted, damage=exc.message))
            else:
                drifts.append(Drift(backend, wanted - ids, frozenset(ids - wanted)))
        return [drift for drift in drifts if drift]

    def close(self) -> None:
        """Close both indexes."""
        self.vectors.close()
        self.lexical.close()

    def _token_holds(self, backend: Backend) -> bool:
        known = self._catalog.read.meta(f"index:{backend}")
        path = self._catalog.home / backend / "token"
        return bool(known) and path.is_file() and path.read_text() == known

    def _apply(self, backend: Backend) -> None:
        while debt := self._catalog.outbox.next(backend, _BATCH):
            self._delete(backend, debt.delete)
            self._put(backend, debt.put)
            self._catalog.outbox.settle(backend, debt.last)

    def _delete(self, backend: Backend, chunk_ids: Iterable[str]) -> None:
        gone = list(chunk_ids)
        if gone:
            (self.vectors if backend == "vectors" else self.lexical).delete(gone)

    def _put(self, backend: Backend, chunk_ids: Iterable[str]) -> None:
        wanted = list(chunk_ids)
        if not wanted:
            return
        if backend == "lexical":
            rows = self._catalog.read.lexical_rows(wanted)
            self.lexical.upsert([LexicalEntry(c.id, c.text, title, " ".join(c.heading_path)) for c, title in rows])
            return
        live = self._catalog.read.chunks(wanted)
        ids, vectors = self._catalog.read.vectors(sorted(live), self._catalog.read.meta("fingerprint"))
        if ids:
            self.vectors.upsert(ids, np.ascontiguousarray(vectors))
