"""Pairs written for training: quotes as people collect them, and what follows from each, what it denies and what it leaves open.

``bench/verifier/written/*.jsonl`` holds one quote a line with its claims: ``s`` supported, ``c`` contradicted, ``u`` unclear. A language
model wrote them by instruction, by theme (numbers, negation, direction, roles, scope and more) and subject; wrong claims are made to
tempt, and right ones often have few words of their quote. What is made by rule (:mod:`perturb`) changes one thing in the quote's own
words; here the words change as well, which is what a reader of reports meets. ``bench/verifier/passages/*.jsonl`` was written after it,
in the same form: mostly whole passages, and as many claims left open as right ones: partly supported, or told by a neighbouring passage.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

KINDS: Final = ("written", "passages")
"""The folders beside this file."""
LABELS: Final = {"s": "entailment", "c": "contradiction", "u": "neutral"}
_HELD: Final = 12
"""One quote of so many is held out."""


def held_out(quote: str) -> bool:
    """Whether the pairs of a quote are for measuring, by its hash."""
    return sha256(quote.encode()).digest()[1] % _HELD == 0


def pairs(kind: str, *, held: bool) -> Iterator[tuple[str, str, str, str]]:
    """Theme, quote, claim and label of every pair of that kind that is held out, or that is not."""
    for path in _files(kind):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if held_out(row["quote"]) is held:
                for key, label in LABELS.items():
                    for claim in row.get(key, ()):
                        yield path.stem, row["quote"], claim, label


def digest(kind: str) -> str:
    """The SHA-256 of all files of that kind, in the order of their names."""
    return sha256(b"".join(path.read_bytes() for path in _files(kind))).hexdigest()


def _files(kind: str) -> list[Path]:
    return sorted((Path(__file__).parent / kind).glob("*.jsonl"))
