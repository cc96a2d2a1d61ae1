"""Summary, focus areas and conclusions: made of claims that the report already makes, and of nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb.records import Angle, Claim, FocusArea, Statement
from queries.topics import content_stems
from queries.wording import grade

Vector = NDArray[np.float32]

_POINTS: Final = 4
_CONCLUSIONS: Final = 5
_NEAR: Final = 0.30
_WEIGHT: Final = {"high": 0.3, "moderate": 0.2, "disputed": 0.1, "low": 0.0}
_CONCLUDING: Final = re.compile(
    r"\b(?:should|must|recommend\w*|therefore|overall|conclu\w+|best practices?|essential|necessary|requires?|depends?|only if|"
    r"not enough|no substitute|cannot replace|evidence|suggests?|remains?|neither|balance|trade-?offs?|important|crucial|"
    r"critical|effective|avoid\w*|prevent\w*|mitigat\w*|safest|needs?)\b",
    re.IGNORECASE,
)


def summarise(
    angles: Sequence[Angle], worth: Mapping[str, float], vectors: Mapping[str, Vector]
) -> tuple[Statement, ...]:
    """One sentence for each angle: a telling claim near the middle of its angle, the surer the better, no two alike."""
    chosen: list[Claim] = []
    for angle in angles:
        middle = np.mean([vectors[claim.id] for claim in angle.claims], axis=0)

        def value(claim: Claim, middle: Vector = middle) -> float:
            again = max((float(vectors[claim.id] @ vectors[other.id]) for other in chosen), default=0.0)
            central = float(vectors[claim.id] @ middle)
            return worth.get(claim.id, 0.0) + _WEIGHT[claim.certainty] + 0.3 * central - 0.6 * max(0.0, again - 0.45)

        chosen.append(max(angle.claims, key=lambda claim: (value(claim), claim.id)))
    return tuple(Statement(claim.text, (claim.id,)) for claim in chosen)


def conclude(angles: Sequence[Angle], worth: Mapping[str, float], used: set[str]) -> tuple[Statement, ...]:
    """Claims that draw a consequence or are well confirmed, from different angles, and not in the summary already."""
    rated: list[tuple[float, str, Claim]] = []
    for angle in angles:
        for claim in angle.claims:
            if claim.id not in used:
                drawn = 0.25 * min(2, len(_CONCLUDING.findall(claim.text)))
                value = worth.get(claim.id, 0.0) + _WEIGHT[claim.certainty] + drawn + grade(claim.text)
                rated.append((value, angle.id, claim))
    rated.sort(key=lambda item: (-item[0], item[2].id))
    chosen: list[Claim] = []
    for limit in (1, 2):
        for _, angle_id, claim in rated:
            taken = sum(other.angle_id == angle_id for other in chosen)
            if claim not in chosen and taken < limit and len(chosen) < _CONCLUSIONS:
                chosen.append(claim)
    return tuple(Statement(claim.text, (claim.id,)) for claim in chosen)


def focus_areas(
    focus: Sequence[tuple[str, Vector]],
    angles: Sequence[Angle],
    vectors: Mapping[str, Vector],
    worth: Mapping[str, float],
) -> tuple[FocusArea, ...]:
    """For each focus the claims that speak about it, those that name it first."""
    areas: list[FocusArea] = []
    claims = [claim for angle in angles for claim in angle.claims]
    for name, vector in focus:
        stems = set(content_stems(name))
        rated: list[tuple[float, Claim]] = []
        for claim in claims:
            near = float(vectors[claim.id] @ vector)
            named = len(stems & set(content_stems(claim.text))) / max(1, len(stems))
            if named == 1.0 or near >= _NEAR:
                rated.append((near + 0.6 * named + 0.3 * worth.get(claim.id, 0.0), claim))
        rated.sort(key=lambda item: (-item[0], item[1].id))
        points = tuple(Statement(claim.text, (claim.id,)) for _, claim in rated[:_POINTS])
        areas.append(FocusArea(name, points))
    return tuple(areas)
