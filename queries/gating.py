"""Whether a sentence is about the topic's subject, and not only about the field that the subject belongs to.

Nearness of vectors ranks "evaluation of language models" high under "synthetic data for language models": most of the words
are the same. So a claim must also *name* the subject, the topic's telling noun phrase, or stand where its surroundings name it
and be as near to the topic as sentences that do. What counts as naming is learnt from the sentences at hand: which word of a
phrase tells it apart (inverse document frequency, Sparck Jones 1972), which other phrases mean the same (nearest vectors),
which letters abbreviate it (Schwartz and Hearst 2003). A corpus that never names the subject is not gated at all.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb.interfaces import Embedder
from kb.text import STOPWORDS, parts_of_speech, words
from queries.labelling import phrases
from queries.stemming import stem

Vector = NDArray[np.float32]

OFF: Final = 0
TOUCHED: Final = 1
ABOUT: Final = 2
WITHIN: Final = 3
"""Levels: nothing names the subject; something near by does or a part of it is named; the sentence is about it; and the
source also speaks about everything else that the topic names."""
ENOUGH: Final = 12
"""Sentences below which lower levels fill up; so a corpus with other words than the topic is still heard."""
_FILLING: Final = 0.44
"""Relevance that what fills up must reach: where even that is rare, the corpus does not speak about the topic."""
_FEW: Final = 3
"""Sentences below which even those are let in that do not name the subject."""
_SAME: Final = 0.68
"""Cosine from which another phrase of the corpus stands for the subject."""
_KIN: Final = 0.59
"""The same for the other phrases of the topic, which a source only has to touch."""
_PART: Final = 0.75
"""The same for a phrase that is only a part of it ('vitamin' of 'vitamin D'): it must mean nearly the whole."""
_SHARE: Final = 0.55
"""Share of a phrase's telling words that names it; the most telling one is always among them."""
_SUBJECT: Final = 0.7
"""Weight of the subject in how plainly a sentence names what the topic is about."""
_TOUCH: Final = 0.4
"""Naming from which a sentence touches the subject."""
_KIND: Final = 0.5
"""Share of a phrase's telling words that names what it is a kind of."""
_COMMON: Final = 0.6
"""Share of the sentences from which a phrase tells nothing, as every other one names it."""
_NEAR: Final = 0.5
"""Quantile: a sentence as near to the subject as this share of those that name it speaks about it in other words."""
_IMPLIED: Final = 0.5
"""Share of the median nearness of the naming sentences that one needs whose surroundings name the subject for it."""
_PHRASES: Final = 500
"""Phrases of the corpus, most frequent first, that are looked at as variants."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the gate reads of a sentence: its words, folded, and those of its surroundings (title, headings, sentence before)."""

    text: str
    said: str
    around: str
    source: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class Concept:
    """A noun phrase of the topic: its parts with their weights (they sum to 1), and the phrases that stand for it."""

    phrase: str
    weights: Mapping[str, float]
    telling: str
    variants: frozenset[str] = frozenset()

    def named(self, said: str) -> bool:
        """Whether the folded text names it: by a variant, or by its most telling word and most of the rest."""
        return any(part in said for part in self.variants) or (self.telling in said and self.share(said) >= _SHARE)

    def touched(self, said: str) -> bool:
        """Whether the folded text speaks of it or of what it is a kind of ('language models', without 'large')."""
        return self.named(said) or self.share(said) >= _KIND

    def share(self, said: str) -> float:
        """How much of the phrase stands in the folded text (0..1)."""
        return sum(weight for part, weight in self.weights.items() if part in said)


@dataclass(frozen=True, slots=True)
class Gate:
    """The concepts of a topic as a corpus names them; ``key`` is its subject. Without one the gate is open.

    ``vector`` is that of the subject; from the cosine ``near`` a sentence speaks about it, from ``implied`` one whose
    surroundings name it.
    """

    key: Concept | None = None
    others: tuple[Concept, ...] = ()
    vector: Vector | None = None
    near: float = 1.0
    implied: float = 1.0

    def about(self, reading: Reading) -> bool:
        """Whether the sentence is about the subject: it names it, or lies near it, the less so where its surroundings name it."""
        if self.key is None or self.vector is None or self.key.named(reading.said):
            return True
        near = float(reading.vector @ self.vector)
        if near >= self.near or (near >= self.implied and self.key.named(reading.around)):
            return True
        return len(self.others) > 1 and sum(concept.named(reading.said) for concept in self.others) > 1

    def naming(self, reading: Reading) -> float:
        """How plainly what the topic is about is named (0..1): most of all the subject, then everything else."""
        if self.key is None:
            return 0.0
        rest = [_named(concept, reading) for concept in self.others]
        subject = _named(self.key, reading)
        return _SUBJECT * subject + (1 - _SUBJECT) * sum(rest) / len(rest) if rest else subject

    def levels(self, readings: Sequence[Reading], covered: Mapping[str, str]) -> list[int]:
        """The level of each sentence; ``covered`` is the folded text of each source, as far as it was read."""
        within = {name for name, text in covered.items() if all(concept.touched(text) for concept in self.others)}
        found: list[int] = []
        for reading in readings:
            if self.about(reading):
                found.append(WITHIN if reading.source in within else ABOUT)
            else:
                found.append(TOUCHED if self.key and _named(self.key, reading) >= _TOUCH else OFF)
        return found


def _named(concept: Concept, reading: Reading) -> float:
    """How plainly a sentence names a concept: itself, by its surroundings, or in part."""
    here = 1.0 if concept.named(reading.said) else 0.8 * concept.share(reading.said)
    return max(here, 0.6 if concept.named(reading.around) else 0.0)


def admitted(
    levels: Sequence[int], relevance: Sequence[float], bar: float, *, floor: int | None = None
) -> tuple[list[bool], int]:
    """Which sentences may become claims, and the level from which all may; ``floor`` is that level, if it is known already.

    Those of the highest level if they are enough, else all that are about the subject. If these are few, the most relevant
    of those that touch it fill up; those that do not name it at all only where next to nothing does.
    """
    least = [bar if level == WITHIN else max(bar, _FILLING) for level in levels]
    able = [at for at, value in enumerate(relevance) if value >= least[at]]
    full = floor if floor is not None else WITHIN if sum(levels[at] == WITHIN for at in able) >= ENOUGH else ABOUT
    chosen = {at for at in able if levels[at] >= full}
    for level, few in ((TOUCHED, ENOUGH), (OFF, _FEW)):
        if floor is None and len(chosen) < few:
            here = sorted((at for at in able if levels[at] == level), key=lambda at: -relevance[at])
            chosen.update(here[: ENOUGH - len(chosen)])
    return [at in chosen for at in range(len(levels))], full


def learn(asked: Sequence[str], readings: Sequence[Reading], embedder: Embedder, *, variants: bool = True) -> Gate:
    """Learn from the sentences how the corpus names the phrases ``asked`` about.

    The subject is the first phrase that some, but not nearly all of the sentences name. Other phrases that stand for it are
    looked for unless ``variants`` is off: that takes as long as embedding a third of the sentences.
    """
    if not asked or not readings:
        return Gate()
    rivals, matrix = _rivals(readings, embedder) if variants else ([], np.zeros((0, embedder.dimension), np.float32))
    vectors = embedder.embed(list(asked))
    near = [dict(zip(rivals, (matrix @ vector).tolist(), strict=True)) for vector in vectors]
    subjects = [_concept(phrase, readings, cosines, _SAME) for phrase, cosines in zip(asked, near, strict=True)]
    shares = [sum(concept.named(reading.said) for reading in readings) / len(readings) for concept in subjects]
    at = next((at for at, share in enumerate(shares) if 0 < share <= _COMMON), int(np.argmax(shares)))
    if shares[at] == 0:
        return Gate()
    others = [_concept(_said_of(asked[n], readings), readings, near[n], _KIN) for n in range(len(asked)) if n != at]
    close = [float(reading.vector @ vectors[at]) for reading in readings if subjects[at].named(reading.said)]
    return Gate(
        subjects[at],
        tuple(others),
        vectors[at],
        near=float(np.quantile(close, _NEAR)),
        implied=_IMPLIED * float(np.median(close)),
    )


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """The stems of a text between blanks, in order; a single letter or figure also joined to the word before ('vitamin d')."""
    tokens = [part for word in words(text) for part in (word.split("-") if "-" in word else (word,)) if part]
    return f" {' '.join(stem(token) for token in tokens)} "


def parts_of(phrase: str) -> list[str]:
    """The parts by which a phrase is known, folded: its words that carry meaning, single letters with the word before."""
    tokens = folded(phrase).split()
    found: list[str] = []
    for token in tokens:
        if len(token) == 1 and found:
            found[-1] = f"{found[-1].rstrip()} {token} "
        elif token not in STOPWORDS:
            found.append(f" {token} ")
    return list(dict.fromkeys(found))


def _concept(phrase: str, readings: Sequence[Reading], cosines: Mapping[str, float], same: float) -> Concept:
    parts = parts_of(phrase) or [folded(phrase)]
    counts = [sum(part in reading.said for reading in readings) for part in parts]
    rarity = [math.log(1 + len(readings) / (1 + count)) for count in counts]
    weights = {part: value / sum(rarity) for part, value in zip(parts, rarity, strict=True)}
    inside = set(folded(phrase).split())
    part = 1.0 if all(word[0].isupper() for word in phrase.split()) else _PART  # a name is not its parts
    variants = {
        folded(name)
        for name, cosine in cosines.items()
        if cosine >= (part if set(folded(name).split()) <= inside else same)
    }
    telling = max(weights, key=lambda part: weights[part])
    return Concept(phrase, weights, telling, frozenset(variants | _abbreviations(phrase, readings)))


def _said_of(phrase: str, readings: Sequence[Reading]) -> str:
    """A phrase without the words that no sentence says: 'large language models' is 'language models' to some corpora."""
    kept = [word for word in phrase.split() if any(folded(word) in reading.said for reading in readings)]
    return " ".join(kept) or phrase


def _abbreviations(phrase: str, readings: Sequence[Reading]) -> set[str]:
    """The letters in brackets that texts put behind the phrase: 'large language models (LLMs)'."""
    inner = r"[\s-]+".join(rf"{re.escape(word)}\w{{0,2}}" for word in phrase.split())
    pattern = re.compile(rf"\b{inner}\s*\((\w{{2,8}})\)", re.IGNORECASE)
    initials = "".join(word[0] for word in phrase.split()).casefold()
    found = {match[1].casefold() for reading in readings for match in pattern.finditer(reading.text)}
    return {folded(short) for short in found if short.removesuffix("s") == initials}


def _rivals(readings: Sequence[Reading], embedder: Embedder) -> tuple[list[str], Vector]:
    """The most frequent noun phrases and adjectives of the sentences, with their vectors."""
    known = parts_of_speech()
    counts: Counter[str] = Counter()
    for reading in readings:
        counts.update(name for name, _ in phrases(reading.text))
        counts.update({word for word in words(reading.text) if len(word) > 6 and "j" in known.get(word, "")})
    names = [name for name, count in counts.most_common(_PHRASES) if count > 1]
    return names, embedder.embed(names) if names else np.zeros((0, embedder.dimension), dtype=np.float32)
