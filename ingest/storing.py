"""Chunking, embedding and storing documents in batches that keep the model busy; each source commits by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ingest.chunking import embedding_input
from kb.catalog import Catalog, Entry, Version
from kb.ids import sha256_text
from kb.interfaces import Chunker, Embedder
from kb.records import Chunk, ChunkCounts, Document, Snapshot, Source

_TEXTS: Final = 1024
"""Texts that go through the model together: sorted by length they need little padding."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that waits to be stored, and why, where that is not plain."""

    source: Source
    snapshot: Snapshot
    document: Document
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Planned:
    chunk: Chunk
    text: str
    input_hash: str
    known: bool


class Batch:
    """Documents that are stored together. Counts what a run did to chunks."""

    def __init__(
        self,
        catalog: Catalog,
        chunker: Chunker,
        embedder: Embedder,
        pipeline: str,
        revision: int,
        settle: Callable[[], None],
    ) -> None:
        self._catalog = catalog
        self._chunker = chunker
        self._embedder = embedder
        self._pipeline = pipeline
        self._revision = revision
        self.settle = settle
        self._waiting: list[tuple[Prepared, list[_Planned]]] = []
        self._holders: dict[str, str] = {}
        self._texts = 0
        self.added = self.removed = self.embedded = 0

    @property
    def full(self) -> bool:
        """Whether it is time to flush."""
        return self._texts >= _TEXTS

    def add(self, prepared: Prepared) -> None:
        """Chunk a document and plan what must be embedded."""
        known = self._catalog.read.input_hashes(prepared.source.id, self._embedder.fingerprint)
        planned: list[_Planned] = []
        for chunk in self._chunker.chunk(prepared.document):
            text = embedding_input(chunk, prepared.document.title)
            digest = sha256_text(text)
            planned.append(_Planned(chunk, text, digest, known.get(chunk.id) == digest))
        self._waiting.append((prepared, planned))
        self._holders.setdefault(prepared.document.text_sha256, prepared.source.id)
        self._texts += sum(not plan.known for plan in planned)

    def holder_of(self, document: Document) -> str:
        """Id of another source in this batch with the same text; empty if none."""
        holder = self._holders.get(document.text_sha256, "")
        return holder if holder != document.source_id else ""

    def flush(self, progress: Callable[[], None]) -> list[tuple[Prepared, int]]:
        """Embed and store what waits; return each document with its number of chunks."""
        waiting, self._waiting, self._texts = self._waiting, [], 0
        self._holders.clear()
        if not waiting:
            return []
        texts = [plan.text for _, planned in waiting for plan in planned if not plan.known]

        def count(done: int) -> None:
            self.embedded += done
            progress()

        before = self.embedded
        vectors = iter(self._embedder.embed(texts, progress=count)) if texts else iter(())
        self.embedded = before + len(texts)
        for prepared, planned in waiting:
            entries = tuple(
                Entry(plan.chunk, plan.input_hash, None if plan.known else next(vectors)) for plan in planned
            )
            version = Version(
                prepared.source,
                prepared.snapshot,
                prepared.document,
                entries,
                self._pipeline,
                self._embedder.fingerprint,
            )
            added, removed = self._catalog.write.store(version, self._revision)
            self.added += added
            self.removed += removed
        self.settle()
        return [(prepared, len(planned)) for prepared, planned in waiting]

    def counts(self, total: int) -> ChunkCounts:
        """What the run did; ``total`` chunks are live."""
        return ChunkCounts(total, self.added, total - self.added, self.removed, self.embedded)
