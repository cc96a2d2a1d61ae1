"""What a claim adds to its quotes: numbers, dates and names that stand in none of them. Pure functions over text.

A verifier that is right nineteen times in twenty still lets the twentieth invented figure through; figures and names can be
compared without judgement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kb.text import STOPWORDS, parts_of_speech
from queries.stemming import stem

_NUMBER: Final = re.compile(
    r"(?<![\w.])[-−]?(?:(?P<lead>[^\W\d_]{1,4}-?)?)(?P<digits>\d+(?:[.,]\d+)*)\s?(?P<unit>%|[kKMB](?![\w])|bn\b|mn\b|[^\W\d_]+)?"
)
_THOUSANDS: Final = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ISO: Final = re.compile(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?\b")
_PERCENT: Final = re.compile(r"%|\bper ?cent(?:age)?\b", re.IGNORECASE)
_SCALE: Final = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9,
                 "trillion": 1e12, "hundred": 1e2}  # fmt: skip
_WORDS: Final = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_SIZES: Final = {
    "half": "half", "halves": "half", "halved": "half", "twice": "double", "double": "double", "doubled": "double",
    "doubles": "double", "doubling": "double", "triple": "triple", "tripled": "triple", "triples": "triple",
    "dozen": "dozen", "dozens": "dozen", "quarter": "quarter", "quarters": "quarter", "hundreds": "hundreds",
    "thousands": "thousands", "millions": "millions", "billions": "billions", "third": "third", "thirds": "third",
    "tenfold": "tenfold", "majority": "most", "most": "most", "minority": "minority",
}  # fmt: skip
_MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                  "november", "december")  # fmt: skip
_SHORT_MONTHS: Final = {name[:3]: name for name in _MONTHS} | {"sept": "september"}
_NO_NAMES: Final = STOPWORDS | _WORDS.keys() | _SIZES.keys() | {"i"}


def additions(claim: str, quotes: Sequence[str]) -> tuple[str, ...]:
    """The numbers, dates and names of ``claim`` that are in none of ``quotes``, as they stand in the claim."""
    said = _Said(quotes)
    found = [text for text, value in _numbers(claim) if value not in said.numbers]
    if _PERCENT.search(claim) and not said.percent:
        found.append("%")
    found.extend(word for word in _sizes(claim) if _SIZES[word.casefold()] not in said.sizes)
    found.extend(name for name in _names(claim) if not said.has_name(name))
    return tuple(dict.fromkeys(found))


class _Said:
    """What stands in the quotes."""

    def __init__(self, quotes: Sequence[str]) -> None:
        text = "\n".join(quotes)
        self.numbers = {value for _, value in _numbers(text)}
        self.percent = bool(_PERCENT.search(text))
        self.sizes = {_SIZES[word.casefold()] for word in _sizes(text)}
        words = [_base(word) for word in _WORD.findall(text)]
        self.words = set(words) | {_SHORT_MONTHS[word] for word in words if word in _SHORT_MONTHS}
        self.words |= {_MONTHS[int(m[2]) - 1] for m in _ISO.finditer(text) if 1 <= int(m[2]) <= len(_MONTHS)}
        self.stems = {stem(word) for word in self.words}
        self._initials = [_initials(quote) for quote in quotes]

    def has_name(self, name: str) -> bool:
        base = _base(name)
        if base in self.words or stem(base) in self.stems or _SHORT_MONTHS.get(base) in self.words:
            return True
        short = name.rstrip("s").casefold()
        return name[:2].isupper() and len(short) > 1 and any(short in initials for initials in self._initials)


def _initials(text: str) -> str:
    """First letters of the words: an abbreviation of neighbouring words is a run of them."""
    return "".join(word[0].casefold() for word in re.findall(r"[^\W\d_]+", text))


def _numbers(text: str) -> Iterator[tuple[str, float | str]]:
    """Each number as written and as a value; 1.5 million, 1.5M and 1,500,000 are one value."""
    for match in _NUMBER.finditer(text):
        digits = match["digits"]
        plain = digits.replace(",", "") if _THOUSANDS.match(digits) else digits.rstrip(".,")
        unit = (match["unit"] or "").casefold()
        yield match[0].strip(), _value(plain) * _SCALE.get(unit, 1.0) if _is_decimal(plain) else plain
    tokens = _WORD.findall(text)
    for at, token in enumerate(tokens):
        value = _WORDS.get(token.casefold())
        if value is not None:
            following = tokens[at + 1].casefold() if at + 1 < len(tokens) else ""
            yield token, value * (_SCALE[following] if following in _SCALE and len(following) > 2 else 1.0)


def _is_decimal(text: str) -> bool:
    return bool(re.fullmatch(r"\d+(?:[.,]\d+)?", text))


def _value(text: str) -> float:
    return float(text.replace(",", "."))


def _sizes(text: str) -> Iterable[str]:
    return (word for word in _WORD.findall(text) if word.casefold() in _SIZES)


def _names(text: str) -> Iterator[str]:
    """Words that name something: capitals inside a sentence or inside a word, and unknown words at its start."""
    for at, match in enumerate(_WORD.finditer(text)):
        word = match[0]
        if not any(letter.isupper() for letter in word) or word[0].isdigit() or word.casefold() in _NO_NAMES:
            continue
        if at == 0 and (len(word) == 1 or (word[1:].islower() and _known(word))):
            continue
        yield word


def _known(word: str) -> bool:
    """Whether a word is common English, so that a capital at the start of a sentence means nothing.

    No statement starts with a bare verb, so a word that can be nothing else ('Google') is a name there.
    """
    base = _base(word)
    known = parts_of_speech()
    return any(set(known.get(form, "")) - {"v"} for form in (base, base.removesuffix("s"), base.removesuffix("es")))


def _base(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.casefold())
