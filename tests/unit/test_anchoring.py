"""Quotes are found again through white space and typography, and through nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from queries.anchoring import anchor

SPACES = [" ", "  ", "\n", "\t", "\u00a0", "\u2009", " \n ", "\u202f", "\u3000"]
VARIANTS = {
    "'": ["'", "’", "‘", "ʼ", "′"],
    '"': ['"', "“", "”", "„", "«"],
    "-": ["-", "–", "—", "‐", "‑", "−", "--"],
    "ff": ["ff", "ﬀ"],
    "fi": ["fi", "ﬁ"],
    "fl": ["fl", "ﬂ"],
    "...": ["...", "…"],
    "é": ["é", "e\u0301"],
}
WORDS = [
    "model",
    "fi",
    "five",
    "flat",
    "collapse",
    "isn't",
    '"quoted"',
    "well-known",
    "café",
    "10",
    "3.5",
    "off",
    "(see",
    "A)",
    "end...",
    "don't",
]


@st.composite
def printed(draw: st.DrawFn, words: list[str]) -> str:
    """One way to print the words: other spaces, quotation marks, dashes, ligatures, and characters without width."""
    out: list[str] = []
    for word in words:
        printed_word, at = "", 0
        while at < len(word):
            plain = next((key for key in VARIANTS if word.startswith(key, at)), word[at])
            printed_word += draw(st.sampled_from(VARIANTS.get(plain, [plain])))
            printed_word += draw(st.sampled_from(["", "", "", "\u00ad", "\u200b"]))
            at += len(plain)
        out.append(printed_word)
    return "".join(word + draw(st.sampled_from(SPACES)) for word in out).strip()


@given(st.data(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=8))
def test_every_way_to_print_the_words_is_found_exactly(data: st.DataObject, words: list[str]) -> None:
    body = data.draw(printed(words))
    quote = data.draw(printed(words))
    text = f"Before it. {body} After it."
    span = anchor(quote, text, near=11)
    assert span is not None
    start, end = span
    assert text[start:end].strip("\u00ad\u200b") == body.strip("\u00ad\u200b")


@given(st.data(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.characters(categories=["L", "N"]))
def test_any_other_letter_or_digit_is_refused(data: st.DataObject, words: list[str], letter: str) -> None:
    text = " ".join(words)
    places = [at for at, old in enumerate(text) if old.isalnum()]
    at = data.draw(st.sampled_from(places))
    assume(_plain(letter) != _plain(text[at]))
    changed = text[:at] + letter + text[at + 1 :]
    assume(_plain(changed) not in _plain(text))
    assert anchor(changed, text) is None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@given(st.text(max_size=60), st.data())
def test_what_is_found_is_a_slice_that_says_the_same(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = anchor(text[start:end], text, near=start)
    if span is not None:
        kept = [letter for letter in text[slice(*span)] if letter.isalnum()]
        assert kept == [letter for letter in text[start:end] if letter.isalnum()]


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("the model", "The model"),  # case
        ("able to do it", "It is unable to do it"),  # half a word
        ("model collapse", "modelcollapse"),  # white space where there is none
        ("mode l", "model"),
        ("10 2", "10²"),
        ("102", "10²"),
        ("caf", "café"),
        ("cafe", "cafe\u0301"),
        ("f", "ﬁ"),
        ("gains of 5", "gains of 5.0"[:9]),
        ("", "anything"),
        (" . ", "a . b"),
        ("does reduce it", "does not reduce it"),
        ("a b", "a, b"),
    ],
)
def test_what_is_not_the_same_is_refused(quote: str, text: str) -> None:
    assert anchor(quote, text) is None


def test_the_nearest_of_several_places_is_taken() -> None:
    text = "It works. It fails. It works."
    assert anchor("It works.", text) == (0, 9)
    assert anchor("It works.", text, near=25) == (20, 29)
