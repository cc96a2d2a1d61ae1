"""What may stand as a claim, and how it reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.stemming import stem
from queries.wording import claim_text, grade, leans_on_context, refusal

GOOD = [
    "Adversarial examples show how little a classifier knows about the shapes that people see.",
    "Training collections include personal data that nobody has agreed to share with others.",
    "Within the field, AI feedback is known most for its role in the collection of preferences.",
    "Mixtures with ~33% generated text show the lowest loss of all mixtures (arXiv:2503.19551).",
    "Key idea: Careful filtering enables a small model to outperform a much larger one",
    "Model collapse narrows the distribution of a model that is trained on its own output.",
    "However, mixing real and generated data prevents collapse in published experiments.",
    "In 2023 Carlini and colleagues measured that memorization increases with the size of the model.",
    "A 770-million-parameter T5 model outperformed PaLM with 540 billion parameters on one benchmark.",
    "The 1.3-billion-parameter phi-1 model was trained on textbook-quality web data and synthetic exercises.",
    "Coffee consumption was associated with a lower risk of type 2 diabetes in 12 of 15 cohorts.",
    "For instruction data, distillation from stronger models produces better completions than most human writers.",
]

BAD = {
    "Is model collapse really inevitable in every setting that we know of?": "question",
    "Subscribe to our newsletter and receive the latest news about synthetic data every week.": "boilerplate",
    "We use cookies to give every visitor the best experience on this web site today.": "boilerplate",
    "Synthetic data generation with large language models": "fragment",
    "and this is why the distribution of the output narrows over time.": "fragment",
    "This leads to a loss of diversity in the output of the model over time.": "dangling",
    "It has been shown that the output of the model narrows over many generations.": "dangling",
    "In this chapter, synthetic data is compared with real data in several settings.": "dangling",
    "As shown in Figure 3, the score of the model falls with every generation.": "dangling",
    "The first strategy has grown in popularity as language models became more reliable.": "dangling",
    "Language models trained on that synthetic text outperformed models trained on real text.": "dangling",
    "See https://example.org/paper for the full list of results of the experiment.": "address",
    "Install the package with pip and run the example on a machine with one card.": "instruction",
    "You should always keep a part of the original data for the evaluation of models.": "speaker",
    "I think that synthetic data will replace real data within the next ten years.": "speaker",
    "We will show how the toolkit turns a document into a data set for training.": "speaker",
    "Emerged in late 2024 when judges and practices had matured across the whole field.": "no subject",
    "Harnessing large-language models to generate private synthetic text for industry.": "no verb",
    "A curated list of papers on synthetic data generation for training models, organized progressively.": "no verb",
    'Shumailov et al., "AI models collapse when trained on recursively generated data", Nature, 2024.': "listing",
    "Yaoning Yu, Ye Yu, Kai Wei, Haojing Luo and Haohan Wang wrote it.": "names",
    "The loss is `x = y_hat + 3` for every example in the batch of the run.": "code",
    "Paper implementations provide reproductions of the best known papers of the whole field.": "page",
    "The getting started tutorial explains how a data set is built step by step.": "page",
    "Too short to say much.": "too short",
    "Careful filtering enables a small model to outperform a much larger one": "fragment",
    "4 Synthetic data sets with small groups should be shared under contract.": "fragment",
    '"Synthetic data is fair because everybody can balance it by hand."': "speaker",
    "My own view is that collapse is the default outcome of careless recursion.": "speaker",
    "A model that forgets how to write a sentence is another.": "dangling",
    "For their speakers the discussion sounds like a problem of the rich.": "dangling",
}


@pytest.mark.parametrize("sentence", GOOD)
def test_whole_sentences_about_something_pass(sentence: str) -> None:
    assert refusal(sentence) == ""


@pytest.mark.parametrize(("sentence", "reason"), BAD.items())
def test_everything_else_is_refused_for_a_named_reason(sentence: str, reason: str) -> None:
    assert refusal(sentence) == reason


def test_the_claim_drops_what_ties_a_sentence_to_the_one_before() -> None:
    assert (
        claim_text("However, mixing  real and\nsynthetic data helps [3, 7].") == "Mixing real and synthetic data helps."
    )
    assert claim_text("2. For example, LIMA used 1,000 examples.") == "LIMA used 1,000 examples."
    assert claim_text("Definition: Synthetic data is made by a model.") == "Synthetic data is made by a model."
    assert claim_text("Key idea: Careful filtering helps small models") == "Careful filtering helps small models."


def test_a_reason_given_before_is_dropped_and_a_time_only_in_the_present() -> None:
    assert claim_text("For these reasons, many teams omit human data.") == "Many teams omit human data."
    assert claim_text("Years later, large sets work best on most tasks.") == "Large sets work best on most tasks."
    assert claim_text("Years later, the set was lost.").startswith("Years later")


def test_what_a_study_did_reads_worse_than_what_it_found() -> None:
    found = "Vitamin D was associated with a lower risk of falls in 12 trials of older adults."
    did = "Vitamin D was measured in 12 trials of older adults with a higher risk of falls."
    assert grade(found) > grade(did)


@given(st.text(max_size=200))
def test_no_text_breaks_the_rules(text: str) -> None:
    assert isinstance(refusal(text), str)
    assert -1.0 < grade(text) < 1.0


def test_a_bare_thing_leans_on_what_named_it() -> None:
    sentence = "The guarantee applies to the fine-tuning data and to nothing else."
    assert leans_on_context(sentence, frozenset(), stem)
    assert not leans_on_context(sentence, frozenset({stem("guarantee")}), stem)
    assert leans_on_context("The unlabelled data is a large and diverse set of documents.", frozenset(), stem)
    assert not leans_on_context("The cost of data falls with every year.", frozenset(), stem)


@pytest.mark.parametrize(
    "forms",
    [
        ("role", "roles"),
        ("train", "trained", "training"),
        ("evaluate", "evaluation", "evaluating", "evaluates"),
        ("bias", "biases", "biased"),
        ("study", "studies", "studied"),
        ("quality", "qualities"),
        ("run", "running"),
    ],
)
def test_forms_of_one_word_meet(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1
