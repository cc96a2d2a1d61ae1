"""How well a verifier judges pairs of quote and claim."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from kb.evaluation.metrics import Interval, auc, balanced_accuracy, bootstrap, ece
from kb.evaluation.pairs import Pair
from kb.interfaces import Verifier
from kb.records import Verdict

_HALF: Final = 0.5
_BATCH: Final = 256


@dataclass(frozen=True, slots=True)
class Judged:
    """Figures of a verifier on pairs; ``accuracy`` is three-way where all pairs have one of three labels, else two-way."""

    n: int
    verifier: str
    auc: Interval
    balanced_accuracy: float
    accuracy: float
    precision_supported: float | None
    precision_contradicted: float | None
    recall_supported: float
    ece: float
    seconds: float
    phenomena: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As ``kb eval check --json`` prints it."""
        return {
            "n": self.n,
            "auc": round(self.auc.value, 4),
            "auc_interval": [round(self.auc.low, 4), round(self.auc.high, 4)],
            "balanced_accuracy": round(self.balanced_accuracy, 4),
            "accuracy": round(self.accuracy, 4),
            "precision_supported": _rounded(self.precision_supported),
            "precision_contradicted": _rounded(self.precision_contradicted),
            "recall_supported": round(self.recall_supported, 4),
            "ece": round(self.ece, 4),
            "verifier": self.verifier,
            "seconds": round(self.seconds, 3),
            "phenomena": self.phenomena,
        }


def likeliest(verdict: Verdict) -> str:
    """The likeliest label, whatever the thresholds say."""
    rest = 1.0 - verdict.supported - verdict.contradicted
    options = {"supported": verdict.supported, "unclear": rest, "contradicted": verdict.contradicted}
    return max(options, key=lambda label: options[label])


def judge_pairs(pairs: Sequence[Pair], verifier: Verifier) -> Judged:
    """Let ``verifier`` judge every pair, and measure."""
    started = time.monotonic()
    verdicts: list[Verdict] = []
    for at in range(0, len(pairs), _BATCH):
        verdicts += verifier.judge([(pair.quote, pair.claim) for pair in pairs[at : at + _BATCH]])
    seconds = time.monotonic() - started
    return measure(pairs, verdicts, verifier.name, seconds)


def measure(pairs: Sequence[Pair], verdicts: Sequence[Verdict], verifier: str, seconds: float) -> Judged:
    """Figures of verdicts on pairs, in one order."""
    gold = np.array([pair.gold == "supported" for pair in pairs])
    scores = np.array([verdict.supported for verdict in verdicts])
    guessed = [likeliest(verdict) for verdict in verdicts]
    interval = bootstrap(lambda rows: auc(scores[rows], gold[rows]), len(pairs))
    return Judged(
        len(pairs),
        verifier,
        interval,
        balanced_accuracy(list(gold), [guess == "supported" for guess in guessed]),
        _accuracy(pairs, guessed),
        _precision(pairs, verdicts, "supported"),
        _precision(pairs, verdicts, "contradicted"),
        _share([v.label == "supported" for v, pair in zip(verdicts, pairs, strict=True) if pair.gold == "supported"]),
        ece(scores, gold),
        seconds,
        _phenomena(pairs, guessed),
    )


def _accuracy(pairs: Sequence[Pair], guessed: Sequence[str]) -> float:
    """Right answers: of three labels where gold has three, of supported or not where it leaves the rest open."""
    return _share([_right(pair, guess) for pair, guess in zip(pairs, guessed, strict=True)])


def _right(pair: Pair, guess: str) -> bool:
    return guess != "supported" if pair.gold == "not supported" else guess == pair.gold


def _precision(pairs: Sequence[Pair], verdicts: Sequence[Verdict], label: str) -> float | None:
    """Share of right ones among those given ``label``; None where none was. Gold 'not supported' cannot tell for contradicted."""
    given = [p for p, v in zip(pairs, verdicts, strict=True) if v.label == label]
    known = [p for p in given if label == "supported" or p.gold != "not supported"]
    return _share([p.gold == label for p in known]) if known else None


def _phenomena(pairs: Sequence[Pair], guessed: Sequence[str]) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    for name in sorted({p.phenomenon for p in pairs if p.phenomenon}):
        rows = [i for i, pair in enumerate(pairs) if pair.phenomenon == name]
        binary = [(pairs[i].gold == "supported") == (guessed[i] == "supported") for i in rows]
        caught = [guessed[i] != "supported" for i in rows if pairs[i].gold != "supported"]
        levels = sorted({pairs[i].level for i in rows if pairs[i].level})
        table[name] = {
            "n": len(rows),
            "accuracy": round(_share(binary), 4),
            "three_way": round(_share([_right(pairs[i], guessed[i]) for i in rows]), 4),
            "caught": round(_share(caught), 4),
            "levels": {
                level: round(
                    _share([ok for i, ok in zip(rows, binary, strict=True) if pairs[i].level == level]), 4
                )
                for level in levels
            },
            "confusion": _confusion([(pairs[i].gold, guessed[i]) for i in rows]),
        }  # fmt: skip
    return table


def _confusion(rows: Sequence[tuple[str, str]]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for gold, guess in rows:
        line = table.setdefault(gold, {})
        line[guess] = line.get(guess, 0) + 1
    return table


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
