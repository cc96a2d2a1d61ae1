"""What the adapters of LlamaIndex's LLM classes share (extra: ``llm``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole

from kb.backends._exchange import Ask, Reply
from kb.errors import ModelError


def messages_of(ask: Ask) -> list[ChatMessage]:
    """The question as chat messages."""
    system = [ChatMessage(role=MessageRole.SYSTEM, content=ask.system)] if ask.system else []
    return [*system, ChatMessage(role=MessageRole.USER, content=ask.prompt)]


def reply_of(response: ChatResponse, name: str, *, names: tuple[str, str]) -> Reply:
    """The text of a response and its tokens, which the server calls ``names`` (read, written).

    Raises:
        ModelError: there is no text in it.
    """
    text = response.message.content or ""
    if not text.strip():
        msg = "the model gave an empty answer"
        raise ModelError(msg, source=name)
    read, written = (_count(response.raw, key) for key in names)
    return Reply(text, read, written)


def _count(raw: Any, key: str) -> int:
    usage = raw.get("usage") if isinstance(raw, Mapping) else getattr(raw, "usage", None)
    count = usage.get(key) if isinstance(usage, Mapping) else getattr(usage, key, None)
    return count if isinstance(count, int) and count > 0 else 0
