"""The graph of how well each token is matched, against the same in numpy."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kb.backends._bert import MARKS, best_matches, words_of
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
