"""Files of questions: one JSON object a line, with what should be answered and the sentences that answer it."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from kb.errors import RecordError


@dataclass(frozen=True, slots=True)
class Question:
    """A question: whether the corpus answers it, the gold sentences, and the external id of their passage."""

    id: str
    text: str
    answerable: bool
    gold: tuple[str, ...] = ()
    passage: str = ""


def read_questions(path: Path) -> list[Question]:
    """Read questions: ``_id``, ``question``, ``answerable``, and where there are some ``selected_sentences``, ``passage_id``.

    Raises:
        RecordError: a line is no such object; names the line.
    """
    found: list[Question] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            body = json.loads(line)
            gold = tuple(str(sentence) for sentence in body.get("selected_sentences") or ())
            text = str(body.get("question") or body["text"])
            answerable = bool(body["answerable"]) if "answerable" in body else bool(gold)
            found.append(
                Question(str(body.get("_id", number)), text, answerable, gold, str(body.get("passage_id") or ""))
            )
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            msg = f"line {number} is no question: {type(exc).__name__}: {exc}"
            raise RecordError(msg, source=str(path), remedy='each line needs "question" and "answerable"') from exc
    if not found:
        msg = "the file holds no question"
        raise RecordError(msg, source=str(path), remedy="each line is one JSON object")
    return found


def is_gold(quote: str, gold: tuple[str, ...]) -> bool:
    """Whether a quote is one of the gold sentences, or a part of one, or holds one; spacing, case and marks apart."""
    own = _folded(quote)
    return bool(own) and any(own in other or other in own for other in map(_folded, gold) if other)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())
