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
from kb.text import parts_of_speech
from queries.patterns import STOPWORDS
from queries.topics import content_stems

Vectors = NDArray[np.float32]

_CANDIDATES: Final = 160
_ENOUGH: Final = 0.10
"""A further label must add at least this share of what the first one gave."""
_HEADING: Final = 1.12
_LONGEST: Final = 52

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


def choose_labels(
    statements: Sequence[Statement],
    embedder: Embedder,
    *,
    avoid: frozenset[str],
    fixed: Sequence[str] = (),
    most: int = 7,
    fewest: int = 3,
) -> list[str]:
    """The labels that cover ``statements`` best, at most ``most``; ``fixed`` ones stay, ``avoid`` are the topic's stems."""
    names, weights = _candidates(statements, avoid)
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
    """How near each statement is to each label (n, m), 0 to 1, without what all statements on the topic share."""
    vectors = np.stack([s.vector for s in statements])
    middle = vectors.mean(axis=0)
    rest = _unit(vectors - middle)
    named = _unit(embedder.embed(list(labels)) - 0.6 * middle)
    near: Vectors = np.maximum(rest @ named.T, 0.0).astype(np.float32)
    return near


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
        not 2 <= len(text.split()) <= 7
        or len(content) < 2
        or len(text) > _LONGEST
        or "?" in heading
        or _GENERIC.search(text)
    ):
        return ""
    if text.isupper():
        text = text.capitalize()
    return text


def _unit(vectors: Vectors) -> Vectors:
    scaled: Vectors = (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return scaled


def _candidates(statements: Sequence[Statement], avoid: frozenset[str]) -> tuple[list[str], dict[str, float]]:
    """Labels to choose from, with a mild weight for how many statements and sources use them."""
    dull = avoid | _DULL
    uses: defaultdict[str, set[int]] = defaultdict(set)
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for at, statement in enumerate(statements):
        for name, surface in _phrases(statement.text):
            uses[name].add(at)
            forms[name][surface] += 1
    headings: defaultdict[str, set[int]] = defaultdict(set)
    for at, statement in enumerate(statements):
        for heading in statement.headings:
            if cleaned := clean_heading(heading):
                headings[cleaned].add(at)
    weights: dict[str, float] = {}
    for name, places in uses.items():
        needed = 2 if " " in name else 4
        if len(places) >= needed and not set(content_stems(name)) <= dull:
            sources = len({statements[at].source for at in places})
            length = 0.7 if " " not in name else 1.0
            weights[forms[name].most_common(1)[0][0]] = length * (1.0 + 0.06 * math.log(len(places) * sources))
    for name, places in headings.items():
        if not set(content_stems(name)) <= dull:
            length = 1.0 - 0.05 * max(0, len(name.split()) - 4)
            weights[name] = max(weights.get(name, 0.0), _HEADING * length * (1.0 + 0.04 * math.log(len(places))))
    ranked = sorted(weights, key=lambda name: (-weights[name], name))
    return ranked[:_CANDIDATES], weights


def _phrases(sentence: str) -> list[tuple[str, str]]:
    """Noun phrases of one to three words: folded form and spelling, each once."""
    tokens = _TOKEN.findall(sentence)
    found: dict[str, str] = {}
    for size in (1, 2, 3):
        for at in range(len(tokens) - size + 1):
            part = tokens[at : at + size]
            if _is_phrase(part):
                found.setdefault(" ".join(part).casefold(), _spelled(part, first=at == 0))
    return list(found.items())


def _is_phrase(part: Sequence[str]) -> bool:
    low = [word.casefold() for word in part]
    if any(word in STOPWORDS or word in _EMPTY or not word[0].isalpha() or len(word) < 3 for word in low):
        return False
    known = parts_of_speech()
    kinds = [set(known.get(word) or known.get(word.rpartition("-")[2]) or "n") for word in low]
    last = kinds[-1]
    if "n" not in last or "j" in last or (len(low) == 1 and (low[0].endswith("ing") or last & {"v", "g"})):
        return False
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
