"""Plain text in any encoding."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from kb.backends._building import Builder, clean_text, iso_date
from kb.backends._decoding import decode
from kb.backends._lines import BULLET, NUMBERED, ends_sentence, heading_level, join_lines, looks_wrapped, vocabulary
from kb.backends.media_types import TEXT, charset, essence
from kb.records import Parsed

_BLANK: Final = re.compile(r"\n(?:[ \t]*\n)+")
_UNDERLINE: Final = re.compile(r"^([=\-~^*#])\1{2,}\s*$")
_HASHES: Final = re.compile(r"^(#{1,6})\s+(\S.*)$")
_LINE_HYPHEN: Final = re.compile(r"[-\u2010][ \t]*\n")
_PROSE: Final = frozenset({TEXT, "text/x-rst", "text/vtt"})
_LONG_LINE: Final = 60
_MAX_FRONT_LINES: Final = 8
_MAX_TITLE_WORDS: Final = 14
_BYLINE: Final = re.compile(r"^(?:by|author|authors|written by)\b[:\s]+(\S.{2,80})$", re.IGNORECASE)
_DATE_LABEL: Final = re.compile(r"^[A-Za-z ]{3,20}:\s*")


class TextParser:
    """Paragraphs by blank lines; wrapped lines joined, bullets as list items, headings only where they are plain to see.

    Types other than plain text (source code, JSON, settings) become code blocks, one for each top-level unit.
    """

    name: ClassVar[str] = "text"
    version: ClassVar[str] = "1"
    media_types: ClassVar[frozenset[str]] = frozenset({TEXT, "text/x-source", "application/json", "application/yaml"})

    def parse(self, body: bytes, *, media_type: str, uri: str) -> Parsed:  # noqa: ARG002 - the protocol's
        """Return the text of ``body``.

        Raises:
            EmptyError: there is none.
            ParseError: it is binary data.
        """
        text = clean_text(decode(body, charset(media_type)))
        builder = Builder()
        if essence(media_type) in _PROSE:
            add_prose(builder, text)
        else:
            for unit in _units(text):
                builder.code(unit)
            return builder.build()
        title, author, published = _front(text)
        return builder.build(title=title, author=author, published=published)


def _units(text: str) -> list[str]:
    """Code cut at blank lines that a line without indentation follows."""
    units: list[str] = []
    for part in _BLANK.split(text.strip("\n")):
        if units and part[:1].isspace():
            units[-1] += f"\n\n{part}"
        else:
            units.append(part)
    return units


def add_prose(builder: Builder, text: str) -> None:
    """Append plain text, clean already, as headings, paragraphs and list items."""
    known = vocabulary(text) if _LINE_HYPHEN.search(text) else frozenset()
    for group in _BLANK.split(text.strip("\n")):
        lines = [line for line in group.split("\n") if line.strip()]
        if lines:
            _add_group(builder, lines, known)


def _add_group(builder: Builder, lines: list[str], known: frozenset[str]) -> None:
    """Append the lines between two blank ones."""
    lines = _take_heading(builder, lines)
    if not lines:
        return
    marker = BULLET if any(BULLET.match(line) for line in lines) else NUMBERED
    starts = [at for at, line in enumerate(lines) if marker.match(line)]
    if starts and (marker is BULLET or len(starts) > 1 or lines[0].startswith((" ", "\t"))):
        if starts[0]:
            _add_paragraphs(builder, lines[: starts[0]], known)
        _add_items(builder, lines, starts, known)
    else:
        _add_paragraphs(builder, lines, known)


def _take_heading(builder: Builder, lines: list[str]) -> list[str]:
    """Append the heading that the group begins with, if it does, and return the lines after it."""
    hashes = _HASHES.match(lines[0])
    if hashes and not (len(lines) > 1 and lines[1].startswith("#")):
        builder.heading(hashes.group(2).rstrip("# "), len(hashes.group(1)))
        return lines[1:]
    if len(lines) > 1 and (rule := _UNDERLINE.match(lines[1])) and len(lines[0].split()) <= 14:
        builder.heading(lines[0], 1 if rule.group(1) == "=" else 2)
        return lines[2:]
    shouted = len(lines) > 1 and lines[0].isupper() and not lines[1].isupper()
    if (len(lines) == 1 or shouted) and (level := heading_level(lines[0])):
        builder.heading(lines[0], level)
        return lines[1:]
    return lines


def _add_items(builder: Builder, lines: list[str], starts: list[int], known: frozenset[str]) -> None:
    indents = sorted({_indent(lines[at]) for at in starts})
    for at, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        first = BULLET.sub("", lines[at], count=1)
        builder.item(join_lines([first, *lines[at + 1 : end]], known), indents.index(_indent(lines[at])) + 1)


def _add_paragraphs(builder: Builder, lines: list[str], known: frozenset[str]) -> None:
    """One paragraph if the lines were wrapped; else one for each line, or short lines (verse, addresses) kept together."""
    if len(lines) == 1 or looks_wrapped(lines):
        builder.paragraph(join_lines(lines, known))
        return
    long = sorted(len(line) for line in lines)[len(lines) // 2] > _LONG_LINE
    if long or sum(ends_sentence(line) for line in lines) > len(lines) / 2:
        for line in lines:
            builder.paragraph(line)
        return
    builder.add("paragraph", "\n".join(" ".join(line.split()) for line in lines))


def _indent(line: str) -> int:
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _front(text: str) -> tuple[str, str, str]:
    """Title, author and date, where the first lines are a title and what belongs to it."""
    group = _BLANK.split(text.strip("\n"), maxsplit=1)
    lines = [line.strip() for line in group[0].split("\n") if line.strip()]
    if not lines or len(group) == 1 or len(lines) > _MAX_FRONT_LINES or looks_wrapped(lines):
        return "", "", ""
    first = lines[0].strip("#*= ").strip()
    if not 1 <= len(first.split()) <= _MAX_TITLE_WORDS or first[-1:] in ".,;:":
        return "", "", ""
    author = next((found.group(1) for line in lines[1:] if (found := _BYLINE.match(line))), "")
    published = next((date for line in lines[1:] if (date := iso_date(_DATE_LABEL.sub("", line)))), "")
    return first, author, published
