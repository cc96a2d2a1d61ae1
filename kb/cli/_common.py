"""What all commands share: their options, how they open a knowledge base, print, and fail."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

import click

import kb
from kb.errors import ConfigError, KBError
from kb.render.overview import error
from kb.render.plain import visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kb.app import KnowledgeBase

DONE: Final = 0
FAILED: Final = 1
SOME_FAILED: Final = 3
_BROKEN_PIPE: Final = 141
_UNPRINTED: Final = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What JSON may hold as it is and a terminal would obey."""

P = ParamSpec("P")
R = TypeVar("R")


def standard(function: Callable[P, int]) -> Callable[..., None]:
    """Add ``--kb`` and ``--json``, print errors as the conventions ask, and leave with the code that is returned.

    ``function`` gets them as ``home`` and ``as_json``; ``--kb`` counts before and after the name of the command.
    """

    @click.option("--kb", "home", metavar="PATH", type=click.Path(path_type=Path), help="Folder of the knowledge base.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    @click.pass_context
    @functools.wraps(function)
    def wrapper(ctx: click.Context, /, *args: Any, home: Path | None, as_json: bool, **kwargs: Any) -> None:
        kwargs.update(home=home or ctx.find_root().params.get("home"), as_json=as_json)
        try:
            code = function(*args, **kwargs)
            sys.stdout.flush()
        except KBError as exc:
            code = _fail(exc, as_json=as_json)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = _BROKEN_PIPE
        except OSError as exc:
            code = _fail(KBError(exc.strerror or str(exc), source=str(exc.filename or "")), as_json=as_json)
        ctx.exit(code)

    return wrapper


def drafting(function: Callable[P, R]) -> Callable[P, R]:
    """Add ``--llm``, ``--explain`` and ``--trace``, for what a language model may word."""
    options = (
        click.option(
            "--llm",
            metavar="KIND[:MODEL]",
            help="Let a language model word it: openai, ollama, anthropic (and which of its models); or none.",
        ),
        click.option(
            "--explain", is_flag=True, help="Show what the model drafted that did not pass the gate, and why."
        ),
        click.option(
            "--trace",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Append every exchange with the model to this file.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@contextlib.contextmanager
def opened(
    home: Path | None, *, create: bool = False, trace: Path | None = None, **options: Any
) -> Iterator[KnowledgeBase]:
    """Open the knowledge base of a command.

    What libraries print meanwhile goes to stderr: stdout is for the result.
    """
    with contextlib.redirect_stdout(sys.stderr):
        try:
            base = kb.open(home, create=create, trace=trace, **options)
        except OSError as exc:
            msg = f"the folder of the knowledge base cannot be used: {exc.strerror}"
            raise ConfigError(msg, source=str(exc.filename or home), remedy="name another one with --kb PATH") from exc
        with base:
            yield base


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document."""
    text = _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(document, ensure_ascii=False, indent=2))
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, indent=2)
    click.echo(text)


def print_view(*views: RenderableType) -> None:
    """Print renderables on stdout: in colour on a terminal; elsewhere plain, and without white space at the end of lines."""
    from rich.console import Console  # noqa: PLC0415 - only views for people need it

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    console = Plain(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if console.is_terminal:
        console.print(*views, sep="\n", crop=False)
        return
    with console.capture() as captured:
        console.print(*views, sep="\n", crop=False)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


@contextlib.contextmanager
def phases() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is going on, on stderr, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    with Console(stderr=True).status("") as status:
        yield lambda text: status.update(Text(visible(text)))


def counted(title: str) -> contextlib.AbstractContextManager[Callable[[int, int], None]]:
    """Like :func:`phases`, for work that counts: call it with how many are done and how many there are."""

    @contextlib.contextmanager
    def counting() -> Iterator[Callable[[int, int], None]]:
        with phases() as say:
            yield lambda done, total: say(f"{title}: {done} of {total}")

    return counting()


def _fail(exc: KBError, *, as_json: bool) -> int:
    where = f"{exc.source}: " if exc.source else ""
    click.echo(visible(f"error: {where}{exc.message}"), err=True)
    if exc.remedy:
        click.echo(visible(f"  {exc.remedy}"), err=True)
    if as_json:
        print_json(error(exc))
    return FAILED
