"""What of a claim a long quote lacks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kb.backends._coverage import coverage
from kb.backends._judging import FEATURES, LABELS, UNMATCHED, Calibration, features_of, verdicts

TOWN = "The mill at Aldwick was built in 1784. It ground corn for the villages around. "


def test_words_and_names_that_stand_nowhere() -> None:
    missing, names, _ = coverage(TOWN, "The mill at Aldwick was built by Thomas Reeve in 1784.")
    assert missing == 0.2
    assert names == 0.5
    assert coverage(TOWN, "In 1784 a mill was built at Aldwick.") == (0.0, 0.0, 0.0)


def test_forms_of_a_word_are_the_word() -> None:
    assert coverage(TOWN, "A village has mills for corn.")[:2] == (0.1, 0.0)  # only 'has' is missing


@given(st.text(max_size=200), st.text(max_size=80))
def test_nothing_of_the_quote_itself_is_missing(quote: str, more: str) -> None:
    assert coverage(f"{quote} {more}", quote)[:2] == (0.0, 0.0)


@given(st.text(max_size=200), st.text(max_size=300))
def test_both_are_bounded(quote: str, claim: str) -> None:
    missing, names, apart = coverage(quote, claim)
    assert 0.0 <= missing <= 1.5
    assert 0.0 <= names <= 1.0
    assert 0.0 <= apart <= 1.0


def test_words_that_stand_far_from_each_other_are_apart() -> None:
    between = "The council met in spring. " * 6
    near, far = f"The mill burned down. Reeve sold it. {between}", f"The mill burned down. {between}Reeve sold it."
    claim = "Reeve sold the mill that burned down."
    assert coverage(near, claim)[2] == 0.0
    assert coverage(far, claim)[2] > 0.0


class Unsure:
    """A scorer that knows nothing."""

    name = "unsure"

    def __init__(self, matched: float = float("nan")) -> None:
        self._matched = matched

    def read(self, pairs: Sequence[tuple[str, str]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return np.zeros((len(pairs), 3), np.float32), np.full(len(pairs), self._matched, np.float32)


def test_only_a_long_quote_is_asked_for_what_it_lacks() -> None:
    claim = "Thomas Reeve sold the mill."
    features, _ = features_of(Unsure(), [(TOWN, claim), (TOWN * 20, claim)])
    at = FEATURES.index("words missing")
    assert list(features[0][at : at + 3]) == [0.0, 0.0, 0.0]
    assert features[1][at] > 0.0
    assert features[1][at + 1] == 1.0


def test_words_that_are_matched_badly_count_in_a_long_quote() -> None:
    claim, at = "Thomas Reeve sold the mill.", FEATURES.index(UNMATCHED)
    well, badly, untold = (
        features_of(Unsure(matched), [(TOWN, claim), (TOWN * 20, claim)])[0][:, at] for matched in (0.9, 0.1, np.nan)
    )
    assert well[1] < 0.0 < badly[1]
    assert list(untold) == [0.0, 0.0]
    assert well[0] == badly[0] == 0.0  # a short quote is read whole, and the model sees what is missing


def test_what_a_model_does_not_tell_is_not_held_against_a_claim() -> None:
    weights = np.zeros((len(LABELS), len(FEATURES)))
    weights[0, FEATURES.index(UNMATCHED)] = -1.0
    calibration = Calibration(weights, np.zeros(len(LABELS)), 0.5, 0.5)
    pair = (TOWN * 20, "Thomas Reeve sold the mill.")
    support = [verdicts(Unsure(matched), calibration, [pair])[0].supported for matched in (0.9, np.nan, 0.1)]
    assert support == sorted(support, reverse=True)
    assert len(set(support)) == 3
