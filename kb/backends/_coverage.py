"""What of a claim a quote does not hold at all.

A short quote is read whole, and a model sees what is missing. Of a long one only windows are read, each of which lacks something
and each of which may be near the claim: whether anything of the claim stands nowhere shows only in the whole.
"""

from __future__ import annotations

import re
from typing import Final

from kb.backends.memory_lexical import analyse
from kb.text import STOPWORDS, sentences, word_spans, words

COVERAGE: Final = ("words missing", "names missing", "words apart")
_NAME: Final = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w'’-]*|\d[\d.,]*(?<![.,])")
"""A capitalised word that does not open a sentence, or a figure."""
_TENS: Final = 10.0
_MOST: Final = 15
"""Missing words that are counted at most."""
_RUNNING: Final = 5
"""Sentences in a row that may hold the claim between them."""


def coverage(quote: str, claim: str) -> tuple[float, float, float]:
    """How much of ``claim`` a long ``quote`` lacks, each value 0 where it lacks nothing.

    How many of its words that carry meaning stand nowhere, in tens; which share of its names and figures; and which share of its
    words even the five sentences running that hold most of them do not hold.
    """
    wanted = set(analyse(claim))
    said = [wanted & set(analyse(quote[start:end])) for start, end in sentences(quote)]
    missing = wanted.difference(*said)
    together = max((len(set().union(*said[at : at + _RUNNING])) for at in range(len(said))), default=0)
    there, folded = set(words(quote)), quote.casefold()
    names = {name.casefold() for name in _NAME.findall(claim)}
    lost = [name for name in names - there if name not in folded]
    return (
        min(len(missing), _MOST) / _TENS,
        len(lost) / len(names) if names else 0.0,
        1.0 - together / len(wanted) if wanted else 0.0,
    )


def unsaid(quote: str, claim: str) -> list[str]:
    """The words of ``claim`` that carry meaning and stand nowhere in ``quote``, in no form; as the claim writes them, each once."""
    there = set(analyse(quote))
    written = [word for start, end in word_spans(claim) if (word := claim[start:end]).casefold() not in STOPWORDS]
    return list(dict.fromkeys(word for word in written if (stems := analyse(word)) and there.isdisjoint(stems)))
