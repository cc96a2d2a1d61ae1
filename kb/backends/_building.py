"""Text cleaning that all parsers share, and the builder that turns pieces into a :class:`Parsed`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from kb.errors import EmptyError
from kb.records import Block, BlockKind, Page, Parsed

_DROPPED: Final = dict.fromkeys(
    (
        *(c for c in range(0x20) if c not in (0x09, 0x0A)),
        *range(0x7F, 0xA0),
        0xAD,  # soft hyphen
        0x200B,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),  # bidirectional overrides can make text read differently from what it says
        *range(0x2060, 0x2070),
        *range(0xD800, 0xE000),  # half surrogates cannot be stored
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
        0xFFFE,
        0xFFFF,
        *range(0xE0000, 0xE0080),  # tag characters: invisible, a known way to hide instructions
    )
)
_SPACES: Final = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_TABLE: Final[dict[int, str | None]] = {**_DROPPED, **_SPACES}
_ESCAPES: Final = re.compile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b\n]*(?:\x07|\x1b\\\\)|\x1b[ -/]*[0-~]")
"""What orders a terminal about (ECMA-48): colours, movements, titles of windows."""
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_STRAY_JOINERS: Final = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")
_SPACE_RUN: Final = re.compile(r"[ \t]+")
_BLANK_RUN: Final = re.compile(r"\n{3,}")
_GAP: Final = "\n\n"
_TITLE_LENGTH: Final = 300


def clean_text(text: str) -> str:
    """Return ``text`` in NFC with plain line ends and spaces, and without escape sequences, control and invisible characters.

    Line breaks and the width of white space stay. Zero-width joiners stay where both neighbours are beyond ASCII: there
    they belong to the spelling (Persian, Indic scripts, emoji).
    """
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", _ESCAPES.sub("", text)).translate(_TABLE)
    if text.isascii():
        return text
    text = _STRAY_JOINERS.sub("", text)
    return unicodedata.normalize("NFC", text)


def clean_inline(text: str) -> str:
    """Return ``text`` clean and on one line, with single spaces."""
    return " ".join(clean_text(text).split())


def clean_lines(text: str) -> str:
    """Return ``text`` clean, line by line, keeping indentation (code, verse)."""
    lines = [line.expandtabs(4).rstrip() for line in clean_text(text).split("\n")]
    return _BLANK_RUN.sub("\n\n", "\n".join(lines)).strip("\n").rstrip()


def table_lines(rows: Iterable[Sequence[str]]) -> str:
    """Return a table as text: one line a row, cells joined by ' | ', no empty rows or trailing empty cells."""
    lines: list[str] = []
    for row in rows:
        cells = [clean_inline(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            lines.append(" | ".join(cells))
    return "\n".join(lines)


def labelled_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return each row as 'Column: value; Column: value', empty cells left out; a line then speaks for itself."""
    names = [clean_inline(name) for name in header]
    lines: list[str] = []
    for row in rows:
        parts: list[str] = []
        for at, raw in enumerate(row):
            value = clean_inline(raw)
            name = names[at] if at < len(names) else ""
            if value:
                parts.append(f"{name}: {value}" if name else value)
        if parts:
            lines.append("; ".join(parts))
    return lines


_DEFAULT_TITLE: Final = re.compile(
    r"^(?:untitled.*|powerpoint presentation|presentation\d*|microsoft (?:word|powerpoint|excel).*|word document|document\d*|"
    r"book\d+|slide \d+|\S+\.(?:docx?|pdf|tex|indd|dvi|pptx?|qxd|rtf|xlsx?|odt))$",
    re.IGNORECASE,
)


def real_title(text: str) -> str:
    """``text`` as a title, or '' where a program made it up."""
    text = clean_inline(text)
    return "" if len(text) < 3 or _DEFAULT_TITLE.match(text) else text


def has_words(text: str) -> bool:
    """Whether ``text`` says anything: at least one letter or digit."""
    return any(char.isalnum() for char in text)


class Builder:
    """Collects blocks in reading order and tracks where each stands.

    Blocks without a letter or digit are left out: rules, stray bullets, empty table frames.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._page_starts: list[tuple[int, int]] = []
        self._page: int | None = None
        self._first_heading = ""

    @property
    def empty(self) -> bool:
        """Whether there is no block yet."""
        return not self._blocks

    @property
    def first_heading(self) -> str:
        """Text of the first heading, or ''."""
        return self._first_heading

    @property
    def length(self) -> int:
        """Number of characters so far."""
        return self._length

    def heading(self, text: str, level: int = 1) -> None:
        """Append a heading of ``level`` 1 (top) to 6."""
        self.add("heading", clean_inline(text), min(max(level, 1), 6))

    def paragraph(self, text: str) -> None:
        """Append a paragraph."""
        self.add("paragraph", clean_inline(text))

    def item(self, text: str, level: int = 1) -> None:
        """Append a list item of nesting ``level``."""
        self.add("list_item", clean_inline(text), max(level, 1))

    def quote(self, text: str) -> None:
        """Append a block quote."""
        self.add("quote", clean_inline(text))

    def other(self, text: str) -> None:
        """Append text that is part of the document but states nothing: signatures, captions of controls."""
        self.add("other", clean_inline(text))

    def code(self, text: str) -> None:
        """Append code; its lines and indentation stay."""
        self.add("code", clean_lines(text))

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        """Append a table, one line a row."""
        self.add("table", table_lines(rows))

    def add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        """Append ``text``, clean already, as one block."""
        if not has_words(text):
            return
        if self._blocks:
            together = kind == "list_item" == self._blocks[-1].kind
            self._put("\n" if together else _GAP)
        if kind == "heading" and not self._first_heading:
            self._first_heading = text
        self._mark_page()
        start = self._length
        self._put(text)
        self._blocks.append(Block(start, self._length, kind, level))

    def extend(self, text: str, glue: str = " ") -> None:
        """Go on with the last block: a paragraph that crosses a page break."""
        text = clean_inline(text)
        if not has_words(text):
            return
        last = self._blocks.pop()
        self._put(glue)
        self._mark_page()
        self._put(text)
        self._blocks.append(Block(last.start, self._length, last.kind, last.level))

    def mend(self, text: str) -> None:
        """Replace the last character, the hyphen of a word broken over a page break, and go on with ``text``."""
        last = self._blocks.pop()
        self._parts[-1] = self._parts[-1][:-1]
        self._length -= 1
        self._blocks.append(Block(last.start, self._length, last.kind, last.level))
        self.extend(text, "")

    def page(self, number: int) -> None:
        """What follows stands on page ``number``; a page with no text leaves no trace."""
        self._page = number

    def build(self, *, title: str = "", author: str = "", published: str = "") -> Parsed:
        """Return the whole.

        Raises:
            EmptyError: no block was added.
        """
        if not self._blocks:
            raise EmptyError
        text = "".join(self._parts)
        starts = self._page_starts
        ends = [*(start for start, _ in starts[1:]), len(text)]
        return Parsed(
            text,
            tuple(self._blocks),
            tuple(Page(start, end, number) for (start, number), end in zip(starts, ends, strict=False)),
            title=clean_inline(title)[:_TITLE_LENGTH],
            author=clean_inline(author)[:_TITLE_LENGTH],
            published=clean_inline(published)[:40],
        )

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _mark_page(self) -> None:
        if self._page is None or (self._page_starts and self._page_starts[-1][1] == self._page):
            return
        self._page_starts.append((self._length, self._page))


def iso_date(text: str) -> str:
    """Return ``text`` as an ISO 8601 date where it begins with one or is in a common written form, else ''."""
    text = clean_inline(text)
    if found := re.match(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?!\d)", text):
        year, month, day = found.group(1), found.group(2), found.group(3)
        return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])
    return _written_date(text)


_MONTHS: Final = {name: at + 1 for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())}


def _written_date(text: str) -> str:
    """'12 March 2024', 'March 12, 2024', 'March 2024'."""
    year = re.search(r"\b(1[89]\d\d|20\d\d)\b", text)
    month = next((n for word in re.findall(r"[a-z]{3,}", text.lower()) if (n := _MONTHS.get(word[:3]))), None)
    if year is None or month is None:
        return ""
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", text.replace(year.group(), ""))
    stem = f"{year.group()}-{month:02d}"
    return f"{stem}-{int(day.group(1)):02d}" if day and 1 <= int(day.group(1)) <= 31 else stem
