"""The command line: one command a file, loaded by name, so that ``kb --help`` costs next to nothing."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final, cast

import click

from kb import __version__

COMMANDS: Final[dict[str, str]] = {
    "ingest": "Bring in files, folders, lists and web addresses; only what changed is read.",
    "search": "Find the passages that fit a query best.",
    "report": "Write a report on a topic, or update the last one.",
    "ask": "Answer a question in exact sentences of the sources, or say why not.",
    "chat": "Answer questions one after the other; follow-up questions are read in their context.",
    "check": "Say what the sources say about a claim, or about every claim of a text.",
    "verify": "Check every citation of a report, word for word.",
    "show": "Show a passage in its context, or a source.",
    "sources": "List the sources and what became of each.",
    "remove": "Take sources out; reports that cite them still verify.",
    "status": "Say what this knowledge base holds.",
    "doctor": "Compare the catalog, both indexes and the stored bodies.",
    "rebuild": "Make both indexes again from the catalog.",
    "eval": "Measure answers and verdicts on data with known results.",
}
"""Each command with the first line of its help, which a test compares with the command's own."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and lists commands without importing any."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command ``cmd_name``."""
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"kb.cli.{cmd_name}").cli)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--kb",
    "home",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Folder of the knowledge base. Default: KB_HOME, else the nearest .kb upward, else ./.kb.",
)
@click.version_option(__version__, prog_name="kb", message="%(prog)s %(version)s")
def cli(home: Path | None) -> None:
    """A knowledge base in which every claim shows the exact words it rests on.

    Results go to stdout, progress to stderr; --json prints one JSON document. Exit codes: 0 done, 1 failed, 2 wrong usage,
    3 done but some sources failed.
    """
