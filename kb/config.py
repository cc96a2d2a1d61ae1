"""Settings: ``kb.toml`` in the knowledge base, then ``KB_*`` in the environment, then options. Read here and nowhere else."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from kb.errors import ConfigError

HOME_NAME: Final = ".kb"
_TEMPLATE: Final = """\
# Settings of this knowledge base. Each can also be set by an environment variable: KB_EMBEDDER, KB_TIMEOUT, ...

# embedder = "openvino"              # openvino | sentence-transformers | hash
# embedder_model = ""                # name or path of a sentence-transformers model; empty: the bundled all-MiniLM-L6-v2
# allow_download = false             # let sentence-transformers fetch a model that is not on this machine
# ignore = ["drafts/*", "*.bak"]     # left out when a folder is ingested, beside .git, node_modules and the like
# allow_private = false              # fetch from private, loopback and link-local addresses
# timeout = 30.0                     # seconds for one download
# parse_timeout = 60.0               # seconds for reading one file
# max_mb = 100                       # largest source, in megabytes
# workers = 2                        # processes that read files; 0: read in this one, with nothing to stop a file that hangs

# verifier = "entailment"            # entailment (in the box) | sentence-transformers | llm | lexical
# verifier_model = ""                # for sentence-transformers: name or path of a cross-encoder for inference or grounding
# verifier_labels = ""               # what its outputs mean, where its configuration does not say: "0=supported,1=rest"

# reranker = "cross-encoder"         # of 'kb search --rerank': cross-encoder (in the box) | lexical

# llm = "none"                       # none | openai (any server that speaks its API) | ollama | anthropic
# llm_model = ""                     # name of the model, as its server knows it
# llm_base_url = ""                  # address of the server; empty: that of the service. OPENAI_BASE_URL counts as well
# llm_timeout = 180.0                # seconds to wait for one answer
# llm_retries = 2                    # tries after the first, where the server is busy or broke off
# llm_concurrency = 2                # questions at once
# llm_max_tokens = 700               # length at which an answer breaks off
# llm_cache = true                   # keep answers in cache/llm of this folder
# llm_price_in = 0.0                 # price of a million tokens read, for the account of costs
# llm_price_out = 0.0                # price of a million tokens written
# Keys stand in the environment only: OPENAI_API_KEY, ANTHROPIC_API_KEY.
"""
LABELS: Final = ("supported", "unclear", "contradicted", "rest")
MODELS: Final = ("none", "openai", "ollama", "anthropic")
_POSITIVE: Final = ("timeout", "parse_timeout", "max_mb", "llm_timeout", "llm_concurrency", "llm_max_tokens")
_NOT_NEGATIVE: Final = ("workers", "llm_retries", "llm_price_in", "llm_price_out")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one knowledge base; see the comments in its ``kb.toml``."""

    embedder: str = "openvino"
    embedder_model: str = ""
    allow_download: bool = False
    vectors: str = "chroma"
    lexical: str = "tantivy"
    verifier: str = "entailment"
    verifier_model: str = ""
    verifier_labels: str = ""
    reranker: str = "cross-encoder"
    ignore: tuple[str, ...] = ()
    allow_private: bool = False
    timeout: float = 30.0
    parse_timeout: float = 60.0
    max_mb: int = 100
    workers: int = 2
    llm: str = "none"
    llm_model: str = ""
    llm_base_url: str = ""
    llm_timeout: float = 180.0
    llm_retries: int = 2
    llm_concurrency: int = 2
    llm_max_tokens: int = 700
    llm_cache: bool = True
    llm_price_in: float = 0.0
    llm_price_out: float = 0.0

    def __post_init__(self) -> None:
        for name in (*_POSITIVE, *_NOT_NEGATIVE):
            value = getattr(self, name)
            if value < 0 or (value == 0 and name in _POSITIVE):
                msg = f"the setting {name} must {'be above 0' if name in _POSITIVE else 'not be below 0'}, not {value}"
                raise ConfigError(msg)
        if self.llm not in MODELS:
            msg = f"the setting llm must be one of {', '.join(MODELS)}, not {self.llm!r}"
            raise ConfigError(msg)


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of services, from the environment only: they are no settings, stand in no file and show in no message."""

    openai: str = field(default="", repr=False)
    anthropic: str = field(default="", repr=False)


def find_home(given: str | Path | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of the knowledge base: ``given``, else ``KB_HOME``, else the nearest ``.kb/`` upward, else ``./.kb``."""
    if given:
        return Path(given).expanduser().absolute()
    if home := environment.get("KB_HOME"):
        return Path(home).expanduser().absolute()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / HOME_NAME / "catalog.sqlite").is_file():
            return folder / HOME_NAME
    return here / HOME_NAME


def load_settings(home: Path, environment: Mapping[str, str] = os.environ, **options: object) -> Settings:
    """Read the settings of the knowledge base in ``home``; ``options`` that are None are not given.

    Raises:
        ConfigError: a setting is unknown, of the wrong type or out of range.
    """
    settings = Settings()
    path = home / "kb.toml"
    if path.is_file():
        try:
            settings = _updated(settings, tomllib.loads(path.read_text("utf-8")), str(path))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
            msg = f"not valid TOML: {exc}"
            raise ConfigError(msg, source=str(path)) from exc
    known = {f.name for f in fields(Settings)}
    for name in sorted(known & {key.removeprefix("KB_").lower() for key in environment if key.startswith("KB_")}):
        variable = f"KB_{name.upper()}"
        settings = _updated(settings, {name: _from_text(name, environment[variable])}, variable)
    settings = _updated(settings, {k: v for k, v in options.items() if v is not None}, "options")
    return _with_service_url(settings, environment, options)


def load_keys(environment: Mapping[str, str] = os.environ) -> Keys:
    """Read ``OPENAI_API_KEY`` and ``ANTHROPIC_API_KEY``."""
    return Keys(environment.get("OPENAI_API_KEY", "").strip(), environment.get("ANTHROPIC_API_KEY", "").strip())


def read_labels(text: str) -> dict[int, str]:
    """What the outputs of a verifier's model mean, from ``0=supported,1=rest``.

    Raises:
        ConfigError: it is not written like this.
    """
    found: dict[int, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        index, _, label = (piece.strip() for piece in part.partition("="))
        if not index.isdecimal() or label not in LABELS:
            msg = f"cannot read {part!r} in verifier_labels"
            raise ConfigError(
                msg, remedy=f"write '0=supported,1=rest', with one of {', '.join(LABELS)} for each output"
            )
        found[int(index)] = label
    return found


def write_template(home: Path) -> None:
    """Put a commented ``kb.toml`` into a new knowledge base."""
    path = home / "kb.toml"
    if not path.exists():
        path.write_text(_TEMPLATE, "utf-8")


def _with_service_url(settings: Settings, environment: Mapping[str, str], options: Mapping[str, object]) -> Settings:
    """``OPENAI_BASE_URL`` stands for ``KB_LLM_BASE_URL`` where that is not set and the server speaks OpenAI's API."""
    url = environment.get("OPENAI_BASE_URL", "").strip()
    named = "KB_LLM_BASE_URL" in environment or options.get("llm_base_url") is not None
    return replace(settings, llm_base_url=url) if url and settings.llm == "openai" and not named else settings


def _updated(settings: Settings, values: Mapping[str, object], where: str) -> Settings:
    known = {f.name: type(getattr(settings, f.name)) for f in fields(Settings)}
    changes: dict[str, Any] = {}
    for name, value in _with_model(values).items():
        if name not in known:
            msg = f"unknown setting {name!r}"
            raise ConfigError(msg, source=where, remedy=f"known are: {', '.join(sorted(known))}")
        changes[name] = _typed(name, value, known[name], where)
    return replace(settings, **changes)


def _with_model(values: Mapping[str, object]) -> Mapping[str, object]:
    """``llm = "ollama:qwen2.5:7b"`` names the model as well; ``llm_model`` beside it says so again and counts."""
    kind, colon, model = str(values.get("llm", "")).partition(":")
    return {"llm_model": model, **values, "llm": kind} if colon else values


def _typed(name: str, value: object, kind: type, where: str) -> object:
    if kind is tuple and isinstance(value, list | tuple):
        return tuple(str(item) for item in value)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    msg = f"the setting {name} must be of type {kind.__name__}, not {value!r}"
    raise ConfigError(msg, source=where)


def _from_text(name: str, text: str) -> object:
    """Read the value of an environment variable by the type of its setting."""
    present = getattr(Settings(), name)
    try:
        if isinstance(present, bool):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}[
                text.lower()
            ]
        if isinstance(present, tuple):
            return tuple(part for part in text.split(os.pathsep) if part)
        return type(present)(text)
    except (KeyError, ValueError) as exc:
        msg = f"cannot read {text!r} as {type(present).__name__}"
        raise ConfigError(msg, source=f"KB_{name.upper()}") from exc
