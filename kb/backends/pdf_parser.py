"""PDF through PDFium: pages, paragraphs, headings; running headers, footers and page numbers left out."""

from __future__ import annotations

import ctypes
import math
import re
import threading
from collections.abc import Iterator
from statistics import median
from typing import Any, ClassVar, Final

import pypdfium2
import pypdfium2.raw as pdfium

from kb.backends._building import Builder, clean_inline, clean_text, real_title
from kb.backends._lines import vocabulary
from kb.backends._pdf_layout import Line, add_lines, without_margins
from kb.backends.media_types import PDF
from kb.errors import EmptyError, EncryptedError, ParseError
from kb.records import Parsed

_LOCK: Final = threading.Lock()  # PDFium keeps global state and must not be entered twice
_MAX_PAGES: Final = 2_000
_MAX_CHARS: Final = 20_000_000
_HYPHEN: Final = 0x02  # what PDFium gives for a hyphen that breaks a word at a line end
_BREAKS: Final = frozenset({0x0A, 0x0D})
_LIGATURES: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\ufffe": "-", "\uf0b7": "•"}
    # where the ligatures of old TeX fonts stand
    | {"\x0b": "ff", "\x0c": "fi", "\x0e": "ffi", "\x0f": "ffl"}
)
_ARROW_LIGATURE: Final = re.compile(r"(?<=\w)↵|↵(?=\w)")
_COPY: Final = re.compile(r"^(?:copy of\s+)+", re.IGNORECASE)
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")


class PdfParser:
    """Text in the order in which PDFium gives it, which is the reading order of nearly all columns.

    Lines are joined into paragraphs by their distance, indents and font sizes, also over page breaks.
    """

    name: ClassVar[str] = "pdf"
    version: ClassVar[str] = "1"
    media_types: ClassVar[frozenset[str]] = frozenset({PDF})

    def parse(self, body: bytes, *, media_type: str, uri: str) -> Parsed:  # noqa: ARG002 - the protocol's
        """Return the text of ``body`` with its pages.

        Raises:
            EncryptedError: it needs a password.
            EmptyError: it has no text layer.
            ParseError: it is damaged or has too many pages.
        """
        with _LOCK:
            document = _open(body)
            try:
                pages = list(_pages(document))
                fields = _metadata(document)
            except pypdfium2.PdfiumError as exc:
                msg = "the PDF is damaged"
                raise ParseError(msg, remedy="open it in a viewer and print it to a new PDF") from exc
            finally:
                document.close()
        if not any(pages):
            msg = f"none of its {len(pages)} pages has a text layer; they seem to be scanned images"
            raise EmptyError(msg, remedy="run text recognition (OCR) over it and add the result")
        pages = without_margins(pages)
        builder = Builder()
        known = _vocabulary(pages)
        heading = add_lines(builder, pages, known)
        title = real_title(_COPY.sub("", clean_inline(fields.get("Title", "")))) or heading
        return builder.build(
            title=title, author=fields.get("Author", ""), published=_date(fields.get("CreationDate", ""))
        )


def _vocabulary(pages: list[list[Line]]) -> frozenset[str]:
    """The words of all lines, without the halves of words that are broken at line ends."""
    texts: list[str] = []
    broken = False
    for line in (line for page in pages for line in page):
        words = line.text.split()[broken:]
        broken = line.text.endswith("-")
        texts.append(" ".join(words[:-1] if broken else words))
    return vocabulary("\n".join(texts))


def _open(body: bytes) -> Any:
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as exc:
        if "password" in str(exc).lower() or "security" in str(exc).lower():
            msg = "the PDF is protected by a password"
            raise EncryptedError(msg) from exc
        msg = "the PDF is damaged or no PDF"
        raise ParseError(msg, remedy="open it in a viewer and print it to a new PDF") from exc
    count = len(document)
    if not 0 < count <= _MAX_PAGES:
        document.close()
        msg = f"the PDF has {count} pages; between 1 and {_MAX_PAGES} are read"
        raise ParseError(msg, remedy="split it into parts and add those")
    return document


def _metadata(document: Any) -> dict[str, str]:
    return {key: str(value) for key, value in document.get_metadata_dict(skip_empty=True).items()}


def _date(text: str) -> str:
    """'D:20240131...' as an ISO 8601 date."""
    found = re.match(r"D:(\d{4})(\d{2})?(\d{2})?", text)
    return "-".join(part for part in found.groups() if part) if found else ""


def _pages(document: Any) -> Iterator[list[Line]]:
    """The lines of each page, in order; a page that PDFium cannot read has none."""
    left = _MAX_CHARS
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        try:
            textpage = page.get_textpage()
            try:
                lines, taken = _lines(textpage, number, page.get_cropbox())
            finally:
                textpage.close()
        finally:
            page.close()
        left -= taken
        if left < 0:
            msg = f"the PDF holds more than {_MAX_CHARS:,} characters"
            raise ParseError(msg, remedy="split it into parts and add those")
        yield lines


def _lines(textpage: Any, number: int, box: tuple[float, float, float, float]) -> tuple[list[Line], int]:
    """Cut the characters of a page, whose visible part is ``box``, into lines with their places."""
    raw = textpage.raw
    count = textpage.count_chars()
    _, floor, _, ceiling = box
    lines: list[Line] = []
    chars: list[str] = []
    printed: list[int] = []
    for at in range(count + 1):
        code = pdfium.FPDFText_GetUnicode(raw, at) if at < count else 0x0A
        if code in _BREAKS or code == _HYPHEN:
            # PDFium gives a hyphen and no line break where a word is broken.
            chars.append("-" if code == _HYPHEN else "")
            if printed and (line := _line(raw, "".join(chars), printed, number)):
                line.rise = (line.base - floor) / max(ceiling - floor, 1.0)
                lines.append(line)
            chars, printed = [], []
        elif code:
            chars.append(chr(code) if code < 0x110000 else "")
            if code > 0x20:
                printed.append(at)
    return lines, count


def _line(raw: Any, text: str, printed: list[int], number: int) -> Line | None:
    text = _PRIVATE.sub("", clean_text(_ARROW_LIGATURE.sub("ff", text.translate(_LIGATURES)))).strip()
    if not text:
        return None
    first, middle, last = printed[0], printed[len(printed) // 2], printed[-1]
    across, base = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(raw, middle, across, base)
    angle = float(pdfium.FPDFText_GetCharAngle(raw, middle))
    return Line(
        text=" ".join(text.split()),
        page=number,
        left=_box(raw, first)[0],
        right=_box(raw, last)[1],
        base=base.value,
        size=round(median(_size(raw, at) for at in printed[:: max(len(printed) // 5, 1)]), 1),
        bold=_is_bold(raw, first) and _is_bold(raw, last),
        turned=0.3 < angle % math.pi < math.pi - 0.3,
    )


def _size(raw: Any, at: int) -> float:
    """The font size in points; where the text is scaled its nominal size is about 1, and the height of its box tells."""
    size = float(pdfium.FPDFText_GetFontSize(raw, at))
    if size > 3:
        return size
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(raw, at, box)
    return max(float(abs(box.top - box.bottom)), 1.0)


def _box(raw: Any, at: int) -> tuple[float, float, float, float]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(raw, at, left, right, bottom, top)
    return left.value, right.value, bottom.value, top.value


def _is_bold(raw: Any, at: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(raw, at) >= 600:
        return True
    buffer = ctypes.create_string_buffer(80)
    pdfium.FPDFText_GetFontInfo(raw, at, buffer, 80, ctypes.c_int())
    return re.search(rb"bold|black|heavy|medi", buffer.value, re.IGNORECASE) is not None
