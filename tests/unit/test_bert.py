"""The graph of how well each token is matched, against the same in numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kb.backends._bert import MARKS, Layers, Weights, best_matches, cross_encoder, padding_bias, words_of
from kb.backends._openvino import openvino as ov
from kb.backends._openvino import opset15 as op


def _run(graph: ov.Model, *values: NDArray[np.generic]) -> NDArray[np.float32]:
    compiled = ov.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    result: NDArray[np.float32] = compiled(list(values))[0]
    return result


@given(st.integers(1, 3), st.integers(1, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_each_token_has_its_nearest_among_the_marked(rows: int, length: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=(rows, length, 4)).astype(np.float32)
    marked = (chance.random((rows, length)) < 0.5).astype(np.float32)
    x, first = op.parameter([-1, -1, 4], np.float32), op.parameter([-1, -1], np.float32)
    found = _run(ov.Model([best_matches(x, first)], [x, first], "matches"), vectors, marked)
    unit = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    cosines = np.where(marked[:, None, :] > 0, unit @ unit.transpose(0, 2, 1), -1.0)
    np.testing.assert_allclose(found, cosines.max(-1), atol=1e-5)


def test_tokens_that_start_and_end_a_text_are_no_words() -> None:
    ids, mask = op.parameter([-1, -1], np.int32), op.parameter([-1, -1], np.float32)
    start, stop = MARKS
    given_ids = np.array([[start, 7, 8, stop, 9, stop, 0]], np.int32)
    given_mask = np.array([[1, 1, 1, 1, 1, 1, 0]], np.float32)
    found = _run(ov.Model([words_of(ids, mask)], [ids, mask], "words"), given_ids, given_mask)
    assert found.tolist() == [[0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0]]


def _weights(chance: np.random.Generator, width: int) -> Weights:
    """Of one layer, random."""
    inner = 2 * width
    shapes = {f"attention.self.{name}": (width, width) for name in ("query", "key", "value")}
    shapes |= {
        "attention.output.dense": (width, width),
        "intermediate.dense": (inner, width),
        "output.dense": (width, inner),
    }
    values = {"embeddings.LayerNorm.weight": np.ones(width, np.float32)}
    for name, (rows, columns) in shapes.items():
        values[f"0.{name}.weight"] = chance.normal(size=(rows, columns)).astype(np.float32) / width**0.5
        values[f"0.{name}.bias"] = chance.normal(size=rows).astype(np.float32)
    for name in ("attention.output.LayerNorm", "output.LayerNorm"):
        values[f"0.{name}.weight"] = chance.normal(size=width).astype(np.float32)
        values[f"0.{name}.bias"] = chance.normal(size=width).astype(np.float32)
    return Weights(values)


@given(st.integers(1, 3), st.integers(1, 9), st.integers(1, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_a_layer_makes_the_wanted_tokens_as_it_makes_all(rows: int, length: int, count: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    width = 8
    x, mask = op.parameter([-1, -1, width], np.float32), op.parameter([-1, -1], np.float32)
    wanted = op.parameter([-1, -1], np.int32)
    parts = Layers(_weights(chance, width), 2, 1e-12)
    vectors = chance.normal(size=(rows, length, width)).astype(np.float32)
    there = (np.arange(length) < chance.integers(1, length + 1, size=(rows, 1))).astype(np.float32)
    places = chance.integers(0, length, size=(rows, count)).astype(np.int32)
    bias = padding_bias(mask)
    whole = _run(ov.Model([parts.transform(x, bias, "0.")], [x, mask], "all"), vectors, there)
    some = _run(ov.Model([parts.transform(x, bias, "0.", wanted)], [x, mask, wanted], "some"), vectors, there, places)
    np.testing.assert_allclose(some, np.take_along_axis(whole, places[:, :, None], 1), atol=1e-4)


def test_tokens_are_not_compared_after_the_last_layer() -> None:
    with pytest.raises(ValueError, match="after 5 layers at most"):
        cross_encoder(Weights({}), layers=6, heads=2, compared=6)
