"""Whether a drafted sentence is one: a single self-contained statement about its subject, in plain text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from kb.text import sentences
from queries.fencing import gives_orders, neutral
from queries.patterns import FIRST_PLURAL
from queries.wording import claim_text, refusal

_NUMBERS: Final = r"#?\d+(?:\s*(?:,|;|-|–|and|&)\s*#?\d+)*"
_KINDS: Final = r"(?:sentences?|sources?|claims?|evidence|quotes?|nos?\.?)"
_MARKS: Final = re.compile(
    rf"\s*(?:\[(?:{_KINDS}\s*|S)?{_NUMBERS}\]|\({_KINDS}\s*{_NUMBERS}\)|\(\d\d?(?:\s*,\s*\d\d?)*\))", re.IGNORECASE
)
"""Citations as models write them into their sentences; kb attaches its own."""
_MARKUP: Final = re.compile(r"</?[a-z!]|&\w+;|\]\(|https?://|www\.|[{}|`\\]|[‹›]", re.IGNORECASE)
_AFOOT: Final = re.compile(
    r"\b(?:sentences?|evidence|passages?|sources?|claims?|quotes?) (?:no\.? ?)?\d|\b(?:the|these|this) (?:provided|given|numbered|listed|above) "
    r"|^(?:the|these) (?:sentences|passages|quotes|list)\b"
    r"|\b(?:the|these) (?:sentences|passages|evidence|quotes|list) (?:above |below )?(?:say|state|show|mention|suggest|indicate|describe|list|discuss|explain|do|provide)",
    re.IGNORECASE,
)
"""Speaking about the list instead of the subject."""
_AND_THAT: Final = re.compile(r",? (?:and|or|but) that (?=[a-z]+ )")
_REPORTING: Final = re.compile(
    r"^(?:the|these) (?:sentences|passages|quotes)(?: also)? (?:say|state|mention|show|suggest|indicate|note|explain|report) that ",
    re.IGNORECASE,
)
_FORGIVEN: Final = frozenset({"too short", "names"})
"""Refusals that are about sentences found in running text, not about drafted ones."""
_LEAST: Final = 3


def malformed(text: str) -> str:
    """Why ``text`` is no single self-contained sentence; empty if it is one."""
    for reason, test in _TESTS:
        if test(text):
            return reason
    found = refusal(text.replace("$", ""))  # in running text a dollar sign is code, in a drafted sentence it is money
    return "" if found in _FORGIVEN else found


def tidy(text: str) -> str:
    """A drafted sentence on one line, with its full stop.

    Without the model's own citation marks and emphasis, leading connectives, and 'The sentences say that'.
    """
    line = " ".join(_MARKS.sub("", text.replace("**", "").replace("__", "")).split()).strip(" -•*")
    line = re.sub(r"\s+([.,;:!?])", r"\1", line)
    bare = claim_text(_REPORTING.sub("", line))
    line = (
        bare[:1].upper() + bare[1:]
        if line[:1].isupper() and bare.split(maxsplit=1)[:1] != line.split(maxsplit=1)[:1]
        else bare
    )
    return f"{line}." if line and line[-1].isalnum() else line


def _half(text: str) -> bool:
    """Whether the sentence goes on with 'and that' what it never began with 'that'."""
    joint = _AND_THAT.search(text)
    return joint is not None and not re.search(r"\bthat\b", text[: joint.start()])


_TESTS: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("it says nothing", lambda text: sum(letter.isalpha() for letter in text) < _LEAST),
    ("it holds markup, an address or code", lambda text: bool(_MARKUP.search(text)) or neutral(text) != text),
    ("it is not one sentence", lambda text: len(sentences(text)) != 1),
    ("it speaks as 'we' of its source", lambda text: bool(FIRST_PLURAL.search(text))),
    ("it is half of a sentence", _half),
    ("it speaks about its instructions or its list", lambda text: gives_orders(text) or bool(_AFOOT.search(text))),
)
