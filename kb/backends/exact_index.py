"""The reference vector index: all vectors in memory, compared one by one; kept in one file where a path is given."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from threading import RLock
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexBackendError
from kb.interfaces import Scored

_NO_ROWS = np.empty((0, 0), np.float32)


class ExactIndex:
    """Cosine similarity by matrix product; ``path`` names a folder, None keeps everything in memory.

    Every change rewrites the file, so it suits some ten thousand chunks at the most.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file = path / "vectors.npz" if path is not None else None
        self._lock = RLock()
        self._rows: dict[str, NDArray[np.float32]] | None = None
        self._table: tuple[list[str], NDArray[np.float32]] | None = None

    def upsert(self, chunk_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or replace, in place; vectors of shape (n, dimension)."""
        matrix = _unit(vectors)
        with self._lock:
            rows = self._open()
            known = next(iter(rows.values())).shape[0] if rows else matrix.shape[1]
            if len(chunk_ids) != len(matrix) or (len(matrix) and matrix.shape[1] != known):
                msg = (
                    f"{len(chunk_ids)} ids do not fit vectors of shape {matrix.shape} in an index of dimension {known}"
                )
                raise IndexBackendError(msg)
            rows.update(zip(chunk_ids, matrix, strict=True))
            self._save()

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove; ids that are not there are no error."""
        with self._lock:
            rows = self._open()
            for chunk_id in chunk_ids:
                rows.pop(chunk_id, None)
            self._save()

    def query(
        self, vectors: NDArray[np.float32], k: int, *, allowed: frozenset[str] | None = None
    ) -> list[list[Scored]]:
        """For each query vector the ``k`` most similar chunks, best first; ties go by id."""
        with self._lock:
            ids, matrix = self._matrix()
        if allowed is not None:
            kept = [i for i, chunk_id in enumerate(ids) if chunk_id in allowed]
            ids, matrix = [ids[i] for i in kept], matrix[kept]
        queries = _unit(vectors)
        if not ids or k < 1 or not len(queries):
            return [[] for _ in queries]
        if queries.shape[1] != matrix.shape[1]:
            msg = f"a query of dimension {queries.shape[1]} was put to an index of dimension {matrix.shape[1]}"
            raise IndexBackendError(msg)
        return [top(ids, scores, k) for scores in queries @ matrix.T]

    def ids(self) -> set[str]:
        """Every chunk id in the index."""
        with self._lock:
            return set(self._open())

    def clear(self) -> None:
        """Remove everything."""
        with self._lock:
            self._rows = {}
            self._save()

    def close(self) -> None:
        """Release memory; the index opens again on the next use, empty if it has no file."""
        with self._lock:
            self._rows = self._table = None

    def _open(self) -> dict[str, NDArray[np.float32]]:
        if self._rows is None:
            self._rows = self._load()
        return self._rows

    def _load(self) -> dict[str, NDArray[np.float32]]:
        if self._file is None or not self._file.exists():
            return {}
        try:
            with np.load(self._file, allow_pickle=False) as stored:
                return dict(zip(stored["ids"].tolist(), stored["vectors"], strict=True))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as exc:
            msg = f"the vector index cannot be read: {exc}"
            raise IndexBackendError(msg, source=str(self._file), remedy="kb rebuild") from exc

    def _save(self) -> None:
        self._table = None
        if self._file is None:
            return
        ids, matrix = self._matrix()
        scratch = self._file.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with scratch.open("wb") as file:
                np.savez(file, ids=np.array(ids, np.str_), vectors=matrix)
            scratch.replace(self._file)
        except OSError as exc:
            msg = f"the vector index cannot be written: {exc}"
            raise IndexBackendError(msg, source=str(self._file)) from exc

    def _matrix(self) -> tuple[list[str], NDArray[np.float32]]:
        if self._table is None:
            rows = self._open()
            ids = sorted(rows)
            self._table = ids, np.stack([rows[i] for i in ids]) if ids else _NO_ROWS
        return self._table


def top(ids: Sequence[str], scores: NDArray[np.float32], k: int) -> list[Scored]:
    """The ``k`` best of parallel ids and scores, best first, ties in the order given; scores clipped to -1..1."""
    best = np.argsort(-scores, kind="stable")[:k]
    return [Scored(ids[i], float(min(1.0, max(-1.0, scores[i])))) for i in best]


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; a row of zeros stays one and is similar to nothing."""
    matrix = np.atleast_2d(np.asarray(vectors, np.float32))
    if matrix.size == 0:
        return matrix.reshape(0, matrix.shape[-1])
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (matrix / np.where(length == 0.0, 1.0, length)).astype(np.float32, copy=False)
    return unit
