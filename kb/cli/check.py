"""``kb check``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli._common import DONE, FAILED, counted, opened, print_json, print_view, standard

if TYPE_CHECKING:
    from kb.records import Check, CheckedText


@click.command("check")
@click.argument("claim", metavar="CLAIM|FILE", required=False)
@click.option(
    "--file",
    "claims_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check each line of a file as one claim; lines that start with # are left out.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Markdown file with notes to write.")
@click.option("--fail-if-unsupported", is_flag=True, help="Exit code 1 unless every claim is supported.")
@standard
def cli(
    claim: str | None,
    *,
    claims_file: Path | None,
    out: Path | None,
    fail_if_unsupported: bool,
    home: Path | None,
    as_json: bool,
) -> int:
    """Say what the sources say about a claim, or about every claim of a text.

    The verdict is supported, contradicted, disputed (independent sources on both sides) or insufficient, with the exact words
    for and against. Give a CLAIM in quotes, or the name of a FILE of any kind that can be ingested: then each of its sentences
    that claims something is checked; questions, headings, instructions and fragments are skipped and counted.
    """
    text = Path(claim) if claim and _is_file(claim) else None
    if (claim is None or not claim.strip()) == (claims_file is None):
        msg = "give either a CLAIM or FILE, or --file"
        raise click.UsageError(msg)
    if text is not None or claims_file is not None:
        with counted("claims") as progress:
            checked = (
                run_file(text, home=home, progress=progress)
                if text
                else run_lines(claims_file, home=home, progress=progress)
            )
        return _print_text(checked, out, as_json=as_json, strict=fail_if_unsupported)
    assert claim is not None  # refused above
    check = run(claim, home=home)
    _print(check, out, as_json=as_json)
    return FAILED if fail_if_unsupported and check.verdict != "supported" else DONE


def run(claim: str, *, home: Path | None = None) -> Check:
    """Check one claim."""
    with opened(home) as base:
        return base.check(claim)


def run_file(
    path: Path, *, home: Path | None = None, progress: Callable[[int, int], None] | None = None
) -> CheckedText:
    """Check every sentence of the file ``path`` that claims something."""
    with opened(home) as base:
        return base.check_file(path, progress=progress)


def run_lines(
    path: Path | None, *, home: Path | None = None, progress: Callable[[int, int], None] | None = None
) -> CheckedText:
    """Check each line of the file ``path``."""
    assert path is not None  # the caller has it
    with opened(home) as base:
        return base.check_claims(path.read_text("utf-8-sig").splitlines(), name=path.name, progress=progress)


def _is_file(claim: str) -> bool:
    """Whether what was typed names a file; a sentence seldom does."""
    try:
        return len(claim) < 1000 and Path(claim).is_file()
    except (OSError, ValueError):
        return False


def _print(check: Check, out: Path | None, *, as_json: bool) -> None:
    if out is not None:
        from kb.render.checks import check_markdown  # noqa: PLC0415 - 'kb --help' needs none of it

        out.write_text(check_markdown(check), "utf-8")
    if as_json:
        from kb.render import check_contract  # noqa: PLC0415

        print_json(check_contract.check(check))
    else:
        from kb.render import checks  # noqa: PLC0415

        print_view(checks.check(check))


def _print_text(checked: CheckedText, out: Path | None, *, as_json: bool, strict: bool) -> int:
    if out is not None:
        from kb.render.checks import text_markdown  # noqa: PLC0415

        out.write_text(text_markdown(checked), "utf-8")
    if as_json:
        from kb.render import check_contract  # noqa: PLC0415

        print_json(check_contract.checked_text(checked, str(out.absolute()) if out else ""))
    else:
        from kb.render import checks  # noqa: PLC0415

        print_view(checks.checked_text(checked))
        if out is not None:
            click.echo(f"\nmd    {out.absolute()}")
    return FAILED if strict and checked.count("supported") < len(checked.sentences) else DONE
