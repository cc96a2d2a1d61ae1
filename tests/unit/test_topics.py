"""Reading a topic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import RecordError
from kb.text import words
from queries.topics import concepts_of, core_of, parse_topic, plan, sides_of

QUESTION = (
    "What are the real-world risks and benefits of using synthetic data to train or fine-tune large language models? "
    "Focus on data quality, bias, and evaluation."
)


def test_the_focus_list_is_split_from_the_subject() -> None:
    topic = parse_topic(QUESTION)
    assert topic.subject.endswith("large language models?")
    assert topic.focus == ("data quality", "bias", "evaluation")


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("Remote work; focus: productivity, well-being & cost", ("productivity", "well-being", "cost")),
        ("How does insulin work? with a focus on type 2 diabetes and cost", ("type 2 diabetes", "cost")),
        ("Heat pumps. Focusing on noise.", ("noise",)),
        ("Model collapse", ()),
        ("Focus on the family", ()),
    ],
)
def test_focus_lists_are_found_in_the_usual_forms(text: str, focus: tuple[str, ...]) -> None:
    assert parse_topic(text).focus == focus


def test_a_pair_of_sides_is_asked_for_one_by_one() -> None:
    core = core_of(parse_topic(QUESTION).subject)
    assert core.startswith("real-world risks and benefits of")
    assert [side.split(" of ")[0] for side in sides_of(core)] == ["real-world risks", "real-world benefits"]


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        (QUESTION, ("synthetic data", "large language models")),
        ("Effects of caffeine on sleep", ("caffeine", "sleep")),
        ("Is model collapse inevitable?", ("model collapse",)),
        ("vitamin D supplementation", ("vitamin D supplementation",)),
        ("What is the role of inflammation in cardiovascular disease?", ("inflammation", "cardiovascular disease")),
        ("Does exercise improve cognition?", ("exercise", "cognition")),
        ("How do plants make energy from light?", ("plants", "energy", "light")),
        ("Does the vaccine cause autism?", ("vaccine", "autism")),
        ("history of the NBA", ("NBA",)),
        ("type 2 diabetes and obesity", ("type 2 diabetes", "obesity")),
        ("privacy", ("privacy",)),
        ("What are the benefits?", ("benefits",)),
    ],
)
def test_the_concepts_are_what_the_topic_is_about(text: str, concepts: tuple[str, ...]) -> None:
    assert plan(parse_topic(text)).concepts == concepts


@given(st.text(min_size=1, max_size=80).filter(str.strip))
def test_there_is_always_a_concept_and_each_stands_in_the_topic(text: str) -> None:
    found = concepts_of(text)
    assert found
    assert all(set(words(concept)) <= set(words(text)) for concept in found)


def test_the_same_topic_has_one_key_whatever_its_spelling() -> None:
    assert parse_topic("Model  collapse?").key == parse_topic("model collapse").key
    assert parse_topic("Model collapse").key != parse_topic("Model collapse. Focus on cost.").key


def test_an_empty_topic_is_refused() -> None:
    for nothing in ("  ", "?", "…!"):
        with pytest.raises(RecordError):
            parse_topic(nothing)


@given(st.text(min_size=1).filter(lambda text: text.strip(" ,;:.?!\n\t")))
def test_any_topic_gives_a_query(text: str) -> None:
    try:
        topic = parse_topic(text)
    except RecordError:
        return
    assert plan(topic).queries
