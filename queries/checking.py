"""Checking a claim against the corpus: what speaks for it, what against it, and what follows.

The words decide, not their nearness: a sentence is found by nearness, and then a verifier reads it beside the claim. A verdict
rests on the label of the surest sentence on either side; two sides are a dispute only if they are independent witnesses.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kb.catalog import CatalogReader
from kb.interfaces import Verifier
from kb.records import Block, Check, CheckedSentence, CheckedText, CheckVerdict, Found, Judged, Parsed, Stance, Verdict
from queries.affirming import affirmed
from queries.quotes import Ranked, Ranking, before, cite, rank
from queries.retrieval import Retriever
from queries.statements import claims_nothing, statements_of
from queries.topics import content_stems
from queries.witnesses import count_witnesses, witness_groups
from queries.wording import refusal

_CHUNKS: Final = 20
_EMBEDDED: Final = 16
_SENTENCES: Final = 8
"""Sentences that the verifier reads, each alone.

On SciFact with the whole corpus to search a whole gold rationale is among them for 80 % of the gold abstracts; with 24 sentences
embedded and 12 read it is 82 %, at half the speed.
"""
_WIDER: Final = 3
"""Of these, how many it reads together with the sentence before them as well, beside those that open with a pronoun."""
_REACH: Final = 0.9
"""A sentence may decide if its passage is this near, as a share of the nearest one's cosine.

A verifier that reads many sentences finds a wrong one sure now and then, mostly in passages on something else. On SciFact with
the whole corpus to search (809 claims) 'supported' was then right for .90 of the claims instead of .85, and labels of abstracts for
.74 instead of .69; of the gold abstracts that were found before, one in twelve was lost.
"""
_SAME_WORDS: Final = 0.9
"""Cosine from which a sentence may decide wherever it stands."""
_SHOWN: Final = 4
_NEAREST: Final = 3
_FOUND: Final = 0.9
"""Probability from which a sentence that search found supports a claim, where the verifier's own cut, which is for pairs of any kind, is higher.

Of the halves of their claims that nothing was trained on, with the corpora of Fool-Me-Twice and SciFact to search, 'supported' is so right
for 34 of 36 and 18 of 19 claims; from 0.93 on it was 16 of 17 and 5 of 5. From 0.86 on a fourth of SciFact's abstracts that are shown would not
be annotated as support. A denial needs the verifier's own cut: of ten sentences found to support one from 0.86 on two do not.
"""
_BORNE_OUT: Final = 0.5
"""Words against a denial must say what it denies with this probability.

On SciFact and Fool-Me-Twice with their corpora to search, of 102 sentences against a denial this leaves open 6 of the 7 that stood on
the wrong side, 2 of 20 that nobody annotated, and 10 of 75 that stood on the right one, most of which do not tell of it.
"""
_LABEL: Final = 8
"""Words up to which something may be a heading or a cell that only names a thing."""
_WINDOW: Final = 900
"""Characters up to which two sentences are read together."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a verifier said about a claim on reading each quote, in the order of nearness."""

    judged: tuple[Judged, ...]
    searched: int


class Checker:
    """Checks claims against one knowledge base; ``leave_out`` are ids of sources that may not be their own witness."""

    def __init__(
        self, read: CatalogReader, retriever: Retriever, verifier: Verifier, *, leave_out: Iterable[str] = ()
    ) -> None:
        self._read = read
        self._retriever = retriever
        self._verifier = verifier
        self._leave_out = frozenset(leave_out)

    @property
    def verifier(self) -> str:
        """Who judges."""
        return self._verifier.name

    def check(self, claim: str, *, read_as: str = "") -> Check:
        """Check ``claim``; ``read_as`` is how it is to be understood, where its own words lean on what stands before."""
        started = time.monotonic()
        weighed = self.weigh(read_as or claim)
        made = self._decide(claim, weighed)
        return replace(made, read_as=read_as, seconds=round(time.monotonic() - started, 3))

    def weigh(self, claim: str) -> Weighed:
        """Retrieve, rank and judge, without deciding anything."""
        found = [f for f in self._retriever.search(claim, _CHUNKS) if f.source.id not in self._leave_out]
        ranking = rank(claim, found, self._read, self._retriever.embedder, limit=_EMBEDDED, titled=False)
        return Weighed(tuple(self._judged(claim, ranking)), _sources(found))

    def _judged(self, claim: str, ranking: Ranking) -> list[Judged]:
        """The best sentences, each with the verdict on it alone or, where only that decides, with the sentence before it."""
        best = _to_the_point(ranking)[:_SENTENCES]
        wider = [_window(item, ranking) if at < _WIDER or _leans(item) else -1 for at, item in enumerate(best)]
        quotes = [(item.sentence.quote, claim) for item in best]
        pairs = [(_words(item, start), claim) for item, start in zip(best, wider, strict=True) if start >= 0]
        wanted = affirmed(claim)
        verdicts = iter(self._verifier.judge([*quotes, *pairs]) if quotes else [])
        if not wanted:
            verdicts = map(_of_found, verdicts)
        alone = [next(verdicts) for _ in best]
        read: list[tuple[Ranked, int, Verdict]] = []
        for item, own, start in zip(best, alone, wider, strict=True):
            together = next(verdicts) if start >= 0 else own
            lean = own.label == "unclear" and together.label != "unclear"
            read.append((item, start, together) if lean else (item, -1, own))
        return [_as_judged(*one) for one in self._borne_out(wanted, read)]

    def _borne_out(self, wanted: str, read: list[tuple[Ranked, int, Verdict]]) -> list[tuple[Ranked, int, Verdict]]:
        """What was ``read``, but that words against a denial leave it open where they do not say what it denies, which is ``wanted``.

        Words that hold all of what is wanted say it: 'it runs four times a day in winter' against 'it never runs in winter'.
        """
        words = set(content_stems(wanted))
        tested = [
            bool(words - set(content_stems(_words(item, start)))) and verdict.label == "contradicted"
            for item, start, verdict in read
        ]
        if not any(tested):
            return read
        pairs = [(_words(item, start), wanted) for (item, start, _), test in zip(read, tested, strict=True) if test]
        said = iter(self._verifier.judge(pairs))
        return [
            (item, start, _left_open(verdict, next(said), wanted) if test else verdict)
            for (item, start, verdict), test in zip(read, tested, strict=True)
        ]

    def _decide(self, claim: str, weighed: Weighed) -> Check:
        supports = _surest(weighed.judged, "supported")
        denials = _surest(weighed.judged, "contradicted")
        groups = self._groups([*supports, *denials])
        verdict, supports, denials = _settle(supports, denials, groups)
        nearest = () if supports or denials else _nearest(weighed.judged)
        witnesses = (_witnesses(supports, groups), _witnesses(denials, groups))
        return Check(
            claim,
            verdict,
            round(_score(verdict, supports, denials, nearest), 4),
            (*supports[:_SHOWN], *denials[:_SHOWN]),
            nearest,
            witnesses,
            _reason(verdict, witnesses, weighed.searched, nearest),
            verifier=self._verifier.name,
            searched=weighed.searched,
        )

    def _groups(self, judged: Sequence[Judged]) -> dict[str, str]:
        documents = self._read.documents({item.evidence.document_id for item in judged})
        return witness_groups({d.source_id: d.text for d in documents.values()})


def check_text(
    name: str, parsed: Parsed, checker: Checker, *, progress: Callable[[int, int], None] | None = None
) -> CheckedText:
    """Check every sentence of ``parsed`` that claims something."""
    started = time.monotonic()
    statements, skipped = statements_of(parsed)
    checked: list[CheckedSentence] = []
    for statement in statements:
        made = checker.check(statement.text, read_as=statement.read_as)
        checked.append(CheckedSentence(statement.start, statement.end, made))
        if progress is not None:
            progress(len(checked), len(statements))
    seconds = round(time.monotonic() - started, 3)
    return CheckedText(name, parsed.text, parsed.blocks, tuple(checked), skipped, checker.verifier, seconds)


def check_claims(
    name: str, claims: Sequence[str], checker: Checker, *, progress: Callable[[int, int], None] | None = None
) -> CheckedText:
    """Check each line as one claim; empty lines and comments (``#``) are left out."""
    started = time.monotonic()
    wanted = [" ".join(line.split()) for line in claims]
    wanted = [line for line in wanted if line and not line.startswith("#")]
    text = "\n\n".join(wanted)
    blocks: list[Block] = []
    checked: list[CheckedSentence] = []
    at = 0
    for claim in wanted:
        blocks.append(Block(at, at + len(claim), "paragraph"))
        checked.append(CheckedSentence(at, at + len(claim), checker.check(claim)))
        at += len(claim) + 2
        if progress is not None:
            progress(len(checked), len(wanted))
    seconds = round(time.monotonic() - started, 3)
    return CheckedText(name, text, tuple(blocks), tuple(checked), {}, checker.verifier, seconds)


def _settle(
    supports: list[Judged], denials: list[Judged], groups: dict[str, str]
) -> tuple[CheckVerdict, list[Judged], list[Judged]]:
    """The verdict and the words that it rests on: within one witness the surer side speaks for it."""
    if supports and denials:
        sure = {side: _by_witness(items, groups) for side, items in (("for", supports), ("against", denials))}
        supports = [i for i in supports if i.verdict.score >= sure["against"].get(_witness(i, groups), 0.0)]
        denials = [i for i in denials if i.verdict.score > sure["for"].get(_witness(i, groups), 0.0)]
    if supports and denials:
        return "disputed", supports, denials
    if supports:
        return "supported", supports, []
    if denials:
        return "contradicted", [], denials
    return "insufficient", [], []


def _witness(item: Judged, groups: dict[str, str]) -> str:
    return groups.get(item.evidence.source_id, item.evidence.source_id)


def _by_witness(items: Sequence[Judged], groups: dict[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in items:
        name = _witness(item, groups)
        found[name] = max(found.get(name, 0.0), item.verdict.score)
    return found


def _surest(judged: Sequence[Judged], label: str) -> list[Judged]:
    """Those of this label, surest first; of overlapping quotes only the surer."""
    kept: list[Judged] = []
    for item in sorted((i for i in judged if i.verdict.label == label), key=lambda i: -i.verdict.score):
        if not any(_overlap(item, other) for other in kept):
            kept.append(item)
    return kept


def _overlap(one: Judged, other: Judged) -> bool:
    a, b = one.evidence, other.evidence
    return a.document_id == b.document_id and a.start < b.end and b.start < a.end


def _nearest(judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """What came nearest: by what the verifier made of it, then in the order of nearness."""
    ordered = sorted(judged, key=lambda item: -round(item.verdict.sureness, 1))
    kept: list[Judged] = []
    for item in ordered:
        if not any(_overlap(item, other) for other in kept):
            kept.append(item)
    return tuple(kept[:_NEAREST])


def _score(
    verdict: CheckVerdict, supports: Sequence[Judged], denials: Sequence[Judged], nearest: Sequence[Judged]
) -> float:
    """How sure the verdict is: its surest words; of a dispute the less sure side; of silence what speaks least against it."""
    if verdict == "disputed":
        return min(supports[0].verdict.score, denials[0].verdict.score)
    if verdict == "insufficient":
        return 1.0 - max((item.verdict.sureness for item in nearest), default=0.0)
    return (supports or denials)[0].verdict.score


def _witnesses(items: Sequence[Judged], groups: dict[str, str]) -> int:
    return count_witnesses([item.evidence for item in items], groups) if items else 0


def _reason(verdict: CheckVerdict, witnesses: tuple[int, int], searched: int, nearest: Sequence[Judged]) -> str:
    support, denial = (f"{n} independent source{'s' * (n != 1)}" for n in witnesses)
    if verdict == "disputed":
        return f"{support} for it, {denial} against it"
    if verdict == "supported":
        return f"{support} for it, none against it"
    if verdict == "contradicted":
        return f"{denial} against it, none for it"
    if not searched:
        return "the knowledge base holds nothing to check it against"
    return f"no sentence of the {searched} nearest source{'s' * (searched != 1)} decides it{_leaning(nearest)}"


def _leaning(nearest: Sequence[Judged]) -> str:
    """To which side words lean that decide nothing."""
    sides = {item.verdict.leaning for item in nearest} - {None}
    if len(sides) > 1:
        return "; the nearest words lean both ways"
    return "".join(f"; the nearest words lean {side} it" for side in sides)


def _sources(found: Sequence[Found]) -> int:
    return len({item.source.id for item in found})


def _to_the_point(ranking: Ranking) -> list[Ranked]:
    """The ranked sentences that may decide: out of the nearest passages, or nearly the claim itself."""
    top = max((item.place for item in ranking.ranked), default=0.0)
    near = (item for item in ranking.ranked if item.place >= _REACH * top or item.near >= _SAME_WORDS)
    return [item for item in near if not _is_label(item.sentence.quote)]


def _is_label(quote: str) -> bool:
    """Whether ``quote`` is a heading or the like: a few words that say nothing by themselves, and no figure."""
    is_short = len(quote.split()) <= _LABEL
    return is_short and not any(map(str.isdigit, quote)) and bool(claims_nothing(quote, ended=True))


def _leans(item: Ranked) -> bool:
    return refusal(item.sentence.quote) == "dangling"


def _window(item: Ranked, ranking: Ranking) -> int:
    """Where the sentence before this one starts; -1 where there is none that it can be read with."""
    earlier = before(item.sentence, ranking.listed)
    if earlier is None or item.sentence.end - earlier.start > _WINDOW:
        return -1
    return earlier.start


def _words(item: Ranked, start: int) -> str:
    """The text from ``start``, by default the start of the sentence, to its end."""
    return item.sentence.document.text[start : item.sentence.end] if start >= 0 else item.sentence.quote


def _as_judged(item: Ranked, start: int, verdict: Verdict) -> Judged:
    stance: Stance = "against" if verdict.label == "contradicted" else "for"
    return Judged(cite(item.sentence, start=start, stance=stance, score=verdict.score), verdict)


def _of_found(verdict: Verdict) -> Verdict:
    """``verdict`` on words that search found."""
    if verdict.label == "unclear" and verdict.supported >= _FOUND:
        return replace(verdict, label="supported", score=verdict.supported)
    return verdict


def _left_open(verdict: Verdict, said: Verdict, wanted: str) -> Verdict:
    """``verdict``, or that the quote contradicts no more than it says what is ``wanted``, where it hardly does: ``said`` is of that."""
    if said.supported >= _BORNE_OUT:
        return verdict
    contradicted = min(verdict.contradicted, said.supported)
    unclear = round(1.0 - verdict.supported - contradicted, 6)
    reasons = (*verdict.reasons, f"it does not say: {wanted}")
    return replace(verdict, label="unclear", score=max(0.0, unclear), contradicted=contradicted, reasons=reasons)
