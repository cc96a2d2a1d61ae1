"""What of a claim a long quote does not hold at all.

A short quote is read whole, and a model sees what is missing. Of a long one only windows are read, each of which lacks something
and each of which may be near the claim: whether anything of the claim stands nowhere shows only in the whole.
"""

from __future__ import annotations

import re
from typing import Final

from kb.backends.memory_lexical import analyse
from kb.text import words

COVERAGE: Final = ("words missing", "names missing")
_NAME: Final = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w'’-]*|\d[\d.,]*(?<![.,])")
"""A capitalised word that does not open a sentence, or a figure."""
_TENS: Final = 10.0
_MOST: Final = 15
"""Missing words that are counted at most."""


def coverage(quote: str, claim: str) -> tuple[float, float]:
    """How many words of ``claim`` that carry meaning stand nowhere in ``quote``, in tens; and which share of its names and figures."""
    missing = set(analyse(claim)) - set(analyse(quote))
    names = {name.casefold() for name in _NAME.findall(claim)}
    there = set(words(quote))
    lost = [name for name in names if name not in there and name not in quote.casefold()] if names - there else []
    return min(len(missing), _MOST) / _TENS, len(lost) / len(names) if names else 0.0
