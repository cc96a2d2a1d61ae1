"""Numbered evidence over documents made on the spot."""

from __future__ import annotations

from kb import ids
from kb.records import Block, Chunk, Claim, Document, Evidence, Parsed, Source
from kb.text import sentences
from queries.gate import Passage


def passage(number: int, text: str, source: str = "") -> Passage:
    """The first sentence of ``text``, which is a document and a chunk of its own."""
    place = Source.at(f"file:///{source or number}.md", "file")
    document = Document.of(place, ids.sha256_text(text), Parsed(text, (Block(0, len(text), "paragraph"),)))
    chunk = Chunk.cut(document, 0, len(text))
    start, end = sentences(text)[0]
    evidence = Evidence.of(chunk, start, end, source=place, document_sha256=document.text_sha256)
    return Passage.of(number, evidence, chunk)


def passages(*texts: str) -> list[Passage]:
    return [passage(number, text) for number, text in enumerate(texts, start=1)]


def claim(name: str, text: str, quote: str = "") -> Claim:
    return Claim(name, text, (passage(1, quote or text, name).evidence,))


def sources_of(evidence: tuple[Evidence, ...] | list[Evidence]) -> int:
    """Every source a witness."""
    return len({item.source_id for item in evidence})
