"""``kb eval check``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli._common import DONE, counted, print_json, standard

if TYPE_CHECKING:
    from kb.evaluation.judging import Judged
    from kb.evaluation.scifact import SciFactFigures


@click.command("check")
@click.argument(
    "files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[PAIRS.jsonl]..."
)
@click.option(
    "--end-to-end",
    "data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder in the layout of SciFact: claims, corpus_sentences.jsonl and beir/corpus.jsonl.",
)
@click.option(
    "--claims",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The claims; by default claims_*.jsonl.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Check only so many claims or pairs, from the first on.")
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to keep the knowledge base in for the next run.",
)
@click.option("--verifier", help="Judge with this one instead of the one in the settings.")
@standard
def cli(
    files: tuple[Path, ...],
    *,
    data: Path | None,
    claims: Path | None,
    limit: int | None,
    cache: Path | None,
    verifier: str | None,
    home: Path | None,
    as_json: bool,
) -> int:
    """Measure verdicts on claims: given pairs, or end to end.

    Each line of PAIRS.jsonl is an object with a quote ("premise", "quote" or "evidence"), a claim ("hypothesis" or "claim")
    and a "label". Without files, the table of hand-made pairs in the box is judged: numbers, negation, direction and so on.
    No knowledge base is needed.

    --end-to-end checks every claim against the whole corpus, without the documents that it was written from, and scores
    abstracts and sentences as the SciFact task does. With --kb that knowledge base is used, as it is.
    """
    if data is None:
        judged = run_pairs(files, home=home, verifier=verifier, limit=limit)
        if as_json:
            print_json(judged.as_json())
        else:
            click.echo("\n".join(_judged_lines(judged)))
        return DONE
    with counted("claims") as progress:
        figures = run(data, home=home, claims=claims, limit=limit, cache=cache, progress=progress)
    if as_json:
        print_json(figures.to_json())
    else:
        click.echo("\n".join(_lines(figures)))
    return DONE


def run_pairs(
    files: Sequence[Path], *, home: Path | None = None, verifier: str | None = None, limit: int | None = None
) -> Judged:
    """Judge the pairs of ``files``, or those in the box."""
    from kb import config  # noqa: PLC0415 - 'kb --help' needs none of it
    from kb.app import open_verifier  # noqa: PLC0415
    from kb.backends.models import open_model  # noqa: PLC0415
    from kb.evaluation.judging import judge_pairs  # noqa: PLC0415
    from kb.evaluation.pairs import in_the_box, read_pairs  # noqa: PLC0415

    place = config.find_home(home)
    settings = config.load_settings(place, verifier=verifier)
    pairs = [pair for file in files for pair in read_pairs(file)] if files else in_the_box()
    judge = open_verifier(settings, lambda: open_model(settings, config.load_keys(), home=place))
    return judge_pairs(pairs[:limit], judge)


def _judged_lines(judged: Judged) -> list[str]:
    low, high = judged.auc.low, judged.auc.high
    precise = (("supported", judged.precision_supported), ("contradicted", judged.precision_contradicted))
    lines = [
        f"pairs                     {judged.n} in {judged.seconds:.1f} s, judged by: {judged.verifier}",
        f"AUC, supported or not     {judged.auc.value:.3f} ({low:.3f} to {high:.3f})",
        f"balanced accuracy         {judged.balanced_accuracy:.3f}",
        f"accuracy                  {judged.accuracy:.3f}",
        *(f"precision of {name:<13}{'none given' if value is None else f'{value:.3f}'}" for name, value in precise),
        f"supported ones found      {judged.recall_supported:.3f}",
        f"calibration error         {judged.ece:.3f}",
    ]
    if judged.phenomena:
        lines += ["", f"{'phenomenon':<14}{'pairs':>6}{'right':>8}{'caught':>8}{'three-way':>11}  by level"]
    for name, row in judged.phenomena.items():
        levels = ", ".join(f"{level} {share:.2f}" for level, share in row["levels"].items())
        lines.append(
            f"{name:<14}{row['n']:>6}{row['accuracy']:>8.2f}{row['caught']:>8.2f}{row['three_way']:>11.2f}  {levels}"
        )
    return lines


def run(
    data: Path,
    *,
    home: Path | None = None,
    claims: Path | None = None,
    limit: int | None = None,
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SciFactFigures:
    """Check all claims of a SciFact folder, and score them."""
    from kb.evaluation import scifact  # noqa: PLC0415 - 'kb --help' needs none of it
    from kb.evaluation.workspace import knowledge_base_for  # noqa: PLC0415

    read = scifact.read_claims(claims or scifact.claims_in(data))[:limit]
    abstracts = scifact.read_abstracts(data / "corpus_sentences.jsonl")
    with knowledge_base_for(data, home=home, cache=cache) as base:
        predictions, seconds, verifier = scifact.predict(base, read, abstracts, progress=progress)
    return scifact.score(read, predictions, seconds, verifier)


def _lines(figures: SciFactFigures) -> list[str]:
    rows = (
        ("abstract, label only", figures.label_only),
        ("abstract, label + rationale", figures.label_rationale),
        ("sentence, selection only", figures.selection_only),
        ("sentence, selection + label", figures.selection_label),
    )
    lines = [f"{name:<28}P {value.precision:.3f}  R {value.recall:.3f}  F1 {value.f1:.3f}" for name, value in rows]
    tail = f"{figures.claims} claims, judged by: {figures.verifier}, median {figures.median_ms:.0f} ms a claim"
    return [*lines, tail]
