"""``kb ask``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli._common import DONE, opened, print_json, print_view, standard

if TYPE_CHECKING:
    from kb.records import Answer


@click.command("ask")
@click.argument("question")
@standard
def cli(question: str, *, home: Path | None, as_json: bool) -> int:
    """Answer a question in exact sentences of the sources, or say why not.

    Where nothing supports an answer it says so, with the reason and the nearest evidence; that is exit code 0 as well.
    """
    answer = run(question, home=home)
    if as_json:
        from kb.render import contract  # noqa: PLC0415 - 'kb --help' needs none of it

        print_json(contract.answer(answer))
    else:
        from kb.render import terminal  # noqa: PLC0415

        print_view(terminal.answer(answer))
    return DONE


def run(question: str, *, home: Path | None = None) -> Answer:
    """Answer ``question``."""
    with opened(home) as base:
        return base.ask(question)
