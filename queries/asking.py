"""Answers without a language model: one to four exact sentences, or an abstention that says what came nearest."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb import ids
from kb.catalog import CatalogReader
from kb.interfaces import Verifier
from kb.records import CLAIMABLE, Answer, Claim, Evidence, Found, Verdict
from kb.text import words
from queries.agreement import agree
from queries.candidates import Sentence, places_of, sentences_of
from queries.claims import judge_certainty
from queries.retrieval import Retriever
from queries.topics import content_stems, core_of
from queries.witnesses import count_witnesses, witness_groups
from queries.wording import claim_text, refusal

Vector = NDArray[np.float32]

_CHUNKS: Final = 16
_MOST: Final = 4
_ALSO: Final = 0.86
"""Share of the best sentence's score from which another belongs to the answer."""
_REPEATS: Final = 0.88
THRESHOLD: Final = 0.5
"""Confidence from which a question is answered."""
# Logistic weights of (nearness, coverage, rare words covered, section nearness), fitted by bench/asking.py.
_WEIGHTS: Final = (3.0, 1.6, 0.65, 3.2)
_BIAS: Final = -4.7
_PENALTY: Final = {
    "": 0.0,
    "dangling": 0.04,
    "too short": 0.04,
    "too long": 0.03,
    "speaker": 0.02,
    "listing": 0.25,
    "names": 0.25,
    "boilerplate": 0.25,
    "code": 0.15,
    "address": 0.12,
    "fragment": 0.12,
    "no verb": 0.12,
}
"""What is taken off a sentence's score for each reason why it would read badly as an answer."""
_TYPES: Final = (
    (re.compile(r"^(?:when|what (?:year|date|day|month)|in (?:what|which) year)\b"), re.compile(r"\b(?:1[0-9]|20)\d\d\b|\b\d{1,2}(?:st|nd|rd|th)\b|January|February|March|April|May|June|July|August|September|October|November|December|century")),
    (re.compile(r"^how (?:many|much|old|long|far|tall|big|large|fast|often)|what (?:percentage|percent|share|number|fraction)"), re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|billion|half|third|quarter|twice)\b")),
    (re.compile(r"^who(?:se|m)?\b"), re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][a-z]+")),
    (re.compile(r"^where\b"), re.compile(r"\b(?:in|at|near|on|from|to) (?:the )?[A-Z]\w+")),
    (re.compile(r"^why\b"), re.compile(r"\b(?:because|since|due to|so that|reason|cause[sd]?|therefore|as a result|in order to|leads? to)\b", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence as an answer: its score, and the features that its confidence is made of."""

    sentence: Sentence
    vector: Vector
    score: float
    features: tuple[float, float, float, float]

    @property
    def confidence(self) -> float:
        """Probability that the sentence answers the question (0..1)."""
        total = _BIAS + sum(w * f for w, f in zip(_WEIGHTS, self.features, strict=True))
        return 1.0 / (1.0 + math.exp(-total))


def ask(question: str, read: CatalogReader, retriever: Retriever, verifier: Verifier) -> Answer:
    """Answer ``question`` from the corpus, or abstain."""
    started = time.monotonic()
    found = retriever.search(question, _CHUNKS)
    scored = score_sentences(question, found, read, retriever)
    searched = len(found)
    if not scored:
        reason = "the knowledge base is empty" if not found else "no sentence in the retrieved passages can be quoted"
        return Answer(question, (), (), reason, seconds=_since(started), searched=searched)
    best = scored[0]
    nearest = tuple(_evidence(item) for item in _distinct(scored, 3))
    if best.confidence < THRESHOLD:
        return Answer(
            question, (), nearest, _why_not(question, best), best.confidence, seconds=_since(started), searched=searched
        )
    chosen = _with_antecedents(_chosen(scored), read)
    claims = tuple(_claim(question, item, scored, read, verifier) for item in chosen)
    return Answer(question, claims, nearest, "", best.confidence, seconds=_since(started), searched=searched)


def score_sentences(question: str, found: Sequence[Found], read: CatalogReader, retriever: Retriever) -> list[Scored]:
    """Every sentence of ``found`` as an answer, best first."""
    listed = sentences_of(found, read, CLAIMABLE)
    if not listed:
        return []
    embedder = retriever.embedder
    asked = embedder.embed([question])[0]
    vectors = embedder.embed([claim_text(sentence.quote) for sentence in listed])
    places = places_of([item.chunk.id for item in found], read, embedder)
    rarity = _rarity(content_stems(core_of(question)), found)
    wanted = next((answer for asks, answer in _TYPES if asks.search(question.strip().casefold())), None)
    scored: list[Scored] = []
    for sentence, vector in zip(listed, vectors, strict=True):
        inside = set(content_stems(sentence.quote))
        around = inside | set(content_stems(_surroundings(sentence)))
        covered = _covered(rarity, inside, around)
        place = float(places[sentence.found.chunk.id] @ asked)
        features = (float(vector @ asked), covered, _rarest_covered(rarity, around), place)
        score = 0.50 * features[0] + 0.28 * covered + 0.22 * place
        score += 0.05 if wanted is not None and wanted.search(sentence.quote) else 0.0
        score -= _unfit(sentence)
        scored.append(Scored(sentence, vector, score, features))
    return sorted(scored, key=lambda item: (-item.score, item.sentence.document.id, item.sentence.start))


def _surroundings(sentence: Sentence) -> str:
    chunk = sentence.found.chunk
    return f"{sentence.found.source.title} {' '.join(chunk.heading_path)} {chunk.text}"


def _rarity(stems: Sequence[str], found: Sequence[Found]) -> dict[str, float]:
    """How much each word of the question tells: the rarer among the retrieved passages, the more."""
    texts = [set(content_stems(f"{item.source.title} {item.chunk.text}")) for item in found]
    return {s: math.log(1 + (len(texts) + 1) / (1 + sum(s in text for text in texts))) for s in stems}


def _covered(rarity: dict[str, float], inside: set[str], around: set[str]) -> float:
    """Share of the question's words, by rarity, that the sentence has, or at half weight its surroundings."""
    total = sum(rarity.values())
    if not total:
        return 0.0
    return sum(w if s in inside else 0.5 * w if s in around else 0.0 for s, w in rarity.items()) / total


def _rarest_covered(rarity: dict[str, float], around: set[str]) -> float:
    """Share of the question's three most telling words that stand in or around the sentence."""
    rarest = sorted(rarity, key=lambda stem: -rarity[stem])[:3]
    return sum(stem in around for stem in rarest) / len(rarest) if rarest else 0.0


def _unfit(sentence: Sentence) -> float:
    """What is taken off the score of a sentence that reads badly by itself."""
    quote = sentence.quote
    if "?" in quote or len(words(quote)) < 4:
        return 0.4
    return _PENALTY.get(refusal(quote), 0.06)


def _chosen(scored: Sequence[Scored]) -> list[Scored]:
    """The best sentence and those that nearly match it and add something, in the order of their worth."""
    best = scored[0]
    chosen = [best]
    for item in scored[1:40]:
        near = item.score >= _ALSO * best.score and item.confidence >= THRESHOLD
        fresh = all(float(item.vector @ other.vector) < _REPEATS for other in chosen)
        if near and fresh and len(chosen) < _MOST - 1:
            chosen.append(item)
    return chosen


def _with_antecedents(chosen: Sequence[Scored], read: CatalogReader) -> list[Scored]:
    """Put before a sentence that leans on the one before it that one, where there is room."""
    out: list[Scored] = []
    for item in chosen:
        if refusal(item.sentence.quote) == "dangling" and len(out) + 2 <= _MOST:
            before = _before(item.sentence, read)
            if before is not None and all(
                before.start != o.sentence.start or before.document.id != o.sentence.document.id for o in out
            ):
                out.append(Scored(before, item.vector, item.score, item.features))
        if all(
            item.sentence.start != o.sentence.start or item.sentence.document.id != o.sentence.document.id for o in out
        ):
            out.append(item)
    return out[:_MOST]


def _before(sentence: Sentence, read: CatalogReader) -> Sentence | None:
    """The sentence before ``sentence`` in its chunk."""
    earlier = [s for s in sentences_of([sentence.found], read, CLAIMABLE) if s.end <= sentence.start]
    return earlier[-1] if earlier else None


def _distinct(scored: Sequence[Scored], count: int) -> list[Scored]:
    kept: list[Scored] = []
    for item in scored:
        if all(float(item.vector @ other.vector) < _REPEATS for other in kept):
            kept.append(item)
        if len(kept) == count:
            break
    return kept


def _evidence(item: Scored) -> Evidence:
    sentence = item.sentence
    return Evidence.of(
        sentence.found.chunk,
        sentence.start,
        sentence.end,
        source=sentence.found.source,
        document_sha256=sentence.document.text_sha256,
        score=item.confidence,
    )


def _claim(question: str, item: Scored, scored: Sequence[Scored], read: CatalogReader, verifier: Verifier) -> Claim:
    """One sentence of the answer, with the other sources that have nearly the same words."""
    own = _evidence(item)
    text = " ".join(own.quote.split())
    evidence = [own]
    for other in scored:
        new = other.sentence.found.source.id not in {e.source_id for e in evidence}
        same = agree(text, other.sentence.quote, float(other.vector @ item.vector))
        if new and same and len(evidence) < 4 and not refusal(other.sentence.quote):
            evidence.append(_evidence(other))
    documents = read.documents(e.document_id for e in evidence)
    groups = witness_groups({e.source_id: documents[e.document_id].text for e in evidence})
    witnesses = count_witnesses(evidence, groups)
    certainty, reason = judge_certainty(witnesses, len(evidence), 0)
    verdict: Verdict = verifier.judge([(own.quote, text)])[0]
    claim_id = ids.claim_id(ids.fold(question), text)
    return Claim(claim_id, text, tuple(evidence), "", (), certainty, reason, verdict, witnesses)


def _why_not(question: str, best: Scored) -> str:
    stems = set(content_stems(_surroundings(best.sentence)))
    missing = [
        word
        for word in dict.fromkeys(words(core_of(question)))
        if content_stems(word) and not set(content_stems(word)) & stems
    ]
    about = f"; the nearest passage does not mention {', '.join(missing[:4])}" if missing else ""
    return f"no sentence in the corpus answers this surely enough (best {best.confidence:.2f}, needed {THRESHOLD:.2f}){about}"


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
