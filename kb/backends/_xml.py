"""XML of any vocabulary: documents by their paragraphs and titles, data by its labelled values."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree  # type: ignore[import-untyped]

from kb.backends._building import Builder, clean_inline
from kb.backends._decoding import decode
from kb.errors import ParseError
from kb.records import Parsed

_TITLES: Final = frozenset(
    {"title", "head", "heading", "h1", "h2", "h3", "h4", "article-title", "chapter-title", "bridgehead"}
)
_PARAGRAPHS: Final = frozenset(
    {"p", "para", "simpara", "paragraph", "text", "abstract", "content", "description", "summary"}
)
_ITEMS: Final = frozenset({"item", "listitem", "list-item", "li"})
_QUOTES: Final = frozenset({"quote", "blockquote", "disp-quote"})
_CODE: Final = frozenset({"code", "programlisting", "screen", "pre", "literallayout"})
_LONG: Final = 120
_MAX_DEPTH: Final = 200
_ENTITY: Final = re.compile(r"<!(?:ENTITY|DOCTYPE[^>\[]*\[)", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse_xml(body: bytes) -> Parsed:
    """Read an XML document.

    Raises:
        ParseError: it is not well-formed, or declares entities.
        EmptyError: it has no text.
    """
    declared = re.search(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", body[:200])
    text = decode(body, declared.group(1).decode("ascii", "replace") if declared else "")
    refuse_entities(text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_DECLARATION.sub("", text).strip().encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        msg = f"the XML is not well-formed: {exc}"
        raise ParseError(msg, remedy="check it with an XML editor") from exc
    if root is None:
        msg = "the XML has no root element"
        raise ParseError(msg, remedy="check it with an XML editor")
    walk = _Walk()
    walk.element(root, 0)
    return walk.builder.build(title=walk.title)


def refuse_entities(text: str) -> None:
    """Raise for a document type that declares entities: expanding them can exhaust memory or read other files."""
    if _ENTITY.search(text):
        msg = "the XML declares entities, which are not expanded"
        raise ParseError(msg, remedy="save it without a document type declaration")


class _Walk:
    def __init__(self) -> None:
        self.builder = Builder()
        self.title = ""

    def element(self, element: Any, depth: int) -> None:
        """Append ``element``: as one block if it is text, else what is in it."""
        if not isinstance(element.tag, str):
            return
        name = _name(element)
        children = [child for child in element if isinstance(child.tag, str)]
        if name in _TITLES and depth:
            text = _words(element)
            self.title = self.title or text
            self.builder.heading(text, min(depth, 4))
        elif name in _CODE:
            self.builder.code("".join(element.itertext()))
        elif not children or name in _PARAGRAPHS or _is_mixed(element) or depth > _MAX_DEPTH:
            self.running(element, name)
        elif all(_is_value(child) for child in children):
            self.record(children)
        else:
            for child in children:
                self.element(child, depth + 1)

    def running(self, element: Any, name: str) -> None:
        """Append an element that is one run of text."""
        text = _words(element)
        if name in _QUOTES:
            self.builder.quote(text)
        elif name in _ITEMS or any(_name(up) in _ITEMS for up in element.iterancestors()):
            self.builder.item(text)
        else:
            self.builder.paragraph(text)

    def record(self, children: list[Any]) -> None:
        """Append short values that belong together as 'name: value; name: value'; long ones as paragraphs."""
        short = [(child, _words(child)) for child in children]
        values = [f"{_name(child)}: {text}" for child, text in short if text and len(text) <= _LONG]
        if len(values) > 1:
            self.builder.add("table", "; ".join(values))
        elif values:
            self.builder.paragraph(values[0].partition(": ")[2])
        for child, text in short:
            if len(text) > _LONG:
                self.running(child, _name(child))


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _words(element: Any) -> str:
    return clean_inline("".join(element.itertext()))


def _is_mixed(element: Any) -> bool:
    """Whether text stands between the children."""
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def _is_value(element: Any) -> bool:
    return (
        len(element) == 0 and _name(element) not in (*_TITLES, *_CODE, *_QUOTES) and "\n\n" not in (element.text or "")
    )
