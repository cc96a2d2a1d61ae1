"""Markdown (CommonMark with tables, front matter, footnotes, formulas, admonitions and Pandoc citations)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from kb.backends._building import Builder, clean_inline, clean_text, has_words, iso_date
from kb.backends._decoding import decode
from kb.backends._markup import add_html, hides, parse_html
from kb.backends.media_types import MARKDOWN, charset
from kb.errors import ParseError
from kb.records import Parsed

_LEADING_COMMENTS: Final = re.compile(r"\A\s*(?:<!--(?>.*?-->)\s*)+(?=---[ \t]*\n)", re.DOTALL)
_FIELD: Final = re.compile(r"^([A-Za-z][\w-]*)\s*:[ \t]*(.*)$")
_CITATION: Final = re.compile(r"(?<![ \t])[ \t]*\[(?:[^\[\]@\n]{0,40}[\s;(])?-?@[\w:.#$%&+?<>~/{}-]+[^\[\]]{0,300}\]")
_ATTRIBUTES: Final = re.compile(r"(?<![ \t])[ \t]*\{(?:[#.:][\w:.-]+|[\w-]+=\"?[^{}\"\n]*\"?)(?:[ \t]+[^{}\n]*)?\}")
_FENCED_DIV: Final = re.compile(r"^[ \t]*(?::{3,}.*|\|{3}|={3,})[ \t]*$", re.MULTILINE)
_SHORTCODE: Final = re.compile(
    r"\{\{[<%].*?[>%]\}\}|--8<--[^\n]*|:(?:octicons|material|fontawesome|simple)-[\w-]+:[ \t]*"
)
_STRAY_BOLD: Final = re.compile(r"(?<!\S)\*\*(?=\S)|(?<=\S)\*\*(?!\S)")
_LOOSE_REFERENCE: Final = re.compile(r"\[([^\[\]]+)\]\[[\w.: -]*\]")
_ALERT: Final = re.compile(r"^\s*\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)
_LABELLED_FORMULA: Final = re.compile(r"^([ \t]*\$\$)[ \t]*\{#[^}\n]*\}[ \t]*$", re.MULTILINE)
_BEFORE_MARK: Final = re.compile(r"(?<![ \t])[ \t]+(?=[.,;:!?)](?:\s|$))")
_KEPT: Final = re.compile("\ue000(\\d+)\ue001")
_TITLES: Final = ("title", "page-title")
_DATES: Final = ("date", "published", "publish_date", "pubdate", "updated")
_HIDING: Final = re.compile(r"\b(?:style|hidden|color)\b", re.IGNORECASE)
_BREAKING: Final = frozenset("br p div li tr td".split())
_ELEMENTS: Final = _BREAKING | frozenset(
    "a abbr address article aside audio b bdi bdo big blockquote button canvas caption center cite code col data dd del details "
    "dfn dl dt em embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i iframe img input ins kbd label main "
    "map mark math meter nav noscript object ol option output picture pre progress q rp rt ruby s samp script section select "
    "small source span strike strong style sub summary sup svg table tbody template textarea tfoot th thead time tt u ul var "
    "video wbr".split()
)


class MarkdownParser:
    """Inline markup becomes plain words; headings, lists, tables, code and quotes become blocks.

    Citations such as ``[@key]``, footnote marks, comments, images and badges are left out together with the space before
    them, so that a sentence reads, and can be quoted, as its author would say it.
    """

    name: ClassVar[str] = "markdown"
    version: ClassVar[str] = "1"
    media_types: ClassVar[frozenset[str]] = frozenset({MARKDOWN, "text/x-markdown"})

    def __init__(self) -> None:
        self._markdown = (
            MarkdownIt("commonmark", {"html": True, "maxNesting": 200})
            .enable(["table", "strikethrough"])
            .use(front_matter_plugin)
            .use(footnote_plugin)
            .use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
            .use(admon_plugin)
        )

    def parse(self, body: bytes, *, media_type: str, uri: str) -> Parsed:  # noqa: ARG002 - the protocol's
        """Return the text of ``body``.

        Raises:
            EmptyError: there is none.
            ParseError: it is binary data or nested too deeply.
        """
        text = clean_text(decode(body, charset(media_type))).replace("\ue000", "").replace("\ue001", "")
        text = _LABELLED_FORMULA.sub(r"\1", _LEADING_COMMENTS.sub("", text))
        try:
            tokens = self._markdown.parse(text)
        except RecursionError as exc:
            msg = "the document is nested too deeply"
            raise ParseError(msg, remedy="save it in a simpler format and add that") from exc
        fields: dict[str, str] = {}
        if tokens and tokens[0].type == "front_matter":
            fields = front_matter(tokens[0].content)
        builder = Builder()
        walk = _Walk(builder)
        for at, token in enumerate(tokens):
            walk.token(token, tokens[at + 1] if at + 1 < len(tokens) else None)
        return builder.build(
            title=next((fields[key] for key in _TITLES if fields.get(key)), walk.title),
            author=fields.get("author", fields.get("authors", "")),
            published=next((iso_date(fields[key]) for key in _DATES if fields.get(key)), ""),
        )


def front_matter(text: str) -> dict[str, str]:
    """The plain ``key: value`` lines of a YAML block, quotes removed; lists joined by commas, nesting ignored."""
    fields: dict[str, str] = {}
    key = ""
    for line in text.split("\n"):
        if found := _FIELD.match(line):
            key = found.group(1).lower()
            fields[key] = _scalar(found.group(2))
        elif key and (item := re.match(r"^\s*-\s+(?:name:\s*)?(.+)$", line)):
            fields[key] = ", ".join(filter(None, (fields[key], _scalar(item.group(1)))))
    return fields


def _scalar(value: str) -> str:
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        return ", ".join(_scalar(part) for part in value[1:-1].split(","))
    return "" if value in ("|", ">", "|-", ">-") else value.strip("\"'").strip()


class _Walk:
    """Follows the flat list of block tokens, remembering which containers are open."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.title = ""
        self.found_top = False
        self.open: list[str] = []
        self.rows: list[list[str]] = []

    def token(self, token: Token, following: Token | None) -> None:
        """Take one token."""
        if token.type.startswith(("table", "thead", "tbody", "tr_", "th_", "td_")):
            self.table(token, following)
        elif token.type == "inline":
            self.inline(token)
        elif token.nesting == 1:
            self.open.append(token.tag if token.type == "heading_open" else token.type.removesuffix("_open"))
        elif token.nesting == -1:
            self.open.pop()
        else:
            self.leaf(token)

    def table(self, token: Token, following: Token | None) -> None:
        """Collect cells; append the table at its end."""
        self.open = [*self.open, "table"] if token.type == "table_open" else self.open
        if token.type == "tr_open":
            self.rows.append([])
        elif token.type in ("th_open", "td_open") and following is not None:
            self.rows[-1].append(plain(following)[0])
        elif token.type == "table_close":
            self.open.pop()
            self.builder.table(self.rows)
            self.rows = []

    def leaf(self, token: Token) -> None:
        """Append a block that has no inline content."""
        if token.type in ("fence", "code_block") or token.type in ("math_block", "math_block_label", "amsmath"):
            self.builder.code(token.content)
        elif token.type == "html_block":
            root = parse_html(token.content)
            if root is not None:
                add_html(self.builder, root)

    def inline(self, token: Token) -> None:
        """Append a heading, paragraph, list item or quote."""
        inside = self.open
        if "table" in inside:
            return
        text, linked = plain(token)
        holder = inside[-1] if inside else "paragraph"
        if len(holder) == 2 and holder[0] == "h":
            self.heading(text, int(holder[1]))
        elif holder == "admonition_title":
            self.builder.other(text)
        elif linked or "footnote_block" in inside:
            # Menus, badges and tables of contents state nothing.
            self.builder.other(text)
        elif "list_item" in inside:
            self.builder.item(text, inside.count("list_item"))
        elif "blockquote" in inside:
            self.builder.quote(_ALERT.sub("", text))
        else:
            self.builder.paragraph(text)

    def heading(self, text: str, level: int) -> None:
        """Append a heading; the first of level 1, or else the first, is the title."""
        if "blockquote" in self.open:
            self.builder.quote(text)
            return
        if not self.title or (level == 1 and not self.found_top):
            self.title = text
            self.found_top = level == 1
        self.builder.heading(text, level)


def plain(token: Token) -> tuple[str, bool]:
    """The words of an inline token, and whether they are nothing but links to elsewhere on the site or page."""
    kept: list[str] = []
    parts: list[str] = []
    loose: list[str] = []
    links: list[str] = []
    for child in _shown(token.children or ()):
        piece = _piece(child, kept)
        parts.append(piece)
        if child.type == "link_open":
            links.append(str(child.attrGet("href") or ""))
        elif child.type == "link_close":
            links.append("")
        elif not (links and links[-1]):
            loose.append(piece)
    text = "".join(parts)
    for pattern in (_SHORTCODE, _FENCED_DIV, _CITATION, _ATTRIBUTES, _STRAY_BOLD):
        text = pattern.sub("", text)
    text = _LOOSE_REFERENCE.sub(r"\1", text)
    text = _BEFORE_MARK.sub("", text) if "".join(parts) != text else text
    text = _KEPT.sub(lambda found: kept[int(found.group(1))], text)
    hrefs = [href for href in links if href]
    menu = bool(hrefs) and not has_words("".join(loose)) and (len(hrefs) > 1 or hrefs[0].startswith("#"))
    return clean_inline(text), menu


def _shown(children: Iterable[Token]) -> Iterator[Token]:
    """The inline tokens without those between tags that hide them."""
    within = ""
    for child in children:
        tag = re.match(r"<(/?)([A-Za-z][\w-]*)", child.content) if child.type == "html_inline" else None
        if within:
            within = "" if tag and tag[1] and tag[2].casefold() == within else within
        elif tag and not tag[1] and _HIDING.search(child.content) and hides(child.content):
            within = tag[2].casefold()
        else:
            yield child


def _piece(child: Token, kept: list[str]) -> str:
    """The text of one inline token; code and formulas go behind a placeholder, so that no clean-up touches them."""
    if child.type in ("code_inline", "math_inline", "math_inline_double"):
        mark = "$" if child.type == "math_inline" else "$$" if child.type == "math_inline_double" else ""
        kept.append(f"{mark}{child.content}{mark}")
        return f"\ue000{len(kept) - 1}\ue001"
    if child.type in ("softbreak", "hardbreak"):
        return "\n"
    if child.type == "html_inline":
        return _inline_tag(child.content)
    return child.content if child.type in ("text", "text_special") else ""


def _inline_tag(tag: str) -> str:
    """What a tag in running text leaves: a space where it breaks a line, itself where it is no HTML ('<unk>', 'List<T>')."""
    name = re.match(r"</?([A-Za-z][\w-]*)", tag)
    if name is None or name[1].casefold() in _ELEMENTS:
        return " " if name and name[1].casefold() in _BREAKING else ""
    return tag
