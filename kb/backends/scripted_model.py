"""A language model that answers from a script: for tests, demonstrations and recorded sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any

from kb.errors import ModelError
from kb.records import Usage


class ScriptedModel:
    """Gives ``answers`` one after the other, or what the function ``answers`` makes of each prompt.

    ``prompts`` keeps what was asked: (system, prompt) pairs in order.
    """

    def __init__(self, answers: Iterable[str] | Callable[[str], str] = (), *, name: str = "scripted") -> None:
        self.name = name
        self.concurrency = 1
        self.usage = Usage()
        self.prompts: list[tuple[str, str]] = []
        self._lock = Lock()
        self._function = answers if callable(answers) else None
        self._script: Iterator[str] = iter(()) if callable(answers) else iter(tuple(answers))

    def complete(
        self,
        prompt: str,
        *,
        system: str = "",
        max_tokens: int = 512,
        schema: Mapping[str, Any] | None = None,  # noqa: ARG002 - a script answers as it is written
        label: str = "",  # noqa: ARG002 - ``prompts`` is its trace
    ) -> str:
        """Return the next answer, at most ``max_tokens`` words of it.

        Raises:
            ModelError: the script is at its end, or the answer is empty.
        """
        with self._lock:
            self.prompts.append((system, prompt))
            answer = self._function(prompt) if self._function is not None else next(self._script, None)
            self.usage = self._counted(prompt, answer)
        if answer is None:
            msg = "the scripted model has no more answers"
            raise ModelError(msg, source=self.name, remedy="give it one answer for each prompt")
        if not answer.strip():
            msg = "the model gave an empty answer"
            raise ModelError(msg, source=self.name)
        return _first_words(answer, max_tokens)

    def _counted(self, prompt: str, answer: str | None) -> Usage:
        used = self.usage
        if answer is None or not answer.strip():
            return replace(used, failed=used.failed + 1)
        tokens_in, tokens_out = used.tokens_in + len(prompt.split()), used.tokens_out + len(answer.split())
        return replace(used, calls=used.calls + 1, tokens_in=tokens_in, tokens_out=tokens_out)


def _first_words(text: str, limit: int) -> str:
    words = text.split(maxsplit=limit)
    return text if len(words) <= limit else text[: len(text) - len(words[-1])].rstrip()
