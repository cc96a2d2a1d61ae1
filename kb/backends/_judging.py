"""From a quote and a claim to what a model reads and back to a verdict: windows, rules, calibration, thresholds."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kb.backends._coverage import COVERAGE, coverage, unsaid
from kb.backends._numbers import NOT_BORNE_OUT
from kb.backends._restating import restated
from kb.backends._rules import RULES, Finding, flags
from kb.backends._windows import WHOLE, windows
from kb.backends.lexical_verifier import LexicalVerifier
from kb.orders import orders
from kb.records import Label, Verdict
from kb.text import sentences

LABELS: Final[tuple[Label, ...]] = ("supported", "unclear", "contradicted")
UNMATCHED: Final = "words unmatched"
"""How badly the claim's words are matched in the widest readings of a long quote, by the model's own vectors."""
LACKING: Final = (*COVERAGE, UNMATCHED)
FEATURES: Final = (*LABELS, *(f"{label}, widest" for label in LABELS), *RULES, *LACKING)
"""What calibration sees of a pair: log-probabilities of the reading that says most and of the widest one or the mean of the two
widest, the rules, and what of the claim a long quote lacks."""
_LEAST: Final = 1e-6
"""Added to a probability before its logarithm is taken."""
_WORDS: Final = LexicalVerifier()
_TOLD: Final = 4
"""Words that are not in the quote and are named; the rest is counted."""
_CERTAIN: Final = 0.99
_SURE: Final = 0.85
_LIKELY: Final = 0.6
_UNSURE: Final = 0.3
_HARDLY: Final = 0.2
_INJECTED: Final = re.compile(
    r"\b(?:this|the) (?:text|passage|quote|document|evidence|source|statement|context)\b[^.]{0,40}\b(?:supports?|entails?|proves?|"
    r"confirms?|contradicts?|refutes?) (?:every|all|any|the|this|each|following)?\s*(?:claims?|statements?|hypothes\w+)"
    r"|\bthis (?:supports?|proves?|confirms?|contradicts?|refutes?) (?:every|all|any|each|the) (?:claims?|statements?)"
    r"|\b(?:all|every|any|each|the) (?:claims?|statements?)\b[^.]{0,60}\b(?:supported|entailed|verified|correct|confirmed|true|contradicted)\b"
    r"|^\W*(?:system|assistant|user|instruction|answer)\s*:|\b(?:verdict|label|judge|grader|verifier)\s*:"
    r"|\b(?:label|mark|rate|judge|classify|answer|respond|output|return)\b[^.]{0,40}\b(?:supported|contradicted|entailed|entailment)\b"
    r"|<\|?[a-z_]+\|?>|\[/?inst\]",
    re.IGNORECASE,
)
_MEASURE: Final = re.compile(
    r" by (?:about |around |almost |nearly |roughly |more than |over |at least |up to )?[-+]?\d(?:[\d.,]*\d)?(?:\s?%| percent| per cent"
    r"|(?: percentage)? points?)?(?=\s*[.,;:!?]|\s+(?:in|from|to|over|during|last|this|since|between|compared|within|after|at|when|with)\b|$)",
    re.IGNORECASE,
)
"""By how much something rose or fell."""
_INNER_STOP: Final = re.compile(r"[.!?][\"'”’)\]]*\s+")


class Scorer(Protocol):
    """Reads quote and claim together."""

    name: str

    def read(self, pairs: Sequence[tuple[str, str]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scores of shape (n, 3): supported, unclear, contradicted; higher is likelier.

        And of shape (n,) how badly each claim's words are matched in its quote: above 0 worse than in the middle, 0 where the model
        does not tell.
        """
        ...


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores and rules become probabilities, fitted on pairs that the model was not trained on.

    ``weights`` of shape (3, features) and ``bias`` of shape (3,) give logits from what :data:`FEATURES` names; from the
    thresholds on, a label is given.
    """

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    supported: float
    contradicted: float

    @classmethod
    def of(cls, body: dict[str, Any]) -> Calibration:
        """From the JSON that :meth:`as_json` makes; what it does not name weighs nothing."""
        rows = [dict(zip(body["features"], row, strict=True)) for row in body["weights"]]
        return cls(
            np.array([[row.get(name, 0.0) for name in FEATURES] for row in rows], float),
            np.array(body["bias"], float),
            float(body["thresholds"]["supported"]),
            float(body["thresholds"]["contradicted"]),
        )

    def as_json(self) -> dict[str, Any]:
        """As stored beside the model."""
        return {
            "features": [*FEATURES],
            "weights": [[round(float(value), 4) for value in row] for row in self.weights],
            "bias": [round(float(value), 4) for value in self.bias],
            "thresholds": {"supported": self.supported, "contradicted": self.contradicted},
        }

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probabilities (n, 3) of features (n, features)."""
        return softmax(features @ self.weights.T + self.bias)

    def label(self, row: NDArray[np.float64]) -> Label:
        """The label of one row of probabilities; what is not sure enough is unclear."""
        if row[0] >= self.supported:
            return "supported"
        return "contradicted" if row[2] >= self.contradicted else "unclear"


def softmax(values: NDArray[Any]) -> NDArray[np.float64]:
    """Along the last axis."""
    shifted = np.exp(values.astype(np.float64) - values.max(-1, keepdims=True))
    result: NDArray[np.float64] = shifted / shifted.sum(-1, keepdims=True)
    return result


@cache
def shipped(name: str) -> dict[str, Any]:
    """The JSON beside the shipped model."""
    body: dict[str, Any] = json.loads(files("kb").joinpath("data", name).read_text("utf-8"))
    return body


@lru_cache(maxsize=1024)
def without_injection(quote: str) -> str:
    """``quote`` without sentences that speak to whoever judges it; such words are no evidence of anything."""
    spans = sentences(quote)
    cut = [(start, _order_in(quote, start, end)) for start, end in spans]
    kept = [(start, end) for start, end in cut if start < end and not _INJECTED.search(quote[start:end])]
    return quote if kept == spans else " ".join(quote[start:end].rstrip() for start, end in kept)


def _order_in(quote: str, start: int, end: int) -> int:
    """Where in a sentence an order starts: behind a stop that ends no sentence, as before 'system: ...'; its end without one."""
    if not orders(quote[start:end]):
        return end
    stops = [start, *(stop.end() for stop in _INNER_STOP.finditer(quote, start, end))]
    return next((at for at in reversed(stops) if orders(quote[at:end])), start)


def decisive(scores: NDArray[np.float64]) -> int:
    """The row of probabilities (n, 3) that says most: surest of support or of contradiction."""
    return int(scores[:, [0, 2]].max(1).argmax())


def features_of(
    scorer: Scorer, pairs: Sequence[tuple[str, str]]
) -> tuple[NDArray[np.float64], list[tuple[Finding, ...]]]:
    """Features (n, features) of pairs, and what the rules found; a quote with nothing left to read scores as unclear."""
    cleaned = [without_injection(quote) for quote, _ in pairs]
    asked = [
        restated(quote, claim) if len(quote) <= WHOLE else claim
        for quote, (_, claim) in zip(cleaned, pairs, strict=True)
    ]
    readings = [
        windows(quote, claim) if quote.strip() and claim.strip() else ([], [])
        for quote, claim in zip(cleaned, asked, strict=True)
    ]
    distinct = list(
        dict.fromkeys(
            (window, claim)
            for (wide, narrow), claim in zip(readings, asked, strict=True)
            for window in (*wide, *narrow)
        )
    )
    place = {pair: at for at, pair in enumerate(distinct)}
    logits, unmatched = scorer.read(distinct)
    scores = softmax(logits)
    features = np.zeros((len(pairs), len(FEATURES)))
    found: list[tuple[Finding, ...]] = []
    for row, ((wide, narrow), quote, read_as, (_, claim)) in enumerate(
        zip(readings, cleaned, asked, pairs, strict=True)
    ):
        if not wide:
            features[row, : 2 * len(LABELS)] = np.log((1e-4, 1.0, 1e-4) * 2)
            found.append(())
            continue
        at = [place[window, read_as] for window in (*wide, *narrow)]
        mine = scores[at]
        widest = np.log(mine[: len(wide)] + _LEAST).mean(0)
        fired, findings = flags(quote, claim)
        lacks = [0.0] * len(LACKING)
        if len(quote) > WHOLE:
            lacks = [*coverage(quote, claim), float(unmatched[at[: len(wide)]].mean())]
        features[row] = [*np.log(mine[decisive(mine)] + _LEAST), *widest, *fired, *lacks]
        found.append(findings)
    return features, found


def overruled(row: NDArray[np.float64], findings: Sequence[Finding]) -> NDArray[np.float64]:
    """Probabilities after the rules that are surer than any model of this size.

    Where the quote gives another number in the claim's place, or the claim denies the quote's very words, it is contradicted; where the
    quote gives no such number, or another one in a sentence that is less like the claim, the claim is not supported, whatever else
    agrees. Where a relation goes the other way, the claim is likelier contradicted than not; where it is said from the other side, with
    both sides and sign turned, likelier supported: neither is sure by the rule alone.
    """
    fired = {finding.rule for finding in findings}
    supported, unclear, contradicted = row
    if fired & {"number differs", "denied", "direction", "comparison"}:
        against = max(contradicted, _SURE if fired & {"number differs", "denied"} else _LIKELY)
        return np.array([_HARDLY * (1 - against), (1 - _HARDLY) * (1 - against), against])
    if fired & NOT_BORNE_OUT:
        kept = min(supported, _UNSURE)
        return np.array([kept, unclear + supported - kept, contradicted])
    if "converse" in fired and contradicted > supported:
        kept = max(supported, _LIKELY)
        rest = (1 - kept) / max(1e-9, unclear + contradicted)
        return np.array([kept, unclear * rest, contradicted * rest])
    return row


def verdicts(scorer: Scorer, calibration: Calibration, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
    """One verdict for each pair of (quote, claim)."""
    if not pairs:
        return []
    made: list[Verdict | None] = [_verbatim(pair, scorer.name) for pair in pairs]
    rest = [at for at, verdict in enumerate(made) if verdict is None]
    features, found = features_of(scorer, [pairs[at] for at in rest])
    for at, scores, findings in zip(rest, calibration.probabilities(features), found, strict=True):
        row = overruled(scores, findings)
        label = calibration.label(row)
        reasons = tuple(finding.reason for finding in findings)
        if label == "unclear":
            reasons += _unsaid(*pairs[at], named=" ".join(reasons).split())
        supported, contradicted = round(float(row[0]), 6), round(float(row[2]), 6)
        score = round(float(row[LABELS.index(label)]), 6)
        made[at] = Verdict(label, score, scorer.name, reasons, supported, contradicted)
    return [verdict for verdict in made if verdict is not None]


def _unsaid(quote: str, claim: str, named: Sequence[str]) -> tuple[str, ...]:
    """Which words of the claim are not in the quote, as a reason, but for those that another one has named; none where all are."""
    lost = [word for word in unsaid(without_injection(quote), claim) if word not in named]
    more = f" and {len(lost) - _TOLD} more" if len(lost) > _TOLD else ""
    return (f"not in the quote: {', '.join(lost[:_TOLD])}{more}",) if lost else ()


def _verbatim(pair: tuple[str, str], name: str) -> Verdict | None:
    """Supported, where the claim is the quote's own words and nothing around them turns their meaning; needs no model.

    What rose by a tenth rose: a claim may leave out by how much.
    """
    quote, claim = without_injection(pair[0]), pair[1]
    for text in dict.fromkeys((quote, _MEASURE.sub("", quote))):
        own = _WORDS.judge([(text, claim)])[0]
        if own.label == "supported" and own.score == 1.0:
            return Verdict("supported", _CERTAIN, name, own.reasons, _CERTAIN, 0.0)
    return None
