"""Verifiers by configuration: a language model as judge, and cross-encoders of other makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contracts.verifier import VerifierContract

from kb.app import open_verifier
from kb.backends import load
from kb.backends.lexical_verifier import LexicalVerifier
from kb.config import Settings, read_labels
from kb.errors import ConfigError, VerifierError
from kb.interfaces import Verifier

pytestmark = pytest.mark.slow

OTHER = "Fewer people died."
QUOTE = "The new drug reduced deaths by 12 percent in the first year."


def lexical_answers(prompt: str) -> str:
    """What a careful model would say, by the words of the prompt."""
    lines = dict(line.split(": ", 1) for line in prompt.splitlines()[:2])
    verdict = LexicalVerifier().judge([(json.loads(lines["Quote"]), json.loads(lines["Claim"]))])[0]
    return json.dumps({"verdict": verdict.label})


class TestModelVerifier(VerifierContract):
    @pytest.fixture(scope="class")
    def verifier(self) -> Verifier:
        return load("verifier", "llm")(load("model", "scripted")(lexical_answers))


def judged(answer: str, claim: str = QUOTE) -> Any:
    return load("verifier", "llm")(load("model", "scripted")([answer])).judge([(QUOTE, claim)])[0]


@pytest.mark.parametrize(
    "answer", ["I think so.", '{"verdict": "true"}', '{"label": "supported"}', '{"verdict": ["supported"]}']
)
def test_an_answer_that_is_none_is_unclear_and_says_so(answer: str) -> None:
    verdict = judged(answer)
    assert verdict.label == "unclear"
    assert verdict.reasons


def test_a_number_that_the_model_overlooks_is_not_supported() -> None:
    verdict = judged('{"verdict": "supported"}', QUOTE.replace("12", "21"))
    assert verdict.label == "unclear"
    assert verdict.reasons == ("number differs: 12 percent / 21 percent",)


def test_the_verifier_llm_needs_a_language_model() -> None:
    with pytest.raises(ConfigError, match="no language model is set"):
        open_verifier(Settings(verifier="llm"))


def test_labels_are_read_from_the_settings() -> None:
    assert read_labels("0=supported, 1=rest") == {0: "supported", 1: "rest"}
    assert read_labels("") == {}
    for wrong in ("supported", "0=yes", "a=rest"):
        with pytest.raises(ConfigError, match="verifier_labels"):
            read_labels(wrong)


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny cross-encoder with random weights, whose labels carry no names."""
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("cross-encoder")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "bridge", "bread", "man", "opened"]
    (folder / "vocab.txt").write_text("\n".join(words))
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=3,
    )
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_labels_without_a_meaning_are_refused(untrained: Path) -> None:
    with pytest.raises(VerifierError, match="do not say what they mean"):
        load("verifier", "sentence-transformers")(untrained).judge([(QUOTE, OTHER)])


def test_a_model_that_fails_plain_pairs_is_refused(untrained: Path) -> None:
    settings = Settings(
        verifier="sentence-transformers",
        verifier_model=str(untrained),
        verifier_labels="0=unclear,1=supported,2=contradicted",
    )
    with pytest.raises(VerifierError, match="plain pairs are judged wrong"):
        open_verifier(settings).judge([(QUOTE, OTHER)])


def test_a_model_that_is_not_there_is_an_error_with_a_remedy() -> None:
    with pytest.raises(VerifierError, match="cannot be loaded"):
        load("verifier", "sentence-transformers")("/no/such/model").judge([(QUOTE, OTHER)])
