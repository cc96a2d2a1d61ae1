"""Chunks: runs of a document that follow its structure and stay where they are when something else is edited.

A document is cut into *units*: a paragraph; a list with the line that introduces it; a table. Units that are too long are
cut into sentences, rows or words. Short neighbours under one heading are then joined. Where a join stops is decided by
content: a unit starts a new chunk if a hash of its own first words is small enough, more easily the longer it is, or where the
limit is reached. This is content-defined chunking (Muthitacharoen, Chen and Mazieres, LBFS, 2001) over units instead of bytes:
editing one unit moves only the borders up to the next one that a hash makes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kb.records import Block, Chunk, Document
from kb.text import Span, sentences, word_spans

Counted = Callable[[Sequence[str]], list[int]]

CONTEXT_TOKENS: Final = 40
"""Tokens kept free for the title and headings that are embedded with a chunk."""
_SPECIAL_TOKENS: Final = 2
_MEAN: Final = 0.5
"""Share of the limit that the text between two borders has on average."""
_LIKELY: Final = 4
"""Characters a token from which text is cut without being counted first; the pieces, once counted, may fit together."""


@dataclass(frozen=True, slots=True)
class _Unit:
    start: int
    end: int
    tokens: int


class StructureChunker:
    """Cuts documents into chunks of at most ``max_tokens`` tokens, title and headings included."""

    def __init__(self, count_tokens: Counted, max_tokens: int = 256) -> None:
        self._count = count_tokens
        self._limit = max_tokens - _SPECIAL_TOKENS - CONTEXT_TOKENS
        self.fingerprint = f"structure-2/{max_tokens}"

    def chunk(self, document: Document) -> tuple[Chunk, ...]:
        """Return chunks in order that do not overlap and cover every block but headings that have text under them."""
        spans: list[tuple[Span, tuple[str, ...]]] = []
        for section in document.sections:
            inside = [b for b in document.blocks if section.start <= b.start < section.end]
            body = [block for block in inside if block.kind != "heading"]
            if body:
                spans.extend((span, section.heading_path) for span in self._section(document.text, body))
        spans = spans or [((block.start, block.end), ()) for block in document.blocks]
        seen: Counter[str] = Counter()
        chunks: list[Chunk] = []
        for (start, end), path in spans:
            text = document.text[start:end]
            chunks.append(Chunk.cut(document, start, end, heading_path=path, occurrence=seen[text]))
            seen[text] += 1
        return tuple(chunks)

    def _section(self, text: str, blocks: list[Block]) -> list[Span]:
        groups = _grouped(text, blocks)
        spans = [(group[0].start, group[-1].end) for group in groups]
        short = [span for span in spans if span[1] - span[0] <= _LIKELY * self._limit]
        counts = dict(zip(short, self._count([text[start:end] for start, end in short]), strict=True))
        units: list[_Unit] = []
        for group, span in zip(groups, spans, strict=True):
            tokens = counts.get(span, self._limit + 1)
            units.extend([_Unit(*span, tokens)] if tokens <= self._limit else self._split(text, group))
        return [(run[0].start, run[-1].end) for run in self._joined(text, units)]

    def _split(self, text: str, group: list[Block]) -> list[_Unit]:
        """Cut one group that is likely too long: by items and rows, then sentences, then words; pieces of even size."""
        pieces: list[Span] = []
        for block in group:
            if block.kind in {"table", "code"}:
                pieces.extend(_lines(text, block))
            else:
                pieces.extend(sentences(text, block.start, block.end))
        counts = self._count([text[start:end] for start, end in pieces])
        fitting: list[_Unit] = []
        for (start, end), tokens in zip(pieces, counts, strict=True):
            if tokens <= self._limit:
                fitting.append(_Unit(start, end, tokens))
            else:
                fitting.extend(self._by_words(text, start, end, tokens))
        return [_Unit(run[0].start, run[-1].end, sum(u.tokens for u in run)) for run in _even(fitting, self._limit)]

    def _by_words(self, text: str, start: int, end: int, tokens: int) -> list[_Unit]:
        """Cut one endless line into pieces of words that fit; a single word that does not is cut by characters."""
        cuts = [start + at for at, _ in word_spans(text[start:end])][1:]
        parts = -(-tokens // self._limit)
        if not cuts:
            cuts = list(range(start + 1, end))
        chosen = sorted({cuts[len(cuts) * part // parts] for part in range(1, parts)})
        edges = [start, *(c for c in chosen if start < c < end), end]
        units: list[_Unit] = []
        for left, right in pairwise(edges):
            left_in, right_in = _stripped(text, left, right)
            if left_in >= right_in:
                continue
            count = self._count([text[left_in:right_in]])[0]
            if count > self._limit and right_in - left_in > 1:
                units.extend(self._by_words(text, left_in, right_in, max(count, self._limit + 1)))
            else:
                units.append(_Unit(left_in, right_in, count))
        return units

    def _joined(self, text: str, units: list[_Unit]) -> list[list[_Unit]]:
        """Group neighbours: cut before each unit that its own key makes a border, and where the limit is reached."""
        runs: list[list[_Unit]] = []
        filled = 0
        for unit in units:
            border = _key(text[unit.start : unit.end]) < unit.tokens / (_MEAN * self._limit)
            if not runs or border or filled + unit.tokens > self._limit:
                runs.append([])
                filled = 0
            runs[-1].append(unit)
            filled += unit.tokens
        return runs


def context_of(title: str, heading_path: tuple[str, ...]) -> str:
    """The title and headings that are embedded with a chunk; a heading that repeats the title is left out."""
    names = [title, *heading_path]
    kept = [name for at, name in enumerate(names) if name and name not in names[:at]]
    return " > ".join(kept)


def embedding_input(chunk: Chunk, title: str, limit: int = 160) -> str:
    """The text that is embedded for ``chunk``: its context, cut to ``limit`` characters, and its words."""
    context = context_of(title, chunk.heading_path)
    if len(context) > limit:
        context = f"{context[: limit // 2].rstrip()} … {context[-limit // 2 :].lstrip()}"
    return f"{context}\n{chunk.text}" if context else chunk.text


def _grouped(text: str, blocks: list[Block]) -> list[list[Block]]:
    """Lists with the paragraph that introduces them, and every other block by itself."""
    groups: list[list[Block]] = []
    for block in blocks:
        last = groups[-1][-1] if groups else None
        introduced = (
            last is not None and last.kind == "paragraph" and text[last.start : last.end].rstrip().endswith(":")
        )
        if (last is not None and block.kind == "list_item" and (last.kind == "list_item" or introduced)) or (
            block.kind in {"table", "code"} and introduced
        ):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _lines(text: str, block: Block) -> list[Span]:
    found: list[Span] = []
    at = block.start
    for line in text[block.start : block.end].splitlines(keepends=True):
        start, end = _stripped(text, at, at + len(line))
        if start < end:
            found.append((start, end))
        at += len(line)
    return found


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _even(units: list[_Unit], limit: int) -> list[list[_Unit]]:
    """Split ``units`` into the fewest runs that fit ``limit``, of even size."""
    total = sum(unit.tokens for unit in units)
    if total <= limit or len(units) < 2:
        return [units] if units else []
    target = total / -(-total // limit)
    runs: list[list[_Unit]] = [[]]
    filled = 0
    for unit in units:
        over = filled + unit.tokens > limit
        enough = filled + unit.tokens / 2 > target
        if runs[-1] and (over or enough):
            runs.append([])
            filled = 0
        runs[-1].append(unit)
        filled += unit.tokens
    # What is left over at the end joins the run before it where it fits: a tail of a few words is no passage.
    if len(runs) > 1 and sum(unit.tokens for unit in (*runs[-2], *runs[-1])) <= limit:
        runs[-2].extend(runs.pop())
    return runs


def _key(text: str) -> float:
    """A number in 0..1 that decides about borders: a hash of the first words, so an edit behind them moves none."""
    head = " ".join(text[:120].split()[:4])
    return int.from_bytes(hashlib.sha256(head.encode("utf-8", "surrogatepass")).digest()[:6]) / 2**48
