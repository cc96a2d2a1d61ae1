"""What passes between kb and a language model's server: a question, a reply, and foreign errors made our own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from kb.errors import ModelError, ModelUnavailableError

_ROOM: Final = 300
"""Characters that are kept of what a server says about an error."""
_BUSY: Final = frozenset({408, 409, 425, 429})
_REMEDIES: Final = {
    401: "set the key of this service in the environment: OPENAI_API_KEY or ANTHROPIC_API_KEY",
    403: "set a key that may use this model in the environment",
    404: "check the settings llm_model and llm_base_url",
}
_UNREACHED: Final = "check that the server runs and that llm_base_url names it"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a language model; see :meth:`kb.interfaces.LanguageModel.complete`."""

    prompt: str
    system: str = ""
    max_tokens: int = 512
    schema: Mapping[str, Any] | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, and how many tokens the server counted."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


class Endpoint(Protocol):
    """A server that answers; it tries once, and says by the class of its error whether trying again may help."""

    def send(self, ask: Ask) -> Reply:
        """Return the reply.

        Raises:
            ModelUnavailableError: it cannot be reached, is busy or broke off.
            ModelError: it refused, or its reply holds no text.
        """
        ...


@contextmanager
def translated(name: str, *, secret: str = "") -> Iterator[None]:
    """Turn whatever a client library raises into a :class:`ModelError`; ``secret`` never stands in a message."""
    try:
        yield
    except ModelError:
        raise
    except Exception as exc:  # client libraries raise all kinds on a reply that is no reply
        raise _ours(exc, name, secret) from exc


def _ours(exc: Exception, name: str, secret: str) -> ModelError:
    said = " ".join(str(exc).split())[:_ROOM] or type(exc).__name__
    said = said.replace(secret, "***") if secret else said
    status = getattr(exc, "status_code", None)
    if not isinstance(status, int) or status < 400:
        what = "broke off" if isinstance(exc, ValueError | KeyError | IndexError | TypeError | AttributeError) else ""
        return ModelUnavailableError(f"the model {what or 'cannot be reached'}: {said}", source=name, remedy=_UNREACHED)
    if status in _BUSY or status >= 500:
        msg = f"the model's server is busy or failed ({status}): {said}"
        return ModelUnavailableError(msg, source=name, after=_wait(exc))
    return ModelError(f"the model's server refused ({status}): {said}", source=name, remedy=_REMEDIES.get(status, ""))


def _wait(exc: Exception) -> float:
    """Seconds that the server asks one to wait (``Retry-After``); 0 where it does not say."""
    headers = getattr(getattr(exc, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after", 0)))
    except (TypeError, ValueError):
        return 0.0


def status_of(exc: BaseException | None) -> int:
    """The HTTP status behind an error, 0 where there is none."""
    status = getattr(exc, "status_code", 0)
    return status if isinstance(status, int) else 0
