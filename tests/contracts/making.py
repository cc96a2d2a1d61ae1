"""Small real documents, made on the spot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence


def pdf(
    *pages: Sequence[tuple[float, float, float, str]], title: str = "", bold: frozenset[str] = frozenset()
) -> bytes:
    """A PDF with one page for each list of (x, y, size, text); texts in ``bold`` are set in a bold face."""
    objects: list[bytes] = []
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(
        b"<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
        b" /F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >> >>"
    )
    for at, lines in enumerate(pages):
        content = b"".join(_line(x, y, size, text, "F2" if text in bold else "F1") for x, y, size, text in lines)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font 3 0 R >> /Contents {5 + 2 * at} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    if title:
        objects.append(f"<< /Title ({title}) >>".encode())
    return _file(objects, info=len(objects) if title else 0)


def _line(x: float, y: float, size: float, text: str, font: str) -> bytes:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
    return f"BT /{font} {size} Tf {x} {y} Td (".encode() + escaped + b") Tj ET\n"


def _file(objects: list[bytes], info: int) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    extra = f" /Info {info} 0 R" if info else ""
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R{extra} >>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def docx() -> bytes:
    from docx import Document

    document = Document()
    document.core_properties.title = "Annual report"
    document.core_properties.author = "Ada Example"
    document.add_heading("Results", 1)
    document.add_paragraph("Costs fell by four per cent in the second year of the programme.")
    document.add_heading("Reasons", 2)
    document.add_paragraph("Better tools were bought.", style="List Bullet")
    document.add_paragraph("Fewer people left.", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for at, text in enumerate(("Year", "Cost", "2024", "12")):
        table.cell(at // 2, at % 2).text = text
    return _saved(document)


def pptx() -> bytes:
    from pptx import Presentation

    deck = Presentation()
    for title, point in (("First slide", "Data is collected by hand."), ("Second slide", "Data is checked twice.")):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = point
        slide.notes_slide.notes_text_frame.text = f"Speak slowly about the {title.lower()}."
    return _saved(deck)


def xlsx() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Prices"
    for row in (("Fruit", "Price"), ("Apple", 1.99), ("Banana", 3)):
        sheet.append(row)
    return _saved(book)


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def epub() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/container.xml",
            '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        archive.writestr(
            "book.opf",
            '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier>'
            "<dc:title>A small book</dc:title><dc:creator>Bo Writer</dc:creator><dc:language>en</dc:language>"
            "<dc:date>2021-05-06</dc:date></metadata>"
            '<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="c"/></spine></package>',
        )
        archive.writestr(
            "c.xhtml",
            '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>c</title></head><body><h1>Chapter one</h1>'
            "<p>The river froze in the first week of <em>January</em>.</p></body></html>",
        )
    return out.getvalue()


RTF = rb"{\rtf1\ansi\deff0 {\fonttbl {\f0 Times;}}\f0\fs24 {\b Findings}\par The bridge was closed for repairs in spring.\par}"

EML = b"""From: Ada Example <ada@example.org>
To: Bo <bo@example.org>
Subject: Re: Bridge repairs
Date: Tue, 21 Jan 2025 23:47:10 -0300
Content-Type: text/plain; charset=utf-8

Hello Bo,

the bridge will be closed until May.

On Mon, 20 Jan 2025 at 10:00, Bo <bo@example.org> wrote:
> When does the bridge
> open again?

Best regards,
Ada

-- \nAda Example, Bridges Ltd.
"""

XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<article><title>Rivers</title><sec><title>Floods</title><p>The <b>old</b> dam held in 1953.</p></sec>
<data><name>Rhine</name><length>1230</length></data></article>"""
