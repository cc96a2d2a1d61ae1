"""CSV and TSV files as one table document."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from typing import ClassVar, Final

from kb.backends._building import Builder, clean_text, has_words, labelled_lines, table_lines
from kb.backends._decoding import decode
from kb.backends.media_types import CSV, TSV, charset, essence
from kb.errors import EmptyError, ParseError
from kb.records import Parsed

ROWS_A_BLOCK: Final = 20
_BLOCK_LENGTH: Final = 2_500
_SAMPLE: Final = 64_000
_DELIMITERS: Final = ",;\t|"


class TableParser:
    """Rows in blocks of at most 20 lines.

    Where the first row names the columns, each line reads 'Column: value; Column: value', so that a passage from the
    middle of a long table still says what its numbers are.
    """

    name: ClassVar[str] = "table"
    version: ClassVar[str] = "1"
    media_types: ClassVar[frozenset[str]] = frozenset({CSV, TSV})

    def parse(self, body: bytes, *, media_type: str, uri: str) -> Parsed:  # noqa: ARG002 - the protocol's
        """Return the table in ``body``.

        Raises:
            EmptyError: it has no cells with text.
            ParseError: it is binary data or a quoted cell never ends.
        """
        text = clean_text(decode(body, charset(media_type)))
        rows = list(read_rows(text, "\t" if essence(media_type) == TSV else ""))
        if not rows:
            raise EmptyError
        builder = Builder()
        title = add_table(builder, rows)
        return builder.build(title=title)


def read_rows(text: str, delimiter: str = "") -> Iterator[list[str]]:
    """The rows of a delimited table that hold anything, cells stripped.

    Raises:
        ParseError: the csv module cannot read it.
    """
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.reader(io.StringIO(text), delimiter=delimiter or sniff(text[:_SAMPLE]), skipinitialspace=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield cells
    except csv.Error as exc:
        msg = f"the table cannot be read: {exc}"
        raise ParseError(msg, remedy="check its quotes and delimiters near that line") from exc


def sniff(sample: str) -> str:
    """The delimiter that cuts most rows into the same number (at least two) of cells; one that never occurs if none does."""
    best, best_score = "\x1f", 0.5
    for delimiter in _DELIMITERS:
        try:
            widths = [
                len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter, skipinitialspace=True) if row
            ]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count) if widths else 1
        score = widths.count(usual) / len(widths) if usual > 1 else 0.0
        if score > best_score + 0.05:
            best, best_score = delimiter, score
    return best


def has_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: every cell filled, all different, none a number, none very long."""
    first = rows[0]
    named = all(has_words(cell) and len(cell) <= 60 and not _is_number(cell) for cell in first)
    return len(rows) > 1 and len(first) > 1 and named and len({cell.lower() for cell in first}) == len(first)


def add_table(builder: Builder, rows: list[list[str]]) -> str:
    """Append ``rows`` as table blocks, the header in the first one only; returns the title that stands above it, or ''."""
    title = ""
    while len(rows) > 2 and sum(map(bool, rows[0])) == 1 and sum(map(bool, rows[1])) > 1:
        name = next(filter(None, rows[0]))
        builder.heading(name, 1)
        title = title or name
        rows = rows[1:]
    if has_header(rows):
        lines = [table_lines(rows[:1]), *labelled_lines(rows[0], rows[1:])]
    else:
        lines = table_lines(rows).split("\n")
    block: list[str] = []
    for line in lines:
        if block and (len(block) == ROWS_A_BLOCK or sum(map(len, block)) + len(line) > _BLOCK_LENGTH):
            builder.add("table", "\n".join(block))
            block = []
        block.append(line)
    builder.add("table", "\n".join(block))
    return title


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "").replace("%", "").strip())
    except ValueError:
        return False
    return True
