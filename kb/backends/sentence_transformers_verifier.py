"""Any NLI or grounding cross-encoder as verifier, through sentence-transformers, with a check that its labels are read right.

Importing this file imports torch, which takes seconds; the verifier in the box does without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import CrossEncoder
from transformers.utils.logging import disable_progress_bar

from kb.backends._judging import FEATURES, LABELS, Calibration, verdicts
from kb.errors import VerifierError
from kb.records import Verdict

_NEVER: Final = -20.0
_NAMES: Final = (
    ("rest", re.compile(r"^(?:not|non|no|un|in)[-_ ]?(?:entail|support|consistent|grounded|factual|faithful)|hallucinat|^fail", re.IGNORECASE)),
    ("supported", re.compile(r"entail|support|consistent|grounded|factual|faithful|^pass", re.IGNORECASE)),
    ("contradicted", re.compile(r"contradict|refute", re.IGNORECASE)),
    ("unclear", re.compile(r"neutral|nei|not[-_ ]?enough|unclear|unknown", re.IGNORECASE)),
)  # fmt: skip
_FAMILIES: Final[tuple[tuple[str, dict[int, str]], ...]] = (
    ("hallucination_evaluation_model", {0: "supported"}),
    ("minicheck", {0: "rest", 1: "supported"}),
    ("factcg", {0: "rest", 1: "supported"}),
    ("cross-encoder/nli", {0: "contradicted", 1: "supported", 2: "unclear"}),
)
"""Models whose own configuration does not name their labels, by part of their name."""
_PROBES: Final = (
    ("The bridge over the river was opened in May 1932.", "The bridge was opened in 1932.", "supported"),
    ("A man is playing a guitar on the stage.", "A man is playing an instrument.", "supported"),
    ("The bridge over the river was opened in May 1932.", "The river was never crossed by a bridge.", "against"),
    ("A man is playing a guitar on the stage.", "Nobody is on the stage.", "against"),
    ("The bridge over the river was opened in May 1932.", "Bread is made of flour and water.", "against"),
)
_THRESHOLD: Final = 0.5


class SentenceTransformersVerifier:
    """The cross-encoder in the folder ``name_or_path``, or of that name in the local cache of the Hugging Face hub.

    Args:
        name_or_path: the model; nothing is downloaded unless ``allow_download``.
        labels: what its outputs mean, by index ('supported', 'unclear', 'contradicted', or 'rest' for 'not supported');
            empty: read from the model's configuration, or known for its family.

    The first use loads it and judges a few plain pairs: where these come out wrong, the labels are read wrong, and the
    verifier refuses to work.
    """

    def __init__(
        self,
        name_or_path: str | Path,
        device: str | None = None,
        *,
        labels: Mapping[int, str] | None = None,
        allow_download: bool = False,
    ) -> None:
        self.name = str(name_or_path)
        self._device = device
        self._labels = dict(labels or {})
        self._allow_download = allow_download
        self._lock = RLock()
        self._model: Any = None
        weights = np.array([[float(i == j) for j in range(len(FEATURES))] for i in range(len(LABELS))])
        self._calibration = Calibration(weights, np.zeros(len(LABELS)), _THRESHOLD, _THRESHOLD)

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """One verdict for each pair of (quote, claim).

        Raises:
            VerifierError: the model is not there, fails, or its labels are read wrong.
        """
        return verdicts(self, self._calibration, pairs)

    def read(self, pairs: Sequence[tuple[str, str]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scores of shape (n, 3): supported, unclear, contradicted; how badly words are matched such a model does not tell."""
        return self._scores(self._open(), pairs), np.zeros(len(pairs), np.float32)

    def _scores(self, model: Any, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        out = np.full((len(pairs), len(LABELS)), _NEVER, np.float32)
        if not pairs:
            return out
        with self._translated("failed"):
            raw = np.asarray(model.predict(list(pairs), activation_fn=_as_is, show_progress_bar=False), np.float64)
        if raw.ndim == 1 or raw.shape[1] == 1:
            column = raw.reshape(-1)
            out[:, 0], out[:, 1] = -np.logaddexp(0.0, -column), -np.logaddexp(0.0, column)
            return out
        logs = raw - np.logaddexp.reduce(raw, axis=1, keepdims=True)
        for index, meaning in self._labels.items():
            place = LABELS.index(meaning) if meaning in LABELS else LABELS.index("unclear")
            out[:, place] = np.logaddexp(out[:, place], logs[:, index])
        return out

    def _open(self) -> Any:
        with self._lock:
            if self._model is None:
                disable_progress_bar()  # type: ignore[no-untyped-call]
                with self._translated("cannot be loaded"):
                    model = CrossEncoder(self.name, device=self._device, local_files_only=not self._allow_download)
                self._labels = self._labels or _read_labels(self.name, model)
                self._check(model)
                self._model = model
            return self._model

    def _check(self, model: Any) -> None:
        """Refuse a model that does not tell plain pairs apart under these labels."""
        scores = self._scores(model, [(quote, claim) for quote, claim, _ in _PROBES])
        supported = scores.argmax(1) == LABELS.index("supported")
        wrong = [
            claim
            for (_, claim, wanted), is_it in zip(_PROBES, supported, strict=True)
            if is_it != (wanted == "supported")
        ]
        if len(wrong) > 1:
            shown = ", ".join(f"{index}: {meaning}" for index, meaning in sorted(self._labels.items()))
            msg = f"under the labels {{{shown}}} {len(wrong)} of {len(_PROBES)} plain pairs are judged wrong, such as {wrong[0]!r}"
            raise VerifierError(msg, source=self.name, remedy="set verifier_labels to what the model's card says")

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError, ValueError, TypeError, KeyError, IndexError, ImportError) as exc:
            msg = f"the verifier {what}: {str(exc).partition(chr(10))[0]}"
            remedy = "" if self._allow_download else "give the folder of the model, or allow its download"
            raise VerifierError(msg, source=self.name, remedy=remedy) from exc


def _as_is(values: Any) -> Any:
    return values


def _read_labels(name: str, model: Any) -> dict[int, str]:
    """What each output means: as the configuration names it, else as known for the family."""
    named = {int(index): str(label) for index, label in model.config.id2label.items()}
    if len(named) == 1:
        return {0: "supported"}
    found: dict[int, str] = {}
    for index, label in named.items():
        meaning = next((meaning for meaning, pattern in _NAMES if pattern.search(label)), None)
        if meaning:
            found[index] = meaning
    if len(found) == len(named) and "supported" in found.values():
        return found
    for part, labels in _FAMILIES:
        if part in name.casefold() and len(labels) == len(named):
            return labels
    shown = ", ".join(f"{index}: {label}" for index, label in sorted(named.items()))
    msg = f"its labels {{{shown}}} do not say what they mean"
    raise VerifierError(msg, source=name, remedy="set verifier_labels, for instance to '0=supported,1=rest'")
