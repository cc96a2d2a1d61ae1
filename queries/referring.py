"""What a question or sentence is about, and putting that in the place of the words that only point to it.

Rules of English wording, not a parser: they resolve what a reader would without thinking ('When was it published?' after
'Who wrote On Liberty?') and leave the rest as it stands.
"""

from __future__ import annotations

import re
from typing import Final

from kb.text import STOPWORDS, parts_of_speech, words
from queries.patterns import COMMON_VERBS, PREPOSITIONS, PRONOUNS, VERBS
from queries.topics import core_of

_POINTER: Final = re.compile(
    r"\b(?:(?P<owner>its|their|his)|(?P<thing>it|they|them|he|she|him)|(?P<her>her)|"
    r"(?P<shown>this|that|these|those)(?=\s*(?:[?.!,;]|$|\s(?:is|are|was|were|has|have|had|do|does|did|can|could|will|would|"
    r"should|may|might|must|mean|means|compare|work|works|happen|happens|matter|affect|cause|lead)\b)))\b",
    re.IGNORECASE,
)
_EXPLETIVE: Final = re.compile(
    r"\b(?:is|was|does|did|will|would|can|could|has)? ?it (?:true|possible|safe|legal|likely|necessary|take|cost|mean|rain|snow)\b"
    r"(?= (?:that|to|for|a|an|the|\w+ing)\b)",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"[“\"‘']([^“”\"‘’']{2,60})[”\"’']")
_NAME: Final = re.compile(
    r"(?:[A-Z][\w’'.&-]*|\d+[A-Z]\w*|[a-z]+[A-Z]\w*)(?:\s+(?:(?:of|the|for|in|on|de|la|von|van)\s+)*(?:[A-Z][\w’'.&-]*|[IVX\d]+\b))*"
)
_FIRST_ASKS: Final = frozenset(
    "who whom whose what which when where why how is are was were do does did can could should would will has have had may might "
    "and but so compare tell explain describe list name give in on at for of the a an please".split()
)
_ASKING: Final = frozenset("who whom whose what which when where why how".split())
_ARTICLE: Final = re.compile(r"^(?:the|an?|any|some)\s+", re.IGNORECASE)
_DOES: Final = re.compile(r"\b(?:do|does|did|can|could|will|would|should)\b", re.IGNORECASE)
_SUBJECT_WORDS: Final = 9


def topic_of(question: str) -> str:
    """What a question is about, in its own words; empty where nothing names it.

    A quoted phrase, else the longest name in it, else its first noun phrase.
    """
    if quoted := _QUOTED.search(question):
        return quoted[1].strip()
    names = _names(question)
    topic = max(names, key=len) if names else _common_topic(question)
    return f"the {topic}" if topic and f" the {topic}" in question else topic


def points_away(text: str) -> bool:
    """Whether ``text`` has a pronoun that something outside it must fill."""
    return _POINTER.search(_EXPLETIVE.sub(" ", text)) is not None


def resolve(text: str, thing: str) -> str:
    """``text`` with the pronouns that point out of it replaced by ``thing``: the first, and the possessives after it."""
    if not thing or not points_away(text):
        return text
    skipped = [match.span() for match in _EXPLETIVE.finditer(text)]
    for match in _POINTER.finditer(text):
        if any(start <= match.start() < end for start, end in skipped):
            continue
        owner = match["owner"] or (match["her"] and _before_noun(text[match.end() :]))
        ending = ("’" if thing.endswith("s") else "’s") if owner else ""
        name = thing if match.start() else thing[:1].upper() + thing[1:]
        return f"{text[: match.start()]}{name}{ending}{text[match.end() :]}"
    return text


def subject_of_sentence(sentence: str) -> str:
    """The words before the first verb of a sentence, where they name something; else empty."""
    known = parts_of_speech()
    spans = list(re.finditer(r"[^\W_]+(?:[-'’.][^\W_]+)*", sentence))[: _SUBJECT_WORDS + 1]
    for at, match in enumerate(spans):
        word = match[0].casefold()
        kinds = set(known.get(word, ""))
        verb = word in VERBS or word in COMMON_VERBS or (kinds and kinds <= {"v", "d", "x"})
        if at and verb:
            phrase = sentence[: match.start()].strip(" ,;:—–-")
            return phrase if _names_something(phrase) else ""
        if word in PREPOSITIONS and at == 0:
            return ""
    return ""


def _common_topic(question: str) -> str:
    """The topic of a question without names."""
    core = _ARTICLE.sub("", core_of(question))
    found = words(core)
    if found and not set(parts_of_speech().get(found[0], "n")) & {"n", "j"}:  # 'who wrote the origin of species'
        rest = _ARTICLE.sub("", " ".join(core.split()[1:]))
        return rest if rest and words(rest)[0] not in PRONOUNS else ""
    phrase = _noun_phrase(core).split()
    if len(phrase) > 1 and _DOES.search(question) and core.endswith(phrase[-1]) and _can_be_verb(phrase[-1]):
        phrase.pop()  # 'how does a car engine work'
    return " ".join(phrase)


def _can_be_verb(word: str) -> bool:
    return "v" in parts_of_speech().get(word.casefold(), "")


def _noun_phrase(core: str) -> str:
    """The first noun phrase, or the one after its 'of': 'side effects of aspirin in children' -> 'aspirin'."""
    known = parts_of_speech()
    _, _, rest = core.partition(" of ")
    phrase: list[str] = []
    for match in re.finditer(r"[^\W_]+(?:[-'’.][^\W_]+)*", rest or core):
        kinds = set(known.get(match[0].casefold(), "n"))
        if match[0].casefold() not in STOPWORDS and kinds & {"n", "j"}:
            phrase.append(match[0])
        elif phrase and any("n" in known.get(part.casefold(), "n") for part in phrase):
            break
    return " ".join(phrase[:4])


def _names_something(phrase: str) -> bool:
    found = words(phrase)
    return (
        bool(found)
        and found[0] not in PRONOUNS
        and any(w not in STOPWORDS for w in found)
        and not set(",.;:") & set(phrase)
    )


def _names(question: str) -> list[str]:
    """Runs of capitalised words, without the word that opens the question."""
    found: list[str] = []
    for match in _NAME.finditer(question):
        parts = match[0].split()
        while parts and match.start() == 0 and parts[0].casefold() in _FIRST_ASKS:
            parts = parts[1:]
        if (
            not parts
            or parts[0].casefold() in _ASKING
            or (match.start() == 0 and len(parts) == len(match[0].split()) == 1)
        ):
            continue
        found.append(" ".join(parts).rstrip(".’'"))
    return [name for name in found if len(name) > 1 and name != "I"]


def _before_noun(after: str) -> bool:
    """Whether 'her' owns what follows ('her book') instead of standing for her."""
    following = words(after[:40])
    return bool(following) and following[0] not in STOPWORDS and "n" in parts_of_speech().get(following[0], "n")
