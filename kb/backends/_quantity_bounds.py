"""Words that make a number a bound or a rough one: 'more than', 'at most', 'about'."""

from __future__ import annotations

import re
from typing import Final

from kb.backends._quantity import Bound

ABOUT: Final = (
    r"about|around|approximately|roughly|nearly|almost|some|circa|ca\.?|close to|just over|just under|an estimated|~"
)
ABOVE: Final = r"more than|(?<!hand )(?<!handed )(?<!took )(?<!take )(?<!taken )(?<!turned )(?<!carried )over|at least|above|beyond|exceeding|exceeds?|exceeded|no fewer than|no less than|a minimum of|upwards of|(?:long|high|larg|great|bigg|tall|heavi|wid|deep|thick|old|warm|hott|fast|strong)er than|>=?|\u2265"
BELOW: Final = r"less than|fewer than|under|below|at most|up to|as much as|as many as|no more than|not more than|a maximum of|(?:short|low|small|light|narrow|shallow|cheap|thinn|young|cold|cool|slow)er than|<=?|\u2264"
LIMIT: Final = re.compile(rf"\b(?:(?P<about>{ABOUT})|(?P<above>{ABOVE})|(?P<below>{BELOW}))\s*$", re.IGNORECASE)
"""Words before a number that make it a bound, or a rough one."""
_LONGEST: Final = 24
"""Characters that a bound takes at most."""


def limit_before(match: re.Match[str], text: str) -> Bound:
    """The bound that stands before a match."""
    found = LIMIT.search(text[max(0, match.start() - _LONGEST) : match.start()])
    return bound_of(found) if found else "="


def bound_of(match: re.Match[str]) -> Bound:
    """The bound that a match's groups ``about``, ``above`` and ``below`` name."""
    return ">" if match["above"] else "<" if match["below"] else "~" if match["about"] else "="
