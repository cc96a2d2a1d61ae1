"""What a claim denies, said as a claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.affirming import affirmed


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ("Watermarks cannot be removed.", "Watermarks can be removed."),
        ("It can’t be removed.", "It can be removed."),
        ("The drug has no effect on it.", "The drug has some effect on it."),
        ("There are no songs about it.", "There are some songs about it."),
        ("The film wasn't based on a book.", "The film was based on a book."),
        ("It does not play a role.", "It does play a role."),
        ("They do not, however, agree.", "They do, however, agree."),
        ("No one knows its age.", "Someone knows its age."),
        ("Not all swans are white.", "All swans are white."),
        ("She never served.", "She served."),
        ("The treatment is ineffective.", "The treatment is effective."),
        ("It works without water.", "It works with water."),
        ("It won't work.", "It will work."),
        ("It no longer works.", "It still works."),
        ("The study lacks a control.", "The study has a control."),
    ],
)
def test_a_denial_is_taken_back(claim: str, wanted: str) -> None:
    assert affirmed(claim) == wanted


@pytest.mark.parametrize(
    "claim",
    [
        "Watermarks can be removed.",
        "It is not only cheap but fast.",
        "It is no doubt cheap.",
        "No. 5 is a perfume.",
        "The film doesn't lack humour.",
        "Nobody can't.",
        "A lack of data is common.",
        "Knotted notes nod at Norway.",
        "",
    ],
)
def test_what_denies_nothing_or_twice_is_not_turned(claim: str) -> None:
    assert affirmed(claim) == ""


@given(st.lists(st.sampled_from(["it", "No", "not", "never", "cannot", "won't", "data", "lacks", "unable", ",", "."])))
def test_what_is_turned_denies_nothing_any_more(tokens: list[str]) -> None:
    assert affirmed(affirmed(" ".join(tokens))) == ""
