"""Questions that ask for several things at once - the risks of X, the effects of Y - answered by several sources' sentences.

No single sentence answers 'What are the risks of X?', so the confidence that one does says little. Such a question is a small
topic: its sentences are gathered and judged as for a report, and the best few, each about something else, are the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kb import ids
from kb.catalog import CatalogReader
from kb.interfaces import Embedder, Verifier
from kb.records import Claim, Evidence, Found
from queries.candidates import gather
from queries.claims import DULL, Head, Maker, merge, oppose
from queries.corroborating import corroborate
from queries.retrieval import Retriever, once_each
from queries.topics import Plan, content_stems, parse_topic, plan
from queries.witnesses import witness_groups
from queries.wording import grade

_BAD: Final = (
    "risks dangers drawbacks disadvantages harms problems limitations limits concerns challenges weaknesses threats cons downsides "
    "pitfalls shortcomings failures objections criticisms".split()
)
_GOOD: Final = "benefits advantages strengths pros merits opportunities gains upsides successes".split()
_OTHER: Final = (
    "effects consequences causes reasons implications impacts uses applications arguments findings factors roles ways methods "
    "approaches options recommendations trends".split()
)
_ASKS: Final = re.compile(
    r"^(?:(?:and|so|but),? )?(?:(?:what|which)(?: (?:are|were|is|was|do|does))?|list|name|summari[sz]e|describe|explain)\b(?: [\w'’-]+){0,3}? "
    rf"(?P<aspect>{'|'.join((*_BAD, *_GOOD, *_OTHER))})\b",
    re.IGNORECASE,
)
_CHUNKS: Final = 32
_SENTENCES: Final = 28
"""Sentences of these that are embedded."""
_NEAREST: Final = 3
_MOST: Final = 4
_FEWEST: Final = 2
_APART: Final = 0.78
"""Cosine from which two sentences tell much the same."""
_FAR: Final = 0.4
_ALIKE: Final = 0.8
"""What likeness to a chosen sentence costs, from which cosine on."""
_PER_SOURCE: Final = 2
_BAD_WORDS: Final = re.compile(
    r"\b(?:risk|harm|danger|threat|bias|collaps|degrad|amplif|leak|contaminat|fail|wors|los[st]|lose|error|inaccura|hallucinat|toxic|forg[eo]t|"
    r"narrow|homogen|problem|limitation|warn|unreliab|expos|memori[sz]|attack|violat|costly|expensive|unsafe|unfair|mislead|false|illegal|damag|"
    r"injur|death|disease|adverse|side effect|decline|shrink|overfit|artefact|artifact|vulnerab|stop improving|no longer improve|disappoint)",
    re.IGNORECASE,
)
_GOOD_WORDS: Final = re.compile(
    r"\b(?:benefit|improv|better|cheap|faster|help|enabl|advantage|gain|outperform|protect|more accura|efficien|opportunit|succe|safer|lower(?:ed|s)? the "
    r"(?:price|cost|risk)|reduc\w+ (?:the )?(?:cost|risk|need|bias)|save[sd]?\b|easier|strengthen|boost|raise[sd]? (?:the )?(?:quality|accuracy)|higher quality|"
    r"high-quality|work(?:s|ed)? (?:best|well)|prevent|effective|comparabl|competitive)",
    re.IGNORECASE,
)
_DEFINES: Final = re.compile(
    r"^(?:(?:an?|the) )?[\w’'-]+(?: [\w’'-]+){0,3} (?:is|are|means|refers to)(?: called)? (?:the|an?|any) (?:\w+ )?(?:degree|extent|usefulness|measure|measurement|process|"
    r"practice|attack|pattern|methods?|technique|term|name|kind|type|set|text|data|concept|idea|ability|probability|procedure|phenomenon|pattern|tool|system)\b"
    r"|^(?:an?|the) [\w’'-]+(?: [\w’'-]+){0,3} (?:tries|attempts|aims|serves) to\b",
    re.IGNORECASE,
)
"""A sentence that says what something is, or is for: no effect, no risk and no benefit of it."""
_NONE: Final = re.compile(r"^(?:none|no|nobody|nothing|neither)\b", re.IGNORECASE)
_SPARED: Final = re.compile(
    r"\b(?:without|no|not|never|free (?:of|from)|avoid\w*|prevent\w*|instead of|rather than)\b(?:[ ,]+[\w’'-]+){1,7}",
    re.IGNORECASE,
)
"""What a sentence says does not happen."""
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


def asks_for_several(question: str) -> bool:
    """Whether ``question`` asks for risks, benefits, effects or the like in the plural."""
    return _ASKS.match(" ".join(question.split())) is not None


def is_beside(question: str, sentence: str) -> bool:
    """Whether ``question`` asks for the good or the bad of something, and ``sentence`` says nothing of that side."""
    asked = _ASKS.match(" ".join(question.split()))
    aspect = asked["aspect"].lower() if asked else ""
    if aspect not in {*_BAD, *_GOOD}:
        return False
    return not _says(sentence, _BAD_WORDS if aspect in _BAD else _GOOD_WORDS)


def _says(text: str, words: re.Pattern[str]) -> bool:
    """Whether a sentence says one of the words, and not only that it does not happen."""
    return words.search(_SPARED.sub(" ", text)) is not None and not _NONE.match(text)


def survey(question: str, read: CatalogReader, retriever: Retriever, verifier: Verifier) -> Survey | None:
    """Sentences that answer together; None where the corpus holds fewer than two on the subject."""
    asked = _ASKS.match(" ".join(question.split()))
    if asked is None:
        return None
    aspect, outline = asked["aspect"].lower(), plan(parse_topic(question))
    found = _retrieved(outline, aspect, retriever)
    if not found:
        return None
    pool = gather(found, outline, read, retriever.embedder, most=_SENTENCES)
    about = [h for h in merge(pool.candidates) if tells(h.candidate.text) and _names(h, outline)]
    chosen = _apart(_on_side(about, aspect, outline, retriever.embedder))
    if len(chosen) < _FEWEST:
        return None
    sources = {c.source.id: c.chunk.document_id for c in pool.candidates}
    documents = read.documents(sources.values())
    groups = witness_groups({source: documents[name].text for source, name in sources.items()})
    oppose(chosen, pool.candidates, groups, outline.terms)
    corroborate(chosen, pool.candidates, groups, verifier)
    maker = Maker(ids.fold(question), verifier, groups)
    claims = tuple(claim for head in chosen if (claim := maker.make(head, "")) is not None)
    if len(claims) < _FEWEST:
        return None
    relevance = sum(head.candidate.relevance for head in chosen) / len(chosen)
    sure = _BASE + _SPAN * min(1.0, max(0.0, relevance - pool.bar) / pool.bar)
    nearest = tuple(head.candidate.evidence() for head in about[:_NEAREST])
    return Survey(claims, round(sure, 4), len({item.source.id for item in found}), nearest)


def _retrieved(outline: Plan, aspect: str, retriever: Retriever) -> list[Found]:
    """The chunks nearest to the question, and to its subject with other words for what is asked of it."""
    subject = outline.concepts[0]
    others = {True: f"problems, harms and failures of {subject}", False: f"advantages and successes of {subject}"}
    more = [others[aspect in _BAD]] if aspect in {*_BAD, *_GOOD} else []
    return once_each(retriever.related([*outline.queries, *more], _CHUNKS))[:_CHUNKS]


def tells(text: str) -> bool:
    """Whether a sentence says what something does, and not only what it is called."""
    return grade(text) > DULL and not _DEFINES.match(text)


def _names(head: Head, outline: Plan) -> bool:
    """Whether the passage, with its title and headings, names all that the question is about, each by most of its words."""
    item = head.candidate
    said = set(content_stems(" ".join((item.source.title or "", *item.chunk.heading_path, item.chunk.text))))
    wanted = [set(content_stems(concept)) for concept in outline.concepts]
    return all(2 * len(stems & said) > len(stems) for stems in wanted if stems)


def _on_side(heads: list[Head], aspect: str, outline: Plan, embedder: Embedder) -> list[tuple[float, Head]]:
    """The heads by worth; where the good or the bad is asked for, those that speak of it, by their words or their meaning."""
    ordered = sorted(heads, key=lambda head: -head.score)
    if not ordered or aspect not in {*_BAD, *_GOOD}:
        return [(head.score, head) for head in ordered]
    subject = outline.concepts[0]
    bad, good = embedder.embed(
        [f"{subject} harms, fails, degrades or is a risk", f"{subject} helps, improves or is a benefit"]
    )
    towards, own, other = (
        (bad - good, _BAD_WORDS, _GOOD_WORDS) if aspect in _BAD else (good - bad, _GOOD_WORDS, _BAD_WORDS)
    )
    worth: list[tuple[float, Head]] = []
    for head in ordered:
        text = head.candidate.text
        says = _says(text, own)
        if not says and own.search(text):
            continue  # names it to say that it does not happen
        lean, denies = float(head.candidate.vector @ towards), other.search(text)
        if says or lean > _LEANS:
            worth.append(
                (head.score + lean + (_SAYS if says else 0.0) - (_DENIES if denies and not says else 0.0), head)
            )
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
