"""What two figures of a sentence say of two things.

Of '5.2 % in the north and 7.9 % in the south', that the south has more, and that the north has not 7.9 %.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from kb.backends._direction_words import AMOUNT
from kb.backends._quantities import quantities
from kb.backends._quantity import DATES, Quantity, count_the_same
from kb.backends._relations import Compared, Relation, stems_of

_CUT: Final = re.compile(r"[,;]|\b(?:and|but|while|whereas|against|versus)\b", re.IGNORECASE)
_UNSURE: Final = re.compile(r"\b(?:respectively|not|no|than|by|from|of which|out of)\b|n['\u2019]t\b", re.IGNORECASE)
"""Words with which a figure may tell of something else than how much its part of the sentence has."""
_SHARED: Final = re.compile(
    r"\b(?:respectively|between|not|no|nor|never|without|other than|until|till|since|before|after|of which|out of|total|sum|combined|together|both|all|average|mean|compared|against)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
"""Words with which a figure may belong to more than its own part of the sentence."""
_ONE: Final = 1
"""'The large one' has no figure."""
_MEASURED: Final = frozenset({AMOUNT, "length", "heat", "weight", "age", "cost", "width", "depth", "water"})
"""Scales on which the one with the larger figure has more."""


def compare_figures(said: Sequence[Relation], parts: Sequence[str], claim: str) -> Compared | None:
    """What ``claim`` has ``said`` of two things beside the figures that one of the ``parts`` of a quote gives of them; None if unsure."""
    ours = [relation for relation in said if relation.scale in _MEASURED and relation.right]
    if len(ours) != 1 or any(quantity.value > _ONE for quantity in quantities(claim)):
        return None
    for part in parts:
        if _UNSURE.search(part):
            continue
        pair = _pair(part)
        if pair is None:
            continue
        (left, left_words), (right, right_words) = pair
        straight = _meet(ours[0], left_words, right_words)
        crossed = _meet(ours[0], right_words, left_words)
        is_told = ours[0].own_left | ours[0].own_right <= stems_of(part)
        if is_told and straight != crossed and left.value != right.value:
            is_more = (left.value > right.value) is straight
            alike = is_more is (ours[0].sign > 0)
            return Compared(alike, crossed=False, quote_word=f"{left.text}, {right.text}", claim_word=ours[0].word)
    return None


def misplaced(quote: str, nearest: str, claim: str) -> tuple[Quantity, Quantity] | None:
    """The figure that ``nearest``, a sentence of ``quote``, gives for what ``claim`` speaks of, and the claim's, which it gives for else.

    Only where both figures have words of their own behind them, the claim has none of those that stand with its own figure, and no
    other sentence has that.
    """
    if _SHARED.search(nearest) or _SHARED.search(claim):
        return None
    pair = _pair(nearest)
    stated = [quantity for quantity in quantities(claim) if quantity.kind not in DATES]
    if pair is None or len(stated) != 1:
        return None
    (left, left_words), (right, right_words) = pair
    head = stems_of(nearest[: left.start])
    (ours,) = stated
    words = stems_of(claim) - _figures(ours)
    fits_left, fits_right = (ours.kind == other.kind and ours.fits(other) for other in (left, right))
    left_words, right_words = left_words - head - _figures(left), right_words - _figures(right)
    behind, beside = left_words & words, right_words & words
    elsewhere = any(ours.kind == other.kind and ours.fits(other) for other in quantities(quote.replace(nearest, " ")))
    if fits_left == fits_right or elsewhere or not left_words or not right_words:
        return None
    if fits_left and beside and not behind:
        return right, ours
    if fits_right and behind and not beside:
        return left, ours
    return None


def _figures(quantity: Quantity) -> frozenset[str]:
    return stems_of(f"{quantity.text} {quantity.noun}")


def _meet(relation: Relation, left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether the relation's sides are those of the two figures; what is compared may stand on the left of both."""
    return bool(relation.own_left & left and relation.own_right & right and not relation.own_right & left)


def _pair(sentence: str) -> tuple[tuple[Quantity, frozenset[str]], tuple[Quantity, frozenset[str]]] | None:
    """The only two figures of one kind, each with the words that only its part of the sentence has."""
    there = [quantity for quantity in quantities(sentence) if quantity.kind not in DATES]
    pairs = [(a, b) for a, b in pairwise(there) if count_the_same(a, b)]
    if len(pairs) != 1:
        return None
    (left, right) = pairs[0]
    cuts = list(_CUT.finditer(sentence, left.start + len(left.text), right.start))
    if not cuts:
        return None
    joined = [cut for cut in cuts if cut.group().isalpha()]
    at = (joined or cuts)[-1].start()
    ours, theirs = (stems_of(text) for text in (sentence[:at], sentence[at:]))
    return (left, ours - theirs), (right, theirs - ours)
