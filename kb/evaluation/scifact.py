"""Checking claims end to end, scored as the SciFact task defines it (Wadden et al., 'Fact or Fiction', EMNLP 2020).

No gold document is given: abstracts are found in the whole corpus. *Abstract level*: a predicted abstract counts if its label is
right (label only) and, with rationales, if at most three predicted sentences of it hold a whole gold rationale. *Sentence level*:
a predicted sentence counts if it is in a gold rationale all sentences of which were predicted (selection only), and if the
abstract's label is right as well (selection and label).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from kb.app import KnowledgeBase
from kb.errors import NotFoundError, RecordError
from kb.evaluation.metrics import F1
from kb.records import Document, Judged

MOST_SENTENCES: Final = 3
"""Predicted rationale sentences of an abstract that count, by the rules of the task."""
_LABELS: Final = {"supported": "SUPPORT", "contradicted": "CONTRADICT"}

Evidence = Mapping[str, tuple[str, tuple[frozenset[int], ...]]]
"""By abstract: its label and its gold rationales."""
Prediction = Mapping[str, tuple[str, tuple[int, ...]]]
"""By abstract: its label and its predicted sentences, surest first."""


@dataclass(frozen=True, slots=True)
class SciFactClaim:
    """A claim with its gold evidence."""

    id: str
    text: str
    gold: Evidence


@dataclass(frozen=True, slots=True)
class SciFactFigures:
    """F1 of the four measures, over all claims."""

    claims: int
    label_only: F1
    label_rationale: F1
    selection_only: F1
    selection_label: F1
    verifier: str
    median_ms: float

    def to_json(self) -> dict[str, Any]:
        """All figures as one JSON object."""
        return {
            "claims": self.claims,
            "abstract_label_only": _f1(self.label_only),
            "abstract_label_rationale": _f1(self.label_rationale),
            "sentence_selection_only": _f1(self.selection_only),
            "sentence_selection_label": _f1(self.selection_label),
            "verifier": self.verifier,
            "median_ms": round(self.median_ms, 1),
        }


def claims_in(folder: Path) -> Path:
    """The file of claims in ``folder``: ``claims_dev.jsonl``, else ``claims_train.jsonl``, else the first.

    Raises:
        NotFoundError: there is none.
    """
    found = sorted(folder.glob("claims_*.jsonl"))
    for name in ("claims_dev.jsonl", "claims_train.jsonl"):
        if folder / name in found:
            return folder / name
    if found:
        return found[0]
    msg = "no claims_*.jsonl lies in this folder"
    raise NotFoundError(msg, source=str(folder), remedy="name one with --claims")


def read_claims(path: Path) -> list[SciFactClaim]:
    """Read ``claims_*.jsonl`` of SciFact.

    Raises:
        RecordError: a line is no such claim.
    """
    found: list[SciFactClaim] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            body = json.loads(line)
            gold = {
                str(abstract): (parts[0]["label"], tuple(frozenset(part["sentences"]) for part in parts))
                for abstract, parts in (body.get("evidence") or {}).items()
            }
            found.append(SciFactClaim(str(body["id"]), body["claim"], gold))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as exc:
            msg = f"line {number} is no claim of SciFact: {type(exc).__name__}: {exc}"
            raise RecordError(msg, source=str(path), remedy='each line needs "id", "claim" and "evidence"') from exc
    return found


def read_abstracts(path: Path) -> dict[str, list[str]]:
    """The sentences of each abstract, by id, from ``corpus_sentences.jsonl`` (or SciFact's ``corpus.jsonl``)."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return {str(row["doc_id"]): list(row["abstract"]) for row in rows}


def predict(
    base: KnowledgeBase,
    claims: Sequence[SciFactClaim],
    abstracts: Mapping[str, list[str]],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[Prediction], list[float], str]:
    """Check every claim; returns for each its prediction and the seconds it took, and who judged."""
    checker = base.checker()
    predictions: list[Prediction] = []
    seconds: list[float] = []
    for claim in claims:
        started = time.perf_counter()
        judged = checker.weigh(claim.text).judged
        seconds.append(time.perf_counter() - started)
        predictions.append(_prediction(base, judged, abstracts))
        if progress is not None:
            progress(len(predictions), len(claims))
    return predictions, seconds, checker.verifier


def score(
    claims: Sequence[SciFactClaim], predictions: Sequence[Prediction], seconds: Sequence[float], verifier: str
) -> SciFactFigures:
    """Score predictions as the task does."""
    pairs = list(zip(claims, predictions, strict=True))
    abstracts = sum(len(prediction) for prediction in predictions)
    gold_abstracts = sum(len(claim.gold) for claim in claims)
    sentences = sum(len(chosen) for prediction in predictions for _, chosen in prediction.values())
    gold_sentences = sum(len(_all_sentences(gold)) for claim in claims for gold in claim.gold.values())
    counts = [_counts(claim.gold, prediction) for claim, prediction in pairs]
    label_only, label_rationale, selection, selection_label = (sum(column) for column in zip(*counts, strict=True))
    return SciFactFigures(
        len(claims),
        F1.of(label_only, abstracts, gold_abstracts),
        F1.of(label_rationale, abstracts, gold_abstracts),
        F1.of(selection, sentences, gold_sentences),
        F1.of(selection_label, sentences, gold_sentences),
        verifier,
        1000 * median(seconds) if seconds else 0.0,
    )


def _counts(gold: Evidence, prediction: Prediction) -> tuple[int, int, int, int]:
    """What counts of one claim, for each of the four measures."""
    label_only = label_rationale = selection = selection_label = 0
    for abstract, (label, chosen) in prediction.items():
        if abstract not in gold:
            continue
        gold_label, rationales = gold[abstract]
        predicted = set(chosen)
        right = label == gold_label
        whole = any(rationale <= set(chosen[:MOST_SENTENCES]) for rationale in rationales)
        selected = {sentence for rationale in rationales if rationale <= predicted for sentence in rationale}
        label_only += right
        label_rationale += right and whole
        selection += len(selected)
        selection_label += len(selected) if right else 0
    return label_only, label_rationale, selection, selection_label


def _prediction(base: KnowledgeBase, judged: Iterable[Judged], abstracts: Mapping[str, list[str]]) -> Prediction:
    """By abstract: the label of the surest quote that decides, and the sentences of all quotes that agree with it."""
    decided = sorted((item for item in judged if item.verdict.label != "unclear"), key=lambda item: -item.verdict.score)
    sources = base.catalog.read.sources({item.evidence.source_id for item in decided})
    documents = base.catalog.read.documents({item.evidence.document_id for item in decided})
    labels: dict[str, str] = {}
    chosen: dict[str, list[int]] = {}
    for item in decided:
        abstract = sources[item.evidence.source_id].external_id
        label = _LABELS[item.verdict.label]
        if labels.setdefault(abstract, label) != label or abstract not in abstracts:
            continue
        document = documents[item.evidence.document_id]
        numbers = numbers_of(item.evidence.start, item.evidence.end, document, abstracts[abstract])
        row = chosen.setdefault(abstract, [])
        row.extend(number for number in numbers if number not in row)
    return {name: (labels[name], tuple(row[:MOST_SENTENCES])) for name, row in chosen.items() if row}


def numbers_of(quote_start: int, quote_end: int, document: Document, sentences: Sequence[str]) -> list[int]:
    """Which sentences of the abstract a quote holds: those of which it covers half, or that hold half of it."""
    found: list[int] = []
    at = 0
    for number, sentence in enumerate(sentences):
        start = document.text.find(sentence.strip(), at)
        if start < 0:
            continue
        at = start + len(sentence.strip())
        common = min(at, quote_end) - max(start, quote_start)
        if 2 * common >= min(at - start, quote_end - quote_start):
            found.append(number)
    return found


def _all_sentences(gold: tuple[str, tuple[frozenset[int], ...]]) -> frozenset[int]:
    return frozenset().union(*gold[1])


def _f1(value: F1) -> dict[str, float]:
    return {
        "precision": round(value.precision, 4),
        "recall": round(value.recall, 4),
        "f1": round(value.f1, 4),
    }
