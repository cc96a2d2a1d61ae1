#!/usr/bin/env python3
"""Build the binary and the mail files of the demo corpus from plain-text sources.

The sources in ``sources/`` use a small Markdown-like notation: ``# heading``,
``## heading``, ``- item``, ``1. item``, ``| table | row |``, and paragraphs
separated by blank lines. A header of ``key: value`` lines ends with ``---``.

    python bench/corpus/build.py            # writes into corpus/
    python bench/corpus/build.py --out DIR  # writes somewhere else
    python bench/corpus/build.py --check    # also opens every result again

Needs: python-docx, python-pptx, openpyxl, reportlab; --check also pypdfium2.
All dates are fixed and archive members get a fixed time stamp, so that two
builds with the same library versions give identical files.

Text of the corpus: own writing, Apache-2.0.
"""
from __future__ import annotations

import argparse
import datetime as dt
import html
import io
import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
DEFAULT_OUT = HERE.parents[1] / "corpus"
ZIP_TIME = (2025, 1, 1, 0, 0, 0)


# ---------------------------------------------------------------- reading

def read_source(name: str) -> tuple[dict[str, str], str]:
    head, body = (SOURCES / name).read_text(encoding="utf-8").split("\n---\n", 1)
    meta = dict(line.split(": ", 1) for line in head.splitlines() if line.strip())
    return meta, body.strip()


def blocks(body: str) -> list[tuple[str, object]]:
    """Parse the notation into (kind, value) pairs."""
    result: list[tuple[str, object]] = []
    para: list[str] = []

    def flush() -> None:
        if para:
            result.append(("p", " ".join(para)))
            para.clear()

    def add(kind: str, value: object) -> None:
        flush()
        if result and result[-1][0] == kind and kind in ("ul", "ol", "table"):
            result[-1][1].append(value)  # type: ignore[attr-defined]
        else:
            result.append((kind, [value] if kind in ("ul", "ol", "table") else value))

    for raw in body.splitlines():
        line = raw.strip()
        if not line:
            flush()
        elif line.startswith("## "):
            add("h2", line[3:])
        elif line.startswith("# "):
            add("h1", line[2:])
        elif line.startswith("- "):
            add("ul", line[2:])
        elif re.match(r"\d+\. ", line):
            add("ol", line.split(". ", 1)[1])
        elif line.startswith("|"):
            if not re.fullmatch(r"[|\- ]+", line):
                add("table", [c.strip() for c in line.strip("|").split("|")])
        elif line.startswith("NOTES: "):
            add("notes", line[7:])
        else:
            para.append(line)
    flush()
    return result


def when(meta: dict[str, str]) -> dt.datetime:
    return dt.datetime.fromisoformat(meta["date"] + "T09:00:00")


def freeze_zip(data: bytes, date: dt.datetime) -> bytes:
    """Rewrite an Office file with fixed member times and a fixed 'modified' date."""
    out = io.BytesIO()
    stamp = date.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(data)) as src, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as dst:
        for info in src.infolist():
            content = src.read(info)
            if info.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(modified|created)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            dst.writestr(zipfile.ZipInfo(info.filename, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---------------------------------------------------------------- writers

def make_docx(meta: dict[str, str], body: str) -> bytes:
    from docx import Document

    doc = Document()
    props = doc.core_properties
    props.title, props.author, props.last_modified_by = meta["title"], meta["author"], meta["author"]
    props.created = props.modified = when(meta)
    props.comments, props.keywords = "", "synthetic data"
    for kind, value in blocks(body):
        if kind == "h1":
            doc.add_heading(value, 0)
        elif kind == "h2":
            doc.add_heading(value, 1)
        elif kind in ("ul", "ol"):
            for item in value:
                doc.add_paragraph(item, style="List Bullet" if kind == "ul" else "List Number")
        elif kind == "table":
            table = doc.add_table(rows=0, cols=len(value[0]))
            table.style = "Light Grid Accent 1"
            for row in value:
                for cell, text in zip(table.add_row().cells, row):
                    cell.text = text
            doc.add_paragraph()
        else:
            doc.add_paragraph(value)
    buf = io.BytesIO()
    doc.save(buf)
    return freeze_zip(buf.getvalue(), when(meta))


def make_pdf(meta: dict[str, str], body: str) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import ListFlowable, ListItem, Paragraph, SimpleDocTemplate

    base = ParagraphStyle("base", fontName="Times-Roman", fontSize=11.5, leading=16, spaceAfter=8)
    h1 = ParagraphStyle("h1", parent=base, fontName="Times-Bold", fontSize=20, leading=24, spaceAfter=12)
    h2 = ParagraphStyle("h2", parent=base, fontName="Times-Bold", fontSize=14, leading=18, spaceBefore=10, keepWithNext=1)

    def decorate(canvas, doc) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 8.5)
        canvas.drawString(72, A4[1] - 42, meta["header"])
        canvas.line(72, A4[1] - 48, A4[0] - 72, A4[1] - 48)
        canvas.drawString(72, 38, meta["footer"])
        canvas.drawRightString(A4[0] - 72, 38, f"Page {doc.page}")
        canvas.restoreState()

    story = []
    for kind, value in blocks(body):
        if kind in ("ul", "ol"):
            items = [ListItem(Paragraph(html.escape(v, quote=False), base)) for v in value]
            story.append(ListFlowable(items, bulletType="bullet" if kind == "ul" else "1"))
        else:
            story.append(Paragraph(html.escape(str(value), quote=False), {"h1": h1, "h2": h2}.get(kind, base)))
    buf = io.BytesIO()
    # reportlab takes its creation date from this variable; it also fixes the file id.
    os.environ["SOURCE_DATE_EPOCH"] = str(int(when(meta).replace(tzinfo=dt.timezone.utc).timestamp()))
    SimpleDocTemplate(
        buf, pagesize=A4, leftMargin=72, rightMargin=72, topMargin=72, bottomMargin=72,
        title=meta["title"], author=meta["author"], subject="Synthetic data",
    ).build(story, onFirstPage=decorate, onLaterPages=decorate)
    return buf.getvalue()


def make_pptx(meta: dict[str, str], body: str) -> bytes:
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    props = deck.core_properties
    props.title, props.author, props.last_modified_by = meta["title"], meta["author"], meta["author"]
    props.created = props.modified = when(meta)
    slide = None
    for kind, value in blocks(body):
        if kind == "h1":
            first = slide is None
            slide = deck.slides.add_slide(deck.slide_layouts[0 if first else 1])
            slide.shapes.title.text = value
        elif kind == "p":
            slide.placeholders[1].text = value
        elif kind in ("ul", "ol"):
            frame = slide.placeholders[1].text_frame
            for number, item in enumerate(value):
                para = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
                para.text = item
        elif kind == "table":
            holder = slide.placeholders[1]
            holder._element.getparent().remove(holder._element)
            shape = slide.shapes.add_table(len(value), len(value[0]), Inches(0.6), Inches(1.8), Inches(8.8), Inches(2.4))
            for r, row in enumerate(value):
                for c, text in enumerate(row):
                    shape.table.cell(r, c).text = text
        elif kind == "notes":
            slide.notes_slide.notes_text_frame.text = value
    buf = io.BytesIO()
    deck.save(buf)
    return freeze_zip(buf.getvalue(), when(meta))


def make_xlsx(meta: dict[str, str], body: str) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = meta["title"], meta["author"]
    sheet = None
    for kind, value in blocks(body):
        if kind == "h1":
            sheet = book.create_sheet(value)
        elif kind == "table":
            for row in value:
                sheet.append(row)
            for cell in sheet[1]:
                cell.font = Font(bold=True)
            for letter in "ABCDE":
                sheet.column_dimensions[letter].width = 40
    buf = io.BytesIO()
    book.save(buf)
    return freeze_zip(buf.getvalue(), when(meta))


def make_rtf(meta: dict[str, str], body: str) -> bytes:
    def esc(text: str) -> str:
        text = text.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}")
        return "".join(c if ord(c) < 128 else rf"\u{ord(c)}?" for c in text)

    d = when(meta)
    out = [
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman Times New Roman;}}",
        rf"{{\info{{\title {esc(meta['title'])}}}{{\author {esc(meta['author'])}}}"
        rf"{{\creatim\yr{d.year}\mo{d.month}\dy{d.day}\hr9\min0}}}}",
    ]
    for kind, value in blocks(body):
        if kind == "h1":
            out.append(rf"\pard\sa240\b\fs36 {esc(value)}\b0\fs24\par")
        elif kind == "h2":
            out.append(rf"\pard\sb200\sa120\b\fs28 {esc(value)}\b0\fs24\par")
        elif kind in ("ul", "ol"):
            for number, item in enumerate(value, 1):
                mark = r"\bullet" if kind == "ul" else f"{number}."
                out.append(rf"\pard\fi-360\li720\sa80 {mark}\tab {esc(item)}\par")
        else:
            out.append(rf"\pard\sa160 {esc(str(value))}\par")
    return ("\n".join(out) + "\n}\n").encode("ascii")


def zip_book(members: list[tuple[str, str]]) -> bytes:
    """ODF and EPUB archives: the first member is 'mimetype', stored without compression."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members:
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), text.encode("utf-8"), method)
    return out.getvalue()


def make_odt(meta: dict[str, str], body: str) -> bytes:
    mime = "application/vnd.oasis.opendocument.text"
    ns = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
          'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
          'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
          'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"')
    xml = '<?xml version="1.0" encoding="UTF-8"?>\n'
    e = lambda s: html.escape(str(s), quote=False)  # noqa: E731
    parts = []
    for kind, value in blocks(body):
        if kind in ("h1", "h2"):
            parts.append(f'<text:h text:outline-level="{kind[1]}">{e(value)}</text:h>')
        elif kind in ("ul", "ol"):
            items = "".join(f"<text:list-item><text:p>{e(v)}</text:p></text:list-item>" for v in value)
            parts.append(f"<text:list>{items}</text:list>")
        else:
            parts.append(f"<text:p>{e(value)}</text:p>")
    content = f"{xml}<office:document-content {ns}><office:body><office:text>{''.join(parts)}</office:text></office:body></office:document-content>"
    info = (f"{xml}<office:document-meta {ns}><office:meta><dc:title>{e(meta['title'])}</dc:title>"
            f"<meta:initial-creator>{e(meta['author'])}</meta:initial-creator><dc:creator>{e(meta['author'])}</dc:creator>"
            f"<meta:creation-date>{meta['date']}T09:00:00</meta:creation-date><dc:date>{meta['date']}T09:00:00</dc:date>"
            "</office:meta></office:document-meta>")
    styles = f"{xml}<office:document-styles {ns}><office:styles/></office:document-styles>"
    manifest = (f'{xml}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
                f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
                + "".join(f'<manifest:file-entry manifest:full-path="{n}" manifest:media-type="text/xml"/>'
                          for n in ("content.xml", "meta.xml", "styles.xml")) + "</manifest:manifest>")
    return zip_book([("mimetype", mime), ("content.xml", content), ("meta.xml", info),
                     ("styles.xml", styles), ("META-INF/manifest.xml", manifest)])


def make_epub(meta: dict[str, str], body: str) -> bytes:
    e = lambda s: html.escape(str(s), quote=False)  # noqa: E731
    chapters: list[tuple[str, list[str]]] = []
    for kind, value in blocks(body):
        if kind == "h1":
            chapters.append((str(value), [f"<h1>{e(value)}</h1>"]))
        elif kind == "ol":  # chapter titles such as "1. ..." never reach this branch
            chapters[-1][1].append("<ol>" + "".join(f"<li>{e(v)}</li>" for v in value) + "</ol>")
        else:
            chapters[-1][1].append(f"<p>{e(value)}</p>")
    page = ('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
            'xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en" lang="en"><head><title>{t}</title></head><body>{b}</body></html>')
    ident = "urn:uuid:6f0d7f3e-2b57-4c1e-9a55-5e1d0c2a9b10"
    files = [(f"ch{i}.xhtml", title, page.format(t=e(title), b="\n".join(body_parts)))
             for i, (title, body_parts) in enumerate(chapters, 1)]
    nav = page.format(t="Contents", b='<nav epub:type="toc"><h1>Contents</h1><ol>'
                      + "".join(f'<li><a href="{n}">{e(t)}</a></li>' for n, t, _ in files) + "</ol></nav>")
    ncx = ('<?xml version="1.0" encoding="UTF-8"?>\n<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><head>'
           f'<meta name="dtb:uid" content="{ident}"/></head><docTitle><text>{e(meta["title"])}</text></docTitle><navMap>'
           + "".join(f'<navPoint id="n{i}" playOrder="{i}"><navLabel><text>{e(t)}</text></navLabel><content src="{n}"/></navPoint>'
                     for i, (n, t, _) in enumerate(files, 1)) + "</navMap></ncx>")
    opf = ('<?xml version="1.0" encoding="UTF-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
           '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
           f'<dc:identifier id="id">{ident}</dc:identifier><dc:title>{e(meta["title"])}</dc:title>'
           f'<dc:creator>{e(meta["author"])}</dc:creator><dc:language>en</dc:language><dc:date>{meta["date"]}</dc:date>'
           '<dc:subject>Synthetic data</dc:subject><dc:rights>Apache-2.0</dc:rights>'
           f'<meta property="dcterms:modified">{meta["date"]}T09:00:00Z</meta></metadata><manifest>'
           '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
           '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
           + "".join(f'<item id="c{i}" href="{n}" media-type="application/xhtml+xml"/>' for i, (n, _, _) in enumerate(files, 1))
           + '</manifest><spine toc="ncx">' + "".join(f'<itemref idref="c{i}"/>' for i in range(1, len(files) + 1))
           + "</spine></package>")
    container = ('<?xml version="1.0" encoding="UTF-8"?>\n<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
                 '<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>')
    return zip_book([("mimetype", "application/epub+zip"), ("META-INF/container.xml", container),
                     ("OEBPS/content.opf", opf), ("OEBPS/nav.xhtml", nav), ("OEBPS/toc.ncx", ncx)]
                    + [(f"OEBPS/{n}", text) for n, _, text in files])


# ---------------------------------------------------------------- mails

def make_newsletter() -> bytes:
    from email.message import EmailMessage

    text = (SOURCES / "imitation-newsletter.txt").read_text(encoding="utf-8").strip()
    body, _, signature = text.partition("\nUntil next Thursday,\n")
    question = ("I read that fine-tuning on GPT-4 answers makes a 7B model almost as good as\n"
                "the original. Is there any research behind this, or is it advertising?")
    sources = ('Sources: Gudibande et al., "The False Promise of Imitating Proprietary LLMs", ICLR 2024 (preprint 2023); '
               'Zhou et al., "LIMA: Less Is More for Alignment", NeurIPS 2023; Taori et al., Alpaca, 2023.')
    quoted_head = "On Fri, 14 Feb 2025 at 11:02, Priya Sandoval <priya@reader.example> wrote:"
    plain = (f"{body.strip()}\n\n{sources}\n\nUntil next Thursday,\n\n-- \n{signature.strip()}\n"
             "Written and edited in spare time. Unsubscribe: https://epoch-weekly.example/unsubscribe\n\n"
             f"{quoted_head}\n" + "\n".join("> " + line for line in question.splitlines()) + "\n")
    e = lambda s: html.escape(s, quote=False)  # noqa: E731
    rows = []
    for para in body.strip().split("\n\n"):
        head, sep, rest = para.partition("\n")
        if sep and head.isupper():
            rows.append(f"<h2>{e(head.capitalize())}</h2>\n<p>{e(rest)}</p>")
        else:
            rows.append(f"<p>{e(para)}</p>")
    newline = "\n"
    rich = (f"<html><head><style>p{{font:16px Georgia}}</style></head><body>"
            '<table width="600"><tr><td><a href="https://epoch-weekly.example/view/48">View this e-mail in your browser</a></td></tr>'
            f"<tr><td><h1>The Weekly Epoch, issue 48: What do imitators learn?</h1>\n{newline.join(rows)}\n<p><small>{e(sources)}</small></p>"
            "<p>Until next Thursday,<br>Milan Ostrander<br>The Weekly Epoch</p></td></tr>"
            '<tr><td><small>You receive this newsletter because you signed up at epoch-weekly.example. '
            '<a href="https://epoch-weekly.example/unsubscribe">Unsubscribe</a></small></td></tr></table>'
            f"<div>{e(quoted_head)}</div><blockquote>{e(question)}</blockquote></body></html>")
    msg = EmailMessage()
    msg["From"] = "Milan Ostrander <milan@epoch-weekly.example>"
    msg["To"] = "Subscribers <list@epoch-weekly.example>"
    msg["Subject"] = "The Weekly Epoch #48: What do imitators learn?"
    msg["Date"] = "Thu, 20 Feb 2025 06:30:00 +0100"
    msg["Message-ID"] = "<issue48.20250220@epoch-weekly.example>"
    msg["In-Reply-To"] = "<q.20250214@reader.example>"
    msg["List-Unsubscribe"] = "<https://epoch-weekly.example/unsubscribe>"
    msg.set_content(plain, cte="quoted-printable")
    msg.add_alternative(rich, subtype="html", cte="quoted-printable")
    msg.set_boundary("=_epoch_weekly_48")
    return msg.as_bytes()


def make_counsel_mail() -> bytes:
    from email.message import EmailMessage

    msg = EmailMessage()
    msg["From"] = "Ottilie Brandvold <ottilie.brandvold@fjordline.example>"
    msg["To"] = "Sven Achterberg <sven.achterberg@fjordline.example>"
    msg["Cc"] = "data-governance@fjordline.example"
    msg["Subject"] = "Re: May we train on API output? (summariser project)"
    msg["Date"] = "Tue, 21 Jan 2025 15:47:10 +0100"
    msg["Message-ID"] = "<re-summariser.20250121@fjordline.example>"
    msg["In-Reply-To"] = "<summariser.20250121@fjordline.example>"
    msg.set_content((SOURCES / "re-competing-models-clause.txt").read_text(encoding="utf-8"), cte="quoted-printable")
    return msg.as_bytes()


# ---------------------------------------------------------------- main

MAKERS = {".docx": make_docx, ".pdf": make_pdf, ".pptx": make_pptx, ".xlsx": make_xlsx,
          ".rtf": make_rtf, ".odt": make_odt, ".epub": make_epub}
BUILT_FROM = ["policy-brief.txt", "privacy-case.txt", "model-collapse-lecture.txt",
              "synthetic-is-not-anonymous.txt", "alignment-data-slides.txt", "synthetic-data-handbook.txt",
              "quality-metrics.txt", "contamination-incident-memo.txt", "low-resource-languages.txt"]


def build(out: Path) -> list[Path]:
    written = []

    def put(name: str, data: bytes) -> None:
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.append(path)

    for name in BUILT_FROM:
        meta, body = read_source(name)
        put(meta["file"], MAKERS[Path(meta["file"]).suffix](meta, body))
    put("mail/imitation-newsletter.eml", make_newsletter())
    put("mail/re-may-we-train-on-api-output.eml", make_counsel_mail())
    # Special items: a file that cannot be opened, and an exact byte copy.
    whole = (out / "policy-brief-training-data-supply.docx").read_bytes()
    put("archive/annual-data-report.docx", whole[: len(whole) * 55 // 100])
    glossary = DEFAULT_OUT / "synthetic-data-glossary.txt"
    if glossary.exists():
        target = out / "archive" / "glossary-2024-copy.txt"
        shutil.copyfile(glossary, target)
        written.append(target)
    return written


def check(out: Path) -> None:
    import email
    from email import policy

    import docx
    import openpyxl
    import pptx
    import pypdfium2

    for path in sorted(out.rglob("*")):
        suffix = path.suffix
        rel = path.relative_to(out)
        if rel.as_posix() == "archive/annual-data-report.docx":
            try:
                docx.Document(str(path))
            except Exception as err:  # any failure to open is the wanted result
                print(f"{rel}: does not open, as intended ({type(err).__name__})")
            else:
                raise SystemExit(f"{rel} opened but should be broken")
        elif suffix == ".docx":
            d = docx.Document(str(path))
            words = sum(len(p.text.split()) for p in d.paragraphs)
            print(f"{rel}: {words} words, {len(d.tables)} table(s)")
        elif suffix == ".pptx":
            deck = pptx.Presentation(str(path))
            notes = sum(s.has_notes_slide for s in deck.slides)
            print(f"{rel}: {len(deck.slides)} slides, {notes} with notes")
        elif suffix == ".pdf":
            pdf = pypdfium2.PdfDocument(str(path))
            text = " ".join(pdf[i].get_textpage().get_text_range() for i in range(len(pdf)))
            print(f"{rel}: {len(pdf)} pages, {len(text.split())} words")
            if "\ufffd" in text or "\ufffe" in text:
                raise SystemExit(f"{rel}: unclean text")
        elif suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            print(f"{rel}: " + ", ".join(f"{s.title} {s.max_row} rows" for s in book))
        elif suffix in (".epub", ".odt"):
            with zipfile.ZipFile(path) as z:
                assert z.testzip() is None and z.namelist()[0] == "mimetype"
                print(f"{rel}: {len(z.namelist())} members")
        elif suffix == ".eml":
            msg = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            print(f"{rel}: {[p.get_content_type() for p in msg.walk()]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    parser.add_argument("--check", action="store_true", help="open every file again")
    args = parser.parse_args()
    for path in build(args.out):
        print("wrote", path.relative_to(args.out))
    if args.check:
        check(args.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
