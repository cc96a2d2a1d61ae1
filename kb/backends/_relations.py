"""A relation of two sides as a sentence states it, and the same relation of two sentences held against each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kb.backends._direction_words import CLAUSE, COUNTING, EARLIER, IDLE, NOT
from kb.backends.memory_lexical import analyse

_SIDE: Final = 2
_NEW: Final = 2
"""Words of a claim that the quote's sides do not have, up to which it counts as the same with its sides swapped."""
SHARED: Final = 0.6
"""Share of a relation's words that must stand on the other side where only that is there to tell by."""


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


def sides_of(left: str, right: str) -> tuple[str, str] | None:
    """The two sides of a joining word; of 'After the rain, the river rose' the second clause is the left one."""
    if len(left.split()) < _SIDE:
        fronted, comma, rest = right.partition(",")
        return (behind(rest), fronted) if comma else None
    return before(left), behind(right)


def around(text: str, match: re.Match[str]) -> tuple[str, str]:
    """The clause before a match and the one behind it."""
    return before(text[: match.start()]), behind(text[match.end() :])


def before(text: str) -> str:
    """The clause that ends ``text``."""
    return re.split(r"[;–—]|:(?=\s)|, (?:but|while|whereas|although|though)\b", text)[-1]


def behind(text: str) -> str:
    """The clause that starts ``text``."""
    return CLAUSE.split(text, maxsplit=1)[0]


def relation(scale: str, sign: int, sides: tuple[str, str], word: str, measure: str = "") -> Iterator[Relation]:
    """The relation, where neither side denies anything."""
    left, right = sides
    if not (NOT.search(left) or NOT.search(right)):
        inner = stems_of(measure)
        yield Relation(scale, sign, stems_of(left) | inner, stems_of(right), word, inner, bool(EARLIER.match(right)))


def stems_of(text: str) -> frozenset[str]:
    return frozenset(stem for stem in analyse(text) if stem not in IDLE)


def against(theirs: Relation, ours: Relation) -> Compared | None:
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
            if shared >= SHARED
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
    if turned and not alike and len(new_words(theirs, ours)) > _NEW:
        return None
    return Compared(alike, turned, theirs.word, ours.word)


def new_words(theirs: Relation, ours: Relation) -> frozenset[str]:
    """Words of the claim's two sides that the quote's do not have."""
    return (ours.own_left | ours.own_right) - theirs.left - theirs.right


def _both(left: frozenset[str], right: frozenset[str]) -> int:
    """How many stems meet, where some do on both sides."""
    return len(left) + len(right) if left and right else 0


def first(reader: Callable[[str], tuple[Relation, ...]], parts: Sequence[str], claim: str) -> Compared | None:
    """The claim's only relation of a kind beside the same relation of the nearest sentence that has it."""
    ours = reader(claim)
    if len(ours) != 1:
        return None
    for part in parts:
        made = [found for theirs in reader(part) if (found := against(theirs, ours[0])) is not None]
        if made:
            return made[0] if all(one.alike == made[0].alike for one in made) else None
    return None
