"""The gate: nothing that a language model drafts stands in an answer or a report unless it passes here.

A drafted claim passes only if it is one self-contained sentence, the numbers that it names are in the list that the model was
given, every quote that it brings is an exact slice of its passage, the verifier finds it supported by quotes, and it adds no
number, date or name to them. What does not pass is kept with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from kb import ids
from kb.interfaces import Embedder, Verifier
from kb.records import Chunk, Claim, Evidence, Statement, Verdict
from queries.additions import additions
from queries.anchoring import anchor
from queries.fencing import gives_orders, within_order
from queries.form import malformed, tidy
from queries.omissions import omission
from queries.support import Quote, Support, Supporter

Reason = Literal["unknown_id", "inexact_quote", "unsupported", "malformed"]
REASONS: Final[tuple[Reason, ...]] = ("unknown_id", "inexact_quote", "unsupported", "malformed")
_SURE: Final = 0.85
"""How probable support must be, beside the label: what a model words is more often wrong than pairs that verifiers are tried on."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model drafted: a sentence, the numbers of what it says it used, and the words that it quotes, if any."""

    text: str
    numbers: tuple[int, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Numbered evidence; ``text`` is the whole chunk and ``start`` its offset, for quotes that the drafter brings."""

    number: int
    evidence: Evidence
    text: str
    start: int

    @classmethod
    def of(cls, number: int, evidence: Evidence, chunk: Chunk | None = None) -> Passage:
        """Number ``evidence``; without its chunk only words of its own quote can be quoted."""
        if chunk is None or chunk.id != evidence.chunk_id:
            return cls(number, evidence, evidence.quote, evidence.start)
        return cls(number, evidence, chunk.text, chunk.start)


@dataclass(frozen=True, slots=True)
class Refused:
    """A draft that did not pass, and why; for ``--explain``."""

    text: str
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A draft that passed: its words, the evidence for it (best first) and against it, and the verdict."""

    text: str
    evidence: tuple[Evidence, ...]
    against: tuple[Evidence, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Gated:
    """What came out of the gate, in the order of the drafts."""

    passed: tuple[Passed, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class GatedStatements:
    """Sentences over claims that passed, and those that did not."""

    passed: tuple[Statement, ...]
    refused: tuple[Refused, ...]


def presentable(passages: Sequence[Passage]) -> list[Passage]:
    """The passages that a model is shown, and that drafts may rest on: none that speaks to a model instead of a reader."""
    return [passage for passage in passages if not gives_orders(passage.evidence.quote)]


def count_reasons(refused: Sequence[Refused]) -> Mapping[str, int]:
    """How many drafts were refused, by reason; every reason is there."""
    counts = Counter(item.reason for item in refused)
    return {reason: counts[reason] for reason in REASONS}


class Gate:
    """Holds drafts to their evidence; ``verifier`` has the last word on support."""

    def __init__(self, verifier: Verifier, embedder: Embedder | None = None) -> None:
        self._supporter = Supporter(verifier, embedder)

    def claims(self, drafts: Sequence[Draft], passages: Sequence[Passage]) -> Gated:
        """Let those of ``drafts`` pass that hold; each becomes a sentence with exact quotes under it."""
        passages = presentable(passages)
        known = {passage.number: at for at, passage in enumerate(passages)}
        evidence = [passage.evidence for passage in passages]
        refused: dict[int, Refused] = {}
        named: dict[int, tuple[str, tuple[int, ...]]] = {}
        for at, (draft, text) in enumerate(_distinct(drafts)):
            if problem := _problem(draft, text, known):
                refused[at] = problem
                continue
            cited = [known[number] for number in dict.fromkeys(draft.numbers)]
            own = [_requote(quote, [passages[i] for i in cited] or passages) for quote in draft.quotes]
            if None in own:
                missing = draft.quotes[own.index(None)]
                refused[at] = Refused(text, "inexact_quote", f"these words stand in no such passage: {missing[:120]!r}")
                continue
            added = range(len(evidence), len(evidence) + len(own))
            evidence.extend(item for item in own if item is not None)
            named[at] = (text, (*added, *cited))
        quotes = [Quote(item.quote, (item.document_id, item.start)) for item in evidence]
        found = self._supporter.find(list(named.values()), quotes)
        passed: list[Passed] = []
        for (at, (text, _)), support in zip(named.items(), found, strict=True):
            holding = _holding(text, support, quotes)
            if problem := _unsupported(text, support, holding, quotes):
                refused[at] = problem
                continue
            kept = [evidence[i] for i in holding]
            score = support.verdict.supported or support.verdict.score
            passed.append(Passed(text, _once(kept, score), _against(support, kept, evidence), support.verdict))
        return Gated(tuple(passed), tuple(refused[at] for at in sorted(refused)))

    def statements(self, drafts: Sequence[Draft], claims: Sequence[Claim]) -> GatedStatements:
        """Let those of ``drafts`` pass that rest on ``claims`` (numbered from 1): the claims' wordings are the quotes."""
        known = {number: number - 1 for number in range(1, len(claims) + 1)}
        refused: dict[int, Refused] = {}
        named: dict[int, tuple[str, tuple[int, ...]]] = {}
        for at, (draft, text) in enumerate(_distinct(drafts)):
            if problem := _problem(draft, text, known):
                refused[at] = problem
            else:
                named[at] = (text, tuple(known[number] for number in dict.fromkeys(draft.numbers)))
        quotes = [Quote(claim.text, ("", i)) for i, claim in enumerate(claims)]
        found = self._supporter.find(list(named.values()), quotes)
        passed: list[Statement] = []
        for (at, (text, _)), support in zip(named.items(), found, strict=True):
            holding = _holding(text, support, quotes)
            if problem := _unsupported(text, support, holding, quotes):
                refused[at] = problem
            else:
                passed.append(Statement(text, tuple(claims[i].id for i in holding)))
        return GatedStatements(tuple(passed), tuple(refused[at] for at in sorted(refused)))


def _distinct(drafts: Sequence[Draft]) -> list[tuple[Draft, str]]:
    """Drafts with their tidied texts; one that says word for word what an earlier one says is no draft."""
    found = {ids.fold(text): (draft, text) for draft in reversed(drafts) for text in [tidy(draft.text)]}
    return list(reversed(found.values()))


def _problem(draft: Draft, text: str, known: Mapping[int, int]) -> Refused | None:
    """What is wrong with a draft by itself."""
    if detail := malformed(text):
        return Refused(text or draft.text[:200], "malformed", detail)
    if unknown := [number for number in draft.numbers if number not in known]:
        return Refused(text, "unknown_id", f"it names {', '.join(map(str, unknown[:5]))}, which is not in the list")
    return None


def _requote(quote: str, passages: Sequence[Passage]) -> Evidence | None:
    """The exact slice that a drafted quote names, as evidence; None if it is in none of ``passages``."""
    for passage in passages:
        evidence = passage.evidence
        span = anchor(quote, passage.text, near=evidence.start - passage.start)
        if span is not None and not within_order(passage.text, *span):
            start, end = passage.start + span[0], passage.start + span[1]
            name = ids.evidence_id(evidence.document_id, start, end)
            return replace(evidence, id=name, start=start, end=end, quote=passage.text[span[0] : span[1]])
    return None


def _holding(text: str, support: Support, quotes: Sequence[Quote]) -> list[int]:
    """The supporting quotes that do not say less than ``text``; where they support it together, all of them or none."""
    holding = [i for i in support.quotes if not omission(text, quotes[i].text)]
    return holding if not support.together or len(holding) == len(support.quotes) else []


def _unsupported(text: str, support: Support, holding: Sequence[int], quotes: Sequence[Quote]) -> Refused | None:
    verdict = support.verdict
    if not support.quotes:
        why = f" ({verdict.reasons[0]})" if verdict.reasons else ""
        return Refused(text, "unsupported", f"{verdict.verifier}: {verdict.label} {verdict.score:.2f}{why}")
    if verdict.supported < _SURE:
        detail = f"{verdict.verifier}: {verdict.supported:.2f}, not sure enough for a drafted sentence"
        return Refused(text, "unsupported", detail)
    if not holding:
        lost = next(word for i in support.quotes if (word := omission(text, quotes[i].text)))
        return Refused(text, "unsupported", f"it leaves out what holds its quote back: {lost!r}")
    if added := additions(text, [quotes[i].text for i in holding]):
        return Refused(text, "unsupported", f"in none of its quotes: {', '.join(added[:5])}")
    return None


def _once(evidence: Sequence[Evidence], score: float) -> tuple[Evidence, ...]:
    """Each quote once; one that lies inside another goes."""
    kept: list[Evidence] = []
    for item in evidence:
        inside = (o.document_id == item.document_id and o.start <= item.start and item.end <= o.end for o in kept)
        if not any(inside):
            kept.append(replace(item, stance="for", score=score))
    return tuple(kept)


def _against(support: Support, kept: Sequence[Evidence], evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Passages of other sources that the verifier finds to contradict what passed."""
    own = {item.source_id for item in kept}
    return tuple(replace(evidence[i], stance="against") for i in support.against if evidence[i].source_id not in own)
