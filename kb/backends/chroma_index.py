"""Vectors in Chroma: an approximate nearest-neighbour graph (HNSW, Malkov and Yashunin 2018) on disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any, Final

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from chromadb.errors import InvalidArgumentError
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from kb.backends._translating import REBUILD, translated
from kb.errors import IndexBackendError
from kb.interfaces import Scored

_COLLECTION: Final = "vectors"
_BATCH: Final = 5_000  # Chroma refuses more than 5,461 at once
_LOCK: Final = "lock"
_MARKER: Final = "unfinished"
_PATIENCE: Final = 120.0  # seconds; a batch of changes takes about 2
_EXACT: Final = 400  # up to here reading the vectors and comparing them all is quicker than a restricted search

# On 50,000 sentences recall@100 is 0.997. Vectors since the last sync are indexed again by each process that opens the
# index (20 s for 50,000 of them), so the sync threshold must stay small.
_HNSW: Final = {
    "space": "cosine",
    "ef_construction": 128,
    "max_neighbors": 16,
    "ef_search": 400,
    "batch_size": 100,
    "sync_threshold": 500,
}


class ChromaIndex:
    """Cosine similarity over one Chroma collection in the folder ``path``.

    One process may write at a time (the caller holds the lock); any may read. Deleting frees no disk space, clearing does.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = RLock()
        self._client: Any = None
        self._opened: Any = None
        self._stamp: tuple[int, int, int] | None = None
        self._processes = FileLock(path / _LOCK)

    def upsert(self, chunk_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or replace, in place; vectors of shape (n, dimension), any number."""
        matrix = np.asarray(vectors, np.float32)
        if len(chunk_ids) != len(matrix):
            msg = f"{len(chunk_ids)} ids do not fit {len(matrix)} vectors"
            raise IndexBackendError(msg)
        last = {chunk_id: row for row, chunk_id in enumerate(chunk_ids)}  # Chroma refuses an id twice in a batch
        ids, rows = list(last), list(last.values())
        for start in range(0, len(ids), _BATCH):
            part = slice(start, start + _BATCH)
            with self._change() as collection:
                collection.upsert(ids=ids[part], embeddings=matrix[rows[part]])

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove; ids that are not there are no error."""
        for part in _parts(list(dict.fromkeys(chunk_ids))):
            with self._change() as collection:
                collection.delete(ids=part)

    def query(
        self, vectors: NDArray[np.float32], k: int, *, allowed: frozenset[str] | None = None
    ) -> list[list[Scored]]:
        """For each query vector the ``k`` most similar chunks, best first; exact over a small ``allowed`` set."""
        queries = np.atleast_2d(np.asarray(vectors, np.float32))
        if k < 1 or queries.size == 0 or (allowed is not None and not allowed):
            return [[] for _ in range(queries.shape[0] if queries.size else 0)]
        try:
            return self._query(queries, k, allowed)
        except IndexBackendError:
            # another process may have written or cleared the index under an open reader
            self.close()
            return self._query(queries, k, allowed)

    def ids(self) -> set[str]:
        """Every chunk id in the index."""
        with self._translated("read"):
            return set(self._collection().get(include=[])["ids"])

    def clear(self) -> None:
        """Remove everything, a damaged index too, and free its disk space."""
        with self._lock, self._translated("removed"):
            self.close()
            SharedSystemClient.clear_system_cache()  # else the next client of this process keeps the removed files
            if self._path.exists():
                with self._alone():
                    for entry in self._path.iterdir():
                        if entry.is_dir():
                            shutil.rmtree(entry)
                        elif entry.name != _LOCK:
                            entry.unlink()

    def close(self) -> None:
        """Release files and memory; the next use opens the index again."""
        with self._lock:
            client, self._client, self._opened = self._client, None, None
            if client is not None:
                with self._translated("closed"):
                    client.close()

    def _query(self, queries: NDArray[np.float32], k: int, allowed: frozenset[str] | None) -> list[list[Scored]]:
        if allowed is not None and len(allowed) <= _EXACT:
            return self._compare(queries, k, sorted(allowed))
        with self._translated("read"):
            collection = self._collection()
            # a restricted search fails on an id that is not there
            known = None if allowed is None else _known(collection, allowed)
            wanted = min(k, collection.count() if known is None else len(known))
            if wanted == 0:
                return [[] for _ in queries]
            restriction = {} if known is None else {"ids": known}
            found = collection.query(query_embeddings=queries, n_results=wanted, include=["distances"], **restriction)
        ranked = [
            _ranked(ids, 1.0 - np.asarray(distances, np.float64), k)
            for ids, distances in zip(found["ids"], found["distances"], strict=True)
        ]
        if any(len(row) < wanted for row in ranked):
            return self._compare(queries, k, known)  # deletions can cut a graph in two
        return ranked

    def _compare(self, queries: NDArray[np.float32], k: int, ids: list[str] | None) -> list[list[Scored]]:
        """Exact search over the vectors of ``ids``, or of all."""
        scored: list[list[Scored]] = [[] for _ in queries]
        wanted = _unit(queries)
        with self._translated("read"):
            collection = self._collection()
            for part in [None] if ids is None else _parts(ids):
                stored = collection.get(ids=part, include=["embeddings"])
                if stored["ids"]:
                    scores = wanted @ _unit(np.asarray(stored["embeddings"], np.float64)).T
                    for found, row in zip(scored, scores, strict=True):
                        found.extend(_ranked(stored["ids"], row, k))
        return [sorted(found, key=_order)[:k] for found in scored]

    def _collection(self) -> Any:
        """The collection, opened again after a write by another process, which Chroma itself would not see.

        While that process is writing, the state from before is good enough.
        """
        with self._lock:
            if self._opened is not None and self._stamp != self._version():
                with suppress(Timeout), self._alone(wait=False):
                    self.close()
                    self._open()
            if self._opened is None:
                with self._alone():
                    self._open()
            return self._opened

    def _open(self) -> None:
        if self._marker.exists():
            msg = "the vector index was being written when the program was stopped"
            raise IndexBackendError(msg, source=str(self._path), remedy=REBUILD)
        self._client = chromadb.PersistentClient(self._path, settings=Settings(anonymized_telemetry=False))
        # no embedding function: the default one downloads a model
        collection = self._client.get_or_create_collection(
            _COLLECTION, embedding_function=None, configuration={"hnsw": dict(_HNSW)}
        )
        first = collection.get(limit=1, include=["embeddings"])
        if first["ids"]:  # Chroma reads the graph at the first query, and that must not meet a writer
            collection.query(query_embeddings=first["embeddings"], n_results=1, include=[])
        self._opened, self._stamp = collection, self._version()

    @contextmanager
    def _change(self) -> Iterator[Any]:
        """The collection, for one batch of changes.

        Reading the graph from disk while another process writes it crashed the reader (seen with Chroma 1.5.9), and a
        process killed while writing may leave such files behind. Hence a lock between processes, and a marker that only
        a completed change takes away.
        """
        with self._lock, self._translated("written"), self._alone():
            collection = self._collection()
            self._marker.touch()
            try:
                yield collection
            except (InvalidArgumentError, ValueError, TypeError):  # refused before anything was written
                self._marker.unlink()
                raise
            self._marker.unlink()
            self._stamp = self._version()

    @contextmanager
    def _alone(self, *, wait: bool = True) -> Iterator[None]:
        self._path.mkdir(parents=True, exist_ok=True)
        with self._processes.acquire(timeout=_PATIENCE if wait else 0):
            yield

    @property
    def _marker(self) -> Path:
        return self._path / _MARKER

    def _version(self) -> tuple[int, int, int] | None:
        try:
            file = (self._path / "chroma.sqlite3").stat()
        except FileNotFoundError:
            return None
        return file.st_ino, file.st_mtime_ns, file.st_size

    def _translated(self, done: str) -> AbstractContextManager[None]:
        return translated("vector index", done, self._path)


def _known(collection: Any, allowed: frozenset[str]) -> list[str]:
    """Those of ``allowed`` that are in the index; a long list would exceed SQLite's parameters."""
    if len(allowed) > _BATCH:
        return sorted(allowed.intersection(collection.get(include=[])["ids"]))
    return list(collection.get(ids=sorted(allowed), include=[])["ids"])


def _parts(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


def _ranked(ids: Sequence[str], scores: NDArray[np.float64], k: int) -> list[Scored]:
    found = (Scored(i, min(1.0, max(-1.0, score))) for i, score in zip(ids, scores.tolist(), strict=True))
    return sorted(found, key=_order)[:k]


def _order(scored: Scored) -> tuple[float, str]:
    return -scored.score, scored.chunk_id


def _unit(matrix: NDArray[Any]) -> NDArray[np.float64]:
    wide = matrix.astype(np.float64)
    length = np.linalg.norm(wide, axis=1, keepdims=True)
    unit: NDArray[np.float64] = wide / np.where(length == 0.0, 1.0, length)
    return unit
