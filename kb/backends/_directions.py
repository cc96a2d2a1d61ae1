"""Which way a sentence says that things go: who has more than whom, what came before what, what rose and what fell.

'A is larger than B' and 'B is smaller than A' say the same, 'B is larger than A' the opposite; a model of this size takes all
three for the same words. Here each is read as a relation of two sides with a scale and a sign, and two relations are compared:
sides in place or crossed, signs alike or opposed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kb.backends._direction_words import (
    AMOUNT,
    BESIDE,
    CAUSE,
    CLAUSE,
    COUNTING,
    DOWN,
    EARLIER,
    EXCEEDS,
    IDLE,
    KINDS,
    NOT,
    ORDER,
    PLACES,
    SAID,
    SCALES,
    SENTENCE_END,
    TELLING,
    THAN,
    TIME,
    UP,
)
from kb.backends.memory_lexical import analyse

_SIDE: Final = 2
_SHARED: Final = 0.6
"""Share of a trend's other words that must stand in the clause it is compared with."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Two sides, by their stems, and which one has more of the scale: the left one where ``sign`` is 1."""

    scale: str
    sign: int
    left: frozenset[str]
    right: frozenset[str]
    word: str
    measure: frozenset[str] = frozenset()
    """What is compared, where it stands between the words of the comparison: 'fewer visitors than'."""

    once: bool = False
    """Whether the right side is the left one at an earlier time ('than it used to be')."""

    @property
    def own_left(self) -> frozenset[str]:
        """What only the left side holds."""
        return self.left - self.right

    @property
    def own_right(self) -> frozenset[str]:
        """What only the right side holds."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Compared:
    """What two sentences say of the same relation: ``alike`` or not, by which words, and whether sides were ``crossed``."""

    alike: bool
    crossed: bool
    quote_word: str
    claim_word: str

    @property
    def turned(self) -> bool:
        """Whether sides and signs are both the other way round, which says the same."""
        return self.alike and self.crossed


def compare(quote: str, claim: str) -> Compared | None:
    """What ``claim`` says of a relation held against what ``quote`` says of it; None where they share none, or not surely.

    A relation that differs counts before one that agrees.
    """
    parts = SENTENCE_END.split(" ".join(quote.split()))
    wanted = set(analyse(claim))
    parts.sort(key=lambda part: -len(wanted & set(analyse(part))))
    found = [_first(reader, parts, claim) for reader in (_comparisons, _orders, _causes)]
    found.append(_trends(parts, claim))
    met = [one for one in found if one is not None]
    return next((one for one in met if not one.alike), met[0] if met else None)


def _first(reader: Callable[[str], tuple[Relation, ...]], parts: list[str], claim: str) -> Compared | None:
    """The claim's only relation of a kind beside the same relation of the nearest sentence that has it."""
    ours = reader(claim)
    if len(ours) != 1:
        return None
    for part in parts:
        made = [found for theirs in reader(part) if (found := _against(theirs, ours[0])) is not None]
        if made:
            return made[0] if all(one.alike == made[0].alike for one in made) else None
    return None


@lru_cache(maxsize=256)
def _comparisons(text: str) -> tuple[Relation, ...]:
    beside = BESIDE.match(text)
    found: list[Relation] = []
    for match in THAN.finditer(text):
        word = match["word"].lower()
        if not text[match.end() :].lstrip()[:1].isdigit():
            sign, scale = SCALES[word]
            found += _relation(scale, sign, _around(text, match), word, match["between"])
    for match in EXCEEDS.finditer(text):
        sign = (1 if match["more"] else -1) * (-1 if match["by"] else 1)
        found += _relation(AMOUNT, sign, _around(text, match), match.group())
    if found:
        return tuple(found)
    rest = text[beside.end() :] if beside else text
    words = (m for m in re.finditer(r"[a-z]{4,}", rest.lower()) if m.group() not in PLACES)
    single = [m for m in words if SCALES.get(m.group(), (0, TIME))[1] != TIME]
    if beside or len(single) == 1:
        for match in single:
            sign, scale = SCALES[match.group()]
            behind = _behind(rest[match.end() :])
            measure = " ".join(behind.split()[:2]) if match.group() in COUNTING else ""
            sides = f"{rest[: match.start()]} {behind}", beside["other"] if beside else ""
            found += _relation(scale, sign, sides, match.group(), measure)
    return tuple(found)


@lru_cache(maxsize=256)
def _orders(text: str) -> tuple[Relation, ...]:
    """What comes before what."""
    found: list[Relation] = []
    for match in ORDER.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        denied = match["until"] is not None and NOT.search(before) is not None
        first = match["before"] or match["then"] or (match["until"] and not denied)
        sides = _sides(before, after)
        if sides is not None:
            if denied:
                sides = NOT.sub(" ", sides[0]), sides[1]
            found += _relation(TIME, 1 if first else -1, sides, match.group())
    for match in THAN.finditer(text):
        if match["word"].lower() in {"earlier", "sooner", "later"}:
            sign = -1 if match["word"].lower() == "later" else 1
            found += _relation(TIME, sign, _around(text, match), match["word"], match["between"])
    return tuple(found)


@lru_cache(maxsize=256)
def _causes(text: str) -> tuple[Relation, ...]:
    """What brings about what."""
    found: list[Relation] = []
    for match in CAUSE.finditer(text):
        sides = _sides(text[: match.start()], text[match.end() :])
        if sides is not None:
            found += _relation("cause", 1 if match["leads"] else -1, sides, match.group())
    return tuple(found)


def _sides(before: str, after: str) -> tuple[str, str] | None:
    """The two sides of a joining word; of 'After the rain, the river rose' the second clause is the left one."""
    if len(before.split()) < _SIDE:
        fronted, comma, rest = after.partition(",")
        return (_behind(rest), fronted) if comma else None
    return _before(before), _behind(after)


def _around(text: str, match: re.Match[str]) -> tuple[str, str]:
    """The clause before a match and the one behind it."""
    return _before(text[: match.start()]), _behind(text[match.end() :])


def _before(text: str) -> str:
    """The clause that ends ``text``."""
    return re.split(r"[;–—]|:(?=\s)|, (?:but|while|whereas|although|though)\b", text)[-1]


def _behind(text: str) -> str:
    """The clause that starts ``text``."""
    return CLAUSE.split(text, maxsplit=1)[0]


def _relation(scale: str, sign: int, sides: tuple[str, str], word: str, measure: str = "") -> Iterator[Relation]:
    """The relation, where neither side denies anything."""
    left, right = sides
    if not (NOT.search(left) or NOT.search(right)):
        inner = _stems(measure)
        yield Relation(scale, sign, _stems(left) | inner, _stems(right), word, inner, bool(EARLIER.match(right)))


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem for stem in analyse(text) if stem not in IDLE)


def _against(theirs: Relation, ours: Relation) -> Compared | None:
    """The claim's relation beside the quote's: which sides meet, and whether the signs then say the same."""
    if theirs.scale != ours.scale or not (theirs.right or theirs.once):
        return None
    counted = theirs.word in COUNTING and ours.word in COUNTING and theirs.measure and ours.measure
    if counted and not theirs.measure & ours.measure:
        return None
    if theirs.once and ours.once:
        shared = len(theirs.left & ours.left) / max(1, len(ours.left))
        return (
            Compared(theirs.sign == ours.sign, crossed=False, quote_word=theirs.word, claim_word=ours.word)
            if shared >= _SHARED
            else None
        )
    if ours.right:
        straight = _both(theirs.own_left & ours.own_left, theirs.own_right & ours.own_right)
        crossed = _both(theirs.own_left & ours.own_right, theirs.own_right & ours.own_left)
    else:
        along, across = (theirs.own_left - theirs.measure) & ours.left, theirs.own_right & ours.left
        straight, crossed = (0 if across else len(along)), (0 if along else len(across))
    if straight == crossed:
        return None
    turned = crossed > straight
    alike = theirs.sign * ours.sign * (-1 if turned else 1) > 0
    return Compared(alike, turned, theirs.word, ours.word)


def _both(left: frozenset[str], right: frozenset[str]) -> int:
    """How many stems meet, where some do on both sides."""
    return len(left) + len(right) if left and right else 0


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
    claim = SAID.sub("", claim)
    common = _trend_words(claim) & frozenset(word for part in parts for word in _trend_words(part))
    shared = common if _trend_words(claim) - common else frozenset[str]()
    listed = [trend for clause in CLAUSE.split(claim) if (trend := _trend(clause, shared)) is not None]
    if len(listed) != 1:
        return None
    ours = listed[0]
    near: list[tuple[float, _Trend]] = []
    for part in parts:
        for clause in CLAUSE.split(SAID.sub("", part)):
            theirs = _trend(clause, shared)
            if theirs is not None and _commensurable(theirs.kind, ours.kind):
                near.append((len(ours.stems & theirs.stems) / max(1, len(ours.stems)), theirs))
    most = max((share for share, _ in near), default=0.0)
    best = [trend for share, trend in near if share == most]
    if most < _SHARED or len({trend.sign for trend in best}) > 1:
        return None
    return Compared(best[0].sign == ours.sign, crossed=False, quote_word=best[0].word, claim_word=ours.word)


def _trend_words(text: str) -> frozenset[str]:
    return frozenset(match.group().lower() for pattern in (UP, DOWN) for match in pattern.finditer(text))


def _commensurable(left: str, right: str) -> bool:
    return left == right or (AMOUNT in {left, right} and bool({left, right} & TELLING))


@lru_cache(maxsize=512)
def _trend(clause: str, shared: frozenset[str]) -> _Trend | None:
    """The one trend of a clause but for ``shared`` words; None where it has none, several, or a denied one."""
    if THAN.search(clause) or NOT.search(clause):
        return None
    found = [(sign, m) for sign, pattern in ((1, UP), (-1, DOWN)) for m in pattern.finditer(clause)]
    found = [(sign, m) for sign, m in found if m.group().lower() not in shared]
    if len(found) != 1:
        return None
    sign, match = found[0]
    word = match.group().lower()
    kind = next((kind for start, kind in KINDS.items() if word.startswith(start)), AMOUNT)
    stems = _stems(f"{clause[: match.start()]} {clause[match.end() :]}")
    if kind == "cost":
        kind, stems = AMOUNT, stems | {"price"}
    return _Trend(sign, kind, word, stems) if stems else None
