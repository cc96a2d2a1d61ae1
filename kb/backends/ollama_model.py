"""A model that Ollama serves, through LlamaIndex (extra: ``llm``)."""

from __future__ import annotations

from typing import Any, Final

from llama_index.llms.ollama import Ollama

from kb.backends._exchange import Ask, Reply, translated
from kb.backends._llama_index import messages_of, reply_of

DEFAULT_URL: Final = "http://localhost:11434"
_CONTEXT: Final = 8192
"""Tokens of context to ask for: without a number LlamaIndex takes the model's largest, which may not fit into memory."""


class OllamaModel:
    """The model ``name`` on the Ollama server at ``base_url``; answers are held to the schema where one is given."""

    def __init__(self, name: str, *, base_url: str = "", key: str = "", timeout: float = 60.0) -> None:
        self._name = name
        self._key = key
        self._settings: dict[str, Any] = {
            "model": name,
            "base_url": base_url or DEFAULT_URL,
            "request_timeout": timeout,
            "temperature": 0.0,
            "context_window": _CONTEXT,
            "headers": {"Authorization": f"Bearer {key}"} if key else None,
        }
        self._client = Ollama(**self._settings).client

    def send(self, ask: Ask) -> Reply:
        """Return the reply; see :class:`kb.backends._exchange.Endpoint`."""
        limits = {"num_predict": ask.max_tokens}
        form = {"format": dict(ask.schema)} if ask.schema is not None else {}
        with translated(self._name, secret=self._key):
            llm = Ollama(**self._settings, client=self._client, additional_kwargs=limits)
            response = llm.chat(messages_of(ask), **form)
            return reply_of(response, self._name, names=("prompt_tokens", "completion_tokens"))
