"""Where rules are surer than a model: numbers, dates, negation, opposite words, swapped comparisons, the quote's own words.

A rule looks at a quote and a claim and says what it found in words for the reader; how much each finding weighs beside the
model's scores was fitted (``bench/verifier``). Rules fire only where the claim's other words stand in the quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final, Literal, get_args

from kb.backends._direction_words import SENTENCE_END
from kb.backends._directions import compare
from kb.backends._quantities import Quantity, quantities
from kb.backends.memory_lexical import analyse

Rule = Literal[
    "number differs",
    "number missing",
    "number agrees",
    "negation",
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
_CLOSE: Final = 0.72
_COUNTED: Final = 12
_EXACT: Final = 5e-4
_YEAR: Final = 31556952.0
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
_NO_NEGATION: Final = re.compile(
    r"\b(?:not only|no fewer than|no less than|no more than|not more than|no\. \d|no later than)\b", re.IGNORECASE
)
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
        found = tuple(word.casefold() for word in _WORD.findall(text))
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
    whole = _Side.of(quote)
    found: list[Finding] = []
    if _verbatim(best, ours):
        found.append(Finding("verbatim", "the claim is the quote's own words"))
    found += _numbers(whole, best, ours, coverage)
    if coverage >= _ALIGNED:
        found += _negations(best, ours, coverage)
    found += _directions(quote, best, ours, coverage)
    return tuple(found)


def flags(quote: str, claim: str) -> tuple[list[float], tuple[Finding, ...]]:
    """One 1.0 or 0.0 for each of :data:`RULES`, and the findings themselves."""
    found = findings(quote, claim)
    fired = {finding.rule for finding in found}
    return [float(rule in fired) for rule in RULES], found


def _verbatim(said: _Side, wanted: _Side) -> bool:
    """Whether the claim is a whole sentence of the quote, but for letter case and punctuation."""
    return bool(wanted.words) and said.words == wanted.words


# -- numbers ------------------------------------------------------------------------------------------------------------


def _numbers(quote: _Side, best: _Side, claim: _Side, coverage: float) -> Iterator[Finding]:
    wanted = [quantity for quantity in quantities(claim.text) if not _trivial(quantity)]
    if not wanted:
        return
    there = quantities(quote.text)
    near = quantities(best.text)
    missing = [quantity for quantity in wanted if not _borne_out(quantity, there)]
    if not missing:
        yield Finding("number agrees", "the numbers agree: " + ", ".join(quantity.text for quantity in wanted[:3]))
        return
    for quantity in missing:
        rival = _rival(quantity, near, best, claim) if coverage >= _ALIGNED else None
        if rival is not None:
            yield Finding("number differs", f"number differs: {rival.text} / {quantity.text}")
            return
    if large := [quantity for quantity in missing if not _small(quantity)]:
        yield Finding("number missing", f"the number {large[0].text} is not in the quote")


def _trivial(quantity: Quantity) -> bool:
    """Counts of one and two ('one of the', 'both') stand in few quotes as such."""
    return quantity.kind == "count" and quantity.value <= 2


def _small(quantity: Quantity) -> bool:
    """Whether a reader counts so far without being told: 'four goals' of a quote that says '3-1'."""
    return quantity.kind == "count" and quantity.value <= _COUNTED


def _borne_out(claim: Quantity, there: Sequence[Quantity]) -> bool:
    if any(_comparable(claim, other) and claim.fits(other) for other in there):
        return True
    if claim.kind in {"year", "date"}:
        return False
    # sums, differences, ratios and spans of years: what arithmetic may give is no rule's matter
    slack = 0.06 if claim.bound != "=" else 0.01
    for a, b in combinations(there, 2):
        if a.kind != b.kind or a.kind == "date" or not (a.value and b.value):
            continue
        derived = [a.value / b.value, b.value / a.value, abs(1 - a.value / b.value), abs(1 - b.value / a.value)]
        if claim.kind != "share" and not _small(claim):
            derived = []
        if a.kind == "year":
            derived = [abs(a.value - b.value) * (_YEAR if claim.kind == "time" else 1.0)]
        elif a.kind == claim.kind:
            exact = (a.value + b.value, abs(a.value - b.value))
            derived += [value for value in exact if claim.bound != "=" or _equal(claim.value, value, _EXACT)]
        if any(_equal(claim.value, value, slack) for value in derived):
            return True
    return False


def _equal(left: float, right: float, slack: float) -> bool:
    return abs(left - right) <= slack * max(abs(left), abs(right))


def _comparable(claim: Quantity, other: Quantity) -> bool:
    dates = {"year", "date"}
    return claim.kind == other.kind or (claim.kind in dates and other.kind in dates)


def _rival(quantity: Quantity, near: Sequence[Quantity], quote: _Side, claim: _Side) -> Quantity | None:
    """The quantity of the same kind that the quote gives in its place; None where the quote does not exclude the claim's."""
    same = [other for other in near if _comparable(quantity, other)]
    if _small(quantity):
        same = [other for other in same if quantity.noun and analyse(other.noun) == analyse(quantity.noun)]
    if not same:
        return None
    wanted = _around(claim.text, quantity)
    best = max(same, key=lambda other: len(wanted & _around(quote.text, other)))
    if quantity.kind in {"count", "time"} and len(same) > 1 and not wanted & _around(quote.text, best):
        return None
    excluded = not (quantity.bound in "<>" and best.bound == quantity.bound) and best.value != quantity.value
    return best if excluded else None


def _around(text: str, quantity: Quantity) -> set[str]:
    start, end = max(0, quantity.start - 40), quantity.start + len(quantity.text) + 40
    return {stem for stem in analyse(text[start:end]) if not any(map(str.isdigit, stem))}


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
    return frozenset(
        (group, side)
        for group, pair in enumerate(_OPPOSITES)
        for side, entries in enumerate(pair)
        if word in entries or any(len(entry) > 4 and word.startswith(entry) for entry in entries)
    )


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
