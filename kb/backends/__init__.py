"""Adapters: one heavy library a file, imported at the top of that file and nowhere else.

This table is the only place where a backend is named; :func:`load` imports it on demand.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from kb.errors import ConfigError, MissingExtraError

_TABLE: Final[dict[str, dict[str, str]]] = {
    "embedder": {
        "openvino": "kb.backends.openvino_embedder:OpenVinoEmbedder",
        "sentence-transformers": "kb.backends.sentence_transformers_embedder:SentenceTransformersEmbedder",
        "hash": "kb.backends.hash_embedder:HashEmbedder",
    },
    "vectors": {
        "chroma": "kb.backends.chroma_index:ChromaIndex",
        "exact": "kb.backends.exact_index:ExactIndex",
    },
    "lexical": {
        "tantivy": "kb.backends.tantivy_index:TantivyIndex",
        "memory": "kb.backends.memory_lexical:MemoryLexicalIndex",
    },
    "parser": {
        "html": "kb.backends.html_parser:HtmlParser",
        "pdf": "kb.backends.pdf_parser:PdfParser",
        "markdown": "kb.backends.markdown_parser:MarkdownParser",
        "text": "kb.backends.text_parser:TextParser",
        "table": "kb.backends.table_parser:TableParser",
        "office": "kb.backends.office_parser:OfficeParser",
    },
    "fetcher": {
        "file": "kb.backends.file_fetcher:FileFetcher",
        "http": "kb.backends.http_fetcher:HttpFetcher",
        "recorded": "kb.backends.recorded_fetcher:RecordedFetcher",
    },
    "verifier": {
        "entailment": "kb.backends.entailment_verifier:EntailmentVerifier",
        "sentence-transformers": "kb.backends.sentence_transformers_verifier:SentenceTransformersVerifier",
        "llm": "kb.backends.model_verifier:ModelVerifier",
        "lexical": "kb.backends.lexical_verifier:LexicalVerifier",
    },
    "reranker": {
        "cross-encoder": "kb.backends.reading_reranker:ReadingReranker",
        "lexical": "kb.backends.lexical_reranker:LexicalReranker",
    },
    "executor": {
        "serial": "kb.backends.executors:SerialExecutor",
        "process": "kb.backends.executors:ProcessExecutor",
    },
    "model": {
        "scripted": "kb.backends.scripted_model:ScriptedModel",
        "openai": "kb.backends.openai_model:OpenAIModel",
        "ollama": "kb.backends.ollama_model:OllamaModel",
        "anthropic": "kb.backends.anthropic_model:AnthropicModel",
    },
}

_EXTRAS: Final[dict[str, str]] = {
    "model": "llm",
}
"""The extra that brings the library of a kind of backend; what is not here comes with kb itself."""


def load(kind: str, name: str) -> Any:
    """Import and return the class that implements ``kind`` under ``name``.

    Raises:
        ConfigError: no such backend.
        MissingExtraError: its library is not installed.
    """
    try:
        target = _TABLE[kind][name]
    except KeyError as exc:
        known = ", ".join(sorted(_TABLE.get(kind, {})))
        msg = f"there is no {kind} called {name!r}"
        raise ConfigError(msg, remedy=f"choose one of: {known}") from exc
    module, _, attribute = target.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except ModuleNotFoundError as exc:
        package = (exc.name or "").partition(".")[0]
        if package in {"kb", "ingest", "queries"}:
            raise
        raise MissingExtraError(package, _EXTRAS.get(kind, "all")) from exc


def names(kind: str) -> tuple[str, ...]:
    """The names under which ``kind`` is known."""
    return tuple(_TABLE[kind])
