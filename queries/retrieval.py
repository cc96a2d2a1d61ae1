"""Retrieval: dense, lexical, and both fused; always through the catalog, so nothing that was removed is ever shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from kb.catalog import CatalogReader, SourceFilter
from kb.interfaces import Embedder, LexicalIndex, Reranker, VectorIndex
from kb.records import Chunk, Found, Hit, Source
from queries.fusion import READ, blend, collapse, reciprocal_rank

if TYPE_CHECKING:
    from kb.interfaces import Vectors

Mode = Literal["hybrid", "dense", "lexical"]
MODES: Final[tuple[Mode, ...]] = ("hybrid", "dense", "lexical")
_DEPTH: Final = 100
"""Hits that each channel gives to the fusion, at least."""
_BATCH: Final = 64
NO_FILTER: Final = SourceFilter()
_Scored = list[tuple[str, float]]
"""Ids with their scores, best first."""


@dataclass(frozen=True, slots=True)
class DocumentHit:
    """A document of a batch run, by the external id of its source (its source id, where it has none)."""

    external_id: str
    rank: int
    score: float


class Retriever:
    """Searches one knowledge base; with a reranker, the best passages are read again beside the query."""

    def __init__(
        self,
        read: CatalogReader,
        *,
        vectors: VectorIndex,
        lexical: LexicalIndex,
        embedder: Embedder,
        reranker: Reranker | None = None,
    ) -> None:
        self._read = read
        self._vectors = vectors
        self._lexical = lexical
        self._reranker = reranker
        self.embedder = embedder

    def search(self, query: str, k: int = 10, *, mode: Mode = "hybrid", where: SourceFilter = NO_FILTER) -> list[Found]:
        """The ``k`` best chunks for ``query``, best first.

        Scores are cosine similarity (dense), BM25 (lexical) or the sum of reciprocal ranks (hybrid); with a reranker, reciprocal
        ranks and reading together (:func:`queries.fusion.blend`); higher is better.
        """
        allowed = self._read.allowed_chunks(where) if where else None
        if allowed is not None and not allowed:
            return []
        vectors = self.embedder.embed([query]) if mode != "lexical" else None
        depth = max(_DEPTH, 3 * k)
        channels = self._channels(query, vectors, depth, mode, allowed)
        if self._reranker is None:
            return self._found(_ranked(channels), k, mode)
        found = self._found(_fused(channels), max(k, READ), mode)
        readings = self._reranker.score(query, [_passage(item.chunk, item.source) for item in found[:READ]])
        blended = blend([(item, item.hit.score) for item in found], readings)
        return [
            Found(Hit(item.chunk.id, mode, rank, score), item.chunk, item.source)
            for rank, (item, score) in enumerate(blended[:k], start=1)
        ]

    def related(self, queries: Sequence[str], k: int) -> list[list[Found]]:
        """Hybrid search for several queries at once."""
        vectors = self.embedder.embed(list(queries))
        read = (
            self._channels(query, vectors[at : at + 1], max(_DEPTH, k), "hybrid", None)
            for at, query in enumerate(queries)
        )
        return [self._found(_fused(channels), k, "hybrid") for channels in read]

    def run(
        self, queries: Mapping[str, str], k: int, *, mode: Mode = "hybrid"
    ) -> Iterator[tuple[str, list[DocumentHit]]]:
        """Rank documents for many queries: each channel ranks documents by their best chunk, then the ranks are fused.

        An exact duplicate ranks beside its original: leaving it out would be an error of the run, not of the corpus.
        """
        names = list(queries)
        for at in range(0, len(names), _BATCH):
            part = names[at : at + _BATCH]
            vectors = self.embedder.embed([queries[name] for name in part]) if mode != "lexical" else None
            for row, name in enumerate(part):
                one = vectors[row : row + 1] if vectors is not None else None
                yield name, self._documents(queries[name], one, k, mode)

    def _documents(self, query: str, vector: Vectors | None, k: int, mode: Mode) -> list[DocumentHit]:
        channels = self._channels(query, vector, max(3 * k, _DEPTH), mode, None)
        chunks = self._read.chunks({item for channel in channels for item, _ in channel})
        rankings = [
            collapse((chunks[item].source_id, score) for item, score in channel if item in chunks)
            for channel in channels
        ]
        if self._reranker is None:
            return self._numbered(_ranked(rankings)[:k], k)
        fused = _fused(rankings)
        read = [source for source, _ in fused[:READ]]
        best = dict(collapse((chunks[i].source_id, chunks[i]) for c in channels for i, _ in c if i in chunks))
        sources = self._read.sources(read)
        passages = [_passage(best[source], sources[source]) for source in read]
        return self._numbered(blend(fused, self._reranker.score(query, passages))[:k], k)

    def _numbered(self, ranked: Sequence[tuple[str, float]], k: int) -> list[DocumentHit]:
        names = [source for source, _ in ranked]
        sources = self._read.sources(names)
        copies = self._read.duplicates_of(names)
        hits: list[DocumentHit] = []
        for name, score in ranked:
            for source in (sources[name], *copies.get(name, ())):
                hits.append(DocumentHit(source.external_id or source.id, len(hits) + 1, score))
        return hits[:k]

    def _channels(
        self, query: str, vectors: Vectors | None, depth: int, mode: Mode, allowed: frozenset[str] | None
    ) -> list[_Scored]:
        channels: list[_Scored] = []
        if mode != "lexical" and vectors is not None:
            hits = self._vectors.query(vectors, depth, allowed=allowed)[0]
            channels.append([(hit.chunk_id, hit.score) for hit in hits])
        if mode != "dense":
            channels.append([(hit.chunk_id, hit.score) for hit in self._lexical.query(query, depth, allowed=allowed)])
        return channels

    def _found(self, ranked: Sequence[tuple[str, float]], k: int, mode: Mode) -> list[Found]:
        chunks = self._read.chunks(item for item, _ in ranked[: 2 * k + 50])
        live = [(item, score) for item, score in ranked if item in chunks][:k]
        sources = self._read.sources(chunks[item].source_id for item, _ in live)
        return [
            Found(Hit(item, mode, rank, score), chunks[item], sources[chunks[item].source_id])
            for rank, (item, score) in enumerate(live, start=1)
        ]


def _ranked(channels: Sequence[_Scored]) -> _Scored:
    """One ranking of all channels; a single one keeps its own scores."""
    return channels[0] if len(channels) == 1 else _fused(channels)


def _fused(channels: Sequence[_Scored]) -> _Scored:
    return reciprocal_rank([name for name, _ in channel] for channel in channels)


def _passage(chunk: Chunk, source: Source) -> str:
    """What a reranker reads."""
    return f"{source.title}. {chunk.text}"


def once_each(rankings: Iterable[Sequence[Found]]) -> list[Found]:
    """The chunks of several rankings, each once at the best rank it has in any, best first."""
    best: dict[str, Found] = {}
    for ranking in rankings:
        for item in ranking:
            kept = best.get(item.chunk.id)
            if kept is None or item.hit.rank < kept.hit.rank:
                best[item.chunk.id] = item
    return sorted(best.values(), key=lambda item: (item.hit.rank, item.chunk.id))
