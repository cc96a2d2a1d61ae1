"""``kb ingest``."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli._common import DONE, SOME_FAILED, opened, print_json, print_view, standard
from kb.render.plain import one_line

if TYPE_CHECKING:
    from ingest.pipeline import Progress
    from kb.records import IngestResult


@dataclass(frozen=True, slots=True)
class Ingested:
    """A run, and the address of every original that a duplicate names."""

    result: IngestResult
    originals: dict[str, str]


@click.command("ingest")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--prune", is_flag=True, help="Remove the sources of this knowledge base that are not listed.")
@standard
def cli(sources: tuple[str, ...], *, prune: bool, home: Path | None, as_json: bool) -> int:
    """Bring in files, folders, lists and web addresses; only what changed is read.

    SOURCE is a file, a folder (read with all below it), a web address, a .txt list of paths and addresses, or a .jsonl or
    .csv file with one document a record. Exit code 3: done, but some sources failed.
    """
    with _bar() as progress:
        done = run(sources, home=home, prune=prune, progress=progress)
    if as_json:
        from kb.render import contract  # noqa: PLC0415 - 'kb --help' needs none of it

        print_json(contract.ingest(done.result))
    else:
        from kb.render import tables  # noqa: PLC0415

        print_view(tables.ingest(done.result, done.originals))
    return SOME_FAILED if done.result.count("failed") else DONE


def run(
    sources: tuple[str, ...],
    *,
    home: Path | None = None,
    prune: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Ingested:
    """Ingest ``sources`` into the knowledge base at ``home``, which is made if it is not there."""
    with opened(home, create=True) as base:
        result = base.ingest(*sources, prune=prune, progress=progress)
        originals = base.catalog.read.sources(o.duplicate_of for o in result.outcomes if o.duplicate_of)
        return Ingested(result, {key: source.uri for key, source in originals.items()})


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[Progress], None] | None]:
    """A progress bar on stderr, where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (
        SpinnerColumn(),
        MofNCompleteColumn(),
        BarColumn(20),
        TimeElapsedColumn(),
        TextColumn("{task.fields[embedded]} chunks"),
        TextColumn("{task.description}", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, embedded=0)

        def show(done: Progress) -> None:
            name = one_line(done.uri)[-40:]
            bar.update(task, total=done.listed, completed=done.finished, embedded=done.embedded, description=name)

        yield show
