"""``kb status``."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Final

import click

from kb.cli._common import DONE, opened, print_json, print_view, standard

_RUNS: Final = 5


@click.command("status")
@standard
def cli(*, home: Path | None, as_json: bool) -> int:
    """Say what this knowledge base holds."""
    body = run(home=home)
    if as_json:
        print_json(body)
    else:
        from kb.render import tables  # noqa: PLC0415 - 'kb --help' needs none of it

        print_view(tables.status(body))
    return DONE


def run(*, home: Path | None = None) -> dict[str, Any]:
    """Home, revision, counts, size on disk, last runs and reports. Opens no model and no index."""
    from kb.render import overview  # noqa: PLC0415

    with opened(home) as base:
        read = base.catalog.read
        return overview.status(
            base.sources(),
            home=str(base.home),
            revision=read.revision(),
            chunks=len(read.live_chunk_ids()),
            embedder=read.meta("fingerprint"),
            size=_size(base.home),
            owed=base.catalog.outbox.size(),
            runs=read.runs(_RUNS),
            reports=base.catalog.reports.list(),
        )


def _size(folder: Path) -> int:
    """Bytes of all files below ``folder``; another process may be removing some of them."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total
