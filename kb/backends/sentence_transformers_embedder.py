"""Any sentence-transformers model (Reimers and Gurevych 2019), on the CPU or a GPU.

Importing this file imports torch, which takes seconds; the default embedder does without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final

import numpy as np
from huggingface_hub import snapshot_download
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from kb.errors import EmbedderError

_MOST_TOKENS: Final = 512
_BATCHES_BETWEEN_REPORTS: Final = 16
_WHAT_MAKES_A_SPACE: Final = ("*.safetensors", "pytorch_model*.bin", "modules.json", "*/config.json")


class SentenceTransformersEmbedder:
    """The model in the folder ``name_or_path``, or of that name in the local cache of the Hugging Face hub.

    ``device`` as torch names it ("cpu", "cuda:0"); None takes a GPU where there is one. Nothing is downloaded unless
    ``allow_download``. The model loads when a vector or a property is first asked for.

    Raises:
        EmbedderError: the model is not there, or failed.
    """

    def __init__(
        self,
        name_or_path: str | Path,
        device: str | None = None,
        batch_size: int = 32,
        *,
        revision: str | None = None,
        allow_download: bool = False,
    ) -> None:
        self._name = str(name_or_path)
        self._device = device
        self._batch_size = batch_size
        self._revision = revision
        self._allow_download = allow_download
        self._lock = RLock()
        self._model: Any = None
        self._fingerprint = ""

    @property
    def fingerprint(self) -> str:
        """Names the weights, the modules after them and the limit, by their hash."""
        model = self._open()
        return f"st:{self._fingerprint[:16]}:{model.max_seq_length}"

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        model = self._open()
        ask = getattr(model, "get_embedding_dimension", None) or model.get_sentence_embedding_dimension
        return int(ask())

    @property
    def max_tokens(self) -> int:
        """Tokens that count, 512 at the most."""
        return int(self._open().max_seq_length)

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Return one unit vector for each text, in order; ``progress`` is called with how many more are done."""
        model = self._open()
        vectors = np.empty((len(texts), self.dimension), np.float32)
        step = self._batch_size * _BATCHES_BETWEEN_REPORTS
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        with self._translated("failed"):
            for start in range(0, len(order), step):
                rows = order[start : start + step]
                vectors[rows] = model.encode(
                    [texts[i] for i in rows],
                    batch_size=self._batch_size,
                    show_progress_bar=False,
                    normalize_embeddings=True,
                )
                if progress is not None:
                    progress(len(rows))
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Number of tokens of each text, without special tokens, not cut off."""
        tokenizer = self._open().tokenizer
        if not texts:
            return []
        with self._translated("has no tokenizer that counts"):
            encoded = tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def _open(self) -> Any:
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> Any:
        local = not self._allow_download
        if local:  # a bar for reading weights from disk would break into the caller's own
            disable_progress_bar()  # type: ignore[no-untyped-call]
        with self._translated("cannot be loaded"):
            model = SentenceTransformer(
                self._name, device=self._device, revision=self._revision, local_files_only=local
            )
            folder = Path(self._name)
            if not folder.is_dir():
                folder = Path(snapshot_download(self._name, revision=self._revision, local_files_only=True))
            self._fingerprint = _digest(folder)
        model.max_seq_length = min(model.max_seq_length or _MOST_TOKENS, _MOST_TOKENS)
        return model

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError, ValueError, TypeError, KeyError, ImportError) as exc:
            msg = f"the embedding model {what}: {str(exc).partition(chr(10))[0]}"
            remedy = "" if self._allow_download else "give the folder of the model, or allow its download"
            raise EmbedderError(msg, source=self._name, remedy=remedy) from exc


def _digest(folder: Path) -> str:
    """Hash of the files that decide what the vectors mean; names count relative to the folder."""
    total = hashlib.sha256()
    files = sorted({file for pattern in _WHAT_MAKES_A_SPACE for file in folder.glob(pattern)})
    if not any(file.suffix in {".safetensors", ".bin"} for file in files):
        msg = f"no weights in {folder}"
        raise ValueError(msg)
    for file in files:
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        total.update(f"{file.relative_to(folder).as_posix()}\0{digest}\n".encode())
    return total.hexdigest()
