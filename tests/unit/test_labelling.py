"""Labels for angles, and what a report chooses to say."""

from __future__ import annotations

import numpy as np
import pytest

from kb.backends.hash_embedder import HashEmbedder
from queries.labelling import Statement, Subject, alike, as_title, choose_labels, clean_heading, nearness, phrases

EMBEDDER = HashEmbedder()


def statements(*groups: tuple[str, list[str]]) -> list[Statement]:
    found: list[Statement] = []
    for heading, texts in groups:
        vectors = EMBEDDER.embed(texts)
        found += [
            Statement(text, (heading,), vector, 0.6, f"s{n}")
            for n, (text, vector) in enumerate(zip(texts, vectors, strict=True))
        ]
    return found


MATERIAL = statements(
    ("3.2 Membership inference", [f"Membership inference finds person {n} in the training record." for n in range(5)]),
    ("Model collapse:", [f"Model collapse narrows generation {n} of the model." for n in range(5)]),
    ("Overview", [f"Annotation cost falls to {n} cents for each label." for n in range(5)]),
)


def test_labels_cover_every_group_and_read_like_titles() -> None:
    labels = choose_labels(MATERIAL, EMBEDDER, subject=Subject())
    assert 3 <= len(labels) <= 7
    joined = " | ".join(labels).casefold()
    assert "membership inference" in joined
    assert "model collapse" in joined
    assert "overview" not in joined
    assert all(not alike(a, b) for at, a in enumerate(labels) for b in labels[at + 1 :])


def test_fixed_labels_stay_first() -> None:
    labels = choose_labels(MATERIAL, EMBEDDER, subject=Subject(), fixed=["Annotation cost"])
    assert labels[0] == "Annotation cost"


def test_statements_lie_nearest_their_own_label() -> None:
    near = nearness(MATERIAL, ["Membership inference", "Model collapse", "Annotation cost"], EMBEDDER)
    homes = near.argmax(axis=1)
    assert [np.bincount(homes[at : at + 5], minlength=3).argmax() for at in (0, 5, 10)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("3.2 Membership inference", "Membership inference"),
        ("🚀 Model collapse explained!", "Model collapse explained"),
        ("Model collapse: an outdated worry", "Model collapse"),
        ("MODEL COLLAPSE RISKS", "Model collapse risks"),
        ("Privacy", "Privacy"),
        ("Introduction", ""),
        ("What is synthetic data?", ""),
        ("1.", ""),
        ("References", ""),
    ],
)
def test_headings_are_cleaned_or_dropped(heading: str, title: str) -> None:
    assert clean_heading(heading) == title


def test_titles_start_with_a_capital_and_keep_acronyms() -> None:
    assert as_title("RLHF and preference data") == "RLHF and preference data"
    assert as_title("privacy") == "Privacy"


def test_a_label_is_a_whole_phrase() -> None:
    texts = [f"Clustered short palindromic repeats were found in strain {n}." for n in range(4)]
    texts += [f"Genome editing with the enzyme reached {n} percent of the cells." for n in range(4)]
    labels = choose_labels(statements(("Results", texts)), EMBEDDER, subject=Subject())
    assert "palindromic repeats" not in labels
    assert "genome editing" in labels


def test_what_the_topic_focuses_on_is_a_label_and_its_subject_is_none() -> None:
    texts = [f"Vitamin D protects the bone in trial {n} of the series." for n in range(6)]
    labels = choose_labels(
        statements(("Notes", texts)),
        EMBEDDER,
        subject=Subject(frozenset({"vitamin"}), "vitamin D", ("bone",)),
    )
    assert "bone" in labels
    assert "Vitamin D" not in labels


def test_phrases_keep_single_letters_and_gerunds_that_are_nouns() -> None:
    assert {"vitamin d", "genome editing"} <= {name for name, _ in phrases("Vitamin D and genome editing are studied.")}
    assert "patients receiving" not in {name for name, _ in phrases("Most patients receiving care recovered.")}


def test_a_heading_in_title_case_reads_like_a_sentence_and_a_name_does_not() -> None:
    texts = [f"The model lost {n} points after the collapse in Bergen." for n in range(4)]
    labels = choose_labels(statements(("Strong Model Collapse", texts)), EMBEDDER, subject=Subject())
    assert "Strong model collapse" in labels
    labels = choose_labels(statements(("Bergen Model Collapse", texts)), EMBEDDER, subject=Subject())
    assert "Bergen model collapse" in labels
