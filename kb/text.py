"""Sentences and words with exact offsets; standard library only, used by ingestion and by queries."""

from __future__ import annotations

import gzip
import re
from functools import cache
from importlib import resources
from typing import Final

Span = tuple[int, int]

# Words after which a full stop does not end a sentence (lower case, without the stop).
_ABBREVIATIONS: Final = frozenset(
    "al approx art arts ca cf ch chap co corp dept dr e.g ed eds eg eq eqs esp est et etc ex fig figs gen gov i.e ie inc "
    "jr lt ltd max min mr mrs ms mt nr op p par pp pres prof pt ref refs rep resp rev sec sen sgt sr st suppl tab univ "
    "viz vol vols vs".split()
)
# Of these, the ones that also end sentences: before a capital they do.
_MAY_END: Final = frozenset("al approx co corp dept etc inc jr ltd sr est".split())
_NUMBERED: Final = frozenset("art arts ch chap eq eqs fig figs no nos p pp par ref refs sec tab vol vols".split())

STOPWORDS: Final = frozenset(
    "a about above after again against all also although am an and any are as at be because been before being below between "
    "both but by can cannot could did do does doing done down during each either else ever every few for from further had has "
    "have having he her here hers him his how however i if in into is it its itself just least less like many may me might "
    "more most much must my neither no nor not now of off often on once one only onto or other others our ours out over own "
    "per quite rather really said same she should since so some still such than that the their theirs them then there "
    "therefore these they this those though through thus to too toward towards under until up upon us use used uses using very "
    "via was we well were what when where whether which while who whom whose why will with within without would yet you your "
    "yours".split()
)
"""Words that say little by themselves."""

_STOP: Final = re.compile(
    r"""(?P<stop>[.!?…]+|[。！？])          # the mark
        (?P<close>["'”’»)\]]*)             # quotes and brackets that close with it
        (?P<note>(?:\[\d[\d,\s–-]*\])*)    # reference numbers glued to it
        (?=(?P<gap>\s+)|$|(?<=[。！？]))""",
    re.VERBOSE,
)
_GAP: Final = re.compile(r"\n[ \t]*\n\s*")
_OPENING: Final = re.compile(r"[\"'“‘«(\[]*")
_LAST_WORD: Final = re.compile(r"([^\s(\[“\"'‘/]+)$")
_WORD: Final = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*", re.UNICODE)


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Split ``text[start:end]`` into sentences; spans are offsets into ``text`` without surrounding white space.

    A rule-based splitter: a stop ends a sentence unless it belongs to an abbreviation, an initial, a number or an
    address, or the next word starts in lower case. A blank line always ends one.
    """
    end = len(text) if end is None else end
    found: list[Span] = []
    for part_start, part_end in _paragraphs(text, start, end):
        at = part_start
        for match in _STOP.finditer(text, part_start, part_end):
            if match.end() < part_end and not _ends(text, match, part_end):
                continue
            _add(text, at, match.end(), found)
            at = match.end()
        _add(text, at, part_end, found)
    return found


def words(text: str) -> list[str]:
    """The words of ``text`` in lower case; hyphenated words and numbers with points stay whole."""
    return [word.casefold() for word in _WORD.findall(text)]


def word_spans(text: str) -> list[Span]:
    """The spans of the words of ``text``."""
    return [match.span() for match in _WORD.finditer(text)]


@cache
def parts_of_speech() -> dict[str, str]:
    """What each common English word form can be, as letters.

    ``n`` noun, ``v`` verb in a finite or base form, ``g`` present participle, ``d`` past form, ``j`` adjective, ``r`` adverb,
    ``x`` auxiliary.

    Derived from the lookup tables of LemmInflect (MIT), which derive from the NIH SPECIALIST Lexicon (``bench/lexicon.py``).
    """
    packed = resources.files("kb").joinpath("data/english.tsv.gz").read_bytes()
    lines = gzip.decompress(packed).decode().splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def _paragraphs(text: str, start: int, end: int) -> list[Span]:
    found: list[Span] = []
    at = start
    for gap in _GAP.finditer(text, start, end):
        found.append((at, gap.start()))
        at = gap.end()
    found.append((at, end))
    return found


def _add(text: str, start: int, end: int, found: list[Span]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start >= end:
        return
    # A lone quotation mark or ellipsis is the tail of what stands before it, not a sentence.
    if found and found[-1][1] <= start and not any(letter.isalnum() for letter in text[start:end]):
        between = text[found[-1][1] : start]
        if not between.strip() and between.count("\n") < 2:
            found[-1] = (found[-1][0], end)
            return
    found.append((start, end))


def _ends(text: str, match: re.Match[str], limit: int) -> bool:
    """Whether the stop ``match`` ends a sentence, given what stands before and after it."""
    if match["gap"] is None:
        return match["stop"] in "。！？"
    following = text[match.end("gap") : min(limit, match.end("gap") + 40)]
    head = following[_OPENING.match(following).end() :] if following else ""  # type: ignore[union-attr]
    if head[:1].islower() and not _is_name(head):
        return False
    if match["stop"] != "." or match["close"]:
        return True
    before = _LAST_WORD.search(text, max(0, match.start() - 40), match.start())
    return not before or not _is_abbreviated(before[1], head)


def _is_name(head: str) -> bool:
    """Names such as iPhone or arXiv start a sentence in lower case."""
    word = head.split(maxsplit=1)[0] if head.split() else ""
    return len(word) > 2 and word[0].islower() and any(letter.isupper() for letter in word[1:3])


def _is_abbreviated(word: str, head: str) -> bool:
    low = word.casefold().rstrip(".")
    if low in _NUMBERED and head[:1].isdigit():
        return True
    if low in _ABBREVIATIONS:
        return not (low in _MAY_END and head[:1].isupper())
    if len(word) == 1 and word.isalpha() and word.isupper() and word != "I":
        return True
    # U.S. and Ph.D. may end a sentence only where the next word could not belong to the name.
    return bool(re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word)) and not head.startswith(("The ", "In ", "It ", "This "))
