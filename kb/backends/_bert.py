"""BERT encoders as OpenVINO graphs, from named weights; linear layers may be stored in int8 with one scale a row.

Architecture: Devlin et al. 2019 (BERT), Wang et al. 2020 (MiniLM), Reimers and Gurevych 2019 (mean pooling).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kb.backends._openvino import openvino as ov
from kb.backends._openvino import opset15 as op
from kb.backends._rounding import Ranges, levels, whole

_MASKED: Final = np.float32(3e4)
"""Subtracted from attention scores of padding: exact zero weight after the softmax, yet finite in bfloat16."""
_MINUS: Final = np.float32(1e4)
MARKS: Final = (101, 102)
"""The tokens that start a pair and end each of its texts."""
_BALANCE: Final = 0.8
"""Of sizes between inputs and weights in eight bits; 0.6 to 0.9 give less agreement with exact vectors."""
_BALANCE_MIXED: Final = 0.5
"""For the output of attention, which varies more from text to text."""


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
            return op.constant(self.array(name), shared_memory=True)
        scale = self._values[name + ".scale"].astype(np.float32)[:, None]
        return op.multiply(op.convert(op.constant(self._values[name + ".q8"]), "f32"), op.constant(scale))

    def table(self, name: str) -> Any:
        """The weights as a node that rows are taken from: float, as the runtime would scale all of int8 for each row."""
        return op.constant(self.array(name), shared_memory=name in self._values)


class Layers:
    """The parts of a BERT encoder over named weights."""

    def __init__(self, weights: Weights, heads: int, epsilon: float) -> None:
        self._weights = weights
        self._epsilon = epsilon
        self._split = heads
        self._width = len(weights.array("embeddings.LayerNorm.weight"))

    def embed(self, ids: Any, segments: Any = None) -> Any:
        """Words, positions and segments: int32 of shape (batch, length); without ``segments`` all tokens are of the first."""
        prefix = "embeddings."
        words = op.gather(self._weights.table(prefix + "word_embeddings.weight"), ids, axes(0))
        places = self._weights.array(prefix + "position_embeddings.weight")
        if segments is None:
            places = places + self._weights.array(prefix + "token_type_embeddings.weight")[0]
        else:
            kinds = op.gather(self._weights.constant(prefix + "token_type_embeddings.weight"), segments, axes(0))
            words = op.add(words, kinds)
        length = op.gather(op.shape_of(ids), axes(1), axes(0))
        places = op.slice(op.constant(places), axes(0), length, axes(1), axes(0))
        return self._normalise(op.add(words, op.unsqueeze(places, axes(0))), prefix + "LayerNorm")

    def transform(self, x: Any, bias: Any, prefix: str, wanted: Any = None) -> Any:
        """One layer: attention over all heads, then the feed-forward part, each added and normalised.

        With ``wanted``, places of shape (batch, n), only of the tokens there, each of which still sees all: what the others would
        become is not computed.
        """
        shared = [f"{prefix}attention.self.{name}" for name in ("query", "key", "value")]
        if wanted is None:
            products = self.products(x, shared)
        else:
            seen = self.products(x, shared[1:])
            x = op.gather(x, wanted, axes(1), 1)
            products = [self.linear(x, shared[0]), *seen]
        query, key, value = map(self._heads, products)
        mixed = op.transpose(op.scaled_dot_product_attention(query, key, value, bias), axes(0, 2, 1, 3))
        mixed = op.reshape(mixed, axes(0, 0, self._width), special_zero=True)
        mixed = self.linear(mixed, prefix + "attention.output.dense")
        x = self._normalise(op.add(mixed, x), prefix + "attention.output.LayerNorm")
        inner = op.gelu(self.linear(x, prefix + "intermediate.dense"), "erf")
        return self._normalise(op.add(self.linear(inner, prefix + "output.dense"), x), prefix + "output.LayerNorm")

    def linear(self, x: Any, prefix: str) -> Any:
        """``x`` times the weights, plus the bias."""
        return self.products(x, [prefix])[0]

    def products(self, x: Any, prefixes: Sequence[str]) -> list[Any]:
        """One input times each of several weights, plus their biases."""
        x, weights = self.factors(x, prefixes)
        return [
            op.add(op.matmul(x, weight, transpose_a=False, transpose_b=True), self._weights.constant(prefix + ".bias"))
            for weight, prefix in zip(weights, prefixes, strict=True)
        ]

    def factors(self, x: Any, prefixes: Sequence[str]) -> tuple[Any, list[Any]]:
        """The input and the weights as they are multiplied; here as they are stored."""
        return x, [self._weights.constant(prefix + ".weight") for prefix in prefixes]

    def _heads(self, x: Any) -> Any:
        split = op.reshape(x, axes(0, 0, self._split, self._width // self._split), special_zero=True)
        return op.transpose(split, axes(0, 2, 1, 3))

    def _normalise(self, x: Any, prefix: str) -> Any:
        x = op.mvn(x, axes(-1), normalize_variance=True, eps=self._epsilon, eps_mode="INSIDE_SQRT")
        return op.add(
            op.multiply(x, self._weights.constant(prefix + ".weight")), self._weights.constant(prefix + ".bias")
        )


class RoundedLayers(Layers):
    """The same with products in eight bits; an input whose ranges are not known is rounded as it comes, at run time."""

    def __init__(self, weights: Weights, heads: int, epsilon: float, ranges: Ranges) -> None:
        super().__init__(weights, heads, epsilon)
        self._ranges = ranges

    def factors(self, x: Any, prefixes: Sequence[str]) -> tuple[Any, list[Any]]:
        """Input and weights in eight bits."""
        weights = [self._weights.array(prefix + ".weight") for prefix in prefixes]
        if (known := self._ranges.get(prefixes[0])) is not None:
            balance = _BALANCE_MIXED if prefixes[0].endswith("attention.output.dense") else _BALANCE
            chosen = levels(known, weights, balance)
            weights = [weight * chosen.spread for weight in weights]
            ends = [op.constant(np.float32(end)) for end in (chosen.low, chosen.high)]
            x = op.fake_quantize(op.multiply(x, op.constant((1 / chosen.spread)[None, None])), *ends, *ends, 256)
        parts = [whole(weight) for weight in weights]
        return x, [op.multiply(op.convert(op.constant(numbers), "f32"), op.constant(scale)) for numbers, scale in parts]


def padding_bias(mask: Any) -> Any:
    """What is added to attention scores, from a mask (float32, 1 for tokens) of shape (batch, length)."""
    return op.multiply(op.subtract(op.unsqueeze(mask, axes(1, 2)), np.float32(1.0)), _MASKED)


def sentence_encoder(parts: Layers, *, layers: int) -> ov.Model:
    """A graph from token ids and mask to unit vectors of shape (batch, width): the mean over all tokens, normalised."""
    ids = op.parameter([-1, -1], np.int32, name="ids")
    mask = op.parameter([-1, -1], np.float32, name="mask")
    x = parts.embed(ids)
    bias = padding_bias(mask)
    for number in range(layers):
        x = parts.transform(x, bias, f"encoder.layer.{number}.")
    # the sum points where the mean points; the length is normalised away
    pooled = op.reduce_sum(op.multiply(x, op.unsqueeze(mask, axes(2))), axes(1))
    return ov.Model([op.normalize_l2(pooled, axes(1), 1e-24, "add")], [ids, mask], "encoder")


def cross_encoder(
    weights: Weights, *, layers: int, heads: int, compared: int | None = None, epsilon: float = 1e-12
) -> ov.Model:
    """A graph from token ids, mask, segments (1 for the second text) and places to logits of shape (batch, labels).

    The head sees the first token, and the mean and the maximum over the tokens of the second text: the last layer makes no others.
    Where these stand is what ``places`` says, int32 of shape (batch, n): the first of a row, then those of the second text, then 0.
    With ``compared``, a second output of shape (batch, length) says how well each token is matched after so many layers
    (:func:`best_matches`).

    Raises:
        ValueError: ``compared`` is not before the last layer, which makes too few tokens to compare.
    """
    if compared is not None and compared >= layers:
        msg = f"tokens can be compared after {layers - 1} layers at most, not after {compared}"
        raise ValueError(msg)
    ids = op.parameter([-1, -1], np.int32, name="ids")
    mask = op.parameter([-1, -1], np.float32, name="mask")
    segments = op.parameter([-1, -1], np.int32, name="segments")
    places = op.parameter([-1, -1], np.int32, name="places")
    parts = Layers(weights, heads, epsilon)
    x = parts.embed(ids, segments)
    bias = padding_bias(mask)
    second = op.multiply(op.convert(segments, "f32"), mask)
    matches = []
    for number in range(layers):
        x = parts.transform(x, bias, f"encoder.layer.{number}.", places if number + 1 == layers else None)
        if number + 1 == compared:
            matches.append(best_matches(x, op.multiply(words_of(ids, mask), op.subtract(np.float32(1.0), second))))
    second = op.unsqueeze(op.gather(second, places, axes(1), 1), axes(2))
    kept = op.multiply(x, second)
    mean = op.divide(op.reduce_sum(kept, axes(1)), op.maximum(op.reduce_sum(second, axes(1)), np.float32(1.0)))
    most = op.reduce_max(op.add(kept, op.multiply(op.subtract(second, np.float32(1.0)), _MINUS)), axes(1))
    first = op.squeeze(op.slice(x, axes(0), axes(1), axes(1), axes(1)), axes(1))
    logits = parts.linear(op.concat([first, mean, most], -1), "head")
    return ov.Model([logits, *matches], [ids, mask, segments, places], "cross-encoder")


def words_of(ids: Any, mask: Any) -> Any:
    """The mask without the tokens that start and end a text."""
    for mark in MARKS:
        mask = op.multiply(mask, op.convert(op.not_equal(ids, np.int32(mark)), "f32"))
    return mask


def best_matches(x: Any, first: Any) -> Any:
    """Of each token's vector in ``x`` (batch, length, width) the highest cosine to one that ``first`` marks: (batch, length).

    -1 where none is marked. As in BERTScore (Zhang et al., 2020), but the vectors are of texts that were read together.
    """
    unit = op.normalize_l2(x, axes(2), 1e-24, "add")
    cosines = op.matmul(unit, unit, transpose_a=False, transpose_b=True)
    above = op.multiply(op.add(cosines, np.float32(1.0)), op.unsqueeze(first, axes(1)))
    return op.subtract(op.reduce_max(above, axes(2)), np.float32(1.0))
