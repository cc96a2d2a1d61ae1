"""Text from sources on its way into a prompt: numbered, fenced, and without anything that a model takes for an order.

What the model reads is a rendering. Quotes in claims are cut from the documents, never from here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from kb import ids
from kb.orders import addresses_machines, orders, unhidden
from kb.text import sentences

_LONGEST: Final = 600
"""Characters of one sentence that a model is shown."""
_TAG_OPENING: Final = re.compile(r"[<＜](?=[\s/!?|｜]*[^\W\d]|[|｜!/?<])")
_TAG_CLOSING: Final = re.compile(r"(?<=[\w|｜/>\"'-])[>＞]")
_ROLE_TAGS: Final = re.compile(r"\[(?=/?(?:INST|SYS|SYSTEM|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\b)", re.IGNORECASE)


def gives_orders(text: str) -> bool:
    """Whether a model could take words of ``text`` for an order: it may stay quotable for people, but no model is shown it."""
    return addresses_machines(text)


def within_order(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` lies in a sentence that a model could take for an order, or in a paragraph after one."""
    opening = text.rfind("\n\n", 0, start) + 1
    spans = sentences(text, opening, len(text))
    return any(gives_orders(text[s:e]) for s, e in spans if s < end and (e > start or orders(text[s:e])))


def neutral(text: str) -> str:
    """``text`` on one line, without control characters, and with nothing that a chat template reads as a mark."""
    line = " ".join(unhidden(text).split())
    line = _TAG_CLOSING.sub("›", _TAG_OPENING.sub("‹", line))
    line = _ROLE_TAGS.sub("(", line).replace("<|", "‹|").replace("|>", "|›").replace("```", "'''")
    line = re.sub(r"#{2,}", "#", line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def fenced(lines: Sequence[str], *, numbers: Sequence[int] = ()) -> str:
    """``lines`` as a list of JSON strings, numbered from 1 or by ``numbers``, between two marks.

    The mark holds a hash of the lines: a source would have to contain the hash of itself to close it.
    """
    pairs = zip(numbers or range(1, len(lines) + 1), lines, strict=True)
    body = "\n".join(f"{number}. {json.dumps(neutral(line), ensure_ascii=False)}" for number, line in pairs)
    mark = f"LIST-{ids.sha256_text(body)[:8]}"
    return f"{mark}\n{body}\nEND-{mark}"
