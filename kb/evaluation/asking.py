"""How well ``kb ask`` tells what it can answer from what it cannot, and how often it cites the right sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kb.app import KnowledgeBase
from kb.evaluation.metrics import (
    Interval,
    area_under,
    auc,
    bootstrap,
    ece,
    reliability,
    risk_at,
    risk_coverage,
)
from kb.evaluation.questions import Question, is_gold
from kb.records import Answer

CHANNELS: Final = ("dense", "lexical", "hybrid")
_THRESHOLD: Final = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: how sure the answer is, whether a cited sentence is gold, the best score of each channel, the time."""

    question: Question
    confidence: float
    gold: bool
    best_scores: Mapping[str, float]
    seconds: float


@dataclass(frozen=True, slots=True)
class AskingFigures:
    """The figures over all questions; intervals hold 95 %.

    ``risk`` counts an answer as wrong where the corpus has none; ``strict`` also where no cited sentence is a gold one.
    """

    questions: int
    answerable: int
    auc: Interval
    retrieval_auc: Mapping[str, float]
    gain: Interval
    ece: float
    ece_strict: float
    reliability: Sequence[tuple[float, float, int]]
    cited_gold: Interval
    cited_gold_answered: float
    accuracy: float
    answered: int
    risk: Sequence[tuple[float, float]]
    strict: Sequence[tuple[float, float]]
    median_ms: float

    def to_json(self) -> dict[str, Any]:
        """All figures as one JSON object."""
        return {
            "questions": self.questions,
            "answerable": self.answerable,
            "answered": self.answered,
            "auc": _interval(self.auc),
            "retrieval_auc": {name: round(value, 4) for name, value in self.retrieval_auc.items()},
            "auc_gain": _interval(self.gain),
            "ece": round(self.ece, 4),
            "ece_strict": round(self.ece_strict, 4),
            "reliability": [
                {"confidence": round(c, 4), "accuracy": round(a, 4), "questions": n} for c, a, n in self.reliability
            ],
            "cited_gold": _interval(self.cited_gold),
            "cited_gold_when_answered": round(self.cited_gold_answered, 4),
            "answerable_told_right": round(self.accuracy, 4),
            "error": {name: _risks(curve) for name, curve in (("no_answer", self.risk), ("strict", self.strict))},
            "risk_coverage": [{"coverage": round(x, 4), "risk": round(y, 4)} for x, y in self.risk],
            "risk_coverage_strict": [{"coverage": round(x, 4), "risk": round(y, 4)} for x, y in self.strict],
            "median_ms": round(self.median_ms, 1),
        }


def ask_all(
    base: KnowledgeBase, questions: Sequence[Question], *, progress: Callable[[int, int], None] | None = None
) -> list[Asked]:
    """Ask every question, each answered however unsure: what it would have abstained from shows in the confidence."""
    asker = base.asker()
    done: list[Asked] = []
    for question in questions:
        started = time.perf_counter()
        answer = asker.ask(question.text, threshold=0.0)
        seconds = time.perf_counter() - started
        scores = {mode: _best(base, question.text, mode) for mode in CHANNELS}
        done.append(Asked(question, answer.confidence, _cites_gold(answer, question), scores, seconds))
        if progress is not None:
            progress(len(done), len(questions))
    return done


def figures(asked: Sequence[Asked]) -> AskingFigures:
    """Work out the figures."""
    sure = np.array([item.confidence for item in asked])
    able = np.array([item.question.answerable for item in asked])
    right = np.array([item.gold for item in asked]) & able
    channels = {mode: np.array([item.best_scores[mode] for item in asked]) for mode in CHANNELS}
    by_channel = {mode: auc(scores, able) for mode, scores in channels.items()}
    strongest = channels[max(by_channel, key=lambda mode: by_channel[mode])]
    graded = [at for at, item in enumerate(asked) if item.question.answerable and item.question.gold]
    answered = sure >= _THRESHOLD

    def gain(at: NDArray[np.intp]) -> float:
        return auc(sure[at], able[at]) - auc(strongest[at], able[at])

    return AskingFigures(
        len(asked),
        int(able.sum()),
        bootstrap(lambda at: auc(sure[at], able[at]), len(asked)),
        by_channel,
        bootstrap(gain, len(asked)),
        ece(sure, able),
        ece(sure, right),
        reliability(sure, able),
        bootstrap(lambda at: float(right[graded][at].mean()), len(graded)),
        float((right & answered)[graded].mean()) if graded else 0.0,
        float((answered == able).mean()),
        int(answered.sum()),
        risk_coverage(sure, ~able),
        risk_coverage(sure, ~right),
        1000 * median(item.seconds for item in asked),
    )


def _cites_gold(answer: Answer, question: Question) -> bool:
    return any(is_gold(e.quote, question.gold) for claim in answer.claims for e in claim.evidence)


def _best(base: KnowledgeBase, question: str, mode: Any) -> float:
    found = base.search(question, 1, mode=mode)
    return found[0].hit.score if found else 0.0


def _interval(value: Interval) -> dict[str, float]:
    return {"value": round(value.value, 4), "low": round(value.low, 4), "high": round(value.high, 4)}


def _risks(curve: Sequence[tuple[float, float]]) -> dict[str, float]:
    half, full = risk_at(curve, 0.5), risk_at(curve, 1.0)
    return {"at_50": round(half, 4), "at_100": round(full, 4), "area": round(area_under(curve), 4)}
