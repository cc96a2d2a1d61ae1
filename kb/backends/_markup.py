"""Markup as plain text: HTML through lxml, for tables, for pages without main content and for HTML inside Markdown."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree, html  # type: ignore[import-untyped]

from kb.backends._building import Builder, clean_inline

_SILENT: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "head",
        "title",
        "nav",
        "iframe",
        "object",
        "select",
        "button",
        "form",
        "dialog",
        "picture",
    ]
)
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HIDDEN_STYLE: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:^|[;\s])opacity\s*:\s*0*\.?0+\s*(?:;|!|$)"
    r"|font-size\s*:\s*0*\.?0+\s*(?:[a-z%]+\s*)?(?:;|!|$)|(?:left|right|top|text-indent)\s*:\s*-\d{4,}"
    r"|(?:height|width)\s*:\s*0(?:px)?\s*;.*overflow\s*:\s*hidden|clip\s*:\s*rect\(\s*(?:0(?:px)?[,\s]*){4}\)",
    re.IGNORECASE,
)
_COLOUR: Final = re.compile(r"(?:^|;)\s*(color|background(?:-color)?)\s*:\s*([^;!]+)", re.IGNORECASE)
_WHITE: Final = re.compile(r"white|#fff(?:fff)?|rgba?\((?:255[,\s]+){2}255.*\)")
_MOST: Final = 0.5
"""Share of a page's text from which hidden elements stay: a page that hides most of itself shows it by script."""
_BULLET: Final = re.compile("[•‣◦▪●○■]\\s+")
_BREAK: Final = "\u2028"
_BREAKS: Final = re.compile(r"\u2028\s*\u2028\s*")  # two line breaks in a row mean a new paragraph
_MAX_TITLE_WORDS: Final = 12
_MAX_DEPTH: Final = 200


def parse_html(text: str, *, keep_hidden: bool = False) -> Any | None:
    """The lxml tree of ``text`` without what its styles hide from readers, or None where there is none.

    Nothing is fetched over a network.
    """
    # Without huge_tree what is nested more than 256 deep is lost without a word.
    parser = html.HTMLParser(
        no_network=True, recover=True, remove_comments=True, remove_pis=True, huge_tree=True, default_doctype=False
    )
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    if not keep_hidden:
        drop_hidden(root)
    return root


def drop_hidden(root: Any) -> bool:
    """Take out of ``root`` the elements that their own styles or attributes hide from readers; whether there were any."""
    styled = root.xpath("//*[@hidden or @style or @color]")
    found = [element for element in styled if isinstance(element.tag, str) and (_hidden(element) or _unseen(element))]
    found = [element for element in found if element.getparent() is not None and element.tag != "body"]
    lengths = {element: len("".join(element.itertext()).strip()) for element in found}
    if sum(lengths.values()) > _MOST * len("".join(root.itertext()).strip()):
        return False
    for element in found:
        element.drop_tree()
    return bool(found)


def hides(tag: str) -> bool:
    """Whether the opening ``tag`` hides what it encloses."""
    root = parse_html(f"<div>{tag}x</div>", keep_hidden=True)
    return root is not None and any(_hidden(e) or _unseen(e) for e in root.iter() if isinstance(e.tag, str))


def inner_text(element: Any) -> str:
    """The text in ``element`` on one line; inline tags neither glue nor split words, block tags and breaks separate."""
    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        is_tag = isinstance(node.tag, str)
        if event == "start":
            if not is_tag or (node.tag in _SILENT and node is not element):
                walk.skip_subtree()
            else:
                pieces += (" " if node.tag in _BLOCKS or node.tag == "br" else "", node.text or "")
        else:
            pieces.append(" " if is_tag and node.tag in _BLOCKS else "")
            if node is not element:
                pieces.append(node.tail or "")
    return clean_inline("".join(pieces))


def depth_of(root: Any) -> int:
    """How deep the elements under ``root`` nest."""
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def table_rows(table: Any) -> list[list[str]]:
    """The rows of an HTML table; nested tables stay within their cell."""
    own = (row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table)
    return [[inner_text(cell) for cell in row if cell.tag in ("td", "th")] for row in own]


def is_data_table(table: Any) -> bool:
    """Whether a table holds data; many old pages and mails use tables for their layout."""
    if next(table.iterdescendants("table", "h1", "h2", "h3", "ul", "ol", "blockquote"), None) is not None:
        return False
    widths = [len(row) for row in table_rows(table)]
    return len(widths) > 1 and max(widths) > 1


def add_html(builder: Builder, root: Any) -> None:
    """Append the visible text under ``root`` as blocks."""
    walker = _Walker(builder)
    walker.block(root, 0)
    walker.flush()


class _Walker:
    """Walks a tree, collecting inline text until a block element ends it."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.inline: list[str] = []
        self.kind = "paragraph"
        self.level = 0

    def flush(self) -> None:
        """End the current run of inline text."""
        runs = _BREAKS.split("".join(self.inline))
        self.inline.clear()
        for run in runs:
            self.run(clean_inline(run))

    def run(self, text: str) -> None:
        """Append one run of inline text."""
        if self.kind == "item":
            self.builder.item(text, self.level)
        elif self.kind == "quote":
            self.builder.quote(text)
        elif bullet := _BULLET.match(text):
            self.builder.item(text[bullet.end() :])
        else:
            self.builder.paragraph(text)

    def block(self, element: Any, depth: int) -> None:
        """Walk ``element``; below a depth that no honest page has, text is taken without structure."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _SILENT or _hidden(element):
            return
        if depth > _MAX_DEPTH:
            self.inline.append(" ".join(element.itertext()))
        elif tag == "br":
            self.inline.append(_BREAK)
        elif tag not in _BLOCKS:
            self.children(element, depth)
        else:
            self.flush()
            self.special(element, tag, depth)
            self.flush()

    def special(self, element: Any, tag: str, depth: int) -> None:
        """A block element: headings, tables and code are taken whole, lists and quotes name what is in them."""
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.builder.heading(inner_text(element), int(tag[1]))
        elif tag == "p" and self.kind == "paragraph" and (title := _bold_line(element)):
            self.builder.heading(title, 3)
        elif tag == "pre":
            self.builder.code("".join(element.itertext()))
        elif tag == "table" and is_data_table(element):
            self.builder.table(table_rows(element))
        elif tag in ("li", "dd"):
            self.within("item", element, depth, self.level + 1)
        elif tag == "blockquote":
            self.within("quote", element, depth, self.level)
        else:
            self.children(element, depth)

    def within(self, kind: str, element: Any, depth: int, level: int) -> None:
        """Walk ``element``, whose text is of ``kind``."""
        before = (self.kind, self.level)
        self.kind, self.level = kind, level
        self.children(element, depth)
        self.flush()
        self.kind, self.level = before

    def children(self, element: Any, depth: int) -> None:
        """Walk what is inside ``element``."""
        self.inline.append(element.text or "")
        for child in element:
            self.block(child, depth + 1)
            self.inline.append(child.tail or "")


def _bold_line(element: Any) -> str:
    """The text of a short paragraph that is bold throughout and no sentence, '' for any other."""
    children = [child for child in element if isinstance(child.tag, str)]
    if len(children) != 1 or children[0].tag not in ("b", "strong") or (element.text or "").strip():
        return ""
    text = inner_text(children[0])
    is_title = (
        len(text.split()) <= _MAX_TITLE_WORDS and text[-1:] not in ".,;:!" and not (children[0].tail or "").strip()
    )
    return text if is_title else ""


def _unseen(element: Any) -> bool:
    """Whether text has the colour of what is behind it, as far as its own and its ancestors' styles tell."""
    own = _colours(element)
    colour = own.get("color")
    if colour is None:
        return False
    behind = next(
        (c["background"] for c in map(_colours, (element, *element.iterancestors())) if "background" in c), ""
    )
    if behind:
        return colour in behind or bool(_WHITE.fullmatch(colour) and _WHITE.fullmatch(behind))
    sheets = element.getroottree().xpath(
        "boolean(//link[contains(@rel, 'stylesheet')] | //style[contains(., 'background')])"
    )
    return bool(_WHITE.fullmatch(colour)) and not sheets


def _colours(element: Any) -> dict[str, str]:
    """The colours of text and background that an element's attributes give."""
    found = {name.casefold(): value.strip().casefold() for name, value in _COLOUR.findall(element.get("style") or "")}
    back = found.get("background-color") or found.get("background") or str(element.get("bgcolor") or "").casefold()
    text = found.get("color") or str(element.get("color") or "").casefold()
    return {name: value for name, value in (("color", text), ("background", back)) if value}


def _hidden(element: Any) -> bool:
    return (
        element.get("hidden") not in (None, "until-found")
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
    )
