"""Quantities in English text: numbers with their unit, bound and rounding, dates and years, and whether one fits another."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

Bound = str
"""One of '=', '~' (about), '>' (more than, at least) and '<' (fewer than, at most)."""

_SMALL: Final = {
    word: float(value)
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
         "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    )
}  # fmt: skip
_TENS: Final = {
    word: float(value * 10)
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES: Final = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9,
    "trillion": 1e12,
}  # fmt: skip
_FRACTIONS: Final = {
    "half": 0.5, "a half": 0.5, "one half": 0.5, "a third": 1 / 3, "one third": 1 / 3, "two thirds": 2 / 3,
    "two-thirds": 2 / 3, "one-third": 1 / 3, "a quarter": 0.25, "one quarter": 0.25, "three quarters": 0.75,
    "three-quarters": 0.75, "a fifth": 0.2, "one fifth": 0.2, "one-fifth": 0.2, "two fifths": 0.4,
    "three fifths": 0.6, "four fifths": 0.8, "a tenth": 0.1, "one tenth": 0.1, "one in ten": 0.1, "one in five": 0.2,
    "one in four": 0.25, "one in three": 1 / 3, "one in two": 0.5,
}  # fmt: skip
_UNITS: Final[dict[str, tuple[str, float]]] = {
    "mg": ("mass", 1e-3), "milligram": ("mass", 1e-3), "g": ("mass", 1.0), "gram": ("mass", 1.0),
    "kg": ("mass", 1e3), "kilogram": ("mass", 1e3), "kilo": ("mass", 1e3), "tonne": ("mass", 1e6),
    "lb": ("mass", 453.592), "pound": ("mass", 453.592), "mm": ("length", 1e-3), "millimetre": ("length", 1e-3),
    "millimeter": ("length", 1e-3), "cm": ("length", 1e-2), "centimetre": ("length", 1e-2),
    "centimeter": ("length", 1e-2), "m": ("length", 1.0), "metre": ("length", 1.0), "meter": ("length", 1.0), "km": ("length", 1e3),
    "kilometre": ("length", 1e3), "kilometer": ("length", 1e3), "mile": ("length", 1609.344), "mi": ("length", 1609.344),
    "foot": ("length", 0.3048), "feet": ("length", 0.3048), "ft": ("length", 0.3048), "inch": ("length", 0.0254),
    "ms": ("time", 1e-3), "millisecond": ("time", 1e-3), "second": ("time", 1.0), "sec": ("time", 1.0),
    "minute": ("time", 60.0), "min": ("time", 60.0), "hour": ("time", 3600.0), "day": ("time", 86400.0),
    "week": ("time", 604800.0), "month": ("time", 2629746.0), "year": ("time", 31556952.0),
    "decade": ("time", 315569520.0), "century": ("time", 3155695200.0), "ml": ("volume", 1e-3),
    "millilitre": ("volume", 1e-3), "milliliter": ("volume", 1e-3), "litre": ("volume", 1.0), "liter": ("volume", 1.0),
    "kw": ("power", 1e3), "mw": ("power", 1e6), "gw": ("power", 1e9), "kilowatt": ("power", 1e3),
    "megawatt": ("power", 1e6), "gigawatt": ("power", 1e9), "kwh": ("energy", 1.0), "mwh": ("energy", 1e3),
    "gwh": ("energy", 1e6), "twh": ("energy", 1e9), "kb": ("data", 1e3), "mb": ("data", 1e6), "gb": ("data", 1e9),
    "tb": ("data", 1e12), "hectare": ("area", 1.0), "ha": ("area", 1.0), "acre": ("area", 0.404686),
    "percent": ("share", 0.01), "%": ("share", 0.01), "dozen": ("count", 12.0),
}  # fmt: skip
_CURRENCIES: Final = {
    "$": "dollar", "us$": "dollar", "usd": "dollar", "dollar": "dollar", "eur": "euro", "\u20ac": "euro", "euro": "euro",
    "\u00a3": "sterling", "gbp": "sterling", "chf": "franc", "franc": "franc", "yen": "yen", "\u00a5": "yen",
}  # fmt: skip
_MONTHS: Final = {
    name: index
    for index, name in enumerate(
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"], start=1)
}  # fmt: skip
_MONTH: Final = "|".join(_MONTHS)
_DATE: Final = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b,?(?: (?P<year>\d{{4}}))?"
    rf"|(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year2>\d{{4}}))?"
    rf"|(?P<month3>{_MONTH}) (?P<year3>\d{{4}})|(?P<iso>\d{{4}}-\d\d-\d\d))",
    re.IGNORECASE,
)
_WORD: Final = "|".join([*_SMALL, *_TENS])
_NUMBER: Final = (
    r"(?P<digits>(?:\d{1,3}(?:[,\u00a0\u202f]\d{3})+|\d+)(?:\.\d+)?)"
    r"|(?P<fraction>(?:" + "|".join(sorted(_FRACTIONS, key=len, reverse=True)) + r")\b)"
    rf"|(?P<words>(?:{_WORD})(?:[ -](?:{_WORD}))?\b)"
)
_ABOUT: Final = (
    r"about|around|approximately|roughly|nearly|almost|some|circa|ca\.?|close to|just over|just under|an estimated|~"
)
_ABOVE: Final = r"more than|over|at least|above|exceeding|exceeds?|exceeded|no fewer than|no less than|a minimum of|upwards of|>=?|\u2265"
_BELOW: Final = r"less than|fewer than|under|below|at most|up to|no more than|not more than|a maximum of|<=?|\u2264"
_QUANTITY: Final = re.compile(
    rf"(?:\b(?P<about>{_ABOUT})|\b(?P<above>{_ABOVE})|\b(?P<below>{_BELOW}))?\s*"
    r"(?P<currency>us\$|\$|\u20ac|\u00a3|\u00a5|\beur |\busd |\bgbp |\bchf )?\s?"
    rf"(?<![\w.,-])(?:{_NUMBER})"
    r"(?P<more> and a (?:half|quarter)\b)?"
    r"(?P<scale>(?:[ -]?(?:hundred|thousand|million|billion|trillion|bn|mn)\b|(?<=\d)k\b)*)"
    r"(?:\s?(?P<unit>%|percentage points?\b|per ?cent\b|[a-z\u00b5\u00b0]+\b(?:/[a-z]+)?))?",
    re.IGNORECASE,
)
_LABELS: Final = frozenset(
    "figure fig fig. table section chapter page type phase stage grade no. version art. article step level room line route "
    "volume part class group series".split()
)
_PRECISE: Final = 0.005
_ROUGH: Final = 0.06
_ROUNDED: Final = 0.05


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in base units of its ``kind`` (mass, length, time, share, year, date, currency, or the counted noun)."""

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

    def fits(self, other: Quantity) -> bool:
        """Whether this quantity, stated by a claim, is borne out by ``other``, stated by the quote."""
        if self.kind == "date" or other.kind == "date":
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
        return difference <= (_ROUGH if "~" in (self.bound, other.bound) else self._tolerance())

    def _tolerance(self) -> float:
        """What writing this value with this many digits rounds away; years and small counts are exact."""
        if self.kind == "year" or (self.spelled and self.digits < 2):
            return 1e-9
        if self.digits >= 3 or self.digits == 0:
            return _PRECISE if self.digits else 0.0
        last = 10.0 ** (math.floor(math.log10(abs(self.value) or 1.0)) + 1 - self.digits)
        return min(_ROUNDED, 0.5 * last / (abs(self.value) or 1.0) + 1e-9)


def _dates_fit(claim: Quantity, quote: Quantity) -> bool:
    """A claim may leave out parts of a date, but not add or change any."""
    if claim.kind == "year":
        return quote.kind == "date" and _parts(quote)[0] == int(claim.value)
    if claim.kind != "date" or quote.kind != "date":
        return False
    return all(ours in (0, theirs) for ours, theirs in zip(_parts(claim), _parts(quote), strict=True))


def _parts(date: Quantity) -> tuple[int, int, int]:
    whole = int(date.value)
    return whole // 10000, whole // 100 % 100, whole % 100


def quantities(text: str) -> list[Quantity]:
    """Every quantity of ``text``, in order; numbers inside names ('COVID-19', 'Figure 3') are none."""
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []
    for match in _DATE.finditer(text):
        found.append(_date(match))
        taken.append(match.span())
    for match in _QUANTITY.finditer(text):
        start = (
            match.start("digits")
            if match["digits"]
            else match.start("words")
            if match["words"]
            else match.start("fraction")
        )
        if any(left <= start < right for left, right in taken):
            continue
        made = _quantity(match, text, start)
        if made is not None:
            found.append(made)
    return sorted(found, key=lambda quantity: quantity.start)


def _date(match: re.Match[str]) -> Quantity:
    if iso := match["iso"]:
        value = int(iso.replace("-", ""))
    else:
        year = int(match["year"] or match["year2"] or match["year3"] or 0)
        month = _MONTHS[(match["month"] or match["month2"] or match["month3"]).lower()]
        value = year * 10000 + month * 100 + int(match["day"] or match["day2"] or 0)
    return Quantity(match.group().strip(), float(value), "date", start=match.start())


def _quantity(match: re.Match[str], text: str, start: int) -> Quantity | None:
    if match["digits"] and not match["currency"] and not match["scale"] and _is_label(text, start):
        return None
    value, digits = _value(match)
    if match["more"]:
        value += 0.5 if "half" in match["more"] else 0.25
    for scale in re.findall(r"[a-z]+", (match["scale"] or "").lower()):
        value *= _SCALES[scale]
    unit = (match["unit"] or "").casefold().replace("per cent", "percent")
    kind, factor = _kind(unit, match, value)
    bound = ">" if match["above"] else "<" if match["below"] else "~" if match["about"] else "="
    end = (
        match.end("unit")
        if unit and match["unit"] and (unit in _UNITS or unit.rstrip("s") in _UNITS)
        else match.end("scale")
    )
    shown = text[match.start("currency") if match["currency"] else start : end].strip()
    noun = unit if kind == "count" and factor == 1.0 else ""
    return Quantity(shown, value * factor, kind, bound, start, digits, match["digits"] is None, noun)


_PLAIN_BEFORE: Final = frozenset(
    "in by on at of the about around over under some to from until since after before between and or nearly almost only just "
    "all these those with for than its their was were is are has have had as an a no up".split()
)


def _is_label(text: str, start: int) -> bool:
    """Whether the number at ``start`` is part of a name: 'Figure 3', 'Apollo 11', 'version 4'."""
    head = text[:start]
    if not head.endswith((" ", "-", "\u00a0")):
        return False
    words = head.split()
    if not words:
        return False
    before = words[-1]
    if before.casefold() in _LABELS:
        return True
    starts_sentence = len(words) == 1 or words[-2].endswith((".", "!", "?", ":"))
    return (
        before[0].isupper() and before[-1].isalpha() and before.casefold() not in _PLAIN_BEFORE and not starts_sentence
    )


def _value(match: re.Match[str]) -> tuple[float, int]:
    if match["digits"]:
        plain = re.sub(r"[,\u00a0\u202f]", "", match["digits"])
        return float(plain), len(plain.replace(".", "").lstrip("0").rstrip("0" if "." not in plain else ""))
    if match["words"]:
        parts = re.split(r"[ -]", match["words"].lower())
        return sum({**_SMALL, **_TENS}[part] for part in parts), 1
    return _FRACTIONS[match["fraction"].lower()], 1


def _kind(unit: str, match: re.Match[str], value: float) -> tuple[str, float]:
    """What the number measures, and the factor to base units."""
    if match["currency"]:
        return _CURRENCIES[match["currency"].strip().lower()], 1.0
    if unit.startswith("percent") or match["fraction"]:
        return "share", 1.0 if match["fraction"] else 0.01
    single = unit.rstrip("s") if len(unit) > 3 else unit
    if known := _UNITS.get(unit) or _UNITS.get(single):
        return known
    digits = match["digits"] or ""
    if re.fullmatch(r"1[0-9]\d\d|20\d\d", digits) and not match["scale"]:
        return "year", 1.0
    is_share = digits.startswith("0.") and 0 < value < 1
    return _CURRENCIES.get(single, "share" if is_share else "count"), 1.0
