"""A folder of documents that changes at random, and whether a knowledge base holds exactly it."""

from __future__ import annotations

import random
from pathlib import Path

from kb.app import KnowledgeBase

DOCUMENTS = 60

SUBJECTS = ("Synthetic data", "A generated data set", "Training on model output", "Filtered synthetic text")
VERBS = ("reduces", "increases", "hides", "measures", "repeats")
OBJECTS = (
    "the bias of a language model against small groups",
    "the quality of instruction tuning in low-resource languages",
    "the cost of evaluation on held-out human data",
    "the diversity of words that a model uses after training",
    "the risk of model collapse over several generations",
)


class Folder:
    """A folder of documents that changes at random, and what it should hold."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path = path
        self.random = random.Random(seed)
        self.words: dict[str, str] = {}  # the word that only the present version of a file has, by its name
        self.made = 0
        path.mkdir()
        for _ in range(DOCUMENTS):
            self.add()

    def change(self) -> None:
        """Add, edit and delete some files."""
        for _ in range(self.random.randint(2, 6)):
            self.add()
        for name in self.random.sample(sorted(self.words), 8):
            self.write(name)
        surplus = max(0, len(self.words) - DOCUMENTS)
        for name in self.random.sample(sorted(self.words), self.random.randint(0, 3) + surplus):
            (self.path / name).unlink()
            del self.words[name]

    def add(self) -> None:
        self.made += 1
        self.write(f"note-{self.made:03}.{self.random.choice(('md', 'txt'))}")

    def write(self, name: str) -> None:
        self.made += 1
        self.words[name] = f"zebra{self.made:05}"
        parts = [f"# Note {name[5:8]}" if name.endswith("md") else f"Note {name[5:8]}"]
        parts += [self.paragraph(name, number) for number in range(self.random.randint(2, 6))]
        parts.insert(self.random.randint(1, len(parts)), f"The mark of this version is the word {self.words[name]}.")
        partial = self.path.parent / "partial"  # an editor replaces a file as well
        partial.write_text("\n\n".join(parts) + "\n", "utf-8")
        partial.replace(self.path / name)

    def paragraph(self, name: str, number: int) -> str:
        """Some of the paragraphs of a file stay the same when it is written again."""
        draw = random.Random(f"{name}{number}") if number % 2 else self.random
        lines = [
            f"{draw.choice(SUBJECTS)} {draw.choice(VERBS)} {draw.choice(OBJECTS)} in {draw.randint(2, 90)} of 100 cases."
            for _ in range(draw.randint(2, 9))
        ]
        return " ".join(lines)


def check_sources(base: KnowledgeBase, folder: Folder) -> None:
    states = base.sources()
    names = [Path(state.source.uri).name for state in states]
    assert sorted(names) == sorted(folder.words)
    assert {state.status for state in states} == {"indexed"}
    for name, state in zip(names, states, strict=True):
        document = base.document(state.source.id)
        assert document is not None
        assert folder.words[name] in document.text
        chunks = base.catalog.read.chunks_of(document.id)
        assert "".join("".join(c.text.split()) for c in chunks) in "".join(document.text.split())
        assert sum(folder.words[name] in chunk.text for chunk in chunks) == 1
        found = base.search(folder.words[name], 1, mode="lexical")
        assert [hit.source.id for hit in found] == [state.source.id]
