"""Pairs that nobody has labelled, for a student to learn of its teacher: real claims changed by rule, over whole, cut and other quotes.

Rules say what they change, not what follows from it for a quote that speaks otherwise than the claim. A larger model that was
trained on the labelled pairs tells that better than a rule, and the small one learns from how sure it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from perturb import CHANGES, name_changed, names_of, split

LONGEST: Final = 900
"""Characters of a quote."""


def drawn(pairs: Sequence[tuple[str, str]], count: int, chance: Random) -> list[tuple[str, str]]:
    """``count`` quotes and claims made of real ones."""
    pool = [name for _, claim in pairs[:20_000] for name in names_of(claim) if len(name) > 3]
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
