"""Answers for a terminal: the sentences with numbered quotes, part by part, conflicts and dates shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from kb.records import Answer, Claim, Evidence
from kb.render.plain import one_line, visible
from kb.render.terminal import hang


def answer(record: Answer) -> RenderableType:
    """An answer with its quotes, or an abstention with what came nearest; of several parts, one after the other."""
    head: list[RenderableType] = [Text(visible(record.question), style="bold")]
    if not record.parts:
        return Group(*head, Text(), _one(record))
    for part in record.parts:
        head += [Text(), Text(visible(part.question), style="bold cyan"), _one(part)]
    return Group(*head)


def drafting(record: Answer, *, explain: bool = False) -> list[RenderableType]:
    """What a language model's drafts came to; nothing where none was asked. ``explain`` lists those that did not pass."""
    views: list[RenderableType] = []
    if record.model != "none":
        views.append(Text(f"Worded by {visible(record.model)}; every sentence passed the gate.", style="dim"))
    views += [Text(visible(note), style="yellow") for note in record.notes]
    if record.refused:
        count = len(record.refused)
        views.append(Text(f"{count} draft{'s' * (count != 1)} did not pass the gate.", style="dim"))
    if explain:
        views += [
            Text(f"  {r.reason}: {visible(one_line(r.text))} ({visible(one_line(r.detail))})") for r in record.refused
        ]
    return views


def turn(question: str, asked: str, record: Answer, *, read_by: str = "", note: str = "") -> RenderableType:
    """One exchange of a conversation; says how the question was understood, where that is not how it was typed, and by whom."""
    views: list[RenderableType] = []
    if asked != question:
        by = f" by {visible(read_by)}" if read_by not in {"", "rule", "rewrite"} else ""
        views.append(Text(f"({visible(question)} read{by} as:)", style="dim"))
    if note:
        views.append(Text(f"({one_line(note)})", style="yellow"))
    return (
        Group(*views, answer(record), *drafting(record))
        if views or record.model != "none" or record.notes
        else answer(record)
    )


def _one(record: Answer) -> RenderableType:
    if not record.answered:
        return _abstention(record)
    numbers = _numbers(e for c in record.claims for e in (*c.evidence, *c.against))
    spoken = Text()
    for claim in record.claims:
        spoken.append(f"{visible(claim.text)} {_marks(numbers[e.id] for e in claim.evidence)} ")
    views: list[RenderableType] = [spoken, Text()]
    for claim in record.claims:
        views += [_quote(evidence, f"[{numbers[evidence.id]}]") for evidence in claim.evidence]
    for claim in record.conflicts:
        views += [Text(), *_conflict(claim, numbers)]
    return Group(*views, Text(), _footer(record))


def _abstention(record: Answer) -> RenderableType:
    views: list[RenderableType] = [Text.assemble(("No answer. ", "bold yellow"), visible(record.reason))]
    if record.searched:
        views.append(
            Text(
                f"Searched the passages of the {record.searched} nearest source{'s' * (record.searched != 1)}.",
                style="dim",
            )
        )
    if record.nearest:
        views += [Text(), Text("What came nearest:", style="bold")]
        views += [_quote(evidence, "-") for evidence in record.nearest]
    return Group(*views)


def _conflict(claim: Claim, numbers: Mapping[str, int]) -> list[RenderableType]:
    sources = len({e.source_id for e in (*claim.evidence[:1], *claim.against)})
    count = {2: "Two", 3: "Three"}.get(sources, str(sources))
    return [
        Text(f"{count} sources disagree:", style="bold magenta"),
        _quote(claim.evidence[0], f"[{numbers[claim.evidence[0].id]}]"),
        *(_quote(evidence, f"[{numbers[evidence.id]}] against") for evidence in claim.against),
    ]


def _footer(record: Answer) -> Text:
    parts = [f"confidence {record.confidence:.2f}"]
    if record.as_of:
        parts.append(f"as of: {record.as_of}")
    judges = dict.fromkeys(claim.support.verifier for claim in record.claims if claim.support)
    if judges:
        parts.append(f"judged by: {', '.join(judges)}")
    return Text(" · ".join(map(visible, parts)), style="dim")


def _quote(evidence: Evidence, mark: str) -> RenderableType:
    words_of = Text(f"“{one_line(evidence.quote)}”", style="italic")
    heading = evidence.heading.removeprefix(evidence.title).removeprefix(" > ") if evidence.title else evidence.heading
    uri = visible(evidence.uri.removeprefix("file://"))
    place = [
        one_line(evidence.title, 120) or uri,
        one_line(heading, 100),
        f"page {evidence.page}" if evidence.page is not None else "",
        f"characters {evidence.start}-{evidence.end}",
        f"published {visible(evidence.published[:10])}" if evidence.published else "",
    ]
    where = " · ".join(part for part in place if part) + (" (superseded)" if evidence.superseded else "")
    return hang(mark, Group(words_of, Text(f"{where}\n{uri}", style="dim", overflow="fold")))


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _numbers(evidence: Iterable[Evidence]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in evidence:
        found.setdefault(item.id, len(found) + 1)
    return found
