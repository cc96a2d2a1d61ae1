"""From settings to a language model."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from kb.backends import load
from kb.backends._exchange import Endpoint
from kb.backends._model_cache import ModelCache
from kb.backends._model_trace import ModelTrace
from kb.backends.managed_model import Limits, ManagedModel
from kb.config import Keys, Settings
from kb.errors import ConfigError
from kb.interfaces import LanguageModel

_CACHE: Final = Path("cache") / "llm"


def open_model(settings: Settings, keys: Keys, *, home: Path, trace: Path | None = None) -> LanguageModel | None:
    """The language model that ``settings`` name, or None for ``llm = "none"``; nothing is imported or asked yet.

    Args:
        settings: which model, where, and how it is asked.
        keys: from the environment; they are written nowhere.
        home: folder of the knowledge base; answers are kept in ``cache/llm`` of it.
        trace: file to which every exchange is appended.

    Raises:
        ConfigError: no model is named.
    """
    if settings.llm == "none":
        return None
    if not settings.llm_model:
        msg = f"llm is {settings.llm!r}, but no model is named"
        raise ConfigError(msg, remedy="set llm_model in kb.toml, or KB_LLM_MODEL in the environment")
    limits = Limits(settings.llm_retries, settings.llm_concurrency, settings.llm_price_in, settings.llm_price_out)
    return ManagedModel(
        partial(_connect, settings, keys),
        name=settings.llm_model,
        address=f"{settings.llm} {settings.llm_base_url}",
        limits=limits,
        cache=ModelCache(home / _CACHE) if settings.llm_cache else None,
        trace=ModelTrace(trace) if trace else None,
    )


def _connect(settings: Settings, keys: Keys) -> Endpoint:
    key = {"openai": keys.openai, "anthropic": keys.anthropic}.get(settings.llm, "")
    adapter = load("model", settings.llm)
    return adapter(  # type: ignore[no-any-return]
        settings.llm_model, base_url=settings.llm_base_url, key=key, timeout=settings.llm_timeout
    )
