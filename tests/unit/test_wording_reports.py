"""What a writer makes of angles: no claim twice, titles, nothing invented."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from contracts.evidence import claim, sources_of
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import ids
from kb.backends.lexical_verifier import LexicalVerifier
from kb.backends.scripted_model import ScriptedModel
from kb.errors import ModelUnavailableError
from kb.records import Angle, Claim
from queries.breaking import PATIENCE
from queries.gate import REASONS
from queries.writing import Writer

COLLAPSE = "Training on synthetic data leads to model collapse within a few generations."
KEEPING = "In all published experiments, keeping the original data prevents model collapse."
AGAIN = "Keeping the original data prevents model collapse in both laboratories of the institute."
SHORT = "Keeping the original data prevents model collapse."
BIAS = "In later models, the bias of the first model is found again."


def angle(title: str, *claims: Claim) -> Angle:
    return Angle(f"a_{title}", title, (title,), claims)


def drafts(*entries: tuple[str, list[int]]) -> str:
    return json.dumps({"claims": [{"sentences": cited, "text": text} for text, cited in entries]})


def titles(*texts: str) -> Writer:
    return Writer(ScriptedModel([json.dumps({"title": text}) for text in texts]), LexicalVerifier())


def test_a_draft_that_says_what_stands_already_adds_its_evidence_to_it() -> None:
    name = ids.claim_id("t_1", SHORT)
    kept = dataclasses.replace(claim("k_0", SHORT, KEEPING), id=name, status="kept", worded_by="scripted")
    fresh = claim("k_1", AGAIN)
    writer = Writer(ScriptedModel([drafts((SHORT, [1]))]), LexicalVerifier())
    made, _ = writer.angles("Collapse", "t_1", [angle("New", fresh), angle("Old", kept)], {}, sources_of)
    (only,) = made
    assert only.title == "Old"
    (joined,) = only.claims
    assert (joined.id, joined.text, joined.witnesses, joined.certainty) == (name, SHORT, 2, "moderate")
    assert [item.quote for item in joined.evidence] == [KEEPING, AGAIN]


def test_it_stands_where_it_stood_also_in_the_angle_of_the_draft() -> None:
    name = ids.claim_id("t_1", SHORT)
    kept = dataclasses.replace(claim("k_0", SHORT, KEEPING), id=name, status="kept")
    writer = Writer(ScriptedModel([drafts((SHORT, [1]))]), LexicalVerifier())
    (made,), _ = writer.angles("Collapse", "t_1", [angle("One", claim("k_1", AGAIN), kept)], {}, sources_of)
    assert [item.id for item in made.claims] == [name]
    assert (made.claims[0].status, made.claims[0].witnesses) == ("kept", 2)


def test_a_model_that_says_much_gets_no_more_room() -> None:
    texts = [
        SHORT,
        "In all published experiments, keeping the original data prevents collapse.",
        "Published experiments.",
    ]
    one, two = claim("k_1", KEEPING), claim("k_2", BIAS)
    later = "In later models, the bias is found again."
    writer = Writer(ScriptedModel([drafts(*((text, [1]) for text in texts), (later, [2]))]), LexicalVerifier())
    (made,), origins = writer.angles("Collapse", "t_1", [angle("One", one, two)], {}, sources_of)
    assert len(made.claims) == 2
    assert {origin for theirs in origins.values() for origin in theirs} <= {"k_1", "k_2"}
    assert {item.quote for each in made.claims for item in each.evidence} == {KEEPING, BIAS}


def test_what_a_model_words_says_so() -> None:
    writer = Writer(ScriptedModel([drafts((SHORT, [1]))]), LexicalVerifier())
    (made,), _ = writer.angles(
        "Collapse", "t_1", [angle("One", claim("k_1", KEEPING), claim("k_2", BIAS))], {}, sources_of
    )
    assert [item.worded_by for item in made.claims] == ["scripted", ""]


def test_a_title_is_drafted_once_and_no_two_are_alike() -> None:
    one, two = angle("Cost", claim("k_1", KEEPING)), angle("Money", claim("k_2", AGAIN))
    writer = titles("Original data", "Original data")
    first, second = writer.titled("Model collapse", [one, two], ["Further findings"])
    assert (first.title, first.worded_by, first.id) == ("Original data", "scripted", one.id)
    assert second == two
    (note,) = writer.written.notes
    assert note.part == "the title of angle 'Money'"
    assert "another angle" in note.reason
    taken = titles("Original data")
    assert taken.titled("Model collapse", [one], ["original data"]) == (one,)


def test_a_title_that_its_claims_do_not_say_is_refused_and_counted() -> None:
    writer = titles("Cheese and wine")
    one = angle("Cost", claim("k_1", KEEPING))
    assert writer.titled("Model collapse", [one]) == (one,)
    assert [item.reason for item in writer.written.refused] == ["unsupported"]


def test_a_model_that_is_away_is_asked_for_a_few_parts_only() -> None:
    asked: list[str] = []

    def away(prompt: str) -> str:
        asked.append(prompt)
        msg = "nobody is there"
        raise ModelUnavailableError(msg)

    writer = Writer(ScriptedModel(away), LexicalVerifier())
    angles = [angle(f"Angle {n}", claim(f"k_{n}", KEEPING.replace("all", f"{n} of the"))) for n in range(3, 12)]
    made, origins = writer.angles("Collapse", "t_1", angles, {}, sources_of)
    assert (made, origins) == (tuple(angles), {})
    assert writer.titled("Collapse", angles) == tuple(angles)
    assert writer.summary("Collapse", (), [c for a in angles for c in a.claims]) == ()
    assert len(asked) == PATIENCE
    notes = writer.written.notes
    assert len(notes) == 2 * len(angles) + 1
    assert all("nobody is there" in note.reason for note in notes[:PATIENCE])
    assert all("not asked" in note.reason for note in notes[PATIENCE:])


TEXTS = st.one_of(
    st.sampled_from([COLLAPSE, KEEPING, SHORT, AGAIN, BIAS, "Cheese prevents model collapse.", "It grows.", ""]),
    st.text(max_size=60),
    st.lists(st.sampled_from([*COLLAPSE.split(), *KEEPING.split(), "not", "2031", "Paris"]), max_size=12).map(" ".join),
)
ENTRIES = st.one_of(
    st.fixed_dictionaries({"sentences": st.lists(st.integers(-2, 9), max_size=4), "text": TEXTS}),
    st.fixed_dictionaries({"sentences": st.lists(st.integers(-2, 9), max_size=4), "text": TEXTS, "quotes": TEXTS}),
    st.text(max_size=9),
    st.none(),
)


@settings(max_examples=80, deadline=None)
@given(entries=st.lists(ENTRIES, max_size=8))
def test_whatever_a_model_answers_no_number_and_no_quote_is_invented(entries: list[Any]) -> None:
    listed = [claim(f"k_{n}", text) for n, text in enumerate((COLLAPSE, KEEPING, BIAS), start=1)]
    answer = json.dumps({"claims": entries})
    writer = Writer(ScriptedModel([answer, answer]), LexicalVerifier())
    made, origins = writer.angles("Collapse", "t_1", [angle("One", *listed)], {}, sources_of)
    places = {item.id: item.quote for each in listed for item in each.evidence}
    claims = [item for side in made for item in side.claims]
    assert {item.id for item in claims} >= set(origins)
    for item in claims:
        assert {e.id: e.quote for e in item.evidence}.items() <= places.items()
        if item.worded_by:
            (verdict,) = LexicalVerifier().judge([(item.evidence[0].quote, item.text)])
            assert verdict.label == "supported"
            assert item.support is not None
    covered = {e.id for item in claims for e in item.evidence}
    assert covered == set(places)
    assert {item.reason for item in writer.written.refused} <= set(REASONS)
