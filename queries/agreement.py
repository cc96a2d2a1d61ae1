"""Whether two sentences say the same, or speak against each other, by rules that prefer silence to error.

Nearness of vectors says that two sentences speak *about* the same; it cannot tell 'rises' from 'falls'. So agreement also
needs shared content words, the same numbers and the same polarity, and opposition needs a shared subject and a word that
turns the meaning round. A trained verifier replaces these rules where one is configured.
"""

from __future__ import annotations

import re
from typing import Final

from kb.text import words
from queries.topics import content_stems

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATIONS: Final = frozenset(
    "not no never none neither nor cannot can't can’t isn't isn’t aren't aren’t doesn't doesn’t don't don’t won't won’t wasn't "
    "weren't hardly rarely fails failed fail unable stop stops stopped prevent prevents prevented".split()
)
_OPPOSITES: Final = (
    ("inevitable", "avoidable avoided avoid avoids prevented prevent prevents preventable"),
    ("increase increases increased increasing raise raises raised rises rise grows grew", "decrease decreases decreased decreasing reduce reduces reduced reducing lower lowers lowered falls fell decline declines declined shrinks"),
    ("improve improves improved improving better helps", "degrade degrades degraded degrading worsen worsens worsened worse harms hurts harm hurt damages"),
    ("amplify amplifies amplified amplifying exacerbate exacerbates intensifies", "reduce reduces reduced mitigate mitigates mitigated mitigating correct corrects diminish diminishes counteract"),
    ("safe private anonymous protects protect", "unsafe leak leaks leaked exposes expose reveal reveals memorize memorizes memorise memorises"),
    ("reliable accurate trustworthy", "unreliable inaccurate untrustworthy biased"),
    ("possible", "impossible"),
    ("sufficient enough", "insufficient"),
    ("support supports supported confirm confirms confirmed", "contradict contradicts contradicted refute refutes refuted dispute disputes disputed"),
    ("cheaper cheap", "expensive costlier costly"),
    ("gain gains", "loss losses lose loses"),
    ("succeed succeeds success", "fail fails failure"),
)  # fmt: skip
_SIDES: Final[dict[str, list[tuple[int, int]]]] = {}
for _at, (_left, _right) in enumerate(_OPPOSITES):
    for _side, _words in ((0, _left), (1, _right)):
        for _word in _words.split():
            _SIDES.setdefault(_word, []).append((_at, _side))


def agree(a: str, b: str, similarity: float) -> bool:
    """Whether ``a`` and ``b`` make the same statement; ``similarity`` is the cosine of their vectors."""
    if similarity < 0.72 or not _same_numbers(a, b) or opposed(a, b):
        return False
    first, second = set(content_stems(a)), set(content_stems(b))
    shared = len(first & second)
    # The less the vectors agree, the more of the words must.
    needed = 0.75 - 0.9 * (similarity - 0.72)
    return shared >= 4 and shared / max(1, min(len(first), len(second))) >= needed


def speaks_against(a: str, b: str, similarity: float, common: frozenset[str] = frozenset()) -> bool:
    """Whether ``b`` denies ``a``: much the same subject, and one turn of meaning that only one of them has.

    ``common`` are the stems that every sentence on the topic shares: they say nothing about whether these two do.
    """
    if similarity < 0.64:
        return False
    first, second = ({stem for stem in content_stems(text) if not stem[0].isdigit()} - common for text in (a, b))
    shared = len(first & second)
    return shared >= 2 and shared / max(1, min(len(first), len(second))) >= 0.34 and opposed(a, b)


def opposed(a: str, b: str) -> bool:
    """Whether exactly one of the two turns the other's meaning: by negating what it says or by a word of opposite sense."""
    first, second = words(a), words(b)
    denied = _denies(first, second) != _denies(second, first)
    return denied != _opposite_words(first, second)


def _denies(tokens: list[str], other: list[str]) -> bool:
    """Whether ``tokens`` negate a word that ``other`` states without negation."""
    stated = set(content_stems(" ".join(other))) - set(_negated(other))
    return bool(set(_negated(tokens)) & stated)


def _negated(tokens: list[str]) -> list[str]:
    """Stems of the two content words after each negation: what it negates."""
    found: list[str] = []
    for at, token in enumerate(tokens):
        if token in _NEGATIONS:
            found.extend(content_stems(" ".join(tokens[at + 1 : at + 7]))[:2])
    return found


def _opposite_words(first: list[str], second: list[str]) -> bool:
    left = {side for word in first for side in _SIDES.get(word, ())}
    right = {side for word in second for side in _SIDES.get(word, ())}
    return any((at, 1 - side) in right and (at, side) not in right and (at, 1 - side) not in left for at, side in left)


def _same_numbers(a: str, b: str) -> bool:
    """Each number of the shorter sentence stands in the other."""
    first, second = set(_NUMBER.findall(a)), set(_NUMBER.findall(b))
    return first == second or not first or not second
