"""Quantities in English text: numbers with their unit, bound and rounding, shares, ratios, dates and years."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import prod
from typing import Final

from kb.backends._quantity import DATES, Bound, Quantity
from kb.backends._quantity_words import (
    CURRENCIES,
    FOLDS,
    FRACTIONS,
    LABELS,
    MONTH,
    MONTHS,
    PLAIN_BEFORE,
    SCALES,
    SMALL,
    TENS,
    UNITS,
)

_DATE: Final = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{MONTH})\b,?(?: (?P<year>\d{{4}}))?"
    rf"|(?P<month2>{MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year2>\d{{4}}))?"
    rf"|(?P<month3>{MONTH}) (?P<year3>\d{{4}})|(?P<iso>\d{{4}}-\d\d-\d\d))",
    re.IGNORECASE,
)
_SPELLED: Final = {**SMALL, **TENS}
_WORD: Final = "|".join(_SPELLED)
_NUMBER: Final = (
    r"(?P<digits>(?:\d{1,3}(?:[,\u00a0\u202f]\d{3})+|\d+)(?:\.\d+)?)"
    r"|(?P<single>(?:half )?a(?=[ -](?:hundred|thousand|million|billion|trillion)\b))"
    r"|(?P<fraction>(?:" + "|".join(sorted(FRACTIONS, key=len, reverse=True)) + r")\b)"
    rf"|(?P<words>(?:{_WORD})(?:[ -](?:{_WORD}))?\b)"
)
_ABOUT: Final = (
    r"about|around|approximately|roughly|nearly|almost|some|circa|ca\.?|close to|just over|just under|an estimated|~"
)
_ABOVE: Final = r"more than|over|at least|above|exceeding|exceeds?|exceeded|no fewer than|no less than|a minimum of|upwards of|(?:long|high|larg|great|bigg|tall|heavi|wid|deep)er than|>=?|\u2265"
_BELOW: Final = r"less than|fewer than|under|below|at most|up to|no more than|not more than|a maximum of|(?:short|low|small|light|narrow|shallow|cheap)er than|<=?|\u2264"
_SHORT: Final = 3
"""Letters of units that are only written behind figures."""
_QUANTITY: Final = re.compile(
    rf"(?:\b(?P<about>{_ABOUT})|\b(?P<above>{_ABOVE})|\b(?P<below>{_BELOW}))?\s*"
    r"(?P<currency>us\$|\$|\u20ac|\u00a3|\u00a5|\beur |\busd |\bgbp |\bchf )?\s?"
    rf"(?<![\w.,-])(?:{_NUMBER})"
    r"(?P<more> and a (?:half|quarter)\b)?"
    r"(?P<scale>(?:[ -]?(?:hundred|thousand|million|billion|trillion|bn|mn)\b|(?<=\d)k\b)*)"
    r"(?:\s?(?P<unit>%|percentage points?\b|per ?cent\b|[a-z\u00b5\u00b0]+\b(?:/[a-z]+)?))?",
    re.IGNORECASE,
)
_ONE_AND: Final = re.compile(
    rf"\b(?:an?|one) (?P<unit>{'|'.join(unit for unit in UNITS if len(unit) > _SHORT)}) and a (?P<more>half|quarter)\b",
    re.IGNORECASE,
)
"""'A decade and a half'."""
_IN: Final = re.compile(
    rf"\b(?:(?P<part>{'|'.join(SMALL)}|1) in (?:every )?|(?P<part2>{'|'.join(SMALL)}|\d{{1,3}}) out of (?:every )?)(?P<all>{_WORD}|\d{{1,3}})\b(?![.,]?\d)",
    re.IGNORECASE,
)
"""'One in eight', 'three out of every ten'."""
_FOLD: Final = re.compile(rf"\b(?P<fold>{'|'.join(FOLDS)})(?:ed|ing)\b(?! (?:down|up|back|over))", re.IGNORECASE)
"""'Doubled' and the like; 'nearly doubled' gives no number."""
LIMIT: Final = re.compile(rf"\b(?:(?P<about>{_ABOUT})|(?P<above>{_ABOVE})|(?P<below>{_BELOW}))\s*$", re.IGNORECASE)
"""Words before a number that make it a bound, or a rough one."""
_LONGEST: Final = 24
"""Characters that a bound takes at most."""
_UP_TO: Final = re.compile(r"\s+(?:to|until|till)\s+<?")
_FROM: Final = re.compile(r"\bfrom\s+$", re.IGNORECASE)
_PLAIN: Final = re.compile(rf"\d+(?:\.\d+)?|{_WORD}", re.IGNORECASE)
_BARE: Final = frozenset({"count", "year"})
_MONEY: Final = frozenset(CURRENCIES.values())
_MEASURED: Final = _MONEY | {"share"} | {kind for kind, _ in UNITS.values()} - _BARE - {"date", "ratio"}
_SCALED: Final = re.compile(r"\b(?:thousand|million|billion|trillion|bn|mn)$", re.IGNORECASE)
_JOINING: Final = frozenset(
    ("", *"in on at for from to and or by before after during last this a over until since".split())
)
"""What may stand behind a number that has no unit of its own."""
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
_THAN: Final = re.compile(
    r"(?: [a-z]+){0,2} (?:less|more|fewer|better|worse|[a-z]{2,}er)(?: [a-z]+)? than\b", re.IGNORECASE
)


def quantities(text: str) -> list[Quantity]:
    """Every quantity of ``text``, in order; numbers inside names ('COVID-19', 'Figure 3') are none."""
    return list(_read(text))


@lru_cache(maxsize=512)
def _read(text: str) -> tuple[Quantity, ...]:
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []
    for match in _DATE.finditer(text):
        found.append(_date(match))
        taken.append(match.span())
    for match in _ONE_AND.finditer(text):
        kind, factor = UNITS[match["unit"].lower()]
        value = 1.5 if match["more"].lower() == "half" else 1.25
        found.append(Quantity(match.group(), value * factor, kind, _limit(match, text), match.start(), 2, spelled=True))
        taken.append(match.span())
    for match in _IN.finditer(text):
        part, whole = (_plain(word) for word in (match["part"] or match["part2"], match["all"]))
        if part < whole:
            found.append(
                Quantity(match.group(), part / whole, "share", _limit(match, text), match.start(), 2, spelled=True)
            )
            taken.append(match.span())
    for match in _FOLD.finditer(text):
        bound = _limit(match, text)
        if bound in "=>":
            value = FOLDS[match["fold"].lower()]
            found.append(
                Quantity(match.group(), value, "ratio", bound.replace("=", "~"), match.start(), 1, spelled=True)
            )
    for match in _QUANTITY.finditer(text):
        start = next(match.start(name) for name in ("digits", "single", "words", "fraction") if match[name])
        if any(left <= start < right for left, right in taken):
            continue
        made = _quantity(match, text, start)
        if made is not None:
            found.append(made)
    return tuple(_compounded(_united(sorted(found, key=lambda quantity: quantity.start), text), text))


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
        elif paid and quantity.kind == "count" and quantity.noun in _JOINING and _SCALED.search(quantity.text):
            out[at] = replace(quantity, kind=paid, noun="")
    return out


def _ranges(left: Quantity, right: Quantity, text: str) -> bool:
    """Whether the text goes from one to the other; a year needs a 'from' to be none."""
    between = text[left.start + len(left.text) : right.start]
    return _UP_TO.fullmatch(between) is not None and (
        left.kind == "count" or _FROM.search(text, 0, left.start) is not None
    )


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


def _date(match: re.Match[str]) -> Quantity:
    if iso := match["iso"]:
        value = int(iso.replace("-", ""))
    else:
        year = int(match["year"] or match["year2"] or match["year3"] or 0)
        month = MONTHS[(match["month"] or match["month2"] or match["month3"]).lower()]
        value = year * 10000 + month * 100 + int(match["day"] or match["day2"] or 0)
    return Quantity(match.group().strip(), float(value), "date", start=match.start())


def _quantity(match: re.Match[str], text: str, start: int) -> Quantity | None:
    if match["digits"] and not match["currency"] and not match["scale"] and _is_label(text, start):
        return None
    value, digits = _value(match)
    if match["more"]:
        value += 0.5 if "half" in match["more"] else 0.25
    value *= _scale(match["scale"] or "")
    unit = (match["unit"] or "").casefold().replace("per cent", "percent")
    kind, factor = ("ratio", 1.0) if _TIMES.match(text, match.end("scale")) else _kind(unit, match, value)
    end = (
        match.end("unit")
        if unit and match["unit"] and (unit in UNITS or unit.rstrip("s") in UNITS)
        else match.end("scale")
    )
    shown = text[match.start("currency") if match["currency"] else start : end].strip()
    noun = unit if kind == "count" and factor == 1.0 else ""
    is_change = _BY.search(text, 0, match.start()) is not None or _THAN.match(text, end) is not None
    spelled = match["digits"] is None
    return Quantity(
        shown, value * factor, kind, _bound(match), start, digits, spelled, noun, factor, is_change=is_change
    )


def _plain(word: str) -> float:
    return float(word) if word.isdigit() else _SPELLED[word.lower()]


def _limit(match: re.Match[str], text: str) -> Bound:
    """The bound that stands before a match."""
    found = LIMIT.search(text[max(0, match.start() - _LONGEST) : match.start()])
    return _bound(found) if found else "="


def _bound(match: re.Match[str]) -> Bound:
    return ">" if match["above"] else "<" if match["below"] else "~" if match["about"] else "="


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
        before[0].isupper() and before[-1].isalpha() and before.casefold() not in PLAIN_BEFORE and not starts_sentence
    )


def _value(match: re.Match[str]) -> tuple[float, int]:
    if match["digits"]:
        plain = re.sub(r"[,\u00a0\u202f]", "", match["digits"])
        return float(plain), len(plain.replace(".", "").lstrip("0").rstrip("0" if "." not in plain else ""))
    if match["single"]:
        return (0.5 if match["single"].lower().startswith("half") else 1.0), 1
    if match["words"]:
        parts = re.split(r"[ -]", match["words"].lower())
        return sum(_SPELLED[part] for part in parts), 1
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
