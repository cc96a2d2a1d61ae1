"""Finding the exact slice of a text that a quote names, where only white space or typography differ. Never fuzzy.

Both sides are folded to one form: runs of white space become one space, quotation marks and dashes one kind each, ligatures
their letters, letters with marks their letter and mark; soft hyphens and other characters without width go. Letters, digits,
case and all other marks must be equal, and the slice must begin and end where words do.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_SAME: Final = {
    **dict.fromkeys("‘’‚‛′‵´ʼ＇`", "'"),
    **dict.fromkeys("“”„‟″‶«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    "…": "...",
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
    "Ĳ": "IJ",
    "ĳ": "ij",
}
"""Characters of print and what a keyboard has for them. No compatibility forms beyond these: 10² is not 102."""
_RUNS: Final = frozenset(" -")


@dataclass(frozen=True, slots=True)
class _Folded:
    """A folded text, and for each of its characters the run of the original that it stands for."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def anchor(quote: str, text: str, *, near: int = 0) -> tuple[int, int] | None:
    """Where ``quote`` stands in ``text``: the offsets of the exact slice, nearest to ``near``; None if it does not."""
    folded, sought = _fold(text), _fold(quote.strip()).text.strip(" ")
    if not any(letter.isalnum() for letter in sought):
        return None
    found: list[tuple[int, int]] = []
    at = folded.text.find(sought)
    while at >= 0:
        end = at + len(sought)
        if _is_whole(folded, at, end):
            found.append((folded.starts[at], folded.ends[end - 1]))
        at = folded.text.find(sought, at + 1)
    return min(found, key=lambda span: abs(span[0] - near), default=None)


def _is_whole(folded: _Folded, start: int, end: int) -> bool:
    """Whether a match cuts through no word and no character of the original."""
    text = folded.text
    if start and (folded.starts[start] < folded.ends[start - 1] or _joined(text[start - 1], text[start])):
        return False
    if end == len(text):
        return True
    return folded.starts[end] >= folded.ends[end - 1] and not _joined(text[end - 1], text[end])


def _joined(before: str, after: str) -> bool:
    """Whether two characters belong to one word, or the second is a mark on the first."""
    return bool(unicodedata.combining(after)) or (_in_word(before) and _in_word(after))


def _in_word(letter: str) -> bool:
    return letter.isalnum() or bool(unicodedata.combining(letter))


@lru_cache(maxsize=256)
def _fold(text: str) -> _Folded:
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, original in enumerate(text):
        for letter in _plain(original):
            if letter in _RUNS and letters and letters[-1] == letter:
                ends[-1] = at + 1
                continue
            letters.append(letter)
            starts.append(at)
            ends.append(at + 1)
    return _Folded("".join(letters), tuple(starts), tuple(ends))


def _plain(letter: str) -> str:
    """What one character folds to; empty for one without width."""
    if letter in _SAME:
        return _SAME[letter]
    if letter.isspace():
        return " "
    if unicodedata.category(letter) == "Cf":
        return ""
    return unicodedata.normalize("NFD", letter)
