"""Office documents, e-books, e-mail, RTF and XML.

Word, PowerPoint and Excel files are cut by unstructured, which is imported by type, since each import takes a second.
OpenDocument, EPUB and RTF go through its Pandoc conversion, which runs Pandoc in a sandbox without files or network.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from io import BytesIO
from itertools import groupby
from typing import Any, ClassVar, Final

from kb.backends import _tokens
from kb.backends._archive import DAMAGE, check_archive, core_properties
from kb.backends._building import Builder, clean_inline, iso_date, real_title
from kb.backends._lines import heading_level
from kb.backends._mail import parse_eml, parse_msg
from kb.backends._markup import add_html, parse_html, table_rows
from kb.backends._xml import parse_xml
from kb.backends.media_types import DOC, DOCX, EML, ENCRYPTED, EPUB, MSG, ODT, PPT, PPTX, RTF, XLS, XLSX, XML, essence
from kb.backends.table_parser import add_table
from kb.errors import EmptyError, EncryptedError, KBError, ParseError, UnsupportedTypeError
from kb.records import Parsed

_SILENCE: Final = ("SCARF_NO_ANALYTICS", "DO_NOT_TRACK", "UNSTRUCTURED_DISABLE_NOTICE")
_DROPPED: Final = frozenset({"Header", "Footer", "PageBreak", "PageNumber", "Image", "CheckBox"})
_MAX_HEADING_WORDS: Final = 14
_REMEDY: Final = "open it in its own program and save it again"
_LETTERED: Final = re.compile(r"^[A-Z]\.\s+")
_OLE: Final = b"\xd0\xcf\x11\xe0"


class OfficeParser:
    """docx, pptx, xlsx, xls, odt, epub, rtf, eml, msg and xml. Slides and sheets count as pages."""

    name: ClassVar[str] = "office"
    version: ClassVar[str] = "1"
    media_types: ClassVar[frozenset[str]] = frozenset(
        {DOCX, PPTX, XLSX, XLS, ODT, EPUB, RTF, "text/rtf", EML, MSG, XML, "text/xml", DOC, PPT, ENCRYPTED}
    )

    def parse(self, body: bytes, *, media_type: str, uri: str) -> Parsed:  # noqa: ARG002 - the protocol's
        """Return the text of ``body``.

        Raises:
            EncryptedError: it is protected by a password.
            UnsupportedTypeError: it is in a format that was left behind.
            ParseError: it is damaged, dangerous or has no text.
        """
        kind = essence(media_type)
        if not body.strip():
            raise EmptyError
        if kind == ENCRYPTED or (kind in (DOCX, PPTX, XLSX) and body.startswith(_OLE)):
            raise EncryptedError
        if kind in (DOC, PPT):
            msg = "the old binary format of Word and PowerPoint is not read"
            raise UnsupportedTypeError(msg, remedy="save it as .docx, .pptx or .pdf and add that")
        if body.startswith(b"PK"):
            check_archive(body)
        return _reader(kind)(body)


def _reader(kind: str) -> Callable[[bytes], Parsed]:
    readers: dict[str, Callable[[bytes], Parsed]] = {
        DOCX: _docx,
        PPTX: _pptx,
        XLSX: _xlsx,
        XLS: _xlsx,
        ODT: lambda body: _converted(body, "odt"),
        EPUB: lambda body: _converted(body, "epub"),
        RTF: lambda body: _converted(body, "rtf"),
        "text/rtf": lambda body: _converted(body, "rtf"),
        EML: parse_eml,
        MSG: parse_msg,
    }
    return readers.get(kind, parse_xml)


def _prepare() -> None:
    """Keep unstructured from reporting its use and from downloading a language model; before its first import."""
    for name in _SILENCE:
        os.environ.setdefault(name, "1")
    _tokens.install()


def _docx(body: bytes) -> Parsed:
    _prepare()
    from docx.exceptions import PythonDocxError  # noqa: PLC0415 - heavy
    from docx.opc.exceptions import OpcError  # noqa: PLC0415 - heavy
    from unstructured.partition.docx import partition_docx  # noqa: PLC0415 - heavy

    elements = _cut(lambda: partition_docx(file=BytesIO(body), languages=[""]), OpcError, PythonDocxError)
    return _build(elements, core_properties(body))


def _pptx(body: bytes) -> Parsed:
    _prepare()
    from pptx.exc import PythonPptxError  # noqa: PLC0415 - heavy
    from unstructured.partition.pptx import partition_pptx  # noqa: PLC0415 - heavy

    elements = _cut(
        lambda: partition_pptx(file=BytesIO(body), languages=[""], include_slide_notes=True), PythonPptxError
    )
    return _build(_notes_last(elements), core_properties(body), paged=True)


def _notes_last(elements: list[Any]) -> list[Any]:
    """Move the notes of a slide, which come before its title, below it."""
    ordered: list[Any] = []
    for _, group in groupby(elements, key=lambda element: element.metadata.page_number):
        slide = list(group)
        first = next((at for at, element in enumerate(slide) if element.category == "Title"), 0)
        ordered += [*slide[first:], *slide[:first]]
    return ordered


def _xlsx(body: bytes) -> Parsed:
    _prepare()
    from msoffcrypto import exceptions as crypto  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - heavy
    from unstructured.errors import UnprocessableEntityError  # noqa: PLC0415 - heavy
    from unstructured.partition.xlsx import partition_xlsx  # noqa: PLC0415 - heavy
    from xlrd import XLRDError  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy
    from xlrd.compdoc import CompDocError  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy

    elements = _cut(
        lambda: partition_xlsx(file=BytesIO(body), languages=[""], infer_table_structure=True),
        *(InvalidFileException, UnprocessableEntityError, XLRDError, CompDocError),
        *(crypto.FileFormatError, crypto.ParseError, crypto.DecryptionError),
    )
    properties = core_properties(body) if body.startswith(b"PK") else {}
    return _build(elements, properties, paged=True, sheets=True)


def _cut(partition: Callable[[], list[Any]], *errors: type[Exception]) -> list[Any]:
    """Run a partitioner; on damaged files it raises what its libraries do (``errors``), and what bad data leads to."""
    try:
        return partition()
    except (RecursionError, KBError):
        raise
    except (*DAMAGE, *errors) as exc:
        if "password" in str(exc).lower() or "encrypt" in str(exc).lower():
            raise EncryptedError from exc
        msg = f"the document is damaged ({type(exc).__name__})"
        raise ParseError(msg, remedy=_REMEDY) from exc


def _build(elements: list[Any], properties: dict[str, str], *, paged: bool = False, sheets: bool = False) -> Parsed:
    builder = Builder()
    title = ""
    sheet = ""
    for element in elements:
        if element.category in _DROPPED:
            continue
        metadata = element.metadata
        if metadata.page_number and (paged or metadata.page_number > 1):
            builder.page(metadata.page_number)
        if sheets and metadata.page_name and metadata.page_name != sheet:
            sheet = metadata.page_name
            builder.heading(sheet, 1)
        heading = _add(builder, element, sheets=sheets)
        title = title or heading
    return builder.build(
        title=real_title(properties.get("title", "")) or title,
        author=properties.get("creator", ""),
        published=iso_date(properties.get("published", "")),
    )


def _add(builder: Builder, element: Any, *, sheets: bool) -> str:
    """Append one element; returns its text if it is a heading."""
    text = clean_inline(str(element.text or "").replace("\\n", " "))
    depth = int(element.metadata.category_depth or 0)
    category = str(element.category)
    if category == "Table":
        _add_table(builder, element, sheets=sheets)
    elif category == "Title" and is_heading(text):
        # A sheet's name stands above what is in it.
        builder.heading(text, depth + (2 if sheets else 1))
        return text
    elif category == "ListItem":
        builder.item(text, depth + 1)
    elif category in ("CodeSnippet", "Formula"):
        builder.code(str(element.text))
    elif category in ("Address", "EmailAddress", "FigureCaption"):
        builder.other(text)
    elif text.isupper() and heading_level(_LETTERED.sub("", text)) and not sheets:
        builder.heading(text, 2)
        return text
    else:
        builder.paragraph(text)
    return ""


def is_heading(text: str) -> bool:
    """Whether what unstructured takes for a title can be one: short, and no sentence."""
    return len(text.split()) <= _MAX_HEADING_WORDS and text[-1:] not in ".,;:" and not text[:1].islower()


def _add_table(builder: Builder, element: Any, *, sheets: bool) -> None:
    root = parse_html(str(element.metadata.text_as_html or ""))
    table = next(root.iter("table"), None) if root is not None else None
    rows = table_rows(table) if table is not None else []
    rows = [[cell.replace("\\n", " ") for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        builder.add("table", clean_inline(str(element.text or "")))
    elif sheets:
        add_table(builder, _without_empty_columns(rows))
    else:
        builder.table(rows)


def _without_empty_columns(rows: list[list[str]]) -> list[list[str]]:
    width = max(len(row) for row in rows)
    padded = [row + [""] * (width - len(row)) for row in rows]
    kept = [at for at in range(width) if any(row[at].strip() for row in padded)]
    return [[row[at] for at in kept] for row in padded]


def _converted(body: bytes, source_format: str) -> Parsed:
    """Convert with Pandoc to HTML and read that."""
    if source_format == "rtf" and not body.lstrip().startswith(b"{\\rtf"):
        msg = "the document is no RTF file"  # Pandoc would take any text for one
        raise ParseError(msg, remedy=_REMEDY)
    _prepare()
    from unstructured.errors import UnprocessableEntityError  # noqa: PLC0415 - heavy
    from unstructured.file_utils.file_conversion import (  # noqa: PLC0415 - heavy
        convert_file_to_html_text_using_pandoc,
    )

    try:
        text = convert_file_to_html_text_using_pandoc(source_format, file=BytesIO(body))
    except (*DAMAGE, UnprocessableEntityError) as exc:
        msg = f"the document is damaged or no {source_format.upper()} file"
        raise ParseError(msg, remedy=_REMEDY) from exc
    builder = Builder()
    root = parse_html(text)
    if root is not None:
        for note in [*root.iter("a"), *root.iter("section")]:
            if note.get("class") in ("footnote-ref", "footnote-back"):
                note.drop_tree()
        add_html(builder, root)
    properties = core_properties(body) if body.startswith(b"PK") else {}
    return builder.build(
        title=real_title(properties.get("title", "")) or builder.first_heading,
        author=properties.get("creator", ""),
        published=iso_date(properties.get("published", "")),
    )
