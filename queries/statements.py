"""The sentences of a text that claim something, each as it is to be understood; what claims nothing is counted by reason."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from kb.records import Parsed
from kb.text import parts_of_speech, sentences, words
from queries.patterns import COMMON_VERBS, IMPERATIVES, VERBS
from queries.referring import points_away, resolve, subject_of_sentence
from queries.wording import claim_text

_READ: Final = frozenset({"paragraph", "list_item", "quote"})
_OPENS_WITH_POINTER: Final = re.compile(
    r"^(?:It|They|This|That|These|Those|He|She|Its|Their|His|Her|Such)\b|^[A-Z][^,;:]{0,40}, (?:it|they|he|she|this|these|those)\b"
)
_POINTED_NOUN: Final = re.compile(r"^(?:This|That|These|Those|Such)\s+\w+")
_GREETING: Final = re.compile(
    r"^(?:dear|hello|hi|thanks|thank you|best regards|kind regards|sincerely)\b", re.IGNORECASE
)
_ASKS_US: Final = re.compile(r"^(?:please|let(?:['’]s| us)|do not|don['’]t|never|always)\b", re.IGNORECASE)
_END: Final = re.compile(r"[.!。！][\"'”’»)\]]*(?:\[\^?[\w\s,;–-]+\])*$")
_FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence ``start:end`` of a text, and how it reads by itself (the same words, where it needs nothing else)."""

    start: int
    end: int
    text: str
    read_as: str = ""


def statements_of(parsed: Parsed) -> tuple[list[Statement], Counter[str]]:
    """The sentences of ``parsed`` that claim something, and how many parts of it do not, by reason."""
    found: list[Statement] = []
    skipped: Counter[str] = Counter()
    for block in parsed.blocks:
        if block.kind not in _READ:
            skipped[block.kind if block.kind != "other" else "fragment"] += 1
            continue
        subject = before = ""
        for start, end in sentences(parsed.text, block.start, block.end):
            text = " ".join(parsed.text[start:end].split())
            if reason := claims_nothing(text, ended=block.kind == "list_item"):
                skipped[reason] += 1
                continue
            found.append(Statement(start, end, text, _read_as(text, subject, before)))
            subject = subject_of_sentence(claim_text(found[-1].read_as or text)) or subject
            before = text
    return found, skipped


def claims_nothing(text: str, *, ended: bool = False) -> str:
    """Why a sentence claims nothing (``question``, ``instruction``, ``fragment``); empty where it does.

    ``ended`` says that it may do without a full stop, as items of a list do.
    """
    bare = claim_text(text)
    tokens = words(bare)
    if bare.rstrip("\"'”’»)] ").endswith("?"):
        return "question"
    if len(tokens) < _FEWEST or _GREETING.match(bare) or not (ended or _END.search(bare)):
        return "fragment"
    if _ASKS_US.match(bare) or (tokens[0] in IMPERATIVES and tokens[1] not in VERBS | {"of", "in"}):
        return "instruction"
    return "" if _has_verb(tokens) else "fragment"


def _has_verb(tokens: list[str]) -> bool:
    """Whether a word after the first can be a finite verb.

    Most English verbs can be nouns: such a word counts only after a noun ('dogs bark', but not 'a short list of things').
    """
    known = parts_of_speech()
    kinds = [set(known.get(token, "n")) for token in tokens]
    for at in range(1, len(tokens)):
        if tokens[at] in VERBS or tokens[at] in COMMON_VERBS or "x" in kinds[at]:
            return True
        if not kinds[at] & {"v", "d"} or tokens[at - 1] == "to":
            continue
        if not kinds[at] & {"n", "j"} or ("n" in kinds[at - 1] and "j" not in kinds[at - 1]):
            return True
    return False


def _read_as(text: str, subject: str, before: str) -> str:
    """The sentence by itself: its opening pronoun replaced by the last subject, or with the sentence before it."""
    if not _OPENS_WITH_POINTER.match(text):
        return ""
    if subject and not _POINTED_NOUN.match(text) and points_away(text):
        resolved = resolve(text, subject)
        if resolved != text:
            return resolved
    return f"{before} {text}" if before else ""
