"""Records -> what a terminal shows: hits, answers, reports, verifications.

All text of sources goes into ``Text`` objects, so none of it is read as markup, and through :func:`kb.render.plain.visible`,
so none of it is obeyed by the terminal. Nothing depends on colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kb.records import Certainty, Claim, Evidence, Found, Reference, Report, Statement, Verification
from kb.render import wording
from kb.render.plain import one_line, visible
from kb.text import words

_SNIPPET: Final = 320
_MARKERS: Final[dict[Certainty, tuple[str, str]]] = {
    "high": ("●●●", "green"),
    "moderate": ("●●○", "cyan"),
    "low": ("●○○", "yellow"),
    "disputed": ("◄─►", "magenta"),
}
_SMALL_WORDS: Final = frozenset(
    words("a an and are as at be by do does for from how in is it of on or the to what why with")
)
_LETTERS: Final = re.compile(r"[^\W_]+")


def hits(query: str, found: Sequence[Found]) -> RenderableType:
    """Search results: rank, title, place, score, a snippet with the words of the query, and the id for 'kb show'."""
    if not found:
        return Text("Nothing was found.")
    views: list[RenderableType] = []
    for item in found:
        chunk, source = item.chunk, item.source
        place = _place(" > ".join(chunk.heading_path), chunk.page, source.title)
        head = Text.assemble((_title(source.title, source.uri), "bold"), (place, "dim"))
        tail = Text(f"{chunk.id}   score {item.hit.score:.4f}", style="dim")
        views += [hang(f"{item.hit.rank:>3}.", Group(head, snippet(chunk.text, query), tail)), Text()]
    return Group(*views[:-1])


def snippet(text: str, query: str, width: int = _SNIPPET) -> Text:
    """The ``width`` characters of ``text`` that hold most words of ``query``, with these in bold."""
    wanted = {_stem(word) for word in words(query)} - _SMALL_WORDS
    line = one_line(text)
    spans = [m.span() for m in _LETTERS.finditer(line) if _stem(m[0].casefold()) in wanted]
    start, end = _window(line, [left for left, _ in spans], width)
    view = Text("…" if start else "")
    view.append(line[start:end])
    if end < len(line):
        view.append("…")
    shift = start - bool(start)
    for left, right in spans:
        if left >= start and right <= end:
            view.stylize("bold underline", left - shift, right - shift)
    return view


def report(record: Report) -> RenderableType:
    """A whole report."""
    numbers = {reference.source_id: reference.n for reference in record.references}
    of_claim = {c.id: sorted({numbers[e.source_id] for e in c.evidence}) for c in record.claims()}
    views: list[RenderableType] = [Text(visible(record.topic.text), style="bold"), _account(record), *_legend()]
    views += _statements("Summary", record.summary, of_claim)
    for number, angle in enumerate(record.angles, start=1):
        views += _heading(f"{number}. {visible(angle.title)}")
        for claim in angle.claims:
            views += _claim(claim, numbers, living=bool(record.parent_id))
    for area in record.focus_areas:
        views += _statements(f"Focus: {visible(area.name)}", area.points, of_claim)
    views += _statements("Conclusions", record.conclusions, of_claim)
    if record.gaps:
        views += [*_heading("Gaps"), *(_item(gap) for gap in record.gaps)]
    if record.parent_id:
        views += _changes(record)
    if record.references:
        views += [*_heading("References"), *(_reference(reference) for reference in record.references)]
    if record.uncited:
        views += [*_heading("Not cited"), *(_item(f"{_short(u.uri)}: {u.reason}") for u in record.uncited)]
    return Group(*views)


def drafting(record: Report, *, explain: bool = False) -> list[RenderableType]:
    """What a language model's drafts came to; nothing where none was asked. ``explain`` lists those that did not pass."""
    who, missed, used = wording.who_worded(record), wording.did_not_pass(record.refused), wording.used(record.usage)
    views: list[RenderableType] = [Text(f"Wording: {visible(who)}.", style="dim")] if who else []
    views += [Text(visible(line), style="yellow") for line in wording.stayed_extractive(record)]
    views += [Text(f"{line}.", style="dim") for line in (missed, used) if line]
    if explain:
        views += [_item(line) for line in wording.explained(record.refused)]
    return [Text(), *views] if views else []


def files(paths: Mapping[str, str]) -> RenderableType:
    """Where a report was written to."""
    return Group(Text(), *(_uncut(f"{name:<5} {visible(path)}") for name, path in paths.items()))


def verification(record: Verification) -> RenderableType:
    """What verifying a report found."""
    line = f"{record.resolved} of {record.citations} citations resolve"
    if record.superseded:
        line += f"; {record.superseded} of them in a version of the document that has been replaced or removed since"
    views: list[RenderableType] = [Text(f"{line}.")]
    if record.broken:
        views.append(Text(f"{record.broken} broken:", style="bold red"))
        views += [_item(f"{p.evidence_id} of claim {p.claim_id}: {p.reason}") for p in record.problems]
    return Group(*views)


# -- parts of a report -----------------------------------------------------------------------------------------------


def _account(record: Report) -> Text:
    account = record.sources
    parts = [
        record.created_at[:10],
        f"corpus revision {record.corpus_revision}",
        f"{account.analysed} sources analysed, {account.relevant} relevant, {account.cited} cited",
        f"{account.duplicate} duplicate, {account.failed} failed",
    ]
    return Text(" · ".join(parts), style="dim")


def _legend() -> list[RenderableType]:
    return [Text("  ".join(f"{sign} {name}" for name, (sign, _) in _MARKERS.items()), style="dim")]


def _heading(text: str) -> list[RenderableType]:
    return [Text(), Text(text, style="bold"), Text("─" * min(len(text), 78), style="dim")]


def _statements(title: str, statements: Sequence[Statement], of_claim: Mapping[str, list[int]]) -> list[RenderableType]:
    if not statements:
        return []
    views = _heading(title)
    for statement in statements:
        cited = sorted({n for claim_id in statement.claim_ids for n in of_claim.get(claim_id, ())})
        views.append(_item(f"{statement.text} {_marks(cited)}"))
    return views


def _claim(claim: Claim, numbers: Mapping[str, int], *, living: bool) -> list[RenderableType]:
    sign, colour = _MARKERS[claim.certainty]
    marks = _marks(sorted({numbers[e.source_id] for e in claim.evidence}))
    status = f" ({claim.status})" if living and claim.status != "kept" else ""
    why = f"{claim.certainty}: {claim.certainty_reason}" if claim.certainty_reason else claim.certainty
    if model := wording.reworded_by(claim):
        why += f" · worded by {model}"
    views: list[RenderableType] = [Text.assemble(visible(claim.text), f" {marks}", (status, "dim"))]
    views.append(Text(visible(why), style="dim"))
    views += [_cited(evidence, numbers, claim.text) for evidence in claim.evidence]
    if claim.against:
        views.append(Text("Against it:"))
        views += [_cited(evidence, numbers, claim.text) for evidence in claim.against]
    return [Text(), hang(sign, Group(*views), colour)]


def _cited(evidence: Evidence, numbers: Mapping[str, int], claim: str) -> RenderableType:
    """A quote and its place; a quote that is the claim word for word is not printed twice."""
    words_of = "word for word" if evidence.quote == claim else f"“{one_line(evidence.quote)}”"
    view = Text.assemble((words_of, "italic"), (_where(evidence), "dim"))
    if evidence.superseded:
        view.append(" (superseded)", style="yellow")
    return hang(f"[{numbers[evidence.source_id]}]", view)


def _changes(record: Report) -> list[RenderableType]:
    changes = record.changes
    names = ("new", "strengthened", "weakened", "kept")
    counts = ", ".join(f"{len(getattr(changes, name))} {name}" for name in names)
    views = [*_heading("Changes since the last report"), _item(f"{counts}, {len(changes.withdrawn)} withdrawn")]
    views += [_item(f"withdrawn: {gone.text} ({gone.reason})") for gone in changes.withdrawn]
    return views


def _reference(reference: Reference) -> RenderableType:
    by = ", ".join(part for part in (reference.author, reference.published[:10]) if part)
    view = Text(_title(reference.title, reference.uri), overflow="fold")
    view.append(f" ({visible(by)})" if by else "")
    view.append(f"\n{_short(reference.uri)}", style="dim")
    return hang(f"[{reference.n}]", view)


# -- small pieces ----------------------------------------------------------------------------------------------------


def _quote(evidence: Evidence, mark: str) -> RenderableType:
    words_of = Text(f"“{one_line(evidence.quote)}”", style="italic")
    place = f"{_title(evidence.title, evidence.uri)}{_where(evidence)}"
    if evidence.superseded:
        place += " (superseded)"
    return hang(mark, Group(words_of, Text(f"{place}\n{_short(evidence.uri)}", style="dim", overflow="fold")))


def _where(evidence: Evidence) -> str:
    place = _place(evidence.heading, evidence.page, evidence.title)
    return f"{place} · characters {evidence.start}-{evidence.end}"


def _place(heading: str, page: int | None, title: str) -> str:
    """The heading, without the title that it often begins with, and the page."""
    heading = one_line(heading.removeprefix(title).removeprefix(" > ") if title else heading, 100)
    parts = [heading, f"page {page}" if page is not None else ""]
    return "".join(f" · {part}" for part in parts if part)


def _title(title: str, uri: str) -> str:
    return one_line(title, 120) or _short(uri)


def _short(uri: str) -> str:
    return visible(uri.removeprefix("file://"))


def _item(text: str) -> RenderableType:
    return hang("-", Text(visible(text), overflow="fold"))


def _uncut(text: str) -> Text:
    """A line with a path, which stays in one piece however narrow the terminal is."""
    return Text(text, no_wrap=True, overflow="ignore")


def hang(mark: str, view: RenderableType, style: str = "") -> RenderableType:
    """``mark`` to the left of ``view``, all lines of which are indented."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True, style=style)
    grid.add_column(overflow="fold")
    grid.add_row(Text(mark), view)
    return grid


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _numbers(evidence: Iterable[Evidence]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in evidence:
        found.setdefault(item.id, len(found) + 1)
    return found


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def _window(line: str, starts: Sequence[int], width: int) -> tuple[int, int]:
    """The run of at most ``width`` characters, from a word's start, that holds most of ``starts``."""
    if len(line) <= width:
        return 0, len(line)
    best = max([0, *starts], key=lambda at: (sum(at <= other < at + width * 3 // 4 for other in starts), -at))
    start = max(0, min(best - width // 8, len(line) - width))
    if start:
        start = line.find(" ", start) + 1 or start
    end = min(len(line), start + width)
    return start, (line.rfind(" ", start, end) if end < len(line) and line.rfind(" ", start, end) > start else end)
