"""A circuit breaker: a language model that could not be reached several times in a row is not waited for again."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any, Final

from kb.errors import ModelUnavailableError
from kb.interfaces import LanguageModel
from kb.records import Usage

PATIENCE: Final = 2
"""Questions in a row, each with all its tries, that find no model before the rest are not asked."""


class Breaker:
    """``model`` for one piece of work; safe to use from several threads as far as the model is.

    After ``patience`` questions in a row that could not reach it, every further one fails at once: a report asks a dozen
    times, and a dead server would cost the waiting time of each.
    """

    def __init__(self, model: LanguageModel, *, patience: int = PATIENCE) -> None:
        self.name = model.name
        self.concurrency = model.concurrency
        self._model = model
        self._patience = patience
        self._unreached = 0
        self._lock = Lock()

    @property
    def usage(self) -> Usage:
        """What was asked of the model so far."""
        return self._model.usage

    def complete(
        self,
        prompt: str,
        *,
        system: str = "",
        max_tokens: int = 512,
        schema: Mapping[str, Any] | None = None,
        label: str = "",
    ) -> str:
        """Return the model's answer; see :meth:`kb.interfaces.LanguageModel.complete`.

        Raises:
            ModelUnavailableError: also where the model is not asked any more.
        """
        if self._unreached >= self._patience:
            msg = f"it was not asked, because {self._unreached} questions in a row did not reach it"
            raise ModelUnavailableError(msg, source=self.name)
        try:
            answer = self._model.complete(prompt, system=system, max_tokens=max_tokens, schema=schema, label=label)
        except ModelUnavailableError:
            with self._lock:
                self._unreached += 1
            raise
        with self._lock:
            self._unreached = 0
        return answer
