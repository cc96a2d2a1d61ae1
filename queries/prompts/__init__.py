"""The prompts for language models: one file each, with its version in its name and its hash in traces and reports.

A file holds the system message, a line ``---``, and the question with ``$names`` for what is filled in. A change to a prompt is
a new version of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template
from typing import Final

from kb import ids

VERSIONS: Final[Mapping[str, str]] = {
    "answer": "answer.v1.md",
    "claims": "claims.v1.md",
    "question": "question.v1.md",
    "repair": "repair.v1.md",
    "summary": "summary.v1.md",
    "title": "title.v1.md",
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt; ``label`` is its file with the beginning of its hash."""

    label: str
    system: str
    template: str

    def fill(self, **values: object) -> str:
        """The question; what is filled in is never read as a template again."""
        return Template(self.template).substitute({name: str(value) for name, value in values.items()})


@cache
def prompt(name: str) -> Prompt:
    """The current version of the prompt ``name``."""
    file = VERSIONS[name]
    text = resources.files("queries.prompts").joinpath(file).read_text("utf-8")
    system, _, template = text.partition("\n---\n")
    return Prompt(f"{file.removesuffix('.md')}@{ids.sha256_text(text)[:12]}", system.strip(), template.strip())


def labels() -> tuple[str, ...]:
    """The prompts in use, with their hashes: they stand in a report beside the name of the model."""
    return tuple(prompt(name).label for name in sorted(VERSIONS))
