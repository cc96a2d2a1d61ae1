"""Reading JSON out of what a model wrote."""

from __future__ import annotations

import pytest

from kb.backends.model_json import is_object, read_object


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        'Here you are:\n```json\n{"a": 1}\n```\nAnything else?',
        '<think>maybe {"b": 2}?</think>{"a": 1}',
        '{"a": 1} {"b": 2}',
    ],
)
def test_the_object_is_found(text: str) -> None:
    assert read_object(text) == {"a": 1}


@pytest.mark.parametrize("text", ["", "none", '{"a": ', "[1]", '{"a": {"b": 1}', "{" * 100_000, '{"a": ' * 50_000])
def test_nothing_is_mended(text: str) -> None:
    assert not is_object(text)
    with pytest.raises(ValueError, match=r"JSON|nested"):
        read_object(text)
