"""A claim with its numbers written as the quote writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.backends._restating import restated


@pytest.mark.parametrize(
    ("quote", "claim", "wanted"),
    [
        ("The mole is 1.6 kilometres long.", "The mole is 1,600 metres long.", "The mole is 1.6 kilometres long."),
        ("Rents rose by 9.1 percent.", "Rents rose by more than nine percent.", "Rents rose by 9.1 percent."),
        ("The wait is 19 days.", "The wait is under three weeks.", "The wait is 19 days."),
        ("It cost $126,400,000.", "It cost over $126 million.", "It cost $126,400,000."),
        ("Five thousand sheep graze there.", "There graze 5,000 sheep.", "There graze Five thousand sheep."),
        ("Each bag holds 1,000 g.", "Each bag holds a kilogram.", "Each bag holds 1,000 g."),
        ("It counted 1,187,412 inhabitants.", "It counted about 1.2 million people.", "It counted 1,187,412 people."),
        (
            "It ran for 7,900 of the 8,760 hours.",
            "It ran for about 90 % of the year.",
            "It ran for 7,900 of 8,760 hours of the year.",
        ),
        (
            "They fasted for at least 8 hours.",
            "They fasted for a minimum of 8 hours.",
            "They fasted for at least 8 hours.",
        ),
        # the same already
        (
            "Of the 80 jars, 20 held lead, or 25 %.",
            "Of the 80 jars, 20 held lead, or 25 %.",
            "Of the 80 jars, 20 held lead, or 25 %.",
        ),
        ("The mole is 1.6 kilometres long.", "The mole is 1.6 kilometres long.", "The mole is 1.6 kilometres long."),
        # borne out by none, or by several
        ("The mole is 1.6 kilometres long.", "The mole is 2 kilometres long.", "The mole is 2 kilometres long."),
        ("It is 12 m or 14 m.", "It is more than 10 m.", "It is more than 10 m."),
        # not a matter of how a number is written
        ("It was built in the 19th century.", "It was built in the 20th century.", "It was built in the 20th century."),
        ("It has 30 rooms.", "It has more than one door.", "It has more than one door."),
        ("It was signed on 3 March 1987.", "It was signed in 1987.", "It was signed in 1987."),
    ],
)
def test_restated(quote: str, claim: str, wanted: str) -> None:
    assert restated(quote, claim) == wanted


@given(st.text(max_size=200))
def test_a_claim_is_not_restated_by_itself(claim: str) -> None:
    assert restated(claim, claim) == claim


EXACT = st.integers(101, 199).filter(lambda value: value % 10)
"""Of three digits, so that none is another one rounded."""


@given(EXACT, EXACT)
def test_only_a_number_that_bears_it_out_takes_its_place(there: int, said: int) -> None:
    quote, claim = f"The shed holds {there} tonnes of oats.", f"The shed holds {said * 1000} kg of oats."
    assert (restated(quote, claim) == quote) is (there == said)
