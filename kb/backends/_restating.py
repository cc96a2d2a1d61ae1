"""A claim with its numbers written as its quote writes them: '1,600 metres' as '1.6 kilometres', 'over nine percent' as '9.1 percent'.

A model of this size reads words and not sizes: it takes another way to write a number for another number. Whether a number is borne
out is for the rules to say (:mod:`kb.backends._numbers`); once they have found it to be, the model is left with the rest. Meant for
quotes that are read whole: of a long one, the number may stand anywhere, beside anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kb.backends._numbers import borne_out_by, shares_told
from kb.backends._quantities import quantities
from kb.backends._quantity import DATES, Quantity, count_the_same
from kb.backends._quantity_bounds import LIMIT
from kb.backends._quantity_words import UNIT_WORD, UNITS

_LEFT: Final = DATES | {"ratio"}
_FEW: Final = 2
_MANY: Final = 1000
"""A count from which on the same number counts the same, whatever it is called."""
_ONE: Final = re.compile(
    rf"\b(?:an?|one) (?P<unit>{UNIT_WORD})\b(?! and a (?:half|quarter))",
    re.IGNORECASE,
)
_SIGN: Final = 5
"""Characters that a sign of a currency takes at most."""


def restated(quote: str, claim: str) -> str:
    """``claim``, each number that just one number of ``quote`` bears out written as there; dates and ratios are left."""
    ours = [*quantities(claim), *_single(claim)]
    if not ours:
        return claim
    theirs = [*quantities(quote), *shares_told(quote)]
    for quantity in sorted(ours, key=lambda one: -one.start):
        other = _only(quantity, theirs, claim)
        start = claim.find(quantity.text, max(0, quantity.start - _SIGN))
        end = start + len(quantity.text)
        if other is None or start < 0 or claim[end : end + 1].isalpha():
            continue
        bound = LIMIT.search(claim, 0, start)
        begin = bound.start() if bound else start
        if quantity.text.casefold() != other.text.casefold():
            claim = claim[:begin] + other.text + claim[end:]
        elif (
            bound
            and other.bound == quantity.bound
            and (said := LIMIT.search(quote, 0, quote.find(other.text, other.start)))
        ):
            claim = claim[:begin] + said.group() + claim[start:]
    return claim


def _single(claim: str) -> list[Quantity]:
    """'A kilogram', 'a year'."""
    return [
        Quantity(match.group(), factor, kind, start=match.start(), digits=1, unit=factor)
        for match in _ONE.finditer(claim)
        for kind, factor in [UNITS[match["unit"].lower()]]
    ]


def _only(quantity: Quantity, theirs: Sequence[Quantity], claim: str) -> Quantity | None:
    """The one number that bears ``quantity`` out; None where there is none, or several that differ."""
    if quantity.kind in _LEFT or (quantity.kind == "count" and quantity.value <= _FEW):
        return None
    fitting = [
        other
        for other in borne_out_by(quantity, theirs, claim)
        if count_the_same(quantity, other) or (quantity.kind == other.kind and quantity.value >= _MANY)
    ]
    return fitting[0] if len({other.value for other in fitting}) == 1 else None
