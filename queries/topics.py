"""Reading a topic: its subject, what to focus on, and the queries that follow from both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kb.records import Topic
from kb.text import parts_of_speech, words
from queries.patterns import STOPWORDS
from queries.stemming import stem

_FOCUS: Final = re.compile(
    r"(?:^|(?<=[.?!;,:])|\s)\s*(?:please\s+)?(?:with\s+(?:a\s+|special\s+|particular\s+)?)?(?:focus(?:ing|ed|ses)?(?:\s+(?:is|areas?))?"
    r"(?:\s+(?:particularly|especially|mainly))?(?:\s+on|\s*:)|emphasi[sz]e|emphasis on)\s+(?P<list>.+?)\s*[.?!]*\s*$",
    re.IGNORECASE | re.DOTALL,
)
_SEPARATOR: Final = re.compile(r"\s*(?:[,;]\s*(?:and|or|&)?|\s(?:and|&)\s)\s*", re.IGNORECASE)
_ASKING: Final = re.compile(
    r"^(?:please\s+)?(?:(?:what|which|who|whom|whose|when|where|why|how)(?:\s+(?:much|many|far|well|often|long))?\b"
    r"(?:\s+(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|might|may)\b)?(?:\s+(?:the|there|we|you|one|i)\b)*|"
    r"(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have)\b(?:\s+(?:the|there|it|we|you)\b)?|"
    r"(?:tell me|explain|describe|discuss|summari[sz]e|analy[sz]e|review|compare|report on|write about|give|list)\b"
    r"(?:\s+(?:about|me|the|an?|us))*)\s*",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(
    r"^(?P<lead>(?:[\w-]+\s+){0,3}?)(?P<a>[\w-]+)(?:,\s+(?P<b>[\w-]+))?,?\s+(?:and|or)\s+(?P<c>[\w-]+)\s+(?P<rest>(?:of|in|for|from|to|with)\s.+)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a topic is searched: its core, a query for each side and each focus.

    ``terms`` are the stems of its words, ``key`` those of the thing it is about.
    """

    core: str
    terms: frozenset[str]
    key: frozenset[str]
    sides: tuple[str, ...]
    focus: tuple[tuple[str, str], ...]

    @property
    def queries(self) -> tuple[str, ...]:
        """All queries, the whole subject first."""
        return tuple(dict.fromkeys((self.core, *self.sides, *(query for _, query in self.focus))))


def parse_topic(text: str) -> Topic:
    """Split 'Subject? Focus on a, b, and c.' into subject and focus list; without a list the focus is empty."""
    text = " ".join(text.split())
    match = _FOCUS.search(text)
    if not match or not text[: match.start()].strip(" ,;:."):
        return Topic(text, text)
    names = [part.strip(" .") for part in _SEPARATOR.split(match["list"])]
    focus = tuple(dict.fromkeys(name for name in names if name))
    return Topic(text, text[: match.start()].rstrip(" ,;:"), focus)


def plan(topic: Topic) -> Plan:
    """Work out the queries of a topic."""
    core = core_of(topic.subject)
    subject = subject_of(core)
    focus = tuple((name, f"{name} {subject}") for name in topic.focus)
    key = frozenset(content_stems(key_phrase(subject)))
    return Plan(core, frozenset(content_stems(core)), key, sides_of(core), focus)


def core_of(subject: str) -> str:
    """The subject without the words that only ask: 'What are the risks of X?' -> 'risks of X'."""
    bare = _ASKING.sub("", subject.strip()).strip(" ?.!")
    return bare or subject.strip(" ?.!")


def sides_of(core: str) -> tuple[str, ...]:
    """'risks and benefits of X' asks two things: 'risks of X' and 'benefits of X'."""
    match = _PAIR.match(core)
    if not match:
        return ()
    lead = match["lead"] or ""
    return tuple(f"{lead}{side} {match['rest']}" for side in (match["a"], match["b"], match["c"]) if side)


def subject_of(core: str) -> str:
    """What the sides are about: 'risks and benefits of X' -> 'X'."""
    match = _PAIR.match(core)
    return match["rest"].partition(" ")[2] if match else core


def key_phrase(subject: str) -> str:
    """The first noun phrase of the subject: 'using synthetic data to train models' -> 'synthetic data'."""
    known = parts_of_speech()
    phrase: list[str] = []
    _, _, rest = subject.partition(" of ")
    for word in words(rest or subject):
        kinds = set(known.get(word, "n"))
        if word not in STOPWORDS and kinds & {"n", "j"} and (kinds & {"n"} or not phrase or kinds & {"j"}):
            phrase.append(word)
        elif phrase and any("n" in known.get(part, "n") for part in phrase):
            break
    return " ".join(phrase[:3]) or subject


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order."""
    found: list[str] = []
    for word in words(text):
        found.extend(stem(part) for part in (word, *word.split("-")) if part not in STOPWORDS and len(part) > 1)
    return list(dict.fromkeys(found))
