"""The reference lexical index: BM25 in plain Python, in memory; kept in one file where a path is given."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from functools import lru_cache
from math import log
from pathlib import Path
from threading import RLock
from typing import Final

from kb.errors import IndexBackendError
from kb.interfaces import LexicalEntry, Scored

_K1: Final = 1.2
_B: Final = 0.75
_HEADLINE_WEIGHT: Final = 0.3
_WORD: Final = re.compile(r"[^\W_]+")
_STOP: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "if",
        "in",
        "into",
        "is",
        "it",
        "no",
        "not",
        "of",
        "on",
        "or",
        "such",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "will",
        "with",
    ]
)
_STEP: Final = (
    ("ational", "ate"), ("ization", "ize"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"),
    ("ations", "ate"), ("ation", "ate"), ("ingly", ""), ("edly", ""), ("sses", "ss"), ("ies", "i"), ("ing", ""),
    ("ed", ""), ("ly", ""), ("es", ""), ("s", ""), ("y", "i"), ("e", ""),
)  # fmt: skip
_SHORTEST_STEM: Final = 3


class _Field:
    """Term counts of one field of all entries, and their lengths."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}
        self.holders: defaultdict[str, set[str]] = defaultdict(set)
        self.lengths: dict[str, int] = {}
        self.total = 0

    def add(self, chunk_id: str, words: Sequence[str]) -> None:
        self.counts[chunk_id] = Counter(words)
        self.lengths[chunk_id] = len(words)
        self.total += len(words)
        for word in self.counts[chunk_id]:
            self.holders[word].add(chunk_id)

    def remove(self, chunk_id: str) -> None:
        self.total -= self.lengths.pop(chunk_id)
        for word in self.counts.pop(chunk_id):
            self.holders[word].discard(chunk_id)

    def score(self, words: Iterable[str], scores: defaultdict[str, float], weight: float) -> None:
        number = len(self.counts)
        average = self.total / number if number and self.total else 1.0
        for word in words:
            holders = self.holders.get(word, set())
            rarity = log(1.0 + (number - len(holders) + 0.5) / (len(holders) + 0.5))
            for chunk_id in holders:
                count = self.counts[chunk_id][word]
                norm = _K1 * (1.0 - _B + _B * self.lengths[chunk_id] / average)
                scores[chunk_id] += weight * rarity * count * (_K1 + 1.0) / (count + norm)


class MemoryLexicalIndex:
    """BM25 (Robertson and Zaragoza 2009; k1 = 1.2, b = 0.75) over all words, plus a little for title and headings.

    ``path`` names a folder, None keeps everything in memory. Every change rewrites the file, so it suits some ten
    thousand chunks at the most.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file = path / "entries.json" if path is not None else None
        self._lock = RLock()
        self._entries: dict[str, LexicalEntry] | None = None
        self._all = _Field()
        self._headline = _Field()

    def upsert(self, entries: Sequence[LexicalEntry]) -> None:
        """Add or replace."""
        with self._lock:
            self._drop([entry.chunk_id for entry in entries])
            for entry in {entry.chunk_id: entry for entry in entries}.values():
                self._add(entry)
            self._save()

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove; ids that are not there are no error."""
        with self._lock:
            self._drop(chunk_ids)
            self._save()

    def query(self, text: str, k: int, *, allowed: frozenset[str] | None = None) -> list[Scored]:
        """The ``k`` best matches, best first, each with a score above 0; ties go by id."""
        scores: defaultdict[str, float] = defaultdict(float)
        words = list(dict.fromkeys(analyse(text)))
        with self._lock:
            self._open()
            self._all.score(words, scores, 1.0)
            self._headline.score(words, scores, _HEADLINE_WEIGHT)
        found = (Scored(i, score) for i, score in scores.items() if allowed is None or i in allowed)
        return sorted(found, key=lambda hit: (-hit.score, hit.chunk_id))[: max(0, k)]

    def ids(self) -> set[str]:
        """Every chunk id in the index."""
        with self._lock:
            return set(self._open())

    def clear(self) -> None:
        """Remove everything."""
        with self._lock:
            self._entries, self._all, self._headline = {}, _Field(), _Field()
            self._save()

    def close(self) -> None:
        """Release memory; the index opens again on the next use, empty if it has no file."""
        with self._lock:
            self._entries, self._all, self._headline = None, _Field(), _Field()

    def _add(self, entry: LexicalEntry) -> None:
        headline = analyse(f"{entry.title}\n{entry.heading}")
        self._open()[entry.chunk_id] = entry
        self._headline.add(entry.chunk_id, headline)
        self._all.add(entry.chunk_id, [*headline, *analyse(entry.text)])

    def _drop(self, chunk_ids: Sequence[str]) -> None:
        entries = self._open()
        for chunk_id in chunk_ids:
            if entries.pop(chunk_id, None) is not None:
                self._all.remove(chunk_id)
                self._headline.remove(chunk_id)

    def _open(self) -> dict[str, LexicalEntry]:
        if self._entries is None:
            self._entries = {}
            for entry in self._stored():
                self._add(entry)
        return self._entries

    def _stored(self) -> list[LexicalEntry]:
        if self._file is None or not self._file.exists():
            return []
        try:
            return [LexicalEntry(*row) for row in json.loads(self._file.read_bytes())]
        except (OSError, ValueError, TypeError) as exc:
            self._entries = None
            msg = f"the lexical index cannot be read: {exc}"
            raise IndexBackendError(msg, source=str(self._file), remedy="kb rebuild") from exc

    def _save(self) -> None:
        if self._file is None:
            return
        scratch = self._file.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            scratch.write_text(json.dumps([astuple(entry) for entry in self._open().values()]), "utf-8")
            scratch.replace(self._file)
        except OSError as exc:
            msg = f"the lexical index cannot be written: {exc}"
            raise IndexBackendError(msg, source=str(self._file)) from exc


def analyse(text: str) -> list[str]:
    """Words of ``text`` in lower case, without accents, stop words and common suffixes."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(char for char in plain if not unicodedata.combining(char)) if not plain.isascii() else plain
    return [_stem(word) for word in _WORD.findall(plain) if word not in _STOP]


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    """Cut one suffix, in the spirit of Porter (1980), then a doubled last letter."""
    for suffix, instead in _STEP:
        stem = word[: -len(suffix)]
        if word.endswith(suffix) and len(stem) >= _SHORTEST_STEM and not (suffix == "s" and stem.endswith("s")):
            word = stem + instead
            break
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word[:-1] if len(word) > _SHORTEST_STEM and word.endswith("e") else word
