"""A model that cannot be reached is left alone."""

from __future__ import annotations

import pytest

from kb.backends.scripted_model import ScriptedModel
from kb.errors import ModelError, ModelUnavailableError
from queries.breaking import PATIENCE, Breaker


class Flaky(ScriptedModel):
    """Is away for the questions whose numbers are in ``away``, and counts all."""

    def __init__(self, *away: int) -> None:
        super().__init__(lambda prompt: "yes")
        self.asked = 0
        self._away = away

    def complete(self, prompt: str, **options: object) -> str:
        self.asked += 1
        if self.asked in self._away:
            msg = "nobody is there"
            raise ModelUnavailableError(msg, source=self.name)
        return super().complete(prompt)


def test_after_some_failures_in_a_row_it_is_not_asked_again() -> None:
    model = Flaky(*range(1, 99))
    breaker = Breaker(model)
    for _ in range(PATIENCE):
        with pytest.raises(ModelUnavailableError, match="nobody is there"):
            breaker.complete("?")
    for _ in range(5):
        with pytest.raises(ModelUnavailableError, match="not asked"):
            breaker.complete("?")
    assert model.asked == PATIENCE


def test_an_answer_between_failures_starts_the_count_again() -> None:
    model = Flaky(1, 3, 5)
    breaker = Breaker(model)
    for number in range(1, 8):
        if number in {1, 3, 5}:
            with pytest.raises(ModelUnavailableError):
                breaker.complete("?")
        else:
            assert breaker.complete("?") == "yes"
    assert breaker.usage.calls == 4
    assert breaker.name == model.name


def test_a_refusal_says_nothing_about_being_away() -> None:
    model = ScriptedModel([])
    breaker = Breaker(model)
    for _ in range(PATIENCE + 2):
        with pytest.raises(ModelError, match="no more answers"):
            breaker.complete("?")
