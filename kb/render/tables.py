"""What a terminal shows of the corpus: an ingest run, sources, one source or chunk, the status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from kb.records import LISTED_TWICE, IngestResult, Outcome
from kb.render.plain import one_line, visible

_STATUSES: Final = ("added", "updated", "unchanged", "duplicate", "removed", "failed", "skipped")
_COLOURS: Final = {"indexed": "green", "duplicate": "cyan", "failed": "red", "removed": "dim"}
_SHOWN: Final = 20
"""Sources that are listed for one reason; the rest is counted."""


def ingest(result: IngestResult, originals: Mapping[str, str]) -> RenderableType:
    """An ingest run; ``originals`` are the addresses of sources that duplicates name, by id."""
    counts = [f"{count} {status}" for status in _STATUSES if (count := result.count(status))]
    chunks = result.chunks
    views: list[RenderableType] = [
        Text.assemble(("sources  ", "bold"), ", ".join(counts) or "none"),
        Text.assemble(
            ("chunks   ", "bold"),
            f"{chunks.total} in all: {chunks.added} added, {chunks.kept} kept, {chunks.removed} removed; "
            f"{chunks.embedded} embedded",
        ),
        Text.assemble(("run      ", "bold"), f"revision {result.revision}, {result.seconds:.1f} s"),
    ]
    views += [Text(f"note     {visible(note)}") for note in result.notes]
    doubles = [outcome for outcome in result.outcomes if outcome.status == "duplicate"]
    copies = [outcome for outcome in doubles if outcome.reason != LISTED_TWICE]
    if copies:
        lines = [
            f"{_short(o.uri)} = {_short(originals.get(o.duplicate_of, o.duplicate_of or o.reason))}" for o in copies
        ]
        views += [Text(), Text("duplicate: the same words as another source", style="bold"), *_list(lines)]
    views += _reasons([outcome for outcome in doubles if outcome.reason == LISTED_TWICE], "yellow")
    for status, colour in (("skipped", "yellow"), ("failed", "red")):
        views += _reasons([o for o in result.outcomes if o.status == status], colour)
    return Group(*views)


def sources(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """The sources, two lines each, and what is wrong with those that failed."""
    if not rows:
        return Text("No sources.")
    names = {row["source_id"]: row["uri"] for row in rows}
    views: list[RenderableType] = []
    for row in rows:
        state = (f"{row['status']:<9}", _COLOURS.get(row["status"], ""))
        title = one_line(row["title"], 100)
        views.append(Text.assemble(f"{row['source_id']}  ", state, f" {row['chunks']:>5} chunks  ", (title, "bold")))
        views.append(_uncut(f"    {_short(row['uri'])}"))
        if row["duplicate_of"]:
            views.append(_uncut(f"    the same words as {_short(names.get(row['duplicate_of'], row['duplicate_of']))}"))
        if row["reason"]:
            views.append(Padding(Text(visible(row["reason"]), style="red"), (0, 0, 0, 4)))
    return Group(*views)


def shown(body: Mapping[str, Any]) -> RenderableType:
    """A chunk in its context, or a source with its text, from its JSON."""
    if body["kind"] == "source":
        keys = (
            "source_id",
            "uri",
            "status",
            "external_id",
            "author",
            "published",
            "accessed",
            "chunks",
            "duplicate_of",
        )
        views = [
            Text(one_line(body["title"]) or _short(body["uri"]), style="bold"),
            *_pairs(body, (*keys, "reason", "remedy")),
        ]
        return Group(*views, Text(), Text(visible(body["text"])))
    place = [one_line(body["heading"]), f"page {body['page']}" if body["page"] is not None else ""]
    place += [f"characters {body['start']}-{body['end']}", "superseded" if body["superseded"] else ""]
    text = Text.assemble((_before(body["before"]), "dim"), visible(body["text"]), (_after(body["after"]), "dim"))
    return Group(
        Text(one_line(body["title"]) or _short(body["uri"]), style="bold"),
        Text(" · ".join(part for part in place if part), style="dim"),
        _uncut(_short(body["uri"])),
        Text(),
        text,
    )


def status(body: Mapping[str, Any]) -> RenderableType:
    """What a knowledge base holds, from its JSON."""
    counts = body["sources"]
    numbers = ", ".join(f"{counts[key]} {key}" for key in ("indexed", "duplicate", "failed"))
    summary = {
        "home": body["home"],
        "revision": body["revision"],
        "sources": f"{counts['total']} ({numbers})",
        "chunks": body["chunks"],
        "embedder": body["embedder"] or "none yet",
        "size": _size(body["bytes"]),
        "owed": f"{body['owed']} index changes (applied by the next command)" if body["owed"] else "",
    }
    views: list[RenderableType] = list(_pairs(summary, tuple(summary)))
    for run in body["runs"]:
        done = ", ".join(f"{count} {name}" for name, count in run["summary"].items() if count) or "not finished"
        views.append(Text(f"run {run['revision']}: {run['started_at']}, {done}", style="dim"))
    if body["reports"]:
        views += [Text(), Text("reports", style="bold")]
        for report in body["reports"]:
            views.append(Text(f"{report['report_id']}  {report['created_at']}  {one_line(report['topic'], 100)}"))
    return Group(*views)


def _reasons(outcomes: Sequence[Outcome], colour: str) -> list[RenderableType]:
    """Sources under the reason that they share, with what to do about it."""
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for outcome in outcomes:
        failure = outcome.failure
        stage = f" ({failure.stage})" if failure else ""
        key = (
            f"{outcome.status}{stage}",
            failure.reason if failure else outcome.reason,
            failure.remedy if failure else "",
        )
        groups[key].append(_short(outcome.uri))
    views: list[RenderableType] = []
    for (status_text, reason, remedy), uris in groups.items():
        views += [Text(), Text.assemble((f"{status_text}: ", f"bold {colour}"), visible(reason))]
        if remedy:
            views.append(Padding(Text(f"remedy: {visible(remedy)}"), (0, 0, 0, 2)))
        views += _list(uris)
    return views


def _list(lines: Sequence[str]) -> list[RenderableType]:
    views: list[RenderableType] = [_uncut(f"  {line}") for line in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        views.append(Text(f"  ... and {len(lines) - _SHOWN} more"))
    return views


def _pairs(body: Mapping[str, Any], keys: Sequence[str]) -> list[Text]:
    present = [(key, body[key]) for key in keys if body[key] not in (None, "")]
    return [_pair(key.replace("_", " "), str(value)) for key, value in present]


def _pair(key: str, value: str) -> Text:
    line = Text.assemble((f"{key:<13}", "dim"), visible(value))
    line.no_wrap, line.overflow = "/" in value, "ignore"
    return line


def _before(text: str) -> str:
    return f"…{visible(text)}" if text.strip() else visible(text)


def _after(text: str) -> str:
    return f"{visible(text)}…" if text.strip() else visible(text)


def _uncut(text: str) -> Text:
    """A line with an address, which stays in one piece however narrow the terminal is."""
    return Text(text, style="dim", no_wrap=True, overflow="ignore")


def _short(uri: str) -> str:
    return visible(uri.removeprefix("file://"))


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
