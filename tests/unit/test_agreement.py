"""When two sentences say the same, when one denies the other, and who counts as a witness."""

from __future__ import annotations

import pytest

from kb import ids
from kb.records import Evidence
from queries.agreement import agree, opposed, speaks_against
from queries.witnesses import count_witnesses, share_wording, witness_groups

SAME = [
    (
        "NVIDIA reports that over 98 % of the data used to align Nemotron-4 340B was generated synthetically.",
        "NVIDIA states that over 98 % of the data used to align its Nemotron-4 340B models was synthetic.",
    ),
    (
        "As diversity drops, rare facts and styles are underrepresented across iterations.",
        "The argument follows: as diversity drops, rare facts and styles are underrepresented.",
    ),
]
DIFFERENT = [
    (
        "NVIDIA reports that over 98 % of the data used to align Nemotron-4 340B was generated synthetically.",
        "NVIDIA reports that over 50 % of the data used to align Nemotron-4 340B was generated synthetically.",
    ),
    (
        "Synthetic data increases the bias of the model that learns from it.",
        "Synthetic data reduces the bias of the model that learns from it.",
    ),
    (
        "Model collapse cannot be avoided when training uses synthetic data only.",
        "Model collapse can be avoided when training uses synthetic data beside real data.",
    ),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_paraphrases_with_the_same_facts_agree(a: str, b: str) -> None:
    assert agree(a, b, 0.9)
    assert agree(b, a, 0.9)


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_other_numbers_and_other_senses_never_agree(a: str, b: str) -> None:
    assert not agree(a, b, 0.97)


def test_nearness_alone_is_not_agreement() -> None:
    assert not agree("Dogs chase cats through the garden.", "Banks raise rates in the spring.", 0.95)


@pytest.mark.parametrize(("a", "b"), DIFFERENT[1:])
def test_a_turned_sense_speaks_against(a: str, b: str) -> None:
    assert opposed(a, b)
    assert speaks_against(a, b, 0.85)
    assert speaks_against(b, a, 0.85)


@pytest.mark.parametrize(("a", "b"), SAME)
def test_the_same_statement_does_not_speak_against_itself(a: str, b: str) -> None:
    assert not speaks_against(a, b, 0.95)


def test_shared_topic_words_alone_do_not_make_an_opponent() -> None:
    a = "Synthetic data increases the supply of training text."
    b = "Synthetic data reduces the privacy risk of a hospital."
    assert not speaks_against(a, b, 0.8, frozenset({"synthet", "synthetic", "data"}))


def evidence(source: str, quote: str) -> Evidence:
    document = f"d_{source}"
    return Evidence(ids.evidence_id(document, 0, len(quote)), "c", document, source, 0, len(quote), quote, "x")


def test_copies_are_one_witness() -> None:
    words = " ".join(f"word{n}" for n in range(200))
    texts = {"a": words, "b": f"Republished. {words}", "c": " ".join(f"other{n}" for n in range(200))}
    groups = witness_groups(texts)
    assert groups["a"] == groups["b"] != groups["c"]
    said = [
        evidence("a", "Rain falls on many days of the year in Bergen."),
        evidence("b", "The harbour town is wet for most of the winter."),
        evidence("c", "Umbrellas sell well on the Norwegian coast."),
    ]
    assert count_witnesses(said, groups) == 2


def test_one_sentence_word_for_word_in_two_documents_is_one_witness() -> None:
    groups = {"a": "a", "b": "b"}
    same = "Alpaca was generated for less than 600 dollars by students."
    assert count_witnesses([evidence("a", same), evidence("b", same)], groups) == 1


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (
            "When the first models were trained with it, human data was the only way to get good answers.",
            "When the first models were trained, human data was the only way to improve them at all.",
            True,
        ),
        (
            "The Intergovernmental Panel on Climate Change expects the sea to rise by up to a metre in this century.",
            "By 2100 oceans could stand one metre higher, the Intergovernmental Panel on Climate Change projects.",
            False,
        ),
        ("Output rose by 3 % in 2020.", "Output rose by 3 % in 2021 and fell in the year after that.", False),
    ],
    ids=["in the same words", "a long name", "few words"],
)
def test_what_two_sources_say_in_the_same_words_is_seen(one: str, other: str, *, shared: bool) -> None:
    assert share_wording([evidence("a", one), evidence("b", other)]) is shared
    assert share_wording([evidence("b", other), evidence("a", one)]) is shared
    assert not share_wording([evidence("a", one), evidence("a", one)])
    assert not share_wording([evidence("a", one)])
