"""A claim may not say more than its quote by saying less of it."""

from __future__ import annotations

import pytest
from contracts.evidence import passages

from kb.backends.lexical_verifier import LexicalVerifier
from queries.gate import Draft, Gate
from queries.omissions import omission


@pytest.mark.parametrize(
    ("claim", "quote", "lost"),
    [
        (
            "Synthetic text protects privacy.",
            "Synthetic text protects privacy, provided that noise is added.",
            "provided that",
        ),
        ("Data may be shared.", "Data may be shared only if the owner agrees.", "only if"),
        ("Models collapse.", "Models collapse unless real data is kept.", "unless"),
        ("Filtering improves quality.", "Filtering may improve quality.", "may"),
        ("Filtering improves quality.", "The results suggest that filtering improves quality.", "suggest"),
        ("Filtering can improve quality.", "Evidence suggests that filtering can improve quality.", "suggests"),
        ("Filtering improves quality.", "Filtering can improve quality.", "can"),
        ("Bias grows with training.", "Bias often grows with training.", "often"),
    ],
)
def test_what_holds_a_quote_back_must_stay(claim: str, quote: str, lost: str) -> None:
    assert omission(claim, quote) == lost


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Filtering might improve quality.", "Filtering may improve quality."),
        ("Filtering may improve quality.", "Evidence suggests that filtering can improve quality."),
        ("Filtering can improve quality.", "Filtering can improve quality."),
        ("Models collapse if real data is dropped.", "Models collapse unless real data is kept."),
        ("Filtering improves quality.", "Filtering improves quality, and it may cost less."),
        ("Filtering improves quality.", "It may rain tomorrow in the north; filtering improves quality."),
        ("Filtering improves quality.", "Filtering improves quality."),
        ("Bears sleep.", "Nothing of the kind may be said."),
    ],
)
def test_what_does_not_may_go(claim: str, quote: str) -> None:
    assert omission(claim, quote) == ""


def test_the_gate_refuses_it() -> None:
    listed = passages(
        "Synthetic text protects the privacy of customers, provided that the generator is trained with noise."
    )
    result = Gate(LexicalVerifier()).claims([Draft("Synthetic text protects the privacy of customers.", (1,))], listed)
    assert [item.reason for item in result.refused] == ["unsupported"]
    assert "provided that" in result.refused[0].detail
