"""Which way a sentence says that things go: who has more than whom, what came before what, what rose and what fell.

'A is larger than B' and 'B is smaller than A' say the same, 'B is larger than A' the opposite; a model of this size takes all
three for the same words. Here each is read as a relation of two sides with a scale and a sign, and two relations are compared:
sides in place or crossed, signs alike or opposed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kb.backends._deeds import deeds
from kb.backends._direction_words import (
    AMOUNT,
    AS_MUCH,
    BESIDE,
    CAUSE,
    CLAUSE,
    COUNTING,
    DOWN,
    EXCEEDS,
    KINDS,
    MUCH,
    NOT,
    ORDER,
    PLACES,
    PLAINER,
    SAID,
    SCALES,
    SENTENCE_END,
    TELLING,
    THAN,
    THAN_BEFORE,
    TIME,
    UP,
)
from kb.backends._figures import compare_figures
from kb.backends._relations import (
    SHARED,
    Compared,
    Relation,
    around,
    behind,
    first,
    relation,
    sides_of,
    stems_of,
)
from kb.backends.memory_lexical import analyse

_PRICE: Final = stems_of("price")


def compare(quote: str, claim: str) -> Compared | None:
    """What ``claim`` says of a relation held against what ``quote`` says of it; None where they share none, or not surely.

    A relation that differs counts before one that agrees.
    """
    parts = SENTENCE_END.split(" ".join(quote.split()))
    wanted = set(analyse(claim))
    parts.sort(key=lambda part: -len(wanted & set(analyse(part))))
    found = [first(reader, parts, claim) for reader in (_comparisons, _orders, _causes)]
    found += [deeds(parts, claim), _trends(parts, claim), compare_figures(_comparisons(claim), parts, claim)]
    met = [one for one in found if one is not None]
    return next((one for one in met if not one.alike), met[0] if met else None)


@lru_cache(maxsize=256)
def _comparisons(text: str) -> tuple[Relation, ...]:
    for pattern, word in PLAINER:
        text = pattern.sub(word, text)
    beside = BESIDE.match(text)
    found: list[Relation] = []
    for match in THAN.finditer(text):
        word = match["word"].lower()
        if not text[match.end() :].lstrip()[:1].isdigit():
            sign, scale = SCALES[word]
            found += relation(scale, sign, around(text, match), word, match["between"])
    for match in EXCEEDS.finditer(text):
        sign = (1 if match["more"] else -1) * (-1 if match["by"] else 1)
        found += relation(AMOUNT, sign, around(text, match), match.group())
    for match in AS_MUCH.finditer(text):
        sign = -1 if match["less"] else 1
        found += relation(
            MUCH.get(match["much"].lower(), AMOUNT), sign, around(text, match), match.group(), match["between"]
        )
    if found:
        return tuple(found)
    rest = text[beside.end() :] if beside else text
    words = (m for m in re.finditer(r"[a-z]{4,}", rest.lower()) if m.group() not in PLACES)
    single = [m for m in words if SCALES.get(m.group(), (0, TIME))[1] != TIME]
    if beside or len(single) == 1:
        for match in single:
            sign, scale = SCALES[match.group()]
            after = behind(rest[match.end() :])
            measure = " ".join(after.split()[:2]) if match.group() in COUNTING else ""
            sides = f"{rest[: match.start()]} {after}", beside["other"] if beside else ""
            found += relation(scale, sign, sides, match.group(), measure)
    return tuple(found)


@lru_cache(maxsize=256)
def _orders(text: str) -> tuple[Relation, ...]:
    """What comes before what."""
    found: list[Relation] = []
    for match in ORDER.finditer(text):
        left, right = text[: match.start()], text[match.end() :]
        denied = match["until"] is not None and NOT.search(left) is not None
        is_first = match["before"] or match["then"] or (match["until"] and not denied)
        sides = sides_of(left, right)
        if sides is not None:
            if denied:
                sides = NOT.sub(" ", sides[0]), sides[1]
            found += relation(TIME, 1 if is_first else -1, sides, match.group())
    for match in THAN.finditer(text):
        if match["word"].lower() in {"earlier", "sooner", "later"}:
            sign = -1 if match["word"].lower() == "later" else 1
            found += relation(TIME, sign, around(text, match), match["word"], match["between"])
    return tuple(found)


@lru_cache(maxsize=256)
def _causes(text: str) -> tuple[Relation, ...]:
    """What brings about what."""
    found: list[Relation] = []
    for match in CAUSE.finditer(text):
        sides = sides_of(text[: match.start()], text[match.end() :])
        if sides is not None:
            found += relation("cause", 1 if match["leads"] else -1, sides, match.group())
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Trend:
    sign: int
    kind: str
    word: str
    stems: frozenset[str]


def _trends(parts: list[str], claim: str) -> Compared | None:
    """What rises in the claim beside what the quote's clause about the same says of it.

    A trend word that both say (as in 'larger batches') is no trend where the claim has another.
    """
    claim = _bare(claim)
    common = _trend_words(claim) & frozenset(word for part in parts for word in _trend_words(part))
    shared = common if _trend_words(claim) - common else frozenset[str]()
    listed = [trend for clause in CLAUSE.split(claim) if (trend := _trend(clause, shared)) is not None]
    if len(listed) != 1:
        return None
    ours = listed[0]
    near: list[tuple[float, _Trend]] = []
    for part in parts:
        for clause in CLAUSE.split(_bare(part)):
            theirs = _trend(clause, shared)
            if theirs is not None and _commensurable(theirs.kind, ours.kind):
                near.append((len(ours.stems & theirs.stems) / max(1, len(ours.stems)), theirs))
    most = max((share for share, _ in near), default=0.0)
    best = [trend for share, trend in near if share == most]
    if most < SHARED or len({trend.sign for trend in best}) > 1:
        return None
    return Compared(best[0].sign == ours.sign, crossed=False, quote_word=best[0].word, claim_word=ours.word)


def _bare(text: str) -> str:
    """``text`` without who says it, and without what a thing is compared with where that is the same thing before."""
    return THAN_BEFORE.sub("", SAID.sub("", text))


def _trend_words(text: str) -> frozenset[str]:
    return frozenset(match.group().lower() for pattern in (UP, DOWN) for match in pattern.finditer(text))


def _commensurable(left: str, right: str) -> bool:
    return left == right or (AMOUNT in {left, right} and bool({left, right} & TELLING))


@lru_cache(maxsize=512)
def _trend(clause: str, shared: frozenset[str]) -> _Trend | None:
    """The one trend of a clause but for ``shared`` words; None where it has none, several, or a denied one."""
    if THAN.search(clause) or EXCEEDS.search(clause) or NOT.search(clause):
        return None
    found = [(sign, m) for sign, pattern in ((1, UP), (-1, DOWN)) for m in pattern.finditer(clause)]
    found = [(sign, m) for sign, m in found if m.group().lower() not in shared]
    if len(found) != 1:
        return None
    sign, match = found[0]
    word = match.group().lower()
    kind = next((kind for start, kind in KINDS.items() if word.startswith(start)), AMOUNT)
    stems = stems_of(f"{clause[: match.start()]} {clause[match.end() :]}")
    if kind == "cost":
        kind, stems = AMOUNT, stems | _PRICE
    return _Trend(sign, kind, word, stems) if stems else None
