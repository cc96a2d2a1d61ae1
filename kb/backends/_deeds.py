"""Who does what to whom, as a sentence says it: who bought whom, who sold what to whom, from where to where.

'B was bought by A' and 'A bought B' say the same, 'B bought A' does not, and all three have the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from kb.backends._direction_words import AXES, PLACE
from kb.backends._relations import Compared, Relation, against, around, behind, first, new_words, relation
from kb.backends.memory_lexical import analyse

_PHRASES: Final = {
    "took over": "acquired",
    "takes over": "acquired",
    "taken over": "acquired",
    "set up": "established",
    "sets up": "established",
}
"""Verbs of two words, and one that says the same."""
_SAME: Final = tuple(
    frozenset(stem for word in line.split() for stem in analyse(word))
    for line in (
        "acquire buy bought purchase", "beat beaten beats defeat defeated", "found founded establish", "build built construct", "write wrote written author",
        "lead led head headed", "hire recruit employ", "succeed replace replaced supersede", "teach taught tutor", "kill slay slew slain",
        "sue sued", "conquer invade", "overtake overtook overtaken", "sponsor fund finance", "win won", "draw drew drawn", "hit struck strike",
        "eat eaten ate", "choose chose chosen select", "find found discover", "drive drove driven", "make made produce",
    )
)  # fmt: skip
"""Verbs that say the same of two sides, by their stems."""
_MUTUAL: Final = frozenset(
    stem
    for word in "married resembled equalled differed bordered joined faced accompanied contacted loved liked included contained needed used".split()
    for stem in analyse(word)
)
"""Verbs that two sides may do to each other, or that tell too little."""
_IRREGULAR: Final = (
    "beaten|bitten|blown|born|bought|broken|brought|built|caught|chosen|cut|drawn|driven|eaten|found|fought|given|held|hidden|hit|hurt|kept|led|made"
    "|overtaken|paid|put|read|run|seen|sent|set|shot|shown|slain|sold|spent|spoken|stolen|struck|sung|taken|taught|thought|thrown|told|torn|won|worn|written"
)
_PAST: Final = re.compile(
    rf"\b(?P<verb>{'|'.join(_PHRASES)}|[a-z]{{2,}}ed|beat|bit|bought|caught|drew|drove|ate|found|fought|held|hid|hit|hurt|led|overtook|paid|shot|sold|stole|struck|taught"
    r"|threw|told|won|wrote)(?= (?:the|an?|its|his|her|their|our|[A-Z])\w*)"
)
"""The past of a verb with its object behind it."""
_PASSIVE: Final = re.compile(
    rf"\b(?P<verb>{'|'.join(_PHRASES)}|[a-z]{{2,}}ed|{_IRREGULAR}) by "
    r"(?!\d|about|around|almost|nearly|half\b|an? (?:half|third|quarter|fifth|tenth)\b|\w+ing\b|the (?:end|time|start)\b|then\b)",
    re.IGNORECASE,
)
_ACTIVE: Final = re.compile(
    rf"\b(?P<verb>{'|'.join(_PHRASES)}|(?!\w+(?:ions?|ments?|ings?|ers?|ors?|y)\b)[A-Za-z]{{3,}})\b"
    r"(?= (?!by|between|near|over|into|in|at|on|from|as|under|to|with|for|of|and|or|until|since|during|after|before|when|that|is|are|was|were|has|have|had|will|would|can|may)\w)",
)
"""A word that may be a verb with its object behind it."""
_NO_VERB: Final = re.compile(
    r"\b(?:(?:the|an?|this|that|these|those|its|their|his|her|our|of|in|for|by|with|no|and|or)\s+(?:\w+ly\s+)?"
    r"|(?:was|were|is|are|been|being|be)\s+(?:[\w-]+\s+){0,2})$",
    re.IGNORECASE,
)
"""Behind these stands a noun, or a verb in the passive."""
_GIVES: Final = re.compile(
    r"\b(?P<verb>s(?:old|ells?|elling)|l(?:ent|ends?|ending|eas(?:es?|ed))|g(?:ave|ives?|iving)|donat(?:es?|ed)|ced(?:es?|ed)|transfer(?:s|red)?|hand(?:s|ed)(?: over)?"
    r"|export(?:s|ed)?|sen(?:t|ds?)|ship(?:s|ped)?|pa(?:id|ys?)|deliver(?:s|ed)?|suppl(?:y|ies|ied)|l(?:ost|oses?))\b(?: [\w'\u2019,%-]+){0,7}? to (?!\w+ (?:the|an?) )",
    re.IGNORECASE,
)
_TAKES: Final = re.compile(
    r"\b(?P<verb>b(?:ought|uys?)|purchas(?:es?|ed)|borrow(?:s|ed)?|receiv(?:es?|ed)|import(?:s|ed)?|acquir(?:es?|ed)|got|obtain(?:s|ed)?|inherit(?:s|ed)?|w[io]ns?|took|takes?)\b"
    r"(?: [\w'\u2019,%-]+){0,7}? from ",
    re.IGNORECASE,
)
_ROUTE: Final = re.compile(r"\bfrom (?P<start>(?:[a-z'\u2019-]+ ){1,5}?)(?:in)?to (?P<end>[^,;.]{3,40})", re.IGNORECASE)


def deeds(parts: Sequence[str], claim: str) -> Compared | None:
    """Where ``claim`` has the sides of a deed swapped that one of the ``parts`` of a quote tells; None where it has not, or not surely.

    The nearest part comes first. That both tell the same deed says little, since most claims differ in something else.
    """
    for reader in (_transfers, _routes, _places):
        found = first(reader, parts, claim)
        if found is not None and not found.alike:
            return found
    for part in parts:
        groups = _passives(claim) | _passives(part) | (_pasts(claim) & _pasts(part))
        ours = list(_all(claim, groups)) if groups else []
        for their in _all(part, groups) if ours else ():
            for our in ours:
                found = against(their, our)
                if found is not None and not found.alike and not new_words(their, our):
                    return found
    return None


@lru_cache(maxsize=256)
def _transfers(text: str) -> tuple[Relation, ...]:
    """Who gives something to whom."""
    found: list[Relation] = []
    for sign, pattern in ((1, _GIVES), (-1, _TAKES)):
        for match in pattern.finditer(text):
            if not _NO_VERB.search(text, 0, match.start()):
                found += relation("transfer", sign, around(text, match), match["verb"])
    return tuple(found)


@lru_cache(maxsize=256)
def _routes(text: str) -> tuple[Relation, ...]:
    """From where to where."""
    found: list[Relation] = []
    for match in _ROUTE.finditer(text):
        found += relation("route", 1, (match["start"], behind(match["end"])), "from ... to")
    return tuple(found)


@lru_cache(maxsize=256)
def _places(text: str) -> tuple[Relation, ...]:
    """What lies to the north of what."""
    found: list[Relation] = []
    for match in PLACE.finditer(text):
        word = (match["more"] or match["less"]).lower()
        found += relation(AXES[word], 1 if match["more"] else -1, around(text, match), match.group())
    return tuple(found)


@lru_cache(maxsize=256)
def _passives(text: str) -> frozenset[str]:
    """The groups of the verbs with 'by' behind them."""
    return frozenset(_group(match["verb"]) for match in _PASSIVE.finditer(text))


@lru_cache(maxsize=256)
def _pasts(text: str) -> frozenset[str]:
    """The groups of the verbs that tell of the past and have their object behind them."""
    return frozenset(_group(match["verb"]) for match in _PAST.finditer(text)) - _MUTUAL


def _all(text: str, groups: frozenset[str]) -> Iterator[Relation]:
    """The relations of verbs of these groups: of an active one the left side acts, of a passive one the right side."""
    taken: set[int] = set()
    for match in _PASSIVE.finditer(text):
        taken.add(match.start())
        if (group := _group(match["verb"])) in groups:
            yield from relation(f"deed {group}", -1, around(text, match), match.group().strip())
    for match in _ACTIVE.finditer(text):
        verb, start = match["verb"], match.start()
        is_name = verb[0].isupper() and start > 0
        if (
            start not in taken
            and not is_name
            and (group := _group(verb)) in groups
            and not _NO_VERB.search(text, 0, start)
        ):
            yield from relation(f"deed {group}", 1, around(text, match), verb)


@lru_cache(maxsize=8192)
def _group(verb: str) -> str:
    """The verb's stem, or the first of those that say the same."""
    stems = analyse(_PHRASES.get(verb.lower(), verb))
    if not stems:
        return verb.lower()
    return next((min(group) for group in _SAME if stems[0] in group), stems[0])
