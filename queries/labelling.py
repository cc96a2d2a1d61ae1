"""Labels first, then groups: the phrases and headings that between them cover the evidence best become its angles.

Clustering sentences and naming the clusters afterwards gives groups that no name fits. Here names come first, as in Lingo
(Osinski, Stefanowski and Weiss, 2004): candidates are noun phrases that several sentences use and headings that authors wrote;
those are chosen that together lie nearest to the most statements (facility location, greedily, which is within 1 - 1/e of the
best choice: Nemhauser, Wolsey and Fisher, 1978); then each statement goes to its nearest label.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb.interfaces import Embedder
from kb.orders import orders
from kb.text import STOPWORDS, parts_of_speech, words
from queries.patterns import ASPECTS, DETERMINERS, PREPOSITIONS
from queries.topics import content_stems

Vectors = NDArray[np.float32]

_CANDIDATES: Final = 160
_ENOUGH: Final = 0.06
"""A further label must add at least this share of what the first one gave."""
_HEADING: Final = 1.25
_LONGEST: Final = 52
_LONE: Final = 0.6
"""Weight of a label that the statements of one source only use."""
_WORD: Final = 0.25
_NAME: Final = 0.75
"""Weights of a label of one word: a common noun seldom makes a title, a name or an acronym may."""
_KIN: Final = 0.6
_SAME: Final = 0.75
"""Nearness to the topic's subject from which a phrase makes a worse label, and from which none: it only says it again."""
_UNSAID: Final = 0.4
"""Weight of a heading whose words no statement uses."""
_PART: Final = 0.7
"""Share of its uses in which one and the same word stands beside a phrase that is only a part of a longer one."""
_NAMED: Final = 0.2
"""What it adds to the nearness of a statement to a label that it says its words."""
_SHARED: Final = 0.4
"""Share of the statements from which a word tells nothing about one of them."""
_SAID: Final = 0.66
"""Share of a label's telling words that a statement must say."""
_PLAIN: Final = re.compile(r"\b[a-z]{3,}\b")

_TOKEN: Final = re.compile(r"[^\W\d_][\w’'-]*|[.,;:()!?\"“”—–/]|\d\S*")
_EMPTY: Final = frozenset(
    "thing way case example number lot kind sort part set use result fact point issue question problem work paper author study "
    "researcher people user one time year day step section chapter figure table approach method technique process term level "
    "type form area aspect range variety amount order need ability idea notion view sense reason role goal purpose effect "
    "respect instance addition contrast total side end start rest half majority minority new good bad big small large great "
    "high low many much several various different same other such own certain able available possible important main key "
    "single common general specific particular recent current early late first second third last next previous real better "
    "best worse worst well even like means including based given made used using makes make help helps lead leads team company "
    "person world today answer model needs show shows modern major minor full whole true false strong weak simple complex easy "
    "hard entire further additional overall final original initial colleague share percent rate size group version list "
    "task tasks models results studies methods approaches examples papers authors researchers cases ways years others".split()
)
_DULL: Final = frozenset(
    content_stems(" ".join(_EMPTY) + " evidence future challenge application direction practice thought")
)
_GENERIC: Final = re.compile(
    r"\b(?:introduction|overview|conclusions?|summary|abstract|references?|acknowledge?ments?|further reading|appendix|contents|"
    r"takeaways?|background|related work|results?|discussion|methods?|faq|about|what is|how to|this|these|"
    r"examples?|exercises?|notes?|sources?|news|updates?|getting started|installation|usage|quick ?start|tutorial|"
    r"steps?|part|table|figure|kit|toolkit|report|study|handbook|handout|glossary|brief|memo|newsletter|lecture|chapter|"
    r"finding|my|our|we|i|you|your|it|key|answers?|statements?|position|more|other)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What labels are sought for: its wording, the headings it stands under, its vector, its worth and its source."""

    text: str
    headings: tuple[str, ...]
    vector: Vectors
    worth: float
    source: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What all labels are under: the stems of the topic's words, its subject as a phrase, and what it is to focus on."""

    terms: frozenset[str] = frozenset()
    phrase: str = ""
    focus: tuple[str, ...] = ()


def choose_labels(
    statements: Sequence[Statement],
    embedder: Embedder,
    *,
    subject: Subject,
    fixed: Sequence[str] = (),
    most: int = 7,
    fewest: int = 3,
) -> list[str]:
    """The labels that cover ``statements`` best, at most ``most``; ``fixed`` ones stay."""
    names, weights = _candidates(statements, subject, embedder)
    names = [name for name in names if all(not alike(name, other) for other in fixed)]
    if not names:
        return list(fixed)
    near = nearness(statements, [*fixed, *names], embedder)
    worth = np.array([s.worth for s in statements])
    gain = near * worth[:, None]
    covered = gain[:, : len(fixed)].max(axis=1) if fixed else np.zeros(len(statements))
    gain = gain[:, len(fixed) :] * np.array([weights[name] for name in names])
    chosen: list[str] = []
    first = 0.0
    while len(fixed) + len(chosen) < most:
        added = np.maximum(gain - covered[:, None], 0.0).sum(axis=0)
        for at, name in enumerate(names):
            if any(alike(name, other) for other in (*fixed, *chosen)):
                added[at] = -1.0
        at = int(added.argmax())
        first = first or (float(covered.sum()) if fixed else float(added[at]))
        enough = float(added[at]) < _ENOUGH * first and len(fixed) + len(chosen) >= fewest
        if added[at] <= 0 or enough:
            break
        chosen.append(names[at])
        covered = np.maximum(covered, gain[:, at])
    return [*fixed, *chosen]


def nearness(statements: Sequence[Statement], labels: Sequence[str], embedder: Embedder) -> Vectors:
    """How near each statement is to each label (n, m), 0 to 1: in meaning, without what all statements share, and in words."""
    vectors = np.stack([s.vector for s in statements])
    middle = vectors.mean(axis=0)
    rest = _unit(vectors - middle)
    named = _unit(embedder.embed(list(labels)) - 0.6 * middle)
    near: Vectors = np.maximum(rest @ named.T, 0.0).astype(np.float32)
    return np.minimum(near + _NAMED * _naming(statements, labels), 1.0)


def _naming(statements: Sequence[Statement], labels: Sequence[str]) -> Vectors:
    """Which statements say the words of which label (n, m), 0 or 1, words that most statements share left aside."""
    said = [frozenset(content_stems(statement.text)) for statement in statements]
    counts = Counter(word for words in said for word in words)
    common = {word for word, count in counts.items() if count > _SHARED * len(said)}
    named = np.zeros((len(statements), len(labels)), dtype=np.float32)
    for column, label in enumerate(labels):
        telling = set(content_stems(label)) - common - _DULL
        if telling:
            named[:, column] = [len(words & telling) >= _SAID * len(telling) for words in said]
    return named


def as_title(label: str) -> str:
    """A label as a heading."""
    return label[0].upper() + label[1:]


def alike(a: str, b: str) -> bool:
    """Whether two labels share most of their words."""
    first, second = set(content_stems(a)), set(content_stems(b))
    return len(first & second) >= 0.5 * max(1, min(len(first), len(second)))


def clean_heading(heading: str) -> str:
    """A heading as a label: without numbering, emoji, subtitle and a trailing mark; empty where it would say nothing."""
    text = re.sub(r"[^\w\s.,:;'’\"“”()&/+-]", " ", heading)
    text = re.sub(
        r"^\s*(?:(?:chapter|part|section|lecture|step|appendix|slide|question|q)\s+)?(?:\d+|[ivxIVX]+\b)?(?:[.):-]\d*)*\s+(?=\S)",
        "",
        f" {text}",
        flags=re.IGNORECASE,
    )
    text = " ".join(text.split()).strip(" .:;,-")
    before, colon, after = text.partition(": ")
    if colon:
        text = before if len(content_stems(before)) >= 2 else after
    content = [word for word in re.findall(r"[^\W\d_]{3,}", text) if word.casefold() not in STOPWORDS]
    if (
        not 1 <= len(text.split()) <= 7
        or len(content) < min(2, len(text.split()))
        or (len(content) == 1 and len(content[0]) < 4)
        or len(text) > _LONGEST
        or "?" in heading
        or orders(heading)
        or _GENERIC.search(text)
    ):
        return ""
    if text.isupper():
        text = text.capitalize()
    return text


def _unit(vectors: Vectors) -> Vectors:
    scaled: Vectors = (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return scaled


def _candidates(
    statements: Sequence[Statement], subject: Subject, embedder: Embedder
) -> tuple[list[str], dict[str, float]]:
    """Labels to choose from, with a mild weight for how many statements and sources use them."""
    dull = subject.terms | _DULL
    weights = _phrase_weights(statements, dull)
    names = sorted(weights, key=lambda name: (-weights[name], name))[:_CANDIDATES]
    if subject.phrase and names:
        near = embedder.embed(names) @ embedder.embed([subject.phrase])[0]
        for name, cosine in zip(names, near, strict=True):
            weights[name] *= max(0.0, 1.0 - (float(cosine) - _KIN) / (_SAME - _KIN)) if cosine > _KIN else 1.0
        weights = {name: weight for name, weight in weights.items() if weight > 0}
    for name, weight in (*_heading_weights(statements, dull).items(), *_focus_weights(statements, subject).items()):
        weights[name] = max(weights.get(name, 0.0), weight)
    return sorted(weights, key=lambda name: (-weights[name], name))[:_CANDIDATES], weights


def _focus_weights(statements: Sequence[Statement], subject: Subject) -> dict[str, float]:
    """What the topic is to focus on, where several statements say it: nobody knows a better title."""
    said = [frozenset(content_stems(statement.text)) for statement in statements]
    named = {name: sum(set(content_stems(name)) <= words for words in said) for name in subject.focus}
    return {name: _HEADING for name, count in named.items() if count > 1}


def _phrase_weights(statements: Sequence[Statement], dull: frozenset[str]) -> dict[str, float]:
    """Noun phrases that several statements use; what always stands in one longer phrase is no label by itself."""
    uses: defaultdict[str, set[int]] = defaultdict(set)
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    beside: defaultdict[str, list[Counter[str]]] = defaultdict(lambda: [Counter(), Counter()])
    for at, statement in enumerate(statements):
        for name, surface, before, after in _occurrences(statement.text):
            uses[name].add(at)
            forms[name][surface] += 1
            beside[name][0][before] += 1
            beside[name][1][after] += 1
    weights: dict[str, float] = {}
    for name, places in uses.items():
        needed = 2 if " " in name else 4
        if len(places) < needed or set(content_stems(name)) <= dull or _is_part(beside[name]):
            continue
        sources = len({statements[at].source for at in places})
        form = forms[name].most_common(1)[0][0]
        length = 1.0 if " " in name else _WORD if form.islower() else _NAME
        spread = 1.0 if sources > 1 else _LONE
        weights[form] = length * spread * (1.0 + 0.06 * math.log(len(places) * sources))
    return weights


def _heading_weights(statements: Sequence[Statement], dull: frozenset[str]) -> dict[str, float]:
    """Headings that authors wrote; those whose words the statements of several sources use say what is shared."""
    under: defaultdict[str, set[int]] = defaultdict(set)
    for at, statement in enumerate(statements):
        for heading in statement.headings:
            if cleaned := clean_heading(heading):
                under[cleaned].add(at)
    said = [frozenset(content_stems(statement.text)) for statement in statements]
    spoken = frozenset(word for s in statements for word in _PLAIN.findall(s.text))
    named = frozenset(stem for stems in said for stem in stems)
    weights: dict[str, float] = {}
    for name, places in under.items():
        stems = frozenset(content_stems(name))
        if stems <= dull or _names_unsaid(name, named):
            continue
        telling = stems - dull
        sharing = {
            statements[at].source for at, words in enumerate(said) if len(words & telling) >= _SAID * len(telling)
        }
        spread = 1.0 if len(sharing) > 1 else _LONE if sharing else _UNSAID
        length = 1.0 - 0.05 * max(0, len(name.split()) - 4)
        label = _sentence_case(name, spoken)
        weights[label] = _HEADING * length * spread * (1.0 + 0.04 * math.log(len(places)))
    return weights


def _names_unsaid(heading: str, said: frozenset[str]) -> bool:
    """Whether a heading names something that no statement speaks of: as a title it would claim what nothing here holds."""
    known = parts_of_speech()
    names = (word for word in words(heading) if word not in STOPWORDS and word.isalpha() and word not in known)
    return any(not set(content_stems(word)) <= said for word in names)


def _is_part(beside: Sequence[Counter[str]]) -> bool:
    """Whether one word nearly always stands right before or after a phrase, so that the phrase is only a part of a longer one.

    Complete phrases, as in Lingo.
    """
    return any(
        word and count >= 2 and count >= _PART * side.total() for side in beside for word, count in side.most_common(1)
    )


def _sentence_case(heading: str, spoken: frozenset[str]) -> str:
    """A heading in Title Case as it would stand in running text; names and acronyms keep their capitals."""
    first, *rest = heading.split()
    if sum(word[0].isupper() for word in rest) < 0.5 * sum(word.casefold() not in STOPWORDS for word in rest):
        return heading
    plain = [word for word in rest if word[1:].islower()]
    if not all(word.casefold() in spoken or word.casefold() in STOPWORDS for word in plain):
        return heading
    return " ".join([first, *(word.casefold() if word in plain else word for word in rest)])


def phrases(sentence: str) -> list[tuple[str, str]]:
    """Noun phrases of one to three words: folded form and spelling, each once."""
    return [(name, surface) for name, surface, _, _ in _occurrences(sentence)]


def _occurrences(sentence: str) -> list[tuple[str, str, str, str]]:
    """Each noun phrase once: folded form, spelling, and the words that stand right before and after it (folded, or empty)."""
    tokens = _TOKEN.findall(sentence)
    found: dict[str, tuple[str, str, str, str]] = {}
    for size in (1, 2, 3):
        for at in range(len(tokens) - size + 1):
            part = tokens[at : at + size]
            if _is_phrase(part, tokens[at + size : at + size + 1]):
                name = " ".join(part).casefold()
                before, after = _beside(tokens[at - 1 : at]), _beside(tokens[at + size : at + size + 1])
                found.setdefault(name, (name, _spelled(part, first=at == 0), before, after))
    return list(found.values())


def _beside(tokens: Sequence[str]) -> str:
    """The word beside a phrase, if it could belong to it."""
    word = tokens[0].casefold() if tokens else ""
    kinds = set(parts_of_speech().get(word, "n"))
    return word if word[:1].isalpha() and word not in STOPWORDS and kinds & {"n", "j", "g", "d"} else ""


def _is_phrase(part: Sequence[str], after: Sequence[str] = ()) -> bool:
    low = [word.casefold() for word in part]
    if low[-1] in ASPECTS or any(word in STOPWORDS or word in _EMPTY or not word[0].isalpha() for word in low):
        return False
    if any(
        len(word) < 3 and not (word.isupper() and len(part) > 1) for word in part
    ):  # the D of vitamin D, AI feedback
        return False
    known = parts_of_speech()
    kinds = [set(known.get(word) or known.get(word.rpartition("-")[2]) or "n") for word in low]
    last = kinds[-1]
    if last == {"g"}:  # genome editing, but not 'patients receiving care'
        return len(low) > 1 and "n" in kinds[-2] and not (after and _opens(after[0])) and _are_modifiers(low, kinds)
    if "n" not in last or "j" in last or (len(low) == 1 and (low[0].endswith("ing") or last & {"v", "g"})):
        return False
    return _are_modifiers(low, kinds)


def _opens(word: str) -> bool:
    """Whether a word opens or continues a noun phrase: what stands before it is then no noun."""
    low = word.casefold()
    return low in DETERMINERS - PREPOSITIONS or bool(low not in STOPWORDS and low[:1].isalpha())


def _are_modifiers(low: Sequence[str], kinds: Sequence[set[str]]) -> bool:
    """Whether all words before the last can stand before a noun."""
    before = list(zip(low[:-1], kinds[:-1], strict=True))
    if any("v" in kind and word.endswith("s") for word, kind in before) or any("r" in kind for _, kind in before):
        return False
    return all(kind & {"n", "j", "g"} for _, kind in before)


def _spelled(part: Sequence[str], *, first: bool) -> str:
    """The phrase as it stands in running text: capitals kept for names and acronyms only."""
    out: list[str] = []
    for at, word in enumerate(part):
        plain = word[1:].islower() or len(word) == 1
        out.append(word.casefold() if plain and first and at == 0 else word)
    return " ".join(out)
