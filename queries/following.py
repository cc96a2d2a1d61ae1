"""Conversations: follow-up questions are read in the context of those before them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb.records import Answer
from queries.asking import Asker
from queries.completing import complete

Rewriter = Callable[[str, Sequence[str]], str]
"""From a question and the complete questions before it, oldest first, to a question that needs no context.

Rules do it by default. A language model may: whatever it returns is shown to the user and searched like any question, so it can
make an answer worse, but never put words into a source's mouth.
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: what was typed, the question as it was understood, and the answer."""

    question: str
    asked: str
    answer: Answer


class Conversation:
    """Questions and answers in which a question may lean on those before it."""

    def __init__(self, asker: Callable[[], Asker], rewrite: Rewriter | None = None) -> None:
        self._asker = asker
        self._rewrite = rewrite or complete
        self.turns: list[Turn] = []

    def ask(self, question: str) -> Turn:
        """Answer ``question`` in the context of the conversation."""
        asked = " ".join(self._rewrite(question, [turn.asked for turn in self.turns]).split()) or question
        turn = Turn(question, asked, self._asker().ask(asked))
        self.turns.append(turn)
        return turn

    def forget(self) -> None:
        """Start a new conversation."""
        self.turns.clear()
