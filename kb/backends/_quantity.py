"""A number with its unit, bound and rounding, and whether one that a claim states is borne out by one that its quote states."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from kb.backends.memory_lexical import analyse

Bound = str
"""One of '=', '~' (about), '>' (more than, at least) and '<' (fewer than, at most)."""

_PRECISE: Final = 0.005
_ROUGH: Final = 0.06
_ROUNDED: Final = 0.05
_AROUND: Final = 3
"""Years that 'around 1640' leaves open."""
_FULL: Final = 1_000_000
"""Values of dates from here on have a year."""


DATES: Final = frozenset({"year", "date"})
"""Kinds that say when and not how much."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in base units of its ``kind``: mass, length, time, share, ratio, year, date, currency, or a count."""

    text: str
    value: float
    kind: str
    bound: Bound = "="
    start: int = 0
    digits: int = 0
    """Significant digits as written, for what rounding allows."""
    spelled: bool = False
    noun: str = ""
    """The word that follows, where it is no unit: what is counted."""
    unit: float = 1.0
    """The unit as written, in base units; of a year how many it stands for: 10 in 'the 1990s'."""
    is_compound: bool = False
    """Whether it is given in several units, of which ``unit`` is the smallest."""
    is_told: bool = False
    """Whether it is a share that the text gives as so many of so many."""
    is_change: bool = False
    """Whether the text gives it as by how much, or how much more or less, and not as how much."""

    @property
    def is_full_date(self) -> bool:
        """Whether it is a date, and one with a year."""
        return self.kind == "date" and self.value >= _FULL

    @property
    def is_span(self) -> bool:
        """Whether it is a decade or a century."""
        return self.kind == "year" and self.unit > 1

    def fits(self, other: Quantity) -> bool:
        """Whether this quantity, stated by a claim, is borne out by ``other``, stated by the quote."""
        if self.kind in DATES and other.kind in DATES:
            return _dates_fit(self, other)
        if self.bound == ">":
            return (
                other.value > self.value * (1 - 1e-9)
                if other.bound in "=~"
                else other.bound == ">" and other.value >= self.value
            )
        if self.bound == "<":
            return (
                other.value < self.value * (1 + 1e-9)
                if other.bound in "=~"
                else other.bound == "<" and other.value <= self.value
            )
        if other.bound in "<>" and self.bound == "=":
            return False
        difference = abs(self.value - other.value) / max(abs(self.value), abs(other.value), 1e-12)
        return difference <= (_ROUGH if "~" in (self.bound, other.bound) else self._tolerance(other.unit))

    def _tolerance(self, unit: float) -> float:
        """What writing this value with this many digits rounds away, and converting it from another ``unit``; years and small counts are exact."""
        if self.is_compound:
            return 0.5 * self.unit / self.value
        if self.spelled and self.digits < 2:
            return 1e-9
        if self.digits == 0:
            return 0.0
        if self.digits >= 3 and unit != self.unit:
            return _PRECISE
        last = 10.0 ** (math.floor(math.log10(abs(self.value / self.unit) or 1.0)) + 1 - self.digits)
        return min(_ROUNDED, 0.5 * last * self.unit / (abs(self.value) or 1.0) + 1e-9)


def count_the_same(left: Quantity, right: Quantity) -> bool:
    """Whether both measure the same, or count the same things."""
    return left.kind == right.kind and (left.kind != "count" or analyse(left.noun) == analyse(right.noun))


def _dates_fit(claim: Quantity, quote: Quantity) -> bool:
    """A claim may leave out parts of a date, or tell the decade or century alone, but not add or change any part."""
    if claim.kind == "year":
        year, years = (_parts(quote)[0], 1.0) if quote.kind == "date" else (quote.value, quote.unit)
        if claim.bound == ">":
            return year >= claim.value
        if claim.bound == "<":
            return year <= claim.value
        slack = _AROUND if claim.bound == "~" else 0.0
        return claim.value - slack <= year and year + years <= claim.value + claim.unit + slack
    if quote.kind != "date":
        return False
    return all(ours in (0, theirs) for ours, theirs in zip(_parts(claim), _parts(quote), strict=True))


def _parts(date: Quantity) -> tuple[int, int, int]:
    whole = int(date.value)
    return whole // 10000, whole // 100 % 100, whole % 100
