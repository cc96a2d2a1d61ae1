from __future__ import annotations

from pathlib import Path

import pytest
from contracts.reranker import RerankerContract

from kb.backends.lexical_reranker import LexicalReranker
from kb.backends.reading_reranker import ReadingReranker
from kb.errors import RerankerError


class TestLexicalReranker(RerankerContract):
    def make(self) -> LexicalReranker:
        return LexicalReranker()


@pytest.mark.slow
class TestReadingReranker(RerankerContract):
    def make(self) -> ReadingReranker:
        return ReadingReranker()

    @pytest.mark.parametrize(
        ("query", "answer", "others"),
        [
            (
                "Who built the harbour wall of Varna?",
                "The harbour wall of Varna was put up by the engineer Petar Kolev in 1906.",
                ["The harbour wall of Varna is open to walkers from May to September.", "Grain was shipped from here."],
            ),
            (
                "What causes model collapse?",
                "Training on the output of earlier models makes the tails of the distribution vanish; this is called model collapse.",
                ["Model collapse was first described in 2023.", "Model collapse: a survey of model collapse."],
            ),
        ],
    )
    def test_the_passage_that_answers_comes_before_those_that_share_as_many_words(
        self, query: str, answer: str, others: list[str]
    ) -> None:
        scores = self.make().score(query, [*others, answer])
        assert scores.index(max(scores)) == len(others)
        assert all(0.0 <= score <= 1.0 for score in scores)


def test_only_the_shipped_weights_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no weights")
    with pytest.raises(RerankerError, match="the reranker cannot be loaded"):
        ReadingReranker(broken).score("who", ["it"])
    reranker = ReadingReranker()
    monkeypatch.setattr(reranker._reader, "_sha256", "0" * 64)
    with pytest.raises(RerankerError, match="not those that this version ships"):
        reranker.score("who", ["it"])
