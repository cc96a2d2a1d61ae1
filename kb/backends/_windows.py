"""What is read of a quote: the whole of a short one, and of a long one the sentences that may bear on the claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from kb.backends.memory_lexical import analyse
from kb.text import sentences

WHOLE: Final = 900
"""Characters up to which a quote is read as a whole, and most that are read of a longer one at a time."""
_GATHERED: Final = 5
"""Sentences of a longer quote, wherever they stand, that are read together because each holds something of the claim."""
_SHORT: Final = 300
"""Characters up to which it is read in no other way: sentences of it by themselves told nothing more in any set."""
_BESIDE: Final = (1, -1, 2, -2)
"""Where the sentences stand that are read with the gathered ones for what these refer to, the nearest first."""
_AROUND: Final = 3
"""Sentences of a longer quote around which windows are read, the ones that share most with the claim."""
_SINGLES: Final = 4


def windows(quote: str, claim: str) -> tuple[list[str], list[str]]:
    """What is read of ``quote``: the widest readings, and narrower ones.

    A short one is read whole; one of middle length also by its sentences that share most with the claim. Of a long one the widest
    readings are the sentences that between them hold most of the claim's words, wherever they stand, and the same with their
    neighbours; the narrower ones are three sentences around each of those that share most.
    """
    parts = [quote[start:end] for start, end in sentences(quote)]
    if len(parts) <= 1 or len(quote) <= _SHORT:
        return [quote], []
    wanted = set(analyse(claim))
    said = [wanted & set(analyse(part)) for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (-len(said[i]), i))
    if len(quote) <= WHOLE:
        return [quote], [parts[i] for i in order[:_SINGLES] if said[i]]
    gathered = _gathered(parts, said)
    wide = [" ".join(parts[i] for i in chosen) for chosen in (gathered, _accompanied(parts, gathered)) if chosen]
    narrow = [" ".join(parts[max(0, i - 1) : i + 2]) for i in sorted(order[:_AROUND])]
    return wide or [quote[:WHOLE]], narrow


def _gathered(parts: Sequence[str], said: Sequence[set[str]]) -> list[int]:
    """Which sentences hold most of the claim's words between them, in their order: each adds the most that is missing.

    Rare words count more: those that fewer of the sentences hold.
    """
    holders = Counter(stem for stems in said for stem in stems)
    chosen: list[int] = []
    missing = set(holders)
    room = WHOLE
    while len(chosen) < _GATHERED:
        gain = [sum(1 / holders[stem] for stem in stems & missing) for stems in said]
        fits = [i for i in range(len(parts)) if i not in chosen and gain[i] > 0 and len(parts[i]) <= room]
        if not fits:
            break
        best = max(fits, key=lambda i: (gain[i], len(said[i]), -i))
        chosen.append(best)
        missing -= said[best]
        room -= len(parts[best])
    return sorted(chosen)


def _accompanied(parts: Sequence[str], chosen: Sequence[int]) -> list[int]:
    """``chosen`` sentences and as many of their neighbours as there is room for: who 'they' are, what 'this' is."""
    out = list(chosen)
    room = WHOLE - sum(len(parts[i]) for i in chosen)
    for step in _BESIDE:
        for i in chosen:
            if 0 <= i + step < len(parts) and i + step not in out and len(parts[i + step]) <= room:
                out.append(i + step)
                room -= len(parts[i + step])
    return sorted(out)
