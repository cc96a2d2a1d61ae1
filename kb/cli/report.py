"""``kb report``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli._common import DONE, drafting, opened, phases, print_json, print_view, standard

if TYPE_CHECKING:
    from kb.records import Report


@click.command("report")
@click.argument("topic")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the files of the report.")
@drafting
@standard
def cli(
    topic: str,
    *,
    out: Path | None,
    llm: str | None,
    explain: bool,
    trace: Path | None,
    home: Path | None,
    as_json: bool,
) -> int:
    """Write a report on a topic, or update the last one.

    TOPIC may end with a list of things to look at: "Risks of X. Focus on a, b, and c." The same topic again updates the
    last report and says what changed. Without --out the files are put into the knowledge base.

    A language model, where one is set in kb.toml, may word claims, titles and the summary. Each passes the gate (exact quotes,
    found supported) or is dropped and counted. What an earlier report said keeps its words; where nothing passes or the model
    fails, the sources' own sentences stand, and the report says so.
    """
    with phases() as progress:
        report, files = run(topic, home=home, out=out, llm=llm, trace=trace, progress=progress)
    if as_json:
        from kb.render import contract  # noqa: PLC0415 - 'kb --help' needs none of it

        print_json(contract.report(report, files))
    else:
        from kb.render import terminal  # noqa: PLC0415

        print_view(terminal.report(report), *terminal.drafting(report, explain=explain), terminal.files(files))
    return DONE


def run(
    topic: str,
    *,
    home: Path | None = None,
    out: Path | None = None,
    llm: str | None = None,
    trace: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[Report, dict[str, str]]:
    """Report on ``topic``; return the report and the files it was written to, by format."""
    with opened(home, llm=llm, trace=trace) as base:
        return base.report(topic, out=out, progress=progress)
