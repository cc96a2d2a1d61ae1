"""Bodies of sources as they were fetched, by their hash, compressed."""

from __future__ import annotations

import os
from pathlib import Path

import zstandard

from kb.errors import CatalogError, NotFoundError
from kb.ids import sha256_bytes


class SnapshotStore:
    """A content-addressed folder: ``snapshots/ab/abcdef....zst`` holds the body that hashes to ``abcdef...``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._compressor = zstandard.ZstdCompressor(level=3)

    def put(self, body: bytes) -> str:
        """Store ``body`` and return its SHA-256. A body that is there already costs nothing.

        The file appears under its name only when it is whole, so a killed process leaves no half body.
        """
        content_hash = sha256_bytes(body)
        path = self._path(content_hash)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
            partial.write_bytes(self._compressor.compress(body))
            partial.replace(path)
        return content_hash

    def holds(self, content_hash: str) -> bool:
        """Whether a body with this hash is stored."""
        return self._path(content_hash).exists()

    def get(self, content_hash: str) -> bytes:
        """Return the body that hashes to ``content_hash``.

        Raises:
            NotFoundError: it was never stored or was deleted.
            CatalogError: the stored file is damaged.
        """
        path = self._path(content_hash)
        remedy = "ingest the source again"
        try:
            body = zstandard.ZstdDecompressor().decompress(path.read_bytes())
        except FileNotFoundError as exc:
            msg = f"the snapshot {content_hash[:12]} is not in the store"
            raise NotFoundError(msg, source=str(path), remedy=remedy) from exc
        except zstandard.ZstdError as exc:
            msg = "the stored snapshot is damaged"
            raise CatalogError(msg, source=str(path), remedy=remedy) from exc
        if sha256_bytes(body) != content_hash:
            msg = "the stored snapshot does not hash to its name"
            raise CatalogError(msg, source=str(path), remedy=remedy)
        return body

    def hashes(self) -> set[str]:
        """The hashes of all stored bodies."""
        return {path.stem for path in self._folder.glob("??/*.zst")}

    def delete(self, content_hash: str) -> None:
        """Remove a body; one that is not there is no error."""
        self._path(content_hash).unlink(missing_ok=True)

    def sweep(self, wanted: set[str]) -> int:
        """Remove half-written files and every body that is not ``wanted``; return how many went."""
        gone = 0
        for path in list(self._folder.glob("??/*")):
            if path.suffix != ".zst" or path.stem not in wanted:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _path(self, content_hash: str) -> Path:
        return self._folder / content_hash[:2] / f"{content_hash}.zst"
