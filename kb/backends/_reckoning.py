"""Whether a number of a claim is one that its quote gives, or one that arithmetic makes of two or three of them.

A claim may say in its own way what a quote gives: 42 machines of 8 MW are 336 MW, 80 % without symptoms leave one in five with some. What
can be reckoned so is borne out by the numbers; whether it belongs to what the claim speaks of is another matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from kb.backends._quantities import JOINING
from kb.backends._quantity import DATES, Quantity
from kb.backends._quantity_words import UNITS

YEAR: Final = UNITS["year"][1]
_DECADE: Final = UNITS["decade"][1]
_MONTH: Final = UNITS["month"][1]
_COUNTED: Final = 12
_EXACT: Final = 5e-4
_NEARLY: Final = 0.01
_ROUGHLY: Final = 0.06
_FAR: Final = 1.6
_SUMMED: Final = 6
"""Numbers of a quote up to which any three are added."""
_RECKONED: Final = 24
"""Numbers of a quote up to which arithmetic is tried: from more, nearly any number can be made."""
_ASSUMED: Final = 40
"""Readings of numbers without a unit that are tried at most."""
_FEW: Final = 2
_WHOLE: Final = 0.02
_RELATIVE: Final = DATES | {"share", "ratio"}
_FIGURE: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")


def small(quantity: Quantity) -> bool:
    """Whether a reader gets so far without being told: 'four goals' of '3-1', 'four centuries' of a span of years."""
    if quantity.unit >= _DECADE:
        return quantity.value <= _COUNTED * quantity.unit
    return quantity.kind in {"count", "ratio"} and quantity.value <= _COUNTED


def comparable(claim: Quantity, other: Quantity) -> bool:
    """Whether both measure the same."""
    return claim.kind == other.kind or (claim.kind in DATES and other.kind in DATES)


def fitting(claim: Quantity, there: Sequence[Quantity], *, is_level: bool) -> list[Quantity]:
    """Those of ``there`` that the claim's number is; what something is (``is_level``) is not by how much it changed."""
    return [
        other
        for other in there
        if (comparable(claim, other) and claim.fits(other) and not (is_level and other.is_change))
        or (claim.bound not in "<>" and _is_same_figure(claim, other))
        or _is_same_figure(other, claim)
    ]


def borne_out(claim: Quantity, there: Sequence[Quantity], *, is_level: bool) -> bool:
    """Whether one of these, or what two or three of them give, is the claim's."""
    if fitting(claim, there, is_level=is_level):
        return True
    if claim.kind in DATES:
        return any(claim.fits(date) for date in _moved(there))
    if len(there) > _RECKONED:
        return False
    assumed = _assumed(there)
    if any(claim.fits(other) for other in assumed if other.kind == claim.kind and not (is_level and other.is_change)):
        return True
    there = [*there, *assumed]
    return (
        any(claim.fits(made) for made in _ratios(claim, there))
        if claim.kind == "ratio"
        else _made(claim, there, is_level=is_level)
    )


def stands(quantity: Quantity, there: Sequence[Quantity]) -> bool:
    """Whether a quote gives this number as a bound or a change, or bounds what is measured so: 'boats under 15 metres' and ten metres.

    A bound of the same side is no such one: 'fewer than 300' does not tell of 'fewer than 200'.
    """
    plain = replace(quantity, bound="=")
    return quantity.kind not in DATES and any(
        (other.bound in "<>" and other.bound != quantity.bound) or plain.fits(replace(other, bound="="))
        for other in there
        if comparable(quantity, other)
    )


def other_ratio(claim: Quantity, one: Quantity, two: Quantity) -> bool:
    """Whether two numbers have another ratio than the claim's."""
    return not claim.fits(_ratio(claim, one, two))


def _is_same_figure(bare: Quantity, other: Quantity) -> bool:
    """Whether ``bare`` is the other's figure without its unit: 'was 40' of '40 years and 306 days', '7,300' of '7,300 tonnes'."""
    if bare.kind != "count" or bare.noun not in JOINING or other.kind in _RELATIVE | {"count"}:
        return False
    if other.is_compound:
        first = _FIGURE.match(other.text)
        return first is not None and _value(first) == bare.value
    return other.fits(replace(bare, value=bare.value * other.unit, kind=other.kind, unit=other.unit))


def _assumed(there: Sequence[Quantity]) -> list[Quantity]:
    """Numbers without a unit, each with every unit and scale that the quote gives to others: 'of £6.2 billion, roads get 2.4'."""
    measured = [other for other in there if other.kind not in DATES | {"ratio"} and not other.is_compound]
    units = {(other.kind, _factor(other)) for other in measured} - {("count", 1.0)}
    bare = [other for other in there if other.kind == "count" and other.noun in JOINING and other.value > _FEW]
    if len(bare) * len(units) > _ASSUMED:
        return []
    return [
        replace(other, value=other.value * unit, kind=kind, unit=unit) for other in bare for kind, unit in sorted(units)
    ]


def _factor(quantity: Quantity) -> float:
    """What its unit, and 'million' and the like, make of the figure that is written."""
    figure = _FIGURE.search(quantity.text)
    return quantity.value / (_value(figure) or 1.0) if figure else quantity.unit


def _value(figure: re.Match[str]) -> float:
    return float(figure.group().replace(",", ""))


def _made(claim: Quantity, there: Sequence[Quantity], *, is_level: bool) -> bool:
    """Whether arithmetic makes the claim's number: with two numbers of a kind, with shares and counts, or with three to add.

    A lower and an upper bound make nothing: they are mostly of one thing ('between 15 and 20 %').
    """
    pairs = [
        (a, b)
        for a, b in combinations(there, 2)
        if a.kind == b.kind and a.kind != "date" and a.value and b.value and {a.bound, b.bound} != {"<", ">"}
    ]
    if claim.kind == "share" and any(other.kind == "share" and other.is_told for other in there):
        pairs = [(a, b) for a, b in pairs if a.kind != "count"]
    made = [value for a, b in pairs for value in _derived(claim, a, b, is_level=is_level)]
    if claim.kind == "share" and claim.bound in "<>":
        return any(_within(claim, value) for value in made)
    if any(_equal(claim.value, value, _NEARLY if claim.bound == "=" else _ROUGHLY) for value in made):
        return True
    slack = _EXACT if claim.bound == "=" else _NEARLY
    if any(_equal(claim.value, value, slack) for value in (*_scaled(claim, there), *_multiplied(claim, there))):
        return True
    alike = [other.value for other in there if other.kind == claim.kind and not other.is_change]
    if claim.kind == "share":
        return any(_equal(claim.value, 1 - value, _NEARLY) for value in alike)
    if len(alike) <= _SUMMED and any(_equal(claim.value, sum(three), _EXACT) for three in combinations(alike, 3)):
        return True
    return claim.kind == "time" and any(claim.fits(span) for span in _spans(there))


def _derived(claim: Quantity, a: Quantity, b: Quantity, *, is_level: bool) -> list[float]:
    """Sums, differences, ratios, remainders and spans of years: what arithmetic may give is no rule's matter.

    A share of a share is one only where the claim speaks of a change.
    """
    if a.kind == "year":
        return [abs(a.value - b.value) * (YEAR if claim.kind == "time" else 1.0)]
    out: list[float] = []
    if claim.kind == a.kind == "share":
        out = [1 - a.value - b.value]
    if (claim.kind == "share" and (a.kind != "share" or (claim.bound == "=" and not is_level))) or small(claim):
        out += [a.value / b.value, b.value / a.value, abs(1 - a.value / b.value), abs(1 - b.value / a.value)]
    if a.kind == claim.kind:
        exact = (a.value + b.value, abs(a.value - b.value))
        out += [value for value in exact if claim.bound != "=" or _equal(claim.value, value, _EXACT)]
    return out


def _scaled(claim: Quantity, there: Sequence[Quantity]) -> list[float]:
    """What a share or a ratio makes of another number: a tenth of the workforce, 900 people, of 9,000; half of twice as much."""
    if claim.kind in _RELATIVE or small(claim):
        return []
    shares = [other.value for other in there if other.kind == "share" and 0 < other.value < 1]
    ratios = [other.value for other in there if other.kind == "ratio" and other.value]
    factors = [factor for share in shares for factor in (share, 1 / share, 1 + share, 1 - share)]
    factors += [factor for ratio in ratios for factor in (ratio, 1 / ratio)]
    levels = [other.value for other in there if other.kind == claim.kind and not (other.is_change or small(other))]
    return [level * factor for level in levels for factor in factors]


def _multiplied(claim: Quantity, there: Sequence[Quantity]) -> list[float]:
    """What so many of so much come to, and how much each of so many has: 42 machines of 8 MW, 336 MW."""
    if claim.kind in _RELATIVE or small(claim):
        return []
    counts = [other.value for other in there if other.kind == "count" and other.value > 1]
    each = [other.value for other in there if other.kind == claim.kind and not other.is_change]
    return [made for one in each for count in counts if one != count for made in (one * count, one / count)]


def _within(claim: Quantity, value: float) -> bool:
    """Whether a share is beyond the claim's bound, and not so far that nobody would give that bound: 'more than half' of 62 %."""
    beyond = value / claim.value if claim.bound == ">" else claim.value / max(value, 1e-12)
    return 1 - _NEARLY <= beyond <= _FAR


def _ratios(claim: Quantity, there: Sequence[Quantity]) -> Iterator[Quantity]:
    """How many times as much one number of a kind is as another, or so many percent more or less make of it."""
    for a, b in combinations(there, 2):
        if a.kind == b.kind and a.kind != "date" and a.value and b.value:
            yield _ratio(claim, a, b)
    for other in there:
        if other.kind == "share" and other.is_change:
            yield replace(claim, value=1 + other.value, bound="~")
            if other.value < 1:
                yield replace(claim, value=1 / (1 - other.value), bound="~")


def _ratio(claim: Quantity, a: Quantity, b: Quantity) -> Quantity:
    """How many times the smaller the larger is."""
    return replace(claim, value=max(a.value / b.value, b.value / a.value), bound="~")


def _spans(there: Sequence[Quantity]) -> Iterator[Quantity]:
    """The times between full dates."""
    for a, b in combinations([date for date in there if date.is_full_date], 2):
        if span := abs(_years(a) - _years(b)) * YEAR:
            yield Quantity("", span, "time", "~")


def _years(date: Quantity) -> float:
    """A full date in years; where it has no day or month, its middle."""
    year, rest = divmod(int(date.value), 10000)
    month, day = divmod(rest, 100)
    return year + ((month or 6.5) - 1) / 12 + ((day or 15) - 1) / 365


def _moved(there: Sequence[Quantity]) -> list[Quantity]:
    """The dates that lie one of the given spans, in whole months or years, before or after one of the given dates."""
    spans = [(span.value / _MONTH, span.unit >= YEAR) for span in there if span.kind == "time" and span.unit >= _MONTH]
    out: list[Quantity] = []
    for date in there:
        for months, in_years in spans:
            whole = round(months)
            if not whole or abs(months - whole) > _WHOLE:
                continue
            if date.kind == "year" and in_years and whole % 12 == 0:
                out += [replace(date, value=date.value + sign * (whole // 12)) for sign in (-1, 1)]
            elif date.is_full_date and date.value // 100 % 100:
                year, month = divmod(int(date.value) // 100, 100)
                moved = [divmod(year * 12 + month - 1 + sign * whole, 12) for sign in (-1, 1)]
                out += [replace(date, value=float(y * 10000 + (m + 1) * 100)) for y, m in moved]
    return out


def _equal(left: float, right: float, slack: float) -> bool:
    return abs(left - right) <= slack * max(abs(left), abs(right))
