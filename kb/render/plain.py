"""Text from sources, made harmless for a terminal."""

from __future__ import annotations

import re
from typing import Final

# Control characters (escape sequences among them), and marks that reorder what follows them.
_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0001-\U000e007f]")
_LONE_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def visible(text: str) -> str:
    """Replace what a terminal would obey, and what cannot be printed, by U+FFFD; line ends become plain ones."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _LONE_SURROGATE.sub("\ufffd", _HIDDEN.sub("\ufffd", text))


def one_line(text: str, limit: int = 0) -> str:
    """Put ``text`` on one line, harmless, and cut it to ``limit`` characters where that is given."""
    line = " ".join(visible(text).split())
    return f"{line[: limit - 1].rstrip()}…" if 0 < limit < len(line) else line
