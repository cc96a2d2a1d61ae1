"""Sentences and words with exact offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text import parts_of_speech, sentences, word_spans, words

prose = st.lists(
    st.sampled_from(
        [
            "Data",
            "bias",
            "e.g.",
            "Dr.",
            "3.5",
            "U.S.",
            "end.",
            "Really?",
            "no!",
            "(a)",
            "“x.”",
            "\n\n",
            "\n",
            " ",
            "[3]",
            "。",
        ]
    ),
    max_size=40,
).map(" ".join)
anything = st.one_of(prose, st.text(max_size=200))


@given(anything)
def test_sentences_are_ordered_disjoint_and_stripped(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert at <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        at = end


@given(anything)
def test_sentences_cover_all_that_is_not_white_space(text: str) -> None:
    covered = {position for start, end in sentences(text) for position in range(start, end)}
    assert all(position in covered for position, letter in enumerate(text) if not letter.isspace())


@given(anything, st.integers(0, 60), st.integers(0, 60))
def test_sentences_of_a_part_stay_inside_it(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert all(start <= left < right <= end for left, right in sentences(text, start, end))


@given(anything)
def test_a_sentence_never_crosses_a_blank_line(text: str) -> None:
    assert all("\n\n" not in text[start:end] for start, end in sentences(text))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Data helps. Bias hurts.", 2),
        ("See Fig. 3 for details. It is clear.", 2),
        ("Smith et al. report a gain.", 1),
        ("Dr. Smith agrees. So does J. Doe.", 2),
        ("Scores rose by 3.5 points, e.g. on code.", 1),
        ("Is it inevitable? Yes! It is.", 3),
        ("He said “It works.” Then he left.", 2),
        ("A claim with a note.[3] Another one.", 2),
        ("One line\n\nanother line", 2),
        ("The U.S. government agreed.", 1),
        ("See arxiv.org for more. iPhone sales rose.", 2),
        ("", 0),
    ],
)
def test_known_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@given(anything)
def test_word_spans_hold_the_words(text: str) -> None:
    assert [text[start:end].casefold() for start, end in word_spans(text)] == words(text)


def test_hyphens_and_points_stay_inside_words() -> None:
    assert words("Fine-tuned GPT-3.5 doesn't") == ["fine-tuned", "gpt-3.5", "doesn't"]


def test_the_lexicon_knows_common_words() -> None:
    lexicon = parts_of_speech()
    assert "n" in lexicon["model"]
    assert "v" in lexicon["reduces"]
