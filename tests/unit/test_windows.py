"""What the verifier reads of a quote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.backends._windows import windows

_FILLER = [f"The clerk of the parish noted item {number} in the long ledger of the year. " for number in range(60)]
_CLAIM = "The mill at Aldwick, built by Thomas Reeve, burned down in a storm."
_FACTS = ["Aldwick's mill was the work of Thomas Reeve.", "A storm burned it to the ground."]


def _document(at: int) -> str:
    rows = list(_FILLER)
    rows.insert(at, _FACTS[0] + " ")
    rows.insert(at + 30, _FACTS[1] + " ")
    return "".join(rows)


def test_a_short_quote_is_read_whole() -> None:
    quote = f"{_FACTS[0]} Nobody knows why. {_FACTS[1]}"
    assert windows(quote, _CLAIM) == ([quote], [])


def test_a_longer_one_is_also_read_by_the_sentences_that_share_words() -> None:
    quote = f"{_FACTS[0]} {''.join(_FILLER[:4])}{_FACTS[1]}"
    wide, narrow = windows(quote, _CLAIM)
    assert wide == [quote]
    assert [text.strip() for text in narrow[:2]] == _FACTS


def test_facts_that_stand_far_apart_are_read_together() -> None:
    for at in (0, 7, 29):
        gathered, accompanied = windows(_document(at), _CLAIM)[0]
        assert all(fact in gathered and fact in accompanied for fact in _FACTS)
        assert len(accompanied) > len(gathered)


def test_a_sentence_is_read_with_its_neighbours() -> None:
    rows = [*_FILLER[:30], "The storm took the mill. ", "It was never built again. ", *_FILLER[30:]]
    wide, narrow = windows("".join(rows), "A storm took the mill of Aldwick for good.")
    assert "It was never built again." in wide[1]
    assert any("The storm took the mill. It was never built again." in " ".join(window.split()) for window in narrow)


def test_nothing_shared_still_reads_something() -> None:
    wide, _ = windows("".join(_FILLER), "Quantum foam.")
    assert wide
    assert all(wide)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=300), min_size=1, max_size=12), st.text(max_size=200))
def test_every_reading_holds_the_quotes_own_words_and_is_short_enough(parts: list[str], claim: str) -> None:
    quote = ". ".join(parts)
    wide, narrow = windows(quote, claim)
    assert wide
    for reading in (*wide, *narrow):
        assert set(reading.split()) <= set(quote.split()) | {reading.split()[-1] if reading.split() else ""}
    if len(quote) > 900 and len(wide) == 2:
        assert max(map(len, wide)) <= 900 + len(parts)
