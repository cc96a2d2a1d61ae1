"""Pairs that nobody has labelled, for a student to learn of its teacher: real claims changed by rule, over whole, cut and other quotes.

Rules say what they change, not what follows from it for a quote that speaks otherwise than the claim. A larger model that was
trained on the labelled pairs tells that better than a rule, and the small one learns from how sure it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import Final

from perturb import CHANGES, PLAIN, name_changed, pool_of, simplified, split
from topics import Topics

from kb.backends._windows import windows

LONGEST: Final = 900
"""Characters of a quote."""
_SAMPLE: Final = 200
"""Of so many other papers the one that shares most words is taken for one on the same topic."""
_LETTERS: Final = 6
"""Letters of a word that tells what a document is about."""
_LEAST: Final = 5
"""Sentences that a paper must have, its title among them."""
_NAMED: Final = 2000
"""Documents whose names are known."""
_END: Final = 40
"""Letters at a sentence's end by which it is known again."""
_HEADED: Final = re.compile(r"^(?:[A-Z]{4,}(?:[ /&]+(?:AND )?[A-Z]{4,})*:? )")
"""The heading before a sentence of an abstract."""
_SAID: Final = re.compile(
    r"^(?:(?:In conclusion|In summary|Taken together|Together|Thus|Therefore|Overall|Hence|Collectively|Finally|Moreover|However|Here),? )?"
    r"(?:(?:we|our|these|the|this|it)\b[^,.;]{0,60}? (?:show|suggest|indicate|demonstrate|reveal|find|found|conclude|propose|support|establish|"
    r"identify|report|provide evidence|highlight|imply|point to|confirm)(?:s|ed|d)? (?:the (?:idea|notion|hypothesis|view) )?that )",
    re.IGNORECASE,
)
"""Who says what the sentence says."""


def drawn(pairs: Sequence[tuple[str, str]], count: int, chance: Random) -> list[tuple[str, str]]:
    """``count`` quotes and claims made of real ones."""
    pool = pool_of(claim for _, claim in pairs[:20_000])
    pairs = [pair for pair in pairs if len(pair[0]) < LONGEST and len(pair[1]) > 20]
    near = sorted(range(len(pairs)), key=lambda i: pairs[i][0])
    place = {i: at for at, i in enumerate(near)}
    out: list[tuple[str, str]] = []
    while len(out) < count:
        at = chance.randrange(len(pairs))
        quote, claim = pairs[at]
        kind = chance.random()
        if kind < 0.5:
            claim = _changed(claim, pool, chance)
        elif kind < 0.65:
            quote = _cut(quote, chance)
            if chance.random() < 0.4:
                claim = _changed(claim, pool, chance)
        elif kind < 0.8:  # the claim of a quote that begins alike: often of one article
            other = near[min(len(near) - 1, max(0, place[at] + chance.choice((-3, -2, -1, 1, 2, 3))))]
            claim = pairs[other][1]
        elif kind < 0.9:
            quote, claim = claim, next(iter(split(quote)), "")
        else:
            quote = _changed(quote, pool, chance)
        if quote and claim and quote != claim and (quote, claim) != pairs[at]:
            out.append((quote, claim))
    return out


def _changed(text: str, pool: Sequence[str], chance: Random) -> str:
    """``text`` after the first two of the changes, in an order drawn, that can be made; as it is where none can."""
    done = 0
    wanted = 1 + (chance.random() < 0.35)
    for change in chance.sample(CHANGES, len(CHANGES)):
        if new := change(text, chance):
            text, done = new, done + 1
        if done == wanted:
            return text
    if pool and not done:
        return name_changed(text, chance, pool) or text
    return text


def _cut(quote: str, chance: Random) -> str:
    """A quote of several sentences without one of them; of one, its first part."""
    listed = split(quote)
    if len(listed) > 1:
        listed.pop(chance.randrange(len(listed)))
        return " ".join(listed)
    words = quote.split()
    return " ".join(words[: max(4, chance.randint(len(words) // 2, len(words)))])


def concluded(papers: Sequence[Sequence[str]], count: int, chance: Random) -> list[tuple[str, str]]:
    """``count`` quotes from research abstracts (title first), and what their authors, or those of another paper on the topic, make of such.

    A title or one of the last sentences is the claim, without who says so, often changed by rule. A conclusion is more general than the
    findings that it rests on; how far it may be, no rule tells.
    """
    papers = [paper for paper in papers if len(paper) >= _LEAST]
    topics = Topics(papers, _LETTERS)
    pool = pool_of(sentence for paper in papers[:_NAMED] for sentence in paper)
    out: list[tuple[str, str]] = []
    while len(out) < count:
        at = chance.randrange(len(papers))
        title, *abstract = papers[at]
        claim = _conclusion(chance.choice((title, abstract[-1], abstract[-1], abstract[-2])))
        if chance.random() < 0.5:
            claim = _changed(claim, pool, chance)
        rest = _without(abstract, claim)
        if chance.random() < 0.35:
            rest = list(papers[topics.beside(at, chance, _SAMPLE)][1:])
        if chance.random() < 0.6:
            start = chance.randrange(max(1, len(rest)))
            rest = rest[start : start + chance.randint(1, 3)]
        if rest and len(claim.split()) >= _LEAST:
            out.append((" ".join(rest), claim))
    return out


def told_of(documents: Sequence[Sequence[str]], count: int, chance: Random) -> list[tuple[str, str]]:
    """``count`` sentences of documents, often changed by rule, beside what else these or others on the topic say: the widest windows of it."""
    documents = [document for document in documents if len(document) > _LEAST]
    topics = Topics(documents, _LETTERS)
    pool = pool_of(sentence for document in documents[:_NAMED] for sentence in document)
    out: list[tuple[str, str]] = []
    while len(out) < count:
        at = chance.randrange(len(documents))
        claim = chance.choice(documents[at])
        if not PLAIN.match(claim):
            continue
        kind = chance.random()
        if kind < 0.45:
            rest = _without(documents[at], claim)
        elif kind < 0.8:
            rest = list(documents[topics.beside(at, chance, _SAMPLE)])
        else:
            rest = list(documents[at])
        claim = (
            _changed(claim, pool, chance)
            if kind >= 0.8 or chance.random() < 0.5
            else simplified(claim, chance) or claim
        )
        out += [(window, claim) for window in windows(" ".join(rest), claim)[0]]
    return out[:count]


def _without(sentences: Sequence[str], claim: str) -> list[str]:
    """The sentences but for the one that the claim was made of."""
    end = claim.rstrip(". ")[-_END:]
    return [sentence for sentence in sentences if sentence.rstrip(". ")[-_END:] not in claim and end not in sentence]


def _conclusion(sentence: str) -> str:
    """What a sentence of an abstract says, without its heading and without who says so."""
    bare = _SAID.sub("", _HEADED.sub("", sentence))
    return bare[:1].upper() + bare[1:]
