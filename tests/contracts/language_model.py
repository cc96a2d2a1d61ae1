"""What every language model must do."""

from __future__ import annotations

import pytest

from kb.interfaces import LanguageModel


class LanguageModelContract:
    """Subclass it and make ``model``: one that can answer at least twice."""

    @pytest.fixture
    def model(self) -> LanguageModel:
        raise NotImplementedError

    def test_is_a_language_model(self, model: LanguageModel) -> None:
        assert isinstance(model, LanguageModel)
        assert model.name

    def test_it_answers(self, model: LanguageModel) -> None:
        assert model.complete("Say one word.").strip()
        assert model.complete("Say another.", system="Be brief.", max_tokens=8).strip()
