from __future__ import annotations

from collections.abc import Sequence

from contracts.chunker import ChunkerContract

from ingest.chunking import StructureChunker


def count_words(texts: Sequence[str]) -> list[int]:
    return [max(1, len(text) // 4) for text in texts]


class TestStructureChunker(ChunkerContract):
    def make(self) -> StructureChunker:
        return StructureChunker(count_words)
