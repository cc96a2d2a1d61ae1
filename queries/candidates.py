"""Sentences that could become claims: out of retrieved chunks, with exact offsets, judged for wording and relevance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kb.catalog import CatalogReader
from kb.interfaces import Embedder
from kb.orders import orders
from kb.records import CLAIMABLE, Block, Chunk, Document, Evidence, Found, Source
from kb.text import sentences
from queries.gating import OFF, Gate, Reading, admitted, folded, learn
from queries.stemming import stem
from queries.topics import Plan, content_stems
from queries.wording import claim_text, grade, leans_on_context, refusal

Vector = NDArray[np.float32]

_APPARATUS: Final = re.compile(
    r"^\W*(?:\d[\d.]*\s*)?(?:sources?|references?|bibliography|works cited|further reading|literature|citations?|acknowledge?ments?|"
    r"about the authors?|contact|related (?:articles|posts|links|reading)|see also|external links|licen[cs]e|table of contents|contents|"
    r"endnotes|footnotes|how to cite|citation)\W*$",
    re.IGNORECASE,
)
_SOURCES_LINE: Final = re.compile(
    r"^\W*(?:sources?|references?|further reading|bibliography)\b\s*[:.–—-]", re.IGNORECASE
)
_KINDS: Final = CLAIMABLE - {"quote"}
_FLOOR: Final = 0.34
"""Relevance below which a sentence is off the topic whatever else the corpus holds."""
_SHARE: Final = 0.56
"""A sentence must reach this share of the relevance of the best ones."""

_GATED: Final = 0.9
"""What the gate does not let through counts as at most this share of the bar."""
_BEFORE: Final = 600
"""Characters before a sentence in which the one before it is looked for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence: where it stands, how it reads as a claim, and how much it has to do with the topic (0..1).

    ``vector`` is that of its wording, ``around`` that of its chunk, with title and headings.
    """

    chunk: Chunk
    source: Source
    sha256: str
    start: int
    end: int
    text: str
    vector: Vector
    around: Vector
    relevance: float
    score: float

    def evidence(self, score: float = 0.0) -> Evidence:
        """The exact words as a citation."""
        return Evidence.of(
            self.chunk,
            self.start,
            self.end,
            source=self.source,
            document_sha256=self.sha256,
            score=score or self.relevance,
        )


@dataclass(frozen=True, slots=True)
class Pool:
    """All candidates of a topic, best first; why sentences were refused; each source's best relevance; the chunks read.

    ``gate`` and ``level`` say which sentences count as being about the topic.
    """

    candidates: tuple[Candidate, ...]
    refused: Mapping[str, int]
    best: Mapping[str, float]
    bar: float
    read: frozenset[str] = frozenset()
    gate: Gate = field(default_factory=Gate)
    level: int = OFF

    def plus(self, other: Pool) -> Pool:
        """Both pools as one, under the bar of this one."""
        candidates = sorted((*self.candidates, *other.candidates), key=_by_worth)
        refused = Counter(self.refused) + Counter(other.refused)
        best = {name: max(self.best.get(name, 0.0), other.best.get(name, 0.0)) for name in {*self.best, *other.best}}
        return replace(self, candidates=tuple(candidates), refused=refused, best=best, read=self.read | other.read)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a chunk before any judgement of relevance.

    ``under_orders`` says that it speaks to a machine, or follows such a sentence in its paragraph and is part of that message:
    nothing may rest on it.
    """

    found: Found
    document: Document
    start: int
    end: int
    under_orders: bool = False

    @property
    def quote(self) -> str:
        """The exact words."""
        return self.document.text[self.start : self.end]


def sentences_of(found: Sequence[Found], read: CatalogReader, kinds: frozenset[str] = _KINDS) -> list[Sentence]:
    """The sentences of retrieved chunks that stand in running text (no headings, tables, code)."""
    documents = read.documents({item.chunk.document_id for item in found})
    listed: list[Sentence] = []
    for item in found:
        document = documents[item.chunk.document_id]
        for block in document.blocks:
            start, end = max(block.start, item.chunk.start), min(block.end, item.chunk.end)
            if (
                start < end
                and block.kind in kinds
                and not _is_apparatus(document.text[block.start : block.start + 40], item.chunk)
            ):
                bound = _under_orders_from(document.text, block)
                listed.extend(
                    Sentence(item, document, s, e, e > bound) for s, e in sentences(document.text, start, end)
                )
    return listed


@lru_cache(maxsize=2048)
def _under_orders_from(text: str, block: Block) -> int:
    """Where the first sentence of ``block`` that speaks to a machine starts; the end of the text where none does."""
    spans = sentences(text, block.start, block.end)
    return next((start for start, end in spans if orders(text[start:end])), len(text))


def _is_apparatus(opening: str, chunk: Chunk) -> bool:
    """Whether a block lists sources or thanks instead of saying something: by its section's heading or its first word."""
    heading = chunk.heading_path[-1] if chunk.heading_path else ""
    return bool(_APPARATUS.match(heading) or _SOURCES_LINE.match(opening))


class Reader(Protocol):
    """Which sentences are read, and as what."""

    def choose(self, able: list[Sentence], near: list[float]) -> list[Sentence]:
        """The sentences to embed, given how near the passage of each is to the topic."""
        ...

    def wording(self, sentence: Sentence) -> str:
        """The text that is embedded for a sentence."""
        ...


def gather(
    found: Sequence[Found],
    plan: Plan,
    read: CatalogReader,
    embedder: Embedder,
    *,
    like: Pool | None = None,
    reader: Reader | None = None,
) -> Pool:
    """Judge every sentence of ``found``, or those that ``reader`` chooses, and keep those that can be claims about the topic.

    The relevance that a sentence must reach is a share of what the best ones have, and the gate is learnt from all of them;
    both are taken over from ``like``, where it is given.
    """
    able, refused = _quotable(found, plan, read)
    seen = frozenset(item.chunk.id for item in found)
    places = places_of(list(seen), read, embedder)
    queries = embedder.embed(list(plan.queries))
    if reader is not None:
        able = reader.choose(able, [float(places[sentence.found.chunk.id] @ queries[0]) for sentence in able])
    if not able:
        return Pool((), refused, {}, like.bar if like else _FLOOR, seen, like.gate if like else Gate())
    vectors = embedder.embed([reader.wording(s) if reader else claim_text(s.quote) for s in able])
    readings = [_reading(sentence, vector) for sentence, vector in zip(able, vectors, strict=True)]
    gate = like.gate if like else learn(plan.concepts, readings, embedder, variants=reader is None)
    around = np.stack([places[sentence.found.chunk.id] for sentence in able])
    named = np.array([_naming(s, r, gate, plan) for s, r in zip(able, readings, strict=True)], dtype=np.float32)
    relevance = _relevance(vectors, around, named, queries)
    bar = like.bar if like else max(_FLOOR, _SHARE * float(np.quantile(relevance, 0.97)))
    levels = gate.levels(readings, _covered(found))
    let, level = admitted(levels, relevance.tolist(), bar, floor=like.level if like else None)
    judged = [
        _candidate(sentence, vector, place, float(value) if good else min(float(value), _GATED * bar))
        for sentence, vector, place, value, good in zip(able, vectors, around, relevance, let, strict=True)
    ]
    best: dict[str, float] = {}
    for candidate in judged:
        best[candidate.source.id] = max(candidate.relevance, best.get(candidate.source.id, 0.0))
    kept = sorted((candidate for candidate in judged if candidate.relevance >= bar), key=_by_worth)
    refused["off topic"] += len(judged) - len(kept)
    return Pool(tuple(kept), refused, best, bar, seen, gate, level)


def _quotable(found: Sequence[Found], plan: Plan, read: CatalogReader) -> tuple[list[Sentence], Counter[str]]:
    """The sentences that can stand as claims, whatever about, and how many cannot for which reason."""
    refused: Counter[str] = Counter()
    able: list[Sentence] = []
    for sentence in sentences_of(found, read):
        if sentence.under_orders:
            refused["orders"] += 1
        elif reason := refusal(sentence.quote):
            refused[reason] += 1
        elif leans_on_context(claim_text(sentence.quote), plan.terms | stems_of(sentence.found.source.title), stem):
            refused["dangling"] += 1
        else:
            able.append(sentence)
    return able, refused


def _relevance(vectors: Vector, around: Vector, named: Vector, queries: Vector) -> Vector:
    """Nearness of sentences to the topic: by themselves (their best query), by their surroundings, and by naming it."""
    near = vectors @ queries.T
    itself = 0.4 * near[:, 0] + 0.6 * near.max(axis=1)
    total: Vector = (0.55 * itself + 0.20 * (around @ queries[0]) + 0.25 * named).astype(np.float32)
    return total


def _reading(sentence: Sentence, vector: Vector) -> Reading:
    """What the gate reads of a sentence."""
    item, text = sentence.found, sentence.document.text
    block = next((b for b in sentence.document.blocks if b.start <= sentence.start < b.end), None)
    before = text[max(block.start, sentence.start - _BEFORE) : sentence.start] if block else ""
    last = sentences(before)[-1:] if before.strip() else []
    previous = before[last[0][0] : last[0][1]] if last else ""
    around = " | ".join((item.source.title or "", *item.chunk.heading_path, previous))
    return Reading(sentence.quote, folded(sentence.quote), folded(around), item.source.id, vector)


def _covered(found: Sequence[Found]) -> dict[str, str]:
    """What of each source was read, folded: its title and its retrieved chunks."""
    texts: dict[str, list[str]] = {}
    for item in found:
        texts.setdefault(item.source.id, [folded(item.source.title or "")]).append(folded(item.chunk.text))
    return {name: " ".join(parts) for name, parts in texts.items()}


def _by_worth(candidate: Candidate) -> tuple[float, str, int]:
    return -candidate.score, candidate.source.uri, candidate.start


def _candidate(sentence: Sentence, vector: Vector, around: Vector, relevance: float) -> Candidate:
    text = claim_text(sentence.quote)
    return Candidate(
        sentence.found.chunk,
        sentence.found.source,
        sentence.document.text_sha256,
        sentence.start,
        sentence.end,
        text,
        vector,
        around,
        relevance,
        relevance + grade(text),
    )


def places_of(chunk_ids: Sequence[str], read: CatalogReader, embedder: Embedder) -> dict[str, Vector]:
    """The stored vectors of chunks; zeros for one that has none."""
    ids, vectors = read.vectors(chunk_ids, embedder.fingerprint)
    nothing = np.zeros(embedder.dimension, dtype=np.float32)
    return dict.fromkeys(chunk_ids, nothing) | dict(zip(ids, vectors, strict=True))


def _naming(sentence: Sentence, reading: Reading, gate: Gate, plan: Plan) -> float:
    """How plainly the sentence names what the topic is about (0..1): itself, or by its paragraph, headings and title."""
    inside = stems_of(sentence.quote)
    chunk = sentence.found.chunk
    around = inside | stems_of(f"{sentence.found.source.title} {' '.join(chunk.heading_path)} {chunk.text}")
    words = max(share_of(inside, plan.terms), 0.5 * share_of(around, plan.terms))
    return 0.7 * gate.naming(reading) + 0.3 * min(1.0, 1.6 * words)


def share_of(present: AbstractSet[str], wanted: AbstractSet[str]) -> float:
    """How much of what is wanted is present (0..1); 0 where nothing is wanted."""
    return len(present & wanted) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=4096)
def stems_of(text: str) -> frozenset[str]:
    """The stems of a text's words that carry meaning, remembered."""
    return frozenset(content_stems(text))
