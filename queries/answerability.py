"""How surely the best sentence answers a question: a logistic model over signals of the whole ranking.

A high score alone says that a passage is on the subject. Whether it answers shows in the rest: whether the best passage stands
out from the next ones, whether the words that the title does not give are in the sentence, whether it holds what is asked for.
The weights are fitted by ``bench/asking.py``; none of the signals knows anything of a corpus.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from itertools import starmap
from operator import mul
from typing import Final

from queries.quotes import Ranked, Ranking, share
from queries.topics import content_stems

THRESHOLD: Final = 0.5
"""Confidence from which a question is answered."""
_TYPICAL_MARGIN: Final = 0.2
"""Distance of the best passage from the next ones, where there is only one to look at."""
_RIVAL: Final = 3
"""Which sentence the nearest one is compared with: not the next, which may be a copy."""
_ASKS: Final = re.compile(
    r"^(?:who|whom|whose|what|what['’]s|when|where|why|how|which|is|are|was|were|do|does|did|can|could|should|would|will|has|have)\b"
)
_MONTH: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER_WORDS: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|billion|half|third|quarter|twice"
)
_KINDS: Final = (
    (
        "date",
        re.compile(r"^(?:when|what (?:year|date|day|month)|(?:in|on) (?:what|which) (?:year|date|day|month))\b"),
        re.compile(rf"\b(?:1[0-9]|20)\d\d\b|\b\d{{1,2}}(?:st|nd|rd|th)\b|{_MONTH}|century"),
    ),
    (
        "number",
        re.compile(
            r"^(?:how (?:many|much|old|long|far|tall|big|large|fast|often|high|deep)|what (?:percentage|percent|share|number|fraction|size))\b"
        ),
        re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE),
    ),
    ("person", re.compile(r"^who(?:se|m)?\b"), re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][a-z]+")),
    ("place", re.compile(r"^where\b"), re.compile(r"\b(?:in|at|near|on|from|to) (?:the )?[A-Z]\w+")),
    (
        "reason",
        re.compile(r"^why\b"),
        re.compile(
            r"\b(?:because|since|due to|so that|reason|cause[sd]?|therefore|as a result|in order to|leads? to)\b", re.IGNORECASE
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signals:
    """What the confidence is made of; the order is that of the weights."""

    near: float
    """Cosine of the best sentence."""
    place: float
    """Cosine of its passage."""
    margin: float
    """How far the nearest source stands out, by its nearest passage, from the five after it."""
    told: float
    """Of the question's words that its title does not have, the share in the sentence; of all, where the title has all."""
    asks: float
    """Whether it is put as a question at all."""
    field: float
    """Mean cosine of the five nearest sentences: how much there is on the subject."""
    lead: float
    """How far the nearest sentence under its title stands out from the fourth: one that answers is not one of many."""
    value: float
    """Whether a date or a number is asked for, which a passage on the subject seldom happens to hold."""


WEIGHTS: Final = (2.45, 5.41, 3.01, 1.14, 1.3, 4.3, 5.64, -1.15)
BIAS: Final = -9.21


def kind_of(question: str) -> tuple[str, re.Pattern[str] | None]:
    """The kind of answer that a question asks for, and a pattern of it; empty and None where it may be anything."""
    low = question.strip().casefold()
    return next(((name, answer) for name, asks, answer in _KINDS if asks.search(low)), ("", None))


def signals(question: str, order: Sequence[Ranked], ranking: Ranking) -> Signals:
    """Read the signals off a ranking; ``order`` are its sentences by their worth as an answer."""
    best = order[0]
    kind, _ = kind_of(question)
    titled = set(content_stems(best.sentence.found.source.title))
    rest = {stem: weight for stem, weight in ranking.weights.items() if stem not in titled} or ranking.weights
    near = sorted((item.near for item in order), reverse=True)
    told = sorted((item.told for item in order), reverse=True)
    return Signals(
        best.near,
        best.place,
        _margin(ranking.places),
        share(rest, set(content_stems(best.sentence.quote))),
        float(bool(_ASKS.match(question.strip().casefold()))),
        sum(near[:5]) / len(near[:5]),
        told[0] - told[min(_RIVAL, len(told) - 1)],
        float(kind in {"date", "number"}),
    )


def confidence(seen: Signals) -> float:
    """Probability that the best sentence answers the question (0..1)."""
    total = BIAS + sum(starmap(mul, zip(WEIGHTS, astuple(seen), strict=True)))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


NAMES: Final = tuple(field.name for field in fields(Signals))


def _margin(places: Sequence[float]) -> float:
    after = places[1:6]
    return places[0] - sum(after) / len(after) if after else _TYPICAL_MARGIN
