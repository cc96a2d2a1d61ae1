"""Questions of several parts: 'Who wrote X and when was it published?' asks two things, 'Compare A and B' as well."""

from __future__ import annotations

import re
from typing import Final

from kb.text import parts_of_speech
from queries.completing import complete

_ASKS: Final = r"(?:who|whom|whose|what|which|when|where|why|how)"
_AUX: Final = r"(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|had)"
_ENDS: Final = re.compile(r"(?<=[?;])\s+|\s*\n+\s*")
_AND_ASKS: Final = re.compile(
    rf"(?:\s*,)?\s+(?:and|but)(?:\s+also)?\s+(?=(?:(?:in|for|by|to|of|at|on|from|with)\s+)?{_ASKS}\b|"
    rf"{_AUX}\s+(?:it|they|he|she|there|this|that|these|those|the|its|their)\b)",
    re.IGNORECASE,
)
_TWO_ASKS: Final = re.compile(rf"^(?P<a>{_ASKS})\s+and\s+(?P<b>{_ASKS})\s+(?P<rest>{_AUX}\b.+)$", re.IGNORECASE)
_NOT_SPLIT: Final = re.compile(r"\b(?:between|whether|both)\b", re.IGNORECASE)
_SCOPE: Final = r"(?:\s+(?:in terms of|with (?:respect|regard) to|with regards to|regarding|concerning|on|by|as to)\s+(?P<scope>.+?))?"
_COMPARES: Final = (
    re.compile(
        rf"^(?:please\s+)?(?:compare|contrast)\s+(?P<a>.+?)\s+(?:and|with|to|against|versus|vs\.?)\s+(?P<b>.+?){_SCOPE}$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^how\s+(?:does|do|did)\s+(?P<a>.+?)\s+compare\s+(?:to|with|against)\s+(?P<b>.+?){_SCOPE}$", re.IGNORECASE
    ),
    re.compile(rf"^(?P<a>[\w’'-]+(?:\s+[\w’'-]+){{0,3}})\s+(?:versus|vs\.?)\s+(?P<b>.+?){_SCOPE}$", re.IGNORECASE),
)
_MOST: Final = 4


def parts_of(question: str) -> tuple[str, ...]:
    """The questions that ``question`` asks, each complete by itself; just ``question`` where it asks one thing."""
    asked = [part.strip(" ;") for part in _ENDS.split(question.strip()) if any(c.isalnum() for c in part)]
    parts: list[str] = []
    for one in asked:
        for part in _split(one):
            parts.append(_asking(complete(part, parts[:1])))
    if len(parts) < 2:
        return (question.strip(),)
    return tuple(dict.fromkeys(parts))[:_MOST]


def _split(question: str) -> list[str]:
    bare = question.rstrip(" ?.!")
    if both := _TWO_ASKS.match(bare):
        return [f"{both['a']} {both['rest']}", f"{both['b']} {both['rest']}"]
    for pattern in _COMPARES:
        if match := pattern.match(bare):
            return [_side(match, name) for name in ("a", "b")]
    if _NOT_SPLIT.search(bare):
        return [question]
    return _AND_ASKS.split(bare)


def _side(match: re.Match[str], name: str) -> str:
    thing = match[name]
    other = match["b"].split()
    if name == "a" and len(other) > 1 and set(parts_of_speech().get(thing.casefold().split()[-1], "")) == {"j"}:
        thing = f"{thing} {other[-1]}"  # 'the anterior and posterior lobe'
    scope = match["scope"]
    return f"What is the {scope} of {thing}" if scope else f"What is {thing}"


def _asking(part: str) -> str:
    part = part.strip(" ,?.!")
    return f"{part[:1].upper()}{part[1:]}?"
