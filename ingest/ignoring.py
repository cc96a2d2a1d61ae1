"""Which files of a folder are left out: names that hold no documents, and the patterns of settings and ``.kbignore``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

IGNORE_FILE: Final = ".kbignore"
ALWAYS: Final = (
    *("node_modules/", "__pycache__/", "venv/", "*.egg-info/", "*.lock", "~$*", "Thumbs.db", "desktop.ini"),
    *("*.pyc", "*.pyo", "*.so", "*.swp", "*.tmp", "*.part", "*.bak~", "*~", "package-lock.json"),
)


@dataclass(frozen=True, slots=True)
class Ignore:
    """Patterns that hold below ``base`` (a path relative to the walked folder, '' for the folder itself).

    They are written as in ``.gitignore``: without a slash they match names at any depth, with one they match the path
    from ``base``; a slash at the end means folders only, '!' takes a match back, the last match counts.
    """

    patterns: tuple[str, ...]
    base: str = ""

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """True: left out; False: taken back by '!'; None: no pattern matches."""
        if self.base:
            if not path.startswith(self.base + "/"):
                return None
            path = path[len(self.base) + 1 :]
        result: bool | None = None
        for pattern in self.patterns:
            taken_back = pattern.startswith("!")
            if _matches(pattern.removeprefix("!"), path, is_folder=is_folder):
                result = not taken_back
        return result


def parse(lines: Iterable[str], base: str = "") -> Ignore:
    """Read the lines of an ignore file."""
    return Ignore(tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")), base)


def is_ignored(path: str, rules: Sequence[Ignore], *, is_folder: bool) -> bool:
    """Whether ``path`` (relative, with '/') is left out; hidden files and folders always are."""
    if path.rpartition("/")[2].startswith("."):
        return True
    result = False
    for rule in rules:
        verdict = rule.verdict(path, is_folder=is_folder)
        result = result if verdict is None else verdict
    return result


def _matches(pattern: str, path: str, *, is_folder: bool) -> bool:
    if pattern.endswith("/") and not is_folder:
        return False
    pattern = pattern.rstrip("/")
    target = path if "/" in pattern else path.rpartition("/")[2]
    return _regex(pattern.lstrip("/")).fullmatch(target) is not None


@lru_cache(maxsize=512)
def _regex(pattern: str) -> re.Pattern[str]:
    """A glob in which '*' and '?' stop at slashes and '**' does not."""
    pieces: list[str] = []
    for part in re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|.", pattern, re.DOTALL):
        if part == "**/":
            pieces.append("(?:.*/)?")
        elif part == "**":
            pieces.append(".*")
        elif part == "*":
            pieces.append("[^/]*")
        elif part == "?":
            pieces.append("[^/]")
        elif part.startswith("[") and len(part) > 2:
            pieces.append("[" + part[1:-1].replace("\\", "\\\\").replace("!", "^", 1) + "]")
        else:
            pieces.append(re.escape(part))
    try:
        return re.compile("".join(pieces))
    except re.error:  # a bracket such as [z-a] is meant literally
        return re.compile(re.escape(pattern))
