"""A report as Markdown that reads like one: claims with numbered references, and under each the exact words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from kb.ids import path_of
from kb.records import Claim, Evidence, Reference, Report, Statement
from kb.render import wording
from kb.render.plain import visible

_MARKUP: Final = re.compile(r"([\\`*_\[\]<>#|~@]|:(?=//)|(?<=www)\.|&(?=#?\w+;))", re.IGNORECASE)
_NO_ADDRESS: Final = re.compile(r"[^!-;=?-~]|[\\`]")
"""What stands in no web address that was written down properly, and would end a link."""
_OPENING: Final = re.compile(r"^(\d+)(?=[.)])|^(?=[-+=])")
"""What would open a list, a rule or a heading at the start of a line."""


def report_markdown(report: Report) -> str:
    """The whole report."""
    numbers = {reference.source_id: reference.n for reference in report.references}
    parts = [
        *_head(report),
        *_statements("Executive summary", report.summary, report, numbers),
        *_angles(report, numbers),
        *_focus(report, numbers),
        *_statements("Conclusions", report.conclusions, report, numbers),
        *_gaps(report),
        *_changes(report),
        *_references(report.references),
        *_uncited(report),
        *_drafting(report),
        *_method(report),
    ]
    return "\n".join(parts).rstrip() + "\n"


def escape(text: str) -> str:
    """``text`` with every mark that Markdown would read as markup made plain."""
    return _OPENING.sub(r"\1\\", _MARKUP.sub(r"\\\1", " ".join(text.split())))


def code(text: str) -> str:
    """``text`` on one line as code, whatever marks it holds."""
    line = " ".join(visible(text).split())
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def place(evidence: Evidence) -> str:
    """Where a quote stands, in words: heading, page, characters."""
    parts = []
    last = evidence.heading.rsplit(" > ", 1)[-1]
    if last and last != evidence.title:
        parts.append(f"section “{last if len(last) <= 70 else last[:67] + '…'}”")
    if evidence.page is not None:
        parts.append(f"page {evidence.page}")
    parts.append(f"characters {evidence.start}–{evidence.end}")
    return ", ".join(parts)


def link(uri: str) -> str:
    """A web address as a link, a local one as its path."""
    if uri.startswith(("http://", "https://")):
        return f"<{re.sub(_NO_ADDRESS, lambda found: quote(found[0]), uri)}>"
    path = path_of(uri)
    fragment = uri.partition("#")[2]
    return code(f"{path}{'#' + fragment if fragment else ''}" if path else uri)


def _head(report: Report) -> Iterator[str]:
    account = report.sources
    yield f"# {escape(report.topic.subject)}"
    yield ""
    yield f"- **Research date:** {report.created_at[:10]}"
    yield f"- **Topic:** {escape(report.topic.text)}"
    if report.topic.focus:
        yield f"- **Focus:** {escape(', '.join(report.topic.focus))}"
    yield (
        f"- **Sources analysed:** {account.analysed} ({account.relevant} relevant, {account.cited} cited; beside them "
        f"{account.duplicate} duplicate{'s' * (account.duplicate != 1)} and {account.failed} that could not be read)"
    )
    claims = list(report.claims())
    yield f"- **Claims:** {len(claims)}, each with the exact words it rests on, under {len(report.angles)} angles"
    if who := wording.who_worded(report):
        yield f"- **Wording:** {escape(who)}"
    yield f"- **Report:** `{report.id}`, corpus revision {report.corpus_revision}"
    yield ""
    if not claims:
        yield "The corpus holds no full sentence that speaks about this topic; what came nearest is accounted for below."
        yield ""


def _statements(title: str, statements: Sequence[Statement], report: Report, numbers: dict[str, int]) -> Iterator[str]:
    if not statements:
        return
    claims = {claim.id: claim for claim in report.claims()}
    yield f"## {title}"
    yield ""
    for statement in statements:
        yield f"- {escape(statement.text)} {_marks([claims[name] for name in statement.claim_ids], numbers)}"
    yield ""


def _angles(report: Report, numbers: dict[str, int]) -> Iterator[str]:
    if report.angles:
        yield "## Research angles"
        yield ""
    count = 0
    for at, angle in enumerate(report.angles, start=1):
        yield f"### {at}. {escape(angle.title)}"
        yield ""
        for claim in angle.claims:
            count += 1
            yield from _claim(count, claim, numbers)
        yield ""


def _claim(number: int, claim: Claim, numbers: dict[str, int]) -> Iterator[str]:
    own, *others = claim.evidence
    verbatim = wording.is_verbatim(claim)
    new = f" · {claim.status}" if claim.status in {"strengthened", "weakened"} else ""
    model = wording.reworded_by(claim)
    by = f" · worded by {escape(model)}" if model else ""
    text = f"“{escape(claim.text)}”" if verbatim else escape(claim.text)
    yield f"{number}. **{text}** {_marks([claim], numbers)}"
    if verbatim:
        yield f"   - Word for word in \\[{numbers[own.source_id]}\\], {escape(place(own))}"
    else:
        yield _quote("", own, numbers)
    for evidence in others:
        yield _quote("Also: ", evidence, numbers)
    for evidence in claim.against:
        yield _quote("**Against:** ", evidence, numbers)
    yield f"   - *Certainty: {claim.certainty} — {claim.certainty_reason}{new}{by}.*"
    yield ""


def _quote(lead: str, evidence: Evidence, numbers: dict[str, int]) -> str:
    return f"   - {lead}“{escape(evidence.quote)}” — \\[{numbers[evidence.source_id]}\\], {escape(place(evidence))}"


def _focus(report: Report, numbers: dict[str, int]) -> Iterator[str]:
    if not report.focus_areas:
        return
    claims = {claim.id: claim for claim in report.claims()}
    yield "## Focus areas"
    yield ""
    for area in report.focus_areas:
        yield f"### {escape(area.name[:1].upper() + area.name[1:])}"
        yield ""
        for point in area.points:
            yield f"- {escape(point.text)} {_marks([claims[name] for name in point.claim_ids], numbers)}"
        if not area.points:
            yield "- No claim of this report speaks about it."
        yield ""


def _gaps(report: Report) -> Iterator[str]:
    if report.gaps:
        yield "## Gaps in the evidence"
        yield ""
        yield from (f"- {escape(gap)}" for gap in report.gaps)
        yield ""


def _changes(report: Report) -> Iterator[str]:
    if not report.parent_id:
        return
    changes = report.changes
    texts = {claim.id: claim.text for claim in report.claims()}
    yield "## Changes since the last report"
    yield ""
    counts = f"{len(changes.new)} new, {len(changes.strengthened)} strengthened, {len(changes.weakened)} weakened, "
    yield f"{counts}{len(changes.withdrawn)} withdrawn, {len(changes.kept)} kept (report `{report.parent_id}`)."
    yield ""
    for name, names in (("New", changes.new), ("Strengthened", changes.strengthened), ("Weakened", changes.weakened)):
        yield from (f"- {name}: {escape(texts[claim])}" for claim in names)
    yield from (f"- Withdrawn: {escape(gone.text)} ({escape(gone.reason)})" for gone in changes.withdrawn)
    yield ""


def _references(references: Sequence[Reference]) -> Iterator[str]:
    if not references:
        return
    yield "## References"
    yield ""
    for reference in references:
        by = f"{escape(reference.author)}. " if reference.author else ""
        dated = f" ({escape(reference.published[:10])})" if reference.published else ""
        yield f"{reference.n}. {by}*{escape(reference.title)}*{dated}. {link(reference.uri)}, read {reference.accessed}."
    yield ""


def _uncited(report: Report) -> Iterator[str]:
    if not report.uncited:
        return
    yield "## Sources that are not cited"
    yield ""
    yield from (f"- {link(source.uri)}: {escape(source.reason)}" for source in report.uncited)
    yield ""


def _drafting(report: Report) -> Iterator[str]:
    """What became of a language model's drafts; nothing where none was asked."""
    told = (*wording.stayed_extractive(report), wording.did_not_pass(report.refused), wording.used(report.usage))
    lines = [line for line in told if line]
    if lines:
        yield "## What the language model did"
        yield ""
        yield from (f"- {escape(line[:1].upper() + line[1:])}{'' if line.endswith('.') else '.'}" for line in lines)
        yield ""


def _method(report: Report) -> Iterator[str]:
    drafted = "Every claim rests on sentences of sources, quoted at the characters given"
    verbatim = "Every claim is a sentence of a source, quoted at the characters given"
    yield "## How to check this report"
    yield ""
    yield (
        f"{verbatim if report.model == 'none' else drafted}; `kb verify` on the JSON file beside this one "
        "finds each again in the version of the document that was read, and `kb show` prints it in its context. "
        f"Wording by: {report.model if report.model != 'none' else 'the sources (no language model)'}. "
        f"Support judged by: {report.verifier}. Certainty counts independent witnesses: copies of one text count once."
    )
    yield ""


def _marks(claims: Sequence[Claim], numbers: dict[str, int]) -> str:
    cited = {numbers[evidence.source_id] for claim in claims for evidence in claim.evidence}
    return " ".join(f"\\[{number}\\]" for number in sorted(cited))
