"""Independent witnesses: copies and near-copies of one text count once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final

from kb.records import Evidence
from kb.text import words
from queries.topics import content_stems

_SHINGLE: Final = 5
_SAME: Final = 0.5
"""Share of the shorter text's shingles found in the other from which two documents are one witness."""
_COPIED: Final = 0.8
"""Overlap of content words from which two sentences are one sentence copied."""
_RUN: Final = 3
_TAKEN: Final = 0.4
_FEWEST: Final = 4
"""A sentence that has this share of the shorter one's word trigrams, and so many of them, may have been written with the other at
hand. Of claims that experts wrote by themselves on what a paper found (SciFact), 3 % reach that beside what supports them
(``bench/witnesses.py``)."""
_MOST: Final = 20_000
"""Shingles kept of the longest document; all are sampled at the same rate, by hash, so shares stay comparable."""


def witness_groups(texts: Mapping[str, str]) -> dict[str, str]:
    """Group documents (by source id) that share half of the shorter one's text; return each one's representative.

    Containment of word 5-grams (Broder, 'On the resemblance and containment of documents', 1997), sampled by hash.
    """
    counts = {source: len(text) // 6 for source, text in texts.items()}
    rate = max(1, max(counts.values(), default=0) // _MOST)
    shingles = {source: _shingles(text, rate) for source, text in texts.items()}
    holders: dict[int, list[str]] = {}
    for source in sorted(shingles):
        for shingle in shingles[source]:
            holders.setdefault(shingle, []).append(source)
    shared: Counter[tuple[str, str]] = Counter()
    for group in holders.values():
        if 1 < len(group) <= 50:
            shared.update((a, b) for at, a in enumerate(group) for b in group[at + 1 :])
    parent = {source: source for source in texts}
    for (a, b), common in shared.items():
        if common >= 5 and common >= _SAME * min(len(shingles[a]), len(shingles[b])):
            first, second = sorted((_root(parent, a), _root(parent, b)))
            parent[second] = first
    return {source: _root(parent, source) for source in texts}


def count_witnesses(evidence: Sequence[Evidence], groups: Mapping[str, str]) -> int:
    """How many independent witnesses stand behind ``evidence``.

    Documents of one group are one witness, and so are documents with the same sentence word for word: one took it from the
    other, or both from a third.
    """
    seen: list[tuple[str, frozenset[str]]] = []
    for item in evidence:
        group = groups.get(item.source_id, item.source_id)
        stems = frozenset(content_stems(item.quote))
        if not any(group == other or _overlap(stems, known) >= _COPIED for other, known in seen):
            seen.append((group, stems))
    return max(1, len(seen))


def share_wording(evidence: Sequence[Evidence]) -> bool:
    """Whether quotes of two sources are in good part the same words.

    Containment of word trigrams, as detectors of text reuse take it (Lyon et al., 'Detecting short passages of similar text in
    large document collections', 2001). It does not tell who wrote with whom at hand, or both with a third; so it is said, not counted.
    """
    said = [(item.source_id, wording(item.quote)) for item in evidence]
    return any(one != other and partly_same(a, b) for (one, a), (other, b) in combinations(said, 2))


def wording(text: str) -> frozenset[tuple[str, ...]]:
    """Every three words that follow each other in ``text``."""
    return frozenset(_runs(text, _RUN))


def partly_same(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> bool:
    """Whether two sentences have so much of their :func:`wording` in common that one may have been written with the other at hand."""
    common = len(a & b)
    return common >= _FEWEST and common >= _TAKEN * min(len(a), len(b))


def _runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    """Every ``length`` words that follow each other in ``text``."""
    said = words(text)
    return zip(*(said[at:] for at in range(length)), strict=False)


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(1, len(a | b))


@lru_cache(maxsize=1024)
def _shingles(text: str, rate: int) -> frozenset[int]:
    found: set[int] = set()
    for run in _runs(text, _SHINGLE):
        joined = " ".join(run).encode("utf-8", "surrogatepass")
        digest = int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest())
        if digest % rate == 0:
            found.add(digest)
    return frozenset(found)


def _root(parent: dict[str, str], item: str) -> str:
    while parent[item] != item:
        parent[item] = parent[parent[item]]
        item = parent[item]
    return item
