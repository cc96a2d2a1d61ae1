"""The error tree, and that each error says what, where and what to do."""

from __future__ import annotations

import inspect
import re

import pytest

from kb import errors
from kb.errors import EmptyError, EncryptedError, FetchError, KBError, MissingExtraError
from kb.records import Failure

CLASSES = {
    name: item
    for name, item in inspect.getmembers(errors, inspect.isclass)
    if issubclass(item, KBError) and item.__module__ == "kb.errors"
}


def drawn() -> dict[str, str]:
    """The tree in the docstring: each error with the one it stands under."""
    parents: dict[str, str] = {}
    path: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^    ([│├└─ ]*)(\w*Error)\b", line)
        if match:
            depth = len(match[1]) // 4
            path[depth] = match[2]
            parents[match[2]] = path[depth - 1] if depth else ""
    return parents


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    real = {
        name: next(b.__name__ for b in item.__bases__ if issubclass(b, Exception)) for name, item in CLASSES.items()
    }
    real["KBError"] = ""
    assert drawn() == real


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_error_has_a_stage_and_reads_as_one_line(name: str) -> None:
    kind = CLASSES[name]
    made = (
        MissingExtraError("x", "y") if kind is MissingExtraError else kind("it broke", source="a.pdf", remedy="mend it")
    )
    assert made.stage
    assert "\n" not in str(made)
    assert made.message in str(made)


def test_a_message_shows_source_and_remedy() -> None:
    assert str(FetchError("gone", source="http://a", remedy="try later")) == "http://a: gone (try later)"
    assert str(FetchError("gone")) == "gone"


def test_a_missing_extra_carries_the_pip_line() -> None:
    assert MissingExtraError("llama_index", "llama-index").remedy == "pip install 'evidence-kb[llama-index]'"


@pytest.mark.parametrize("kind", [EncryptedError, EmptyError])
def test_parse_errors_have_a_way_out_of_their_own(kind: type[KBError]) -> None:
    assert kind().remedy
    assert kind("m", remedy="r").remedy == "r"


def test_a_failure_keeps_what_an_error_says() -> None:
    assert Failure.of(EncryptedError()) == Failure("parse", "the file is encrypted", EncryptedError().remedy)


def test_a_failure_of_a_foreign_exception_names_its_type() -> None:
    assert Failure.of(ValueError("a\n  b")).reason == "ValueError: a b"
    assert Failure.of(ValueError()).reason == "ValueError"
