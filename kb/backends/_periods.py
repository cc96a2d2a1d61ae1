"""The time that a date stands for where a word before it makes more of it than a day or a year: since, by, from ... to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Final, Literal

from kb.backends._quantity import Quantity

Side = Literal["at", "from", "to", "within"]

_EARLY: Final = r"(?:\s+(?:about|around|early|late|mid|the (?:start|end|beginning|middle|spring|summer|autumn|fall|winter) of))?[\s-]*$"
_FROM: Final = re.compile(
    rf"\b(?:(?P<vague>after|following|later than)|since|from|not until|not before|as of|(?:starting|beginning) in){_EARLY}",
    re.IGNORECASE,
)
_TO: Final = re.compile(rf"\b(?:(?P<vague>before|by|prior to|earlier than)|until|till|up to){_EARLY}", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\s*(?:to|until|till|through|and|[-–—])\s*", re.IGNORECASE)
_LAST_YEAR: Final = re.compile(r"[-–—/](?P<year>\d{4}|\d\d)\b(?![-–—/])")
_OPENED: Final = re.compile(rf"\b(?:from|between){_EARLY}", re.IGNORECASE)
_REACH: Final = 40


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day (as yyyymmdd), on which ``side`` of the date, and whether the date only bounds it."""

    first: float
    last: float
    side: Side
    is_vague: bool = False

    def meets(self, other: Period) -> bool:
        """Whether one day lies in both."""
        return self.first <= other.last and other.first <= self.last


def periods(text: str, dates: Sequence[Quantity]) -> dict[Quantity, Period]:
    """The period of each of the ``dates`` of ``text``, which stand in their order; those without a year have none.

    Two days with a dash between are no period: they are when somebody was born and died.
    """
    full = [date for date in dates if date.kind == "year" or date.is_full_date]
    out = {date: _one(text, date) for date in full}
    for left, right in pairwise(full):
        join = text[left.start + len(left.text) : right.start]
        years = left.kind == right.kind == "year" and "and" not in join.lower()
        if _BETWEEN.fullmatch(join) and (years or _OPENED.search(_before(text, left))):
            whole = Period(_days(left)[0], _days(right)[1], "within")
            if whole.first <= whole.last:
                out[left] = out[right] = whole
    return out


def may_agree(claim: Period, quote: Period, *, denies: bool) -> bool:
    """Whether a claim's date and another one of its quote may tell of one time, though they differ.

    Only where one of the two is more than a point in time: 'by 1980' holds of what happened in 1974, and 'in 2003' of what has been
    so since 1996. 'Since 1996' and 'since 1998' state two starts, and 'since 1996' another one than 'in 1998'. Where the claim
    ``denies``, times that do not meet may agree too: what has been so since 1996 was not so in 1990.
    """
    if claim.side == quote.side:
        return claim.is_vague or quote.is_vague
    if quote.side == "at" and not claim.is_vague:
        return False
    return claim.meets(quote) or denies


def _one(text: str, date: Quantity) -> Period:
    first, last = _days(date)
    joined = _LAST_YEAR.match(text, date.start + len(date.text)) if date.kind == "year" and date.unit == 1 else None
    if joined and (end := int(date.text[: -len(joined["year"])] + joined["year"])) > date.value:
        return Period(first, end * 10000 + 9999, "within")
    before = _before(text, date)
    if found := _FROM.search(before):
        return Period(first, inf, "from", found["vague"] is not None)
    if found := _TO.search(before):
        return Period(-inf, last, "to", found["vague"] is not None)
    return Period(first, last, "at")


def _before(text: str, date: Quantity) -> str:
    return text[max(0, date.start - _REACH) : date.start]


def _days(date: Quantity) -> tuple[float, float]:
    """First and last day of a year, of a month, or of a day."""
    if date.kind == "year":
        return date.value * 10000, (date.value + date.unit) * 10000 - 1
    first = date.value
    return first, first + (9999 if first % 10000 == 0 else 99 if first % 100 == 0 else 0)
