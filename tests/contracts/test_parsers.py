from __future__ import annotations

from typing import ClassVar

import pytest
from contracts import making
from contracts.parser import ParserContract

from kb.backends import load
from kb.backends.media_types import CSV, DOCX, EML, EPUB, HTML, MARKDOWN, PDF, PPTX, RTF, TEXT, TSV, XLSX, XML
from kb.interfaces import Parser

PARAGRAPH = "Costs fell by four per cent in the second year. Nobody had expected that."


class TestTextParser(ParserContract):
    samples: ClassVar = [
        (TEXT, f"TITLE OF IT\n\n{PARAGRAPH}\n\n- one item\n- another".encode(), PARAGRAPH),
        (TEXT, PARAGRAPH.encode("utf-16"), PARAGRAPH),
        ("text/x-source", b"def f():\n    return 1\n", "return 1"),
    ]
    hollow: ClassVar = [(TEXT, b"  \n\t\n "), (TEXT, b"---\n***"), (TEXT, b"\x00\x01\x02\x03" * 40)]

    @pytest.fixture(scope="class")
    def parser(self) -> Parser:
        return load("parser", "text")()


class TestMarkdownParser(ParserContract):
    samples: ClassVar = [
        (
            MARKDOWN,
            f"---\ntitle: A\n---\n# Head\n\n{PARAGRAPH}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quote\n\n* x\n  * y\n".encode(),
            PARAGRAPH,
        ),
        (MARKDOWN, b"<div>\n\n```py\nx = 1\n```\n\n$$\na_1\n$$\n\ntext[^1] $x$\n\n[^1]: note\n", "x = 1"),
    ]
    hollow: ClassVar = [(MARKDOWN, b"<!-- nothing -->"), (MARKDOWN, b"![](image.png)\n\n---\n")]

    @pytest.fixture(scope="class")
    def parser(self) -> Parser:
        return load("parser", "markdown")()


class TestHtmlParser(ParserContract):
    samples: ClassVar = [
        (
            HTML,
            f"<html><head><title>T</title></head><body><h1>Head</h1><p>{PARAGRAPH}</p></body></html>".encode(),
            PARAGRAPH,
        ),
        (
            HTML,
            f"<article><p>{PARAGRAPH * 9}</p><ul><li>a<li>b</ul><table><tr><td>1<td>2</table></article>".encode(),
            PARAGRAPH,
        ),
    ]
    hollow: ClassVar = [(HTML, b"<html><body></body></html>"), (HTML, b"<script>var a = 1</script>")]

    @pytest.fixture(scope="class")
    def parser(self) -> Parser:
        return load("parser", "html")()


class TestPdfParser(ParserContract):
    samples: ClassVar = [
        (
            PDF,
            making.pdf([(72, 700, 11, "Costs fell by four per cent in the second year.")]),
            "Costs fell by four per cent",
        )
    ]
    hollow: ClassVar = [(PDF, making.pdf([])), (PDF, b"%PDF-1.4 and no more")]

    @pytest.fixture(scope="class")
    def parser(self) -> Parser:
        return load("parser", "pdf")()


class TestTableParser(ParserContract):
    samples: ClassVar = [
        (CSV, b"Fruit,Price\nApple,2\nPear,3\n", "Fruit: Apple; Price: 2"),
        (TSV, "Fruit\tPreis\nÄpfel\t2\n".encode("cp1252"), "Fruit: Äpfel; Preis: 2"),
    ]
    hollow: ClassVar = [(CSV, b",,,\n,,\n")]

    @pytest.fixture(scope="class")
    def parser(self) -> Parser:
        return load("parser", "table")()


class TestOfficeParserLight(ParserContract):
    """The formats that import nothing heavy."""

    samples: ClassVar = [
        (EML, making.EML, "the bridge will be closed until May."),
        (XML, making.XML, "The old dam held in 1953."),
    ]
    hollow: ClassVar = [(XML, b"<a></a>"), (EML, b"Subject:\n\n"), (XML, b"<a><b></a>")]

    @pytest.fixture(scope="class")
    def parser(self) -> Parser:
        return load("parser", "office")()


@pytest.mark.slow
class TestOfficeParser(ParserContract):
    samples: ClassVar = [
        (DOCX, making.docx(), "Costs fell by four per cent"),
        (PPTX, making.pptx(), "Data is checked twice."),
        (XLSX, making.xlsx(), "Fruit: Banana; Price: 3"),
        (EPUB, making.epub(), "The river froze in the first week of January."),
        (RTF, making.RTF, "The bridge was closed for repairs in spring."),
    ]

    @pytest.fixture(scope="class")
    def parser(self) -> Parser:
        return load("parser", "office")()
