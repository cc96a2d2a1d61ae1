"""A light reference embedder: hashed words and character trigrams, no model, the same in every process."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

_WORD: Final = re.compile(r"\w+")
_SUFFIX: Final = re.compile(r"(?<=\w{3})(?:ings?|edly|ed|es|s|ly)$")
_SHORT: Final = 3
_SHORT_WEIGHT: Final = 0.25  # stands in for inverse document frequency: most function words are short
_TRIGRAM_WEIGHT: Final = 0.35
_DEFAULT_TOKENS: Final = 512


class HashEmbedder:
    """Feature hashing (Weinberger et al. 2009) of stems and trigrams into ``dimension`` signed cells.

    Texts that share words or parts of words are similar, all others nearly orthogonal; meaning plays no part.
    """

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.max_tokens = _DEFAULT_TOKENS
        self.fingerprint = f"hash:1:{dimension}"

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Return one unit vector for each text, in order; ``progress`` is called with how many more are done."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            self._fill(row, text)
            if progress is not None:
                progress(1)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Number of words of each text."""
        return [sum(1 for _ in _WORD.finditer(text)) for text in texts]

    def _fill(self, row: NDArray[np.float32], text: str) -> None:
        words = _WORD.findall(text.lower())[: self.max_tokens]
        for word, count in Counter(words).items():
            for cell, weight in _features(word, self.dimension):
                row[cell] += weight * sqrt(count)
        length = float(np.linalg.norm(row))
        if length == 0.0:
            row[_cell(text, self.dimension)[0]] = 1.0
        else:
            row /= length


@lru_cache(maxsize=1 << 16)
def _features(word: str, dimension: int) -> tuple[tuple[int, float], ...]:
    return tuple(_hashed(word, dimension))


def _hashed(word: str, dimension: int) -> Iterator[tuple[int, float]]:
    scale = 1.0 if len(word) > _SHORT else _SHORT_WEIGHT
    stem = _SUFFIX.sub("", word)
    cell, sign = _cell(stem, dimension)
    yield cell, sign * scale
    padded = f"<{stem}>"
    grams = [padded[i : i + 3] for i in range(len(padded) - 2)]
    for gram in grams:
        cell, sign = _cell("#" + gram, dimension)
        yield cell, sign * scale * _TRIGRAM_WEIGHT / sqrt(len(grams))


def _cell(feature: str, dimension: int) -> tuple[int, int]:
    """Cell and sign of a feature; Python's own ``hash`` differs between processes."""
    value = int.from_bytes(blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return (value >> 1) % dimension, 1 if value & 1 else -1
