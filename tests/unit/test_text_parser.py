from __future__ import annotations

import pytest

from kb.backends._building import Builder, clean_inline, clean_text, iso_date, table_lines
from kb.backends._decoding import decode
from kb.backends._lines import heading_level, join_lines, looks_wrapped
from kb.backends.text_parser import TextParser
from kb.errors import EmptyError, ParseError
from kb.records import Parsed


def parse(text: str | bytes, media_type: str = "text/plain") -> Parsed:
    body = text if isinstance(text, bytes) else text.encode()
    return TextParser().parse(body, media_type=media_type, uri="file:///a.txt")


def blocks(parsed: Parsed) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


GERMAN = "Über die Größe der Straße: „schön“ – naïve café"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", GERMAN),
        ("utf-16", GERMAN),
        ("utf-16-le", GERMAN),
        ("utf-16-be", GERMAN),
        ("utf-32", GERMAN),
        ("utf-32-be", GERMAN),
        ("cp1252", GERMAN),
        ("cp1250", "Zażółć gęślą jaźń, to jest polski tekst, który służy do testu."),
        ("cp1251", "Привет, мир. Это обычный русский текст для проверки."),
        ("koi8_r", "Привет, мир. Это обычный русский текст для проверки."),
        ("iso8859_8", "שלום עולם, זה טקסט בעברית לבדיקה"),
        ("cp1253", "Καλημέρα κόσμε, αυτό είναι ένα ελληνικό κείμενο"),
        ("shift_jis", "これは日本語のテキストです。確認用の文章です。"),
        ("gb18030", "这是一个中文文本，用于测试编码检测。"),
        ("euc_kr", "이것은 한국어 텍스트입니다. 확인용 문장입니다."),
    ],
)
def test_encodings_are_recognised(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_declared_encoding_counts_where_the_bytes_do_not_decide() -> None:
    assert decode("Škoda".encode("cp1250"), "windows-1250") == "Škoda"
    assert decode("Grüße".encode(), "iso-8859-1") == "Grüße"
    assert decode("café".encode("cp1252"), "no-such-encoding") == "café"
    assert decode("Grüße ".encode() * 40 + b"\xff") == "Grüße " * 40 + "\ufffd"


def test_binary_data_is_refused() -> None:
    with pytest.raises(ParseError, match="binary"):
        parse(bytes(range(256)) * 4)


@pytest.mark.parametrize("body", [b"", b" \n\t ", b"* * *\n\n-----", "\ufeff\u200b".encode()])
def test_nothing_is_empty(body: bytes) -> None:
    with pytest.raises(EmptyError):
        parse(body)


def test_wrapped_lines_become_one_paragraph() -> None:
    parsed = parse(
        "The committee met on Tuesday in order to discuss the cost of the new\n"
        "bridge, which had risen by four per cent since the last well-\n"
        "known estimate, and decided to wait for further infor-\n"
        "mation. The information is due in May."
    )
    assert parsed.text == (
        "The committee met on Tuesday in order to discuss the cost of the new bridge, which had risen by four per cent since "
        "the last well-known estimate, and decided to wait for further information. The information is due in May."
    )


def test_lines_that_stand_for_themselves_stay_apart() -> None:
    verse = parse("Roses are red\nViolets are blue\n\nSugar")
    assert blocks(verse)[0] == ("paragraph", 0, "Roses are red\nViolets are blue")
    long = "This paragraph is one line, as editors without wrapping write it, and goes on and on."
    assert [text for _, _, text in blocks(parse(f"{long}\n{long} Twice."))] == [long, f"{long} Twice."]


def test_headings_bullets_and_levels() -> None:
    parsed = parse(
        "INTRODUCTION\n\nSome words.\n\n1.2 Related work\n\n- one\n  - one and\n    a half\n- two\n\nTitle\n=====\n\n* x"
    )
    assert blocks(parsed) == [
        ("heading", 1, "INTRODUCTION"),
        ("paragraph", 0, "Some words."),
        ("heading", 2, "1.2 Related work"),
        ("list_item", 1, "one"),
        ("list_item", 2, "one and a half"),
        ("list_item", 1, "two"),
        ("heading", 1, "Title"),
        ("list_item", 1, "x"),
    ]
    assert "one\none and a half\ntwo" in parsed.text


@pytest.mark.parametrize(
    "line", ["It rained.", "NASA", "3 apples were eaten by", "see: WHO, UN,", "a b c d e f g h i j k l m n", "12.5 %"]
)
def test_ordinary_lines_are_no_headings(line: str) -> None:
    assert heading_level(line) in (0, 1 if line == "NASA" else 0)


def test_title_author_and_date_from_the_first_lines() -> None:
    parsed = parse("What does it cost?\nBy Ada Example\nPublished: 9 May 2025\n\nIt costs nothing at all.")
    assert (parsed.title, parsed.author, parsed.published) == ("What does it cost?", "Ada Example", "2025-05-09")
    assert parse("It costs nothing at all.").title == ""


def test_code_is_kept_as_code() -> None:
    parsed = parse("import os\n\n\ndef f():\n\n    return 1\n", "text/x-source")
    assert blocks(parsed) == [("code", 0, "import os"), ("code", 0, "def f():\n\n    return 1")]


def test_invisible_characters_go() -> None:
    assert clean_text("a\u200bb\u00adc\x00d\ufeff\r\ne\u2028f\u202eg") == "abcd\ne\nfg"
    assert clean_text("e\u0301") == "é"
    assert clean_text("\x1b]0;title\x07\x1b[1;31mred\x1b[0m and \x1b(Bplain") == "red and plain"
    assert clean_text("می\u200cخواهم") == "می\u200cخواهم"
    assert clean_text("x\u200cy") == "xy"
    assert clean_text("hid\U000e0041den") == "hidden"
    assert clean_text("\ud800x") == "x"
    assert clean_inline(" a\u00a0\n b\t") == "a b"


def test_line_helpers() -> None:
    assert join_lines(["a zero-", "shot test"]) == "a zero-shot test"
    assert join_lines(["re-", "use"], frozenset({"re-use"})) == "re-use"
    assert join_lines(["de-", "sign"], frozenset({"design"})) == "design"
    assert join_lines(["in New-", "York"]) == "in New-York"
    assert not looks_wrapped(["short", "lines"])
    assert table_lines([["a", "", "b", ""], ["", ""], ["c"]]) == "a |  | b\nc"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024-03-05T10:00:00Z", "2024-03-05"),
        ("2024", "2024"),
        ("2024/3", "2024-03"),
        ("March 5, 2024", "2024-03-05"),
        ("5 Mar 2024", "2024-03-05"),
        ("May 2024", "2024-05"),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_dates(text: str, date: str) -> None:
    assert iso_date(text) == date


def test_builder_joins_and_tracks_pages() -> None:
    builder = Builder()
    builder.page(1)
    builder.paragraph("One begins")
    builder.page(2)
    builder.extend("and ends.")
    builder.item("x")
    builder.item("y")
    builder.paragraph("---")
    parsed = builder.build(title=" T\n")
    assert parsed.text == "One begins and ends.\n\nx\ny"
    assert [(p.number, parsed.text[p.start : p.end]) for p in parsed.pages] == [
        (1, "One begins "),
        (2, "and ends.\n\nx\ny"),
    ]
    assert parsed.title == "T"
