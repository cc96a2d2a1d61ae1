"""What a language model is asked to draft: claims, answers, titles and summaries. One task a call, strict JSON, one repair.

Nothing here decides what may stand: drafts go to the gate (:mod:`queries.gate`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from kb import ids
from kb.backends.model_json import read_object
from kb.interfaces import LanguageModel
from kb.records import Claim
from kb.text import sentences
from queries.additions import additions
from queries.fencing import fenced, gives_orders, neutral
from queries.form import tidy
from queries.gate import Draft, Passage, Refused, presentable
from queries.prompts import Prompt, prompt
from queries.topics import content_stems
from queries.wording import refusal

T = TypeVar("T")

_CLAIMS: Final = 4
_SUMMARY: Final = 4
_ENOUGH: Final = 3
SHOWN: Final = 10
"""Sentences or claims that one call shows: more confuse a small model and fill its context."""
_TITLE_WORDS: Final = 8
_TITLE_TOKENS: Final = 60
_QUESTION_TOKENS: Final = 120
_MOST_CLAIMS: Final = 0.6
"""Share of an angle's claims that its title must be about."""
_REPEATED: Final = 1200
"""Characters of a faulty answer that its repair is shown."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """What a model drafted; ``refused`` is its answer where that could not be read, even after one repair."""

    drafts: tuple[Draft, ...]
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """A title that a model drafted; empty where it is refused."""

    text: str = ""
    refused: tuple[Refused, ...] = ()


class Drafter:
    """Asks ``model``; ``max_tokens`` bounds each answer. Every method may raise :class:`kb.errors.ModelError`."""

    def __init__(self, model: LanguageModel, *, max_tokens: int = 700) -> None:
        self.model = model
        self._max_tokens = max_tokens

    def claims(self, title: str, topic: str, passages: Sequence[Passage], *, most: int = _CLAIMS) -> Drafts:
        """Up to ``most`` claims about the angle ``title`` of ``topic`` over numbered sentences."""
        shown, lines = _shown(passages)
        if not shown:
            return Drafts(())
        asked = prompt("claims")
        question = asked.fill(topic=neutral(topic), title=neutral(title), sentences=lines, most=most)
        return self._drafts(asked, question, key="claims", numbers="sentences", known=shown)

    def answer(self, question: str, passages: Sequence[Passage]) -> Drafts:
        """A few sentences that answer ``question`` over numbered sentences; none where those do not answer it."""
        shown, lines = _shown(passages)
        if not shown:
            return Drafts(())
        asked = prompt("answer")
        text = asked.fill(question=neutral(question), sentences=lines)
        return self._drafts(asked, text, key="statements", numbers="sentences", known=shown)

    def summary(self, topic: str, claims: Sequence[Claim], *, most: int = _SUMMARY) -> Drafts:
        """Up to ``most`` sentences over ``claims``, which are numbered from 1 in their order."""
        claims = claims[:SHOWN]
        if not claims:
            return Drafts(())
        asked = prompt("summary")
        text = asked.fill(topic=neutral(topic), claims=fenced([claim.text for claim in claims]), most=most)
        known = list(range(1, len(claims) + 1))
        return self._drafts(asked, text, key="summary", numbers="claims", known=known)

    def title(self, topic: str, claims: Sequence[Claim]) -> Title:
        """A title for ``claims``; refused where it says something that they do not, or is not about most of them."""
        texts = [claim.text for claim in claims[:SHOWN]]
        asked = prompt("title")
        question = asked.fill(topic=neutral(topic), claims=fenced(texts))
        schema = _object({"title": {"type": "string"}})
        try:
            title = self._ask(asked, question, schema, _read_title, min(_TITLE_TOKENS, self._max_tokens))
        except ValueError as exc:
            return Title(refused=(Refused("", "malformed", str(exc)),))
        if not _is_title(title, [*texts, topic]):
            return Title(refused=(Refused(title, "unsupported", "it is no short title in words of its claims"),))
        if not _fits(title, topic, texts):
            return Title(refused=(Refused(title, "unsupported", "most of its claims are not about it"),))
        return Title(title)

    def question(self, question: str, before: Sequence[str], answer: Sequence[str]) -> str:
        """``question`` as it reads by itself after the questions ``before`` and the sentences of the last ``answer``.

        Raises:
            ValueError: what the model answers is no such question, even after one repair.
        """
        asked = prompt("question")
        text = asked.fill(before=fenced(before), answer=fenced(answer), question=neutral(question))
        schema = _object({"question": {"type": "string"}})
        return self._ask(asked, text, schema, _read_question, min(_QUESTION_TOKENS, self._max_tokens))

    def _drafts(self, asked: Prompt, question: str, *, key: str, numbers: str, known: Sequence[int]) -> Drafts:
        item = _object({numbers: {"type": "array", "items": {"type": "integer", "enum": list(known)}}, "text": _TEXT})
        schema = _object({key: {"type": "array", "items": item}})

        def read(body: Mapping[str, Any]) -> Drafts:
            return _read_drafts(body, key, numbers)

        try:
            return self._ask(asked, question, schema, read, self._max_tokens)
        except ValueError as exc:
            return Drafts((), (Refused("", "malformed", str(exc)),))

    def _ask(
        self,
        asked: Prompt,
        question: str,
        schema: Mapping[str, Any],
        read: Callable[[Mapping[str, Any]], T],
        max_tokens: int,
    ) -> T:
        """Ask, and once more where the answer cannot be read.

        Raises:
            ValueError: the second answer cannot be read either.
        """
        answer = self.model.complete(
            question, system=asked.system, max_tokens=max_tokens, schema=schema, label=asked.label
        )
        try:
            return read(read_object(answer))
        except ValueError as exc:
            mend = prompt("repair")
            again = mend.fill(question=question, answer=fenced([answer[:_REPEATED]]), problem=exc)
        answer = self.model.complete(
            again, system=asked.system, max_tokens=max_tokens, schema=schema, label=f"{mend.label} {asked.label}"
        )
        return read(read_object(answer))


_TEXT: Final = {"type": "string"}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema of an object, in the strict form that services ask for."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _shown(passages: Sequence[Passage]) -> tuple[list[int], str]:
    """The numbers of the passages that a model is shown, and these as a fenced list.

    A sentence that several sources have is shown once. Where there are enough, only sentences that make sense by themselves: what 'this' was, a model guesses.
    """
    fit = list({ids.fold(passage.evidence.quote): passage for passage in reversed(presentable(passages))}.values())[
        ::-1
    ]
    whole = [passage for passage in fit if not refusal(passage.evidence.quote)]
    fit = (whole if len(whole) >= _ENOUGH else fit)[:SHOWN]
    numbers = [passage.number for passage in fit]
    return numbers, fenced([passage.evidence.quote for passage in fit], numbers=numbers)


def _read_drafts(body: Mapping[str, Any], key: str, numbers: str) -> Drafts:
    """Read drafts; an entry of the wrong form is refused, and the others count.

    Raises:
        ValueError: there is no list of entries.
    """
    items = body.get(key)
    if not isinstance(items, list):
        msg = f'it must be an object with a list under "{key}"'
        raise ValueError(msg)  # noqa: TRY004 - callers repair ValueErrors
    drafts: list[Draft] = []
    refused: list[Refused] = []
    for item in items:
        read = _read_entry(item, numbers)
        drafts.extend(read)
        if not read:
            refused.append(Refused(str(item)[:200], "malformed", f'it is no object with "text" and "{numbers}"'))
    return Drafts(tuple(drafts), tuple(refused))


def _read_entry(item: Any, numbers: str) -> list[Draft]:
    """The drafts in one entry: a small model puts two sentences into one, and each is a draft of its own."""
    if not isinstance(item, Mapping) or not isinstance(item.get("text"), str):
        return []
    named = item.get(numbers, [])
    read = [_read_number(value) for value in (named if isinstance(named, list) else [named])]
    if None in read:
        return []
    cited = tuple(number for number in read if number is not None)
    text = item["text"]
    return [Draft(text[start:end], cited) for start, end in sentences(text)] or [Draft(text, cited)]


def _read_number(value: Any) -> int | None:
    if isinstance(value, str) and value.strip(" []#").isdecimal():
        value = int(value.strip(" []#")[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _read_title(body: Mapping[str, Any]) -> str:
    title = body.get("title")
    if not isinstance(title, str) or not title.strip():
        msg = 'it must be an object with a text under "title"'
        raise ValueError(msg)
    return tidy(title).strip(" .\"'“”:")


def _read_question(body: Mapping[str, Any]) -> str:
    question = body.get("question")
    if not isinstance(question, str) or not question.strip():
        msg = 'it must be an object with a text under "question"'
        raise ValueError(msg)
    return " ".join(question.split())


def _is_title(title: str, texts: Sequence[str]) -> bool:
    """Whether ``title`` is short and made of what ``texts`` are about."""
    words = title.split()
    plain = neutral(title) == title and not gives_orders(title) and not any(mark in title for mark in "<>{}[]|/\\?!")
    stems = set(content_stems(title))
    said = set(content_stems(" ".join(texts)))
    known = len(stems & said) >= 0.75 * len(stems) if stems else False
    first_lower = title[:1].lower() + title[1:]
    return plain and known and 1 < len(words) <= _TITLE_WORDS and not additions(first_lower.lower(), texts)


def _fits(title: str, topic: str, texts: Sequence[str]) -> bool:
    """Whether the title is about most claims: it shares with them a word that the topic of the whole report has not."""
    own = set(content_stems(title)) - set(content_stems(topic))
    return sum(bool(own & set(content_stems(text))) for text in texts) >= _MOST_CLAIMS * len(texts)
