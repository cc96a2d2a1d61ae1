from __future__ import annotations

import pytest
from contracts.language_model import LanguageModelContract

from kb.backends.scripted_model import ScriptedModel
from kb.errors import ModelError
from kb.interfaces import LanguageModel


class TestScriptedModel(LanguageModelContract):
    @pytest.fixture
    def model(self) -> LanguageModel:
        return ScriptedModel(["first answer", "second answer"])


class TestScriptedFunction(LanguageModelContract):
    @pytest.fixture
    def model(self) -> LanguageModel:
        return ScriptedModel(str.upper, name="shout")


def test_answers_come_in_order_and_then_an_error() -> None:
    model = ScriptedModel(["one", "two"])
    assert [model.complete("a", system="s"), model.complete("b")] == ["one", "two"]
    assert model.prompts == [("s", "a"), ("", "b")]
    with pytest.raises(ModelError, match="no more answers"):
        model.complete("c")


@pytest.mark.parametrize("answer", ["", " \n"])
def test_an_empty_answer_is_an_error(answer: str) -> None:
    with pytest.raises(ModelError, match="empty"):
        ScriptedModel([answer]).complete("a")


def test_an_answer_is_cut_at_the_limit() -> None:
    assert ScriptedModel(["one two  three"]).complete("a", max_tokens=2) == "one two"
    assert ScriptedModel(["one two\n\nthree"]).complete("a", max_tokens=3) == "one two\n\nthree"


def test_a_function_answers_each_prompt() -> None:
    assert ScriptedModel(lambda prompt: prompt[::-1]).complete("abc") == "cba"
