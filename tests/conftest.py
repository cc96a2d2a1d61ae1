"""Fixtures: a small corpus, a light knowledge base over it, and one with the real models."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import kb
from kb.app import KnowledgeBase

ROOT = Path(__file__).parents[1]
LIGHT = {"embedder": "hash", "vectors": "exact", "lexical": "memory", "verifier": "lexical", "workers": 0}
"""Settings under which nothing heavy is imported and no process is started."""

COLLAPSE = """# Model collapse explained

Model collapse is the gradual loss of diversity in a model that is trained on its own output.

## When it happens

Training on synthetic data that replaces real data leads to model collapse within a few generations.
Rare words and minority opinions disappear from the output first.

## When it does not

Keeping the original data and adding synthetic data beside it prevents model collapse in all published experiments.
"""

BIAS = """# Bias in generated data

Synthetic data repeats the bias of the model that generated it, and repeated training amplifies that bias.
A generated data set that balances groups on purpose can reduce bias in a classifier.

## Measuring bias

Evaluation on real data from each group shows whether bias has grown. Aggregate scores hide it.
"""

PRIVACY = """Privacy notes

Synthetic text is not anonymous by itself. A language model can repeat a person's record word for word.

Differential privacy during training limits how much one record can change the output.
"""

RECORDS = (
    {
        "_id": "r1",
        "title": "Textbooks",
        "text": "Small models trained on synthetic textbooks reach strong coding scores.",
    },
    {
        "_id": "r2",
        "title": "Imitation",
        "text": "Imitating a stronger model copies its style and much less of its facts.",
    },
)


@pytest.fixture(autouse=True)
def _outside_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings or the knowledge base of the person who runs it, and each starts in its own folder."""
    for name in ("KB_HOME", *(f"KB_{setting.upper()}" for setting in (*LIGHT, "embedder_model", "ignore"))):
        monkeypatch.delenv(name, raising=False)
    for name in [name for name in os.environ if name.startswith(("KB_LLM", "OPENAI_", "ANTHROPIC_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for the processes that tests start


@pytest.fixture
def light_settings(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Put the light settings into the environment: for commands and their processes. Returns what was set."""
    variables = {f"KB_{name.upper()}": str(value) for name, value in LIGHT.items()}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with three documents, two records, one copy and one broken file."""
    return write_corpus(tmp_path / "corpus")


def write_corpus(folder: Path) -> Path:
    """Write the small corpus into ``folder``."""
    folder.mkdir(parents=True)
    (folder / "collapse.md").write_text(COLLAPSE, "utf-8")
    (folder / "bias.md").write_text(BIAS, "utf-8")
    (folder / "privacy.txt").write_text(PRIVACY, "utf-8")
    (folder / "zz-copy-of-bias.md").write_text(BIAS, "utf-8")
    (folder / "records.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in RECORDS), "utf-8")
    (folder / "broken.md").write_bytes(b"")
    return folder


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """An empty light knowledge base."""
    with kb.open(tmp_path / "kb", **LIGHT) as opened:
        yield opened


@pytest.fixture
def filled(base: KnowledgeBase, corpus: Path) -> KnowledgeBase:
    """A light knowledge base that holds the small corpus."""
    base.ingest(corpus)
    return base


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The small corpus in a knowledge base with the real model and indexes. Tests that use it are slow."""
    folder = tmp_path_factory.mktemp("real")
    with kb.open(folder / "kb") as opened:
        opened.ingest(write_corpus(folder / "corpus"))
        yield opened
