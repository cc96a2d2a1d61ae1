"""``kb search``."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import click

from kb.cli._common import DONE, counted, opened, print_json, print_view, standard

if TYPE_CHECKING:
    from kb.records import Found
    from queries.retrieval import Mode

MODES: Final = ("hybrid", "dense", "lexical")
_HITS: Final = 10
_DEPTH: Final = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch run that was written."""

    queries: int
    run: str
    mode: str
    k: int
    seconds: float


@click.command("search")
@click.argument("query", required=False)
@click.option("-k", type=click.IntRange(min=1), help=f"Number of results; {_HITS}, or {_DEPTH} with --queries.")
@click.option("--mode", type=click.Choice(MODES), default="hybrid", show_default=True, help="How to search.")
@click.option(
    "--rerank", is_flag=True, help="Read the first twelve again beside the query: a better order, a little later."
)
@click.option(
    "--source", default="", metavar="PART", help="Only sources with this in their address or title, or this id."
)
@click.option("--since", default="", metavar="YYYY[-MM[-DD]]", help="Only sources published (or read) since.")
@click.option(
    "--type", "media_type", default="", metavar="TYPE", help="Only sources of this type: pdf, html, docx, ..."
)
@click.option(
    "--queries",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Run all queries of a BEIR queries.jsonl file.",
)
@click.option("--run", "run_file", type=click.Path(dir_okay=False, path_type=Path), help="TREC run file to write.")
@standard
def cli(
    query: str | None,
    *,
    k: int | None,
    mode: str,
    rerank: bool,
    source: str,
    since: str,
    media_type: str,
    queries: Path | None,
    run_file: Path | None,
    home: Path | None,
    as_json: bool,
) -> int:
    """Find the passages that fit a query best.

    With --queries and --run it ranks documents for many queries and writes a TREC run file, for evaluation.
    """
    _check(query, since, queries, run_file)
    if queries and run_file:
        batch = run_batch(queries, run_file, home=home, k=k or _DEPTH, mode=mode, rerank=rerank)
        return _print_batch(batch, as_json=as_json)
    assert query is not None  # _check refused that
    filters = {"source": source, "since": since, "media_type": media_type}
    found = run(query, home=home, k=k or _HITS, mode=mode, rerank=rerank, filters=filters)
    if as_json:
        from kb.render import contract  # noqa: PLC0415 - 'kb --help' needs none of it

        print_json(contract.search(query, mode, found))
    else:
        from kb.render import terminal  # noqa: PLC0415

        print_view(terminal.hits(query, found))
    return DONE


def run(query: str, *, home: Path | None, k: int, mode: str, rerank: bool, filters: dict[str, str]) -> list[Found]:
    """Search."""
    with opened(home) as base:
        return base.search(query, k, mode=cast("Mode", mode), rerank=rerank, **filters)


def run_batch(queries: Path, run_file: Path, *, home: Path | None, k: int, mode: str, rerank: bool) -> Batch:
    """Rank documents for all ``queries`` and write ``run_file``, which appears under its name only when it is whole."""
    from kb.app import run_lines  # noqa: PLC0415 - single queries do not need it

    started = time.monotonic()
    texts = _read(queries)
    partial = run_file.with_name(f"{run_file.name}.{os.getpid()}.partial")
    try:
        with opened(home) as base, counted("queries") as tell, partial.open("w", encoding="utf-8") as out:
            ranked = base.run_queries(texts, k, mode=cast("Mode", mode), rerank=rerank)
            tag = f"kb-{mode}-rerank" if rerank else f"kb-{mode}"
            for done, (name, hits) in enumerate(ranked, start=1):
                out.writelines(f"{line}\n" for line in run_lines(name, hits, tag))
                tell(done, len(texts))
        partial.replace(run_file)
    finally:
        partial.unlink(missing_ok=True)
    return Batch(len(texts), str(run_file), mode, k, round(time.monotonic() - started, 3))


def _read(queries: Path) -> dict[str, str]:
    from kb.app import read_queries  # noqa: PLC0415

    try:
        return read_queries(queries.read_text("utf-8").splitlines())
    except (ValueError, AttributeError) as exc:
        msg = f"{queries} must hold one JSON object with _id and text a line: {exc}"
        raise click.BadParameter(msg, param_hint="--queries") from exc


def _check(query: str | None, since: str, queries: Path | None, run_file: Path | None) -> None:
    if (queries is None) != (run_file is None):
        msg = "--queries and --run go together"
        raise click.UsageError(msg)
    if (query is None or not query.strip()) == (queries is None):
        msg = "give either a QUERY, or --queries and --run"
        raise click.UsageError(msg)
    try:
        if since:
            date.fromisoformat(since + "-01-01"[len(since) - 4 :])
    except ValueError as exc:
        msg = f"{since!r} is no date such as 2024, 2024-05 or 2024-05-31"
        raise click.BadParameter(msg, param_hint="--since") from exc


def _print_batch(batch: Batch, *, as_json: bool) -> Literal[0]:
    body: dict[str, Any] = {
        "queries": batch.queries,
        "run": batch.run,
        "mode": batch.mode,
        "k": batch.k,
        "seconds": batch.seconds,
    }
    if as_json:
        print_json(body)
    else:
        click.echo(
            f"{batch.queries} queries ({batch.mode}, {batch.k} documents each) in {batch.seconds:.1f} s: {batch.run}"
        )
    return DONE
