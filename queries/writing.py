"""Answers and reports in a language model's words, as far as they pass the gate; where they do not, the sources' own words.

A :class:`Writer` takes what was made without a model and gives back the same records, reworded where that held. It is the one
place that catches a :class:`~kb.errors.ModelError`: the extractive result stands then, and the reason is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from kb import ids
from kb.catalog import CatalogReader
from kb.errors import ModelError
from kb.interfaces import Embedder, LanguageModel, Verifier
from kb.records import Angle, Answer, Chunk, Claim, Evidence, Note, Statement, Usage
from queries.agreement import agree
from queries.angles import OTHERS
from queries.breaking import Breaker
from queries.claims import judge_certainty
from queries.drafting import SHOWN, Drafter, Drafts, Title
from queries.gate import Gate, Passage, Passed, Refused
from queries.prompts import labels
from queries.witnesses import count_witnesses, witness_groups

T = TypeVar("T")
Witnesses = Callable[[Sequence[Evidence]], int]
"""Counts independent witnesses: ``lambda evidence: count_witnesses(evidence, groups)``."""

_PER_ANGLE: Final = 5
"""Claims that one call is asked for at the most."""
_BESIDE: Final = "it rests on none of the sentences that answer the question"
_ECHO: Final = 0.86
"""Nearness that two sentences over one quote are taken to have."""
_NOTHING: Final = "the model drafted nothing that passed the gate"


@dataclass(frozen=True, slots=True)
class Written:
    """What a model did, for the reader: its name ('none' where nothing of it stands), prompts, refused drafts, notes."""

    model: str = "none"
    prompts: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[Note, ...] = ()
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class _Drafted:
    """An angle with the model's claims, and for each of these ids the claims whose evidence it took over."""

    angle: Angle
    origins: Mapping[str, tuple[str, ...]]


class Writer:
    """Writes with ``model`` what ``verifier`` finds supported; ``embedder`` helps to find the quotes."""

    def __init__(
        self, model: LanguageModel, verifier: Verifier, embedder: Embedder | None = None, *, max_tokens: int = 700
    ) -> None:
        self._model = Breaker(model)
        self._before = model.usage
        self._drafter = Drafter(self._model, max_tokens=max_tokens)
        self._gate = Gate(verifier, embedder)
        self._refused: list[Refused] = []
        self._notes: list[Note] = []
        self._stands = False

    @property
    def written(self) -> Written:
        """What was done so far."""
        name = self._model.name if self._stands else "none"
        used = self._model.usage.since(self._before)
        return Written(name, labels(), tuple(self._refused), tuple(self._notes), used)

    # -- answers ---------------------------------------------------------------------------------------------------

    def answer(self, extractive: Answer, passages: Sequence[Passage], witnesses: Witnesses) -> Answer:
        """The answer in the model's words, or ``extractive`` as it is, with a note that says why.

        An abstention stands: a model that is asked in spite of it invents. What the model says must rest on a sentence that
        answers, not only on one that lies near the question; and what it leaves out of the answer stays in the sources' words.
        """
        if not extractive.answered or not passages:
            return extractive
        passed: tuple[Passed, ...] = self._attempt("the answer", lambda: self._answer(extractive, passages), ())
        if not passed:
            return extractive
        key = ids.fold(extractive.question)
        claims = [self._claim(key, item, witnesses, extractive.claims) for item in passed]
        used = {evidence.id for claim in claims for evidence in claim.evidence}
        left = [claim for claim in extractive.claims if not used & {evidence.id for evidence in claim.evidence}]
        return replace(extractive, claims=(*claims, *left), model=self._model.name)

    def _answer(self, extractive: Answer, passages: Sequence[Passage]) -> tuple[Passed, ...]:
        drafted = self._drafter.answer(extractive.question, passages)
        gated = self._gate.claims(drafted.drafts, passages)
        refused = (*drafted.refused, *gated.refused)
        answering = {evidence.id for claim in extractive.claims for evidence in claim.evidence}
        beside = [item for item in gated.passed if not answering & {evidence.id for evidence in item.evidence}]
        refused += tuple(Refused(item.text, "unsupported", _BESIDE) for item in beside)
        return self._kept("the answer", tuple(item for item in gated.passed if item not in beside), refused)

    # -- reports ---------------------------------------------------------------------------------------------------

    def angles(
        self, topic: str, topic_key: str, angles: Sequence[Angle], chunks: Mapping[str, Chunk], witnesses: Witnesses
    ) -> tuple[tuple[Angle, ...], dict[str, tuple[str, ...]]]:
        """The angles with claims in the model's words over the evidence of theirs.

        An extractive claim none of whose evidence the model used stays beside them, and one that was made in the last
        report (kept, strengthened, weakened) stays as it was worded there.

        Args:
            topic: what the report is about.
            topic_key: of the topic, for the ids of claims.
            angles: with claims in the sources' words.
            chunks: by id, those that the evidence lies in, as far as they are at hand.
            witnesses: counts independent witnesses.

        Returns:
            The angles, and for each new claim id the ids of the claims whose evidence it took over.
        """
        numbered = [number_passages(_citations(_fresh(angle)), chunks) for angle in angles]
        with self._calls() as pool:
            jobs = [pool.submit(self._draft_angle, topic, *pair) for pair in zip(angles, numbered, strict=True)]
            drafted = [
                self._angle(topic_key, angle, passages, job, witnesses)
                for angle, passages, job in zip(angles, numbered, jobs, strict=True)
            ]
        return _each_once(drafted, witnesses)

    def _draft_angle(self, topic: str, angle: Angle, passages: Sequence[Passage]) -> Drafts:
        most = max(1, min(len(_fresh(angle)), _PER_ANGLE))
        title = topic if angle.title == OTHERS else angle.title
        return self._drafter.claims(title, topic, passages, most=most) if passages else Drafts(())

    def _angle(
        self, topic_key: str, angle: Angle, passages: Sequence[Passage], job: Future[Drafts], witnesses: Witnesses
    ) -> _Drafted:
        part = f"angle '{angle.title}'"
        if not passages:
            return _Drafted(angle, {})

        def gated() -> tuple[Passed, ...]:
            drafts = job.result()
            result = self._gate.claims(drafts.drafts, passages)
            return self._kept(part, _no_echo(result.passed), (*drafts.refused, *result.refused))

        passed: tuple[Passed, ...] = self._attempt(part, gated, ())
        made = [replace(self._claim(topic_key, item, witnesses, angle.claims), angle_id=angle.id) for item in passed]
        claims, origins = _with_room({claim.id: claim for claim in made}, _fresh(angle))
        replaced = {name for names in origins.values() for name in names} | set(origins)
        left = [claim for claim in angle.claims if claim.status != "new" or claim.id not in replaced]
        return _Drafted(replace(angle, claims=(*claims, *left)), origins)

    def titled(self, topic: str, angles: Sequence[Angle], taken: Sequence[str] = ()) -> tuple[Angle, ...]:
        """The angles with titles for their claims; one whose draft is refused, or is a title in ``taken``, keeps its own."""
        with self._calls() as pool:
            jobs = [pool.submit(self._drafter.title, topic, angle.claims) for angle in angles]
            used = {title.casefold() for title in (*taken, *(angle.title for angle in angles))}
            return tuple(self._titled(angle, job, used) for angle, job in zip(angles, jobs, strict=True))

    def _titled(self, angle: Angle, job: Future[Title], used: set[str]) -> Angle:
        part = f"the title of angle '{angle.title}'"

        def draft() -> tuple[str, ...]:
            made = job.result()
            refused = made.refused
            if made.text.casefold() in used - {angle.title.casefold()}:
                refused = (Refused(made.text, "unsupported", "another angle has this title"),)
            return self._kept(part, () if refused else (made.text,), refused)

        nothing: tuple[str, ...] = ()
        for title in self._attempt(part, draft, nothing):
            used.add(title.casefold())
            return replace(angle, title=title, worded_by=self._model.name)
        return angle

    def summary(self, topic: str, extractive: Sequence[Statement], claims: Sequence[Claim]) -> tuple[Statement, ...]:
        """A summary of ``claims`` (as many as one call shows) in the model's words, filled up from ``extractive`` to its length."""
        claims = claims[:SHOWN]
        if not claims:
            return tuple(extractive)

        def draft() -> tuple[Statement, ...]:
            drafts = self._drafter.summary(topic, claims)
            gated = self._gate.statements(drafts.drafts, claims)
            return self._kept("the summary", gated.passed, (*drafts.refused, *gated.refused))

        passed: tuple[Statement, ...] = self._attempt("the summary", draft, ())
        said = {name for item in passed for name in item.claim_ids}
        rest = [item for item in extractive if not said & set(item.claim_ids)]
        worded = [replace(item, worded_by=self._model.name) for item in passed]
        return (*worded, *rest[: max(0, len(extractive) - len(worded))])

    # -- parts -----------------------------------------------------------------------------------------------------

    @contextmanager
    def _calls(self) -> Iterator[ThreadPoolExecutor]:
        """Threads that ask the model, and nothing else: the verifier and the catalog may be no good in threads."""
        pool = ThreadPoolExecutor(max(1, self._model.concurrency))
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)

    def _claim(self, key: str, passed: Passed, witnesses: Witnesses, extractive: Sequence[Claim]) -> Claim:
        """A claim in the model's words; what speaks against the claims whose evidence it took speaks against it."""
        places = {item.id for item in passed.evidence}
        theirs = [o for claim in extractive if places & {e.id for e in claim.evidence} for o in claim.against]
        name = ids.claim_id(key, passed.text)
        claim = Claim(name, passed.text, passed.evidence, support=passed.verdict, worded_by=self._model.name)
        return _weighed(claim, (*passed.against, *theirs), witnesses)

    # -- keeping account -------------------------------------------------------------------------------------------

    def _kept(self, part: str, passed: tuple[T, ...], refused: Sequence[Refused]) -> tuple[T, ...]:
        """Keep what was refused, and say so where nothing is left."""
        self._refused.extend(refused)
        self._stands = self._stands or bool(passed)
        if not passed:
            why = f" ({refused[0].reason}: {refused[0].detail})" if refused else ""
            self._notes.append(Note(part, f"{_NOTHING}{why}"))
        return passed

    def _attempt(self, part: str, draft: Callable[[], T], instead: T) -> T:
        """The one place where a model's failure becomes a note."""
        try:
            return draft()
        except ModelError as exc:
            self._notes.append(Note(part, str(exc)))
            return instead


def _no_echo(passed: Sequence[Passed]) -> tuple[Passed, ...]:
    """Without sentences that say again what an earlier one says, over a quote of its."""
    kept: list[Passed] = []
    for item in passed:
        places = {evidence.id for evidence in item.evidence}
        echoes = (o for o in kept if places & {e.id for e in o.evidence} and agree(o.text, item.text, _ECHO))
        if not any(echoes):
            kept.append(item)
    return tuple(kept)


def witnesses_in(read: CatalogReader) -> Witnesses:
    """Count independent witnesses by the documents in the catalog: near-copies of one text are one."""

    def count(evidence: Sequence[Evidence]) -> int:
        documents = read.documents({item.document_id for item in evidence})
        return count_witnesses(evidence, witness_groups({e.source_id: documents[e.document_id].text for e in evidence}))

    return count


def number_passages(evidence: Sequence[Evidence], chunks: Mapping[str, Chunk] | None = None) -> list[Passage]:
    """Number pieces of evidence from 1, each place once."""
    distinct = list({item.id: item for item in evidence}.values())
    return [Passage.of(n, item, (chunks or {}).get(item.chunk_id)) for n, item in enumerate(distinct, start=1)]


def _weighed(claim: Claim, against: Sequence[Evidence], witnesses: Witnesses) -> Claim:
    """``claim`` as sure as its evidence and ``against`` make it; what stands for it does not stand against it."""
    places = {item.id for item in claim.evidence}
    others = {item.id: item for item in against if item.id not in places}
    count = witnesses(claim.evidence)
    certainty, reason = judge_certainty(count, claim.evidence, len(others))
    return replace(claim, against=tuple(others.values()), certainty=certainty, certainty_reason=reason, witnesses=count)


def _each_once(
    drafted: Sequence[_Drafted], witnesses: Witnesses
) -> tuple[tuple[Angle, ...], dict[str, tuple[str, ...]]]:
    """The angles, no claim twice, and the origins of the new claims.

    Two angles may come to word one claim alike, and a model what an earlier report said: it stands where it stood then, else
    where it came first, with the evidence of both.
    """
    standing = [(item.angle.id, claim) for item in drafted for claim in item.angle.claims]
    standing.sort(key=lambda pair: pair[1].status == "new")
    first: dict[str, Claim] = {}
    home: dict[str, str] = {}
    for angle_id, claim in standing:
        home.setdefault(claim.id, angle_id)
        known = first.get(claim.id)
        first[claim.id] = _joined(known, claim, witnesses) if known else claim
    origins: dict[str, tuple[str, ...]] = {}
    for item in drafted:
        for name, theirs in item.origins.items():
            origins[name] = tuple(dict.fromkeys((*origins.get(name, ()), *theirs)))
    made: list[Angle] = []
    for item in drafted:
        here = dict.fromkeys(claim.id for claim in item.angle.claims if home[claim.id] == item.angle.id)
        if here:
            made.append(replace(item.angle, claims=tuple(first[name] for name in here)))
    return tuple(made), origins


def _joined(claim: Claim, again: Claim, witnesses: Witnesses) -> Claim:
    """``claim`` with the evidence of ``again``, which says the same, from other sources."""
    known = {item.source_id for item in claim.evidence}
    more = [item for item in again.evidence if item.source_id not in known]
    joined = replace(claim, evidence=(*claim.evidence, *more))
    return _weighed(joined, (*claim.against, *again.against), witnesses)


def _with_room(
    drafted: Mapping[str, Claim], extractive: Sequence[Claim]
) -> tuple[list[Claim], dict[str, tuple[str, ...]]]:
    """The drafts that there is room for, and their origins: together with what they leave, no more than ``extractive``.

    A model may say one thing several times over several quotes, so those that word a further claim come first.
    """
    origins = {name: _origins(claim, extractive) for name, claim in drafted.items()}
    covered: set[str] = set()
    leading: list[str] = []
    for name, theirs in origins.items():
        if not covered.issuperset(theirs):
            leading.append(name)
            covered.update(theirs)
    room = len(covered) - len(leading)
    kept = {*leading, *[name for name in drafted if name not in leading][:room]}
    return [claim for name, claim in drafted.items() if name in kept], {n: o for n, o in origins.items() if n in kept}


def _origins(claim: Claim, extractive: Sequence[Claim]) -> tuple[str, ...]:
    """The claims whose first quote, the one that worded them, this claim rests on; else those that share any."""
    places = {item.id for item in claim.evidence}
    heads = tuple(other.id for other in extractive if other.evidence[0].id in places)
    return heads or tuple(other.id for other in extractive if places & {e.id for e in other.evidence})


def _fresh(angle: Angle) -> list[Claim]:
    """The claims that no earlier report made: only these may be worded anew."""
    return [claim for claim in angle.claims if claim.status == "new"]


def _citations(claims: Sequence[Claim]) -> list[Evidence]:
    """The quotes behind claims: the first of each, then the others, so that a short list holds something of every claim."""
    return [claim.evidence[0] for claim in claims] + [item for claim in claims for item in claim.evidence[1:]]
