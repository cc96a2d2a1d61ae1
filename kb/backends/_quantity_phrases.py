"""Phrases that are one quantity as a whole: dates, decades, 'half an hour', 'one in eight', 'doubled'."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from kb.backends._quantity import Quantity
from kb.backends._quantity_bounds import limit_before
from kb.backends._quantity_words import (
    FOLDS,
    FRACTIONS,
    MONTH,
    MONTHS,
    ORDINALS,
    SMALL,
    UNIT_WORD,
    UNITS,
    WORD,
    plain_number,
)

_DATE: Final = re.compile(
    rf"\b(?:(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?(?: of)? (?P<month>{MONTH})\b,?(?: (?P<year>\d{{4}}))?"
    rf"|(?P<month2>{MONTH}) (?P<day2>[12]\d|3[01]|\d)(?:st|nd|rd|th)?\b(?:,? (?P<year2>\d{{4}}))?"
    rf"|(?P<month3>{MONTH}) (?P<year3>\d{{4}})|(?P<iso>\d{{4}}-\d\d-\d\d))",
    re.IGNORECASE,
)
_SPAN: Final = re.compile(
    rf"\b(?:(?P<decade>1[0-9]\d0|20\d0)['\u2019]?s\b|(?P<nth>\d{{1,2}})(?:st|nd|rd|th)(?: ?-? ?centur(?:y|ies)|(?=-? (?:and|or|to) (?:early |late |the )?\d{{1,2}}(?:st|nd|rd|th)[ -]centur))|(?P<spelled>{'|'.join(ORDINALS)})[ -]century)\b",
    re.IGNORECASE,
)
"""'The 1990s', 'the nineteenth century'."""
_PART: Final = re.compile(
    rf"\b(?:(?P<part>half|(?:a |one |three[ -])?quarters?|(?:a |one |two[ -])thirds?)(?: of)? an? |(?P<half>half)-)(?P<unit>{UNIT_WORD})\b",
    re.IGNORECASE,
)
"""'Half a year', 'three quarters of an hour'."""
_ONE_AND: Final = re.compile(
    rf"\b(?:an?|one) (?P<unit>{UNIT_WORD}) and a (?P<more>half|quarter)\b",
    re.IGNORECASE,
)
"""'A decade and a half'."""
_IN: Final = re.compile(
    rf"\b(?:(?P<part>{'|'.join(SMALL)}|1) in (?:every )?|(?P<part2>{'|'.join(SMALL)}|\d{{1,3}}) out of (?:every )?)(?P<all>{WORD}|\d{{1,3}})\b(?![.,]?\d)",
    re.IGNORECASE,
)
"""'One in eight', 'three out of every ten'."""
_FOLD: Final = re.compile(rf"\b(?P<fold>{'|'.join(FOLDS)})(?:ed|ing)\b(?! (?:down|up|back|over))", re.IGNORECASE)
"""'Doubled' and the like; 'nearly doubled' gives no number."""
_EVERY: Final = 10
"""'7 out of 10' tells a share alone, '31 out of 540' both counts as well."""


def phrases(text: str) -> tuple[list[Quantity], list[tuple[int, int]]]:
    """The quantities that phrases of ``text`` give, and the spans in which no number is to be read by itself."""
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            if (made := reader(match, text)) is not None:
                found.append(made)
                if not _counts_too(match):
                    taken.append(match.span())
    return found, taken


def _date(match: re.Match[str], _text: str) -> Quantity:
    if iso := match["iso"]:
        value = int(iso.replace("-", ""))
    else:
        year = int(match["year"] or match["year2"] or match["year3"] or 0)
        month = MONTHS[(match["month"] or match["month2"] or match["month3"]).lower()]
        value = year * 10000 + month * 100 + int(match["day"] or match["day2"] or 0)
    return Quantity(match.group().strip(), float(value), "date", start=match.start())


def _span(match: re.Match[str], _text: str) -> Quantity:
    """A decade or a century: its first year, and how many it has."""
    if match["decade"]:
        value = float(match["decade"])
        years = 10.0 if value % 100 else 100.0
        return Quantity(match.group(), value, "year", start=match.start(), digits=4, unit=years)
    number = int(match["nth"]) if match["nth"] else ORDINALS[match["spelled"].lower()]
    first = (number - 1) * 100.0
    return Quantity(match.group(), first, "year", start=match.start(), digits=4, spelled=True, unit=100.0)


def _one_and(match: re.Match[str], text: str) -> Quantity:
    kind, factor = UNITS[match["unit"].lower()]
    value = 1.5 if match["more"].lower() == "half" else 1.25
    return Quantity(match.group(), value * factor, kind, limit_before(match, text), match.start(), 2, spelled=True)


def _part(match: re.Match[str], text: str) -> Quantity:
    kind, factor = UNITS[match["unit"].lower()]
    value = _share(match["part"] or match["half"])
    return Quantity(match.group(), value * factor, kind, limit_before(match, text), match.start(), 2, spelled=True)


def _in(match: re.Match[str], text: str) -> Quantity | None:
    part, whole = (plain_number(word) for word in (match["part"] or match["part2"], match["all"]))
    if part >= whole:
        return None
    return Quantity(match.group(), part / whole, "share", limit_before(match, text), match.start(), 2, spelled=True)


def _fold(match: re.Match[str], text: str) -> Quantity | None:
    bound = limit_before(match, text)
    if bound not in "=>":
        return None
    value = FOLDS[match["fold"].lower()]
    return Quantity(match.group(), value, "ratio", bound.replace("=", "~"), match.start(), 1, spelled=True)


def _counts_too(match: re.Match[str]) -> bool:
    """Whether the numbers of a phrase are to be read by themselves as well: '31 out of 540'."""
    words = match.groupdict()
    return bool(words.get("part2")) and plain_number(words["all"]) > _EVERY


def _share(words: str) -> float:
    """The value of 'half', 'three quarters', 'two-thirds'."""
    plain = words.lower().replace("-", " ")
    return FRACTIONS.get(plain) or FRACTIONS["a " + plain]


_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Quantity | None]], ...]] = (
    (_DATE, _date),
    (_SPAN, _span),
    (_ONE_AND, _one_and),
    (_PART, _part),
    (_IN, _in),
    (_FOLD, _fold),
)
"""Phrases that are one quantity, and how they are read."""
