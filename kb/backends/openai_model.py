"""Any server that speaks OpenAI's chat API, through LlamaIndex (extra: ``llm``): OpenAI, llama.cpp, vLLM, LM Studio, ..."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from llama_index.llms.openai_like import OpenAILike

from kb.backends._exchange import Ask, Reply, status_of, translated
from kb.backends._llama_index import messages_of, reply_of
from kb.errors import ModelError

DEFAULT_URL: Final = "https://api.openai.com/v1"
_WRONG_REQUEST: Final = frozenset({400, 422})
_PARAMETERS: Final = ("response_format", "json_schema", "json_object")


class OpenAIModel:
    """The model ``name`` behind ``base_url``; ``key`` may be empty for a server of one's own.

    An answer's form is asked for as servers understand it: OpenAI's ``json_schema``, llama.cpp's ``json_object`` with a
    schema, plain ``json_object``. A server that refuses one is asked the next, at last without any, and the one that it
    took is remembered.
    """

    def __init__(self, name: str, *, base_url: str = "", key: str = "", timeout: float = 60.0) -> None:
        self._name = name
        self._key = key
        self._form = 0
        self._llm = OpenAILike(
            model=name,
            api_base=base_url or DEFAULT_URL,
            api_key=key or "none",
            is_chat_model=True,
            timeout=timeout,
            max_retries=0,
            temperature=0.0,
        )

    def send(self, ask: Ask) -> Reply:
        """Return the reply; see :class:`kb.backends._exchange.Endpoint`."""
        forms = _forms(ask.schema)
        for at in range(min(self._form, len(forms) - 1), len(forms)):
            try:
                reply = self._send(ask, forms[at])
            except ModelError as exc:
                if at + 1 == len(forms) or not _refuses_form(exc.__cause__):
                    raise
                continue
            if ask.schema is not None:
                self._form = at
            return reply
        raise AssertionError  # the last form returns or raises

    def _send(self, ask: Ask, form: Mapping[str, Any]) -> Reply:
        with translated(self._name, secret=self._key):
            response = self._llm.chat(messages_of(ask), max_tokens=ask.max_tokens, **form)
            return reply_of(response, self._name, names=("prompt_tokens", "completion_tokens"))


def _refuses_form(exc: BaseException | None) -> bool:
    """Whether a server did not like the form: by its status, or, as llama-cpp-python does, by failing with its name."""
    status = status_of(exc)
    return status in _WRONG_REQUEST or (status >= 500 and any(name in str(exc) for name in _PARAMETERS))


def _forms(schema: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    if schema is None:
        return [{}]
    named = {"name": "answer", "strict": True, "schema": dict(schema)}
    return [
        {"response_format": {"type": "json_schema", "json_schema": named}},
        {"response_format": {"type": "json_object", "schema": dict(schema)}},
        {"response_format": {"type": "json_object"}},
        {},
    ]
