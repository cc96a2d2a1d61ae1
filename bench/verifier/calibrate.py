"""Fit the calibration on sets the model has not seen, print what model, windows and rules each bring, write the card.

``python bench/verifier/calibrate.py DATA WEIGHTS.safetensors [--card kb/data/verifier.json] [--json OUT]``

Every set's figures come from a calibration fitted on the other sets only; the card's is fitted on all of them. Beside it
stand the baselines: cosine of the bundled embedder, word overlap, and gradient boosting over such features.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingClassifier

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import from_hand  # noqa: E402
import mixture  # noqa: E402

from kb.backends._judging import FEATURES, LACKING, UNMATCHED, Calibration, features_of, softmax  # noqa: E402
from kb.backends.entailment_verifier import EntailmentVerifier  # noqa: E402
from kb.backends.memory_lexical import analyse  # noqa: E402
from kb.backends.openvino_embedder import OpenVinoEmbedder  # noqa: E402
from kb.evaluation.metrics import auc, bootstrap, ece  # noqa: E402

CARD = {
    "name": "kb-entailment-1",
    "file": "verifier.safetensors",
    "layers": 6,
    "heads": 12,
    "matching": {"layer": 5, "least": 0.25, "middle": 0.44, "spread": 0.1},
    "max_tokens": 256,
}
WANTED = {"entailment": 0, "neutral": 1, "contradiction": 2, "not_entailment": -1}
PRECISION = {0: 0.90, 2: 0.90}
"""What a label must reach to be given, by the column of its probability: supported, contradicted."""
FEW = 10
"""Of fewer cases a set does not tell how often a label is right."""
MADE = frozenset({"composed_held", "hard_held", *(f"{kind}_held" for kind in from_hand.KINDS)})
"""Sets of pairs made by rule, or written for training. They count half as much as a real set in the fit, and have no say in when
'supported' is given: real claims are not like them.

'Contradicted' is given by all sets: in SciFact most abstracts that are called so wrongly are beside the point, and by the real sets
alone it would never be given.
"""


def evaluation_sets(root: Path, *, everything: bool) -> dict[str, list[mixture.Pair]]:
    """Pairs that the model was not trained on: half of each set by its claims, the split of MultiNLI, and new hard ones."""
    sets = {
        name: [pair for pair in mixture.claims(root, name) if everything or mixture.held_back(pair.claim)]
        for name in ("fm2_dev", "wice_dev", "scifact")
    }
    abstracts = []
    for line in (root / "scifact" / "pairs_train.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        label = {"SUPPORT": "entailment", "CONTRADICT": "contradiction", "NEI": "neutral"}[row["label"]]
        abstracts.append(mixture.Pair(row["abstract"], row["claim"], label, "scifact_abstracts"))
    sets["scifact_abstracts"] = [pair for pair in abstracts if everything or mixture.held_back(pair.claim)]
    held, _ = mixture.mnli_split(mixture.nli(root, frozenset())["mnli_20k"])
    sets["mnli_held"] = held if everything else held[:900]
    listed = list(islice((d for d in mixture.documents(root) if d), 800))
    sets["composed_held"] = mixture.written(600 if everything else 400, listed, Random(98))
    sets["hard_held"] = mixture.hard(
        [*listed, *mixture.abstracts(root, cited_too=False)], 1200 if everything else 700, Random(99)
    )
    sets |= {f"{kind}_held": mixture.hand_written_held(kind) for kind in from_hand.KINDS}
    return sets


def fit(
    parts: list[tuple[np.ndarray, np.ndarray]], columns: list[int], ridge: float = 3.0
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (3, features) and bias (3,) by penalised likelihood; every part counts the same.

    Each label has one temperature for each of the two readings and one weight for every rule. What a long quote lacks is fitted
    after them, with all else held: in the sets at hand what is unclear is nearly always long, and fitted together it would take
    over what the other weights have to tell of short quotes.
    """
    first = [column for column in columns if FEATURES[column] not in LACKING]
    size = parts[0][0].shape[1]
    start, free = torch.zeros(3, size), torch.zeros(3, size)
    start[:, :3] = start[:, 3:6] = torch.eye(3) / 2
    free[:, first] = 1.0
    free[:, :3] *= torch.eye(3)
    free[:, 3:6] *= torch.eye(3)
    weights, bias = _minimised(parts, start * free, free, torch.zeros(3), ridge, biased=True)
    late = [column for column in columns if FEATURES[column] in LACKING]
    if late:
        free = torch.zeros(3, size)
        free[:, late] = 1.0
        weights, bias = _minimised(parts, weights, free, bias, ridge, biased=False)
    return weights.numpy().astype(float), bias.numpy().astype(float)


def parts_of(sets: Mapping[str, Read]) -> list[tuple[np.ndarray, np.ndarray]]:
    """What :func:`fit` is given of sets: the features and labels of each, those of a real one twice."""
    return [(here.features, here.gold) for name, here in sets.items() for _ in range(1 if name in MADE else 2)]


def _minimised(
    parts: list[tuple[np.ndarray, np.ndarray]],
    start: torch.Tensor,
    free: torch.Tensor,
    bias: torch.Tensor,
    ridge: float,
    *,
    biased: bool,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The likeliest weights near ``start``, of which only the ``free`` ones move, and the bias where it may."""
    held = start * (1 - free)
    moved, shift = start.clone().requires_grad_(), bias.clone().requires_grad_(biased)
    data = [(torch.tensor(x, dtype=torch.float32), torch.tensor(y)) for x, y in parts]
    optimiser = torch.optim.LBFGS([moved, shift] if biased else [moved], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        total = ridge * 1e-3 * ((moved - start) ** 2).sum()
        for x, y in data:
            logs = torch.log_softmax(x @ (moved * free + held).T + shift, -1)
            exact = -logs.gather(1, y.clamp(min=0).unsqueeze(1)).squeeze(1)
            total = total + torch.where(y >= 0, exact, -torch.logsumexp(logs[:, 1:], -1)).mean() / len(data)
        total.backward()
        return total

    optimiser.step(closure)
    return (moved * free + held).detach(), shift.detach()


def overlap(quote: str, claim: str) -> float:
    """Share of the claim's stems that stand in the quote."""
    wanted, there = analyse(claim), set(analyse(quote))
    return sum(stem in there for stem in wanted) / max(1, len(wanted))


@dataclass(slots=True)
class Read:
    """What is known of one set: calibration's features, gold labels, the model's own probabilities, baseline features."""

    features: np.ndarray
    gold: np.ndarray
    raw: np.ndarray
    baselines: np.ndarray

    def keep(self, path: Path) -> None:
        """Store for the next run."""
        np.savez(path, f=self.features, g=self.gold, r=self.raw, b=self.baselines)

    @classmethod
    def kept(cls, path: Path) -> Read:
        """As stored by :meth:`keep`."""
        stored = np.load(path)
        return cls(stored["f"], stored["g"], stored["r"], stored["b"])


def read(pairs: list[mixture.Pair], verifier: EntailmentVerifier, embedder: OpenVinoEmbedder | None) -> Read:
    """Judge ``pairs``; without an embedder the baselines lack the cosine."""
    texts = [(pair.quote, pair.claim) for pair in pairs]
    features, _ = features_of(verifier, texts)
    baselines = np.column_stack(
        [np.array([overlap(*text) for text in texts]), features[:, 6 : FEATURES.index(UNMATCHED)]]
    )
    if embedder is not None:
        vectors = [embedder.embed(list(column)) for column in zip(*texts, strict=True)]
        baselines = np.column_stack([(vectors[0] * vectors[1]).sum(1), baselines])
    gold = np.array([WANTED[pair.label] for pair in pairs])
    return Read(features, gold, softmax(verifier.read(texts)[0]), baselines)


def left_out(name: str, sets: dict[str, Read], *, quick: bool) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Probabilities (n, 3) of a set by what was fitted on the others, and the scores of 'supported' of each way to get there."""
    here = sets[name]
    others = {other: sets[other] for other in sets if other.partition("_")[0] != name.partition("_")[0]}
    columns = list(range(len(FEATURES)))
    by_rule = [column for column in columns if FEATURES[column] != UNMATCHED]

    def calibrated(used: list[int]) -> np.ndarray:
        weights, bias = fit(parts_of(others), used)
        return softmax(here.features @ weights.T + bias)

    whole = calibrated(columns)
    scores = {
        "model": here.raw[:, 0],
        "model and windows": softmax(here.features[:, :3])[:, 0],
        "and calibration": calibrated(columns[:6])[:, 0],
        "and rules": calibrated(by_rule)[:, 0],
        "and words unmatched": whole[:, 0],
        "rules alone": calibrated(by_rule[6:])[:, 0],
    }
    if not quick:
        booster = HistGradientBoostingClassifier(max_iter=80, random_state=0)
        booster.fit(
            np.concatenate([other.baselines for other in others.values()]),
            np.concatenate([other.gold == 0 for other in others.values()]),
        )
        scores["cosine"], scores["overlap"] = here.baselines[:, 0], here.baselines[:, 1]
        scores["features boosted"] = booster.predict_proba(here.baselines)[:, 1]
    return whole, scores


def figures(here: Read, whole: np.ndarray, scores: dict[str, np.ndarray]) -> dict[str, object]:
    """Areas with their intervals, three-way accuracy where three labels are known, and the calibration error."""
    wanted = here.gold == 0
    result: dict[str, object] = {"n": len(wanted)}
    for label, values in scores.items():
        interval = bootstrap(lambda at, s=values, w=wanted: auc(s[at], w[at]), len(wanted), resamples=300)
        result[label] = [round(v, 3) for v in (interval.value, interval.low, interval.high)]
    if (here.gold >= 0).all():
        result["three_way"] = round(float((whole.argmax(1) == here.gold).mean()), 3)
        result["three_way_model"] = round(float((here.raw.argmax(1) == here.gold).mean()), 3)
    result["ece"] = round(ece(whole[:, 0], wanted), 3)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--card", type=Path, default=HERE.parents[1] / "kb" / "data" / "verifier.json")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--everything", action="store_true", help="whole sets: for a model trained on none of them")
    parser.add_argument("--cache", type=Path, help="folder to keep features in")
    parser.add_argument("--quick", action="store_true", help="no baselines")
    parser.add_argument("--most", type=int, default=100_000, help="pairs of a set: to try what comes after")
    options = parser.parse_args()
    body = {**CARD, "sha256": sha256(options.weights.read_bytes()).hexdigest()}
    if not options.card.exists():
        plain = Calibration(np.eye(3, len(FEATURES)), np.zeros(3), 0.5, 0.5)
        options.card.write_text(json.dumps({**body, "calibration": plain.as_json()}), "utf-8")
    sets = all_read(options, body["sha256"])
    table: dict[str, dict[str, object]] = {}
    probabilities: dict[str, np.ndarray] = {}
    for name, here in sets.items():
        probabilities[name], scores = left_out(name, sets, quick=options.quick)
        table[name] = figures(here, probabilities[name], scores)
        print(name, json.dumps(table[name]), flush=True)
    gold = {name: here.gold for name, here in sets.items()}
    real = {name: scores for name, scores in probabilities.items() if name not in MADE}
    thresholds = {"supported": threshold(real, gold, 0), "contradicted": threshold(probabilities, gold, 2)}
    for name, values in probabilities.items():
        for label, column in (("supported", 0), ("contradicted", 2)):
            right = rightly(values, gold[name], column, thresholds[label])
            there = int((gold[name] == column).sum())
            table[name][f"precision_{label}"] = round(float(right.mean()), 3) if len(right) else None
            table[name][f"given_{label}"] = len(right)
            table[name][f"recall_{label}"] = round(float(right.sum()) / there, 3) if there else None
    weights, bias = fit(parts_of(sets), list(range(len(FEATURES))))
    calibration = Calibration(weights, bias, thresholds["supported"], thresholds["contradicted"])
    found = json.dumps({"thresholds": thresholds, "table": table}, indent=1)
    print(found)
    options.card.write_text(json.dumps({**body, "calibration": calibration.as_json()}, indent=1) + "\n", "utf-8")
    if options.json:
        options.json.write_text(found + "\n", "utf-8")


def all_read(options: argparse.Namespace, digest: str) -> dict[str, Read]:
    """Every set as the weights read it, from ``--cache`` where that has it."""
    if options.cache:
        options.cache.mkdir(parents=True, exist_ok=True)
    verifier = EntailmentVerifier(options.weights)
    embedder = None if options.quick else OpenVinoEmbedder()
    kind = "-whole" * options.everything + "-quick" * options.quick
    sets: dict[str, Read] = {}
    for name, whole in evaluation_sets(options.data, everything=options.everything).items():
        pairs = whole[:: 1 + len(whole) // (1 + options.most)]
        kept = options.cache / f"{digest[:12]}-{name}{kind}.npz" if options.cache else None
        if kept is not None and kept.exists():
            sets[name] = Read.kept(kept)
        else:
            sets[name] = read(pairs, verifier, embedder)
            if kept is not None:
                sets[name].keep(kept)
        print(name, len(pairs), flush=True)
    return sets


def rightly(values: np.ndarray, gold: np.ndarray, column: int, cut: float) -> np.ndarray:
    """Of the pairs that are given a label from the probability ``cut`` on, whether each has it; without those of which gold does not tell."""
    given = (values[:, column] >= cut) & (gold >= (0 if column else -1))
    return np.asarray(gold[given] == column)


def threshold(scores: dict[str, np.ndarray], gold: dict[str, np.ndarray], column: int) -> float:
    """The lowest probability from which the label is right often enough: 'supported' in each set, 'contradicted' in the mean of the sets.

    Sets in which it is given too seldom to tell have no say.
    """
    taken = np.min if column == 0 else np.mean
    for cut in np.arange(0.4, 0.99, 0.01):
        each = (rightly(values, gold[name], column, cut) for name, values in scores.items())
        right = [found.mean() for found in each if len(found) >= FEW]
        if right and float(taken(right)) >= PRECISION[column]:
            return round(float(cut), 2)
    return 0.99


if __name__ == "__main__":
    main()
