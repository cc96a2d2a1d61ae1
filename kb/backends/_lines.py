"""Lines of hard-wrapped text back into paragraphs: joining, hyphens at line ends, bullets, headings."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Final

BULLET: Final = re.compile(r"^\s*(?:[-*+•‣◦▪▫●○■□►➢➤·\u2013\u2014])\s+(?=\S)")
NUMBERED: Final = re.compile(r"^\s*\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]\s+(?=\S)")
_NUMBERED_TITLE: Final = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+([A-Z]\S*.*)$")
_NAMED_PART: Final = re.compile(
    r"^(?:chapter|part|section|appendix|article|book)\s+(?:\d+|[ivxlc]+|[a-z])\b", re.IGNORECASE
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN: Final = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)[-\u2010]$")
_HEAD_WORD: Final = re.compile(r"^[^\W\d_]+")
_KEPT_BEFORE_HYPHEN: Final = frozenset(
    [
        "all",
        "anti",
        "co",
        "cross",
        "ex",
        "full",
        "half",
        "high",
        "human",
        "in",
        "inter",
        "large",
        "long",
        "low",
        "mid",
        "multi",
        "non",
        "off",
        "on",
        "one",
        "open",
        "out",
        "over",
        "post",
        "pre",
        "quasi",
        "real",
        "self",
        "semi",
        "short",
        "single",
        "small",
        "so",
        "state",
        "task",
        "time",
        "to",
        "top",
        "two",
        "under",
        "up",
        "user",
        "well",
        "zero",
        "few",
        "first",
        "second",
        "third",
        "best",
        "worst",
        "case",
        "cost",
        "end",
        "fact",
        "gender",
        "instruction",
        "data",
        "model",
        "domain",
        "fine",
        "left",
        "right",
        "newly",
        "once",
        "part",
        "rule",
    ]
)
_END: Final = frozenset(".!?:;”\"')]»…")
_MAX_TITLE_WORDS: Final = 12
_LONGEST_WORD: Final = 80


def vocabulary(text: str) -> frozenset[str]:
    """All words of ``text`` in lower case, hyphenated ones whole: what a broken word is compared with."""
    return frozenset(word.lower() for word in _WORD.findall(text))


def join_lines(lines: list[str], known: AbstractSet[str] = frozenset()) -> str:
    """Return ``lines`` as one, mending words broken at line ends.

    A hyphen at a line end goes if the word without it occurs in ``known``, stays if the hyphenated word does. Otherwise it
    goes only between two lower-case parts of which the first is no word that usually takes a hyphen.
    """
    pieces: list[str] = []
    for raw in lines:
        line = raw.strip()
        if not line:
            continue
        broken = _BROKEN.search(pieces[-1][-_LONGEST_WORD:]) if pieces else None
        following = _HEAD_WORD.match(line)
        if broken and following:
            pieces[-1] = _mended(pieces[-1], broken.group(1), following.group(), known)
        elif pieces:
            pieces.append(" ")
        pieces.append(line)
    return "".join(pieces)


def _mended(text: str, first: str, second: str, known: AbstractSet[str]) -> str:
    """``text`` without its last hyphen, or with it, ready to be followed by ``second``."""
    whole = (first + second).lower()
    hyphenated = f"{first}-{second}".lower()
    if hyphenated in known:
        return text
    last = first.rpartition("-")[2]
    if whole in known or f"{last}{second}".lower() in known:
        return text[:-1]
    if not second.islower() or (last != first and len(last) <= 3):
        return text
    if (
        len(last) == 1
        or last.lower() in _KEPT_BEFORE_HYPHEN
        or (last.lower() in known and second in known and len(last) > 3)
    ):
        return text
    return text[:-1]


def looks_wrapped(lines: list[str]) -> bool:
    """Whether these lines are one paragraph that was broken at a margin, rather than lines that stand for themselves."""
    if len(lines) < 2:
        return False
    widest = max(len(line.rstrip()) for line in lines)
    if not 30 <= widest <= 140:
        return False
    if all(ends_sentence(line) for line in lines[:-1]):
        return False
    # A line was broken because the first word of the next one would not have fitted in.
    loose = sum(
        len(line.rstrip()) + 1 + len(after.split(maxsplit=1)[0]) <= widest - 3 and not _runs_on(line, after)
        for line, after in pairwise(lines)
        if after.split()
    )
    return loose <= (len(lines) - 1) * 0.25


def _runs_on(line: str, after: str) -> bool:
    """Whether a sentence plainly goes on from one line to the next."""
    line = line.rstrip()
    return line.endswith("-") or (not ends_sentence(line) and after.lstrip()[:1].islower())


def heading_level(line: str) -> int:
    """Level 1 to 5 if ``line``, standing alone, reads as a heading; 0 if it does not. Conservative."""
    line = line.strip()
    words = line.split()
    if not words or len(words) > _MAX_TITLE_WORDS or len(line) > 100 or line[-1] in ".,;:!":
        return 0
    if found := _NUMBERED_TITLE.match(line):
        title = found.group(2)
        return found.group(1).count(".") + 1 if sum(c.isalpha() for c in title) > len(title) / 2 else 0
    if _NAMED_PART.match(line):
        return 1
    letters = [c for c in line if c.isalpha()]
    if len(letters) >= 4 and line.isupper() and len(letters) > len(line.replace(" ", "")) * 0.7:
        return 1
    return 0


def ends_sentence(text: str) -> bool:
    """Whether ``text`` ends as a sentence does."""
    return bool(text) and text.rstrip()[-1:] in _END
