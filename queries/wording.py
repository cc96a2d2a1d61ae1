"""Whether a sentence can stand alone as a claim, and how it reads when it does. Pure functions over text.

The tests are rules of English prose, not of any corpus: a claim is a whole declarative sentence that names what it speaks
about. Each refusal has a name, so that a report can say why a sentence was left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kb.orders import orders
from kb.text import STOPWORDS, parts_of_speech, word_spans, words
from queries.patterns import (
    ADDRESS,
    AFTER_VERBS,
    ANAPHORA,
    BARE_SUBJECT,
    BARE_THING,
    BOILERPLATE,
    BREAK,
    CODE,
    COMMON_VERBS,
    COMPARED,
    DETERMINERS,
    FINDING,
    FIRST_PLURAL,
    FIRST_SINGULAR,
    IMPERATIVES,
    LABEL,
    LEADING,
    LEANING,
    LISTING,
    MAX_WORDS,
    METHOD,
    MIN_WORDS,
    NOTES,
    NUMBERING,
    OBJECT_PRONOUN,
    OPENERS,
    ORDINAL_SUBJECT,
    PAGE,
    PLANS,
    PREPOSITIONS,
    PRODUCT,
    PRONOUNS,
    RELATIVE_TIME,
    SECOND_PERSON,
    SECTION_LABEL,
    THAT_NOUN,
    VAGUE_SUBJECT,
    VERBS,
)


@lru_cache(maxsize=16384)
def refusal(text: str) -> str:
    """Why ``text`` (one sentence as it stands in its source) cannot be a claim; empty if it can."""
    bare = claim_text(text)
    tokens = words(bare)
    if not MIN_WORDS <= len(tokens) <= MAX_WORDS:
        return "too short" if len(tokens) < MIN_WORDS else "too long"
    for name, test in _TESTS:
        if test(bare, tokens):
            return name
    return "orders" if orders(text) else ""


def claim_text(text: str) -> str:
    """The wording of a claim: the sentence without numbering, leading connective and reference marks."""
    bare = " ".join(text.split())
    bare = NUMBERING.sub("", bare)
    bare = NOTES.sub("", bare)
    cut = LEADING.sub("", LABEL.sub("", SECTION_LABEL.sub("", bare)))
    if cut and cut != bare:
        first = cut.split()[0]
        bare = cut if any(letter.isupper() for letter in first) else cut[0].upper() + cut[1:]
        if bare[-1].isalnum() and LABEL.match(" ".join(text.split())):
            bare += "."  # a labelled point of a list ('Key idea: ...') often goes without its full stop
    return bare


_GRADES: Final = (
    (re.compile(r"\d"), 0.05),
    (COMPARED, 0.09),
    (FINDING, 0.05),
    (FIRST_PLURAL, -0.12),
    (VAGUE_SUBJECT, -0.15),
    (PRODUCT, -0.30),
    (METHOD, -0.16),
    (re.compile(r"\b(?:this|these|those|here|above)\b|\bsuch (?!as\b)"), -0.10),
    (LEANING, -0.10),
    (re.compile(r"!$"), -0.12),
    (re.compile(r"^(?:[^,]*,){5}|(?:[^(]*\(){3}"), -0.06),
    (re.compile(r"^(?:There (?:is|are)|If|When|Once|While|As|With|By|For|Because|To)\b"), -0.03),
)
"""What a pattern in a sentence adds to its grade: facts, comparisons and findings up; leaning on context down."""


@lru_cache(maxsize=16384)
def grade(text: str) -> float:
    """How well a claim reads and how much it says, about -0.6..0.3: added to its relevance, never a reason by itself."""
    score = 0.08 if 12 <= len(words(text)) <= 34 else 0.0
    return score + sum(weight for pattern, weight in _GRADES if pattern.search(text))


def _incomplete(text: str, tokens: list[str]) -> bool:
    if not re.search(r"[.!。！][\"'”’)\]»]*$", text) or text.endswith(("...", "…", "..")):
        return True
    if re.match(r"\d{1,2} [A-Z][a-z]", text) and text.split()[1].casefold() in parts_of_speech():
        return True  # the number of a point that lost its full stop reads as an amount
    first = text.lstrip("\"'“‘«([")[:1]
    return not (first.isupper() or first.isdigit() or not first.isascii())


def _unbalanced(text: str, tokens: list[str]) -> bool:
    pairs = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"))
    return any(text.count(a) != text.count(b) for a, b in pairs) or text.count('"') % 2 == 1


def _no_verb(text: str, tokens: list[str]) -> bool:
    """No word that is surely a finite verb; judged only where most words are known English.

    Most English verbs can be nouns ('list', 'models', 'reports'), and a title is full of them. So a word counts when it can
    be nothing but a verb, or stands where a verb stands: after a noun and before an article, a number or 'that'.
    """
    known = parts_of_speech()
    kinds = [set(known.get(token, "")) for token in tokens]
    if sum(bool(kind) or token in STOPWORDS for kind, token in zip(kinds, tokens, strict=True)) < len(tokens) * 0.5:
        return False
    spans = word_spans(text)
    apart = [bool(BREAK.search(text[a[1] : b[0]])) for a, b in pairwise(spans)]
    return not any(_is_finite(tokens, kinds, apart, at) for at in range(1, len(tokens)))


def _is_finite(tokens: list[str], kinds: list[set[str]], apart: list[bool], at: int) -> bool:
    """Whether the word at ``at`` is surely a finite verb; ``apart[i]`` says that a mark stands between words i and i + 1."""
    token, kind, before = tokens[at], kinds[at], tokens[at - 1]
    if before == "to":
        return False
    if token in VERBS or token in COMMON_VERBS or "x" in kind:
        return True
    if not kind & {"v", "d"} or before in DETERMINERS:
        return False
    if kind <= {"v"}:
        return True
    after = tokens[at + 1] if at + 1 < len(tokens) and not apart[at] else ""
    if apart[at - 1] or not after:
        return False
    return (
        after in AFTER_VERBS
        or after[:1].isdigit()
        or ("d" in kind and after not in PREPOSITIONS and "n" in kinds[at - 1])
    )


def _dangling(text: str, tokens: list[str]) -> bool:
    if re.split(r"['’]", tokens[0])[0] in PRONOUNS or tokens[0] in VERBS:
        return True
    if tokens[0] in {
        "in",
        "for",
        "with",
        "by",
        "from",
        "under",
        "to",
        "at",
        "on",
        "like",
        "unlike",
        "despite",
        "given",
        "because",
    } and tokens[1] in {
        "this",
        "these",
        "that",
        "those",
        "such",
        "it",
        "its",
        "his",
        "her",
        "their",
        "them",
        "both",
        "each",
        "other",
        "another",
        "either",
    }:
        return True
    if (
        tokens[0] in OPENERS
        and {"it", "they", "them", "he", "she"} & set(tokens[1:6])
        and tokens[1:4] != ["it", "comes", "to"]
    ):
        return True
    if (
        tokens[0] in {"if", "when", "once", "while", "as", "although", "though", "since", "because", "after", "before"}
        and tokens[1] in PRONOUNS
    ):
        return True
    if any(
        word in {"this", "these", "those"} or (word == "such" and tokens[at + 1 : at + 2] != ["as"])
        for at, word in enumerate(tokens[:6])
    ):
        return True
    return bool(
        ORDINAL_SUBJECT.match(text)
        or OBJECT_PRONOUN.match(text)
        or THAT_NOUN.search(text)
        or BARE_SUBJECT.match(text)
        or ANAPHORA.search(text)
        or RELATIVE_TIME.match(text)
    ) or _late_subject(text)


def _late_subject(text: str) -> bool:
    """Whether a main clause has a bare pronoun as its subject after a short opening ('In 2023, it grew')."""
    return bool(re.match(r"^[A-Z][^,;:]{0,40}, (?:it|they|he|she|this|these|those)\b", text))


def _instruction(text: str, tokens: list[str]) -> bool:
    return tokens[0] in IMPERATIVES and (len(tokens) < 2 or tokens[1] not in VERBS | {"of", "in", "cases", "case"})


def _speaker(text: str, tokens: list[str]) -> bool:
    quoted = re.fullmatch(r"[\"“][^\"”]*[\"”]\W*", text)  # said by somebody, often to be refuted
    turn = re.match(r"\W*(?:Assistant|User|Human|AI)\s*:", text, re.IGNORECASE)  # of a conversation with a machine
    return bool(quoted or turn or SECOND_PERSON.search(text) or FIRST_SINGULAR.search(text) or PLANS.search(text))


def _no_subject(text: str, tokens: list[str]) -> bool:
    """A sentence that starts with its verb ('Supports many formats.', 'Emerged in 2024.')."""
    kinds = set(parts_of_speech().get(tokens[0], ""))
    if tokens[0] == "to" and not re.search(r",|\b(?:is|are|was|were|requires?|means)\b", text):
        return True
    if not kinds or not kinds <= {"v", "d"}:
        return False
    participle = "d" in kinds and "," in " ".join(text.split()[:14])
    return not participle


def _symbols(text: str, tokens: list[str]) -> bool:
    letters = sum(letter.isalpha() or letter.isspace() for letter in text)
    capitals = sum(token.isupper() and len(token) > 1 for token in text.split())
    return letters < 0.78 * len(text) or capitals > 0.3 * len(tokens)


def _bibliographic(text: str, tokens: list[str]) -> bool:
    """Names and titles: most words that carry meaning start with a capital."""
    content = [word for word in re.findall(r"[^\W\d_][\w’'-]*", text)[1:] if word.casefold() not in STOPWORDS]
    return len(content) >= 4 and sum(word[0].isupper() for word in content) > 0.5 * len(content)


_TESTS: Final = (
    ("question", lambda text, tokens: "?" in text),
    ("fragment", _incomplete),
    ("unbalanced", _unbalanced),
    ("boilerplate", lambda text, tokens: bool(BOILERPLATE.search(text))),
    ("page", lambda text, tokens: bool(PAGE.match(text))),
    ("address", lambda text, tokens: bool(ADDRESS.search(text))),
    ("code", lambda text, tokens: bool(CODE.search(text))),
    ("listing", lambda text, tokens: bool(LISTING.search(text))),
    ("symbols", _symbols),
    ("names", _bibliographic),
    ("speaker", _speaker),
    ("dangling", _dangling),
    ("instruction", _instruction),
    ("no subject", _no_subject),
    ("no verb", _no_verb),
)


def leans_on_context(text: str, known: frozenset[str] | set[str], stem_of: Callable[[str], str]) -> bool:
    """Whether a sentence starts with a bare 'The thing does ...' whose thing nothing that the reader knows has named."""
    match = BARE_THING.match(text)
    return match is not None and stem_of(match[1] or match[2]) not in known
