"""What a claim adds to its quotes."""

from __future__ import annotations

import pytest

from queries.additions import additions


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Costs fell by 10%.", "costs fell by 10 percent"),
        ("It has 1.5 million users.", "It has 1,500,000 users."),
        ("A 7B model was used.", "a model with 7 billion parameters was used"),
        ("Three models failed.", "3 models failed"),
        ("LLMs lose diversity.", "large language models lose diversity"),
        ("LLM output degrades.", "The output of LLMs degrades."),
        ("Synthetic Data helps models.", "synthetic data helps models"),
        ("The law applies from January 2025.", "The law applies from 2025-01-01."),
        ("In Jan 2025 it applied.", "It applied in January 2025."),
        ("OpenAI's model won.", "the model of OpenAI won"),
        ("Accuracy rose twofold.", "accuracy rose twofold"),
        ("Training doubles the error.", "the error doubled"),
        ("Models forget rare words.", "rare words are forgotten by models"),
    ],
)
def test_the_same_in_other_words_adds_nothing(claim: str, quote: str) -> None:
    assert additions(claim, [quote]) == ()


@pytest.mark.parametrize(
    ("claim", "quote", "added"),
    [
        ("Costs fell by 12%.", "costs fell by 10 percent", "12%"),
        ("Costs fell by 10%.", "costs fell by 10 dollars", "%"),
        ("It has 5 million users.", "It has 5 billion users and 3 million fans.", "5 million"),
        ("Four models failed.", "3 models failed", "Four"),
        ("The law applies from March 2025.", "The law applies from January 2025.", "March"),
        ("The law applies from 2026.", "The law applies from 2025.", "2026"),
        ("Google found bias.", "researchers found bias", "Google"),
        ("Models such as GPT-4 fail.", "models fail", "GPT"),
        ("Researchers in Oxford found bias.", "researchers found bias", "Oxford"),
        ("Half of the data was lost.", "some of the data was lost", "Half"),
        ("Most models fail.", "some models fail", "Most"),
        ("The error was 0.35.", "The error was 0.53.", "0.35"),
    ],
)
def test_what_no_quote_says_is_named(claim: str, quote: str, added: str) -> None:
    assert any(added in item for item in additions(claim, [quote]))


def test_several_quotes_count_together() -> None:
    assert additions("Alpaca cost 500 dollars in 2023.", ["Alpaca is of 2023.", "It cost 500 dollars."]) == ()
