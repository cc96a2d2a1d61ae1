"""A small English stemmer, for comparing words; the lexical index has its own."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_SUFFIXES: Final = (
    ("ational", "ate"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"), ("ization", "ize"), ("isation", "ize"),
    ("ations", "ate"), ("ation", "ate"), ("ities", ""), ("ments", ""), ("ment", ""), ("ness", ""), ("ity", ""),
    ("ally", ""), ("edly", ""), ("ingly", ""), ("ies", "y"), ("ied", "y"), ("ings", ""), ("ing", ""), ("ers", ""), ("er", ""),
    ("est", ""), ("ed", ""), ("ly", ""), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", ""), ("al", ""),
)  # fmt: skip


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of ``word`` in lower case: one suffix off, a doubled consonant or final e off.

    A light stemmer after Porter (1980), steps 1 to 3 folded into one table: what matters here is that forms of one word
    meet, not that stems are words.
    """
    word = word.casefold().replace("’", "'").removesuffix("'s")
    if len(word) < 4 or not word.isalpha():
        return word
    for suffix, ending in _SUFFIXES:
        if (
            word.endswith(suffix)
            and len(word) - len(suffix) >= 3
            and not (suffix == "s" and word.endswith(("ss", "us", "is", "as", "os")))
        ):
            word = word[: -len(suffix)] + ending
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
