"""An embedder that remembers: in a running process the same sentences and phrases are met again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb.interfaces import Embedder

_MOST: Final = 20_000
"""Vectors that are kept: 31 MB at 384 dimensions."""


class RememberingEmbedder:
    """Passes texts on to another embedder, each once as long as it is remembered; the least recently used go first."""

    def __init__(self, inner: Embedder, most: int = _MOST) -> None:
        self._inner = inner
        self._most = most
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    @property
    def fingerprint(self) -> str:
        """That of the other embedder: the vectors are the same."""
        return self._inner.fingerprint

    @property
    def dimension(self) -> int:
        """As the other embedder has it."""
        return self._inner.dimension

    @property
    def max_tokens(self) -> int:
        """As the other embedder reads them."""
        return self._inner.max_tokens

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """One unit vector for each text, in order.

        Raises:
            EmbedderError: the model cannot be loaded or fails; nothing is remembered of that call.
        """
        with self._lock:
            found = {text: self._known[text] for text in dict.fromkeys(texts) if text in self._known}
            for text in found:
                self._known.move_to_end(text)
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            found.update(zip(new, self._inner.embed(new, progress=progress), strict=True))
            self._remember({text: found[text].copy() for text in new})
        if progress is not None and len(texts) > len(new):
            progress(len(texts) - len(new))
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([found[text] for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the other embedder counts them."""
        return self._inner.count_tokens(texts)

    def _remember(self, vectors: dict[str, NDArray[np.float32]]) -> None:
        with self._lock:
            self._known.update(vectors)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
