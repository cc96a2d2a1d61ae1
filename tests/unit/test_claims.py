"""The rule of certainty, and what a report finds room for."""

from __future__ import annotations

import numpy as np
import pytest

from kb import ids
from kb.backends.entailment_verifier import EntailmentVerifier
from kb.records import Block, Chunk, Claim, Document, Parsed, Source
from queries.angles import Side
from queries.candidates import Candidate
from queries.claims import Head, judge_certainty, merge
from queries.corroborating import corroborate
from queries.selecting import PER_ANGLE, choose


@pytest.mark.parametrize(
    ("witnesses", "sources", "against", "certainty"),
    [(1, 1, 0, "low"), (1, 2, 0, "low"), (2, 2, 0, "moderate"), (3, 4, 0, "high"), (9, 9, 1, "disputed")],
)
def test_certainty_follows_the_written_rule(witnesses: int, sources: int, against: int, certainty: str) -> None:
    said = ["It rains in Bergen.", "The town is wet.", "Umbrellas sell well.", "Few days are dry.", "Puddles stay."]
    evidence = [candidate(said[n % 5], f"s{n}", [1.0]).evidence() for n in range(sources)]
    found, reason = judge_certainty(witnesses, evidence, against)
    assert found == certainty
    assert ("copies" in reason) == (sources > witnesses)
    assert "perhaps" not in reason


def test_agreement_in_the_same_words_is_said_and_not_counted() -> None:
    said = [
        "For today's models, evidence suggests synthetic data can, and should, be used at scale without regressions.",
        "Evidence suggests synthetic data can -- and should -- be used at scale without the regressions of the old story.",
    ]
    evidence = [candidate(text, f"s{n}", [1.0]).evidence() for n, text in enumerate(said)]
    assert judge_certainty(2, evidence, 0) == (
        "moderate",
        "two sources agree, in part word for word: perhaps not independently",
    )


def candidate(text: str, source: str, vector: list[float], score: float = 0.6) -> Candidate:
    place = Source.at(f"file:///{source}.md", "file")
    document = Document.of(place, ids.sha256_text(text), Parsed(text, (Block(0, len(text), "paragraph"),)))
    unit = np.array(vector, dtype=np.float32)
    unit /= np.linalg.norm(unit)
    chunk = Chunk.cut(document, 0, len(text))
    return Candidate(chunk, place, document.text_sha256, 0, len(text), text, unit, unit, score, score)


RAIN = "Rain fell on 212 days of the year in the harbour town of Bergen."
RAIN_TOO = "In the harbour town of Bergen rain fell on 212 days of the year."
RAIN_LESS = "Rain fell on 150 days of the year in the harbour town of Bergen."
SHIPPED = EntailmentVerifier()
SNOW = "Snow closed the mountain road to the eastern valley for six weeks."


def test_the_same_statement_from_two_sources_is_one_claim_with_both() -> None:
    heads = merge([candidate(RAIN, "a", [1, 0]), candidate(RAIN_TOO, "b", [1, 0.1]), candidate(SNOW, "c", [0, 1])])
    assert [head.candidate.text for head in heads] == [RAIN, SNOW]
    assert [c.text for c in heads[0].support] == [RAIN_TOO]


def test_another_number_is_never_support() -> None:
    heads = merge([candidate(RAIN, "a", [1, 0]), candidate(RAIN_LESS, "b", [1, 0.1])])
    assert all(not head.support for head in heads)


def test_an_earlier_claim_keeps_its_wording() -> None:
    first = candidate(RAIN, "a", [1, 0])
    prior = Claim("k_1", RAIN, (first.evidence(),))
    heads = merge([candidate(RAIN_TOO, "b", [1, 0.1], score=0.9)], [Head(first, prior)])
    assert [head.candidate.text for head in heads] == [RAIN]
    assert heads[0].prior is prior


def test_choosing_keeps_earlier_claims_and_the_room() -> None:
    rng = np.random.default_rng(0)
    heads = [
        Head(candidate(f"Statement number {n} is about thing {n}.", f"s{n}", list(rng.normal(size=16))))
        for n in range(40)
    ]
    heads[39].prior = Claim("k_9", heads[39].candidate.text, (heads[39].candidate.evidence(),))
    sides = [Side(f"a_{at}", f"Side {at}", ("q",), heads=heads[at::4]) for at in range(4)]
    chosen = choose(sides, [], room=12)
    assert sum(len(part) for part in chosen) == 12
    assert any(head.prior for part in chosen for head in part)
    assert all(len(part) <= PER_ANGLE + 2 for part in chosen)
    assert len({id(head) for part in chosen for head in part}) == 12


def test_the_verifier_finds_who_denies_a_claim_in_other_words_and_copies_are_no_other_witness() -> None:
    head, *_ = merge([candidate(RAIN, "a", [1, 0])])
    others = [candidate(RAIN_LESS, "b", [1, 0.2]), candidate(RAIN_LESS, "copy", [1, 0.2]), candidate(SNOW, "c", [0, 1])]
    groups = {others[1].source.id: others[0].source.id}
    corroborate([head], others, groups, SHIPPED)
    assert len(head.against) == 1
    assert {c.text for c in head.against} == {RAIN_LESS}
    assert not head.support


def test_a_sentence_of_the_same_witness_is_not_asked() -> None:
    head, *_ = merge([candidate(RAIN, "a", [1, 0])])
    other = candidate(RAIN_LESS, "b", [1, 0.2])
    corroborate([head], [other], {other.source.id: "w", head.candidate.source.id: "w"}, SHIPPED)
    assert not head.against
    assert not head.support
