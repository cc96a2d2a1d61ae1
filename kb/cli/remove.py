"""``kb remove``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli._common import DONE, opened, print_json, print_view, standard

if TYPE_CHECKING:
    from kb.records import IngestResult


@click.command("remove")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@standard
def cli(sources: tuple[str, ...], *, home: Path | None, as_json: bool) -> int:
    """Take sources out; reports that cite them still verify.

    SOURCE is a source's id, address, file name or external id.
    """
    result = run(sources, home=home)
    if as_json:
        from kb.render import contract  # noqa: PLC0415 - 'kb --help' needs none of it

        print_json(contract.ingest(result))
    else:
        from kb.render import tables  # noqa: PLC0415

        print_view(tables.ingest(result, {}))
    return DONE


def run(sources: tuple[str, ...], *, home: Path | None = None) -> IngestResult:
    """Remove ``sources``; nothing is removed if one of them is not known."""
    with opened(home) as base:
        return base.remove(*sources)
