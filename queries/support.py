"""Which quotes support a sentence: the program looks for them itself and lets the verifier decide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kb.interfaces import Embedder, Verifier
from kb.records import Verdict
from queries.topics import content_stems

_NEAREST: Final = 4
"""Quotes that are judged beside those that the drafter names."""
_NAMED: Final = 6
_JOINED: Final = 3
_MOST: Final = 4
"""Quotes that stand under one sentence at the most."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that may support a sentence; ``place`` (document, offset) orders quotes that are read together."""

    text: str
    place: tuple[str, int] = ("", 0)


@dataclass(frozen=True, slots=True)
class Support:
    """What became of one sentence: the quotes that support it (positions, best first), those against it, the verdict.

    ``together`` says that they support it only when read together. Without ``quotes`` it is unsupported, and the verdict is the
    best that was reached.
    """

    quotes: tuple[int, ...]
    against: tuple[int, ...]
    verdict: Verdict
    together: bool = False


class Supporter:
    """Finds support for sentences among quotes; with an ``embedder`` it looks by meaning as well as by words."""

    def __init__(self, verifier: Verifier, embedder: Embedder | None = None) -> None:
        self._verifier = verifier
        self._embedder = embedder

    def find(self, sentences: Sequence[tuple[str, Sequence[int]]], quotes: Sequence[Quote]) -> list[Support]:
        """For each (sentence, positions of the quotes that its drafter names) the support that is there.

        Each quote is judged alone first; where none is enough, a few are read together, in document order, if each of them
        holds a word of the sentence that the others lack.
        """
        if not sentences:
            return []
        nearest = self._nearest([text for text, _ in sentences], quotes)
        looked_at = [
            tuple(dict.fromkeys((*named[:_NAMED], *near[:_NEAREST])))
            for (_, named), near in zip(sentences, nearest, strict=True)
        ]
        pairs = [(quotes[i].text, text) for (text, _), at in zip(sentences, looked_at, strict=True) for i in at]
        verdicts = iter(self._verifier.judge(pairs))
        alone = [{i: next(verdicts) for i in at} for at in looked_at]
        found = [_alone(judged) for judged in alone]
        weak = [at for at, support in enumerate(found) if not support.quotes]
        groups = [
            (at, group)
            for at in weak
            for group in _groups(sentences[at][1], nearest[at], quotes)
            if _each_adds(sentences[at][0], group, quotes)
        ]
        together = self._verifier.judge([(_join(group, quotes), sentences[at][0]) for at, group in groups])
        for (at, group), verdict in zip(groups, together, strict=True):
            if verdict.label == "supported" and not found[at].quotes:
                found[at] = Support(group, found[at].against, verdict, together=True)
        return found

    def _nearest(self, texts: Sequence[str], quotes: Sequence[Quote]) -> list[list[int]]:
        """For each text the quotes, those most alike first."""
        said = [frozenset(content_stems(quote.text)) for quote in quotes]
        counts: dict[str, int] = {}
        for stems in said:
            for stem in stems:
                counts[stem] = counts.get(stem, 0) + 1
        likeness = np.array([[_shared(frozenset(content_stems(t)), stems, counts) for stems in said] for t in texts])
        likeness = likeness.reshape(len(texts), len(quotes))
        if self._embedder is not None and quotes:
            vectors = self._embedder.embed([*texts, *(quote.text for quote in quotes)])
            likeness = likeness + vectors[: len(texts)] @ vectors[len(texts) :].T
        return [[int(i) for i in np.argsort(-row, kind="stable")] for row in likeness]


def _shared(ours: frozenset[str], theirs: frozenset[str], counts: dict[str, int]) -> float:
    """Share of our words, by rarity among the quotes, that they have too."""
    weights = {stem: 1.0 / math.log(2.0 + counts.get(stem, 0)) for stem in ours}
    total = sum(weights.values())
    return sum(weights[stem] for stem in ours & theirs) / total if total else 0.0


def _alone(judged: dict[int, Verdict]) -> Support:
    """Support by single quotes."""
    for_it = sorted((i for i, v in judged.items() if v.label == "supported"), key=lambda i: -judged[i].score)
    against = tuple(i for i, v in judged.items() if v.label == "contradicted")
    best = max(judged.values(), key=lambda v: (v.label == "supported", v.supported), default=_NOTHING)
    return Support(tuple(for_it[:_MOST]), against, best)


_NOTHING: Final = Verdict("unclear", 0.0, "none", ("there is nothing to judge it by",))


def _groups(named: Sequence[int], near: Sequence[int], quotes: Sequence[Quote]) -> list[tuple[int, ...]]:
    """The quotes to be read together: those the drafter names, then the nearest ones."""
    groups = [tuple(named[:_MOST]), tuple(near[:2]), tuple(near[:_JOINED])]
    ordered = (tuple(sorted(set(group), key=lambda i: quotes[i].place)) for group in groups)
    return [group for group in dict.fromkeys(ordered) if len(group) > 1]


def _each_adds(sentence: str, group: Sequence[int], quotes: Sequence[Quote]) -> bool:
    """Whether each quote holds a word of the sentence that no other one of the group holds: else it is not needed."""
    wanted = frozenset(content_stems(sentence))
    held = [wanted & frozenset(content_stems(quotes[i].text)) for i in group]
    return all(own - frozenset().union(*held[:at], *held[at + 1 :]) for at, own in enumerate(held))


def _join(group: Sequence[int], quotes: Sequence[Quote]) -> str:
    return " ".join(" ".join(quotes[i].text.split()) for i in group)
