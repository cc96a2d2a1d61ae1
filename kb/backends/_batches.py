"""What the small models share before they run: text that a tokenizer takes, and batches of about equal work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_LENGTH_STEP: Final = 8  # few distinct shapes, so that few executors are compiled and kept


def encodable(text: str) -> str:
    """``text`` with lone surrogates, which a tokenizer refuses, replaced one character for one."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Indices in batches of at most ``tokens`` padded tokens (one row at least), longest first.

    The largest buffers are then made once, and rows of about one length stand together.
    """
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    while order:
        size = max(1, tokens // _round_up(lengths[order[0]]))
        yield order[:size]
        order = order[size:]


def padded(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Token ids and mask (1 where there is a token), both of shape (batch, length)."""
    ids = np.zeros((len(rows), _round_up(max(map(len, rows)))), np.int32)
    mask = np.zeros(ids.shape, np.float32)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1.0
    return ids, mask


def _round_up(length: int) -> int:
    return -(-length // _LENGTH_STEP) * _LENGTH_STEP
