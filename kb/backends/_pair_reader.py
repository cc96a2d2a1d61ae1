"""Runs a shipped cross-encoder by OpenVINO: two texts read together, three scores, and how badly the second is matched in the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

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


class Matching(NamedTuple):
    """How a card wants the tokens of the second text to be matched in the first.

    After ``layer`` layers each has a highest cosine to a token of the first. The mean over the ``least`` matched share is looked at, as
    where one thing of a claim is missing the others agree; it counts in ``spread`` from the ``middle``.
    """

    layer: int
    least: float
    middle: float
    spread: float

    def lacking(self, best: NDArray[np.float32]) -> float:
        """How badly the tokens with these highest cosines are matched, in spreads from the middle; 0 without any."""
        if not len(best):
            return 0.0
        least = np.sort(best)[: max(1, int(len(best) * self.least))]
        return (self.middle - float(least.mean())) / self.spread


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
        self._layers: int = card["layers"]
        self._heads: int = card["heads"]
        self._matching = Matching(**card["matching"]) if "matching" in card else None
        self._role, self._error = role, error
        self._threads = threads or cores()
        self._lock = Lock()
        self._request: Any = None
        self._tokenizer: Any = None

    def read(self, pairs: Sequence[tuple[str, str]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scores of shape (n, 3) of pairs of texts, and of shape (n,) how badly the second text is matched in the first.

        A first text that is too long loses its end. The second is as :class:`Matching` tells, above 0 where it is matched worse than in
        the middle; 0 where the model's card names none.
        """
        out = np.zeros((len(pairs), _SCORES), np.float32)
        unmatched = np.zeros(len(pairs), np.float32)
        if not pairs:
            return out, unmatched
        with self._lock:
            self._open()
            rows = self._encode(pairs)
            try:
                for indices in batches([len(ids) for ids, _ in rows], _BATCH_TOKENS):
                    result = self._request.infer(_inputs([rows[i] for i in indices]))
                    out[indices] = result[0]
                    if self._matching is not None:
                        for i, best in zip(indices, result[1], strict=True):
                            ids, second_at = rows[i]
                            unmatched[i] = self._matching.lacking(best[second_at : len(ids) - 1])
            except RuntimeError as exc:
                msg = f"the {self._role} failed on {len(pairs)} pairs: {exc}"
                raise self._error(msg) from exc
        return out, unmatched

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
            compared = self._matching.layer if self._matching else None
            graph = cross_encoder(Weights(load(body)), layers=self._layers, heads=self._heads, compared=compared)
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
    """Token ids, mask and segments (1 for the second text), each of shape (batch, length), and the places of :func:`cross_encoder`."""
    ids, mask = padded([row for row, _ in rows])
    segments = np.zeros(ids.shape, np.int32)
    places, _ = padded([[0, *range(second_at, len(row))] for row, second_at in rows])
    for i, (row, second_at) in enumerate(rows):
        segments[i, second_at : len(row)] = 1
    return [ids, mask, segments, places]
