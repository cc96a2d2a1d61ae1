"""The sentences of retrieved passages, ranked against a question or a claim, and turned into citations."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb.catalog import CatalogReader
from kb.interfaces import Embedder
from kb.records import CLAIMABLE, Evidence, Found, Stance
from queries.candidates import Sentence, places_of, sentences_of, stems_of
from queries.topics import content_stems
from queries.wording import claim_text

Vector = NDArray[np.float32]

NEAR, TOLD, COVERED, PLACE = 0.30, 0.30, 0.28, 0.22
"""Weights of a rank: nearness of the sentence, of the sentence under its title, its words, nearness of its passage.

Chosen on CLAP NQ by how often the first sentence is a gold one: 0.72, against 0.68 without the title and 0.70 without the bare
sentence; flat around these values.
"""


_ASKS: Final = re.compile(r"[?？]\W*$")
"""The end of a sentence that asks: it answers nothing and bears nothing out."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence with what speaks for it: cosines (itself, under its title, its passage) and its share of the words."""

    sentence: Sentence
    vector: Vector
    near: float
    told: float
    place: float
    covered: float

    @property
    def score(self) -> float:
        """The weighted sum."""
        return NEAR * self.near + TOLD * self.told + COVERED * self.covered + PLACE * self.place


@dataclass(frozen=True, slots=True)
class Ranking:
    """What was ranked: the sentences, best first; every sentence of the passages; the words that were looked for."""

    ranked: tuple[Ranked, ...]
    listed: tuple[Sentence, ...]
    weights: Mapping[str, float]
    places: tuple[float, ...]
    """Nearness of each source, by its nearest passage, nearest first."""


def rank(
    text: str, found: Sequence[Found], read: CatalogReader, embedder: Embedder, *, limit: int, titled: bool = True
) -> Ranking:
    """Rank the quotable sentences of ``found`` against ``text``, a question or a claim; none that speaks to a machine or asks.

    Only ``limit`` of them are embedded: those that share most words with ``text``, out of the passages nearest to it. Without
    ``titled`` they are not embedded under their titles too, which takes half the time: ``told`` is ``near`` then.
    """
    listed = [sentence for sentence in sentences_of(found, read, CLAIMABLE) if not sentence.under_orders]
    around = {item.chunk.id: stems_of(surroundings(item)) for item in found}
    weights = weights_of(content_stems(text), list(around.values()))
    stored = places_of([item.chunk.id for item in found], read, embedder)
    asked = embedder.embed([text])[0]
    places = {name: float(vector @ asked) for name, vector in stored.items()}
    near_places = _by_source(found, places)
    covered = [_covered(weights, sentence.quote, around[sentence.found.chunk.id]) for sentence in listed]
    promise = [COVERED * c + PLACE * places[s.found.chunk.id] for c, s in zip(covered, listed, strict=True)]
    states = [at for at, sentence in enumerate(listed) if not _ASKS.search(sentence.quote)]
    kept = sorted(states, key=lambda at: (-promise[at], at))[:limit]
    if not kept:
        return Ranking((), tuple(listed), weights, near_places)
    wordings = [claim_text(listed[at].quote) for at in kept]
    told = [f"{listed[at].found.source.title}. {words}" for at, words in zip(kept, wordings, strict=True)]
    vectors = embedder.embed([*wordings, *(told if titled else ())])
    ranked = [
        Ranked(
            listed[at],
            vectors[row],
            float(vectors[row] @ asked),
            float(vectors[len(kept) + row if titled else row] @ asked),
            places[listed[at].found.chunk.id],
            covered[at],
        )
        for row, at in enumerate(kept)
    ]
    ranked.sort(key=lambda item: (-item.score, item.sentence.document.id, item.sentence.start))
    return Ranking(tuple(ranked), tuple(listed), weights, near_places)


def weights_of(stems: Sequence[str], sets: Sequence[frozenset[str]]) -> dict[str, float]:
    """How much each word tells: the fewer of the ``sets`` of words have it, the more."""
    return {s: math.log(1 + (len(sets) + 1) / (1 + sum(s in present for present in sets))) for s in stems}


def share(weights: Mapping[str, float], present: Collection[str]) -> float:
    """The share of the words, by weight, that are ``present``; 0 where there are none."""
    total = sum(weights.values())
    return sum(w for s, w in weights.items() if s in present) / total if total else 0.0


def surroundings(item: Found) -> str:
    """Title, headings and words of a passage."""
    return f"{item.source.title} {' '.join(item.chunk.heading_path)} {item.chunk.text}"


def before(sentence: Sentence, listed: Sequence[Sentence]) -> Sentence | None:
    """The sentence right before ``sentence`` in its passage, with nothing but white space between the two."""
    earlier = [s for s in listed if s.found.chunk.id == sentence.found.chunk.id and s.end <= sentence.start]
    last = max(earlier, key=lambda s: s.end, default=None)
    if last is None or sentence.document.text[last.end : sentence.start].strip():
        return None
    return last


def after(sentence: Sentence, listed: Sequence[Sentence]) -> Sentence | None:
    """The sentence right after ``sentence`` in its passage and paragraph."""
    later = [s for s in listed if s.found.chunk.id == sentence.found.chunk.id and s.start >= sentence.end]
    following = min(later, key=lambda s: s.start, default=None)
    between = sentence.document.text[sentence.end : following.start] if following is not None else ""
    return None if between.strip() or "\n\n" in between else following


def cite(sentence: Sentence, *, start: int = -1, stance: Stance = "for", score: float = 0.0) -> Evidence:
    """The exact words as a citation, from ``start`` (by default the start of the sentence)."""
    return Evidence.of(
        sentence.found.chunk,
        sentence.start if start < 0 else start,
        sentence.end,
        source=sentence.found.source,
        document_sha256=sentence.document.text_sha256,
        stance=stance,
        score=score,
    )


def _by_source(found: Sequence[Found], places: Mapping[str, float]) -> tuple[float, ...]:
    best: dict[str, float] = {}
    for item in found:
        best[item.source.id] = max(places[item.chunk.id], best.get(item.source.id, -1.0))
    return tuple(sorted(best.values(), reverse=True))


def _covered(weights: Mapping[str, float], quote: str, around: frozenset[str]) -> float:
    """Share of the words that the sentence has, or at half weight its surroundings."""
    return 0.5 * share(weights, stems_of(quote)) + 0.5 * share(weights, around)
