"""``kb doctor``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import click

from kb.cli._common import DONE, FAILED, opened, print_json, standard


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was wrong, what was mended, and what is still wrong."""

    problems: list[str]
    mended: list[str]
    remaining: list[str]


@click.command("doctor")
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
@standard
def cli(*, repair: bool, home: Path | None, as_json: bool) -> int:
    """Compare the catalog, both indexes and the stored bodies.

    Exit code 1 if problems remain.
    """
    diagnosis = run(home=home, repair=repair)
    if as_json:
        print_json(asdict(diagnosis))
    else:
        _print(diagnosis)
    return FAILED if diagnosis.remaining else DONE


def run(*, home: Path | None = None, repair: bool = False) -> Diagnosis:
    """Compare and, with ``repair``, mend."""
    with opened(home) as base:
        problems, mended = base.doctor(repair=repair)
        remaining = base.doctor()[0] if mended else problems
        return Diagnosis(problems, mended, remaining)


def _print(diagnosis: Diagnosis) -> None:
    for line in diagnosis.problems:
        click.echo(f"problem  {line}")
    for line in diagnosis.mended:
        click.echo(f"mended   {line}")
    if not diagnosis.problems:
        click.echo("everything is in order")
    elif diagnosis.mended and not diagnosis.remaining:
        click.echo("everything is in order now")
    elif diagnosis.mended:
        for line in diagnosis.remaining:
            click.echo(f"remains  {line}")
    else:
        click.echo("'kb doctor --repair' mends what can be mended")
