"""A language model with manners: it tries again, waits its turn, remembers answers, counts, and keeps a trace."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import BoundedSemaphore, Lock
from typing import Any, Final

from kb.backends._exchange import Ask, Endpoint, Reply
from kb.backends._model_cache import ModelCache, key_of
from kb.backends._model_trace import ModelTrace
from kb.backends.model_json import is_object
from kb.errors import ModelError, ModelUnavailableError
from kb.records import Usage

_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 60.0
_REST: Final = 30.0
"""Seconds for which a server that did not answer in spite of all tries is not asked again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How a model is asked: tries after the first, calls at once; prices for a million tokens, read and written."""

    retries: int = 2
    concurrency: int = 2
    price_in: float = 0.0
    price_out: float = 0.0


class ManagedModel:
    """The language model behind an endpoint; see :class:`kb.interfaces.LanguageModel`.

    ``endpoint`` makes the adapter when the first question is not answered by the cache, so known answers cost no import.
    ``address`` tells servers apart that have a model of one name. Safe to use from several threads.
    """

    def __init__(  # noqa: PLR0913 - each is a part that tests replace
        self,
        endpoint: Callable[[], Endpoint],
        *,
        name: str,
        address: str = "",
        limits: Limits | None = None,
        cache: ModelCache | None = None,
        trace: ModelTrace | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self._make = endpoint
        self._address = address
        self._limits = limits or Limits()
        self.concurrency = self._limits.concurrency
        self._cache = cache
        self._trace = trace
        self._sleep = sleep
        self._endpoint: Endpoint | None = None
        self._usage = Usage()
        self._lock = Lock()
        self._turns = BoundedSemaphore(self._limits.concurrency)
        self._down: tuple[float, ModelUnavailableError] | None = None

    @property
    def usage(self) -> Usage:
        """What was asked of it so far."""
        return self._usage

    def complete(
        self,
        prompt: str,
        *,
        system: str = "",
        max_tokens: int = 512,
        schema: Mapping[str, Any] | None = None,
        label: str = "",
    ) -> str:
        """Return the model's answer; see :meth:`kb.interfaces.LanguageModel.complete`."""
        ask = Ask(prompt, system, max_tokens, schema, label)
        key = key_of(ask, model=self.name, address=self._address)
        known = self._cache.get(key) if self._cache else None
        if known is not None:
            self._count(cached=1)
            self._note(ask, known, cached=True)
            return known.text
        with self._turns:
            reply = self._persist(ask)
        # An answer that is not of the form asked for may be another one next time, so it is not kept.
        if self._cache and (schema is None or is_object(reply.text)):
            self._cache.put(key, ask, reply, model=self.name)
        return reply.text

    def _persist(self, ask: Ask) -> Reply:
        """Ask, and ask again after a while where that may help."""
        self._refuse_while_down()
        attempt = 0
        while True:
            try:
                return self._once(ask)
            except ModelUnavailableError as exc:
                if attempt >= self._limits.retries:
                    self._down = (time.monotonic() + _REST, exc)
                    self._count(failed=1)
                    raise
                # Half of the wait is chance, so that callers who failed together do not come back together.
                backoff = _FIRST_WAIT * 2**attempt * random.uniform(0.5, 1.0)  # noqa: S311
                self._sleep(min(max(backoff, exc.after), _LONGEST_WAIT))
                attempt += 1
            except ModelError:
                self._count(failed=1)
                raise

    def _once(self, ask: Ask) -> Reply:
        started = time.monotonic()
        try:
            reply = self._open().send(ask)
        except ModelError as exc:
            self._note(ask, None, seconds=time.monotonic() - started, error=str(exc))
            raise
        seconds = time.monotonic() - started
        self._down = None
        self._count(calls=1, reply=reply, seconds=seconds)
        self._note(ask, reply, seconds=seconds)
        return reply

    def _open(self) -> Endpoint:
        with self._lock:
            if self._endpoint is None:
                self._endpoint = self._make()
            return self._endpoint

    def _refuse_while_down(self) -> None:
        down = self._down
        if down and time.monotonic() < down[0]:
            self._count(failed=1)
            raise ModelUnavailableError(down[1].message, source=down[1].source, remedy=down[1].remedy)

    def _count(
        self, *, calls: int = 0, cached: int = 0, failed: int = 0, reply: Reply | None = None, seconds: float = 0.0
    ) -> None:
        tokens_in, tokens_out = (reply.tokens_in, reply.tokens_out) if reply else (0, 0)
        cost = (tokens_in * self._limits.price_in + tokens_out * self._limits.price_out) / 1e6
        with self._lock:
            used = self._usage
            self._usage = replace(
                used,
                calls=used.calls + calls,
                cached=used.cached + cached,
                failed=used.failed + failed,
                tokens_in=used.tokens_in + tokens_in,
                tokens_out=used.tokens_out + tokens_out,
                seconds=used.seconds + seconds,
                cost=used.cost + cost,
            )

    def _note(
        self, ask: Ask, reply: Reply | None, *, seconds: float = 0.0, cached: bool = False, error: str = ""
    ) -> None:
        if self._trace:
            self._trace.write(ask, model=self.name, reply=reply, seconds=seconds, cached=cached, error=error)
