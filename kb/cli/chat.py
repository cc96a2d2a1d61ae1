"""``kb chat``."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kb.cli._common import DONE, opened, print_view, standard

if TYPE_CHECKING:
    from queries.following import Turn

_LEAVE: Final = frozenset({"exit", "quit", ":q", "/exit", "/quit"})
_FORGET: Final = frozenset({"new", "reset", "/new", "/reset"})


@click.command("chat")
@click.option(
    "--llm",
    metavar="KIND[:MODEL]",
    help="Let a language model read follow-up questions and word answers: openai, ollama, anthropic; or none.",
)
@click.option(
    "--trace",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append every exchange with the model to this file.",
)
@standard
def cli(*, llm: str | None, trace: Path | None, home: Path | None, as_json: bool) -> int:
    """Answer questions one after the other; follow-up questions are read in their context.

    Questions are read from the standard input, one a line. "What about X?", "And in Europe?", "Why?" and pronouns take what
    they leave out from the question before; the complete question is shown. "new" forgets the conversation, "exit" or the end
    of the input leaves. With --json each answer is one JSON object on a line of its own.

    A language model, where one is set in kb.toml, completes follow-up questions instead of these rules. Its question may only
    hold words of the conversation; if it adds others, the rules' question stands, and the output says so. Answers are worded as
    in 'kb ask'.
    """
    out = sys.stdout

    def show(turn: Turn) -> None:
        with contextlib.redirect_stdout(out):
            _print(turn, as_json=as_json)

    run(_typed(), home=home, llm=llm, trace=trace, show=show)
    return DONE


def run(
    questions: Iterable[str],
    *,
    home: Path | None = None,
    llm: str | None = None,
    trace: Path | None = None,
    show: Callable[[Turn], None],
) -> None:
    """Answer ``questions`` as one conversation, each as it comes; ``show`` is called with every answer."""
    with opened(home, llm=llm, trace=trace) as base:
        conversation = base.chat()
        for line in questions:
            question = " ".join(line.split())
            if question.casefold() in _LEAVE:
                return
            if question.casefold() in _FORGET:
                conversation.forget()
            elif question:
                show(conversation.ask(question))


def _typed() -> Iterator[str]:
    """Lines of the standard input, with a prompt where a person types them."""
    person = sys.stdin.isatty()
    while True:
        if person:
            click.echo("? ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            return
        yield line


def _print(turn: Turn, *, as_json: bool) -> None:
    if as_json:
        from kb.render import contract  # noqa: PLC0415 - 'kb --help' needs none of it

        body = contract.turn(turn.question, turn.asked, turn.answer, read_by=turn.read_by, note=turn.note)
        click.echo(json.dumps(body))
    else:
        from kb.render import answers  # noqa: PLC0415

        print_view(answers.turn(turn.question, turn.asked, turn.answer, read_by=turn.read_by, note=turn.note))
    sys.stdout.flush()
