"""Reading questions: parts, follow-ups, dates, what they are about, and which sentences of a text claim something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.records import Block, Parsed
from queries.completing import complete
from queries.dating import AsOf, date_of, read_as_of, undated
from queries.parts import parts_of
from queries.referring import points_away, resolve, subject_of_sentence, topic_of
from queries.statements import claims_nothing, statements_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is model collapse?", ("What is model collapse?",)),
        ("What are the risks and benefits of synthetic data?", ("What are the risks and benefits of synthetic data?",)),
        (
            "Who wrote On Liberty and when was it published?",
            ("Who wrote On Liberty?", "When was On Liberty published?"),
        ),
        (
            "What is model collapse? How can it be avoided?",
            ("What is model collapse?", "How can model collapse be avoided?"),
        ),
        ("when and where was Ada Lovelace born", ("When was Ada Lovelace born?", "Where was Ada Lovelace born?")),
        ("Compare dense retrieval and BM25", ("What is dense retrieval?", "What is BM25?")),
        (
            "Compare dense retrieval with BM25 in terms of latency.",
            ("What is the latency of dense retrieval?", "What is the latency of BM25?"),
        ),
        (
            "How does a car engine work and why does it need oil?",
            ("How does a car engine work?", "Why does car engine need oil?"),
        ),
        ("What is the difference between fog and mist?", ("What is the difference between fog and mist?",)),
    ],
)
def test_questions_are_split_into_parts_that_stand_alone(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@given(st.text(min_size=1, max_size=120))
def test_splitting_never_fails_and_never_loses_all(question: str) -> None:
    parts = parts_of(question)
    assert parts
    assert parts == (question.strip(),) or all(part.strip() for part in parts)
    assert isinstance(complete(question, ["What is model collapse?"]), str)
    assert isinstance(undated(question), str)


@pytest.mark.parametrize(
    ("before", "question", "asked"),
    [
        (["When was Python released?"], "What about Java?", "When was Java released?"),
        (["How many people use Python in Asia?"], "And in Europe?", "How many people use Python in Europe?"),
        (["Does synthetic data cause model collapse?"], "Why?", "Why does synthetic data cause model collapse?"),
        (["What is model collapse?"], "Why?", "Why does model collapse happen?"),
        (
            ["What is BM25?", "What is dense retrieval?"],
            "How does it compare?",
            "How does dense retrieval compare to BM25?",
        ),
        (["Who wrote On Liberty?"], "When was it published?", "When was On Liberty published?"),
        (["What is the capital of France?"], "What is its population?", "What is France’s population?"),
        (["What are the risks of synthetic data?"], "And the benefits?", "What are the benefits of synthetic data?"),
        (["What is model collapse?"], "Any examples?", "What are examples of model collapse?"),
        (["What is model collapse?"], "Tell me more.", "What is model collapse?"),
        (["What is model collapse?"], "What is differential privacy?", "What is differential privacy?"),
        (["What is model collapse?"], "Is it true that models forget?", "Is it true that models forget?"),
        ([], "Why is it so?", "Why is it so?"),
    ],
)
def test_follow_ups_are_made_complete(before: list[str], question: str, asked: str) -> None:
    assert complete(question, before) == asked


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Who wrote On Liberty?", "On Liberty"),
        ("What are the side effects of aspirin in children?", "aspirin"),
        ("how does a car engine work?", "car engine"),
        ("who wrote the origin of species", "the origin of species"),
        ("Why?", ""),
    ],
)
def test_the_topic_of_a_question(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def test_pronouns_are_resolved_only_where_they_point_out() -> None:
    assert resolve("Its height is 300 m.", "the Eiffel Tower") == "The Eiffel Tower’s height is 300 m."
    assert resolve("When did she publish her book?", "Ada") == "When did Ada publish her book?"
    assert not points_away("Is it true that models forget?")
    assert not points_away("Synthetic data helps.")
    assert resolve("Synthetic data helps.", "x") == "Synthetic data helps."


def test_the_subject_of_a_sentence() -> None:
    assert subject_of_sentence("Model collapse is the loss of diversity.") == "Model collapse"
    assert subject_of_sentence("It is the loss of diversity.") == ""
    assert subject_of_sentence("In 2020, sales rose.") == ""


@pytest.mark.parametrize(
    ("question", "as_of", "rest"),
    [
        ("Who is the current president of France?", AsOf(), "Who is the president of France?"),
        ("What was the population as of March 2021?", AsOf("2021-03"), "What was the population ?"),
        ("What is the latest version?", AsOf(), "What is the version?"),
        ("What is electric current?", None, "What is electric current?"),
        ("Who won in 2020?", None, "Who won in 2020?"),
    ],
)
def test_dates_that_a_question_asks_for(question: str, as_of: AsOf | None, rest: str) -> None:
    assert read_as_of(question) == as_of
    assert undated(question) == rest


def test_what_an_as_of_date_allows() -> None:
    assert AsOf("2021").allows("2021-12-31")
    assert not AsOf("2021-03").allows("2021-04-01")
    assert AsOf("2021").allows("")
    assert AsOf().allows("2999")
    assert AsOf().text == "latest"
    assert date_of("In 2019 and 2020 it rose.", "2024-05-06") == "2020"
    assert date_of("It rose by 1,999 units.", "2024-05-06T00:00") == "2024-05-06"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Water boils at 100 °C.", ""),
        ("Dogs bark loudly.", ""),
        ("Model collapse is the loss of diversity.", ""),
        ("How bad is it?", "question"),
        ("Keep the original data.", "instruction"),
        ("Please keep it.", "instruction"),
        ("Results and discussion", "fragment"),
        ("Best regards, Ann.", "fragment"),
        ("Yes.", "fragment"),
    ],
)
def test_which_sentences_claim_something(sentence: str, reason: str) -> None:
    assert claims_nothing(sentence) == reason


def test_a_text_is_cut_into_statements_that_stand_alone() -> None:
    words = "Model collapse is the loss of diversity. It happens within a few generations. Is it bad?"
    text = f"Findings\n\n{words}\n\nx = 1"
    end = 10 + len(words)
    blocks = (Block(0, 8, "heading", 1), Block(10, end, "paragraph"), Block(end + 2, end + 7, "code"))
    found, skipped = statements_of(Parsed(text, blocks))
    assert [text[s.start : s.end] for s in found] == [s.text for s in found]
    assert [s.read_as for s in found] == ["", "Model collapse happens within a few generations."]
    assert skipped == {"heading": 1, "question": 1, "code": 1}
