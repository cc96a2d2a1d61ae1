"""``kb rebuild``."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from kb.cli._common import DONE, counted, opened, print_json, standard


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many chunks were indexed and embedded, and the space they are in."""

    chunks: int
    embedded: int
    embedder: str
    seconds: float


@click.command("rebuild")
@click.option("--embedder", metavar="NAME", help="Change to this embedder, or sentence-transformers model, first.")
@standard
def cli(*, embedder: str | None, home: Path | None, as_json: bool) -> int:
    """Make both indexes again from the catalog.

    Nothing is embedded again, except with --embedder: then what has no vector of that model gets one.
    """
    with counted("chunks") as progress:
        rebuilt = run(home=home, embedder=embedder, progress=progress)
    if as_json:
        print_json(asdict(rebuilt))
    else:
        click.echo(
            f"{rebuilt.chunks} chunks indexed, {rebuilt.embedded} embedded ({rebuilt.embedder}) in {rebuilt.seconds:.1f} s"
        )
    return DONE


def run(
    *, home: Path | None = None, embedder: str | None = None, progress: Callable[[int, int], None] | None = None
) -> Rebuilt:
    """Rebuild the indexes, changing to ``embedder`` first where that is given."""
    started = time.monotonic()
    with opened(home) as base:
        counts = base.rebuild(embedder=embedder, progress=progress)
        name = base.catalog.read.meta("fingerprint")
    return Rebuilt(counts["chunks"], counts["embedded"], name, round(time.monotonic() - started, 3))
