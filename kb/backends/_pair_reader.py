"""Runs a shipped cross-encoder by OpenVINO: two texts read together, three scores, and how well the second is matched in the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load
from tokenizers import Tokenizer

from kb.backends._batches import batches, encodable, padded
from kb.backends._bert import MARKS, Weights, cross_encoder
from kb.backends._models import bundled_folder
from kb.backends._openvino import cores, floats
from kb.backends._openvino import openvino as ov
from kb.errors import KBError

_REINSTALL: Final = "reinstall evidence-kb"
_BATCH_TOKENS: Final = 2048
_SCORES: Final = 3
_START, _STOP = MARKS
_LEAST: Final = 4
"""The least matched of so many tokens are looked at: where one thing of a claim is missing, the others agree."""


class PairReader:
    """One model of the package, loaded when it is first needed; safe to share between threads.

    ``card`` is the JSON beside the weights; other ``weights`` of the same shape may be named, whose hash is not checked. What goes
    wrong is raised as ``error``, and named by ``role``.
    """

    def __init__(
        self,
        card: Mapping[str, Any],
        *,
        role: str,
        error: type[KBError],
        weights: Path | None = None,
        threads: int | None = None,
    ) -> None:
        self._sha256: str | None = card["sha256"] if weights is None else None
        self._weights = weights or Path(str(files("kb").joinpath("data", card["file"])))
        self._max_tokens: int = card["max_tokens"]
        self._shape = {"layers": card["layers"], "heads": card["heads"], "compared": card.get("compared")}
        self._role, self._error = role, error
        self._threads = threads or cores()
        self._lock = Lock()
        self._request: Any = None
        self._tokenizer: Any = None

    def logits(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Scores of shape (n, 3) of pairs of texts; a first text that is too long loses its end."""
        return self.read(pairs)[0]

    def read(self, pairs: Sequence[tuple[str, str]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scores of shape (n, 3) of pairs of texts, and of shape (n,) how well the second text is matched in the first.

        That is the mean, over the quarter of its tokens that are matched least, of the highest cosine to a token of the first; not a
        number where the model's card names no layer after which they are compared.
        """
        out = np.zeros((len(pairs), _SCORES), np.float32)
        matched = np.full(len(pairs), np.nan, np.float32)
        if not pairs:
            return out, matched
        with self._lock:
            self._open()
            rows = self._encode(pairs)
            try:
                for indices in batches([len(ids) for ids, _ in rows], _BATCH_TOKENS):
                    result = self._request.infer(_inputs([rows[i] for i in indices]))
                    out[indices] = result[0]
                    if len(result) > 1:
                        matched[indices] = [_least(best, rows[i]) for i, best in zip(indices, result[1], strict=True)]
            except RuntimeError as exc:
                msg = f"the {self._role} failed on {len(pairs)} pairs: {exc}"
                raise self._error(msg) from exc
        return out, matched

    def _encode(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[list[int], int]]:
        """Token ids of ``[CLS] first [SEP] second [SEP]``, and where the second starts."""
        texts = [encodable(text) for pair in pairs for text in pair]
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        rows: list[tuple[list[int], int]] = []
        for first, second in zip(encoded[::2], encoded[1::2], strict=True):
            tail = second.ids[: self._max_tokens // 2]
            head = first.ids[: self._max_tokens - 3 - len(tail)]
            rows.append(([_START, *head, _STOP, *tail, _STOP], len(head) + 2))
        return rows

    def _open(self) -> None:
        if self._request is not None:
            return
        try:
            body = self._weights.read_bytes()
            if self._sha256 is not None and sha256(body).hexdigest() != self._sha256:
                msg = f"the weights of the {self._role} are not those that this version ships"
                raise self._error(msg, source=str(self._weights), remedy=_REINSTALL)
            graph = cross_encoder(Weights(load(body)), **self._shape)
            core = ov.Core()
            options = {
                "INFERENCE_PRECISION_HINT": floats(core),
                "INFERENCE_NUM_THREADS": self._threads,
                "NUM_STREAMS": 1,
            }
            compiled = core.compile_model(graph, "CPU", options)
            tokenizer = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
        except (OSError, RuntimeError, KeyError, ValueError, SafetensorError) as exc:
            msg = f"the {self._role} cannot be loaded: {exc}"
            raise self._error(msg, source=str(self._weights), remedy=_REINSTALL) from exc
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._request = compiled.create_infer_request()


def _inputs(rows: Sequence[tuple[list[int], int]]) -> list[NDArray[Any]]:
    """Token ids, mask and segments (1 for the second text), each of shape (batch, length)."""
    ids, mask = padded([row for row, _ in rows])
    segments = np.zeros(ids.shape, np.int32)
    for i, (row, second_at) in enumerate(rows):
        segments[i, second_at : len(row)] = 1
    return [ids, mask, segments]


def _least(best: NDArray[np.float32], row: tuple[list[int], int]) -> float:
    """The mean over the quarter of the second text's tokens that are matched least; of a text without any, as if all were there."""
    ids, second_at = row
    own = np.sort(best[second_at : len(ids) - 1])
    return float(own[: max(1, len(own) // _LEAST)].mean()) if len(own) else 1.0
