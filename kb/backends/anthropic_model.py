"""A model of Anthropic, through LlamaIndex (extra: ``llm``)."""

from __future__ import annotations

from typing import Final

from llama_index.core.base.llms.types import LLMMetadata
from llama_index.llms.anthropic import Anthropic

from kb.backends._exchange import Ask, Reply, translated
from kb.backends._llama_index import messages_of, reply_of

_CONTEXT: Final = 200_000


class _AnyModel(Anthropic):  # type: ignore[misc]
    """LlamaIndex refuses models that it does not know, to look up their context; kb's prompts fit into any."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(
            context_window=_CONTEXT, num_output=self.max_tokens, is_chat_model=True, model_name=self.model
        )


class AnthropicModel:
    """The model ``name``; its answers are not held to a schema: the prompt says the form, and kb checks it."""

    def __init__(self, name: str, *, base_url: str = "", key: str = "", timeout: float = 60.0) -> None:
        self._name = name
        self._key = key
        self._llm = _AnyModel(
            model=name,
            base_url=base_url or None,
            api_key=key or "none",
            timeout=timeout,
            max_retries=0,
            temperature=0.0,
        )

    def send(self, ask: Ask) -> Reply:
        """Return the reply; see :class:`kb.backends._exchange.Endpoint`."""
        with translated(self._name, secret=self._key):
            response = self._llm.chat(messages_of(ask), max_tokens=ask.max_tokens)
            return reply_of(response, self._name, names=("input_tokens", "output_tokens"))
