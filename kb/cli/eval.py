"""``kb eval``: a group of its own, whose commands are loaded by name."""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

import click

SUBCOMMANDS: Final[dict[str, str]] = {
    "ask": "Measure how well answers are told from silence, on a file of questions.",
    "check": "Measure verdicts on claims: given pairs, or end to end.",
}
"""Each command with the first line of its help, which a test compares with the command's own."""


class EvalGroup(click.Group):
    """Imports a command when it is called, and lists them without importing any."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the table."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command ``cmd_name``."""
        if cmd_name not in SUBCOMMANDS:
            return None
        return cast("click.Command", import_module(f"kb.cli._eval_{cmd_name}").cli)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))


@click.command("eval", cls=EvalGroup)
def cli() -> None:
    """Measure answers and verdicts on data with known results.

    Each command builds a knowledge base of its own from the corpus that goes with the data; yours is not touched.
    """
