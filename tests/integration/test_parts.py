"""Documents that go through the model in several parts, while others are read and stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import LIGHT
from numpy.typing import NDArray

import kb
from ingest import storing
from kb.app import KnowledgeBase
from kb.errors import EmbedderError

NUMBERS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
)


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KnowledgeBase]:
    monkeypatch.setattr(storing, "_TOGETHER", 2)
    monkeypatch.setattr(storing, "_TEXTS", 7)
    with kb.open(tmp_path / "kb", **LIGHT) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    for number in NUMBERS:
        (made / f"{number}.md").write_text(f"The ship named {number} carries {number} {number} lamps.\n", "utf-8")
    return made


def test_each_document_gets_its_own_vectors(base: KnowledgeBase, folder: Path) -> None:
    result = base.ingest(folder)
    assert (result.chunks.total, result.chunks.embedded) == (len(NUMBERS), len(NUMBERS))
    for number in NUMBERS:
        first = base.search(f"{number} {number} lamps", 1, mode="dense")[0]
        assert number in first.source.uri
    assert base.ingest(folder).chunks.embedded == 0


def test_a_model_that_fails_in_one_part_leaves_what_was_stored(
    base: KnowledgeBase, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed: Callable[..., NDArray[np.float32]] = base._embedder.embed

    def failing(texts: Sequence[str], **options: Any) -> NDArray[np.float32]:
        if any("thirteen" in text for text in texts):
            msg = "the model failed"
            raise EmbedderError(msg)
        return embed(texts, **options)

    with monkeypatch.context() as patch:
        patch.setattr(base._embedder, "embed", failing)
        with pytest.raises(EmbedderError, match="the model failed"):
            base.ingest(folder)
    again = base.ingest(folder)
    assert again.chunks.total == len(NUMBERS)
    assert again.chunks.embedded < len(NUMBERS)
    assert base.ingest(folder).chunks.embedded == 0
    assert base.doctor() == ([], [])
