"""What every parser must do."""

from __future__ import annotations

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.backends.media_types import parser_for
from kb.errors import KBError, ParseError
from kb.interfaces import Parser
from kb.records import Document, Parsed, Source

noisy = settings(
    max_examples=60,
    deadline=None,
    # One test function, inherited by a class for each parser.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors, HealthCheck.too_slow],
)
URI = "file:///folder/document"


class ParserContract:
    """Subclass it, make ``parser`` and give ``samples`` (media type, body, a sentence that must be found)."""

    samples: ClassVar[list[tuple[str, bytes, str]]]
    hollow: ClassVar[list[tuple[str, bytes]]] = []

    @pytest.fixture(scope="class")
    def parser(self) -> Parser:
        raise NotImplementedError

    def test_is_a_parser_that_the_table_of_media_types_finds(self, parser: Parser) -> None:
        assert isinstance(parser, Parser)
        for media_type in parser.media_types:
            assert parser_for(media_type) == parser.name
            assert parser_for(f"{media_type.upper()}; charset=utf-8") == parser.name

    def test_finds_the_words(self, parser: Parser) -> None:
        for media_type, body, sentence in self.samples:
            assert sentence in parser.parse(body, media_type=media_type, uri=URI).text

    def test_is_deterministic(self, parser: Parser) -> None:
        for media_type, body, _ in self.samples:
            assert parser.parse(body, media_type=media_type, uri=URI) == parser.parse(
                body, media_type=media_type, uri=URI
            )

    def test_blocks_and_pages_hold(self, parser: Parser) -> None:
        for media_type, body, _ in self.samples:
            check_parsed(parser.parse(body, media_type=media_type, uri=URI))

    def test_what_holds_no_text_is_a_parse_error(self, parser: Parser) -> None:
        for media_type, body in [*self.hollow, *((kind, b"") for kind, _, _ in self.samples)]:
            with pytest.raises(ParseError) as caught:
                parser.parse(body, media_type=media_type, uri=URI)
            assert caught.value.message
            assert caught.value.remedy

    @noisy
    @given(data=st.binary(max_size=400), pick=st.integers(0, 100))
    def test_only_errors_of_ours_escape_from_noise(self, parser: Parser, data: bytes, pick: int) -> None:
        media_type, body, _ = self.samples[pick % len(self.samples)]
        self._survives(parser, media_type, data)
        self._survives(parser, media_type, body[: len(body) // 2] + data)

    @noisy
    @given(pick=st.integers(0, 100), at=st.integers(0, 100_000), noise=st.binary(min_size=1, max_size=8))
    def test_only_errors_of_ours_escape_from_damage(self, parser: Parser, pick: int, at: int, noise: bytes) -> None:
        media_type, body, _ = self.samples[pick % len(self.samples)]
        at %= len(body)
        self._survives(parser, media_type, body[:at] + noise + body[at + len(noise) :])

    def _survives(self, parser: Parser, media_type: str, body: bytes) -> None:
        try:
            parsed = parser.parse(body, media_type=media_type, uri=URI)
        except KBError:
            return
        check_parsed(parsed)


def check_parsed(parsed: Parsed) -> None:
    """The promises that later stages rest on, beyond those of the constructor."""
    text = parsed.text
    assert text.encode("utf-8").decode("utf-8") == text
    assert not set(text) & {"\0", "\r", "\u200b", "\u00ad", "\ufeff"}
    assert parsed.blocks
    for block in parsed.blocks:
        words = text[block.start : block.end]
        assert words == words.strip("\n ") or block.kind in {"code", "table"}
        assert any(char.isalnum() for char in words)
        if block.kind == "heading":
            assert 1 <= block.level <= 6
            assert "\n" not in words
        if block.kind == "list_item":
            assert block.level >= 1
    for before, after in zip(parsed.pages, parsed.pages[1:], strict=False):
        assert before.end == after.start
        assert before.number < after.number or before.number != after.number
    if parsed.pages:
        assert parsed.pages[-1].end == len(text)
    Document.of(Source.at(URI, "file"), "0" * 64, parsed)
