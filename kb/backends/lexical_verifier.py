"""A verifier without a model: it knows the quote's own words and little else, and says so where it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kb.backends.memory_lexical import analyse
from kb.records import Label, Verdict

_ENOUGH: Final = 0.9
_STRETCH: Final = 1.2
_CONTRADICTED_SCORE: Final = 0.9
_PARAPHRASE_SCALE: Final = 0.9
_UNCLEAR_SCALE: Final = 0.5

_TYPOGRAPHY: Final = str.maketrans({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2010: "-", 0x2011: "-"})
_TOKEN: Final = re.compile(r"%|[^\W_]+(?:[.,'-][^\W_]+)*")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3})")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9])")
_NUMBER: Final = re.compile(r"\d")
_CONTRACTED: Final = {"cannot": "can", "can't": "can", "won't": "will", "shan't": "shall"}
_NEGATIONS: Final = frozenset(
    ["no", "not", "never", "none", "neither", "nor", "nobody", "nothing", "without", "hardly", "scarcely"]
)
_SUPPORT_VERBS: Final = frozenset(["do", "does", "did"])  # "does not reduce" denies "reduces"
_FRAMES: Final = frozenset(
    ["if", "unless", "whether", "false", "untrue", "wrong", "myth", "alleged", "allegedly", "claimed", "claims", "claim",
     "supposedly", "denied", "denies", "deny", "doubt", "doubts", "doubtful", "unlikely", "refuted", "disproved",
     "hypothesized", "hypothesis", "hypothesised", "fail", "fails", "failed", "suppose", "assuming"]
)  # fmt: skip
_HEDGES: Final = frozenset(
    ["may", "might", "could", "perhaps", "possibly", "probably", "likely", "some", "sometimes", "often", "suggests",
     "suggest", "suggested", "appears", "appear", "seems", "seem", "potentially", "partly", "almost", "nearly", "few"]
)  # fmt: skip
_DECISIVE: Final = frozenset(
    ["all", "every", "each", "always", "only", "most", "must", "more", "less", "fewer", "greater", "smaller", "higher",
     "lower", "above", "below", "before", "after", "increase", "increases", "increased", "decrease", "decreases",
     "decreased", "rise", "rises", "rose", "fall", "falls", "fell", "gain", "loss", "better", "worse", "best", "worst",
     "first", "last", "largest", "smallest", "highest", "lowest", "cause", "causes", "caused", "prevent", "prevents",
     "prevented", "over", "under", "up", "down", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
     "ten", "hundred", "thousand", "million", "billion", "half", "double", "twice"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence as words: as written, and folded."""

    written: tuple[str, ...]
    folded: tuple[str, ...]
    question: bool

    @classmethod
    def of(cls, text: str) -> _Sentence:
        plain = _THOUSANDS.sub("", text.translate(_TYPOGRAPHY))
        words = tuple("percent" if word == "%" else word for word in _TOKEN.findall(plain))
        return cls(words, tuple(word.casefold() for word in words), plain.rstrip("\"') ").endswith("?"))

    @property
    def negations(self) -> int:
        return sum(map(_negates, self.folded))

    def runs(self, other: _Sentence) -> Iterator[int]:
        """Where the words of ``other`` stand here in one run; only the first letter's case is folded."""
        head, size = other.folded[0][:1] + other.written[0][1:], len(other.written)
        for at in range(len(self.written) - size + 1):
            word = self.written[at]
            if word[:1].casefold() + word[1:] == head and self.written[at + 1 : at + size] == other.written[1:]:
                yield at


class LexicalVerifier:
    """Supported where the claim is the quote's own words, or nearly so with the same names, numbers and polarity.

    The claim's words as an unbroken run of the quote: 1.0, reason 'verbatim'. Otherwise one sentence of the quote must
    hold at least 0.9 of the claim's content words in the claim's order. Everything else is unclear, except the quote's
    own words with a negation put in or taken out: that is contradicted. A claim of several sentences is as good as the
    worst of them.
    """

    name = "lexical"

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """One verdict for each pair of (quote, claim)."""
        return [self._judge(_sentences(quote), _sentences(claim)) for quote, claim in pairs]

    def _judge(self, quote: list[_Sentence], claim: list[_Sentence]) -> Verdict:
        if not quote or not claim:
            return self._verdict("unclear", 0.0, "there are no words to compare")
        best = [max((self._compare(said, wanted) for said in quote), key=_helpful) for wanted in claim]
        return min(best, key=_harmless)

    def _compare(self, said: _Sentence, wanted: _Sentence) -> Verdict:
        if said.question and not wanted.question:
            return self._verdict("unclear", 0.0, "the quote is a question")
        runs = list(said.runs(wanted))
        if any(not _turned(said, at, at + len(wanted.written)) for at in runs):
            return self._verdict("supported", 1.0, "verbatim")
        if _negated_copy(said, wanted):
            return self._verdict("contradicted", _CONTRADICTED_SCORE, "verbatim but negated")
        if runs:
            return self._verdict("unclear", _UNCLEAR_SCALE, "the rest of the sentence turns these words")
        overlap = _overlap(said, wanted)
        reason = _obstacle(said, wanted) if overlap >= _ENOUGH else f"{overlap:.0%} of the words in order"
        if reason:
            return self._verdict("unclear", overlap * _UNCLEAR_SCALE, reason)
        return self._verdict("supported", overlap * _PARAPHRASE_SCALE, f"{overlap:.0%} of the words in order")

    def _verdict(self, label: Label, score: float, reason: str) -> Verdict:
        against = label == "contradicted"
        supported, contradicted = (0.0, score) if against else (score, 0.0)
        return Verdict(label, score, self.name, (reason,), supported, contradicted)


def _sentences(text: str) -> list[_Sentence]:
    made = (_Sentence.of(part) for part in _SENTENCE_END.split(" ".join(text.split())))
    return [sentence for sentence in made if sentence.written]


def _helpful(verdict: Verdict) -> tuple[int, float]:
    return ("unclear", "contradicted", "supported").index(verdict.label), verdict.score


def _harmless(verdict: Verdict) -> tuple[int, float]:
    return ("contradicted", "unclear", "supported").index(verdict.label), verdict.score


def _negates(word: str) -> bool:
    return word in _NEGATIONS or word in _CONTRACTED or word.endswith("n't")


def _turned(said: _Sentence, start: int, end: int) -> bool:
    """Whether the words around a run deny it, doubt it or make it depend on something."""
    before, after = said.folded[:start], said.folded[end:]
    return (
        any(_negates(word) or word in _FRAMES or word in _HEDGES for word in before)
        or any(word in _FRAMES for word in after)
        or any(map(_negates, after[:1]))
    )


def _negated_copy(said: _Sentence, wanted: _Sentence) -> bool:
    """Whether the claim stands in the sentence but for one negation, in it or right before it."""
    (words, flips), (sought, denials) = _bare(said), _bare(wanted)
    size = len(sought)
    return size > 1 and any(
        words[at : at + size] == sought and (sum(flips[at : at + size]) - sum(denials)) % 2
        for at in range(len(words) - size + 1)
    )


def _bare(sentence: _Sentence) -> tuple[list[str], list[int]]:
    """Stems without negations, and how many of those stood right before each of them."""
    words: list[str] = []
    before: list[int] = []
    pending = 0
    for word in sentence.folded:
        kept = _CONTRACTED.get(word, word.removesuffix("n't"))
        if _negates(word) and kept == word:
            pending += 1
            continue
        if kept not in _SUPPORT_VERBS:
            words.append("".join(analyse(kept)) or kept)
            before.append(pending)
            pending = 0
        pending += _negates(word)
    return words, before


def _overlap(said: _Sentence, wanted: _Sentence) -> float:
    """Share of the claim's content words that stand in one stretch of the sentence in the same order.

    The stretch is little longer than the claim, so that "A did B and C did D" does not hold "A did D".
    """
    ours, theirs = _content(wanted), _content(said)
    size = int(len(ours) * _STRETCH) + 1
    starts = range(max(1, len(theirs) - size + 1))
    return max(_common(ours, theirs[at : at + size]) for at in starts) / len(ours) if ours else 0.0


def _common(ours: list[str], theirs: list[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(theirs) + 1)
    for word in ours:
        corner = 0
        for i, other in enumerate(theirs, start=1):
            corner, row[i] = row[i], corner + 1 if word == other else max(row[i], row[i - 1])
    return row[-1]


def _content(sentence: _Sentence) -> list[str]:
    return analyse(" ".join(sentence.folded))


def _obstacle(said: _Sentence, wanted: _Sentence) -> str:
    """Why near-equal words may still say something else; empty where nothing is found."""
    there, here = set(said.folded), set(wanted.folded)
    names = {word.removesuffix("'s") for word in _names(wanted)}
    if missing := sorted(word for word in here if _NUMBER.search(word) and word not in there):
        return f"the number {missing[0]} is not in the quote"
    if missing := sorted(names - {word.removesuffix("'s") for word in there}):
        return f"the name {missing[0]!r} is not in the quote"
    if said.negations % 2 != wanted.negations % 2:
        return "one of the two is negated"
    if different := sorted((here & _DECISIVE) - there) + sorted(there & _HEDGES - here):
        return f"the word {different[0]!r} is in one of the two only"
    return ""


def _names(sentence: _Sentence) -> Iterator[str]:
    """Capitalised words; the first word of the sentence as well, unless it means nothing by itself."""
    for at, word in enumerate(sentence.written):
        if word[0].isupper() and (at > 0 or analyse(word)):
            yield word.casefold()
