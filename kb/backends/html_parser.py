"""Web pages: the main content through trafilatura, the whole visible text where a page is too small to have one."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

import trafilatura
from lxml import etree  # type: ignore[import-untyped]
from trafilatura.settings import use_config

from kb.backends._building import Builder, clean_inline, clean_text, iso_date
from kb.backends._decoding import decode
from kb.backends._markup import add_html, depth_of, drop_hidden, parse_html
from kb.backends.media_types import HTML, XHTML, charset
from kb.errors import EmptyError, ParseError
from kb.records import Parsed

_DECLARED: Final = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
_INLINE: Final = frozenset({"hi", "ref", "del", "span", "graphic", "lb"})
_LITTLE: Final = 250
_SMALL_PAGE: Final = 2_000
_LONG_CELL: Final = 300
_BREAKS: Final = re.compile(r"\u2028\s*\u2028\s*")  # two line breaks in a row mean a new paragraph
_DEEP: Final = 250  # where trafilatura and the parser that it uses give up
_MAX_NESTING: Final = 2_000  # a little below what the parser keeps

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


class HtmlParser:
    """Main content only: no navigation, cookie banners, comments or advertising.

    Small but real pages, in which trafilatura finds little, are read whole.
    """

    name: ClassVar[str] = "html"
    version: ClassVar[str] = "1"
    media_types: ClassVar[frozenset[str]] = frozenset({HTML, XHTML})

    def __init__(self) -> None:
        self._config: Any = use_config()
        self._config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")
        self._config.set("DEFAULT", "MIN_OUTPUT_SIZE", "0")

    def parse(self, body: bytes, *, media_type: str, uri: str) -> Parsed:
        """Return the main text of the page in ``body``.

        Raises:
            EmptyError: there is none.
            ParseError: it is binary data or nested too deeply.
        """
        text = decode(body, _declared(body, media_type))
        if not text.strip():
            raise EmptyError
        root = parse_html(_without_declaration(text), keep_hidden=True)
        if root is None:
            raise EmptyError
        if drop_hidden(root):
            text = etree.tostring(root, encoding="unicode", method="html")
        depth = depth_of(root)
        if depth > _MAX_NESTING:
            msg = "the page is nested too deeply"
            raise ParseError(msg, remedy="save its text and add that")
        found = self._extract(text, uri) if depth <= _DEEP else None
        builder = _main_content(found)
        whole = Builder()
        add_html(whole, root)
        if builder.empty or (builder.length < _LITTLE and whole.length < _SMALL_PAGE):
            builder = whole
        return builder.build(
            title=_meta(found, "title") or _title(root),
            author=_author(_meta(found, "author")),
            published=iso_date(_meta(found, "date")),
        )

    def _extract(self, text: str, uri: str) -> Any | None:
        try:
            return trafilatura.bare_extraction(
                text,
                url=uri if uri.startswith("http") else None,
                include_comments=False,
                include_tables=True,
                include_formatting=False,
                with_metadata=True,
                date_extraction_params={"original_date": True, "extensive_search": False},
                config=self._config,
            )
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, AssertionError):
            # Its heuristics stumble over odd trees; the page is then read whole.
            return None


def _declared(body: bytes, media_type: str) -> str:
    """What the server, else the page itself, says about its encoding (the order of the HTML standard)."""
    name = charset(media_type)
    if not name and (found := _DECLARED.search(body[:4096])):
        name = found.group(1).decode("ascii", "replace")
    return name


def _without_declaration(text: str) -> str:
    """Drop the XML declaration: lxml refuses decoded text that still declares an encoding."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"), count=1)


def _meta(found: Any | None, name: str) -> str:
    return str(getattr(found, name, None) or "")


def _title(root: Any) -> str:
    title = next(root.iter("title"), None)
    return clean_inline(title.text_content()) if title is not None else ""


def _author(text: str) -> str:
    """Names joined by commas; addresses of profiles are no names."""
    return ", ".join(part.strip() for part in text.split(";") if part.strip() and "http" not in part)


def _main_content(found: Any | None) -> Builder:
    builder = Builder()
    body = getattr(found, "body", None)
    if body is not None:
        _Walker(builder).children(body)
    return builder


class _Walker:
    """Turns trafilatura's element tree (head, p, list, item, table, quote, code, lb) into blocks."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.level = 0
        self.quoted = False

    def children(self, element: Any) -> None:
        """Take every block in ``element``; text between blocks is a paragraph of its own."""
        loose = [element.text or ""]
        for child in element:
            if child.tag in _INLINE:
                loose.append("\u2028" if child.tag == "lb" else "".join(_text(child)))
            else:
                self.text("".join(loose))
                loose = []
                self.block(child)
            loose.append(child.tail or "")
        self.text("".join(loose))

    def text(self, text: str) -> None:
        """Append running text, one block for each paragraph in it."""
        for run in _BREAKS.split(text):
            self.run(run)

    def run(self, text: str) -> None:
        """Append one paragraph as what its surroundings make it."""
        if self.level:
            self.builder.item(text, self.level)
        elif self.quoted:
            self.builder.quote(text)
        else:
            self.builder.paragraph(text)

    def block(self, element: Any) -> None:
        """Take one block element."""
        tag = element.tag
        if tag == "head":
            rank = str(element.get("rend") or "h2")
            self.builder.heading("".join(_text(element)), int(rank[1:]) if rank[1:].isdigit() else 2)
        elif tag == "list":
            self.level += 1
            self.children(element)
            self.level -= 1
        elif tag == "table":
            self.table(element)
        elif tag == "code":
            self.builder.code("".join(_text(element, "\n")))
        elif tag == "quote":
            self.quoted, before = True, self.quoted
            self.children(element)
            self.quoted = before
        else:
            self.children(element)

    def table(self, table: Any) -> None:
        """Append a table of data as one block; the cells of a table that only makes the layout as running text."""
        rows = [list(row.iter("cell")) for row in table.iter("row")]
        texts = [[clean_text("".join(_text(cell))) for cell in row] for row in rows]
        cells = sum(len(row) for row in texts)
        long = sum(len(text) for row in texts for text in row) > _LONG_CELL * cells
        if len(rows) > 1 and max(len(row) for row in rows) > 1 and not long:
            self.builder.table(texts)
            return
        for row in rows:
            for cell in row:
                self.children(cell)


def _text(element: Any, line_break: str = " ") -> Iterator[str]:
    """The text in ``element``; blocks and line breaks in it are set apart."""
    yield element.text or ""
    for child in element:
        apart = "" if child.tag in _INLINE and child.tag != "lb" else line_break
        yield apart
        yield from _text(child, line_break)
        yield apart if child.tag != "lb" else ""
        yield child.tail or ""
