from __future__ import annotations

import pytest
from contracts.verifier import VerifierContract
from hypothesis import given
from hypothesis import strategies as st

from kb.backends.lexical_verifier import LexicalVerifier
from kb.interfaces import Verifier

LONG = "In 2014 the Brazilian national team was beaten by Germany in the semi-final at Belo Horizonte."


class TestLexicalVerifier(VerifierContract):
    @pytest.fixture(scope="class")
    def verifier(self) -> Verifier:
        return LexicalVerifier()


def judge(quote: str, claim: str) -> tuple[str, str]:
    verdict = LexicalVerifier().judge([(quote, claim)])[0]
    return verdict.label, verdict.reasons[0]


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("Costs fell by 4%, the report says.", "costs fell by 4%"),
        ("The “open”  model\nisn\u2019t larger.", 'the "open" model isn\'t larger.'),
        (
            "It was late. Costs fell in the second year. Nobody knew why.",
            "Costs fell in the second year. Nobody knew why.",
        ),
        ("About 1,000 people came.", "About 1000 people came"),
        ("It does not work in children.", "It does not work in children."),
        ("Aspirin may lower the risk.", "Aspirin may lower the risk"),
    ],
)
def test_the_words_themselves_are_support(quote: str, claim: str) -> None:
    assert judge(quote, claim) == ("supported", "verbatim")


@given(
    st.lists(
        st.sampled_from(["costs", "fell", "Germany", "12", "model", "data", "after", "Paris"]), min_size=1, max_size=9
    ),
    st.data(),
)
def test_every_run_of_words_is_verbatim(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    assert judge(" ".join(words), " ".join(words[start:end])) == ("supported", "verbatim")


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("The drug does not reduce mortality.", "The drug reduces mortality."),
        ("The drug reduces mortality.", "The drug does not reduce mortality."),
        ("No evidence was found.", "Evidence was found."),
        ("It can't swim.", "It can swim."),
        ("Not all models improve.", "All models improve."),
    ],
)
def test_the_words_but_for_a_negation_are_contradicted(quote: str, claim: str) -> None:
    assert judge(quote, claim) == ("contradicted", "verbatim but negated")


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("It is not true that the drug reduces mortality.", "The drug reduces mortality."),
        ("Critics claimed that the drug reduces mortality.", "The drug reduces mortality."),
        ("Costs fall if demand falls.", "Costs fall."),
        ("Does the drug reduce mortality?", "The drug reduce mortality"),
        ("Costs rose. Prices fell.", "Costs rose prices fell"),
        ("Brazil beat Germany.", "Germany beat Brazil."),
        ("Aspirin reduced pain, and ibuprofen raised mortality.", "Aspirin raised mortality."),
        (LONG, LONG.replace("2014", "2018")),
        (LONG, LONG.replace("Horizonte", "Paulo")),
        (LONG, LONG.replace("was beaten", "was not beaten").replace("national ", "")),
        (LONG.replace("was beaten", "may have been beaten"), LONG),
        (LONG, LONG.replace("beaten by", "beaten twice by")),
        ("", LONG),
        (LONG, "..."),
    ],
)
def test_what_only_looks_alike_is_unclear(quote: str, claim: str) -> None:
    assert judge(quote, claim)[0] == "unclear"


def test_nearly_the_words_are_support_of_less_weight() -> None:
    claim = "In 2014, the Brazilian national team was beaten by Germany in a semi-final in Belo Horizonte"
    verdict = LexicalVerifier().judge([(f"Few had expected it. {LONG}", claim)])[0]
    assert verdict.label == "supported"
    assert 0.8 < verdict.score < 1.0


def test_a_claim_is_as_good_as_its_worst_sentence() -> None:
    assert judge(LONG, f"{LONG} Brazil wept.")[0] == "unclear"
