from __future__ import annotations

import pytest

from kb.backends.table_parser import TableParser, has_header, sniff
from kb.errors import EmptyError
from kb.records import Parsed


def parse(text: str | bytes, media_type: str = "text/csv") -> Parsed:
    body = text if isinstance(text, bytes) else text.encode()
    return TableParser().parse(body, media_type=media_type, uri="file:///a.csv")


def blocks(parsed: Parsed) -> list[str]:
    return [parsed.text[b.start : b.end] for b in parsed.blocks]


def test_rows_say_their_columns() -> None:
    assert parse('Fruit,Price,Note\nApple,2,\n\nPear,3,"ripe, soft"\n').text == (
        "Fruit | Price | Note\nFruit: Apple; Price: 2\nFruit: Pear; Price: 3; Note: ripe, soft"
    )


def test_long_tables_are_cut_and_the_header_stands_once() -> None:
    found = blocks(parse("name,value\n" + "".join(f"row {n},{n}\n" for n in range(45))))
    assert [len(block.split("\n")) for block in found] == [20, 20, 6]
    assert sum("name | value" in block for block in found) == 1
    assert found[1].startswith("name: row 19; value: 19")


def test_wide_rows_make_shorter_blocks() -> None:
    found = blocks(parse("name,value\n" + f"x,{'word ' * 300}\n" * 6))
    assert len(found) > 3


@pytest.mark.parametrize(
    ("text", "delimiter"), [("a;b\n1,5;2\n", ";"), ("a\tb\n1\t2\n", "\t"), ("a|b|c\n1|2|3\n", "|"), ("a,b\n1,2\n", ",")]
)
def test_delimiters(text: str, delimiter: str) -> None:
    assert sniff(text) == delimiter


def test_a_table_without_header_keeps_its_cells() -> None:
    assert parse("1,2,3\n4,5,6\n").text == "1 | 2 | 3\n4 | 5 | 6"
    assert not has_header([["a", "a"], ["1", "2"]])


def test_a_line_above_the_header_is_the_title() -> None:
    parsed = parse("Stanley Cups,,\nTeam,Location,Cups\nBlues,STL,1\n")
    assert parsed.title == "Stanley Cups"
    assert [b.kind for b in parsed.blocks] == ["heading", "table"]


def test_encodings_and_tabs() -> None:
    assert parse("Obst\tPreis\nÄpfel\t2\n".encode("utf-16"), "text/tab-separated-values").text.endswith(
        "Obst: Äpfel; Preis: 2"
    )


def test_empty_tables_are_empty() -> None:
    with pytest.raises(EmptyError):
        parse(",,,\n,,,\n")
