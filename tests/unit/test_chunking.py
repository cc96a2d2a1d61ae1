"""Chunks: exact, whole, small enough, and unmoved by edits elsewhere."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunking import CONTEXT_TOKENS, StructureChunker, context_of, embedding_input
from kb.records import Block, BlockKind, Chunk, Document, Parsed, Source

SOURCE = Source.at("file:///a.md", "file")
VOCABULARY = ["data", "model", "bias", "quality", "evaluation", "synthetic", "training", "real", "collapse", "text"]
Part = tuple[BlockKind, str, int]


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def document(parts: Sequence[Part], title: str = "") -> Document:
    """A document of ``parts`` (kind, text, level), a blank line between them."""
    blocks, at = [], 0
    for kind, text, level in parts:
        blocks.append(Block(at, at + len(text), kind, level))
        at += len(text) + 2
    return Document.of(SOURCE, "hash", Parsed("\n\n".join(text for _, text, _ in parts), tuple(blocks), title=title))


def sentence(rng: random.Random) -> str:
    words = rng.choices(VOCABULARY, k=rng.randint(4, 25))
    return f"{' '.join(words).capitalize()} {rng.randint(0, 9999)}."


def paragraph(rng: random.Random, longest: int = 8) -> str:
    return " ".join(sentence(rng) for _ in range(rng.randint(1, longest)))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    rng = random.Random(draw(st.integers(0, 10**6)))
    parts: list[Part] = []
    for _ in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(["paragraph", "paragraph", "heading", "list_item", "table", "code", "quote"]))
        if kind == "heading":
            parts.append(("heading", sentence(rng)[:40].strip(), rng.randint(1, 3)))
        elif kind == "table":
            rows = "\n".join(" | ".join(rng.choices(VOCABULARY, k=4)) for _ in range(rng.randint(1, 40)))
            parts.append(("table", rows, 0))
        elif kind == "code":
            parts.append(("code", "\n".join(sentence(rng) for _ in range(rng.randint(1, 30))), 0))
        elif kind == "paragraph" and rng.random() < 0.2:
            parts.append(("paragraph", " ".join(rng.choices(VOCABULARY, k=rng.randint(1, 400))), 0))
        elif kind == "paragraph" and rng.random() < 0.2:
            parts.append(("paragraph", "These are the parts:", 0))
        else:
            parts.append((kind, paragraph(rng), 0))
    return document(parts)


limits = st.sampled_from([64, 90, 128, 256])


@given(documents(), limits)
def test_a_chunk_is_the_text_at_its_offsets_and_none_overlap(made: Document, limit: int) -> None:
    chunks = StructureChunker(count_words, limit).chunk(made)
    assert all(made.text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
    assert all(chunk.text == chunk.text.strip() for chunk in chunks)
    assert all(one.end <= other.start for one, other in pairwise(chunks))


@given(documents(), limits)
def test_chunks_cover_every_block_but_headings_over_text(made: Document, limit: int) -> None:
    chunks = StructureChunker(count_words, limit).chunk(made)
    covered = {at for chunk in chunks for at in range(chunk.start, chunk.end)}
    for block in made.blocks:
        if block.kind != "heading":
            assert all(at in covered for at in range(block.start, block.end) if not made.text[at].isspace())


@given(documents(), limits)
def test_no_chunk_is_over_the_limit(made: Document, limit: int) -> None:
    room = limit - CONTEXT_TOKENS - 2
    chunks = StructureChunker(count_words, limit).chunk(made)
    assert all(tokens <= room for tokens in count_words([chunk.text for chunk in chunks]))


@given(documents(), limits)
def test_ids_differ_and_headings_are_those_above(made: Document, limit: int) -> None:
    chunks = StructureChunker(count_words, limit).chunk(made)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    for chunk in chunks:
        paths = [section.heading_path for section in made.sections if section.start <= chunk.start < section.end]
        if any(block.kind != "heading" for block in made.blocks):
            assert [chunk.heading_path] == paths


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3000).filter(str.strip))
def test_any_text_can_be_cut(text: str) -> None:
    made = document([("paragraph", text.strip(), 0)])
    chunks = StructureChunker(count_words, 64).chunk(made)
    assert "".join("".join(c.text.split()) for c in chunks) == "".join(text.split())


def test_an_endless_word_is_cut() -> None:
    made = document([("paragraph", "x" * 5000, 0)])
    chunks = StructureChunker(lambda texts: [-(-len(text) // 4) for text in texts], 64).chunk(made)
    assert "".join(chunk.text for chunk in chunks) == "x" * 5000
    assert all(len(chunk.text) <= 4 * 22 for chunk in chunks)


def test_a_heading_without_text_is_left_out_unless_there_is_nothing_else() -> None:
    with_text = document([("heading", "One", 1), ("heading", "Two", 1), ("paragraph", "Words here.", 0)])
    assert [chunk.text for chunk in StructureChunker(count_words).chunk(with_text)] == ["Words here."]
    bare = document([("heading", "One", 1), ("heading", "Two", 1)])
    assert [chunk.text for chunk in StructureChunker(count_words).chunk(bare)] == ["One", "Two"]


def test_a_short_list_stays_with_the_line_that_introduces_it() -> None:
    parts: list[Part] = [
        ("paragraph", "There are two risks:", 0),
        ("list_item", "bias", 1),
        ("list_item", "collapse", 1),
    ]
    assert len(StructureChunker(count_words).chunk(document(parts))) == 1


def test_equal_paragraphs_have_different_ids() -> None:
    long = " ".join(VOCABULARY * 15)
    chunks = StructureChunker(count_words).chunk(document([("paragraph", long, 0)] * 3))
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert [chunk.occurrence for chunk in chunks] == list(range(len(chunks)))


# -- edits -----------------------------------------------------------------------------------------------------------


def hundred(seed: int, shape: str) -> list[Part]:
    """A document of 100 paragraphs: with a heading before each tenth, or with none; long, short or mixed ones."""
    rng = random.Random(seed)
    longest = {"short": 1, "mixed": 8, "long": 14}[shape.removeprefix("flat-")]
    parts: list[Part] = []
    for number in range(100):
        if number % 10 == 0 and not shape.startswith("flat-"):
            parts.append(("heading", f"Section {number}", 2))
        parts.append(("paragraph", paragraph(rng, longest), 0))
    return parts


def edited(parts: Sequence[Part], rng: random.Random, how: str) -> list[Part]:
    """Edit one paragraph: replace, shorten, lengthen, or change one word of it."""
    at = rng.choice([position for position, (kind, _, _) in enumerate(parts) if kind == "paragraph"])
    kind, text, level = parts[at]
    words = text.split()
    changed = {
        "replaced": lambda: paragraph(rng, 8),
        "lengthened": lambda: f"{text} {sentence(rng)}",
        "shortened": lambda: " ".join(words[: max(1, len(words) // 2)]),
        "one word": lambda: " ".join("changed" if n == len(words) // 2 else word for n, word in enumerate(words)),
        "first word": lambda: " ".join(["Changed", *words[1:]]),
    }[how]()
    return [*parts[:at], (kind, changed, level), *parts[at + 1 :]]


def new_ids(before: Sequence[Chunk], after: Sequence[Chunk]) -> set[str]:
    return {chunk.id for chunk in after} - {chunk.id for chunk in before}


@pytest.mark.parametrize("how", ["replaced", "lengthened", "shortened", "one word", "first word"])
@pytest.mark.parametrize("shape", ["short", "mixed", "long", "flat-short", "flat-mixed", "flat-long"])
def test_editing_one_of_a_hundred_paragraphs_changes_at_most_three_chunks(shape: str, how: str) -> None:
    # Borders hang on hashes, so a bound for every edit there is none; one in a thousand may touch a fourth chunk.
    changed: list[int] = []
    rng = random.Random(f"{shape}{how}")
    chunker = StructureChunker(count_words)
    for seed in range(3):
        parts = hundred(seed, shape)
        before = chunker.chunk(document(parts))
        for _ in range(10):
            after = chunker.chunk(document(edited(parts, rng, how)))
            changed.append(len(new_ids(before, after)))
    assert sum(count > 3 for count in changed) <= 1
    assert sum(changed) / len(changed) <= 2


@settings(max_examples=50)
@given(st.integers(0, 10**6))
def test_an_edit_leaves_the_ids_of_other_sections_alone(seed: int) -> None:
    rng = random.Random(seed)
    parts = hundred(seed, "mixed")
    after = edited(parts, rng, "replaced")
    section = next(n for n in range(len(parts)) if parts[n] != after[n]) // 11
    chunker = StructureChunker(count_words)

    def elsewhere(made: Document) -> list[str]:
        return [c.id for c in chunker.chunk(made) if c.heading_path != (f"Section {section * 10}",)]

    assert elsewhere(document(parts)) == elsewhere(document(after))


# -- what is embedded ------------------------------------------------------------------------------------------------


def test_title_and_headings_are_embedded_with_a_chunk_but_are_not_in_it() -> None:
    made = document([("heading", "Risks", 1), ("paragraph", "Bias grows.", 0)], title="Report")
    chunk = StructureChunker(count_words).chunk(made)[0]
    assert chunk.text == "Bias grows."
    assert embedding_input(chunk, made.title) == "Report > Risks\nBias grows."


def test_a_heading_that_repeats_the_title_is_embedded_once() -> None:
    assert context_of("Risks", ("Risks", "Bias")) == "Risks > Bias"
    assert context_of("", ()) == ""


@given(st.text(max_size=400), st.lists(st.text(max_size=200), max_size=4))
def test_the_context_is_bounded(title: str, headings: list[str]) -> None:
    made = document([("paragraph", "Bias grows.", 0)])
    chunk = Chunk.cut(made, 0, len(made.text), heading_path=tuple(headings))
    assert len(embedding_input(chunk, title)) <= 160 + 3 + 1 + len(chunk.text)
