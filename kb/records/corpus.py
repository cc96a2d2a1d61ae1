"""Records of the corpus: Source -> Snapshot -> Document -> Chunk, and what became of each source."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Final, Literal

from kb import ids
from kb.errors import KBError, RecordError

SourceKind = Literal["file", "url", "record"]
BlockKind = Literal["heading", "paragraph", "list_item", "table", "code", "quote", "other"]
OutcomeStatus = Literal["added", "updated", "unchanged", "duplicate", "removed", "failed", "skipped"]

LISTED_TWICE: Final = "listed twice"
"""The reason of an outcome whose address an earlier line of the same listing named already."""
CLAIMABLE: Final[frozenset[str]] = frozenset({"paragraph", "list_item", "quote"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was found. ``id`` is the hash of the normal form of ``uri``; dates are ISO 8601 or empty."""

    id: str
    uri: str
    kind: SourceKind
    title: str = ""
    author: str = ""
    published: str = ""
    external_id: str = ""

    def __post_init__(self) -> None:
        if self.id != ids.source_id(self.uri):
            msg = "the id of a source is the hash of its normal URI"
            raise RecordError(msg, source=self.uri)

    @classmethod
    def at(cls, uri: str, kind: SourceKind, *, title: str = "", external_id: str = "") -> Source:
        """Make the source at ``uri`` (normalised)."""
        uri = ids.normal_uri(uri)
        return cls(ids.source_id(uri), uri, kind, title=title, external_id=external_id)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a source held at one moment; the stored body hashes to ``content_hash`` (SHA-256, hexadecimal)."""

    source_id: str
    content_hash: str
    media_type: str
    fetched_at: str
    etag: str = ""
    last_modified: str = ""
    final_uri: str = ""

    def check(self, body: bytes) -> bytes:
        """Return ``body`` if it is the one this snapshot names, else raise."""
        if ids.sha256_bytes(body) != self.content_hash:
            msg = f"the stored body is not the one that was fetched (SHA-256 differs from {self.content_hash[:12]})"
            raise RecordError(msg, source=self.source_id, remedy="run 'kb doctor --repair' and ingest the source again")
        return body


@dataclass(frozen=True, slots=True)
class Block:
    """A run ``start:end`` of a document's text of one kind; ``level`` is the depth of a heading or list item (1 = top)."""

    start: int
    end: int
    kind: BlockKind
    level: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            msg = f"a block must hold at least one character ({self.start}:{self.end})"
            raise RecordError(msg)


@dataclass(frozen=True, slots=True)
class Section:
    """The run ``start:end`` under one heading; ``heading_path`` leads from the top heading to this one."""

    start: int
    end: int
    heading_path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The run ``start:end`` that stands on page ``number`` (slides and sheets count as pages)."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser makes of one snapshot: one normalised text and the structure over it.

    Blocks are in order, do not overlap, and every character outside all of them is white space.
    """

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    title: str = ""
    author: str = ""
    published: str = ""

    def __post_init__(self) -> None:
        _check_runs(self.text, self.blocks)


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a source's text; ``id`` is the hash of the source id and the text."""

    id: str
    source_id: str
    content_hash: str
    text: str
    blocks: tuple[Block, ...] = ()
    pages: tuple[Page, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        if self.id != ids.document_id(self.source_id, self.text):
            msg = "the id of a document is the hash of its source and text"
            raise RecordError(msg, source=self.source_id)
        _check_runs(self.text, self.blocks)

    @classmethod
    def of(cls, source: Source, content_hash: str, parsed: Parsed) -> Document:
        """Make the document that ``parsed`` gives for ``source``."""
        return cls(
            ids.document_id(source.id, parsed.text),
            source.id,
            content_hash,
            parsed.text,
            parsed.blocks,
            parsed.pages,
            source.title or parsed.title,
        )

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text: the ``document_sha256`` of citations."""
        return ids.sha256_text(self.text)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections, one for each heading, in order; the text before the first heading has an empty path."""
        found: list[Section] = []
        path: list[tuple[int, str]] = []
        start = 0
        for block in self.blocks:
            if block.kind != "heading":
                continue
            if block.start > start:
                found.append(Section(start, block.start, tuple(t for _, t in path)))
            level = block.level or 1
            path = [(depth, title) for depth, title in path if depth < level]
            path.append((level, " ".join(self.text[block.start : block.end].split())))
            start = block.start
        if len(self.text) > start:
            found.append(Section(start, len(self.text), tuple(t for _, t in path)))
        return tuple(found)

    def page_at(self, offset: int) -> int | None:
        """Number of the page that holds ``offset``, or None where the document has no pages."""
        at = bisect_right(self.pages, offset, key=lambda page: page.start) - 1
        return self.pages[at].number if at >= 0 else None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of a document: ``document.text[start:end] == text``; made by :meth:`cut`, which guarantees it."""

    id: str
    document_id: str
    source_id: str
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    occurrence: int = 0

    def __post_init__(self) -> None:
        if not self.text.strip() or len(self.text) != self.end - self.start or self.start < 0:
            msg = f"a chunk must hold the {self.end - self.start} characters that its offsets {self.start}:{self.end} name"
            raise RecordError(msg, source=self.source_id)
        if self.id != ids.chunk_id(self.source_id, self.text, self.occurrence):
            msg = "the id of a chunk is the hash of its source, text and occurrence"
            raise RecordError(msg, source=self.source_id)

    @classmethod
    def cut(
        cls, document: Document, start: int, end: int, *, heading_path: tuple[str, ...] = (), occurrence: int = 0
    ) -> Chunk:
        """Cut ``start:end`` out of ``document``."""
        text = document.text[start:end]
        return cls(
            ids.chunk_id(document.source_id, text, occurrence),
            document.id,
            document.source_id,
            start,
            end,
            text,
            heading_path,
            document.page_at(start),
            occurrence,
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one source gave nothing: the stage, the reason in words, and what to do."""

    stage: str
    reason: str
    remedy: str = ""

    @classmethod
    def of(cls, exc: BaseException) -> Failure:
        """Turn an exception into a failure; a foreign one is named by its type."""
        if isinstance(exc, KBError):
            return cls(exc.stage, exc.message, exc.remedy)
        text = " ".join(str(exc).split())[:300]
        return cls(
            "parse", f"{type(exc).__name__}: {text}" if text else type(exc).__name__, "check that the file opens"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one ingest run did with one source."""

    uri: str
    source_id: str
    status: OutcomeStatus
    chunks: int = 0
    failure: Failure | None = None
    duplicate_of: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if (self.status == "failed") != (self.failure is not None):
            msg = "an outcome has a failure exactly when its status is 'failed'"
            raise RecordError(msg, source=self.uri)


@dataclass(frozen=True, slots=True)
class ChunkCounts:
    """Chunks of one run: live in all, new, kept, removed, and how many went through the model."""

    total: int = 0
    added: int = 0
    kept: int = 0
    removed: int = 0
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class IngestResult:
    """One ingest run: the corpus revision it made and the outcome of every source."""

    revision: int
    outcomes: tuple[Outcome, ...]
    chunks: ChunkCounts
    seconds: float
    notes: tuple[str, ...] = field(default=())

    def count(self, status: OutcomeStatus) -> int:
        """Number of sources with ``status``."""
        return sum(outcome.status == status for outcome in self.outcomes)


def _check_runs(text: str, blocks: tuple[Block, ...]) -> None:
    at = 0
    for block in blocks:
        if block.start < at or block.end > len(text):
            msg = f"block {block.start}:{block.end} overlaps its neighbour or ends after the text"
            raise RecordError(msg)
        if text[at : block.start].strip():
            msg = f"text at {at}:{block.start} is in no block"
            raise RecordError(msg)
        at = block.end
    if blocks and text[at:].strip():
        msg = f"text at {at}:{len(text)} is in no block"
        raise RecordError(msg)
