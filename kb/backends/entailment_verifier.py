"""The verifier in the box: a small cross-encoder trained for 'does this quote support this claim?', run by OpenVINO."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
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

from kb.backends._bert import Weights, cross_encoder
from kb.backends._judging import LABELS, Calibration, shipped, verdicts
from kb.backends._models import bundled_folder
from kb.backends._openvino import openvino as ov
from kb.errors import VerifierError
from kb.records import Verdict

_REINSTALL: Final = "reinstall evidence-kb"
_CARD: Final = "verifier.json"
_BATCH_TOKENS: Final = 2048
_STEP: Final = 8
_START, _STOP = 101, 102


class EntailmentVerifier:
    """Judges by the shipped model, with rules beside it (numbers, negation, opposite words) and calibrated thresholds.

    A verdict is 'supported' or 'contradicted' only where it is sure enough by the thresholds in the model's card; what is
    uncertain is 'unclear'.
    """

    def __init__(self, weights: Path | None = None, threads: int | None = None) -> None:
        card = shipped(_CARD)
        self.name: str = card["name"]
        self._sha256: str | None = card["sha256"] if weights is None else None
        self._weights = weights or Path(str(files("kb").joinpath("data", card["file"])))
        self._calibration = Calibration.of(card["calibration"])
        self._max_tokens: int = card["max_tokens"]
        self._shape = {"layers": card["layers"], "heads": card["heads"]}
        self._threads = threads or _cores()
        self._lock = Lock()
        self._request: Any = None
        self._tokenizer: Any = None

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """One verdict for each pair of (quote, claim).

        Raises:
            VerifierError: the model cannot be loaded or fails.
        """
        return verdicts(self, self._calibration, pairs)

    def logits(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Scores of shape (n, 3): supported, unclear, contradicted, before calibration."""
        out = np.zeros((len(pairs), len(LABELS)), np.float32)
        if not pairs:
            return out
        with self._lock:
            self._open()
            rows = self._encode(pairs)
            try:
                for indices in _batches([len(ids) for ids, _ in rows]):
                    out[indices] = self._request.infer(_padded([rows[i] for i in indices]))[0]
            except RuntimeError as exc:
                msg = f"the verifier failed on {len(pairs)} pairs: {exc}"
                raise VerifierError(msg) from exc
        return out

    def _encode(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[list[int], int]]:
        """Token ids of ``[CLS] quote [SEP] claim [SEP]``, and where the claim starts; a long quote loses its end."""
        texts = [text.encode("utf-8", "replace").decode("utf-8") for pair in pairs for text in pair]
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        rows: list[tuple[list[int], int]] = []
        for quote, claim in zip(encoded[::2], encoded[1::2], strict=True):
            tail = claim.ids[: self._max_tokens // 2]
            head = quote.ids[: self._max_tokens - 3 - len(tail)]
            rows.append(([_START, *head, _STOP, *tail, _STOP], len(head) + 2))
        return rows

    def _open(self) -> None:
        if self._request is not None:
            return
        try:
            body = self._weights.read_bytes()
            if self._sha256 is not None and sha256(body).hexdigest() != self._sha256:
                msg = "the weights of the verifier are not those that this version ships"
                raise VerifierError(msg, source=str(self._weights), remedy=_REINSTALL)
            graph = cross_encoder(Weights(load(body)), **self._shape)
            core = ov.Core()
            bfloat = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
            options = {
                "INFERENCE_PRECISION_HINT": "bf16" if bfloat else "f32",
                "INFERENCE_NUM_THREADS": self._threads,
                "NUM_STREAMS": 1,
            }
            compiled = core.compile_model(graph, "CPU", options)
            tokenizer = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
        except (OSError, RuntimeError, KeyError, ValueError, SafetensorError) as exc:
            msg = f"the verifier cannot be loaded: {exc}"
            raise VerifierError(msg, source=str(self._weights), remedy=_REINSTALL) from exc
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._request = compiled.create_infer_request()


def _padded(rows: Sequence[tuple[list[int], int]]) -> list[NDArray[Any]]:
    """Token ids, mask and segments, each of shape (batch, length)."""
    size = -(-max(len(ids) for ids, _ in rows) // _STEP) * _STEP
    ids = np.zeros((len(rows), size), np.int32)
    mask = np.zeros(ids.shape, np.float32)
    segments = np.zeros(ids.shape, np.int32)
    for i, (row, claim_at) in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1.0
        segments[i, claim_at : len(row)] = 1
    return [ids, mask, segments]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    while order:
        size = max(1, _BATCH_TOKENS // lengths[order[0]])
        yield order[:size]
        order = order[size:]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
