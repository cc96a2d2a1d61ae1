"""Sentences of other sources that say something else: found by what a verifier or a rule of wording says, never by nearness."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from kb.records import Verdict
from queries.agreement import speaks_against
from queries.quotes import Ranked
from queries.topics import content_stems
from queries.wording import claim_text

_VALUE: Final = re.compile(r"\d+(?:[.,]\d+)*")
_SAME_SUBJECT: Final = 0.6
"""Share of the shorter sentence's words, numbers apart, from which two sentences speak of the same thing."""
_NEAR: Final = 0.75
_REACH: Final = 0.64
"""Cosine from which two sentences may speak of the same thing."""
_MOST: Final = 2


def near_others(item: Ranked, others: Sequence[Ranked]) -> list[Ranked]:
    """The sentences of other sources that speak of the same, nearest first: only these can agree or disagree."""
    own = item.sentence.found.source.id
    near = [(float(o.vector @ item.vector), o) for o in others if o.sentence.found.source.id != own]
    return [other for likeness, other in sorted(near, key=lambda pair: -pair[0]) if likeness >= _REACH]


def rivals_of(item: Ranked, others: Sequence[Ranked], groups: Mapping[str, str]) -> list[Ranked]:
    """Those of ``others`` (from :func:`near_others`) that are other witnesses than ``item``."""
    return [other for other in others if _witness(other, groups) != _witness(item, groups)]


def conflicting(item: Ranked, rivals: Sequence[Ranked], verdicts: Sequence[Verdict], *, kind: str) -> list[Ranked]:
    """The ``rivals`` that speak against ``item``, given what a verifier said of it on reading each of them.

    ``kind`` is the kind of answer asked for: where that is a date or a number, another value is a conflict.
    """
    text = claim_text(item.sentence.quote)
    found = [
        rival
        for rival, verdict in zip(rivals, verdicts, strict=True)
        if verdict.label == "contradicted"
        or (_same_subject(item, rival) and speaks_against(text, claim_text(rival.sentence.quote), 1.0))
        or (kind in {"date", "number"} and _same_subject(item, rival) and _other_value(item, rival))
    ]
    return found[:_MOST]


def _same_subject(item: Ranked, rival: Ranked) -> bool:
    """Whether both speak of the same thing: near each other, and with most of the shorter one's words in common."""
    if float(item.vector @ rival.vector) < _NEAR:
        return False
    one, other = (
        {stem for stem in content_stems(ranked.sentence.quote) if not stem[0].isdigit()} for ranked in (item, rival)
    )
    return len(one & other) >= max(2, _SAME_SUBJECT * min(len(one), len(other)))


def _other_value(item: Ranked, rival: Ranked) -> bool:
    """Whether both name numbers, and not one in common."""
    first, second = (set(_VALUE.findall(ranked.sentence.quote)) for ranked in (item, rival))
    return bool(first and second and not first & second)


def _witness(item: Ranked, groups: Mapping[str, str]) -> str:
    return groups.get(item.sentence.found.source.id, item.sentence.found.source.id)
