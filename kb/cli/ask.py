"""``kb ask``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli._common import DONE, FAILED, drafting, opened, print_json, print_view, standard

if TYPE_CHECKING:
    from kb.records import Answer


@click.command("ask")
@click.argument("question")
@click.option("--fail-if-unanswered", is_flag=True, help="Exit code 1 where a part of the question has no answer.")
@drafting
@standard
def cli(
    question: str,
    *,
    fail_if_unanswered: bool,
    llm: str | None,
    explain: bool,
    trace: Path | None,
    home: Path | None,
    as_json: bool,
) -> int:
    """Answer a question in exact sentences of the sources, or say why not.

    A question of several parts ("Who wrote X and when was it published?", "Compare A and B") is answered part by part. Where
    sources disagree both are quoted; "as of 2021" and "the latest" count. Where nothing supports an answer it says so, with the
    reason and the nearest evidence; that is exit code 0 as well, unless --fail-if-unanswered is given.

    A language model, where one is set in kb.toml, may reword the answer; every sentence of it passes the gate (exact quotes,
    found supported) or is dropped and counted. Where nothing passes, the sources' own sentences stand, and the answer says so.
    """
    answer = run(question, home=home, llm=llm, trace=trace)
    if as_json:
        from kb.render import contract  # noqa: PLC0415 - 'kb --help' needs none of it

        print_json(contract.answer(answer))
    else:
        from kb.render import answers  # noqa: PLC0415

        print_view(answers.answer(answer), *answers.drafting(answer, explain=explain))
    complete = all(part.answered for part in (answer.parts or (answer,)))
    return FAILED if fail_if_unanswered and not complete else DONE


def run(question: str, *, home: Path | None = None, llm: str | None = None, trace: Path | None = None) -> Answer:
    """Answer ``question``."""
    with opened(home, llm=llm, trace=trace) as base:
        return base.ask(question)
