"""From what was asked for to an ordered list of sources: files, folders, lists of addresses, URLs and records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest import ignoring
from ingest.container import Record, csv_records, failure_of, json_records
from kb import ids
from kb.backends._decoding import decode
from kb.backends.media_types import CSV, JSON_LINES, TSV, media_type_of, parser_for
from kb.errors import KBError, UnsupportedTypeError
from kb.records import LISTED_TWICE, Failure, Outcome, Source

_URL: Final = re.compile(r"^https?://\S+$", re.IGNORECASE)
_SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_BARE_URL: Final = re.compile(
    r"^(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?::\d+)?/\S*$|^www\.\S+\.[a-z]{2,24}$", re.IGNORECASE
)
_LINE_COMMENT: Final = re.compile(r"(?:^|\s)#.*$")
_PATH_LIKE: Final = re.compile(r"^\S*(?:/\S*|\.\w{1,8})$")
_LARGEST_LIST: Final = 4_000_000
_HEAD: Final = 4096
_BEIR: Final = ("corpus.jsonl", "queries.jsonl", "qrels")
_LIST_REASON: Final = "a list of addresses; name it to ingest it: kb ingest {}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A source to bring in. Records come with their text as ``body``; everything else is yet to be fetched."""

    source: Source
    body: bytes | None = None
    media_type: str = ""


def expand(arguments: Sequence[str], *, ignore: Sequence[str] = ()) -> Iterator[Listed | Outcome]:
    """Turn the arguments of ``kb ingest`` into sources, in order and lazily; nothing is fetched.

    Whatever is left out, listed twice or cannot be listed is an outcome, never an exception.

    Args:
        arguments: files, folders, URLs, lists (``.txt``) and containers of records (``.jsonl``, ``.csv``).
        ignore: further patterns of files to leave out of folders, as in ``.gitignore``.
    """
    walk = _Walk(tuple(ignore))
    for argument in arguments:
        yield from walk.once(walk.argument(argument.strip(), Path()))


class _Walk:
    """One expansion: remembers what was listed already, and which lists are being read."""

    def __init__(self, ignore: tuple[str, ...]) -> None:
        self.rules = ignoring.Ignore((*ignoring.ALWAYS, *ignore))
        self.seen: set[str] = set()
        self.lists: set[Path] = set()

    def once(self, items: Iterator[Listed | Outcome]) -> Iterator[Listed | Outcome]:
        """Pass on each source once; a second time it is an outcome."""
        for item in items:
            if isinstance(item, Outcome):
                yield item
            elif item.source.id in self.seen:
                yield Outcome(item.source.uri, "", "duplicate", duplicate_of=item.source.id, reason=LISTED_TWICE)
            else:
                self.seen.add(item.source.id)
                yield item

    def argument(self, text: str, base: Path) -> Iterator[Listed | Outcome]:
        """What one argument, or one line of a list in folder ``base``, names."""
        if not text:
            yield Outcome(
                "", "", "failed", failure=Failure("list", "an argument is empty", "name a file, folder or URL")
            )
            return
        if _URL.match(text):
            yield _url(text)
            return
        path = (ids.path_of(text) or Path()) if text.lower().startswith("file://") else base / Path(text).expanduser()
        try:
            exists = path.exists()
        except (OSError, ValueError):
            exists = False
        if exists:
            yield from self.path(path)
        elif _BARE_URL.match(text):
            yield _url(f"https://{text}")
        elif _SCHEME.match(text) and not text.lower().startswith("file://"):
            failure = Failure("list", "only http, https and file addresses are read", "download it and add the file")
            yield Outcome(text, ids.source_id(text), "failed", failure=failure)
        else:
            uri = ids.file_uri(_absolute(path))
            failure = Failure("list", "there is no such file or folder", "check the path")
            yield Outcome(uri, ids.source_id(uri), "failed", failure=failure)

    def path(self, path: Path) -> Iterator[Listed | Outcome]:
        """A path that was named and exists."""
        path = _absolute(path)
        if path.is_dir():
            yield from self.folder(path, path, (self.rules,))
        elif path.suffix.lower() == ".txt" and (lines := _list_lines(path)) is not None:
            yield from self.address_list(path, lines)
        else:
            yield from self.file(path)

    def address_list(self, path: Path, lines: list[str]) -> Iterator[Listed | Outcome]:
        """Every address of a list; a list that names itself again is left out."""
        if path in self.lists:
            yield Outcome(ids.file_uri(path), "", "skipped", reason="this list is being read already")
            return
        self.lists.add(path)
        for line in lines:
            yield from self.argument(line, path.parent)
        self.lists.discard(path)

    def file(self, path: Path) -> Iterator[Listed | Outcome]:
        """A file: its records if it holds records, else the file itself."""
        kind = media_type_of(path.name, b"")
        uri = ids.file_uri(path)
        try:
            records: Iterator[Record | Outcome] | None = None
            if kind == JSON_LINES:
                records = json_records(path)
            elif kind in (CSV, TSV):
                records = csv_records(path, "\t" if kind == TSV else "")
            if records is None:
                yield Listed(Source.at(uri, "file"))
                return
            for record in records:
                if isinstance(record, Outcome):
                    yield record
                else:
                    yield Listed(record.source, record.body, record.media_type)
        except (OSError, KBError) as exc:
            yield Outcome(uri, ids.source_id(uri), "failed", failure=failure_of(exc))

    def folder(self, folder: Path, root: Path, rules: tuple[ignoring.Ignore, ...]) -> Iterator[Listed | Outcome]:
        """All documents below ``folder``, by name; what the walk leaves out on purpose is said only where it may surprise."""
        relative = "" if folder == root else folder.relative_to(root).as_posix()
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
            names = {entry.name for entry in entries}
            if ignoring.IGNORE_FILE in names:
                lines = (folder / ignoring.IGNORE_FILE).read_text("utf-8", "replace").splitlines()
                rules = (*rules, ignoring.parse(lines, relative))
        except OSError as exc:
            uri = ids.file_uri(folder)
            yield Outcome(uri, ids.source_id(uri), "failed", failure=failure_of(exc))
            return
        if {"catalog.sqlite", "kb.toml"} <= names:
            return  # a knowledge base is no source of itself
        is_beir = names.issuperset(_BEIR)
        for entry in entries:
            inner = f"{relative}/{entry.name}" if relative else entry.name
            is_folder = entry.is_dir()
            if ignoring.is_ignored(inner, rules, is_folder=is_folder):
                continue
            if is_beir and entry.name in _BEIR[1:]:
                yield _skipped(entry, "queries and judgements of a test collection are no sources")
            elif is_folder and not entry.is_symlink():
                yield from self.folder(entry, root, rules)
            elif entry.is_file():
                yield from self.member(entry)

    def member(self, path: Path) -> Iterator[Listed | Outcome]:
        """A file found in a folder: nobody named it, so what cannot be read is skipped, not failed."""
        if path.suffix.lower() == ".txt" and _list_lines(path, known=2) is not None:
            yield _skipped(path, _LIST_REASON.format(path))
            return
        kind = media_type_of(path.name, b"")
        try:
            if "." not in path.name or kind == media_type_of("", b""):
                with path.open("rb") as file:
                    kind = media_type_of(path.name, file.read(_HEAD))
            if kind != JSON_LINES:
                parser_for(kind)
        except UnsupportedTypeError as exc:
            yield _skipped(path, exc.message)
            return
        except OSError as exc:
            uri = ids.file_uri(path)
            yield Outcome(uri, ids.source_id(uri), "failed", failure=failure_of(exc))
            return
        yield from self.file(path)


def _url(text: str) -> Listed | Outcome:
    try:
        return Listed(Source.at(text, "url"))
    except ValueError:
        failure = Failure("list", "this is no valid web address", "check its host and port")
        return Outcome(text, "", "failed", failure=failure)


def _skipped(path: Path, reason: str) -> Outcome:
    uri = ids.file_uri(path)
    return Outcome(uri, ids.source_id(uri), "skipped", reason=reason)


def _absolute(path: Path) -> Path:
    """The path without '.' and '..', symbolic links kept: their name is what was asked for."""
    parts: list[str] = []
    for part in path.absolute().parts:
        if part == ".." and len(parts) > 1:
            parts.pop()
        elif part != "..":
            parts.append(part)
    return Path(*parts)


def _list_lines(path: Path, known: int = 1) -> list[str] | None:
    """The addresses of a list of addresses, None if ``path`` is an ordinary text.

    Every line must be a URL or a path, and at least ``known`` of them a URL or a path that exists; comments and blank lines
    do not count.
    """
    try:
        if not 0 < path.stat().st_size <= _LARGEST_LIST:
            return None
        lines = decode(path.read_bytes()).splitlines()
    except (OSError, KBError):
        return None
    found: list[str] = []
    certain = 0
    for raw in lines:
        line = _LINE_COMMENT.sub("", raw).strip()
        if not line:
            continue
        sure = bool(_URL.match(line)) or _is_path(path.parent / line)
        if not sure and not _PATH_LIKE.match(line):
            return None
        certain += sure
        found.append(line)
    return found if certain >= min(known, len(found)) and certain * 2 >= len(found) and found else None


def _is_path(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
