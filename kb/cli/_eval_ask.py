"""``kb eval ask``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kb.cli._common import DONE, counted, print_json, standard

if TYPE_CHECKING:
    from kb.evaluation.asking import AskingFigures

_FROM: Final = 0.02
"""Coverage from which curves are drawn: before, a single question swings the error."""


@click.command("ask")
@click.argument("questions", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="QUESTIONS.jsonl")
@click.option(
    "--corpus",
    type=click.Path(exists=True, path_type=Path),
    help="What to answer from; by default corpus.jsonl, beir/corpus.jsonl or corpus/ beside the questions.",
)
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to keep the knowledge base in for the next run.",
)
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="SVG file for the risk-coverage curves.")
@standard
def cli(
    questions: Path, *, corpus: Path | None, cache: Path | None, plot: Path | None, home: Path | None, as_json: bool
) -> int:
    """Measure how well answers are told from silence, on a file of questions.

    Each line of QUESTIONS.jsonl is an object with "question", "answerable" and, where known, "selected_sentences" (the gold
    ones). Every question is answered however unsure; the confidence is compared with what can be answered, and with the best
    score of retrieval alone. With --kb that knowledge base answers, as it is; otherwise one is made of the corpus.
    """
    with counted("questions") as progress:
        figures = run(questions, home=home, corpus=corpus, cache=cache, progress=progress)
    if plot is not None:
        from kb.evaluation.plot import curves_svg  # noqa: PLC0415 - 'kb --help' needs none of it

        named = {"no answer in the corpus": figures.risk, "no gold sentence cited": figures.strict}
        curves = {name: [point for point in curve if point[0] >= _FROM] for name, curve in named.items()}
        plot.write_text(curves_svg("Error among the questions answered first", "coverage", "error", curves), "utf-8")
    if as_json:
        print_json({**figures.to_json(), "plot": str(plot.absolute()) if plot else None})
    else:
        click.echo("\n".join(_lines(figures)))
    return DONE


def run(
    questions: Path,
    *,
    home: Path | None = None,
    corpus: Path | None = None,
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> AskingFigures:
    """Ask all ``questions`` and work out the figures."""
    from kb.evaluation.asking import ask_all, figures  # noqa: PLC0415 - 'kb --help' needs none of it
    from kb.evaluation.questions import read_questions  # noqa: PLC0415
    from kb.evaluation.workspace import knowledge_base_for  # noqa: PLC0415

    read = read_questions(questions)
    with knowledge_base_for(questions, home=home, corpus=corpus, cache=cache) as base:
        return figures(ask_all(base, read, progress=progress))


def _lines(figures: AskingFigures) -> list[str]:
    from kb.evaluation.metrics import risk_at  # noqa: PLC0415

    retrieval = ", ".join(f"{name} {value:.3f}" for name, value in figures.retrieval_auc.items())
    cited = figures.cited_gold
    lines = [
        f"questions                 {figures.questions} ({figures.answerable} answerable, {figures.answered} answered)",
        f"AUC of the confidence     {figures.auc.value:.3f} ({figures.auc.low:.3f} to {figures.auc.high:.3f})",
        f"AUC of retrieval alone    {retrieval}",
        f"gain over the best        {figures.gain.value:+.3f} ({figures.gain.low:+.3f} to {figures.gain.high:+.3f})",
        f"calibration error         {figures.ece:.3f} (strict {figures.ece_strict:.3f})",
        f"gold sentence cited       {cited.value:.3f} ({cited.low:.3f} to {cited.high:.3f})",
        f"answered and cited        {figures.cited_gold_answered:.3f}",
        f"told apart at 0.5         {figures.accuracy:.3f}",
    ]
    for name, curve in (("no answer in the corpus", figures.risk), ("strict: no gold sentence", figures.strict)):
        at = "  ".join(f"{share:.0%} {risk_at(curve, share):.3f}" for share in (0.25, 0.5, 0.75, 1.0))
        lines.append(f"error, {name}: {at}")
    return [*lines, f"median time               {figures.median_ms:.0f} ms a question"]
