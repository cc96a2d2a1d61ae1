"""Checks of claims for a terminal (a table) and as Markdown (the text with notes)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kb.records import VERDICTS, Block, Check, CheckedText, CheckVerdict, Judged, Stance
from kb.render.markdown import escape, link, place
from kb.render.plain import one_line, visible

_COLOURS: Final[dict[CheckVerdict, str]] = {
    "supported": "green",
    "contradicted": "red",
    "disputed": "magenta",
    "insufficient": "yellow",
}
_SIGNS: Final[dict[CheckVerdict, str]] = {"supported": "✓", "contradicted": "✗", "disputed": "◄─►", "insufficient": "?"}
_LEANINGS: Final[dict[Stance | None, str]] = {"for": "leans for", "against": "leans against", None: "nearest"}
_QUOTE: Final = 240


# -- terminal --------------------------------------------------------------------------------------------------------


def check(record: Check) -> RenderableType:
    """One claim: the verdict, why, and a table of the words for and against."""
    views: list[RenderableType] = [Text(visible(record.claim), style="bold"), _verdict_line(record)]
    if record.read_as:
        views.append(Text(f"read as: {one_line(record.read_as)}", style="dim"))
    if shown := list(_shown(record)):
        views += [Text(), _quotes(shown)]
    views += [Text(), Text(f"judged by: {visible(record.verifier)}", style="dim")]
    return Group(*views)


def checked_text(record: CheckedText) -> RenderableType:
    """A table with a row for each claim, and what was skipped."""
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("#", justify="right", style="dim")
    table.add_column("verdict", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("claim and the words that decide", overflow="fold")
    for number, item in enumerate(record.checks, start=1):
        colour = _COLOURS[item.verdict]
        table.add_row(str(number), Text(item.verdict, style=colour), f"{item.score:.2f}", _summary(item))
    return Group(table, Text(), Text(_totals(record)), Text(f"judged by: {visible(record.verifier)}", style="dim"))


def _verdict_line(record: Check) -> Text:
    colour = _COLOURS[record.verdict]
    sign = f"{_SIGNS[record.verdict]} {record.verdict}"
    return Text.assemble((sign, f"bold {colour}"), f"  {record.score:.2f}  ", visible(record.reason))


def _shown(record: Check) -> Iterator[tuple[str, float, Judged]]:
    """What each quote is to the claim, and how surely: those that decide; where none does, the nearest and the side that they lean to."""
    for item in record.judged:
        yield item.evidence.stance, item.verdict.score, item
    for item in record.nearest:
        yield _LEANINGS[item.verdict.leaning], item.verdict.sureness, item


def _quotes(shown: Sequence[tuple[str, float, Judged]]) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("stance", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("words", overflow="fold")
    for stance, sureness, item in shown:
        table.add_row(stance, f"{sureness:.2f}", _cited(item))
    return table


def _cited(item: Judged) -> Group:
    evidence = item.evidence
    dated = f" · published {one_line(evidence.published, 10)}" if evidence.published else ""
    title = one_line(evidence.title, 80) or visible(evidence.uri)
    where = f"{title} · characters {evidence.start}-{evidence.end}{dated}"
    views = [Text(f"“{one_line(evidence.quote)}”", style="italic"), Text(visible(where), style="dim")]
    if why := _why(item):
        views.append(Text(one_line(why), style="dim"))
    return Group(*views)


def _why(item: Judged) -> str:
    """What the verifier names as reasons; empty where it names none."""
    return "; ".join(item.verdict.reasons)


def _summary(item: Check) -> Group:
    views: list[RenderableType] = [Text(visible(item.claim))]
    if item.read_as:
        views.append(Text(f"read as: {one_line(item.read_as, _QUOTE)}", style="dim"))
    told: set[str] = set()
    for stance, _, judged in _shown(item):
        if stance in told or stance == _LEANINGS[None]:
            continue
        told.add(stance)
        title = one_line(judged.evidence.title, 60) or visible(judged.evidence.uri)
        views.append(
            Text.assemble(
                f"{stance}: ", (f"“{one_line(judged.evidence.quote, _QUOTE)}”", "italic"), (f" {title}", "dim")
            )
        )
        if why := _why(judged):
            views.append(Text(one_line(why, _QUOTE), style="dim"))
    return Group(*views)


def _totals(record: CheckedText) -> str:
    counts = ", ".join(f"{record.count(verdict)} {verdict}" for verdict in VERDICTS)
    skipped = ", ".join(f"{count} {name}{'s' * (count != 1)}" for name, count in sorted(record.skipped.items()))
    tail = f"; skipped: {skipped.replace('_', ' ')}" if skipped else ""
    total = len(record.sentences)
    return f"{total} claim{'s' * (total != 1)}: {counts}{tail}"


# -- Markdown --------------------------------------------------------------------------------------------------------


def check_markdown(record: Check) -> str:
    """One claim with its words for and against."""
    lines = [
        f"# {escape(record.claim)}",
        "",
        f"**{_SIGNS[record.verdict]} {record.verdict}** ({record.score:.2f}): {escape(record.reason)}.",
        "",
        *(f"- {note}" for note in _notes(record)),
        "",
        f"Judged by: {escape(record.verifier)}.",
    ]
    return "\n".join(lines) + "\n"


def text_markdown(record: CheckedText) -> str:
    """The text as it stands, with a mark and a note for each sentence that was checked."""
    lines = [
        f"# Check of {escape(record.name)}",
        "",
        f"{escape(_totals(record))}. Judged by: {escape(record.verifier)}.",
        "",
        "| verdict | claims |",
        "|---|---|",
        *(f"| {_SIGNS[verdict]} {verdict} | {_places(record, verdict)} |" for verdict in VERDICTS),
        "",
        "---",
        "",
    ]
    for block in record.blocks:
        lines += [*_block(record, block), ""]
    lines += ["---", ""]
    for number, item in enumerate(record.checks, start=1):
        notes = _notes(item)
        read = f" Read as: {escape(item.read_as)}" if item.read_as else ""
        lines.append(f"[^{number}]: **{item.verdict}** ({item.score:.2f}): {escape(item.reason)}.{read}")
        lines += [f"    - {note}" for note in notes]
    return "\n".join(lines).rstrip() + "\n"


def _block(record: CheckedText, block: Block) -> Iterator[str]:
    words = record.text[block.start : block.end]
    if block.kind == "heading":
        yield f"{'#' * min(6, block.level + 1)} {escape(words)}"
    elif block.kind in {"code", "table"}:
        fence = "`" * max(4, 1 + max((len(run) for run in re.findall("`+", words)), default=0))
        yield from (f"{fence}text", *visible(words).splitlines(), fence)
    else:
        lead = {"list_item": "- ", "quote": "> "}.get(block.kind, "")
        yield f"{lead}{_marked(record, block)}"


def _marked(record: CheckedText, block: Block) -> str:
    """The words of a block with a mark after each sentence that was checked."""
    parts: list[str] = []
    at = block.start
    for number, item in enumerate(record.sentences, start=1):
        if block.start <= item.start < block.end:
            parts += [escape(record.text[at : item.end]), f" {_SIGNS[item.check.verdict]}[^{number}] "]
            at = item.end
    return "".join([*parts, escape(record.text[at : block.end])]).strip()


def _places(record: CheckedText, verdict: CheckVerdict) -> str:
    numbers = [f"[^{at}]" for at, item in enumerate(record.checks, start=1) if item.verdict == verdict]
    return f"{len(numbers)} {' '.join(numbers)}".strip()


def _notes(record: Check) -> Iterator[str]:
    for stance, sureness, item in _shown(record):
        yield _note(stance, sureness, item)


def _note(stance: str, sureness: float, item: Judged) -> str:
    evidence = item.evidence
    title = f"*{escape(evidence.title)}*, " if evidence.title else ""
    dated = f", published {escape(evidence.published[:10])}" if evidence.published else ""
    where = f"{title}{link(evidence.uri)}, {escape(place(evidence))}{dated}"
    why = f"; {escape(why)}" if (why := _why(item)) else ""
    return f"{stance.capitalize()} ({sureness:.2f}{why}): “{escape(evidence.quote)}” — {where}"
