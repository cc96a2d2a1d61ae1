"""What every chunker keeps to."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kb import ids
from kb.interfaces import Chunker
from kb.records import Block, Document, Parsed, Source

SOURCE = Source.at("file:///contract.txt", "file")
KINDS = st.sampled_from(["heading", "paragraph", "list_item", "table", "code", "quote"])
PARTS = st.lists(
    st.tuples(KINDS, st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=400)),
    min_size=1,
    max_size=12,
)


def document(parts: list[tuple[str, str]]) -> Document:
    """A document of the given blocks."""
    text = ""
    blocks: list[Block] = []
    for kind, words in parts:
        text += "\n\n" if text else ""
        blocks.append(Block(len(text), len(text) + len(words), kind, 1 if kind == "heading" else 0))  # type: ignore[arg-type]
        text += words
    return Document.of(SOURCE, ids.sha256_text(text), Parsed(text, tuple(blocks)))


class ChunkerContract:
    """Subclass it and give ``make``."""

    def make(self) -> Chunker:
        raise NotImplementedError

    def test_it_has_a_fingerprint(self) -> None:
        assert isinstance(self.make(), Chunker)
        assert self.make().fingerprint == self.make().fingerprint

    @settings(max_examples=60, deadline=None)
    @given(parts=PARTS)
    def test_chunks_are_slices_in_order_that_cover_every_block_of_text(self, parts: list[tuple[str, str]]) -> None:
        made = document(parts)
        chunks = self.make().chunk(made)
        assert chunks == self.make().chunk(made)
        assert len({chunk.id for chunk in chunks}) == len(chunks)
        at = 0
        for chunk in chunks:
            assert chunk.text == made.text[chunk.start : chunk.end]
            assert chunk.start >= at
            at = chunk.end
        covered = {place for chunk in chunks for place in range(chunk.start, chunk.end)}
        for block in made.blocks:
            if block.kind != "heading":
                outside = [p for p in range(block.start, block.end) if p not in covered]
                assert not "".join(made.text[place] for place in outside).strip()
