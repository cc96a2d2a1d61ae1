"""Answers without a language model: exact sentences for each part of a question, or an abstention that says what came nearest."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kb import ids
from kb.catalog import CatalogReader
from kb.interfaces import Verifier
from kb.records import Answer, Claim, Evidence, Refusal
from kb.text import words
from queries.agreement import agree
from queries.answerability import THRESHOLD, Signals, confidence, kind_of, signals
from queries.aspects import asks_for_several, aspect_of, is_beside, sides_asked
from queries.claims import judge_certainty
from queries.conflicts import conflicting, near_others, rivals_of
from queries.dating import AsOf, date_of, read_as_of, undated
from queries.parts import parts_of
from queries.quotes import Ranked, Ranking, after, before, cite, rank, surroundings
from queries.retrieval import Retriever
from queries.surveying import survey
from queries.topics import content_stems, core_of
from queries.witnesses import count_witnesses, witness_groups
from queries.wording import refusal
from queries.writing import Writer, number_passages, witnesses_in

_CHUNKS: Final = 16
_SENTENCES: Final = 16
"""Sentences that are embedded: with 64 the first is a gold one as often (CLAP NQ), and it takes four times as long."""
_LEFT: Final = 5
"""The same after a survey that found too little: most of what the corpus holds on the question was read there."""
_MOST: Final = 4
_SHOWN_TO_MODEL: Final = 10
"""Sentences that a language model is shown to answer from."""
_SUPPORT: Final = 4
_ALSO: Final = 0.86
"""Share of the best sentence's score from which another belongs to the answer."""
_REPEATS: Final = 0.88
_KIND: Final = 0.10
"""What a sentence gains that holds the kind of answer that is asked for."""
_FRESH: Final = 0.10
"""What the newest sentence gains over the oldest where the question asks for what is current."""
_POINTS: Final = re.compile(r"(?:it|they|he|she|this|these|those|such)\b", re.IGNORECASE)
"""How a sentence starts that speaks of something the one before it names."""
_UNFIT: Final = {
    "": 0.0,
    "dangling": 0.02,
    "too short": 0.02,
    "too long": 0.015,
    "speaker": 0.01,
    "listing": 0.125,
    "names": 0.125,
    "boilerplate": 0.125,
    "code": 0.075,
    "address": 0.06,
    "fragment": 0.06,
    "no verb": 0.06,
}
"""What is taken off a sentence's score for each reason why it would read badly as an answer."""


@dataclass(frozen=True, slots=True)
class Best:
    """The sentences by their worth as an answer, with what the confidence is made of."""

    order: tuple[Ranked, ...]
    scores: tuple[float, ...]
    ranking: Ranking
    seen: Signals

    @property
    def confidence(self) -> float:
        """How surely the first answers the question."""
        return confidence(self.seen)


class Asker:
    """Answers questions from one knowledge base."""

    def __init__(
        self,
        read: CatalogReader,
        retriever: Retriever,
        verifier: Verifier,
        writer: Callable[[], Writer] | None = None,
    ) -> None:
        self._writer = writer
        self._read = read
        self._retriever = retriever
        self._verifier = verifier

    def ask(self, question: str, *, threshold: float = THRESHOLD) -> Answer:
        """Answer ``question``, part by part where it asks several things, or abstain below the ``threshold``."""
        started = time.monotonic()
        parts = [side for part in parts_of(question) for side in sides_asked(part)]
        if len(parts) == 1:
            answer = self._answer(question, threshold)
        else:
            answer = _joined(question, [self._answer(part, threshold) for part in parts])
        return replace(answer, seconds=round(time.monotonic() - started, 3))

    def best(self, question: str, *, among: int = _SENTENCES) -> Best | None:
        """The sentences that answer ``question`` best, ``among`` the most promising; None where there is nothing to quote."""
        as_of = read_as_of(question)
        wanted = undated(question) if as_of else question
        found = self._retriever.search(wanted, _CHUNKS)
        if as_of is not None:
            found = [item for item in found if as_of.allows(item.source.published)]
        ranking = rank(wanted, found, self._read, self._retriever.embedder, limit=among)
        if not ranking.ranked:
            return None
        worth = _worth(question, ranking.ranked, as_of)
        order = sorted(range(len(worth)), key=lambda at: (-worth[at], at))
        ranked = tuple(ranking.ranked[at] for at in order)
        scores = tuple(worth[at] for at in order)
        return Best(ranked, scores, ranking, signals(question, ranked, ranking))

    def _answer(self, question: str, threshold: float) -> Answer:
        as_of = read_as_of(question)
        dated = as_of.text if as_of else ""
        surveyed = as_of is None and asks_for_several(question)
        if surveyed:
            several = survey(question, self._read, self._retriever, self._verifier)
            if several is not None and several.confidence >= threshold:
                answer = Answer(
                    question,
                    several.claims,
                    several.nearest,
                    "",
                    several.confidence,
                    searched=several.searched,
                    as_of=dated,
                )
                return self._written(answer, self.best(question)) if self._writer is not None else answer
        best = self.best(question, among=_LEFT if surveyed else _SENTENCES)
        if best is None:
            empty = not self._retriever.search(question, 1)
            reason = "the knowledge base is empty" if empty else "no sentence in the retrieved passages can be quoted"
            return Answer(question, (), (), reason, as_of=dated)
        searched = len({item.found.source.id for item in best.ranking.listed})
        nearest = tuple(cite(item.sentence, score=best.confidence) for item in _distinct(best.order, 3))
        if best.confidence < threshold:
            reason = _why_not(question, best, threshold)
            return Answer(question, (), nearest, reason, best.confidence, searched=searched, as_of=dated)
        chosen = self._chosen(question, best)
        if not chosen:
            reason = "the nearest sentences speak of the subject, and none of what is asked about it"
            return Answer(question, (), nearest, reason, best.confidence, searched=searched, as_of=dated)
        claims = tuple(self._claim(question, item, best) for item in chosen)
        answer = Answer(question, claims, nearest, "", best.confidence, searched=searched, as_of=dated)
        return self._written(answer, best)

    def _written(self, answer: Answer, best: Best | None) -> Answer:
        """The answer in the words of a language model, as far as they pass the gate."""
        if self._writer is None or best is None:
            return answer
        writer = self._writer()
        chunks = {item.sentence.found.chunk.id: item.sentence.found.chunk for item in best.order}
        listed = [evidence for claim in answer.claims for evidence in claim.evidence]
        listed += [cite(item.sentence, score=best.confidence) for item in best.order]
        passages = number_passages(listed, chunks)[:_SHOWN_TO_MODEL]
        made = writer.answer(answer, passages, witnesses_in(self._read))
        done = writer.written
        return replace(
            made,
            refused=tuple(Refusal(r.text, r.reason, r.detail) for r in done.refused),
            notes=tuple(f"{note.part} is in the sources' own words: {note.reason}" for note in done.notes),
            prompts=done.prompts,
        )

    def _chosen(self, question: str, best: Best) -> list[Ranked]:
        """The best sentences that tell of what is asked, each after the one it leans on and before the one it introduces."""
        out: list[Ranked] = []
        for item in self._fitting(question, best):
            found = (self._antecedent(item, best), item, self._consequent(question, item, best))
            new = [one for one in found if one is not None and _place(one) not in map(_place, out)]
            if len(out) + len(new) <= _MOST:
                out.extend(new)
        return out

    def _fitting(self, question: str, best: Best) -> list[Ranked]:
        """The best sentence and those that nearly match it and add something; none of another side than is asked for."""
        chosen: list[Ranked] = []
        for item, score in zip(best.order, best.scores, strict=True):
            sentence = item.sentence
            fresh = all(float(item.vector @ other.vector) < _REPEATS for other in chosen)
            near = score >= _ALSO * best.scores[0]
            if not near or not fresh or len(chosen) == _MOST - 1:
                continue
            if not is_beside(question, sentence.quote, sentence.found.chunk, sentence.start):
                chosen.append(item)
        return chosen

    def _antecedent(self, item: Ranked, best: Best) -> Ranked | None:
        """The sentence before one that leans on it."""
        if refusal(item.sentence.quote) != "dangling" and not _POINTS.match(item.sentence.quote):
            return None
        earlier = before(item.sentence, best.ranking.listed)
        return replace(item, sentence=earlier) if earlier is not None else None

    def _consequent(self, question: str, item: Ranked, best: Best) -> Ranked | None:
        """The sentence after one that only says that something of the side that is asked for follows."""
        aspect = aspect_of(question)
        if aspect is None or not aspect.introduces(item.sentence.quote):
            return None
        later = after(item.sentence, best.ranking.listed)
        return replace(item, sentence=later) if later is not None else None

    def _claim(self, question: str, item: Ranked, best: Best) -> Claim:
        """One sentence of the answer, with the other sources that say the same, and those that say something else."""
        own = cite(item.sentence, score=best.confidence)
        text = " ".join(own.quote.split())
        near = near_others(item, best.order)
        evidence: list[Evidence] = [own]
        for other in near:
            new = other.sentence.found.source.id not in {e.source_id for e in evidence}
            same = agree(text, other.sentence.quote, float(other.vector @ item.vector))
            if new and same and len(evidence) < _SUPPORT and not refusal(other.sentence.quote):
                evidence.append(cite(other.sentence, score=best.confidence))
        agreeing = {e.source_id for e in evidence}
        texts = {o.sentence.found.source.id: o.sentence.document.text for o in (item, *near)}
        groups = witness_groups(texts) if near else {}
        others = [other for other in near if other.sentence.found.source.id not in agreeing]
        rivals = rivals_of(item, others, groups)
        support, *verdicts = self._verifier.judge([(own.quote, text), *((o.sentence.quote, text) for o in rivals)])
        kind, _ = kind_of(question)
        against = conflicting(item, rivals, verdicts, kind=kind)
        witnesses = count_witnesses(evidence, groups)
        certainty, reason = judge_certainty(witnesses, evidence, len(against))
        return Claim(
            ids.claim_id(ids.fold(question), text),
            text,
            tuple(evidence),
            "",
            tuple(cite(rival.sentence, stance="against", score=rival.near) for rival in against),
            certainty,
            reason,
            support,
            witnesses,
        )


def _joined(question: str, parts: Sequence[Answer]) -> Answer:
    """The answers of all parts as one; it is as sure as its surest part, and says what it could not answer."""
    claims = {claim.id: claim for part in parts for claim in part.claims}
    nearest = {e.id: e for part in parts for e in part.nearest}
    silent = [f"{part.question} {part.reason}" for part in parts if not part.answered]
    return Answer(
        question,
        tuple(claims.values()),
        tuple(nearest.values())[:3],
        " ".join(silent),
        max(part.confidence for part in parts),
        searched=max(part.searched for part in parts),
        parts=tuple(parts),
        model=next((part.model for part in parts if part.model != "none"), "none"),
        refused=tuple(refusal for part in parts for refusal in part.refused),
        notes=tuple(note for part in parts for note in part.notes),
        prompts=next((part.prompts for part in parts if part.prompts), ()),
        as_of=next((part.as_of for part in parts if part.as_of), ""),
    )


def _worth(question: str, ranked: Sequence[Ranked], as_of: AsOf | None) -> list[float]:
    """The score of each sentence as an answer."""
    _, wanted = kind_of(question)
    fresh = _freshness(ranked) if as_of is not None else [0.0] * len(ranked)
    return [
        item.score
        + (_KIND if wanted is not None and wanted.search(item.sentence.quote) else 0.0)
        + _FRESH * new
        - _unfit(item.sentence.quote)
        for item, new in zip(ranked, fresh, strict=True)
    ]


def _freshness(ranked: Sequence[Ranked]) -> list[float]:
    """How new each sentence is among all, 0..1, by the year that it names or its source's date; 0 for what has none."""
    dates = [date_of(item.sentence.quote, item.sentence.found.source.published) for item in ranked]
    known = sorted({date for date in dates if date})
    return [(known.index(date) + 1) / len(known) if date else 0.0 for date in dates]


def _unfit(quote: str) -> float:
    """What is taken off the score of a sentence that reads badly by itself."""
    if "?" in quote or len(words(quote)) < 4:
        return 0.2
    return _UNFIT.get(refusal(quote), 0.03)


def _distinct(order: Sequence[Ranked], count: int) -> list[Ranked]:
    kept: list[Ranked] = []
    for item in order:
        if all(float(item.vector @ other.vector) < _REPEATS for other in kept):
            kept.append(item)
        if len(kept) == count:
            break
    return kept


def _place(item: Ranked) -> tuple[str, int]:
    return item.sentence.document.id, item.sentence.start


def _why_not(question: str, best: Best, threshold: float) -> str:
    stems = set(content_stems(surroundings(best.order[0].sentence.found)))
    asked = dict.fromkeys(words(core_of(question)))
    missing = [word for word in asked if content_stems(word) and not set(content_stems(word)) & stems]
    about = f"; the nearest passage does not mention {', '.join(missing[:4])}" if missing else ""
    sure = f"best {best.confidence:.2f}, needed {threshold:.2f}"
    return f"no sentence in the corpus answers this surely enough ({sure}){about}"
