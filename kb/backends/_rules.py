"""Where rules are surer than a model: numbers, dates, negation, opposite words, swapped comparisons, the quote's own words.

A rule looks at a quote and a claim and says what it found in words for the reader; how much each finding weighs beside the
model's scores was fitted (``bench/verifier``). Rules fire only where the claim's other words stand in the quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

from kb.backends._direction_words import SENTENCE_END
from kb.backends._directions import compare
from kb.backends._numbers import OTHERWISE, NumberRule, compare_numbers
from kb.backends.memory_lexical import analyse

Rule = Literal[
    NumberRule,
    "negation",
    "denied",
    "negation agrees",
    "direction",
    "comparison",
    "opposite words",
    "direction agrees",
    "converse",
    "verbatim",
]
RULES: Final[tuple[Rule, ...]] = get_args(Rule)

_ALIGNED: Final = 0.5
_NEAR: Final = 0.3
_CLOSE: Final = 0.72
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_CLAUSE: Final = re.compile(r"[;:\u2013\u2014]|, (?:but|while|whereas|although|though|and)\b|\bbut\b|\bwhereas\b")
_NEGATOR: Final = re.compile(
    r"\b(?:not|no|never|none|neither|nor|nobody|nothing|without|cannot|hardly|lacks?|lacked|lacking|unable"
    r"|fails? to|failed to|failing to|refus(?:es|ed) to|declin(?:es|ed) to|absence of|rather than|instead of)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_DENIAL: Final = re.compile(
    _NEGATOR.pattern
    + r"|\b(?:refus(?:es|ed|ing)|declin(?:es|ed|ing) (?:to|every|all|the|an?)|turn(?:s|ed|ing)? down|absent|reject(?:s|ed|ing)?"
    r"|den(?:y|ies|ied|ying)|left out|leaves? out|exclud(?:e|es|ed|ing)|except|stop(?:s|ped)? short of|avoid(?:s|ed)?|prevent(?:s|ed)?"
    r"|refut(?:e|es|ed)|unaffected|unchanged|(?:in|im|un|ir|il)(?:soluble|possible|active|effective|sufficient|complete|able|known|aware"
    r"|likely|safe|fair|stable|reliable|necessary|available|common|usual|relevant|regular|legal))\b",
    re.IGNORECASE,
)
"""Words that deny, those among them that have a plain opposite."""
_PLAINLY_NOT: Final = re.compile(
    r"(?:\b(?:did|does|do|was|were|is|are|has|have|had|will)(?: not\b|n['\u2019]t\b)|\bnever\b)"
    r"(?! (?:all|every|each|always|necessarily|only|just|merely|simply|many|much|until|yet|more|less|as|both|entirely|completely|fully)\b)",
    re.IGNORECASE,
)
"""The verb itself denied, and not a part of what is said of it."""
_QUALIFIED: Final = re.compile(
    r"\b(?:may|might|could|would|should|whether|if|unless|until|claim\w*|alleg\w*|argu\w+|believ\w*|plan(?:s|ned|ning)? to|expect\w*|hop(?:e|es|ed|ing)|tr(?:y|ies|ied)"
    r"|seek\w*|sought|almost|nearly|only|some|all|every|most|many|few|fewer|less|than|before|but|however|although|though|except|unlike|while|whereas|suggest\w*"
    r"|opposite|or|second|\w{2,}est|likely|possibl\w+|perhaps|un\w+ed)\b|\?",
    re.IGNORECASE,
)
"""Words with which a sentence may not say what stands in it."""
_NO_NEGATION: Final = re.compile(
    r"\b(?:not only|no fewer than|no less than|no more than|not more than|no\. \d|no later than)\b", re.IGNORECASE
)
_LATEST: Final = re.compile(r"\bmost recent(?:ly)?\b", re.IGNORECASE)
"""Says nothing about how many."""
_OPPOSITES: Final[tuple[tuple[frozenset[str], frozenset[str]], ...]] = tuple(
    (frozenset(left.split()), frozenset(right.split()))
    for left, right in (
        (
            "increas rise rises rose risen rais grew grow gain gained climb soar jump went-up expand lengthen accelerat surg",
            "decreas fall falls fell fallen lower reduc declin drop shrank shrink cut cuts contract shorten slow plung lost lose",
        ),
        ("higher greater larger more bigger longer above over exceed highest largest most", "lower smaller less fewer shorter below under lowest smallest least"),
        ("better improv best enhanc", "wors deterior degrad impair worst weaken"),
        ("before earlier early", "after later late"),
        ("older", "younger"), ("faster sooner", "slower later"), ("stronger strengthen", "weaker weaken"),
        ("promot activ stimul upregul induc", "inhibit suppress block downregul prevent"),
        ("positiv", "negativ"), ("won win wins", "lost lose loses"), ("accept approv", "reject refus"),
        ("allow permit", "prohibit ban banned forbid forbidden prevent"), ("profit", "loss"), ("maximum", "minimum"),
        ("cheaper", "dearer expensive"), ("open opened reopened", "closed"), ("began begin begins start started", "end ended stop stopped"),
        ("import imports", "export exports"), ("northern north", "southern south"), ("eastern east", "western west"),
        ("majority", "minority"), ("success succeed succeeded", "failure failed"), ("surplus", "deficit"),
        ("warmer hotter", "cooler colder"), ("wetter", "drier"), ("ahead", "behind"), ("thicken thicker", "thin thinner"),
        ("first", "last"), ("admitted", "denied"), ("protect", "harm"), ("rich richer", "poor poorer"),
    )
)  # fmt: skip


def _indexed() -> dict[str, list[tuple[int, int]]]:
    """Where each entry of :data:`_OPPOSITES` stands: in which pair, and on which side."""
    found: dict[str, list[tuple[int, int]]] = {}
    for group, pair in enumerate(_OPPOSITES):
        for side, entries in enumerate(pair):
            for entry in entries:
                found.setdefault(entry, []).append((group, side))
    return found


_POLES: Final = _indexed()
_STEM: Final = 5
"""Letters from which on an opposite stands for all words that begin with it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired and what it saw, in words."""

    rule: Rule
    reason: str


@dataclass(frozen=True, slots=True)
class _Side:
    """A sentence as rules see it."""

    text: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    """Of content words, numbers left out."""

    @classmethod
    def of(cls, text: str) -> _Side:
        found = tuple(word.casefold() for word in _WORD.findall(_LATEST.sub("recent", text)))
        stems = tuple(stem for stem in analyse(_NEGATOR.sub(" ", text)) if not any(map(str.isdigit, stem)))
        return cls(text, found, stems)

    def covered_by(self, other: _Side) -> float:
        """Share of these stems that the other has, opposites counted as the same word."""
        if not self.stems:
            return 0.0
        there = set(other.stems)
        turned = {(group, 1 - side) for stem in there for group, side in _poles(stem)}
        return sum(stem in there or bool(_poles(stem) & turned) for stem in self.stems) / len(self.stems)


def findings(quote: str, claim: str) -> tuple[Finding, ...]:
    """What the rules find between ``quote`` and ``claim``, at most one finding for each rule."""
    ours = _Side.of(claim)
    sides = [_Side.of(sentence) for sentence in SENTENCE_END.split(" ".join(quote.split()))]
    best = max(sides, key=ours.covered_by)
    coverage = ours.covered_by(best)
    found: list[Finding] = []
    if _verbatim(best, ours):
        found.append(Finding("verbatim", "the claim is the quote's own words"))
    agreed = compare_numbers(
        quote,
        best.text,
        claim,
        close=coverage >= _NEAR,
        aligned=coverage >= _ALIGNED,
    )
    if agreed is not None:
        found.append(Finding(*agreed))
    if coverage >= _ALIGNED:
        found += _negations(best, ours, coverage)
        if _denied(quote, best, ours):
            found.append(Finding("denied", "the claim denies what the quote says in the same words"))
    found += (
        finding
        for finding in _directions(quote, best, ours, coverage)
        if finding.rule != "direction" or len({*ours.stems} - {*_Side.of(quote).stems}) < OTHERWISE
    )
    return tuple(found)


def flags(quote: str, claim: str) -> tuple[list[float], tuple[Finding, ...]]:
    """One 1.0 or 0.0 for each of :data:`RULES`, and the findings themselves."""
    found = findings(quote, claim)
    fired = {finding.rule for finding in found}
    return [float(rule in fired) for rule in RULES], found


def _verbatim(said: _Side, wanted: _Side) -> bool:
    """Whether the claim is a whole sentence of the quote, but for letter case and punctuation."""
    return bool(wanted.words) and said.words == wanted.words


# -- polarity and direction -----------------------------------------------------------------------------------------------


def _negations(said: _Side, wanted: _Side, coverage: float) -> Iterator[Finding]:
    """Whether one side is negated and the other is not, or both are, in whatever words: 'is insoluble' and 'does not dissolve'."""
    ours, theirs = _denials(wanted.text), _denials(_clause(said, wanted))
    if len(ours) % 2 == len(theirs) % 2:
        if ours and theirs:
            yield Finding("negation agrees", f"both are negated ({theirs[0]!r} / {ours[0]!r})")
    elif coverage >= _CLOSE:
        word = (ours or theirs)[0]
        where = "claim" if ours else "quote"
        yield Finding("negation", f"only the {where} is negated ({word!r})")


def _denied(quote: str, said: _Side, wanted: _Side) -> bool:
    """Whether the claim denies its verb, its words stand in one sentence of the quote in their order, and nothing there takes any back.

    Of real pairs of which this is so, the quote supports the claim in one of a hundred.
    """
    if _PLAINLY_NOT.search(wanted.text) is None:
        return False
    stems = analyse(_PLAINLY_NOT.sub(" ", wanted.text))
    there = iter(said.stems)
    return (
        len(_denials(wanted.text)) == 1
        and len(stems) > 1
        and all(stem in there for stem in stems)
        and not any(map(str.isdigit, wanted.text))
        and not _denials(quote)
        and not _QUALIFIED.search(f"{said.text} {wanted.text}")
    )


def _clause(said: _Side, wanted: _Side) -> str:
    """The clauses of the sentence that hold words of the claim."""
    stems = set(wanted.stems)
    parts = [part for part in _CLAUSE.split(said.text) if part]
    kept = [part for part in parts if len(stems & set(analyse(part))) >= max(1, len(stems) // 3)]
    return " ".join(kept) or said.text


def _denials(text: str) -> list[str]:
    return [match.group() for match in _DENIAL.finditer(_NO_NEGATION.sub(" ", text))]


def _opposed(left: str, right: str) -> bool:
    ours = _poles(left)
    return bool(ours) and any((group, 1 - side) in ours for group, side in _poles(right))


@lru_cache(maxsize=32768)
def _poles(word: str) -> frozenset[tuple[int, int]]:
    """The groups of opposites in which the word stands, and on which side; also as a form of a word given by its first letters."""
    starts = (word[:length] for length in range(_STEM, len(word) + 1))
    return frozenset(_POLES.get(word, ())).union(*(_POLES.get(start, ()) for start in starts))


def _directions(quote: str, said: _Side, wanted: _Side, coverage: float) -> Iterator[Finding]:
    """Whether things go the other way: in a relation that both state, or by an odd number of opposite words."""
    compared = compare(quote, wanted.text)
    if compared is not None:
        words = f"{compared.quote_word} / {compared.claim_word}"
        if compared.turned:
            yield Finding("converse", f"the same said from the other side: {words}")
        elif compared.alike:
            yield Finding("direction agrees", f"the direction agrees: {words}")
        elif compared.crossed:
            yield Finding("comparison", f"the two sides are swapped: {words}")
        else:
            yield Finding("direction", f"opposite words: {words}")
        return
    if coverage < _ALIGNED:
        return
    here, there = list(dict.fromkeys(wanted.words)), set(said.words)
    turned = [
        (word, other)
        for word in here
        if word not in there and len(word) > 2
        for other in sorted(there - set(here))
        if _opposed(word, other)
    ]
    if len({word for word, _ in turned}) % 2:
        word, other = turned[0]
        yield Finding("opposite words", f"opposite words: {other} / {word}")
