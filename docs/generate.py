"""Write docs/commands.md from the help texts of the commands; with --check only say whether it is up to date."""
# ruff: noqa: INP001, T201 - a script, in a folder that is no package

from __future__ import annotations

import sys
from pathlib import Path

import click

from kb.cli import COMMANDS, cli

TARGET = Path(__file__).with_name("commands.md")
HEAD = """# Commands

Made from the help texts by `make docs`; change those, not this page.

Results go to stdout, progress and errors to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some sources failed.
What `--json` prints is described in [json.md](json.md).
"""


def page() -> str:
    """The whole page."""
    group = click.Context(cli, info_name="kb", terminal_width=88, help_option_names=["-h", "--help"])
    parts = [HEAD, section("kb", cli.get_help(group))]
    for name in COMMANDS:
        command = cli.get_command(group, name)
        assert command is not None  # COMMANDS is the table of the group
        parts += sections(command, name, group)
    return "\n".join(parts)


def sections(command: click.Command, name: str, parent: click.Context) -> list[str]:
    """A command, and the commands that it holds where it is a group."""
    context = click.Context(command, parent, name, terminal_width=88)
    found = [section(context.command_path, command.get_help(context))]
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            below = command.get_command(context, inner)
            assert below is not None  # it is in the group's own list
            found += sections(below, inner, context)
    return found


def section(title: str, text: str) -> str:
    """One command."""
    return f"## {title}\n\n```text\n{text.rstrip()}\n```\n"


def main() -> int:
    """Write the page, or compare it."""
    text = page()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, "utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text("utf-8") == text:
        return 0
    print("docs/commands.md does not match the help texts: run 'make docs'", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
