"""kb: a knowledge base in which every claim shows the exact words it rests on.

>>> import kb
>>> with kb.open("my.kb") as base:            # doctest: +SKIP
...     base.ingest("papers/", "urls.txt")
...     answer = base.ask("Is model collapse inevitable?")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb._version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from kb.app import KnowledgeBase

__all__ = ["KnowledgeBase", "__version__", "open"]


def open(  # noqa: A001
    path: str | Path | None = None, *, create: bool = True, trace: Path | None = None, **options: Any
) -> KnowledgeBase:
    """Open a knowledge base.

    Args:
        path: its folder; by default ``KB_HOME``, else the nearest ``.kb`` upward, else a new ``./.kb``.
        create: make it if it is not there; otherwise that is an error.
        trace: a file to which every exchange with a language model is appended.
        options: settings that override ``kb.toml`` and the environment (see :class:`kb.config.Settings`).

    Raises:
        CatalogError: it is not there (``create=False``), damaged, or from a newer program.
        ConfigError: a setting is wrong.
    """
    from kb.app import open_knowledge_base  # noqa: PLC0415 - 'import kb' stays light

    return open_knowledge_base(path, create=create, trace=trace, **options)


def __getattr__(name: str) -> Any:
    """Load :class:`KnowledgeBase` on first use."""
    if name == "KnowledgeBase":
        from kb.app import KnowledgeBase  # noqa: PLC0415

        return KnowledgeBase
    msg = f"module 'kb' has no attribute {name!r}"
    raise AttributeError(msg)
