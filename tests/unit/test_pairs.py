"""Pair files and the figures over them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from kb.errors import RecordError
from kb.evaluation.judging import judge_pairs, likeliest
from kb.evaluation.pairs import Pair, in_the_box, read_pairs
from kb.records import Verdict


class Oracle:
    """Judges by a word in the quote; so every figure can be worked out by hand."""

    name = "oracle"

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        return [self._verdict(quote) for quote, _ in pairs]

    def _verdict(self, quote: str) -> Verdict:
        if "yes" in quote:
            return Verdict("supported", 0.9, self.name, (), 0.9, 0.0)
        if "against" in quote:
            return Verdict("contradicted", 0.8, self.name, (), 0.1, 0.8)
        return Verdict("unclear", 0.7, self.name, (), 0.2, 0.1)


def test_layouts_are_read_alike(tmp_path: Path) -> None:
    rows = [
        {"premise": "q", "hypothesis": "c", "label": "entailment"},
        {"quote": "q", "claim": "c", "label": "contradicted", "phenomenon": "number"},
        {"evidence": "q", "claim": "c [<|cit|>]", "label": "NEI"},
        {"evidence_sentences": ["q", "r"], "claim": "c", "label": "partially_supported"},
        {"evidence": None, "abstract": "q", "claim": "c", "label": "SUPPORT"},
    ]
    text = "\n".join(map(json.dumps, rows)) + "\n\n"
    (tmp_path / "pairs.jsonl").write_text(text)
    (tmp_path / "pairs.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    read = read_pairs(tmp_path / "pairs.jsonl")
    assert read == read_pairs(tmp_path / "pairs.jsonl.gz")
    assert [pair.gold for pair in read] == ["supported", "contradicted", "unclear", "not supported", "supported"]
    assert {pair.claim for pair in read} == {"c"}
    assert read[3].quote == "q r"


@pytest.mark.parametrize(
    "line", ["no json", '{"premise": "q", "hypothesis": "c"}', '{"claim": "c", "label": "NEI"}', "[]"]
)
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"premise": "q", "hypothesis": "c", "label": "neutral"}\n' + line + "\n")
    with pytest.raises(RecordError, match="line 2"):
        read_pairs(path)


def test_figures_by_hand() -> None:
    pairs = [
        Pair("yes", "c", "supported", "number", "plain"),
        Pair("yes", "c", "contradicted", "number", "plain"),
        Pair("against", "c", "contradicted", "number", "hard"),
        Pair("perhaps", "c", "supported", "scope"),
        Pair("perhaps", "c", "unclear", "scope"),
        Pair("against", "c", "not supported", "scope"),
    ]
    figures = judge_pairs(pairs, Oracle())
    assert figures.n == 6
    assert figures.accuracy == pytest.approx(4 / 6)
    assert figures.precision_supported == 0.5
    assert figures.precision_contradicted == 1.0, "'not supported' leaves open whether it is contradicted"
    assert figures.recall_supported == 0.5
    assert figures.balanced_accuracy == pytest.approx((1 / 2 + 3 / 4) / 2)
    assert figures.auc.value == pytest.approx((0.5 + 3 + 0.5 + 2) / 8)
    assert figures.phenomena["number"]["caught"] == 0.5
    assert figures.phenomena["number"]["levels"] == {"hard": 1.0, "plain": 0.5}
    assert set(figures.as_json()) >= {
        "n", "auc", "balanced_accuracy", "accuracy", "precision_supported", "precision_contradicted", "ece", "verifier", "seconds",
    }  # fmt: skip


def test_the_likeliest_label_ignores_thresholds() -> None:
    assert likeliest(Verdict("unclear", 0.2, "v", (), 0.5, 0.3)) == "supported"
    assert likeliest(Verdict("unclear", 0.2, "v", (), 0.3, 0.2)) == "unclear"


def test_the_table_in_the_box_is_large_and_balanced() -> None:
    pairs = in_the_box()
    phenomena = {pair.phenomenon for pair in pairs}
    assert phenomena >= {"number", "negation", "direction", "entity", "quantifier", "modality", "scope", "splice"}
    assert len({(pair.quote, pair.claim) for pair in pairs}) == len(pairs) >= 300
    for name in phenomena - {"paraphrase"}:
        mine = [pair for pair in pairs if pair.phenomenon == name]
        assert len(mine) >= 30
        assert 0.3 <= sum(pair.gold == "supported" for pair in mine) / len(mine) <= 0.7
