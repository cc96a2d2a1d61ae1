"""One piece of parsing work, as a top-level function that a worker process can run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from kb.backends import load
from kb.backends.media_types import parser_for
from kb.errors import ParseError
from kb.interfaces import Parser
from kb.records import Parsed


@dataclass(frozen=True, slots=True)
class ParseTask:
    """The bytes of one source and what is known about them."""

    body: bytes
    media_type: str
    uri: str


def parse_task(task: ParseTask) -> Parsed:
    """Parse ``task`` with the parser for its media type; the heavy library is imported by the first task that needs it.

    Raises:
        ParseError: no parser reads the type, or there is no text to be had.
    """
    try:
        return _parser(parser_for(task.media_type)).parse(task.body, media_type=task.media_type, uri=task.uri)
    except ParseError as exc:
        exc.source = exc.source or task.uri
        raise
    except RecursionError as exc:
        msg = "the document is nested too deeply"
        raise ParseError(msg, source=task.uri, remedy="save it in a simpler format and add that") from exc


@cache
def _parser(name: str) -> Parser:
    parser: Any = load("parser", name)()
    return parser  # type: ignore[no-any-return]
