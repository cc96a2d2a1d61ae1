"""Questions that ask for several things at once - the risks of X, the effects of Y - answered by several sources' sentences.

No single sentence answers 'What are the risks of X?', so the confidence that one does says little. Such a question is a small
topic: its sentences are gathered and judged as for a report, and the best few, each about something else, are the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kb import ids
from kb.catalog import CatalogReader
from kb.interfaces import Embedder, Verifier
from kb.records import Claim, Evidence, Found
from queries.aspects import OPPOSITES, Aspect, aspect_of, stands_introduced, tells_of
from queries.candidates import Sentence, gather, share_of, stems_of
from queries.claims import DULL, Head, Maker, merge, oppose
from queries.corroborating import corroborate
from queries.quotes import surroundings
from queries.retrieval import Retriever, once_each
from queries.topics import Plan, parse_topic, plan
from queries.witnesses import witness_groups
from queries.wording import claim_text, grade

_CHUNKS: Final = 32
_SENTENCES: Final = 20
"""Sentences of these that are embedded."""
_NEAREST: Final = 3
_MOST: Final = 4
_FEWEST: Final = 2
"""Sentences below which an answer is looked for as to any question, unless they are introduced as what is asked for."""
_APART: Final = 0.78
"""Cosine from which two sentences tell much the same."""
_FAR: Final = 0.4
_ALIKE: Final = 0.8
"""What likeness to a chosen sentence costs, from which cosine on."""
_PER_SOURCE: Final = 2
_DEFINES: Final = re.compile(
    r"^(?:(?:an?|the) )?[\w’'-]+(?: [\w’'-]+){0,3} (?:is|are|means|refers to)(?: called)? (?:the|an?|any) (?:\w+ )?(?:degree|extent|usefulness|measure|measurement|process|"
    r"practice|attack|pattern|methods?|technique|term|name|kind|type|set|text|data|concept|idea|ability|probability|procedure|phenomenon|pattern|tool|system)\b"
    r"|^(?:an?|the) [\w’'-]+(?: [\w’'-]+){0,3} (?:tries|attempts|aims|serves) to\b",
    re.IGNORECASE,
)
"""A sentence that says what something is, or is for: no effect, no risk and no benefit of it."""
_SAYS: Final = 0.15
_DENIES: Final = 0.1
_LEANS: Final = 0.1
"""What a sentence gains that says a word of the side asked for, what one loses that only says one of the other side, and how
much nearer to the side that is asked for one must be that says neither."""
_BASE: Final = 0.5
_SPAN: Final = 0.5
"""The confidence is one half at the bar of relevance, and rises with what the sentences have above it."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The claims that answer, with the heads they were made of, and how sure that is (0..1; a rule, not calibrated)."""

    claims: tuple[Claim, ...]
    confidence: float
    searched: int
    nearest: tuple[Evidence, ...] = ()


def survey(question: str, read: CatalogReader, retriever: Retriever, verifier: Verifier) -> Survey | None:
    """Sentences that answer together; None where the corpus holds too few on the subject."""
    aspect, outline = aspect_of(question), plan(parse_topic(question))
    found = _retrieved(outline, aspect, retriever)
    named = _naming(found, outline)
    if not named:
        return None
    pool = gather(named, outline, read, retriever.embedder, reader=_Telling(aspect, outline))
    heads = [head for head in merge(pool.candidates) if tells(head.candidate.text)]
    chosen = _apart(_on_side(heads, aspect, outline, retriever.embedder))
    if len(chosen) < _FEWEST and not any(
        stands_introduced(aspect, h.candidate.chunk, h.candidate.start) for h in chosen
    ):
        return None
    sources = {c.source.id: c.chunk.document_id for c in pool.candidates}
    documents = read.documents(sources.values())
    groups = witness_groups({source: documents[name].text for source, name in sources.items()})
    oppose(chosen, pool.candidates, groups, outline.terms)
    corroborate(chosen, pool.candidates, groups, verifier)
    maker = Maker(ids.fold(question), verifier, groups)
    claims = tuple(claim for head in chosen if (claim := maker.make(head, "")) is not None)
    if not claims:
        return None
    relevance = sum(head.candidate.relevance for head in chosen) / len(chosen)
    sure = _BASE + _SPAN * min(1.0, max(0.0, relevance - pool.bar) / pool.bar)
    nearest = tuple(head.candidate.evidence() for head in heads[:_NEAREST])
    return Survey(claims, round(sure, 4), len({item.source.id for item in found}), nearest)


def _retrieved(outline: Plan, aspect: Aspect | None, retriever: Retriever) -> list[Found]:
    """The chunks nearest to the question, and to its subject with other words for what is asked of it."""
    subject = outline.concepts[0]
    described = aspect.descriptions(subject) if aspect is not None else ()
    retriever.embedder.embed([*outline.queries, *described, *outline.concepts])  # at once: they are remembered
    return once_each(retriever.related([*outline.queries, *described[:1]], _CHUNKS))[:_CHUNKS]


@dataclass(frozen=True, slots=True)
class _Telling:
    """Reads the sentences that promise most by what can be told without embedding them, each with what introduces it."""

    aspect: Aspect | None
    outline: Plan

    def choose(self, able: list[Sentence], near: list[float]) -> list[Sentence]:
        """The most promising; none where no sentence tells of the side that is asked for."""
        telling = [self._tells(sentence) for sentence in able]
        if not any(telling):
            return []
        worth = [
            close + share_of(stems_of(s.quote), self.outline.terms) + grade(claim_text(s.quote)) + _SAYS * tell
            for s, close, tell in zip(able, near, telling, strict=True)
        ]
        return [able[at] for at in sorted(range(len(able)), key=lambda at: (-worth[at], at))[:_SENTENCES]]

    def wording(self, sentence: Sentence) -> str:
        """The sentence, after the one that introduces it."""
        chunk, own = sentence.found.chunk, claim_text(sentence.quote)
        lead = self.aspect.lead(chunk.text, sentence.start - chunk.start) if self.aspect else ""
        return f"{lead} {own}" if lead else own

    def _tells(self, sentence: Sentence) -> bool:
        if self.aspect is None:
            return True
        return tells_of(self.aspect, sentence.quote, self.outline.concepts[0], sentence.found.chunk, sentence.start)


def tells(text: str) -> bool:
    """Whether a sentence says what something does, and not only what it is called."""
    return grade(text) > DULL and not _DEFINES.match(text)


def _naming(found: Sequence[Found], outline: Plan) -> list[Found]:
    """The passages that name something the question is about, out of sources that name all of it, each by most of its words."""
    said = [stems_of(surroundings(item)) for item in found]
    whole: dict[str, frozenset[str]] = {}
    for item, stems in zip(found, said, strict=True):
        whole[item.source.id] = whole.get(item.source.id, frozenset()) | stems
    wanted = [stems for stems in (stems_of(concept) for concept in outline.concepts) if stems]
    return [
        item
        for item, stems in zip(found, said, strict=True)
        if all(_most(parts, whole[item.source.id]) for parts in wanted) and any(_most(parts, stems) for parts in wanted)
    ]


def _most(parts: frozenset[str], stems: frozenset[str]) -> bool:
    return 2 * len(parts & stems) > len(parts)


def _on_side(heads: list[Head], aspect: Aspect | None, outline: Plan, embedder: Embedder) -> list[tuple[float, Head]]:
    """The heads by worth; where a side of the subject is asked for, those that tell of it."""
    ordered = sorted(heads, key=lambda head: -head.score)
    if not ordered or aspect is None:
        return [(head.score, head) for head in ordered]
    subject = outline.concepts[0]
    towards, away = embedder.embed(list(aspect.descriptions(subject)))
    other = OPPOSITES.get(aspect.name)
    worth: list[tuple[float, Head]] = []
    for head in ordered:
        item = head.candidate
        if aspect.spared(item.text, subject):
            continue
        lean = float(item.vector @ (towards - away))
        says = tells_of(aspect, item.text, subject, item.chunk, item.start)
        denies = other is not None and not says and other.says.search(item.text) is not None
        if says or lean > _LEANS:
            worth.append((head.score + lean + _SAYS * says - _DENIES * denies, head))
    return worth


def _apart(worth: list[tuple[float, Head]]) -> list[Head]:
    """The best heads that each tell something else, no more than two of one source.

    Greedily by worth less likeness to what is chosen (maximal marginal relevance: Carbonell and Goldstein, 1998).
    """
    chosen: list[Head] = []
    left = list(worth)
    while left and len(chosen) < _MOST:
        likeness = [
            max((float(head.candidate.vector @ other.candidate.vector) for other in chosen), default=0.0)
            for _, head in left
        ]
        gains = [value - _ALIKE * max(0.0, like - _FAR) for (value, _), like in zip(left, likeness, strict=True)]
        at = max(range(len(left)), key=lambda i: gains[i])
        _, head = left.pop(at)
        same = sum(other.candidate.source.id == head.candidate.source.id for other in chosen)
        if likeness[at] < _APART and same < _PER_SOURCE:
            chosen.append(head)
    return chosen
