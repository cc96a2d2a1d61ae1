"""Titles for groups of sentences: the noun phrases that set a group apart, in the form a person would write."""

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
from queries.topics import content_stems
from queries.wording import STOPWORDS

Vectors = NDArray[np.float32]

_TOKEN: Final = re.compile(r"[^\W\d_][\w’'-]*|[.,;:()!?\"“”—–/]|\d\S*")
_EMPTY: Final = frozenset(
    "thing way case example number lot kind sort part set use result fact point issue question problem work paper author study "
    "researcher people user one time year day step section chapter figure table approach method technique process term "
    "level type form area aspect range variety amount order need ability idea notion view sense reason role goal purpose "
    "effect respect instance addition contrast total side end start rest half majority minority new good bad big small large "
    "great high low many much several various different same other such own certain able available possible important main "
    "key single common general specific particular recent current early late first second third last next previous real "
    "better best worse worst well even like means including based given made used using makes make help helps lead leads "
    "need needs show shows modern key today early major minor full whole true false strong weak simple complex easy hard "
    "human language large small public open private different wide narrow broad long short old young "
    "team company person world today question answer generation model".split()
)
_GENERIC: Final = re.compile(
    r"\b(?:introduction|overview|conclusions?|summary|abstract|references?|acknowledge?ments?|further reading|appendix|contents|"
    r"takeaways?|background|related work|results?|discussion|methods?|faq|about|what is|how to|this (?:lecture|chapter|post|paper|"
    r"article|guide)|example|exercise|notes?|sources?|news|updates?|getting started|installation|usage|quick ?start|tutorial|"
    r"step|part|table|figure|kit|toolkit)\b",
    re.IGNORECASE,
)
_WEIGHT: Final = {1: 0.62, 2: 1.25, 3: 1.15}


@dataclass(frozen=True, slots=True)
class Group:
    """The sentences that a title is sought for, and the headings under which they stand in their sources."""

    sentences: Sequence[str]
    headings: Sequence[str]


def titles(found: Sequence[Group], centres: Vectors, embedder: Embedder, avoid: frozenset[str]) -> list[str]:
    """A title for each group; ``centres`` are the groups' mean vectors, ``avoid`` the stems of the topic.

    A heading that a source's author wrote is taken where it fits the group at least as well as its noun phrases do. Those
    are ranked by how much more often the group uses them than the others do (a log ratio, as in c-TF-IDF) and by how near
    their vectors are to the group's centre and far from the others'.
    """
    composed = _phrase_titles([group.sentences for group in found], centres, embedder, avoid)
    offered = [list(dict.fromkeys(h for h in map(clean_heading, group.headings) if h)) for group in found]
    counts = [Counter(map(clean_heading, group.headings)) for group in found]
    names = sorted({name for part in (*offered, composed) for name in part})
    vectors = dict(zip(names, embedder.embed(names), strict=True))
    chosen: list[str] = []
    for at, headings in enumerate(offered):
        rated = [(_fit(vectors[composed[at]], centres, at), composed[at])]
        for name in headings:
            rated.append((_fit(vectors[name], centres, at) * (1.15 + 0.1 * math.log(counts[at][name])), name))
        ranked = [name for _, name in sorted(rated, key=lambda item: (-item[0], item[1]))]
        chosen.append(next((name for name in ranked if all(not _alike(name, other) for other in chosen)), composed[at]))
    return chosen


def clean_heading(heading: str) -> str:
    """A heading as a title: without numbering, emoji and a trailing mark; empty where it would say nothing."""
    text = re.sub(r"[^\w\s.,:;'’\"“”()&/+-]", " ", heading)
    text = re.sub(r"^\s*(?:(?:chapter|part|section|lecture|step|appendix|slide|question|q)\s+)?[\divxIVX]*(?:[.):-]\d*)*\s+(?=\S)", "", f" {text}", flags=re.IGNORECASE)
    text = " ".join(text.split()).strip(" .:;,-")
    tokens = text.split()
    content = [word for word in re.findall(r"[^\W\d_]{3,}", text) if word.casefold() not in STOPWORDS]
    if not 2 <= len(tokens) <= 8 or len(content) < 2 or len(text) > 60 or "?" in heading or _GENERIC.search(text):
        return ""
    if text.isupper():
        text = text.capitalize()
    return text[0].upper() + text[1:]


def _alike(a: str, b: str) -> bool:
    first, second = set(content_stems(a)), set(content_stems(b))
    return len(first & second) >= 0.6 * max(1, min(len(first), len(second)))


def _phrase_titles(
    groups: Sequence[Sequence[str]], centres: Vectors, embedder: Embedder, avoid: frozenset[str]
) -> list[str]:
    tables = [_phrases(group) for group in groups]
    ranked = [_by_use(at, tables, [len(g) for g in groups], avoid)[:30] for at in range(len(groups))]
    names = sorted({name for part in ranked for name, _, _ in part})
    vectors = dict(zip(names, embedder.embed(names), strict=True)) if names else {}
    taken: set[str] = set()
    found: list[str] = []
    for at, part in enumerate(ranked):
        scored = sorted(
            ((use * _fit(vectors[name], centres, at), name, surface) for name, surface, use in part), key=lambda x: (-x[0], x[1])
        )
        title = _compose(scored, vectors, taken)
        taken.update(title.casefold().split(" and "))
        found.append(title)
    return found


def _fit(vector: Vectors, centres: Vectors, at: int) -> float:
    near = centres @ vector
    others = np.delete(near, at)
    apart = float(near[at]) - (float(others.max()) if len(others) else 0.0)
    return max(0.02, float(near[at]) + 0.8 * apart + 0.15)


def _compose(scored: Sequence[tuple[float, str, str]], vectors: dict[str, Vectors], taken: set[str]) -> str:
    chosen: list[tuple[str, str]] = []
    for score, name, surface in scored:
        if name in taken or (chosen and score < 0.35 * scored[0][0]):
            continue
        stems = set(content_stems(name))
        apart = all(
            not stems & set(content_stems(other)) and float(vectors[name] @ vectors[other]) < 0.75 for other, _ in chosen
        )
        if apart:
            chosen.append((name, surface))
        if len(chosen) == 2:
            break
    title = " and ".join(surface for _, surface in chosen) or "Other findings"
    return title[0].upper() + title[1:]


def _by_use(
    at: int, tables: Sequence[dict[str, Counter[str]]], sizes: Sequence[int], avoid: frozenset[str]
) -> list[tuple[str, str, float]]:
    """Phrases of group ``at`` as (folded, surface, score), best first."""
    found: list[tuple[str, str, float]] = []
    outside = sum(sizes) - sizes[at]
    for name, forms in tables[at].items():
        inside = sum(forms.values())
        elsewhere = sum(sum(table[name].values()) for other, table in enumerate(tables) if other != at and name in table)
        if inside < 2 and sizes[at] > 4:
            continue
        stems = content_stems(name)
        fresh = sum(stem not in avoid for stem in stems)
        if not fresh:
            continue
        lift = math.log(((inside + 0.3) / (sizes[at] + 1)) / ((elsewhere + 0.3) / (outside + 1)))
        weight = _WEIGHT[min(3, len(name.split()))] * (0.6 + 0.4 * fresh / len(stems))
        if lift > 0:
            found.append((name, forms.most_common(1)[0][0], math.log1p(inside) * lift * weight))
    return sorted(found, key=lambda item: (-item[2], item[0]))


def _phrases(sentences: Sequence[str]) -> dict[str, Counter[str]]:
    """Noun phrases of one to three words: folded form -> how often each spelling occurs (once a sentence)."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        tokens = _TOKEN.findall(sentence)
        seen: set[str] = set()
        for size in (1, 2, 3):
            for at in range(len(tokens) - size + 1):
                part = tokens[at : at + size]
                name = " ".join(part).casefold()
                if name in seen or not _is_phrase(part):
                    continue
                seen.add(name)
                found[name][_spelled(part, first=at == 0)] += 1
    return dict(found)


def _is_phrase(part: Sequence[str]) -> bool:
    known = parts_of_speech()
    low = [word.casefold() for word in part]
    if any(word in STOPWORDS or word in _EMPTY and len(low) == 1 or not word[0].isalpha() or len(word) < 3 for word in low):
        return False
    if low[0] in _EMPTY or low[-1] in _EMPTY - {"model", "generation"}:
        return False
    kinds = [known.get(word) or known.get(word.rpartition("-")[2]) or ("n" if word.isalpha() else "") for word in low]
    if "n" not in kinds[-1] or "j" in kinds[-1] or (low[-1].endswith("ing") and len(low) == 1):
        return False
    if any("v" in kind and word.endswith("s") for kind, word in zip(kinds[:-1], low[:-1], strict=True)):
        return False
    if len(low) == 1:
        return "v" not in kinds[0] or not set(kinds[0]) & {"v"} or len(low[0]) > 5
    return all(set(kind) & {"n", "j"} or (set(kind) & {"g"} and len(low) > 1) for kind in kinds[:-1]) and not any(
        "r" in kind and "n" not in kind for kind in kinds
    )


def _spelled(part: Sequence[str], *, first: bool) -> str:
    """The phrase as it stands in running text: capitals kept for names and acronyms only."""
    out: list[str] = []
    for at, word in enumerate(part):
        plain = word[1:].islower() or len(word) == 1
        out.append(word.casefold() if plain and (first and at == 0) else word)
    return " ".join(out)
