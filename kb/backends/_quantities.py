"""Quantities in English text: numbers with their unit, bound and rounding, shares, ratios, dates and years."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import prod
from typing import Final

from kb.backends._quantity import DATES, Quantity
from kb.backends._quantity_bounds import ABOUT, ABOVE, BELOW, bound_of
from kb.backends._quantity_phrases import phrases
from kb.backends._quantity_words import (
    CURRENCIES,
    FRACTIONS,
    LABELS,
    PLAIN_BEFORE,
    SCALES,
    SHORT,
    SPELLED,
    UNITS,
    WORD,
)

_NUMBER: Final = (
    r"(?P<digits>(?:\d{1,3}(?:[,\u00a0\u202f]\d{3})+|\d+)(?:\.\d+)?)"
    r"|(?P<single>(?:half )?a(?=[ -](?:hundred|thousand|million|billion|trillion)\b))"
    r"|(?P<fraction>(?:" + "|".join(sorted(FRACTIONS, key=len, reverse=True)) + r")\b)"
    rf"|(?P<words>(?:{WORD})(?:[ -](?:{WORD}))?\b(?! ?- ?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)\b))"
)
_JOINED: Final = "|".join(
    unit for unit in UNITS if len(unit) > SHORT or unit in {"day", "mg", "kg", "km", "mm", "cm", "ml", "mw", "gw", "gb"}
)
"""Units that may follow a hyphen: 'a 30-day trial'."""
_QUANTITY: Final = re.compile(
    rf"(?:\b(?P<about>{ABOUT})|\b(?P<above>{ABOVE})|\b(?P<below>{BELOW}))?\s*"
    r"(?P<currency>us\$|\$|\u20ac|\u00a3|\u00a5|\beur |\busd |\bgbp |\bchf )?\s?"
    rf"(?<![\w.,-])(?:{_NUMBER})"
    r"(?P<more> and a (?:half|quarter)\b)?"
    r"(?P<scale>(?:[ -]?(?:hundred|thousand|million|billion|trillion|bn|mn)\b|(?<=\d)k\b)*)"
    rf"(?:\s?(?P<unit>%|percentage points?\b|basis points?\b|per ?cent\b|[a-z\u00b5\u00b0]+\b(?:/[a-z]+)?)|-(?P<joined>{_JOINED})(?:s\b|\b))?",
    re.IGNORECASE,
)
_UP_TO: Final = re.compile(r"\s+(?:to|until|till)\s+<?|\s?\u2013\s?")
_BETWEEN: Final = re.compile(r"\bbetween\s+$", re.IGNORECASE)
_FROM: Final = re.compile(r"\bfrom\s+$", re.IGNORECASE)
_PLAIN: Final = re.compile(rf"\d+(?:\.\d+)?|{WORD}", re.IGNORECASE)
_BARE: Final = frozenset({"count", "year"})
_MONEY: Final = frozenset(CURRENCIES.values())
_MEASURED: Final = _MONEY | {"share"} | {kind for kind, _ in UNITS.values()} - _BARE - {"date", "ratio"}
_SCALED: Final = re.compile(r"\b(?:thousand|million|billion|trillion|bn|mn)$", re.IGNORECASE)
JOINING: Final = frozenset(
    (
        "",
        *"in on at for from to and or but by before after when while during last this a over until since he she it they who which that is was were are has have had only as less plus".split(),
    )
)
"""What may stand behind a number that has no unit of its own."""
_OWNING: Final = ("'s", "\u2019s")
_FOOT: Final = UNITS["foot"][1]
_AND: Final = re.compile(r",? (?:and )?")
_TIMES: Final = re.compile(
    r" times (?:the|as|more|higher|larger|greater|bigger|longer|what|that|its|their)\b", re.IGNORECASE
)
"""How many times as much; 'tested three times' is a count."""
_OF: Final = re.compile(r" (?:out )?of (?:the |its |their |his |her |our |all )?$", re.IGNORECASE)
_BY: Final = re.compile(
    r"\b(?:ris|rose|rais|increas|gr[eo]w|climb|gain|jump|surg|f[ae]ll|drop|declin|decreas|lower|reduc|cut|shr[aiu]nk|plung|beat|exceed"
    r"|outperform|lead|led|trail|lag|improv|extend|expand|shorten|lengthen|narrow|widen|chang|differ|w[io]n|los[et]|miss)\w*"
    r"(?:(?: [\w'\u2019-]+){0,4} (?!\w+(?:ed|en|own) )[\w'\u2019-]+)? by(?: an?| some| just| only)*\s*$",
    re.IGNORECASE,
)
_KILO: Final = 1e3
_WATTS: Final = frozenset({"kilowatt", "megawatt", "gigawatt"})
_HOURS: Final = re.compile(r"[ -]hours?\b", re.IGNORECASE)
_BEHIND: Final = re.compile(
    r"(?: [a-z]+){0,2} (?:(?P<below>at (?:the )?most|or (?:less|fewer|under|younger|below))|(?:at (?:the )?least|or (?:more|over|older|above)))\b",
    re.IGNORECASE,
)
"""Bounds that follow their number: '50 or more', '2,000 officials at most'."""
_BESIDE: Final = re.compile(r" (?:above|below) ", re.IGNORECASE)
"""'162 % above the level of 1850'."""
_THAN: Final = re.compile(
    r"(?: [a-z]+){0,2} (?:less|more|fewer|better|worse|[a-z]{2,}er)(?: [a-z]+)? than\b", re.IGNORECASE
)


def quantities(text: str) -> list[Quantity]:
    """Every quantity of ``text``, in order; numbers inside names ('COVID-19', 'Figure 3') are none."""
    return list(_read(text))


@lru_cache(maxsize=512)
def named(text: str) -> tuple[Quantity, ...]:
    """The numbers behind a name or a heading, as bare counts: of the thing named ('Lahore 288, Delhi 241'), or part of the name ('Apollo 11')."""
    found: list[Quantity] = []
    for match, start in _numbers_in(text):
        if _is_named(match, text, start):
            value, digits = _value(match)
            found.append(Quantity(match["digits"], value, "count", start=start, digits=digits))
    return tuple(found)


@lru_cache(maxsize=512)
def _read(text: str) -> tuple[Quantity, ...]:
    found, taken = phrases(text)
    for match, start in _numbers_in(text):
        if any(left <= start < right for left, right in taken) or _is_named(match, text, start):
            continue
        found.append(_quantity(match, text, start))
    read = _united(sorted(found, key=lambda quantity: quantity.start), text)
    return tuple(_compounded(_spanned(read, text), text))


@lru_cache(maxsize=512)
def _numbers_in(text: str) -> tuple[tuple[re.Match[str], int], ...]:
    """Every number with what stands around it, and where its figure or word starts."""
    return tuple(
        (match, next(match.start(name) for name in ("digits", "single", "words", "fraction") if match[name]))
        for match in _QUANTITY.finditer(text)
    )


def _is_named(match: re.Match[str], text: str, start: int) -> bool:
    """Whether a number is a bare figure that belongs to the name before it."""
    return bool(match["digits"]) and not match["currency"] and not match["scale"] and _is_label(text, start)


def _united(found: list[Quantity], text: str) -> list[Quantity]:
    """Those whose unit is written once given it: 'from 2.0 to 2.5 million euros', 'lost 4 billion dollars and gained 1.1 billion'."""
    out = list(found)
    for at, (left, right) in enumerate(pairwise(found)):
        if (
            left.kind in _BARE
            and right.kind in _MEASURED
            and _PLAIN.fullmatch(left.text)
            and _ranges(left, right, text)
        ):
            value = left.value * right.unit * _scale(right.text)
            out[at] = replace(left, value=value, kind=right.kind, unit=right.unit, noun="")
    paid = ""
    for at, quantity in enumerate(out):
        if quantity.kind in _MONEY:
            paid = quantity.kind
        elif paid and quantity.kind == "count" and quantity.noun in JOINING and _SCALED.search(quantity.text):
            out[at] = replace(quantity, kind=paid, noun="")
    return out


def _ranges(left: Quantity, right: Quantity, text: str) -> bool:
    """Whether the text goes from one to the other; a year needs a 'from' to be none."""
    between = text[left.start + len(left.text) : right.start]
    return _is_span(left, right, text) or (
        _UP_TO.fullmatch(between) is not None
        and (left.kind == "count" or _FROM.search(text, 0, left.start) is not None)
    )


def _is_span(left: Quantity, right: Quantity, text: str) -> bool:
    """Whether something lies between the two: 'between 15 and 20 %'."""
    between = text[left.start + len(left.text) : right.start]
    return between.strip() == "and" and _BETWEEN.search(text, 0, left.start) is not None


def _spanned(found: list[Quantity], text: str) -> list[Quantity]:
    """Those between which something lies made bounds."""
    out = list(found)
    for at, (left, right) in enumerate(pairwise(found)):
        if (
            left.kind == right.kind
            and left.kind not in DATES
            and left.value < right.value
            and _is_span(left, right, text)
        ):
            out[at : at + 2] = replace(left, bound=">"), replace(right, bound="<")
    return out


def _scale(text: str) -> float:
    """What 'million' and the like make of the number before them."""
    return prod(SCALES.get(word, 1.0) for word in re.findall(r"[a-z]+", text.lower()))


def _compounded(found: list[Quantity], text: str) -> list[Quantity]:
    """Those given in several units made one: '2 hours, 19 minutes and 52 seconds'; in '7,900 of the 8,760 hours' both are hours."""
    out: list[Quantity] = []
    for quantity in found:
        last = out[-1] if out else None
        if last is not None and _is_part(last, quantity, text):
            out[-1] = replace(last, kind=quantity.kind, value=last.value * quantity.unit, unit=quantity.unit)
        if last is not None and _continues(last, quantity, text):
            whole = text[last.start : quantity.start] + quantity.text
            value, is_change = last.value + quantity.value, quantity.is_change
            out[-1] = replace(last, text=whole, value=value, unit=quantity.unit, is_compound=True, is_change=is_change)
        else:
            out.append(quantity)
    return out


def _is_part(first: Quantity, second: Quantity, text: str) -> bool:
    """Whether ``first`` counts some of what ``second`` measures."""
    measured = second.kind not in DATES | {"count", "share", "ratio"}
    return (
        first.kind == "count" and measured and _OF.match(text, first.start + len(first.text), second.start) is not None
    )


def _continues(first: Quantity, second: Quantity, text: str) -> bool:
    """Whether ``second`` is the rest of ``first`` in a smaller unit."""
    if first.kind != second.kind or not (first.kind == "time" or first.unit == _FOOT) or second.bound != "=":
        return False
    between = text[first.start + len(first.text) : second.start]
    return second.unit < first.unit and second.value < first.unit and _AND.fullmatch(between) is not None


def _quantity(match: re.Match[str], text: str, start: int) -> Quantity:
    value, digits = _value(match)
    if match["more"]:
        value += 0.5 if "half" in match["more"] else 0.25
    value *= _scale(match["scale"] or "")
    unit = (match["unit"] or match["joined"] or "").casefold().replace("per cent", "percent")
    kind, factor = ("ratio", 1.0) if _TIMES.match(text, match.end("scale")) else _kind(unit, match, value)
    if unit in _WATTS and (hours := _HOURS.match(text, match.end("unit"))):
        kind, factor = "energy", factor / _KILO
        return Quantity(text[start : hours.end()], value * factor, kind, bound_of(match), start, digits, unit=factor)
    named = "unit" if match["unit"] and (unit in UNITS or unit.rstrip("s") in UNITS) else "scale"
    end = match.end("joined" if match["joined"] else named)
    shown = text[match.start("currency") if match["currency"] else start : end].strip()
    noun = unit if kind == "count" and factor == 1.0 else ""
    is_change = (
        _BY.search(text, 0, match.start()) is not None
        or _THAN.match(text, end) is not None
        or (kind == "share" and _BESIDE.match(text, end) is not None)
    )
    spelled = match["digits"] is None
    bound = bound_of(match)
    if bound == ">" and kind == "time" and (match["above"] or "").lower() == "over":
        bound = "~"
    elif behind := _BEHIND.match(text, end):
        bound = "<" if behind["below"] else ">"
    return Quantity(shown, value * factor, kind, bound, start, digits, spelled, noun, factor, is_change=is_change)


def _is_label(text: str, start: int) -> bool:
    """Whether the number at ``start`` is part of a name: 'Figure 3', 'Apollo 11', 'version 4'."""
    head = text[:start]
    if not head.endswith((" ", "-", "\u00a0")):
        return False
    words = head.split()
    if not words:
        return False
    before = words[-1]
    if before.casefold() in LABELS:
        return True
    starts_sentence = len(words) == 1 or words[-2].endswith((".", "!", "?", ":"))
    return (
        before[0].isupper()
        and before[-1].isalpha()
        and not before.endswith(_OWNING)
        and before.casefold() not in PLAIN_BEFORE
        and not starts_sentence
    )


def _value(match: re.Match[str]) -> tuple[float, int]:
    if match["digits"]:
        plain = re.sub(r"[,\u00a0\u202f]", "", match["digits"])
        return float(plain), len(plain.replace(".", "").lstrip("0").rstrip("0" if "." not in plain else ""))
    if match["single"]:
        return (0.5 if match["single"].lower().startswith("half") else 1.0), 1
    if match["words"]:
        parts = re.split(r"[ -]", match["words"].lower())
        return sum(SPELLED[part] for part in parts), 1
    return FRACTIONS[match["fraction"].lower()], 1


def _kind(unit: str, match: re.Match[str], value: float) -> tuple[str, float]:
    """What the number measures, and the factor to base units."""
    if match["currency"]:
        return CURRENCIES[match["currency"].strip().lower()], 1.0
    if unit.startswith("percent") or match["fraction"]:
        return "share", 1.0 if match["fraction"] else 0.01
    single = unit.rstrip("s") if len(unit) > 3 else unit
    if known := UNITS.get(unit) or UNITS.get(single):
        return known
    digits = match["digits"] or ""
    if re.fullmatch(r"1[0-9]\d\d|20\d\d", digits) and not match["scale"]:
        return "year", 1.0
    is_share = digits.startswith("0.") and 0 < value < 1
    return CURRENCIES.get(single, "share" if is_share else "count"), 1.0
