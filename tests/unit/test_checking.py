"""Checking claims: how verdicts follow from what a verifier says, and how checks are shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from kb.app import KnowledgeBase
from kb.backends.entailment_verifier import EntailmentVerifier
from kb.errors import ParseError, RecordError
from kb.records import Check, Judged, Label, Verdict
from kb.render import check_contract, checks
from queries.checking import Checker, check_claims

ANONYMOUS = "Synthetic text is not anonymous by itself."
CLAIM = "Synthetic text is anonymous."


class Scripted:
    """Judges by words in the quote: the first entry of the script that the quote holds."""

    name = "scripted"

    def __init__(self, script: dict[str, tuple[Label, float]]) -> None:
        self.script = script
        self.calls = 0

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        self.calls += 1
        return [self._one(quote) for quote, _ in pairs]

    def _one(self, quote: str) -> Verdict:
        label, score = next((v for k, v in self.script.items() if k in quote), ("unclear", 0.1))
        supported, contradicted = {"supported": (score, 0.0), "contradicted": (0.0, score)}.get(label, (score, 0.0))
        return Verdict(label, score, self.name, (), supported, contradicted)


def checker(base: KnowledgeBase, script: dict[str, tuple[Label, float]], **options: Sequence[str]) -> Checker:
    return Checker(base.catalog.read, base._reading(), Scripted(script), **options)


def shown(view: RenderableType, width: int = 100) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as captured:
        console.print(view)
    return captured.get()


def test_one_side_decides(filled: KnowledgeBase) -> None:
    done = checker(filled, {"not anonymous": ("contradicted", 0.9)}).check(CLAIM)
    assert done.verdict == "contradicted"
    assert done.score == 0.9
    assert [item.evidence.stance for item in done.judged] == ["against"]
    assert done.judged[0].evidence.quote == ANONYMOUS
    assert done.witnesses == (0, 1)
    assert done.verifier == "scripted"
    document = filled.catalog.read.document(done.judged[0].evidence.document_id)
    assert document is not None
    assert done.judged[0].evidence.resolves_in(document)


def test_two_independent_sides_are_a_dispute(base: KnowledgeBase, tmp_path: Path) -> None:
    rows = (
        {"_id": year, "text": f"The Harbour Bridge was opened in {year} by the premier."} for year in ("1932", "1934")
    )
    (tmp_path / "bridge.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    base.ingest(tmp_path / "bridge.jsonl")
    script: dict[str, tuple[Label, float]] = {"1932": ("contradicted", 0.9), "1934": ("supported", 0.8)}
    done = checker(base, script).check("The Harbour Bridge was opened late by the premier.")
    assert done.verdict == "disputed"
    assert done.score == 0.8
    assert {item.evidence.stance for item in done.judged} == {"for", "against"}
    assert "1 independent source for it, 1 independent source against it" in done.reason


def test_a_passage_on_something_else_does_not_decide(filled: KnowledgeBase) -> None:
    script: dict[str, tuple[Label, float]] = {
        "not anonymous": ("contradicted", 0.9),
        "Imitating a stronger": ("supported", 0.99),
    }
    assert checker(filled, script).check(CLAIM).verdict == "contradicted"


def test_within_one_source_the_surer_side_speaks(filled: KnowledgeBase) -> None:
    script: dict[str, tuple[Label, float]] = {
        "not anonymous": ("contradicted", 0.7),
        "A language model can repeat": ("supported", 0.9),
    }
    done = checker(filled, script).check("Synthetic text and a language model repeat a person's record.")
    assert done.verdict == "supported"


def test_copies_count_once(filled: KnowledgeBase) -> None:
    done = checker(filled, {"repeats the bias": ("supported", 0.9)}).check(
        "Synthetic data repeats the bias of its model."
    )
    assert done.verdict == "supported"
    assert done.witnesses == (1, 0)


def test_what_nothing_decides_is_insufficient_with_the_nearest(filled: KnowledgeBase) -> None:
    done = checker(filled, {}).check(CLAIM)
    assert done.verdict == "insufficient"
    assert done.score == pytest.approx(0.9)
    assert not done.judged
    assert done.nearest
    assert "decides it" in done.reason


def test_an_empty_knowledge_base_decides_nothing(base: KnowledgeBase) -> None:
    done = checker(base, {}).check(CLAIM)
    assert (done.verdict, done.nearest, done.searched) == ("insufficient", (), 0)
    assert "holds nothing" in done.reason


def test_all_quotes_are_judged_in_one_batch(filled: KnowledgeBase) -> None:
    verifier = Scripted({})
    Checker(filled.catalog.read, filled._reading(), verifier).check(CLAIM)
    assert verifier.calls == 1


def test_a_sentence_that_leans_on_the_one_before_is_read_with_it(filled: KnowledgeBase) -> None:
    script: dict[str, tuple[Label, float]] = {
        "by itself. A language model": ("supported", 0.8),
        "by itself.": ("unclear", 0.1),
    }
    done = checker(filled, script).check("A language model can repeat a person's record.")
    assert done.verdict == "supported"
    assert done.judged[0].evidence.quote.startswith(ANONYMOUS)


def test_sources_that_are_left_out_are_no_witness(filled: KnowledgeBase) -> None:
    own = filled.find_source("privacy.txt").id
    done = checker(filled, {"not anonymous": ("contradicted", 0.9)}, leave_out=[own]).check(CLAIM)
    assert done.verdict == "insufficient"


def test_the_record_refuses_a_verdict_without_words(filled: KnowledgeBase) -> None:
    done = checker(filled, {"not anonymous": ("contradicted", 0.9)}).check(CLAIM)
    with pytest.raises(RecordError, match="only with the words"):
        replace(done, verdict="disputed")
    with pytest.raises(RecordError, match="not insufficient"):
        replace(done, verdict="insufficient")
    with pytest.raises(RecordError, match=r"0\.\.1"):
        replace(done, score=2.0)
    with pytest.raises(RecordError, match="only with the words"):
        Check("c", "supported", 0.5, verifier="x")


def test_files_are_checked_sentence_by_sentence(filled: KnowledgeBase, tmp_path: Path) -> None:
    text = tmp_path / "draft.md"
    text.write_text(f"# Draft\n\n{ANONYMOUS} It is a risk. Is it? Keep the data.\n\n- A list\n", "utf-8")
    done = filled.check_file(text)
    assert [s.check.claim for s in done.sentences] == [ANONYMOUS, "It is a risk."]
    assert done.checks[0].verdict == "supported"
    assert done.checks[1].read_as == "Synthetic text is a risk."
    assert done.skipped == {"heading": 1, "question": 1, "instruction": 1, "fragment": 1}
    assert all(done.text[s.start : s.end] == s.check.claim for s in done.sentences)
    assert done.name == "draft.md"


def test_a_text_of_the_corpus_is_not_its_own_witness(filled: KnowledgeBase, corpus: Path) -> None:
    done = filled.check_file(corpus / "privacy.txt")
    assert done.count("supported") == 0


def test_a_file_without_text_is_an_error(filled: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    with pytest.raises(ParseError):
        filled.check_file(tmp_path / "empty.md")


def test_lines_are_claims_but_for_comments(filled: KnowledgeBase) -> None:
    seen: list[tuple[int, int]] = []
    done = check_claims(
        "claims.txt",
        ["# comment", "", ANONYMOUS, "  Bread is baked on Mars. "],
        filled.checker(),
        progress=lambda at, total: seen.append((at, total)),
    )
    assert [c.claim for c in done.checks] == [ANONYMOUS, "Bread is baked on Mars."]
    assert seen == [(1, 2), (2, 2)]


def test_views_show_verdict_words_and_judge(filled: KnowledgeBase) -> None:
    done = checker(filled, {"not anonymous": ("contradicted", 0.9)}).check(CLAIM)
    text = shown(checks.check(done))
    for needle in (CLAIM, "contradicted", "0.90", "against", ANONYMOUS, "judged by: scripted"):
        assert needle in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 100
    note = checks.check_markdown(done)
    assert f"“{ANONYMOUS}”" in note
    assert "Judged by: scripted" in note


def test_views_show_why_words_decide(filled: KnowledgeBase) -> None:
    done = checker(filled, {"not anonymous": ("contradicted", 0.9)}).check(CLAIM)
    (first, *rest) = done.judged
    told = replace(
        first, verdict=replace(first.verdict, reasons=("number differs: 12 % / 21 %", "only *one* is negated"))
    )
    why = "number differs: 12 % / 21 %; only *one* is negated"
    done = replace(done, judged=(told, *rest))
    assert why in shown(checks.check(done))
    assert "Against (0.90; number differs: 12 % / 21 %; only \\*one\\* is negated): “" in checks.check_markdown(done)


def test_what_came_nearest_names_the_words_that_it_lacks(filled: KnowledgeBase) -> None:
    done = Checker(filled.catalog.read, filled._reading(), EntailmentVerifier()).check("Bread is baked on Mars.")
    assert done.verdict == "insufficient"
    assert done.nearest
    text = " ".join(shown(checks.check(done)).split())
    for item in done.nearest:
        lacking = [reason for reason in item.verdict.reasons if reason.startswith("not in the quote: ")]
        assert lacking
        assert lacking[0] in text


class Denying:
    """Finds every denial contradicted, and of other claims those supported whose ``words`` the quote holds."""

    name = "denying"

    def __init__(self, words: str) -> None:
        self.words = words

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        return [self._one(quote, claim) for quote, claim in pairs]

    def _one(self, quote: str, claim: str) -> Verdict:
        if "not" in claim.split():
            return Verdict("contradicted", 0.9, self.name, ("seen",), 0.0, 0.9)
        found = 0.8 if self.words in quote else 0.3
        return Verdict("unclear", 1.0 - found, self.name, (), found, 0.0)


def test_words_against_a_denial_say_what_it_denies(filled: KnowledgeBase) -> None:
    def check(words: str) -> Check:
        return Checker(filled.catalog.read, filled._reading(), Denying(words)).check("Synthetic text is not private.")

    done = check("not anonymous")
    assert done.verdict == "contradicted"
    assert [item.evidence.quote for item in done.judged] == [ANONYMOUS]
    assert done.score == 0.9
    silent = check("words that no source has")
    assert silent.verdict == "insufficient"
    assert not silent.judged
    for item in silent.nearest:
        assert (item.verdict.label, item.verdict.contradicted) == ("unclear", 0.3)
        assert item.verdict.score == pytest.approx(0.7)
        assert item.verdict.reasons == ("seen", "it does not say: Synthetic text is private.")


def test_words_that_hold_all_that_is_denied_stand_against_it(filled: KnowledgeBase) -> None:
    verifier = Denying("words that no source has")
    done = Checker(filled.catalog.read, filled._reading(), verifier).check("Synthetic text is not anonymous.")
    assert done.verdict == "contradicted"
    assert [item.evidence.quote for item in done.judged] == [ANONYMOUS]
    assert done.judged[0].verdict.reasons == ("seen",)


def test_a_denial_of_a_quote_s_own_words_is_contradicted(base: KnowledgeBase, tmp_path: Path) -> None:
    text = tmp_path / "ferry.md"
    text.write_text("The ferry to Holm runs four times a day in winter. Dogs travel free of charge.\n", "utf-8")
    base.ingest(text)
    verifier = EntailmentVerifier()
    done = Checker(base.catalog.read, base._reading(), verifier).check("The ferry never runs in winter.")
    assert done.verdict == "contradicted"


def test_a_name_by_itself_decides_nothing(base: KnowledgeBase, tmp_path: Path) -> None:
    text = tmp_path / "glossary.md"
    text.write_text(
        "WATERMARK.\n\nA watermark is a pattern in a text. Is a watermark safe? Watermarks: 12 of 15.\n", "utf-8"
    )
    base.ingest(text)
    done = checker(base, {"": ("contradicted", 0.9)}).check("Watermarks are removed.")
    quotes = {item.evidence.quote for item in done.judged}
    assert quotes
    assert not quotes & {"WATERMARK.", "Is a watermark safe?"}
    assert any("12 of 15" in quote for quote in quotes)


@pytest.mark.parametrize(
    ("claim", "sure", "verdict"),
    [
        (CLAIM, 0.9, "supported"),
        (CLAIM, 0.89, "insufficient"),
        ("Synthetic text is not private.", 0.9, "insufficient"),
    ],
)
def test_words_that_search_found_support_from_nine_in_ten(
    filled: KnowledgeBase, claim: str, sure: float, verdict: str
) -> None:
    done = checker(filled, {"not anonymous": ("unclear", sure)}).check(claim)
    assert done.verdict == verdict
    shown_words = [item for item in (*done.judged, *done.nearest) if item.evidence.quote == ANONYMOUS]
    assert [item.verdict.supported for item in shown_words] == [sure]
    assert [(item.verdict.label, item.verdict.score) for item in done.judged] == [("supported", 0.9)] * len(done.judged)


def test_words_that_decide_nothing_tell_to_which_side_they_lean(filled: KnowledgeBase) -> None:
    done = checker(filled, {"not anonymous": ("unclear", 0.8)}).check(CLAIM)
    assert done.verdict == "insufficient"
    assert done.nearest[0].evidence.quote == ANONYMOUS
    assert done.reason.endswith("decides it; the nearest words lean for it")
    assert "leans for 0.80" in " ".join(shown(checks.check(done)).split())
    assert "- Leans for (0.80): “" in checks.check_markdown(done)
    first, *rest = done.nearest
    assert "- Nearest (0.10): “" in checks.check_markdown(replace(done, nearest=tuple(rest)))
    denial = replace(first, verdict=replace(first.verdict, supported=0.1, contradicted=0.7))
    assert "- Leans against (0.70): “" in checks.check_markdown(replace(done, nearest=(denial, *rest)))


def test_words_that_lean_both_ways_are_told_so(filled: KnowledgeBase) -> None:
    class Torn(Scripted):
        def _one(self, quote: str) -> Verdict:
            denies = "anonymous" in quote
            return Verdict("unclear", 0.1, self.name, (), 0.2 if denies else 0.7, 0.7 if denies else 0.2)

    done = Checker(filled.catalog.read, filled._reading(), Torn({})).check(CLAIM)
    assert done.reason.endswith("; the nearest words lean both ways")


def test_a_list_of_claims_shows_the_words_that_lean(filled: KnowledgeBase) -> None:
    done = check_claims("list", [CLAIM], checker(filled, {"not anonymous": ("unclear", 0.8)}))
    table = " ".join(shown(checks.checked_text(done), width=200).split())
    assert f"leans for: “{ANONYMOUS}”" in table
    assert "nearest:" not in table
    silent = check_claims("list", [CLAIM], checker(filled, {}))
    assert "“" not in shown(checks.checked_text(silent))


def test_a_checked_text_as_table_markdown_and_json(filled: KnowledgeBase, tmp_path: Path) -> None:
    text = tmp_path / "draft.md"
    text.write_text(f"# Draft *one*\n\n{ANONYMOUS} Bread is baked on Mars.\n\n```\ncode\n```\n", "utf-8")
    done = filled.check_file(text)
    table = " ".join(shown(checks.checked_text(done)).split())
    assert "2 claims: 1 supported, 0 contradicted, 0 disputed, 1 insufficient; skipped: 1 code, 1 heading" in table
    page = checks.text_markdown(done)
    assert f"{ANONYMOUS} ✓[^1] Bread is baked on Mars. ?[^2]" in page
    assert "[^1]: **supported** (" in page
    assert "## Draft one" in page
    body = check_contract.checked_text(done)
    assert json.loads(json.dumps(body)) == body
    assert body["counts"] == {"supported": 1, "contradicted": 0, "disputed": 0, "insufficient": 1}
    first = body["claims"][0]
    assert {"claim", "verdict", "score", "evidence", "verifier", "seconds"} <= set(first)
    assert {"quote", "start", "end", "stance", "score", "verdict"} <= set(first["evidence"][0])
    assert first["evidence"][0]["stance"] == "for"


def test_judged_quotes_keep_their_verdict(filled: KnowledgeBase) -> None:
    weighed = checker(filled, {"not anonymous": ("contradicted", 0.9)}).weigh(CLAIM)
    assert weighed.judged
    assert all(isinstance(item, Judged) for item in weighed.judged)
    assert {item.verdict.label for item in weighed.judged} == {"contradicted", "unclear"}
