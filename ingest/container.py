"""Files that hold many records: JSON Lines (BEIR and the like) and CSV with a column of text, read as streams."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from kb import ids
from kb.backends._building import clean_inline, iso_date
from kb.backends._decoding import encoding_of_file
from kb.backends.media_types import TEXT
from kb.backends.table_parser import sniff
from kb.errors import KBError
from kb.records import Failure, Outcome, Source

_IDS: Final = ("_id", "id", "doc_id", "docid", "pid", "corpus_id")
_TITLES: Final = ("title", "headline", "name", "subject")
_TEXTS: Final = ("text", "body", "contents", "content", "abstract", "passage", "article", "document", "description")
_AUTHORS: Final = ("author", "authors", "creator", "byline")
_DATES: Final = ("date", "published", "published_at", "publication_date", "created_at", "year")
_LONGEST_LINE: Final = 64 * 1024 * 1024
_LONG_CELL: Final = 40
_SAMPLE: Final = 64_000
_PLAIN: Final = f"{TEXT}; charset=utf-8"
_JSON_REMEDY: Final = 'each line must be one JSON object, such as {"_id": "1", "text": "..."}'


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a container: its source, and its text in UTF-8."""

    source: Source
    body: bytes
    media_type: str = _PLAIN


def json_records(path: Path) -> Iterator[Record | Outcome]:
    """The records of a JSON Lines file, one line in memory at a time; a line that is none is a failed outcome."""
    base = ids.file_uri(path)
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            whole = line.endswith(b"\n") or len(line) < _LONGEST_LINE
            line = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
            if not whole:
                yield _failed(base, number, f"it is longer than {_LONGEST_LINE:,} bytes")
                _skip_line(file)
            elif line:
                yield _json_record(line, base, number)


def _skip_line(file: Any) -> None:
    while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _json_record(line: bytes, base: str, number: int) -> Record | Outcome:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as exc:
        reason = exc.msg if isinstance(exc, json.JSONDecodeError) else "it cannot be read"
        return _failed(base, number, f"it is no valid JSON ({reason})")
    if isinstance(value, str):
        value = {"text": value}
    if not isinstance(value, dict):
        return _failed(base, number, "it holds no JSON object")
    return _record({str(key).lower(): item for key, item in value.items()}, base, number)


def _record(fields: Mapping[str, Any], base: str, number: int) -> Record | Outcome:
    metadata = fields.get("metadata")
    extra = {str(k).lower(): v for k, v in metadata.items()} if isinstance(metadata, dict) else {}
    external_id = clean_inline(_first(fields, _IDS))
    title = clean_inline(_first(fields, _TITLES) or _first(extra, _TITLES))
    text = _first(fields, _TEXTS) or ("" if any(key in fields for key in _TEXTS) else _key_values(fields)) or title
    uri = f"{base}#{quote(external_id or str(number), safe='')}"
    body = text.encode("utf-8", "replace")
    if not text.strip():
        return Outcome(uri, ids.source_id(uri), "skipped", reason="the record holds no text")
    source = replace(
        Source.at(uri, "record", title=title, external_id=external_id),
        author=clean_inline(_first(fields, _AUTHORS) or _first(extra, _AUTHORS))[:300],
        published=iso_date(_first(fields, _DATES) or _first(extra, _DATES)),
    )
    return Record(source, body)


def _first(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of ``names`` that holds text; sentences and names in a list are joined."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            value = (", " if name in _AUTHORS else " ").join(value)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return ""


def _key_values(fields: Mapping[str, Any]) -> str:
    lines = []
    for key, value in fields.items():
        if key in _IDS or value in (None, "", [], {}):
            continue
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        lines.append(f"{key}: {' '.join(shown.split())}")
    return "\n".join(lines)


def _failed(base: str, number: int, reason: str) -> Outcome:
    failure = Failure("list", f"line {number}: {reason}", _JSON_REMEDY)
    return Outcome(f"{base}#{number}", "", "failed", failure=failure)


def csv_records(path: Path, delimiter: str = "") -> Iterator[Record | Outcome] | None:
    """The records of a CSV file, one a row; None where it is a table of short cells: that is one document."""
    encoding = encoding_of_file(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(_SAMPLE).replace("\0", "")
    delimiter = delimiter or sniff(sample)
    try:
        rows = list(csv.reader(io.StringIO(sample), delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        return None
    if len(rows) < 2 or not _holds_texts(rows):
        return None
    return _csv_rows(path, encoding, delimiter)


def _holds_texts(rows: list[list[str]]) -> bool:
    """Whether a column is called 'text' or the like, or there are ids and a column of long cells."""
    header = [cell.strip().lower() for cell in rows[0]]
    if len(set(header)) < len(header) or not all(header):
        return False
    body = rows[1:]
    lengths = {name: sum(len(row[at]) for row in body if at < len(row)) / len(body) for at, name in enumerate(header)}
    if any(lengths.get(name, 0) > 0 for name in _TEXTS):
        return True
    return "_id" in header and max(lengths.values()) > _LONG_CELL


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Record | Outcome]:
    base = ids.file_uri(path)
    csv.field_size_limit(_LONGEST_LINE)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader((line.replace("\0", "") for line in file), delimiter=delimiter, skipinitialspace=True)
        try:
            header = [cell.strip().lower() for cell in next(reader)]
            for number, row in enumerate(reader, start=1):
                if any(cell.strip() for cell in row):
                    yield _record(_named(header, row), base, number)
        except (csv.Error, OSError) as exc:
            failure = Failure("list", f"near line {reader.line_num}: {exc}", "check the quotes near that line")
            yield Outcome(base, "", "failed", failure=failure)


def _named(header: list[str], row: list[str]) -> dict[str, str]:
    """The row by column; where no column is called 'text', the longest cell is the text."""
    fields = dict(zip(header, (cell.strip() for cell in row), strict=False))
    if not any(name in fields for name in _TEXTS):
        others = {name: cell for name, cell in fields.items() if name not in (*_IDS, *_TITLES)}
        if others:
            fields["text"] = max(others.values(), key=len)
    return fields


def failure_of(exc: OSError | KBError) -> Failure:
    """A listing failure for something that cannot be read."""
    if isinstance(exc, KBError):
        return Failure("list", exc.message, exc.remedy)
    return Failure("list", f"it cannot be read: {exc.strerror or exc}", "check its permissions")
