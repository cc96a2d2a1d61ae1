"""What two figures of a sentence say of two things: of '5.2 % in the north and 7.9 % in the south', that the south has more."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from kb.backends._direction_words import AMOUNT
from kb.backends._quantities import quantities
from kb.backends._quantity import Quantity
from kb.backends._relations import Compared, Relation, stems_of
from kb.backends.memory_lexical import analyse

_CUT: Final = re.compile(r"[,;]|\b(?:and|but|while|whereas|against|versus)\b", re.IGNORECASE)
_UNSURE: Final = re.compile(r"\b(?:respectively|not|no|than|by|from|of which|out of)\b|n['\u2019]t\b", re.IGNORECASE)
"""Words with which a figure may tell of something else than how much its part of the sentence has."""
_ONE: Final = 1
"""'The large one' has no figure."""
_MEASURED: Final = frozenset({AMOUNT, "length", "heat", "weight", "age", "cost", "width", "depth", "water"})
"""Scales on which the one with the larger figure has more."""


def compare_figures(reader: Callable[[str], tuple[Relation, ...]], parts: Sequence[str], claim: str) -> Compared | None:
    """What ``claim`` says of two things beside the figures that one of the ``parts`` of a quote gives of them; None if unsure."""
    ours = [relation for relation in reader(claim) if relation.scale in _MEASURED and relation.right]
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
        said = ours[0].own_left | ours[0].own_right <= stems_of(part)
        if said and straight != crossed and left.value != right.value:
            is_more = (left.value > right.value) is straight
            alike = is_more is (ours[0].sign > 0)
            return Compared(alike, crossed=False, quote_word=f"{left.text}, {right.text}", claim_word=ours[0].word)
    return None


def _meet(relation: Relation, left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether the relation's sides are those of the two figures; what is compared may stand on the left of both."""
    return bool(relation.own_left & left and relation.own_right & right and not relation.own_right & left)


def _pair(sentence: str) -> tuple[tuple[Quantity, frozenset[str]], tuple[Quantity, frozenset[str]]] | None:
    """The only two figures of one kind, each with the words that only its part of the sentence has."""
    there = [quantity for quantity in quantities(sentence) if quantity.kind not in {"year", "date"}]
    pairs = [(a, b) for a, b in pairwise(there) if a.kind == b.kind and _noun(a) == _noun(b)]
    if len(pairs) != 1:
        return None
    (left, right) = pairs[0]
    cuts = list(_CUT.finditer(sentence, left.start + len(left.text), right.start))
    if not cuts:
        return None
    ours, theirs = (stems_of(text) for text in (sentence[: cuts[-1].start()], sentence[cuts[-1].start() :]))
    return (left, ours - theirs), (right, theirs - ours)


def _noun(quantity: Quantity) -> tuple[str, ...]:
    return tuple(analyse(quantity.noun)) if quantity.kind == "count" else ()
