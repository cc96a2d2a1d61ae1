"""Who worded a report, in sentences: what a language model wrote, which parts it did not and why, what did not pass the gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kb.records import Claim, Refusal, Report, Usage
from kb.render.plain import one_line


def is_verbatim(claim: Claim) -> bool:
    """Whether a claim is its first quote, word for word; then it is the source's, whoever chose it."""
    return " ".join(claim.evidence[0].quote.split()) == claim.text


def reworded_by(claim: Claim) -> str:
    """The language model whose words a claim is in; empty where they are a source's."""
    return "" if is_verbatim(claim) else claim.worded_by


def who_worded(report: Report) -> str:
    """What of a report is in the words of a language model; empty where nothing is."""
    if report.model == "none":
        return ""
    parts = _share("claim", [bool(reworded_by(claim)) for claim in report.claims()])
    parts += _share("title", [bool(angle.worded_by) for angle in report.angles])
    parts += ["the summary"] if any(statement.worded_by for statement in report.summary) else []
    if not parts:
        return f"the sources' own, as {report.model} chose it"
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    return f"{listed} in the words of {report.model}, all through the gate; everything else in the sources' own words"


def stayed_extractive(report: Report) -> list[str]:
    """The parts that a model was asked for and that stayed in the sources' own words, each with the reason."""
    return [f"{note.part} is in the sources' own words: {note.reason}" for note in report.notes]


def did_not_pass(refused: Sequence[Refusal]) -> str:
    """How many drafts the gate dropped, by reason; empty where none."""
    if not refused:
        return ""
    count = len(refused)
    reasons = ", ".join(f"{number} {reason}" for reason, number in sorted(Counter(r.reason for r in refused).items()))
    return f"{count} draft{'s' * (count != 1)} did not pass the gate: {reasons}"


def explained(refused: Sequence[Refusal]) -> list[str]:
    """Each dropped draft with its reason, on a line."""
    return [f"{r.reason}: {one_line(r.text) or '(nothing)'} ({one_line(r.detail)})" for r in refused]


def used(usage: Usage) -> str:
    """What a model was used for; empty where it was not asked."""
    if not (usage.calls or usage.cached or usage.failed):
        return ""
    parts = [f"{usage.calls} call{'s' * (usage.calls != 1)}"]
    parts += [f"{usage.cached} answered from the cache"] if usage.cached else []
    parts += [f"{usage.failed} without an answer"] if usage.failed else []
    parts.append(f"{usage.tokens_in:,} tokens read, {usage.tokens_out:,} written")
    parts += [f"cost {usage.cost:.4f}"] if usage.cost else []
    return ", ".join(parts)


def _share(name: str, worded: Sequence[bool]) -> list[str]:
    return [f"{sum(worded)} of {len(worded)} {name}{'s' * (len(worded) != 1)}"] if any(worded) else []
