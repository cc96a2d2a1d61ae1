"""Dates that a question asks for ('as of 2021', 'current', 'latest'), and the date that a sentence speaks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_MONTHS: Final = {
    name: f"{at:02d}"
    for at, name in enumerate(
        "january february march april may june july august september october november december".split(), start=1
    )
}
_AS_OF: Final = re.compile(
    r"\b(?:as of|as at|up to|until|by the end of|before the end of)\s+(?:the (?:end|beginning) of\s+)?"
    r"(?:(?P<day>\d{1,2})\s+)?(?:(?P<month>january|february|march|april|may|june|july|august|september|october|november|december)"
    r"(?:\s+\d{1,2},)?\s+)?(?P<year>(?:1[5-9]|20)\d\d)(?:-(?P<number>\d\d))?\b",
    re.IGNORECASE,
)
_LATEST: Final = re.compile(
    r"\b(?:currently|latest|newest|most recent(?:ly)?|nowadays|today|to date|so far|right now|at present|these days|as of (?:now|today)|"
    r"(?:the|whose|what|which|who(?:['’]s| is)(?: the)?) current|current(?= (?:president|prime|head|ceo|chair|director|leader|king|"
    r"queen|champion|record|price|version|population|status|state|rate|number|holder|owner|law|rules?|value|world)))\b",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"(?<![\d.,$£€-])(?:1[5-9]|20)\d\d(?![\d%])(?!,\d)")


@dataclass(frozen=True, slots=True)
class AsOf:
    """What a question asks for: nothing later than ``limit`` (an ISO date or its beginning), and the newest of it."""

    limit: str = ""

    @property
    def text(self) -> str:
        """For people: the limit, or 'latest'."""
        return self.limit or "latest"

    def allows(self, date: str) -> bool:
        """Whether something of this date may answer; what has no date may."""
        return not self.limit or not date or date[: len(self.limit)] <= self.limit


def read_as_of(question: str) -> AsOf | None:
    """The date that ``question`` asks for; None where it asks for none."""
    if match := _AS_OF.search(question):
        month = _MONTHS.get((match["month"] or "").casefold(), match["number"] or "")
        return AsOf(f"{match['year']}-{month}" if month else match["year"])
    return AsOf() if _LATEST.search(question) else None


def undated(question: str) -> str:
    """``question`` without the words that only say which date is meant: these stand in no answer."""
    bare = " ".join(_LATEST.sub(_kept, _AS_OF.sub(" ", question)).split())
    return bare if any(letter.isalnum() for letter in bare) else question


def _kept(match: re.Match[str]) -> str:
    """What of a match is no date: 'what is the current' keeps its 'what is the'."""
    return re.sub(r"\S+$", "", match[0])


def date_of(sentence: str, published: str) -> str:
    """The date that a sentence speaks for: the last year that it names, else when its source was published."""
    years = _YEAR.findall(sentence)
    return max(years) if years else published[:10]
