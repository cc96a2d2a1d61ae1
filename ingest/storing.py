"""Chunking, embedding and storing documents in batches that keep the model busy; each source commits by itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.chunking import embedding_input
from kb.catalog import Catalog, Entry, Version
from kb.ids import sha256_text
from kb.interfaces import Chunker, Embedder
from kb.records import Chunk, ChunkCounts, Document, Snapshot, Source

if TYPE_CHECKING:
    from kb.interfaces import Vectors

_TEXTS: Final = 2048
"""Texts after which everything is stored: a process that is killed loses at most these."""
_TOGETHER: Final = 512
"""Texts that go through the model together: sorted by length they need little padding."""
_TICK: Final = 0.1
"""Seconds between two looks at how far the model is."""


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


@dataclass(slots=True)
class _Part:
    """Documents whose texts go through the model together."""

    documents: list[tuple[Prepared, list[_Planned]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class Batch:
    """Documents that are stored together. Counts what a run did to chunks.

    The model works in a thread of its own, while further documents are read and chunked and those before are stored; only
    the calling thread touches the catalog and the indexes.
    """

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
        self._worker = ThreadPoolExecutor(1, "embedding")
        self._open = _Part()
        self._sent: list[tuple[_Part, Future[Vectors] | None]] = []
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
        self._holders.setdefault(prepared.document.text_sha256, prepared.source.id)
        texts = [plan.text for plan in planned if not plan.known]
        self._open.documents.append((prepared, planned))
        self._open.texts += texts
        self._texts += len(texts)
        if len(self._open.texts) >= _TOGETHER:
            self._send()

    def holder_of(self, document: Document) -> str:
        """Id of another source in this batch with the same text; empty if none."""
        holder = self._holders.get(document.text_sha256, "")
        return holder if holder != document.source_id else ""

    def flush(self, progress: Callable[[], None]) -> list[tuple[Prepared, int]]:
        """Embed and store what waits; return each document with its number of chunks."""
        if self._open.documents:
            self._send()
        sent, self._sent, self._texts = self._sent, [], 0
        self._holders.clear()
        stored: list[tuple[Prepared, int]] = []
        try:
            for part, vectors in sent:
                while vectors and wait([vectors], _TICK).not_done:
                    progress()
                self._store(part, vectors.result() if vectors else ())
                self.settle()
                stored += [(prepared, len(planned)) for prepared, planned in part.documents]
        finally:
            for _, vectors in sent:
                if vectors:
                    vectors.cancel()
        return stored

    def _send(self) -> None:
        part, self._open = self._open, _Part()
        self._sent.append((part, self._worker.submit(self._embed, part.texts) if part.texts else None))

    def _embed(self, texts: list[str]) -> Vectors:
        before = self.embedded

        def count(done: int) -> None:
            self.embedded += done

        vectors = self._embedder.embed(texts, progress=count)
        self.embedded = before + len(texts)
        return vectors

    def _store(self, part: _Part, vectors: Vectors | tuple[()]) -> None:
        rest = iter(vectors)
        for prepared, planned in part.documents:
            entries = tuple(Entry(plan.chunk, plan.input_hash, None if plan.known else next(rest)) for plan in planned)
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

    def counts(self, total: int) -> ChunkCounts:
        """What the run did; ``total`` chunks are live."""
        return ChunkCounts(total, self.added, total - self.added, self.removed, self.embedded)
