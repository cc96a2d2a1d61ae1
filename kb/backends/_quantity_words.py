"""The words in which English gives quantities: numbers, scales, fractions, units, currencies, months; read by :mod:`kb.backends._quantities`."""

from __future__ import annotations

from typing import Final

SMALL: Final = {
    word: float(value)
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
         "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    )
}  # fmt: skip
TENS: Final = {
    word: float(value * 10)
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
SCALES: Final = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9,
    "trillion": 1e12,
}  # fmt: skip
FOLDS: Final = {"doubl": 2.0, "tripl": 3.0, "trebl": 3.0, "quadrupl": 4.0, "halv": 2.0}
"""Verbs of change by a ratio, without their endings."""
FRACTIONS: Final = {
    "half": 0.5, "a half": 0.5, "one half": 0.5, "a third": 1 / 3, "one third": 1 / 3, "two thirds": 2 / 3,
    "two-thirds": 2 / 3, "one-third": 1 / 3, "a quarter": 0.25, "one quarter": 0.25, "three quarters": 0.75,
    "three-quarters": 0.75, "a fifth": 0.2, "one fifth": 0.2, "one-fifth": 0.2, "two fifths": 0.4,
    "three fifths": 0.6, "four fifths": 0.8, "a tenth": 0.1, "one tenth": 0.1,
}  # fmt: skip
UNITS: Final[dict[str, tuple[str, float]]] = {
    "mg": ("mass", 1e-3), "milligram": ("mass", 1e-3), "g": ("mass", 1.0), "gram": ("mass", 1.0),
    "kg": ("mass", 1e3), "kilogram": ("mass", 1e3), "kilo": ("mass", 1e3), "tonne": ("mass", 1e6),
    "lb": ("mass", 453.592), "pound": ("mass", 453.592), "mm": ("length", 1e-3), "millimetre": ("length", 1e-3),
    "millimeter": ("length", 1e-3), "cm": ("length", 1e-2), "centimetre": ("length", 1e-2),
    "centimeter": ("length", 1e-2), "m": ("length", 1.0), "metre": ("length", 1.0), "meter": ("length", 1.0), "km": ("length", 1e3),
    "kilometre": ("length", 1e3), "kilometer": ("length", 1e3), "mile": ("length", 1609.344), "mi": ("length", 1609.344),
    "foot": ("length", 0.3048), "feet": ("length", 0.3048), "ft": ("length", 0.3048), "inch": ("length", 0.0254), "inches": ("length", 0.0254),
    "ms": ("time", 1e-3), "millisecond": ("time", 1e-3), "second": ("time", 1.0), "sec": ("time", 1.0),
    "minute": ("time", 60.0), "min": ("time", 60.0), "hour": ("time", 3600.0), "day": ("time", 86400.0),
    "week": ("time", 604800.0), "fortnight": ("time", 1209600.0), "month": ("time", 2629746.0), "year": ("time", 31556952.0),
    "decade": ("time", 315569520.0), "century": ("time", 3155695200.0), "centuries": ("time", 3155695200.0), "ml": ("volume", 1e-3),
    "millilitre": ("volume", 1e-3), "milliliter": ("volume", 1e-3), "litre": ("volume", 1.0), "liter": ("volume", 1.0),
    "kw": ("power", 1e3), "mw": ("power", 1e6), "gw": ("power", 1e9), "kilowatt": ("power", 1e3),
    "megawatt": ("power", 1e6), "gigawatt": ("power", 1e9), "kwh": ("energy", 1.0), "mwh": ("energy", 1e3),
    "gwh": ("energy", 1e6), "twh": ("energy", 1e9), "kb": ("data", 1e3), "mb": ("data", 1e6), "gb": ("data", 1e9),
    "tb": ("data", 1e12), "hectare": ("area", 1.0), "ha": ("area", 1.0), "acre": ("area", 0.404686),
    "percent": ("share", 0.01), "%": ("share", 0.01), "basis point": ("share", 0.0001), "dozen": ("count", 12.0),
}  # fmt: skip
CURRENCIES: Final = {
    "$": "dollar", "us$": "dollar", "usd": "dollar", "dollar": "dollar", "eur": "euro", "\u20ac": "euro", "euro": "euro",
    "\u00a3": "sterling", "gbp": "sterling", "chf": "franc", "franc": "franc", "yen": "yen", "\u00a5": "yen",
}  # fmt: skip
MONTHS: Final = {
    name: index
    for index, name in enumerate(
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"], start=1)
}  # fmt: skip
ORDINALS: Final = {
    word: index
    for index, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
         "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
         "twenty-first"], start=1)
}  # fmt: skip
MONTH: Final = "|".join(MONTHS)
LABELS: Final = frozenset(
    "week day figure fig fig. table section chapter page type phase stage grade no. version art. article step level room line route "
    "volume part class group series".split()
)
PLAIN_BEFORE: Final = frozenset(
    "in by on at of the about around over under some to from until since after before between and or nearly almost only just "
    "all these those with for than its their was were is are has have had as an a no up".split()
)
SHORT: Final = 3
"""Letters of units that are only written behind figures."""
UNIT_WORD: Final = "|".join(unit for unit in UNITS if len(unit) > SHORT)
"""Units that may stand behind a word: 'half an hour'."""
SPELLED: Final = {**SMALL, **TENS}
WORD: Final = "|".join(SPELLED)


def plain_number(word: str) -> float:
    """The value of a figure or of one word for a number."""
    return float(word) if word.isdigit() else SPELLED[word.lower()]
