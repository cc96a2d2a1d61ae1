"""BERT encoders as OpenVINO graphs, from named weights; linear layers may be stored in int8 with one scale a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kb.backends._openvino import openvino as ov
from kb.backends._openvino import opset15 as op

_MASKED: Final = np.float32(3e4)
"""Subtracted from attention scores of padding: exact zero weight after the softmax, yet finite in bfloat16."""
_MINUS: Final = np.float32(1e4)


def axes(*values: int) -> Any:
    """A constant of axes or indices."""
    return op.constant(np.array(values, np.int64))


class Weights:
    """Named weights. ``NAME.q8`` (int8) with ``NAME.scale`` (one for each row) stands for ``NAME`` in float."""

    def __init__(self, values: Mapping[str, NDArray[Any]]) -> None:
        self._values = values

    def array(self, name: str) -> NDArray[np.float32]:
        """The weights in float32."""
        if name in self._values:
            return self._values[name].astype(np.float32, copy=False)
        scale: NDArray[np.float32] = self._values[name + ".scale"].astype(np.float32)[:, None]
        return self._values[name + ".q8"].astype(np.float32) * scale

    def constant(self, name: str) -> Any:
        """The weights as a node; int8 stays int8, which the runtime multiplies as such."""
        if name in self._values:
            return op.constant(self.array(name))
        scale = self._values[name + ".scale"].astype(np.float32)[:, None]
        return op.multiply(op.convert(op.constant(self._values[name + ".q8"]), "f32"), op.constant(scale))


class Layers:
    """The parts of a BERT encoder over named weights."""

    def __init__(self, weights: Weights, heads: int, epsilon: float) -> None:
        self._weights = weights
        self._epsilon = epsilon
        self._heads_count = heads
        self._width = len(weights.array("embeddings.LayerNorm.weight"))

    def embed(self, ids: Any, segments: Any) -> Any:
        """Words, positions and segments; ``ids`` and ``segments`` are int32 of shape (batch, length)."""
        prefix = "embeddings."
        words = op.gather(op.constant(self._weights.array(prefix + "word_embeddings.weight")), ids, axes(0))
        places = self._weights.array(prefix + "position_embeddings.weight")
        length = op.gather(op.shape_of(ids), axes(1), axes(0))
        places = op.slice(op.constant(places), axes(0), length, axes(1), axes(0))
        kinds = op.gather(self._weights.constant(prefix + "token_type_embeddings.weight"), segments, axes(0))
        total = op.add(op.add(words, kinds), op.unsqueeze(places, axes(0)))
        return self._normalise(total, prefix + "LayerNorm")

    def transform(self, x: Any, bias: Any, prefix: str) -> Any:
        """One layer: attention over all heads, then the feed-forward part, each added and normalised."""
        query, key, value = (
            self._heads(self.linear(x, f"{prefix}attention.self.{name}")) for name in ("query", "key", "value")
        )
        mixed = op.transpose(op.scaled_dot_product_attention(query, key, value, bias), axes(0, 2, 1, 3))
        mixed = op.reshape(mixed, axes(0, 0, self._width), special_zero=True)
        mixed = self.linear(mixed, prefix + "attention.output.dense")
        x = self._normalise(op.add(mixed, x), prefix + "attention.output.LayerNorm")
        inner = op.gelu(self.linear(x, prefix + "intermediate.dense"), "erf")
        return self._normalise(op.add(self.linear(inner, prefix + "output.dense"), x), prefix + "output.LayerNorm")

    def linear(self, x: Any, prefix: str) -> Any:
        """``x`` times the weights, plus the bias."""
        product = op.matmul(x, self._weights.constant(prefix + ".weight"), transpose_a=False, transpose_b=True)
        return op.add(product, self._weights.constant(prefix + ".bias"))

    def _heads(self, x: Any) -> Any:
        split = op.reshape(x, axes(0, 0, self._heads_count, self._width // self._heads_count), special_zero=True)
        return op.transpose(split, axes(0, 2, 1, 3))

    def _normalise(self, x: Any, prefix: str) -> Any:
        x = op.mvn(x, axes(-1), normalize_variance=True, eps=self._epsilon, eps_mode="INSIDE_SQRT")
        return op.add(
            op.multiply(x, self._weights.constant(prefix + ".weight")), self._weights.constant(prefix + ".bias")
        )


def padding_bias(mask: Any) -> Any:
    """What is added to attention scores, from a mask (float32, 1 for tokens) of shape (batch, length)."""
    return op.multiply(op.subtract(op.unsqueeze(mask, axes(1, 2)), np.float32(1.0)), _MASKED)


def cross_encoder(weights: Weights, *, layers: int, heads: int, epsilon: float = 1e-12) -> ov.Model:
    """A graph from token ids, mask and segments (1 for the second text) to logits of shape (batch, labels).

    The head sees the first token, and the mean and the maximum over the tokens of the second text.
    """
    ids = op.parameter([-1, -1], np.int32, name="ids")
    mask = op.parameter([-1, -1], np.float32, name="mask")
    segments = op.parameter([-1, -1], np.int32, name="segments")
    parts = Layers(weights, heads, epsilon)
    x = parts.embed(ids, segments)
    bias = padding_bias(mask)
    for number in range(layers):
        x = parts.transform(x, bias, f"encoder.layer.{number}.")
    second = op.unsqueeze(op.multiply(op.convert(segments, "f32"), mask), axes(2))
    kept = op.multiply(x, second)
    mean = op.divide(op.reduce_sum(kept, axes(1)), op.maximum(op.reduce_sum(second, axes(1)), np.float32(1.0)))
    most = op.reduce_max(op.add(kept, op.multiply(op.subtract(second, np.float32(1.0)), _MINUS)), axes(1))
    first = op.squeeze(op.slice(x, axes(0), axes(1), axes(1), axes(1)), axes(1))
    logits = parts.linear(op.concat([first, mean, most], -1), "head")
    return ov.Model([logits], [ids, mask, segments], "cross-encoder")
