"""Conversations: follow-up questions are read in the context of those before them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb.records import Answer
from queries.asking import Asker
from queries.rewriting import ModelReader, Read, read_by_rule

Rewriter = Callable[[str, Sequence[str]], str]
"""From a question and the complete questions before it, oldest first, to a question that needs no context.

For programs that bring their own: whatever it returns is shown to the user and searched like any question, so it can make an
answer worse, but never put words into a source's mouth.
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: what was typed, the question as it was understood, and the answer.

    ``read_by`` says who completed the question (``rule``, or the name of a model; empty where it stands as typed), ``note`` why
    a model's reading of it does not stand.
    """

    question: str
    asked: str
    answer: Answer
    read_by: str = ""
    note: str = ""


class Conversation:
    """Questions and answers in which a question may lean on those before it.

    It is read by ``rewrite``, where that is given; else by the model of ``reader``; else by rule.
    """

    def __init__(
        self, asker: Callable[[], Asker], rewrite: Rewriter | None = None, reader: ModelReader | None = None
    ) -> None:
        self._asker = asker
        self._rewrite = rewrite
        self._reader = reader
        self.turns: list[Turn] = []

    def ask(self, question: str) -> Turn:
        """Answer ``question`` in the context of the conversation."""
        read = self._read(question)
        turn = Turn(question, read.asked, self._asker().ask(read.asked), read.by, read.note)
        self.turns.append(turn)
        return turn

    def _read(self, question: str) -> Read:
        before = [turn.asked for turn in self.turns]
        if self._rewrite is not None:
            asked = " ".join(self._rewrite(question, before).split()) or question
            return Read(asked, "rewrite" if asked != question else "")
        if self._reader is not None:
            return self._reader.read(question, before, self.turns[-1].answer.text if self.turns else "")
        return read_by_rule(question, before)

    def forget(self) -> None:
        """Start a new conversation."""
        self.turns.clear()
