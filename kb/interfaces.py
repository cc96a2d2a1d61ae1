"""The seams of kb: ten protocols, each with a light reference implementation that ships with it.

Constructors are cheap; models and indexes open on first use. Implementations translate foreign exceptions into
:mod:`kb.errors`. Each protocol has one conformance class in ``tests/contracts/`` that every implementation subclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kb.records import Chunk, Document, Failure, Parsed, Usage, Verdict

    Vectors = NDArray[np.float32]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The body of one source as it was served. ``not_modified`` answers a conditional request: the body is empty then."""

    uri: str
    body: bytes
    media_type: str
    final_uri: str = ""
    etag: str = ""
    last_modified: str = ""
    not_modified: bool = False


@runtime_checkable
class Fetcher(Protocol):
    """Reads the bytes behind a URI."""

    schemes: frozenset[str]

    def fetch(self, uri: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """Return the body at ``uri``; with validators, possibly ``not_modified``.

        Raises:
            FetchError: it cannot be read, is too large or its address is not allowed.
        """
        ...


@runtime_checkable
class Parser(Protocol):
    """Turns the bytes of one document into one normalised text with structure."""

    name: str
    version: str
    media_types: frozenset[str]

    def parse(self, body: bytes, *, media_type: str, uri: str) -> Parsed:
        """Return the text and structure of ``body``; ``uri`` serves titles and messages only, it is never opened.

        Raises:
            ParseError: there is no text to be had (encrypted, empty, malformed).
        """
        ...


@runtime_checkable
class Chunker(Protocol):
    """Cuts a document into chunks."""

    fingerprint: str

    def chunk(self, document: Document) -> tuple[Chunk, ...]:
        """Return chunks in order that do not overlap and cover every block of the document."""
        ...


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into unit vectors, float32 of shape (n, dimension)."""

    @property
    def fingerprint(self) -> str:
        """Names the space: model, weights, pooling. Vectors of different fingerprints are never compared."""
        ...

    @property
    def dimension(self) -> int:
        """Components of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """Tokens that count; what follows is cut off."""
        ...

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """Return one unit vector for each text, in order; ``progress`` is called with how many more are done."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Number of tokens of each text in this model's vocabulary, without special tokens, not cut off."""
        ...


@dataclass(frozen=True, slots=True)
class Scored:
    """A chunk id with a score of which higher is better."""

    chunk_id: str
    score: float


@runtime_checkable
class VectorIndex(Protocol):
    """Nearest neighbours by cosine similarity (score in -1..1)."""

    def upsert(self, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        """Add or replace, in place; any batch size."""
        ...

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove; ids that are not there are no error."""
        ...

    def query(self, vectors: Vectors, k: int, *, allowed: frozenset[str] | None = None) -> list[list[Scored]]:
        """For each query vector the ``k`` most similar chunks, best first; only ``allowed`` chunk ids, where given."""
        ...

    def ids(self) -> set[str]:
        """Every chunk id in the index."""
        ...

    def clear(self) -> None:
        """Remove everything."""
        ...

    def close(self) -> None:
        """Release files and memory."""
        ...


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """What the lexical index stores of a chunk: its words, and the title and headings it stands under."""

    chunk_id: str
    text: str
    title: str = ""
    heading: str = ""


@runtime_checkable
class LexicalIndex(Protocol):
    """Best matches by BM25 over English-stemmed words (a query is a bag of words, never a syntax)."""

    def upsert(self, entries: Sequence[LexicalEntry]) -> None:
        """Add or replace."""
        ...

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove; ids that are not there are no error."""
        ...

    def query(self, text: str, k: int, *, allowed: frozenset[str] | None = None) -> list[Scored]:
        """The ``k`` best matches, best first, each with a score above 0; only ``allowed`` chunk ids, where given."""
        ...

    def ids(self) -> set[str]:
        """Every chunk id in the index."""
        ...

    def clear(self) -> None:
        """Remove everything."""
        ...

    def close(self) -> None:
        """Release files and memory."""
        ...


@runtime_checkable
class Reranker(Protocol):
    """Scores passages against a query, both read together."""

    name: str

    def score(self, query: str, passages: Sequence[str]) -> list[float]:
        """One score for each passage, higher is better."""
        ...


@runtime_checkable
class LanguageModel(Protocol):
    """Writes text."""

    name: str
    concurrency: int
    """How many calls it takes at once."""

    @property
    def usage(self) -> Usage:
        """What was asked of it so far."""
        ...

    def complete(
        self,
        prompt: str,
        *,
        system: str = "",
        max_tokens: int = 512,
        schema: Mapping[str, Any] | None = None,
        label: str = "",
    ) -> str:
        """Return the model's answer.

        Args:
            prompt: what is asked.
            system: how to answer.
            max_tokens: length at which the answer breaks off.
            schema: a JSON Schema that the answer is held to where the model can be held to one; elsewhere it is ignored, so
                the answer must be checked all the same.
            label: names the prompt in a trace.

        Raises:
            ModelError: it did not answer; an empty answer is an error, never a result.
        """
        ...


@runtime_checkable
class Verifier(Protocol):
    """Judges whether a quote supports a claim."""

    name: str

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """One verdict for each pair of (quote, claim)."""
        ...


@dataclass(frozen=True, slots=True)
class Attempt(Generic[R]):
    """What one piece of work gave: a value, or the failure that took its place."""

    value: R | None
    failure: Failure | None = None


@runtime_checkable
class Executor(Protocol):
    """Runs a function over items; the one place where any exception of one item becomes a Failure."""

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[Attempt[R]]:
        """Yield one attempt for each item, in the order of ``items``; a failed item never stops the rest."""
        ...

    def close(self) -> None:
        """Stop workers, if there are any."""
        ...
