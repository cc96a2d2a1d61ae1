"""Whether the numbers of a claim are those of its quote, or what arithmetic gives from two of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal

from kb.backends._direction_words import SENTENCE_END
from kb.backends._figures import misplaced
from kb.backends._periods import may_agree, periods
from kb.backends._quantities import JOINING, named, quantities
from kb.backends._quantity import DATES, Quantity
from kb.backends._quantity_bounds import LIMIT
from kb.backends._quantity_words import UNITS
from kb.backends._reckoning import YEAR, borne_out, comparable, fitting, other_ratio, small, stands
from kb.backends.memory_lexical import analyse

NumberRule = Literal["number differs", "number other", "number missing", "number unseen", "number agrees"]

NOT_BORNE_OUT: Final[frozenset[NumberRule]] = frozenset({"number differs", "number other", "number missing"})
"""With these no claim is supported, whatever else agrees."""
_MANY: Final = 4
"""Numbers of a quote from which on what it does not give may be reckoned from them in more ways than are tried here."""
_BOTH: Final = 2
_ANOTHER: Final = 2
"""Words of a claim that its quote does not have, from which on another number may well be another thing's, or reckoned.

Of what is labelled for training, the claim was then contradicted in a third of the cases; with fewer such words in eight of ten.
"""
_LITTLE: Final = frozenset(analyse(" ".join(JOINING)))
"""Words that say nothing of what a number is of."""
OTHERWISE: Final = 5
"""Such words from which on a claim is told otherwise altogether: a number that is not there says nothing then of whether it holds, and a
relation that goes the other way is as often another one."""
_OF_THE: Final = re.compile(r" (?:out )?of (?:the |its |their |his |her |our |all )?")
_OF_ALL: Final = re.compile(r"\bof (?:the |its |their |his |her |our |all )?$", re.IGNORECASE)
_CHANGE: Final = re.compile(
    r"\b(?:by|than|above|below|up|down|more|less|fewer|extra|additional|further|another|differ\w*|gap|margin|lead\w*|led|ahead|behind|premium|discount"
    r"|advantage|surplus|deficit|delay\w*|sav(?:e|es|ed|ing|ings)|gain\w*|los[ets]\w*|chang\w*|ris(?:e|es|en|ing)|rose|rais\w*"
    r"|increas\w*|gr[eo]w\w*|climb\w*|jump\w*|surg\w*|f[ae]ll\w*|drop\w*|declin\w*|decreas\w*|reduc\w*|cut\w*|shr[aiu]nk\w*"
    r"|expan\w*|improv\w*|shift\w*|mov\w*|\w{2,}er)\b|\+",
    re.IGNORECASE,
)
"""Words of a claim whose numbers may tell by how much and not how much."""
_DENIES: Final = re.compile(r"\b(?:not|no|never|nobody|none|nor|neither|yet)\b|n't\b", re.IGNORECASE)
_NEXT: Final = re.compile(
    r"\b(?:previous|preceding|prior|last|following|next) (?:year|spring|summer|autumn|fall|winter|season)\b|\byear (?:before|earlier|ago|after|later)\b",
    re.IGNORECASE,
)
"""A year counted from another one."""
_BARE_SPAN: Final = re.compile(r"\b(?:year|decade|century|fortnight|hour|week|month|day)\b", re.IGNORECASE)
_MOST: Final = re.compile(r"\b(?:most|majority)\b", re.IGNORECASE)
_HALVED: Final = re.compile(r"\bhalv(?:e|es|ed|ing)\b", re.IGNORECASE)
_MULTIPLE: Final = re.compile(r"\b(?:twice|thrice|doubl\w*|tripl\w*|quadrupl\w*|\w*fold|times)\b", re.IGNORECASE)
"""Words of a quote that tell ratios itself."""


def compare_numbers(
    quote: str, nearest: str, claim: str, *, close: bool, aligned: bool
) -> tuple[NumberRule, str] | None:
    """What is to say of the numbers of ``claim``, and why; None where it has none, or nothing is sure.

    ``nearest`` is the sentence of ``quote`` that shares most with the claim; only where it is ``aligned`` with the claim does it
    give another number in its place, also where a sentence beside it, about something else, has the claim's. Two numbers of a
    quote that has half of the claim's other words give another ratio. Where that sentence is ``close`` to the claim, a number of it that it gives
    for something else is another number.
    """
    wanted = [quantity for quantity in quantities(claim) if not _trivial(quantity)]
    if not wanted:
        return None
    parts = shares_told(nearest)
    there = [*quantities(quote), *named(quote), *parts, *_told_in_words(quote)]
    is_level = _CHANGE.search(claim) is None
    missing = [quantity for quantity in wanted if not borne_out(quantity, there, is_level=is_level)]
    if not missing:
        strayed = _strayed(wanted, nearest, quote, claim, is_level=is_level) if aligned else None
        moved = misplaced(quote, nearest, claim) if close and not strayed else None
        if told := strayed or (moved and (moved[0].text, moved[1].text)):
            return _differs(*told, sure=_strange(quote, claim) < _ANOTHER)
        return "number agrees", "the numbers agree: " + ", ".join(quantity.text for quantity in wanted[:3])
    strange = _strange(quote, claim)
    near = [quantity for quantity in quantities(nearest) if not (is_level and quantity.is_change)]
    elsewhen = _elsewhen(wanted, claim, near, nearest)
    for quantity in missing:
        if quantity.kind == "share" and len(parts) == 1 and aligned:
            rivals = parts[0].text
        elif quantity.kind == "ratio":
            is_spread = 2 * strange <= len(_told_of(claim)) or _both_years(wanted, there)
            rivals = _other_ratio(quantity, there, quote) if is_spread else ""
        else:
            rival = _rival(quantity, near, nearest, claim) if aligned else None
            if rival in elsewhen.get(quantity, ()):
                rival = None
            rivals = rival.text if rival else ""
        if rivals:
            return _differs(rivals, quantity.text, sure=quantity.kind == "ratio" or strange < _ANOTHER)
    large = [
        quantity
        for quantity in missing
        if not (small(quantity) or quantity.is_span or elsewhen.get(quantity) or stands(quantity, there))
    ]
    if large:
        is_told = strange < OTHERWISE and len(quantities(quote)) + len(named(quote)) < _MANY
        rule: NumberRule = "number missing" if is_told else "number unseen"
        return rule, f"the number {large[0].text} is not in the quote"
    return None


def _differs(theirs: str, ours: str, *, sure: bool) -> tuple[NumberRule, str]:
    """That the quote gives another number: in the claim's place or, where that is not ``sure``, perhaps for another thing."""
    if sure:
        return "number differs", f"number differs: {theirs} / {ours}"
    return "number other", f"another number: {theirs} / {ours}"


def _told_in_words(quote: str) -> list[Quantity]:
    """What a quote gives without a number: 'within a year', 'the preceding decade', 'most of them', 'halved'."""
    told = [
        Quantity(
            match.group(), UNITS[match.group().lower()][1], "time", unit=UNITS[match.group().lower()][1], spelled=True
        )
        for match in _BARE_SPAN.finditer(quote)
    ]
    if _NEXT.search(quote):
        told.append(Quantity("a year", YEAR, "time", unit=YEAR, spelled=True))
    told += [Quantity(match.group(), 0.5, "share", ">", spelled=True) for match in _MOST.finditer(quote)]
    told += [Quantity(match.group(), 0.5, "share", spelled=True) for match in _HALVED.finditer(quote)]
    return told


def shares_told(sentence: str) -> list[Quantity]:
    """The shares that a sentence gives as so many of so many: '3 of the 45 bridges', 'of the 80 samples, 20'."""
    told: list[Quantity] = []
    for left, right in pairwise(quantities(sentence)):
        if left.kind != right.kind or left.kind in DATES | {"share", "ratio"}:
            continue
        between = sentence[left.start + len(left.text) : right.start]
        few, many = (left, right) if _OF_THE.fullmatch(between) else (right, left)
        is_told = few is left or (_OF_ALL.search(sentence, 0, left.start) and "," in between)
        if is_told and few.value < many.value:
            told.append(
                Quantity(
                    f"{few.text} of {many.text}",
                    few.value / many.value,
                    "share",
                    start=few.start,
                    digits=2,
                    is_told=True,
                )
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


def _strayed(
    wanted: Sequence[Quantity], nearest: str, quote: str, claim: str, *, is_level: bool
) -> tuple[str, str] | None:
    """Another number in the claim's nearest sentence, and the claim's, where that stands in a sentence sharing nothing else."""
    near = quantities(nearest)
    others = [(text, quantities(text)) for text in SENTENCE_END.split(quote) if text not in nearest]
    words = _words(claim)
    for quantity in wanted:
        if borne_out(quantity, near, is_level=is_level):
            continue
        rival = _rival(quantity, near, nearest, claim)
        if rival is None or any(comparable(other, rival) and other.fits(rival) for other in wanted):
            continue
        homes = [text for text, held in others if any(comparable(quantity, q) and quantity.fits(q) for q in held)]
        if homes and not any(words & _words(text) for text in homes):
            return rival.text, quantity.text
    return None


def borne_out_by(quantity: Quantity, there: Sequence[Quantity], claim: str) -> list[Quantity]:
    """Which of the numbers ``there`` are that ``quantity`` of a ``claim``, in another unit, rounded or bounded; nothing is reckoned."""
    return fitting(quantity, there, is_level=_CHANGE.search(claim) is None)


def _words(text: str) -> set[str]:
    return {stem for stem in analyse(text) if not any(map(str.isdigit, stem))}


def _strange(quote: str, claim: str) -> int:
    """How many words of a claim that tell what its numbers are of stand nowhere in the quote."""
    return len(_told_of(claim) - _words(quote))


def _told_of(claim: str) -> set[str]:
    """The words of a claim that tell what its numbers are of."""
    return _words(_without_numbers(claim)) - _LITTLE


def _without_numbers(text: str) -> str:
    """``text`` without its numbers, their units, and what makes them a bound."""
    kept, at = "", 0
    for quantity in quantities(text):
        kept += LIMIT.sub(" ", text[at : quantity.start]) + " "
        at = max(at, quantity.start + len(quantity.text))
    return kept + text[at:]


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
    return f"{one.text}, {two.text}" if other_ratio(claim, one, two) else ""


def _rival(quantity: Quantity, near: Sequence[Quantity], quote: str, claim: str) -> Quantity | None:
    """The quantity of the same kind that the quote gives in its place; None where the quote does not exclude the claim's."""
    same = [other for other in near if comparable(quantity, other)]
    if small(quantity) and not (quantity.kind == "time" and quantity.bound in "<>"):
        same = [other for other in same if quantity.noun and analyse(other.noun) == analyse(quantity.noun)]
    if not same:
        return None
    wanted = _around(claim, quantity)
    best = max(same, key=lambda other: len(wanted & _around(quote, other)))
    if quantity.kind in {"count", "time"} and len(same) > 1 and not wanted & _around(quote, best):
        return None
    if _reaches(best, quantity):
        ends = [other for other in same if {other.bound, best.bound} == {"<", ">"}]
        if not ends or _reaches(ends[0], quantity):
            return None
        best = ends[0]
    excluded = not (quantity.bound in "<>" and best.bound == quantity.bound) and best.value != quantity.value
    if quantity.kind in DATES and best.fits(quantity):
        return None
    return best if excluded else None


def _reaches(bound: Quantity, quantity: Quantity) -> bool:
    """Whether ``bound`` is one, and the quantity on its side."""
    return (bound.bound == ">" and quantity.value > bound.value) or (
        bound.bound == "<" and quantity.value < bound.value
    )


def _around(text: str, quantity: Quantity) -> set[str]:
    start, end = max(0, quantity.start - 40), quantity.start + len(quantity.text) + 40
    return _words(text[start:end])
