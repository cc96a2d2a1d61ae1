"""Lines with places on pages into headings, paragraphs, list items and tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from kb.backends._building import Builder
from kb.backends._lines import BULLET, NUMBERED, ends_sentence, heading_level, join_lines

_EDGE: Final = 0.16
_NUMBER_LINE: Final = re.compile(
    r"^\W*(?:page\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?\W*$", re.IGNORECASE
)
_DIGITS: Final = re.compile(r"\d+")
_NUMERIC: Final = re.compile(r"^[\W_]*\d[\d.,%()/\u2013-]*\W*$")
_MAX_HEADING_WORDS: Final = 14
_GAP: Final = 1.45
_WINDOW: Final = 40
_LONGEST_GROUP: Final = 400


@dataclass(slots=True)
class Line:
    """One line of text on a page; lengths in points, the origin at the lower left, ``rise`` from 0 (foot) to 1 (head)."""

    text: str
    page: int
    left: float
    right: float
    base: float
    size: float
    bold: bool = False
    turned: bool = False
    rise: float = 0.5


def without_margins(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Drop page numbers, what repeats at the edge of pages, and text set sideways on upright pages."""
    edges = [_edge_lines(page) for page in pages]
    seen = Counter(key for page in edges for key in {_key(line) for line in page})
    need = 2 if len(pages) < 6 else 3
    kept: list[list[Line]] = []
    for page, edge in zip(pages, edges, strict=True):
        upright = sum(not line.turned for line in page) * 2 >= len(page)
        dropped = {
            id(line)
            for line in edge
            if _NUMBER_LINE.match(line.text) or _has_own_number(line) or (len(pages) > 1 and seen[_key(line)] >= need)
        }
        kept.append([line for line in page if id(line) not in dropped and not (line.turned and upright)])
    return kept if any(kept) else list(pages)


def _edge_lines(page: list[Line]) -> list[Line]:
    """The lines in the outer part of the page, the three outermost at each end at most."""
    upper = sorted((line for line in page if line.rise > 1 - _EDGE), key=lambda line: -line.base)
    lower = sorted((line for line in page if line.rise < _EDGE), key=lambda line: line.base)
    return [*upper[:3], *lower[:3]]


def _has_own_number(line: Line) -> bool:
    """Whether a line at the edge is a running title with the number of its page, such as '2 Z. Shen et al.'."""
    words = line.text.split()
    own = str(line.page)
    return line.page > 1 and 1 < len(words) <= 10 and own in (words[0], words[-1]) and not heading_level(line.text)


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text.lower())


def add_lines(builder: Builder, pages: Sequence[list[Line]], known: frozenset[str]) -> str:
    """Append all lines as blocks; returns the most prominent heading of the first pages."""
    lines = [line for page in pages for line in page]
    if not lines:
        return ""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0]
    ranks = sorted({line.size for line in lines if line.size > body * 1.12}, reverse=True)
    title, title_size = "", 0.0
    for group in _groups(lines):
        level = _level(group, body, ranks)
        if level:
            text = join_lines([line.text for line in group], known)
            if group[0].page <= 2 and group[0].size > title_size and len(text) > 3 and not text[0].isdigit():
                title, title_size = text, group[0].size
            builder.page(group[0].page)
            builder.heading(text, level)
        else:
            _add_group(builder, group, known)
    return title


def _groups(lines: list[Line]) -> Iterator[list[Line]]:
    """Cut the lines into paragraphs."""
    spacing = _spacing(lines)
    group: list[Line] = []
    for line in lines:
        if group and (len(group) >= _LONGEST_GROUP or _breaks(group, line, spacing)):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _spacing(lines: list[Line]) -> float:
    """The usual distance of lines as a multiple of the font size."""
    steps = [
        (before.base - line.base) / line.size
        for before, line in pairwise(lines)
        if before.page == line.page
        and abs(before.size - line.size) < 0.5
        and 0.5 < (before.base - line.base) / line.size < 3
    ]
    return median(steps) if steps else 1.2


def _breaks(group: list[Line], line: Line, spacing: float) -> bool:
    """Whether ``line`` begins a new paragraph after ``group``."""
    last = group[-1]
    if abs(last.size - line.size) > 0.12 * max(last.size, line.size) and not _same_row(last, line):
        return True
    if BULLET.match(line.text) or (
        NUMBERED.match(line.text) and (ends_sentence(last.text) or NUMBERED.match(group[0].text))
    ):
        return True
    if (
        last.bold != line.bold
        and (len(group) == 1 or line.bold)
        and not _same_row(last, line)
        and _is_short(last, group)
    ):
        return True
    step = (last.base - line.base) / line.size
    if last.page != line.page or step < -1.5:
        # A new page or column: only a sentence that is still open goes on there.
        return ends_sentence(last.text) or not _goes_on(last, line)
    if step > spacing * _GAP and step > 1.3:
        return True
    return _ends_paragraph(group, line)


def _ends_paragraph(group: list[Line], line: Line) -> bool:
    """Signs of a new paragraph without extra space: an indent, or a last line that stops short."""
    last = group[-1]
    group = group[-_WINDOW:]
    if _same_row(last, line):
        return False
    edge = max(one.right for one in group) if len(group) > 1 else max(last.right, line.right)
    stops_short = last.right < edge - 0.12 * (edge - last.left) - line.size
    left = min(one.left for one in group[1:]) if len(group) > 1 else last.left
    indented = line.size * 0.7 < line.left - left < line.size * 6
    if ends_sentence(last.text) and (stops_short or indented) and not line.text[:1].islower():
        return True
    return stops_short and heading_level(last.text) > 0 and len(group) == 1


def _same_row(last: Line, line: Line) -> bool:
    return last.page == line.page and abs(last.base - line.base) < 0.55 * max(last.size, line.size)


def _is_short(last: Line, group: list[Line]) -> bool:
    return len(group) <= 3 and not ends_sentence(last.text.rstrip(":"))


def _goes_on(last: Line, line: Line) -> bool:
    return (
        abs(last.size - line.size) < 0.6 and last.bold == line.bold and (line.text[:1].islower() or len(last.text) > 40)
    )


def _level(group: list[Line], body: float, ranks: list[float]) -> int:
    """Level of the heading that ``group`` is, or 0."""
    text = " ".join(line.text for line in group)
    words = text.split()
    letters = sum(char.isalpha() for char in text)
    if len(group) > 3 or not 0 < len(words) <= _MAX_HEADING_WORDS or letters < 3 or letters < len(text) / 2:
        return 0
    if text[-1] in ".,;-" or text[0].islower() or BULLET.match(text):
        return 0
    numbered = heading_level(text)
    size = max(group, key=lambda line: len(line.text)).size
    if size > body * 1.12:
        return min(ranks.index(size) + 1 if size in ranks else 2, 4)
    if len(group) == 1 and numbered and (group[0].bold or text.isupper()):
        return min(max(numbered, 2), 5)
    if (
        all(line.bold for line in group)
        and len(group) <= 2
        and len(words) <= 10
        and text[-1] not in ":-"
        and size >= body * 0.95
    ):
        return 3
    return 0


def _add_group(builder: Builder, group: list[Line], known: frozenset[str]) -> None:
    """Append a paragraph, list item or table; one that began on the page before goes on there."""
    rows = _rows(group)
    texts = [" ".join(line.text for line in row) for row in rows]
    builder.page(group[0].page)
    if len(rows) > 2 and sum(_is_numeric(text) for text in texts) > len(rows) / 2:
        builder.add("table", "\n".join(texts))
        return
    is_item = BULLET.match(texts[0]) or NUMBERED.match(texts[0])
    first = BULLET.sub("", texts[0], count=1)
    parts = _by_page(group, [first, *texts[1:]], rows)
    head = join_lines(parts[0][1], known)
    if is_item:
        builder.item(head)
    else:
        builder.paragraph(head)
    for number, lines in parts[1:]:
        builder.page(number)
        joined = join_lines([head, *lines], known)
        if joined.startswith(head):
            rest = joined[len(head) :]
            builder.extend(rest, " " if rest.startswith(" ") else "")
        else:  # a word broken over the page break was mended: its hyphen is gone
            builder.mend(joined[len(head) - 1 :])
        head = joined


def _by_page(group: list[Line], texts: list[str], rows: list[list[Line]]) -> list[tuple[int, list[str]]]:
    parts: list[tuple[int, list[str]]] = [(group[0].page, [])]
    for text, row in zip(texts, rows, strict=True):
        if row[0].page != parts[-1][0]:
            parts.append((row[0].page, []))
        parts[-1][1].append(text)
    return parts


def _rows(group: list[Line]) -> list[list[Line]]:
    """Lines that PDFium cut in two but that stand at one height are one row."""
    rows: list[list[Line]] = []
    for line in group:
        if rows and _same_row(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _is_numeric(text: str) -> bool:
    cells = text.split()
    return len(cells) > 1 and sum(bool(_NUMERIC.match(cell)) for cell in cells) >= 0.5 * len(cells)
