"""What other sources say to a claim, as the verifier finds it: who says it too becomes its witness, who denies it stands against it.

The rules of :mod:`queries.agreement` see sameness and denial only where the words are nearly the same. A verifier reads two
sentences that say it otherwise. It reads only sentences that are near, and what is to stand against a claim must deny it both
ways round: a claim that is wrongly marked as disputed costs the reader more than one whose dispute is not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from kb.interfaces import Verifier
from queries.candidates import Candidate
from queries.claims import AGAINST, Head, Vectors

_REACH: Final = 0.6
"""Cosine from which a sentence may speak of the same thing as a claim."""
_NEAREST: Final = 4
"""Sentences of other sources that are read for one claim."""


def corroborate(
    heads: Sequence[Head], candidates: Sequence[Candidate], groups: Mapping[str, str], verifier: Verifier
) -> None:
    """Let ``verifier`` read beside each of ``heads`` the nearest sentences of other witnesses, and keep what they say to it."""
    if not heads or not candidates:
        return
    vectors = np.stack([candidate.vector for candidate in candidates])
    read = [(head, other) for head in heads for other in _near(head, candidates, vectors, groups)]
    if not read:
        return
    verdicts = verifier.judge([(other.evidence().quote, head.wording) for head, other in read])
    denied = [at for at, verdict in enumerate(verdicts) if verdict.label == "contradicted"]
    turned = verifier.judge([(read[at][0].wording, read[at][1].text) for at in denied]) if denied else []
    against = {at for at, verdict in zip(denied, turned, strict=True) if verdict.label == "contradicted"}
    for at, (head, other) in enumerate(read):
        if verdicts[at].label == "supported":
            head.support.append(other)
        elif at in against and len(head.against) < AGAINST:
            head.against.append(other)


def _near(head: Head, candidates: Sequence[Candidate], vectors: Vectors, groups: Mapping[str, str]) -> list[Candidate]:
    """The nearest sentence of each other witness that is near enough and not yet beside the head."""
    near = vectors @ head.candidate.vector
    taken = {groups.get(source, source) for source in head.sources}
    taken |= {groups.get(other.source.id, other.source.id) for other in head.against}
    found: list[Candidate] = []
    for at in np.argsort(-near, kind="stable"):
        if near[at] < _REACH or len(found) == _NEAREST:
            break
        witness = groups.get(candidates[at].source.id, candidates[at].source.id)
        if witness not in taken:
            taken.add(witness)
            found.append(candidates[at])
    return found
