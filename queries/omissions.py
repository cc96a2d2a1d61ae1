"""What a claim leaves out of its quote so that it says more than that: conditions, and words that hold it back.

"X protects privacy, provided that Y" does not support "X protects privacy", nor does "X may help" support "X helps". Word
overlap sees no difference there, and small verifiers see little.
"""

from __future__ import annotations

import re
from typing import Final

from kb.text import STOPWORDS, word_spans
from queries.stemming import stem

_CONDITIONS: Final = re.compile(
    r"\b(?:unless|provided (?:that|the|it|they|there)|providing that|only (?:if|when|where|after)|as long as|so long as|assuming|"
    r"on (?:the )?condition|in the absence of|except|if|without)\b",
    re.IGNORECASE,
)
_HEDGES: Final = re.compile(
    r"\b(?:may|might|could|can|perhaps|possibly|probably|potentially|likely|unlikely|(?:suggest|indicate|appear|seem|tend)s?|"
    r"sometimes|often|usually|in some cases|some|partly|almost|nearly|believed?|expect(?:ed|s)?|claim(?:ed|s)?|hypothesi[sz]ed?)\b",
    re.IGNORECASE,
)
_ABLE: Final = frozenset({"can"})
"""Says what is possible, and of a source's doubt nothing: 'evidence suggests it can' is not 'it can'."""
_WORD: Final = re.compile(r"[^\W_]+")


def omission(claim: str, quote: str) -> str:
    """The word of ``quote`` that holds back what ``claim`` takes from it, and that the claim has no match for; else empty."""
    condition = _CONDITIONS.search(quote)
    if condition and not _CONDITIONS.search(claim):
        return condition[0]
    start, end = _taken(claim, quote)
    hedges = [match[0] for match in _HEDGES.finditer(quote, start, end)]
    kept = [match[0].casefold() for match in _HEDGES.finditer(claim)]
    doubts = [word for word in hedges if word.casefold() not in _ABLE]
    if doubts and not set(kept) - _ABLE:
        return doubts[0]
    return hedges[0] if hedges and not kept else ""


def _taken(claim: str, quote: str) -> tuple[int, int]:
    """The stretch of ``quote`` that holds the claim's words, and two words before it ('suggests that ...')."""
    stems = {stem(word.casefold()) for word in _WORD.findall(claim)} - {stem(word) for word in STOPWORDS}
    spans = word_spans(quote)
    at = [i for i, (a, b) in enumerate(spans) if any(stem(w) in stems for w in _WORD.findall(quote[a:b].casefold()))]
    return (spans[max(0, at[0] - 2)][0], spans[at[-1]][1]) if at else (0, 0)
