"""Fit the weights by which 'kb ask' is sure of an answer, and say how well they hold on questions left out.

    python bench/asking.py QUESTIONS.jsonl [--corpus CORPUS] [--cache DIR] [--save SIGNALS.npz] [--load SIGNALS.npz]

Ten-fold cross-validation, repeated with five shuffles: each question is judged by weights that were fitted without it. The last
lines are the weights over all questions, to be put into ``queries/answerability.py``.
"""

from __future__ import annotations

import argparse
from dataclasses import astuple
from pathlib import Path

import numpy as np

from kb.evaluation.metrics import auc, ece, risk_at, risk_coverage
from kb.evaluation.questions import is_gold, read_questions
from kb.evaluation.workspace import corpus_beside, knowledge_base
from queries.answerability import NAMES

FOLDS = 10
SHUFFLES = 5
PENALTIES = (0.003, 0.01, 0.03, 0.1)


def collect(questions: Path, corpus: Path, cache: Path | None) -> dict[str, np.ndarray]:
    rows, able, gold, dense = [], [], [], []
    with knowledge_base(corpus, cache=cache) as base:
        asker = base.asker()
        for question in read_questions(questions):
            best = asker.best(question.text)
            if best is None:
                continue
            rows.append(astuple(best.seen))
            able.append(question.answerable)
            gold.append(question.answerable and is_gold(best.order[0].sentence.quote, question.gold))
            dense.append(best.ranking.places[0])
    return {"x": np.array(rows), "able": np.array(able), "gold": np.array(gold), "dense": np.array(dense)}


def fit(x: np.ndarray, y: np.ndarray, penalty: float) -> np.ndarray:
    """Newton's method for a logistic model with an L2 penalty on standardised signals; returns weights and bias as given."""
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    rows = np.c_[(x - mean) / deviation, np.ones(len(x))]
    weights, shrink = np.zeros(rows.shape[1]), np.r_[np.full(x.shape[1], penalty), 0.0] * len(x)
    for _ in range(15):
        p = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (p - y) + shrink * weights
        curve = (rows * (p * (1 - p))[:, None]).T @ rows + np.diag(shrink + 1e-9)
        weights -= np.linalg.solve(curve, slope)
    plain = weights[:-1] / deviation
    return np.r_[plain, weights[-1] - plain @ mean]


def held_out(x: np.ndarray, y: np.ndarray, penalty: float, seed: int) -> np.ndarray:
    fold = np.random.default_rng(seed).permutation(len(y)) % FOLDS
    p = np.zeros(len(y))
    for number in range(FOLDS):
        w = fit(x[fold != number], y[fold != number], penalty)
        p[fold == number] = 1 / (1 + np.exp(-(x[fold == number] @ w[:-1] + w[-1])))
    return p


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--load", type=Path)
    given = parser.parse_args()
    if given.load:
        data = dict(np.load(given.load))
    else:
        data = collect(given.questions, given.corpus or corpus_beside(given.questions), given.cache)
    if given.save:
        np.savez(given.save, **data)
    x, y = data["x"], data["able"].astype(float)
    print(f"{len(y)} questions; first sentence gold {data['gold'][data['able']].mean():.3f}")
    print(f"AUC of the best cosine alone {auc(data['dense'], data['able']):.4f}")
    for name, column in zip(NAMES, x.T, strict=True):
        print(f"  {name:<8} AUC alone {auc(column, data['able']):.3f}")
    for penalty in PENALTIES:
        runs = [held_out(x, y, penalty, seed) for seed in range(SHUFFLES)]
        risks = [risk_coverage(p, y == 0) for p in runs]
        print(
            f"penalty {penalty}: held out AUC {np.mean([auc(p, y) for p in runs]):.4f}, "
            f"ECE {np.mean([ece(p, y) for p in runs]):.4f}, "
            f"error at 50 % {np.mean([risk_at(r, 0.5) for r in risks]):.3f} of {1 - y.mean():.3f}"
        )
    w = fit(x, y, 0.01)
    print("WEIGHTS =", tuple(round(float(v), 2) for v in w[:-1]))
    print("BIAS =", round(float(w[-1]), 2))


if __name__ == "__main__":
    main()
