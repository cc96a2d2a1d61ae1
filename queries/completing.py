"""Questions that lean on those before them: 'What about X?', 'And in Europe?', 'Why?', 'How does it compare?' made complete by rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kb.text import STOPWORDS, words
from queries.referring import points_away, resolve, topic_of
from queries.topics import core_of

_ABOUT: Final = re.compile(
    r"^(?:and\s+|but\s+|so\s+|ok(?:ay)?,?\s+)?(?:what|how)\s+about\s+(?P<rest>.+?)\s*\??$|^(?:and|but|or)\s+(?P<also>.+?)\s*\??$",
    re.IGNORECASE,
)
_PLACED: Final = re.compile(
    r"^(?P<word>in|for|at|on|during|before|after|since|by|with|without|among|between|under|over|from|to|of)\s+\S",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"^(?:and\s+|but\s+|so\s+)?(?P<asks>why|how|when|where|who|since when|how so)(?:\s+not)?\s*\??$", re.IGNORECASE
)
_MORE: Final = re.compile(
    r"^(?:(?:can you |could you |please )*(?:tell me more|go on|continue|elaborate|explain(?: (?:more|further))?|say more|more)"
    r"|(?:any|more|some)\s+(?:more\s+)?(?:details?|examples?|evidence|sources?)|(?:for|an?)\s+examples?|such as|really|is that (?:so|true))"
    r"(?P<rest>\s+please)?\s*[.?!]*$",
    re.IGNORECASE,
)
_AUX: Final = re.compile(
    r"^(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|had|may|might)\b", re.IGNORECASE
)
_LEAD: Final = re.compile(
    r"^(?:who|whom|whose|what|which|when|where|why|how)(?:\s+(?:much|many|long|often|far|old))?\b\s*", re.IGNORECASE
)
_DEFINES: Final = re.compile(r"^(?:what|who|which)\s+(?:is|are|was|were)\b", re.IGNORECASE)
_SIDE: Final = re.compile(r"^the [a-z][\w-]+(?: [a-z][\w-]+)?$")
_SIDE_OF: Final = re.compile(r"\bthe [a-z][\w-]+(?: [a-z][\w-]+)? of\b")
_COMPARE: Final = re.compile(r"\bcompares?\s*\??$", re.IGNORECASE)


def complete(question: str, before: Sequence[str]) -> str:
    """``question`` made complete by the questions ``before`` it; itself, where it needs nothing or nothing helps."""
    question = " ".join(question.split())
    if not before:
        return question
    last = before[-1]
    topic = next((found for earlier in reversed(before) if (found := topic_of(earlier))), "")
    if _MORE.match(question):
        return _more(question, last, topic)
    if bare := _BARE.match(question):
        return _bare(bare["asks"], last, topic)
    if about := _ABOUT.match(question):
        rest = about["rest"] or about["also"]
        if about["rest"] or _PLACED.match(rest) or not (_LEAD.match(rest) or _AUX.match(rest)):
            return _swapped(resolve(rest, topic), last, topic)
        question = f"{rest[:1].upper()}{rest[1:]}?"
    return _filled(question, before, topic)


def _filled(question: str, before: Sequence[str], topic: str) -> str:
    """The question with its pronouns resolved, and with what it leaves out put in."""
    if points_away(question):
        resolved = resolve(question, topic)
        other = _other_topic(before, topic) if _COMPARE.search(question) else ""
        return f"{resolved.rstrip(' ?')} to {other}?" if other else resolved
    if topic and not _says_something(question):
        return f"{question.rstrip(' ?.!')} {topic}?"
    return question


def _more(question: str, last: str, topic: str) -> str:
    kind = next((word for word in ("example", "evidence", "source") if word in question.casefold()), "")
    if kind and topic:
        return f"What are examples of {topic}?" if kind == "example" else f"What is the evidence for {topic}?"
    return last


def _bare(asks: str, last: str, topic: str) -> str:
    """'Why?' after 'Does X cause Y?' asks 'Why does X cause Y?'; after 'What is X?' it asks 'Why does X happen?'."""
    asks = {"how so": "why"}.get(asks.casefold(), asks)
    asks = f"{asks[:1].upper()}{asks[1:]}"
    rest = last.rstrip(" ?.!")
    if _AUX.match(rest):
        return f"{asks} {rest[:1].lower()}{rest[1:]}?"
    if topic and _DEFINES.match(rest):
        return f"{asks} does {topic} {'work' if asks == 'How' else 'happen'}?"
    return f"{asks} {_LEAD.sub('', rest)}?"


def _swapped(rest: str, last: str, topic: str) -> str:
    """The last question about something else, or somewhere else: 'in Europe' takes the place of 'in Asia'."""
    bare = last.rstrip(" ?.!")
    if placed := _PLACED.match(rest):
        same = re.search(rf"\b{placed['word']}\s+[^,]*$", bare, re.IGNORECASE)
        if same and same.start() > 0 and topic not in same[0]:
            bare = bare[: same.start()].rstrip()
        return f"{bare} {rest}?"
    if _SIDE.match(rest) and (side := _SIDE_OF.search(bare)):
        return f"{bare[: side.start()]}{rest} of{bare[side.end() :]}?"
    if topic and topic in bare:
        at = bare.index(topic)
        return f"{bare[:at]}{rest}{bare[at + len(topic) :]}?"
    return f"{core_of(last)} {rest}?"


def _other_topic(before: Sequence[str], topic: str) -> str:
    for earlier in reversed(before[:-1]):
        found = topic_of(earlier)
        if found and found.casefold() != topic.casefold():
            return found
    return ""


def _says_something(question: str) -> bool:
    """Whether any word of it names what it is about."""
    return any(word not in STOPWORDS for word in words(core_of(question)))
