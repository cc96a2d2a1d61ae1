"""Reading a topic: its subject, what to focus on, and the queries that follow from both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kb.records import Topic
from kb.text import STOPWORDS, parts_of_speech, word_spans, words
from queries.patterns import ASPECTS, BREAK
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


_RELATING: Final = frozenset(
    "affect cause causes help helps improve lead leads make makes mean means need needs".split()
)
"""Forms that could be nouns, but join two nouns of a question as its verb."""
_LONGEST: Final = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """How a topic is searched: its core, a query for each side and each focus.

    ``terms`` are the stems of its words, ``concepts`` the noun phrases that it is about, the subject first.
    """

    core: str
    terms: frozenset[str]
    concepts: tuple[str, ...]
    sides: tuple[str, ...]
    focus: tuple[tuple[str, str], ...]

    @property
    def queries(self) -> tuple[str, ...]:
        """All queries, the whole subject first."""
        return tuple(dict.fromkeys((self.core, *self.sides, *(query for _, query in self.focus), *self.concepts[:1])))


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
    return Plan(core, frozenset(content_stems(core)), concepts_of(core), sides_of(core), focus)


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


def concepts_of(core: str) -> tuple[str, ...]:
    """The noun phrases that a topic is about, in order: 'risks of using synthetic data to train models' -> 'synthetic data', 'models'.

    Words that only ask for a side of something ('risks', 'role') are left out, unless the topic consists of nothing else.
    """
    spans = word_spans(core)
    tokens = [core[start:end] for start, end in spans]
    apart = [bool(BREAK.search(core[a[1] : b[0]])) for a, b in pairwise(spans)]
    found: list[str] = []
    phrase: list[str] = []
    for at, token in enumerate(tokens):
        joins = bool(phrase) and _joins(tokens, at)
        if joins or (at and apart[at - 1]) or not _carries(tokens, at, phrase):
            found.append(_noun_phrase(phrase))
            phrase = []
        if not joins and _carries(tokens, at, phrase):
            phrase.append(token)
    found.append(_noun_phrase(phrase))
    return tuple(dict.fromkeys(name for name in found if name)) or (core,)


def _kinds(word: str) -> set[str]:
    known = parts_of_speech()
    return set(known.get(word) or known.get(word.rpartition("-")[2]) or "n")


def _carries(tokens: Sequence[str], at: int, phrase: Sequence[str]) -> bool:
    """Whether the word at ``at`` can be a part of a noun phrase."""
    word = tokens[at].casefold()
    if len(word) == 1:  # the D of vitamin D
        return bool(phrase) and word != "a"
    return word not in STOPWORDS and bool(_kinds(word) & {"n", "j", "g", "d"}) and not _is_infinitive(tokens, at)


def _is_infinitive(tokens: Sequence[str], at: int) -> bool:
    """Whether the word is a verb after 'to' with an object to come: 'to train models', 'to train or fine-tune models'."""
    if at == 0 or at + 1 >= len(tokens) or "v" not in _kinds(tokens[at].casefold()):
        return False
    before = tokens[at - 1].casefold()
    return before == "to" or (before in {"and", "or"} and at > 1 and _is_infinitive(tokens, at - 2))


def _joins(tokens: Sequence[str], at: int) -> bool:
    """Whether a word that could be a noun is the verb between two of them: 'plants make energy', 'data lead to collapse'."""
    word = tokens[at].casefold()
    following = tokens[at + 1].casefold() if at + 1 < len(tokens) else ""
    bound = word in _RELATING or following in {"to", "the", "a", "an", "that", "whether"}
    return bool(following) and bound and "v" in _kinds(word)


def _noun_phrase(phrase: Sequence[str]) -> str:
    """The phrase from its first telling word to its last noun; empty if it only asks for an aspect."""
    kept = list(phrase)
    while kept and _trails(kept):
        kept.pop()
    while kept and kept[0].casefold() in ASPECTS:
        kept.pop(0)
    return " ".join(kept[-_LONGEST:])


def _trails(phrase: Sequence[str]) -> bool:
    """Whether the last word is no noun of the phrase: an aspect, or what is said of it ('is model collapse inevitable')."""
    last = phrase[-1].casefold()
    if len(last) == 1:
        return False
    kinds, before = _kinds(last), _kinds(phrase[-2].casefold()) if len(phrase) > 1 else set()
    return last in ASPECTS or not kinds & {"n", "g"} or ("j" in kinds and "n" in before and "j" not in before)


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order."""
    found: list[str] = []
    for word in words(text):
        found.extend(stem(part) for part in (word, *word.split("-")) if part not in STOPWORDS and len(part) > 1)
    return list(dict.fromkeys(found))
