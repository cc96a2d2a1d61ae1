"""Claims of a model in the next report: what of them still stands, and what adds to them. Old reports still load."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from contracts.evidence import claim, passage

from kb.app import KnowledgeBase
from kb.records import (
    Angle,
    Block,
    Changes,
    Chunk,
    Claim,
    Document,
    Evidence,
    Note,
    Parsed,
    Reference,
    Refusal,
    Rejected,
    Report,
    Source,
    SourceAccount,
    Statement,
    Topic,
    Usage,
    Verdict,
)
from kb.render import contract, wording
from queries import living
from queries.claims import Head, Maker, status_of
from queries.gate import Refused
from queries.retrieval import Retriever
from queries.rewording import account_of
from queries.topics import content_stems
from queries.writing import Written

ONE = "The harbour of Bergen was dug in the year 1250 by monks."
TWO = "The harbour of Bergen was closed by the council in 1901."
BOTH = "The harbour of Bergen was dug by monks and closed by the council."
PAGES = {"one.md": f"# Harbour\n\n{ONE}\n", "two.md": f"# Council\n\n{TWO}\n"}


class Words:
    """Finds a claim supported where the quote, read alone or with others, has all words that matter in it."""

    name = "words"

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        held = [set(content_stems(text)) <= set(content_stems(quote)) for quote, text in pairs]
        return [
            Verdict("supported", 0.9, self.name, (), 0.9) if all_ else Verdict("unclear", 0.3, self.name)
            for all_ in held
        ]


def put(folder: Path, pages: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")


def quoted(base: KnowledgeBase, words: str) -> Evidence:
    """The evidence for ``words`` in the live document that holds them."""
    read = base.catalog.read
    for state in base.sources():
        document = read.document_of_source(state.source.id)
        if document is not None and words in document.text:
            at = document.text.index(words)
            chunk = next(c for c in read.chunks_of(document.id) if c.start <= at < c.end)
            sha = document.text_sha256
            return Evidence.of(chunk, at, at + len(words), source=state.source, document_sha256=sha, score=0.9)
    raise AssertionError(words)


def heads_of(base: KnowledgeBase, *claims: Claim) -> list[Head]:
    previous = living.Previous("r_1", base.catalog.read.revision(), claims, ())
    retriever: Retriever = base._reading()
    return living.still_standing(previous, base.catalog.read, retriever.embedder, [])


@pytest.fixture
def harbour(base: KnowledgeBase, tmp_path: Path) -> KnowledgeBase:
    put(tmp_path / "pages", PAGES)
    base.ingest(tmp_path / "pages")
    return base


def drafted(base: KnowledgeBase, text: str, *quotes: str) -> Claim:
    return Claim("k_1", text, tuple(quoted(base, q) for q in quotes), "a_1", witnesses=len(quotes), worded_by="m")


def test_a_claim_over_two_quotes_stands_while_both_do(harbour: KnowledgeBase, tmp_path: Path) -> None:
    before = drafted(harbour, BOTH, ONE, TWO)
    put(tmp_path / "pages", {"one.md": f"# Harbour\n\nA new first paragraph about boats.\n\n{ONE}\n"})
    harbour.ingest(tmp_path / "pages")
    (head,) = heads_of(harbour, before)
    now = Maker("t_1", Words(), {}).make(head, "a_1")
    assert now is not None
    assert (now.id, now.text, now.status, now.worded_by) == ("k_1", BOTH, "kept", "m")
    assert sorted(e.quote for e in now.evidence) == sorted([ONE, TWO])
    assert head.candidate.text == BOTH
    assert {c.text for c in head.quotes} == {ONE, TWO}


def test_what_was_judged_and_stands_is_not_judged_again(harbour: KnowledgeBase) -> None:
    class Other(Words):
        name = "other"

    judged = Verdict("supported", 0.9, Words.name, (), 0.9)
    before = dataclasses.replace(drafted(harbour, "Monks sang in Bergen.", ONE), support=judged)
    (head,) = heads_of(harbour, before)
    now = Maker("t_1", Words(), {}).make(head, "a_1")
    assert now is not None
    assert (now.text, now.support) == (before.text, judged)
    assert Maker("t_1", Other(), {}).make(head, "a_1") is None


def test_it_goes_when_one_of_two_that_it_needs_goes(harbour: KnowledgeBase) -> None:
    judged = Verdict("supported", 0.9, Words.name, (), 0.9)
    before = dataclasses.replace(drafted(harbour, BOTH, ONE, TWO), support=judged)
    harbour.remove("one.md")
    (head,) = heads_of(harbour, before)
    maker = Maker("t_1", Words(), {})
    assert maker.make(head, "a_1") is None
    assert maker.rejected == Rejected(unsupported=1)
    assert living.why_withdrawn(before, harbour.catalog.read).startswith("its source was removed")


def test_it_stays_weaker_when_one_of_two_that_say_it_goes(base: KnowledgeBase, tmp_path: Path) -> None:
    other = "According to the town, the harbour of Bergen was dug in the year 1250 by monks."
    put(tmp_path / "pages", {**PAGES, "three.md": f"# Town\n\n{other}\n"})
    base.ingest(tmp_path / "pages")
    before = drafted(base, "The harbour of Bergen was dug by monks.", ONE, other)
    base.remove("one.md")
    (head,) = heads_of(base, before)
    now = Maker("t_1", Words(), {}).make(head, "a_1")
    assert now is not None
    assert [e.quote for e in now.evidence] == [other]
    (angle,) = living.restated(living.Previous("r_1", 1, (before,), ()), [Angle("a_1", "Harbour", ("q",), (now,))])
    assert angle.claims[0].status == "weakened"


def test_only_new_sources_add_to_it(harbour: KnowledgeBase) -> None:
    before = drafted(harbour, "The harbour of Bergen was dug by monks.", ONE)
    (head,) = heads_of(harbour, before)
    other = passage(1, "The harbour of Bergen was dug slowly by monks.", "other").evidence
    candidate = dataclasses.replace(head.quotes[0], text=other.quote, start=0, end=len(other.quote))
    source = Source.at("file:///other.md", "file")
    document = Document.of(source, "hash", Parsed(other.quote, (Block(0, len(other.quote), "paragraph"),)))
    chunk = Chunk.cut(document, 0, len(other.quote))
    head.support.append(dataclasses.replace(candidate, chunk=chunk, source=source, sha256=document.text_sha256))
    assert len(_made(head, frozenset()).evidence) == 1
    now = _made(head, frozenset({source.id}))
    assert (len(now.evidence), now.status, now.certainty) == (2, "strengthened", "moderate")


def _made(head: Head, fresh: frozenset[str]) -> Claim:
    made = Maker("t_1", Words(), {}, fresh).make(head, "a_1")
    assert made is not None
    return made


def test_a_claim_that_is_found_anew_is_not_new() -> None:
    before = dataclasses.replace(claim("k_1", ONE), witnesses=2)
    again = claim("k_1", ONE)
    (angle,) = living.restated(
        living.Previous("r_1", 1, (before,), ()), [Angle("a_1", "Harbour", ("q",), (again, claim("k_2", TWO)))]
    )
    assert [item.status for item in angle.claims] == ["weakened", "new"]
    assert status_of(again, None) == "new"


NEW_KEYS = {"worded_by", "refused", "notes", "prompts", "usage", "malformed"}


def without_new_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_new_keys(item) for key, item in value.items() if key not in NEW_KEYS}
    return [without_new_keys(item) for item in value] if isinstance(value, list) else value


def test_a_report_of_an_earlier_version_still_loads(harbour: KnowledgeBase) -> None:
    _, files = harbour.report("The harbour of Bergen")
    body = json.loads(Path(files["json"]).read_text("utf-8"))
    assert living.read_previous(without_new_keys(body)) == living.read_previous(body)
    assert harbour.verify(without_new_keys(body)).problems == ()


def report_of(*claims: Claim, summary: tuple[Statement, ...] = ()) -> Report:
    sources = {e.source_id: e for each in claims for e in each.evidence}
    references = tuple(
        Reference(n, key, e.title, e.uri, "", "", "", ()) for n, (key, e) in enumerate(sources.items(), start=1)
    )
    return Report(
        "r_1", Topic("Harbours", "Harbours"), "2026-01-01", 1, (Angle("a_1", "Digging", ("q",), claims),), summary, (), (),
        (), Changes(), references, (), SourceAccount(1, 0, 0, 1, 1),
    )  # fmt: skip


def test_the_account_names_every_model_whose_words_stand() -> None:
    first = dataclasses.replace(claim("k_1", "Monks dug it.", ONE), worded_by="m")
    second = claim("k_2", TWO)
    made = account_of(report_of(first, second, summary=(Statement("Monks.", ("k_1",), "n"),)), Rejected(), None)
    assert made.model == "m, n"
    said = wording.who_worded(made)
    assert said.startswith("1 of 2 claims and the summary in the words of m, n")
    assert account_of(report_of(second), Rejected(), None).model == "none"
    assert wording.who_worded(report_of(second)) == ""


def test_the_account_counts_what_did_not_pass() -> None:

    refused = tuple(
        Refused("text", reason, "why") for reason in ("unknown_id", "unsupported", "malformed", "malformed")
    )
    written = Written("m", ("claims.v1@1",), refused, (Note("the summary", "gone"),), Usage(2, 0, 1, 10, 5, 1.0, 0.25))
    made = account_of(report_of(claim("k_1", ONE)), Rejected(unsupported=1), written)
    body = contract.report(made, {})
    assert body["rejected"] == {"unknown_id": 1, "inexact_quote": 0, "unsupported": 2, "malformed": 2}
    assert body["notes"] == [{"part": "the summary", "reason": "gone"}]
    assert body["usage"]["cost"] == 0.25
    assert made.refused[0] == Refusal("text", "unknown_id", "why")
    assert (
        wording.did_not_pass(made.refused) == "4 drafts did not pass the gate: 2 malformed, 1 unknown_id, 1 unsupported"
    )
    assert wording.used(made.usage) == "2 calls, 1 without an answer, 10 tokens read, 5 written, cost 0.2500"
