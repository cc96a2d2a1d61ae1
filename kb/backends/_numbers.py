"""Whether the numbers of a claim are those of its quote, or what arithmetic gives from two of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Final, Literal

from kb.backends._direction_words import SENTENCE_END
from kb.backends._figures import misplaced
from kb.backends._periods import may_agree, periods
from kb.backends._quantities import quantities
from kb.backends._quantity import DATES, Quantity
from kb.backends._quantity_words import UNITS
from kb.backends.memory_lexical import analyse

NumberRule = Literal["number differs", "number missing", "number agrees"]

_COUNTED: Final = 12
_EXACT: Final = 5e-4
_NEARLY: Final = 0.01
_ROUGHLY: Final = 0.06
_BOTH: Final = 2
_YEAR: Final = UNITS["year"][1]
_DECADE: Final = UNITS["decade"][1]
_MONTH: Final = UNITS["month"][1]
_WHOLE: Final = 0.02
_RELATIVE: Final = DATES | {"share", "ratio"}
_OF_THE: Final = re.compile(r" (?:out )?of (?:the |its |their |his |her |our |all )?")
_OF_ALL: Final = re.compile(r"\bof (?:the |its |their |his |her |our |all )?$", re.IGNORECASE)
_CHANGE: Final = re.compile(
    r"\b(?:by|than|up|down|more|less|fewer|extra|additional|further|another|differ\w*|gap|margin|lead\w*|led|ahead|behind|premium|discount"
    r"|advantage|surplus|deficit|delay\w*|sav(?:e|es|ed|ing|ings)|gain\w*|los[ets]\w*|chang\w*|ris(?:e|es|en|ing)|rose|rais\w*"
    r"|increas\w*|gr[eo]w\w*|climb\w*|jump\w*|surg\w*|f[ae]ll\w*|drop\w*|declin\w*|decreas\w*|reduc\w*|cut\w*|shr[aiu]nk\w*"
    r"|expan\w*|improv\w*|shift\w*|mov\w*|\w{2,}er)\b|\+",
    re.IGNORECASE,
)
"""Words of a claim whose numbers may tell by how much and not how much."""
_DENIES: Final = re.compile(r"\b(?:not|no|never|nobody|none|nor|neither|yet)\b|n't\b", re.IGNORECASE)
_MULTIPLE: Final = re.compile(r"\b(?:twice|thrice|doubl\w*|tripl\w*|quadrupl\w*|\w*fold|times)\b", re.IGNORECASE)
"""Words of a quote that tell ratios itself."""


def compare_numbers(
    quote: str, nearest: str, claim: str, *, close: bool, aligned: bool, spread: bool
) -> tuple[NumberRule, str] | None:
    """What is to say of the numbers of ``claim``, and why; None where it has none, or nothing is sure.

    ``nearest`` is the sentence of ``quote`` that shares most with the claim; only where it is ``aligned`` with the claim does it
    give another number in its place, also where a sentence beside it, about something else, has the claim's. Two numbers of a
    quote over which the claim is ``spread`` give another ratio. Where that sentence is ``close`` to the claim, a number of it that it gives
    for something else is another number.
    """
    wanted = [quantity for quantity in quantities(claim) if not _trivial(quantity)]
    if not wanted:
        return None
    parts = _parts_told(nearest)
    there = [*quantities(quote), *parts]
    is_level = _CHANGE.search(claim) is None
    missing = [quantity for quantity in wanted if not _borne_out(quantity, there, is_level=is_level)]
    if not missing:
        strayed = _strayed(wanted, nearest, quote, claim, is_level=is_level) if aligned else None
        moved = misplaced(quote, nearest, claim) if close and not strayed else None
        if told := strayed or (moved and (moved[0].text, moved[1].text)):
            return "number differs", "number differs: {} / {}".format(*told)
        return "number agrees", "the numbers agree: " + ", ".join(quantity.text for quantity in wanted[:3])
    near = [quantity for quantity in quantities(nearest) if not (is_level and quantity.is_change)]
    elsewhen = _elsewhen(wanted, claim, near, nearest)
    for quantity in missing:
        if quantity.kind == "share" and len(parts) == 1 and aligned:
            rivals = parts[0].text
        elif quantity.kind == "ratio":
            rivals = _other_ratio(quantity, there, quote) if spread or _both_years(wanted, there) else ""
        else:
            rival = _rival(quantity, near, nearest, claim) if aligned else None
            if rival in elsewhen.get(quantity, ()):
                rival = None
            rivals = rival.text if rival else ""
        if rivals:
            return "number differs", f"number differs: {rivals} / {quantity.text}"
    if large := [quantity for quantity in missing if not _small(quantity) and not elsewhen.get(quantity)]:
        return "number missing", f"the number {large[0].text} is not in the quote"
    return None


def _parts_told(sentence: str) -> list[Quantity]:
    """The shares that a sentence gives as so many of so many: '3 of the 45 bridges', 'of the 80 samples, 20'."""
    told: list[Quantity] = []
    for left, right in pairwise(quantities(sentence)):
        if left.kind != "count" or right.kind != "count":
            continue
        between = sentence[left.start + len(left.text) : right.start]
        few, many = (left, right) if _OF_THE.fullmatch(between) else (right, left)
        is_told = few is left or (_OF_ALL.search(sentence, 0, left.start) and "," in between)
        if is_told and few.value < many.value:
            told.append(
                Quantity(f"{few.text} of {many.text}", few.value / many.value, "share", start=few.start, digits=2)
            )
    return told


def _elsewhen(
    wanted: Sequence[Quantity], claim: str, near: Sequence[Quantity], nearest: str
) -> dict[Quantity, list[Quantity]]:
    """The dates of the nearest sentence that are another date than one of the claim's, and may tell of the same time."""
    theirs = periods(nearest, near)
    denies = _DENIES.search(claim) is not None
    return {
        date: [other for other, period in theirs.items() if may_agree(ours, period, denies=denies)]
        for date, ours in periods(claim, wanted).items()
    }


def _trivial(quantity: Quantity) -> bool:
    """Counts of one and two ('one of the', 'both') stand in few quotes as such, nor does 'one litre'."""
    return (quantity.kind == "count" and quantity.value <= 2) or (quantity.spelled and quantity.value == quantity.unit)


def _small(quantity: Quantity) -> bool:
    """Whether a reader counts so far without being told: 'four goals' of '3-1', 'four centuries' of a span of years."""
    if quantity.unit >= _DECADE:
        return quantity.value <= _COUNTED * quantity.unit
    return quantity.kind in {"count", "ratio"} and quantity.value <= _COUNTED


def _borne_out(claim: Quantity, there: Sequence[Quantity], *, is_level: bool) -> bool:
    """Whether one of these, or what two of them give, is the claim's; what something is, is not by how much it changed."""
    if _fitting(claim, there, is_level=is_level):
        return True
    if claim.kind in DATES:
        return any(claim.fits(date) for date in _reckoned(there))
    pairs = [(a, b) for a, b in combinations(there, 2) if a.kind == b.kind and a.kind != "date" and a.value and b.value]
    if claim.kind == "ratio":
        return any(claim.fits(_ratio(claim, a, b)) for a, b in pairs)
    if claim.kind == "share" and any(other.kind == "share" and " of " in other.text for other in there):
        pairs = [(a, b) for a, b in pairs if a.kind != "count"]
    slack = _ROUGHLY if claim.bound != "=" else _NEARLY
    if any(_equal(claim.value, value, _EXACT) for value in _scaled(claim, there)):
        return True
    return any(_equal(claim.value, value, slack) for a, b in pairs for value in _derived(claim, a, b))


def _scaled(claim: Quantity, there: Sequence[Quantity]) -> list[float]:
    """What a share that the quote gives makes of another of its numbers: a tenth of the workforce, 900 people, of 9,000."""
    if claim.kind in _RELATIVE or _small(claim):
        return []
    shares = [other.value for other in there if other.kind == "share" and 0 < other.value < 1]
    levels = [other.value for other in there if other.kind == claim.kind and not (other.is_change or _small(other))]
    return [made for level in levels for share in shares for made in (level * share, level / share)]


def borne_out_by(quantity: Quantity, there: Sequence[Quantity], claim: str) -> list[Quantity]:
    """Which of the numbers ``there`` are that ``quantity`` of a ``claim``, in another unit, rounded or bounded; nothing is reckoned."""
    return _fitting(quantity, there, is_level=_CHANGE.search(claim) is None)


def _fitting(claim: Quantity, there: Sequence[Quantity], *, is_level: bool) -> list[Quantity]:
    return [
        other
        for other in there
        if _comparable(claim, other) and claim.fits(other) and not (is_level and other.is_change)
    ]


def _derived(claim: Quantity, a: Quantity, b: Quantity) -> list[float]:
    """Sums, differences, ratios and spans of years: what arithmetic may give is no rule's matter."""
    if a.kind == "year":
        return [abs(a.value - b.value) * (_YEAR if claim.kind == "time" else 1.0)]
    out: list[float] = []
    if claim.kind == "share" or _small(claim):
        out = [a.value / b.value, b.value / a.value, abs(1 - a.value / b.value), abs(1 - b.value / a.value)]
    if a.kind == claim.kind:
        exact = (a.value + b.value, abs(a.value - b.value))
        out += [value for value in exact if claim.bound != "=" or _equal(claim.value, value, _EXACT)]
    return out


def _reckoned(there: Sequence[Quantity]) -> list[Quantity]:
    """The dates that lie one of the given spans, in whole months or years, before or after one of the given dates."""
    spans = [(span.value / _MONTH, span.unit >= _YEAR) for span in there if span.kind == "time" and span.unit >= _MONTH]
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


def _strayed(
    wanted: Sequence[Quantity], nearest: str, quote: str, claim: str, *, is_level: bool
) -> tuple[str, str] | None:
    """Another number in the claim's nearest sentence, and the claim's, where that stands in a sentence sharing nothing else."""
    near = quantities(nearest)
    others = [(text, quantities(text)) for text in SENTENCE_END.split(quote) if text not in nearest]
    words = _words(claim)
    for quantity in wanted:
        if _borne_out(quantity, near, is_level=is_level):
            continue
        rival = _rival(quantity, near, nearest, claim)
        if rival is None or any(_comparable(other, rival) and other.fits(rival) for other in wanted):
            continue
        homes = [text for text, held in others if any(_comparable(quantity, q) and quantity.fits(q) for q in held)]
        if homes and not any(words & _words(text) for text in homes):
            return rival.text, quantity.text
    return None


def _words(text: str) -> set[str]:
    return {stem for stem in analyse(text) if not any(map(str.isdigit, stem))}


def _ratio(claim: Quantity, a: Quantity, b: Quantity) -> Quantity:
    """How many times the smaller the larger is."""
    return replace(claim, value=max(a.value / b.value, b.value / a.value), bound="~")


def _both_years(wanted: Sequence[Quantity], there: Sequence[Quantity]) -> bool:
    """Whether the claim compares two years of which the quote speaks."""
    years = {quantity.value for quantity in wanted if quantity.kind == "year"}
    return len(years) == _BOTH and years <= {quantity.value for quantity in there if quantity.kind == "year"}


def _other_ratio(claim: Quantity, there: Sequence[Quantity], quote: str) -> str:
    """The two numbers of a quote whose ratio is another one than the claim's; '' where it has not just two, or tells ratios itself."""
    kinds = Counter(quantity.kind for quantity in there if quantity.kind not in DATES and quantity.value)
    several = [kind for kind, count in kinds.items() if count > 1]
    if len(several) != 1 or kinds[several[0]] != _BOTH or _MULTIPLE.search(quote):
        return ""
    one, two = (quantity for quantity in there if quantity.kind == several[0] and quantity.value)
    return "" if claim.fits(_ratio(claim, one, two)) else f"{one.text}, {two.text}"


def _equal(left: float, right: float, slack: float) -> bool:
    return abs(left - right) <= slack * max(abs(left), abs(right))


def _comparable(claim: Quantity, other: Quantity) -> bool:
    return claim.kind == other.kind or (claim.kind in DATES and other.kind in DATES)


def _rival(quantity: Quantity, near: Sequence[Quantity], quote: str, claim: str) -> Quantity | None:
    """The quantity of the same kind that the quote gives in its place; None where the quote does not exclude the claim's."""
    same = [other for other in near if _comparable(quantity, other)]
    if _small(quantity) and not (quantity.kind == "time" and quantity.bound in "<>"):
        same = [other for other in same if quantity.noun and analyse(other.noun) == analyse(quantity.noun)]
    if not same:
        return None
    wanted = _around(claim, quantity)
    best = max(same, key=lambda other: len(wanted & _around(quote, other)))
    if quantity.kind in {"count", "time"} and len(same) > 1 and not wanted & _around(quote, best):
        return None
    excluded = not (quantity.bound in "<>" and best.bound == quantity.bound) and best.value != quantity.value
    return best if excluded else None


def _around(text: str, quantity: Quantity) -> set[str]:
    start, end = max(0, quantity.start - 40), quantity.start + len(quantity.text) + 40
    return _words(text[start:end])
