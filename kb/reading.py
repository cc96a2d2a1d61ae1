"""Reading one file that is not a source: for checking somebody else's text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kb.backends import load
from kb.backends.media_types import media_type_of
from kb.backends.parsing import ParseTask, parse_task
from kb.config import Settings
from kb.errors import ParseError
from kb.records import Parsed


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A parsed file: its name, its address and its text with structure."""

    name: str
    uri: str
    parsed: Parsed


def read_file(path: Path, settings: Settings) -> ReadFile:
    """Read and parse ``path`` as ingestion would; light formats in this process, the others in a worker with limits.

    Raises:
        FetchError: it cannot be read or is too large.
        ParseError: it holds no text, or none that a parser reads.
    """
    uri = path.expanduser().absolute().as_uri()
    fetched = load("fetcher", "file")(max_bytes=settings.max_mb * 1_000_000).fetch(uri)
    task = ParseTask(fetched.body, media_type_of(path.name, fetched.body, fetched.media_type), uri)
    light = task.media_type.partition(";")[0] in {"text/plain", "text/markdown"}
    executor = (
        load("executor", "serial")()
        if light
        else load("executor", "process")(workers=1, timeout_s=settings.parse_timeout)
    )
    try:
        attempt = next(iter(executor.map(parse_task, [task])))
    finally:
        executor.close()
    if attempt.value is None:
        reason = attempt.failure.reason if attempt.failure else "the parser gave nothing"
        raise ParseError(reason, source=str(path), remedy=attempt.failure.remedy if attempt.failure else "")
    return ReadFile(path.name, uri, attempt.value)
