"""``kb verify``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli._common import DONE, FAILED, opened, print_json, print_view, standard
from kb.errors import RecordError

if TYPE_CHECKING:
    from kb.records import Verification


@click.command("verify")
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="REPORT.json")
@standard
def cli(report: Path, *, home: Path | None, as_json: bool) -> int:
    """Check every citation of a report, word for word.

    Each quote must stand at its offsets in the very version of the document that the report names. Exit code 0 only if
    nothing is broken; words of a document that has changed since are superseded, not broken.
    """
    verification = run(report, home=home)
    if as_json:
        from kb.render import contract  # noqa: PLC0415 - 'kb --help' needs none of it

        print_json(contract.verification(verification))
    else:
        from kb.render import terminal  # noqa: PLC0415

        print_view(terminal.verification(verification))
    return FAILED if verification.broken else DONE


def run(report: Path, *, home: Path | None = None) -> Verification:
    """Verify the report in the file ``report``.

    Raises:
        RecordError: the file holds no report.
    """
    body = _read(report)
    with opened(home) as base:
        try:
            return base.verify(body)
        except (KeyError, TypeError, AttributeError) as exc:
            raise _no_report(report, f"{type(exc).__name__}: {exc}") from exc


def _read(path: Path) -> Mapping[str, Any]:
    try:
        body = json.loads(path.read_bytes())
    except ValueError as exc:
        raise _no_report(path, str(exc)) from exc
    if not isinstance(body, dict) or "report_id" not in body or not isinstance(body.get("angles"), list):
        raise _no_report(path, "it has no report_id and angles")
    return body


def _no_report(path: Path, why: str) -> RecordError:
    msg = f"this file holds no report ({why})"
    return RecordError(msg, source=str(path), remedy="name the .json file that 'kb report' wrote")
