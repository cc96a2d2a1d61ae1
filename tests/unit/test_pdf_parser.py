from __future__ import annotations

import pytest
from contracts import making

from kb.backends.pdf_parser import PdfParser
from kb.errors import EmptyError, ParseError
from kb.records import Parsed

BODY = [
    "The committee met on Tuesday in order to discuss the cost of the new bridge, which",
    "had risen by four per cent since the last estimate. It was decided to wait for more",
    "information.",
]


def parse(body: bytes) -> Parsed:
    return PdfParser().parse(body, media_type="application/pdf", uri="file:///a.pdf")


def blocks(parsed: Parsed) -> list[tuple[str, str]]:
    return [(b.kind, parsed.text[b.start : b.end]) for b in parsed.blocks]


def lines(top: float, texts: list[str], size: float = 11, left: float = 72) -> list[tuple[float, float, float, str]]:
    return [(left, top - at * size * 1.2, size, text) for at, text in enumerate(texts)]


def test_lines_become_paragraphs_and_large_print_headings() -> None:
    page = [
        *lines(700, ["A Bridge Report"], 20),
        *lines(660, BODY),
        *lines(600, ["A second paragraph stands alone here."]),
    ]
    parsed = parse(making.pdf(page))
    assert blocks(parsed) == [
        ("heading", "A Bridge Report"),
        ("paragraph", " ".join(BODY)),
        ("paragraph", "A second paragraph stands alone here."),
    ]
    assert parsed.title == "A Bridge Report"
    assert [(page.start, page.end, page.number) for page in parsed.pages] == [(0, len(parsed.text), 1)]


def test_bold_numbered_lines_are_headings_and_bullets_items() -> None:
    page = [
        *lines(700, ["1 Introduction"]),
        *lines(670, BODY),
        *lines(610, ["\u2022 first point that is made", "\u2022 second point that is made"]),
    ]
    found = blocks(parse(making.pdf(page, bold=frozenset({"1 Introduction"}))))
    assert found[0] == ("heading", "1 Introduction")
    assert found[2:] == [("list_item", "first point that is made"), ("list_item", "second point that is made")]


def test_running_heads_and_page_numbers_go_and_open_sentences_cross_pages() -> None:
    def page(number: int, texts: list[str]) -> list[tuple[float, float, float, str]]:
        return [(72, 760, 9, "Report of the Bridge Committee"), *lines(700, texts), (300, 30, 9, f"Page {number} of 3")]

    parsed = parse(
        making.pdf(
            page(1, [*BODY[:2], "The deck of the bridge is worn, and the rails are older than anybody who uses"]),
            page(2, ["them today would believe."]),
            page(3, ["Last words are said here."]),
        )
    )
    assert "Committee" not in parsed.text.replace("The committee", "")
    assert "Page" not in parsed.text
    assert "older than anybody who uses them today would believe." in parsed.text
    assert [page.number for page in parsed.pages] == [1, 2, 3]
    second = parsed.pages[1]
    assert parsed.text[second.start : second.end].strip() == "them today would believe."


def test_broken_words_are_mended_with_the_words_of_the_document() -> None:
    page = lines(
        700,
        [
            "Good design needs time, and a state-of-the-",
            "art tool needs more. The de-",
            "sign of the bridge took a year.",
        ],
    )
    assert "state-of-the-art tool needs more. The design of the bridge" in parse(making.pdf(page)).text


def test_metadata_title_wins_unless_a_program_made_it_up() -> None:
    page = [*lines(700, ["Real Heading"], 20), *lines(650, BODY)]
    assert parse(making.pdf(page, title="Given title")).title == "Given title"
    assert parse(making.pdf(page, title="Microsoft Word - draft.doc")).title == "Real Heading"


def test_columns_of_figures_are_a_table() -> None:
    found = blocks(
        parse(making.pdf(lines(700, ["1990 12.5 33 8", "1991 13.5 34 9", "1992 14.0 35 7", "1993 15.1 36 6"])))
    )
    assert found == [("table", "1990 12.5 33 8\n1991 13.5 34 9\n1992 14.0 35 7\n1993 15.1 36 6")]


def test_no_text_layer_names_text_recognition() -> None:
    with pytest.raises(EmptyError, match="scanned") as caught:
        parse(making.pdf([]))
    assert "OCR" in caught.value.remedy


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7\ngarbage", b"not a pdf"])
def test_damaged_files_are_parse_errors(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(body)


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(ParseError, match="2001 pages"):
        parse(making.pdf(*[[] for _ in range(2001)]))
