"""``kb sources``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kb.cli._common import DONE, opened, print_json, print_view, standard

if TYPE_CHECKING:
    from kb.catalog import SourceState

STATUSES: Final = ("indexed", "duplicate", "failed")


@click.command("sources")
@click.option("--status", type=click.Choice(STATUSES), help="Only sources with this status.")
@standard
def cli(*, status: str | None, home: Path | None, as_json: bool) -> int:
    """List the sources and what became of each."""
    from kb.render import overview  # noqa: PLC0415 - 'kb --help' needs none of it

    rows = [overview.source_state(state) for state in run(home=home, status=status)]
    if as_json:
        print_json({"sources": rows})
    else:
        from kb.render import tables  # noqa: PLC0415

        print_view(tables.sources(rows))
    return DONE


def run(*, home: Path | None = None, status: str | None = None) -> list[SourceState]:
    """The sources, by address."""
    with opened(home) as base:
        return [state for state in base.sources() if status is None or state.status == status]
