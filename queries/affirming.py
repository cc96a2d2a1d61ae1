"""What a claim denies, said as a claim: of 'it has no effect', 'it has some effect'.

Whoever contradicts 'it has no effect' says that it has one. A verifier that reads the denial alone is often sure of a contradiction
as soon as a sentence speaks of the same thing; so words against a denial are read beside what it denies as well.
"""

from __future__ import annotations

import re
from typing import Final

_TURNED: Final[tuple[tuple[str, str], ...]] = (
    (r"\bno longer\b", "still"),
    (r"\b(?:no one|nobody)\b", "someone"),
    (r"\bnothing\b", "something"),
    (r"\bnone of\b", "some of"),
    (r"\bnowhere\b", "somewhere"),
    (r"\bcan(?:not|['’]t| not)(?! only\b)", "can"),
    (r"\bwon['’]t\b", "will"),
    (r"\bshan['’]t\b", "shall"),
    (r"(?<=\w)n['’]t\b", ""),
    (r"^not (?=all\b|every\b|each\b)", ""),
    (r" not\b(?! (?:only|just|merely|least)\b)", ""),
    (r" never\b", ""),
    (r"\bno\b(?! doubt\b| matter\b| later\b| sooner\b| less\b| more\b| fewer\b|\. ?\d)", "some"),
    (r"\bwithout\b(?! (?:doubt|question|exception)\b)", "with"),
    (r"\bineffective\b", "effective"),
    (r"\bunrelated\b", "related"),
    (r"\bunable\b", "able"),
    (r"\bincapable\b", "capable"),
    (r"\bimpossible\b", "possible"),
    (r"\bunlikely\b", "likely"),
    (r"\bunsafe\b", "safe"),
    (r"\binsufficient\b", "sufficient"),
    (r"\blacks\b", "has"),
    (r"\black\b(?! of\b)", "have"),
)
"""Words that deny, and what stands in their place where nothing is denied."""
_DENIAL: Final = re.compile("|".join(f"({pattern})" for pattern, _ in _TURNED), re.IGNORECASE)


def affirmed(claim: str) -> str:
    """``claim`` without its denial; empty where it denies nothing, or more than once."""
    found = list(_DENIAL.finditer(claim))
    if len(found) != 1:
        return ""
    (denial,) = found
    word = _TURNED[(denial.lastindex or 1) - 1][1]
    turned = f"{claim[: denial.start()]}{word}{claim[denial.end() :]}".strip()
    return turned[:1].upper() + turned[1:] if claim[:1].isupper() else turned
