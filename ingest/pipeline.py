"""One ingest run: list -> fetch -> recognise -> parse -> chunk -> embed -> store; every source ends in one Outcome."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ingest.expand import Listed
from ingest.storing import Batch, Prepared
from kb.backends.parsing import ParseTask, parse_task
from kb.catalog import Catalog, SourceState, now
from kb.errors import KBError
from kb.ids import sha256_bytes
from kb.interfaces import Chunker, Embedder, Executor, Fetched, Fetcher
from kb.records import Document, Failure, IngestResult, Outcome, Parsed, Snapshot, Source

_READING: Final = "reading-2"
"""Raise when a parser changes what it makes of the same bytes: every source is then read again from its snapshot."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run has done so far: sources listed and finished, chunks through the model."""

    listed: int
    finished: int
    embedded: int
    uri: str


@dataclass(frozen=True, slots=True)
class Tools:
    """The parts a run is made of."""

    fetchers: Mapping[str, Fetcher]
    files: Executor
    inline: Executor
    chunker: Chunker
    embedder: Embedder

    @property
    def pipeline(self) -> str:
        """Names how a document is made from bytes: another name means that it must be made again."""
        return f"{_READING}|{self.chunker.fingerprint}|{self.embedder.fingerprint}"


@dataclass(frozen=True, slots=True)
class _Task:
    """A source whose body must be read."""

    source: Source
    snapshot: Snapshot
    body: bytes
    reason: str = ""


class Run:
    """One run over a catalog. The caller holds the writer lock."""

    def __init__(
        self,
        catalog: Catalog,
        tools: Tools,
        settle: Callable[[], None],
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._catalog = catalog
        self._tools = tools
        self._progress = progress
        self._started = time.monotonic()
        self._revision = catalog.write.begin_run()
        self._states = catalog.read.light_states()
        self._chunks = catalog.read.chunk_counts()
        self._outcomes: dict[str, Outcome] = {}
        self._deferred: list[_Task] = []
        self._queued: dict[str, str] = {}
        self._batch = Batch(catalog, tools.chunker, tools.embedder, tools.pipeline, self._revision, settle)
        self._notes: list[str] = []
        self._listed = 0

    def ingest(self, listing: Iterable[Listed | Outcome], *, prune: bool = False) -> IngestResult:
        """Bring the catalog up to ``listing``; with ``prune`` remove what is not listed."""
        self._read(self._changed(listing))
        self._read(self._undeferred())
        if prune:
            self._prune()
        return self._finish()

    def remove(self, sources: Iterable[Source]) -> IngestResult:
        """Take sources out."""
        for source in sources:
            self._remove(source)
        return self._finish()

    # -- recognising -------------------------------------------------------------------------------------------------

    def _changed(self, listing: Iterable[Listed | Outcome]) -> Iterator[_Task]:
        """Yield what must be read; everything else gets its outcome here."""
        for item in listing:
            self._listed += 1
            if isinstance(item, Outcome):
                self._note_listing(item)
                continue
            if item.source.id in self._outcomes:
                continue
            task = self._fetch(item)
            if task is None:
                continue
            if task.snapshot.content_hash in self._queued and item.source.kind != "record":
                self._deferred.append(task)
                continue
            self._queued[task.snapshot.content_hash] = task.source.id
            yield task

    def _note_listing(self, outcome: Outcome) -> None:
        """Keep an outcome that the listing itself gave (skipped, listed twice, not there)."""
        key = outcome.source_id
        if key in self._outcomes or not key:
            key = f"{outcome.uri}#{self._listed}"
        self._outcomes[key] = outcome
        if outcome.failure and outcome.source_id and outcome.source_id not in self._states:
            kind = "url" if outcome.uri.startswith("http") else "file"
            self._catalog.write.store_failure(Source.at(outcome.uri, kind), outcome.failure, self._revision)  # type: ignore[arg-type]

    def _fetch(self, item: Listed) -> _Task | None:
        state = self._states.get(item.source.id)
        try:
            fetched = self._body(item, state)
        except KBError as exc:
            self._fail(item.source, Failure.of(exc))
            return None
        content_hash = state.content_hash if state and fetched.not_modified else sha256_bytes(fetched.body)
        if state and self._is_unchanged(item.source, content_hash, state):
            if not fetched.not_modified and not self._catalog.snapshots.holds(content_hash):
                self._catalog.snapshots.put(fetched.body)  # it was lost, and here it is again
            self._outcomes[item.source.id] = self._unchanged(state)
            self._tell(item.source.uri)
            return None
        body = self._catalog.snapshots.get(content_hash) if fetched.not_modified else fetched.body
        snapshot = Snapshot(
            item.source.id,
            content_hash,
            fetched.media_type,
            now(),
            fetched.etag,
            fetched.last_modified,
            fetched.final_uri,
        )
        return _Task(item.source, snapshot, body)

    def _body(self, item: Listed, state: SourceState | None) -> Fetched:
        if item.body is not None:
            return Fetched(item.source.uri, item.body, item.media_type)
        fetcher = self._tools.fetchers[item.source.uri.partition(":")[0]]
        known = self._catalog.read.snapshot(item.source.id) if state and item.source.kind == "url" else None
        if known is None or (state and state.status not in {"indexed", "duplicate"}):
            return fetcher.fetch(item.source.uri)
        if not self._catalog.snapshots.holds(known.content_hash):
            return fetcher.fetch(item.source.uri)  # 'not modified' would leave us without a body
        return fetcher.fetch(item.source.uri, etag=known.etag, last_modified=known.last_modified)

    def _is_unchanged(self, source: Source, content_hash: str, state: SourceState) -> bool:
        """Whether the catalog holds just this; a record's title, author and date count as well as its text."""
        same = state.content_hash == content_hash and state.pipeline == self._tools.pipeline
        if source.kind == "record":
            same = same and (source.title, source.author, source.published) == (
                state.source.title,
                state.source.author,
                state.source.published,
            )
        return same and state.status in {"indexed", "duplicate"}

    def _unchanged(self, state: SourceState) -> Outcome:
        if state.reason:
            self._catalog.write.touch(state.source.id)
        status = "duplicate" if state.status == "duplicate" else "unchanged"
        chunks = self._chunks.get(state.source.id, 0)
        return Outcome(state.source.uri, state.source.id, status, chunks, duplicate_of=state.duplicate_of)  # type: ignore[arg-type]

    def _undeferred(self) -> Iterator[_Task]:
        """The sources that had the same bytes as one read earlier in this run."""
        yield from self._deferred
        self._deferred = []

    # -- reading -----------------------------------------------------------------------------------------------------

    def _read(self, tasks: Iterable[_Task]) -> None:
        """Parse, chunk, embed and store ``tasks``."""
        waiting: deque[_Task] = deque()

        def feed() -> Iterator[ParseTask]:
            for task in tasks:
                if self._is_copy(task):
                    continue
                if task.source.kind == "record":
                    attempt = next(iter(self._tools.inline.map(parse_task, [_parse_task(task)])))
                    self._take(task, attempt.value, attempt.failure)
                    continue
                waiting.append(task)
                yield _parse_task(task)

        for attempt in self._tools.files.map(parse_task, feed()):
            self._take(waiting.popleft(), attempt.value, attempt.failure)
        self._flush()

    def _is_copy(self, task: _Task) -> bool:
        """Record a source with the very bytes of an indexed one, without reading it."""
        if task.source.kind == "record":
            return False
        original = self._catalog.read.original_of(task.snapshot.content_hash, but=task.source.id)
        if original is None or original.pipeline != self._tools.pipeline:
            return False
        self._duplicate(task, original.source.id, original.text_sha256)
        return True

    def _take(self, task: _Task, parsed: Parsed | None, failure: Failure | None) -> None:
        if parsed is None:
            self._fail(task.source, failure or Failure("parse", "the parser gave nothing"))
            return
        self._catalog.snapshots.put(task.body)
        source = replace(
            task.source,
            title=task.source.title or parsed.title,
            author=task.source.author or parsed.author,
            published=task.source.published or parsed.published,
        )
        document = Document.of(source, task.snapshot.content_hash, parsed)
        task = replace(task, source=source)
        original = self._batch.holder_of(document) or self._catalog.read.original_of_text(
            document.text_sha256, but=source.id
        )
        if original:
            self._flush()
            self._duplicate(task, original, document.text_sha256)
            return
        self._batch.add(Prepared(source, task.snapshot, document, task.reason))
        if self._batch.full:
            self._flush()

    def _flush(self) -> None:
        for prepared, chunks in self._batch.flush(lambda: self._tell("")):
            state = self._states.get(prepared.source.id)
            known = state is not None and state.status in {"indexed", "duplicate"}
            status = "updated" if known else "added"
            self._outcomes[prepared.source.id] = Outcome(
                prepared.source.uri,
                prepared.source.id,
                status,  # type: ignore[arg-type]
                chunks,
                reason=prepared.reason,
            )
            self._tell(prepared.source.uri)

    def _duplicate(self, task: _Task, original: str, text_sha256: str) -> None:
        self._catalog.snapshots.put(task.body)
        self._batch.removed += self._catalog.write.store_duplicate(
            task.source,
            task.snapshot,
            original,
            text_sha256=text_sha256,
            pipeline=self._tools.pipeline,
            revision=self._revision,
        )
        self._outcomes[task.source.id] = Outcome(
            task.source.uri, task.source.id, "duplicate", reason="the same words", duplicate_of=original
        )
        self._tell(task.source.uri)

    def _fail(self, source: Source, failure: Failure) -> None:
        self._catalog.write.store_failure(source, failure, self._revision)
        self._outcomes[source.id] = Outcome(source.uri, source.id, "failed", failure=failure)
        self._tell(source.uri)

    # -- leaving -----------------------------------------------------------------------------------------------------

    def _prune(self) -> None:
        """Remove what was not listed; what may stand where the listing could not look is left alone."""
        unread = [o.uri.partition("#")[0] for o in self._outcomes.values() if o.failure and o.failure.stage == "list"]
        listed = {outcome.source_id for outcome in self._outcomes.values()}
        spared = 0
        for state in self._states.values():
            if state.status == "removed" or state.source.id in listed:
                continue
            if any(_is_inside(state.source.uri, place) for place in unread):
                spared += 1
            else:
                self._remove(state.source)
        if spared:
            self._notes.append(f"{spared} sources were not pruned: where they were listed could not be read")

    def _remove(self, source: Source) -> None:
        self._batch.removed += self._catalog.write.remove(source.id, self._revision)
        self._outcomes[source.id] = Outcome(source.uri, source.id, "removed")
        self._tell(source.uri)

    def _orphans(self) -> Iterator[_Task]:
        """Duplicates whose original is gone or says something else now: they are read from their snapshots."""
        for state in self._catalog.read.orphaned_duplicates():
            snapshot = self._catalog.read.snapshot(state.source.id)
            if snapshot is None:
                continue
            try:
                body = snapshot.check(self._catalog.snapshots.get(snapshot.content_hash))
            except KBError as exc:
                self._catalog.write.remove(state.source.id, self._revision)  # so that the next run reads it afresh
                self._fail(state.source, Failure.of(exc))
                continue
            yield _Task(state.source, snapshot, body, "its original is gone")

    def _finish(self) -> IngestResult:
        self._read(self._orphans())
        wanted = self._catalog.read.snapshot_hashes()
        removed = any(o.status in {"removed", "updated"} for o in self._outcomes.values())
        if removed:
            self._catalog.snapshots.sweep(wanted)
        self._batch.settle()
        result = IngestResult(
            self._revision,
            tuple(self._outcomes.values()),
            self._batch.counts(len(self._catalog.read.live_chunk_ids())),
            round(time.monotonic() - self._started, 3),
            tuple(self._notes),
        )
        statuses = ("added", "updated", "unchanged", "duplicate", "removed", "failed", "skipped")
        self._catalog.write.finish_run(self._revision, {status: result.count(status) for status in statuses})  # type: ignore[arg-type]
        return result

    def _tell(self, uri: str) -> None:
        if self._progress:
            self._progress(Progress(self._listed, len(self._outcomes), self._batch.embedded, uri))


def _is_inside(uri: str, place: str) -> bool:
    """Whether ``uri`` is ``place`` or lies in the folder or container at ``place``."""
    return uri == place or uri.startswith((f"{place.rstrip('/')}/", f"{place}#"))


def _parse_task(task: _Task) -> ParseTask:
    return ParseTask(task.body, task.snapshot.media_type, task.snapshot.final_uri or task.source.uri)
