"""Relations of two sides and trends: what says the same, what the opposite, and what neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.backends._directions import compare


@pytest.mark.parametrize(
    ("quote", "claim", "alike"),
    [
        # sides of a comparison
        ("Oats need more lime than rye.", "Oats need more lime than rye does.", True),
        ("Oats need more lime than rye.", "Rye needs less lime than oats.", True),
        ("Oats need more lime than rye.", "Rye needs more lime than oats.", False),
        ("Oats need more lime than rye.", "Oats need less lime than rye.", False),
        ("Goats outnumber sheep on the island.", "On the island there are fewer sheep than goats.", True),
        ("Goats outnumber sheep on the island.", "Sheep outnumber goats on the island.", False),
        ("Compared with plan 7, plan 8 costs more money.", "Plan 7 costs more money than plan 8.", False),
        ("Boats with sails drew fewer visitors than boats with oars.", "Visitor numbers were higher for the boats with oars.", True),
        ("The new mill grinds larger grains than the old one.", "The old mill grinds larger grains than the new one.", False),
        ("The new mill grinds larger grains than the old one.", "The old mill grinds smaller grains than the new one.", True),
        # order in time
        ("The mill burned down after the family had moved to Leeds.", "The family moved to Leeds before the mill burned down.", True),
        ("The mill burned down after the family had moved to Leeds.", "The mill burned down before the family moved to Leeds.", False),
        ("After the thaw, the road was reopened.", "The road was reopened before the thaw.", False),
        ("Do not stir the paint until the powder has settled.", "The powder settles before the paint is stirred.", True),
        # causes
        ("The leak led to the closure of the well.", "The closure of the well resulted from the leak.", True),
        ("The leak led to the closure of the well.", "The leak resulted from the closure of the well.", False),
        # trends
        ("Rents in the old town went up in May.", "In May, rents in the old town declined.", False),
        ("Rents in the old town went up in May.", "Rents in the old town increased in May.", True),
        ("Larger doses made sleep worse in the trial.", "Larger doses improved sleep in the trial.", False),
        ("Nights on the plateau have become colder since 1980.", "Nights on the plateau have become warmer since 1980.", False),
        ("Interest in the choir has waned.", "Fewer people are interested in the choir than before.", True),
        ("Interest in the choir has waned.", "More people are interested in the choir than before.", False),
        # how much as much
        ("The new kiln needs half as much coal as the old one.", "The new kiln needs more coal than the old one.", False),
        ("The new kiln needs half as much coal as the old one.", "The old kiln needs more coal than the new one.", True),
        ("The peso weakened against the franc.", "The franc gained against the peso.", True),
        ("The peso weakened against the franc.", "The peso strengthened against the franc.", False),
        ("The new paint dries more slowly than varnish.", "The new paint dries faster than varnish.", False),
        # what two figures say
        ("Recall was 0.71 on the small set and 0.64 on the large one.", "Recall was higher on the large set than on the small one.", False),
        ("Recall was 0.71 on the small set and 0.64 on the large one.", "Recall was lower on the large set than on the small one.", True),
        ("The mole is 340 metres long, the tunnel 1.2 kilometres.", "The mole is longer than the tunnel.", False),
        # who does what to whom
        ("The mill was bought by the baker in 1909.", "The mill acquired the baker in 1909.", False),
        ("The tailor sued the mill.", "The mill sued the tailor.", False),
        ("The market was taken over by the union.", "The union was taken over by the market.", False),
        ("The tailor was sued by the mill.", "The tailor sued the mill.", False),
        ("Crete sold the boats to Malta.", "Crete bought the boats from Malta.", False),
        ("The pipe runs from the tank into the well.", "The pipe runs from the well into the tank.", False),
        ("The quarry lies to the north of the abbey.", "The quarry is south of the abbey.", False),
    ],
)  # fmt: skip
def test_what_two_sentences_say_of_one_relation(quote: str, claim: str, alike: bool) -> None:
    found = compare(quote, claim)
    assert found is not None
    assert found.alike is alike


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("Rents rose in May.", "The harbour was closed in May."),
        ("Rents rose in May while wages fell.", "Taxes fell in June."),
        ("More than 40 towns were flooded.", "Less than 90 towns were flooded."),
        ("Rents did not rise in May.", "Rents rose in May."),  # a matter of negation
        ("Compared with plan 7, plan 8 costs more money.", "Plan 7 starts more slowly than plan 8."),
        ("The compiler is new.", "The compiler is old."),
        (
            "The mill was bought by the baker in 1909.",
            "The baker acquired the mill in 1909.",
        ),  # told only where it differs
        ("The hymn was sung by two boys in May.", "In May, the hymn was sung by two boys."),
        ("Crete sold the boats to Malta.", "Malta bought the boats from Crete."),
        (
            "Two fifths of Crete, less than of Malta, can be farmed.",
            "Less than half of the land on that island is fit for sheep.",
        ),
        (
            "Recall was 0.71, down from 0.64, on the small set and on the large one.",
            "Recall was higher on the large set than on the small one.",
        ),
        ("", ""),
    ],
)
def test_what_is_no_shared_relation(quote: str, claim: str) -> None:
    assert compare(quote, claim) is None


def test_sides_and_signs_both_turned_say_the_same() -> None:
    found = compare("Oats need more lime than rye.", "Rye needs less lime than oats.")
    assert found is not None
    assert found.turned


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_it(quote: str, claim: str) -> None:
    compare(quote, claim)


NAMES = st.sampled_from("barley copper granite linen salmon walnut zinc".split())


@given(
    NAMES, NAMES, st.sampled_from([("more", "less"), ("faster", "slower"), ("older", "younger"), ("higher", "lower")])
)
def test_a_comparison_and_its_converse(a: str, b: str, words: tuple[str, str]) -> None:
    if a == b:
        return
    up, down = words
    said = f"The {a} was {up} than the {b}."
    for claim, alike in (
        (said, True),
        (f"The {b} was {down} than the {a}.", True),
        (f"The {b} was {up} than the {a}.", False),
        (f"The {a} was {down} than the {b}.", False),
    ):
        found = compare(said, claim)
        assert found is not None
        assert found.alike is alike
