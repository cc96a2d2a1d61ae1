"""Follow-up questions made complete by a language model, as far as it says nothing that was not said; by rule where it does.

A rewritten question is searched and shown, never quoted. Still it decides what is looked for, so it passes a gate of its own:
one plain question, in words of the conversation, that asks what was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kb.errors import ModelError
from kb.interfaces import LanguageModel
from kb.text import sentences, words
from queries.additions import additions
from queries.breaking import Breaker
from queries.completing import complete
from queries.drafting import Drafter
from queries.fencing import gives_orders, neutral
from queries.topics import content_stems

_LONGEST: Final = 300
_KEPT: Final = 0.5
"""Share of the telling words of a question that its rewritten form must still have."""
_ASKING: Final = frozenset(
    content_stems("tell explain elaborate continue go please detail details more say show give mean")
)
_BEFORE: Final = 6
"""Earlier questions that a model is shown."""


@dataclass(frozen=True, slots=True)
class Read:
    """A question as it is understood, who read it so (``rule`` or a model; empty where it stands as typed), and a note.

    The note says why a model's reading does not stand.
    """

    asked: str
    by: str = ""
    note: str = ""


def read_by_rule(question: str, before: Sequence[str], note: str = "") -> Read:
    """The question as the rules of wording complete it."""
    asked = " ".join(complete(question, before).split()) or question
    return Read(asked, "rule" if asked != question else "", note)


class ModelReader:
    """Reads follow-up questions with ``model`` through one conversation."""

    def __init__(self, model: LanguageModel) -> None:
        self._drafter = Drafter(Breaker(model))

    def read(self, question: str, before: Sequence[str], answer: str = "") -> Read:
        """``question`` in the light of the complete questions ``before`` it and of the last ``answer``.

        Where the model fails, or its words do not pass the gate, the rules' reading stands and says so.
        """
        if not before:
            return Read(question)
        answered = [answer[start:end] for start, end in sentences(answer)]
        answered = [sentence for sentence in answered if not gives_orders(sentence)]
        try:
            asked = self._drafter.question(question, before[-_BEFORE:], answered)
        except ModelError as exc:
            return read_by_rule(question, before, f"read by rule: {exc}")
        except ValueError as exc:
            return read_by_rule(question, before, f"read by rule: the model's answer cannot be used, {exc}")
        if problem := objection(asked, question, (*before, *answered)):
            return read_by_rule(question, before, f"read by rule: the model's question {problem}")
        return Read(asked, self._drafter.model.name if asked != question else "")


def objection(asked: str, question: str, said: Sequence[str]) -> str:
    """Why ``asked`` may not stand for ``question`` after what was ``said``; empty if it may."""
    if not words(asked) or len(asked) > _LONGEST or len(sentences(asked)) != 1 or neutral(asked) != asked:
        return "is not one plain question"
    if gives_orders(asked) and not gives_orders(question):
        return "speaks to a machine"
    spoken = [question, *said]
    known = set(content_stems(" ".join(spoken)))
    foreign = [word for word in words(asked) if not set(content_stems(word)) <= known]
    if added := dict.fromkeys((*foreign, *additions(asked[:1].lower() + asked[1:], spoken))):
        return f"adds {', '.join(list(added)[:4])}"
    own = set(content_stems(question)) - _ASKING
    lost = own - set(content_stems(asked))
    return f"leaves out {', '.join(sorted(lost)[:4])}" if len(lost) > (1 - _KEPT) * len(own) else ""
