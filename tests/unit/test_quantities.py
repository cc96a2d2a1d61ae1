"""Quantities in text: what is read, and what fits what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.backends._quantities import Quantity, quantities


def only(text: str) -> Quantity:
    found = quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("It weighs 1,000 g.", "mass", 1000.0),
        ("It weighs 1 kg.", "mass", 1000.0),
        ("twelve and a half million tonnes of cargo", "mass", 12.5e12),
        ("The sheet is 1.9 m thick.", "length", 1.9),
        ("It rose by 21 %.", "share", 0.21),
        ("It rose by 21 per cent.", "share", 0.21),
        ("three quarters of the herds", "share", 0.75),
        ("a rate of 0.21", "share", 0.21),
        ("costs of $250,000", "dollar", 250_000.0),
        ("EUR 3.46 billion", "euro", 3.46e9),
        ("in 1987", "year", 1987.0),
        ("signed on 3 March 1987", "date", 19870303.0),
        ("signed on March 3, 1987", "date", 19870303.0),
        ("twenty-five dogs", "count", 25.0),
        ("latency of 240 ms", "time", 0.24),
        ("2 hours, 19 minutes and 52 seconds", "time", 8392.0),
        ("six feet two inches tall", "length", 1.8796),
        ("more than a million tonnes", "mass", 1e12),
        ("half a million sheep", "count", 5e5),
        ("one in eight adults", "share", 0.125),
        ("about three out of every ten calves", "share", 0.3),
        ("a 30-day trial", "time", 30 * 86400.0),
        ("a 40-gram portion", "mass", 40.0),
        ("a cut of 50 basis points", "share", 0.005),
        ("half a year", "time", 31556952.0 / 2),
        ("three quarters of an hour", "time", 2700.0),
        ("the past half-century", "time", 3155695200.0 / 2),
        ("340 gigawatt-hours", "energy", 340e6),
        ("in the 1990s", "year", 1990.0),
        ("the nineteenth century", "year", 1800.0),
        ("the 19th century", "year", 1800.0),
        ("the twenty-first century", "year", 2000.0),
        ("Rents doubled.", "ratio", 2.0),
        ("The herd was halved.", "ratio", 2.0),
    ],
)
def test_reads(text: str, kind: str, value: float) -> None:
    found = only(text)
    assert (found.kind, found.value) == (kind, pytest.approx(value))


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19 spread",
        "as Figure 3 shows",
        "on Apollo 11 flew",
        "version 4 is out",
        "below its value by day 60",
        "the Seventy-first Congress",
        "People tend to rest",
        "Rents nearly doubled.",
    ],
)
def test_a_number_in_a_name_is_no_quantity(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize("text", ["2 hours and 3 hours", "10 km, 800 m and 400 m", "52 minutes and 2 hours"])
def test_a_list_is_not_one_quantity(text: str) -> None:
    assert len(quantities(text)) > 1


@pytest.mark.parametrize(
    ("text", "is_change"),
    [
        ("Sales rose by 12 %.", True),
        ("They cut the price of a ticket by about $20.", True),
        ("It takes 34 minutes less than before.", True),
        ("The share was 12 %.", False),
        ("It was signed by 40 countries.", False),
        ("The fall in output was caused by 20 mm of rain.", False),
    ],
)
def test_knows_a_change_from_a_level(text: str, *, is_change: bool) -> None:
    assert only(text).is_change is is_change


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("about 1.2 million people", "1,187,412 inhabitants"),
        ("more than 40 % agreed", "43 % agreed"),
        ("fewer than 300 birds", "under 300 birds"),
        ("at least 15 % is lost", "15.5 % is lost"),
        ("190 cm thick", "1.9 m thick"),
        ("two years of warranty", "24 months of warranty"),
        ("in March 1987", "on 3 March 1987"),
        ("in 1987", "on 3 March 1987"),
        ("half of them", "50 % of them"),
        ("12,300 sheep", "12,345 sheep"),
        ("longer than 900 m", "1.2 km"),
        ("more than a tenth of them", "one in eight of them"),
        ("2 hours and 20 minutes", "2 hours, 19 minutes and 52 seconds"),
    ],
)
def test_fits(claim: str, quote: str) -> None:
    assert only(claim).fits(only(quote))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("about 1.4 million people", "1,187,412 inhabitants"),
        ("more than 50 % agreed", "43 % agreed"),
        ("fewer than 200 birds", "fewer than 300 birds"),
        ("21 %", "12 %"),
        ("19 cm thick", "1.9 m thick"),
        ("in 1978", "in 1987"),
        ("on 4 March 1987", "on 3 March 1987"),
        ("on 3 March 1987", "in 1987"),
        ("exactly 300 birds", "more than 300 birds"),
        ("744 feet tall", "743 feet tall"),
        ("an area of 49.73 hectares", "an area of 49.72 hectares"),
        ("longer than 900 m", "850 m"),
        ("2 hours, 19 minutes and 51 seconds", "2 hours, 19 minutes and 52 seconds"),
    ],
)
def test_does_not_fit(claim: str, quote: str) -> None:
    assert not only(claim).fits(only(quote))


@given(st.integers(3, 10**9))
def test_every_number_fits_itself_in_any_notation(value: int) -> None:
    plain, grouped = only(f"there were {value} items"), only(f"there were {value:,} items")
    assert plain.fits(plain)
    assert plain.value == grouped.value or plain.kind == "year"


@given(st.text(max_size=80))
def test_any_text_is_read_and_offsets_lie_in_it(text: str) -> None:
    for found in quantities(text):
        assert 0 <= found.start < len(text)
