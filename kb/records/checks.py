"""Records of checking claims against the corpus: what was judged, the verdict, and a whole text with its verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from kb.errors import RecordError
from kb.records.answers import Evidence, Verdict
from kb.records.corpus import Block

CheckVerdict = Literal["supported", "contradicted", "disputed", "insufficient"]
VERDICTS: Final[tuple[CheckVerdict, ...]] = ("supported", "contradicted", "disputed", "insufficient")


@dataclass(frozen=True, slots=True)
class Judged:
    """Exact words, and what a verifier said about a claim on reading them."""

    evidence: Evidence
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Check:
    """What the corpus says about one claim.

    ``judged`` holds the words that the verdict rests on, by stance; ``nearest`` what came nearest where nothing decides.
    ``read_as`` is the claim as it was judged, where a pronoun in it was resolved. ``witnesses`` counts independent sources
    behind each side, copies once.
    """

    claim: str
    verdict: CheckVerdict
    score: float
    judged: tuple[Judged, ...] = ()
    nearest: tuple[Judged, ...] = ()
    witnesses: tuple[int, int] = (0, 0)
    reason: str = ""
    read_as: str = ""
    verifier: str = ""
    searched: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            msg = f"a score of a verdict lies in 0..1, not {self.score}"
            raise RecordError(msg)
        stances = {item.evidence.stance for item in self.judged}
        needed = {"supported": {"for"}, "contradicted": {"against"}, "disputed": {"for", "against"}}.get(self.verdict)
        if needed is not None and not needed <= stances:
            msg = f"a claim is {self.verdict} only with the words that say so: {self.claim[:80]!r}"
            raise RecordError(msg)
        if self.verdict == "insufficient" and self.judged:
            msg = f"where words decide, a claim is not insufficient: {self.claim[:80]!r}"
            raise RecordError(msg)


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence ``start:end`` of a checked text with its check."""

    start: int
    end: int
    check: Check


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A text of which every sentence that claims something was checked; ``skipped`` counts the rest by reason."""

    name: str
    text: str
    blocks: tuple[Block, ...]
    sentences: tuple[CheckedSentence, ...]
    skipped: Mapping[str, int] = field(default_factory=dict)
    verifier: str = ""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        for item in self.sentences:
            if not 0 <= item.start < item.end <= len(self.text):
                msg = f"a checked sentence lies inside its text, not at {item.start}:{item.end}"
                raise RecordError(msg, source=self.name)

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks in the order of the text."""
        return tuple(item.check for item in self.sentences)

    def count(self, verdict: CheckVerdict) -> int:
        """How many claims got this verdict."""
        return sum(check.verdict == verdict for check in self.checks)
