"""The gate: a sentence must be about the topic's subject, not only about its field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.backends.hash_embedder import HashEmbedder
from queries.gating import ABOUT, ENOUGH, OFF, TOUCHED, WITHIN, Gate, Reading, admitted, folded, learn, parts_of

EMBEDDER = HashEmbedder()


def readings(*sentences: str, around: str = "", source: str = "s") -> list[Reading]:
    vectors = EMBEDDER.embed(list(sentences))
    return [
        Reading(text, folded(text), folded(around), source, vector)
        for text, vector in zip(sentences, vectors, strict=True)
    ]


NAMING = readings(
    "Synthetic data lowers the cost of training a language model.",
    "Synthetic data repeats the bias of the model that wrote it.",
    "A model that is trained on synthetic data alone loses rare words.",
    "Large language models (LLMs) write most synthetic data today.",
)
FIELD = readings(
    "Evaluation of a language model takes more data than before.",
    "Instruction tuning makes a language model follow a request.",
    "Human preference data is expensive for every language model.",
    "A model reads its data in batches of equal length.",
    "The data of a language model is cut into tokens first.",
    "Training data for a model is stored in shards.",
    "A larger model needs more data and more time.",
    "The context of a language model grows every year.",
)


@pytest.fixture
def gate() -> Gate:
    return learn(["synthetic data", "large language models"], [*NAMING, *FIELD], EMBEDDER)


def test_the_rare_word_of_a_phrase_names_it_and_the_common_one_does_not(gate: Gate) -> None:
    assert gate.key is not None
    assert gate.key.phrase == "synthetic data"
    assert gate.key.named(folded("Synthetic notes resemble the records of real patients."))
    assert gate.key.named(folded("The set was synthetically generated."))
    assert not gate.key.named(folded("The quality of the data decides."))


def test_what_only_belongs_to_the_field_is_not_about_the_subject(gate: Gate) -> None:
    assert all(gate.about(reading) for reading in NAMING)
    assert not any(gate.about(reading) for reading in FIELD)


def test_surroundings_name_the_subject_for_a_sentence_that_is_near_it(gate: Gate) -> None:
    near, far = "Such data is cheap where a model can check it.", "Tomatoes want six hours of sun a day."
    plain, headed = readings(near)[0], readings(near, around="Uses of synthetic data")[0]
    assert not gate.about(plain)
    assert gate.about(headed)
    assert not gate.about(readings(far, around="Uses of synthetic data")[0])


def test_abbreviations_are_learnt_from_brackets(gate: Gate) -> None:
    assert gate.others[0].named(folded("An LLM wrote every answer."))
    assert not gate.others[0].named(folded("An MRI shows every vessel."))


def test_levels_tell_subject_source_and_part(gate: Gate) -> None:
    covered = {"s": folded("Large language models."), "t": folded("Synthetic images.")}
    elsewhere = readings("Synthetic data trains a detector of cracks in bridges.", source="t")
    touched = readings("A graph with two axes is shown to all of them.", around="Synthetic data")
    levels = gate.levels([NAMING[0], *elsewhere, *touched, FIELD[0]], covered)
    assert levels == [WITHIN, ABOUT, TOUCHED, OFF]


def test_a_letter_belongs_to_the_word_before_it() -> None:
    assert parts_of("vitamin D supplementation")[0].strip() == "vitamin d"
    about = readings("Vitamin D lowers the risk of falls.", "Vitamin D was given to all children in winter.")
    gate = learn(["vitamin D"], [*about, *FIELD], EMBEDDER)
    assert gate.key is not None
    assert all(gate.key.share(reading.said) == 1.0 for reading in about)
    assert gate.key.share(folded("Vitamin B6 is found in many kinds of fish.")) == 0.0


def test_a_corpus_that_never_names_the_subject_is_not_gated() -> None:
    gate = learn(["quark masses"], FIELD, EMBEDDER)
    assert gate == Gate()
    assert set(gate.levels(FIELD, {"s": ""})) == {WITHIN}


def test_a_phrase_that_every_sentence_names_is_not_the_subject() -> None:
    gate = learn(["language model", "synthetic data"], [*NAMING, *FIELD], EMBEDDER)
    common = learn(["model", "synthetic data"], [*NAMING, *FIELD], EMBEDDER)
    assert gate.key is not None
    assert common.key is not None
    assert common.key.phrase == "synthetic data"


def test_enough_sentences_of_the_highest_level_are_all_that_is_said() -> None:
    let, full = admitted([WITHIN] * ENOUGH + [ABOUT] * 5, [0.6] * (ENOUGH + 5), 0.4)
    assert let == [True] * ENOUGH + [False] * 5
    assert full == WITHIN


def test_where_few_sources_cover_the_topic_all_that_is_about_the_subject_counts() -> None:
    let, full = admitted([WITHIN] * 4 + [ABOUT] * 20 + [TOUCHED, OFF], [0.6] * 26, 0.4)
    assert let == [True] * 24 + [False] * 2
    assert full == ABOUT


def test_what_touches_the_subject_fills_up_and_the_rest_only_where_nothing_names_it() -> None:
    relevance = [0.6] * 4 + [0.5 + at / 100 for at in range(20)]
    let, _ = admitted([ABOUT] * 4 + [TOUCHED] * 20, relevance, 0.4)
    assert [at for at in range(24) if let[at]] == [0, 1, 2, 3, *range(24 - (ENOUGH - 4), 24)]
    assert sum(admitted([ABOUT] * 4 + [OFF] * 20, relevance, 0.4)[0]) == 4
    assert sum(admitted([OFF] * 24, relevance, 0.4)[0]) == ENOUGH


def test_nothing_fills_up_that_is_hardly_relevant() -> None:
    let, _ = admitted([WITHIN] + [ABOUT] * 9, [0.6] + [0.36] * 9, 0.34)
    assert sum(let) == 1


LEVELS = st.lists(st.tuples(st.sampled_from([OFF, TOUCHED, ABOUT, WITHIN]), st.floats(0, 1)), max_size=60)


@given(LEVELS, st.floats(0.2, 0.6))
def test_nothing_is_thrown_away_for_something_lower(listed: list[tuple[int, float]], bar: float) -> None:
    levels, relevance = [level for level, _ in listed], [value for _, value in listed]
    let, full = admitted(levels, relevance, bar)
    able = [at for at, value in enumerate(relevance) if value >= bar]
    assert all(relevance[at] >= bar for at in range(len(let)) if let[at])
    assert all(let[at] for at in able if levels[at] == WITHIN)
    in_full = [at for at in able if levels[at] == WITHIN]
    if len(in_full) >= ENOUGH:
        assert [at for at in range(len(let)) if let[at]] == in_full
        assert full == WITHIN


@given(st.text(max_size=120))
def test_a_text_always_contains_its_own_parts(text: str) -> None:
    assert all(part in folded(text) for part in parts_of(text))
