"""What every verifier must do."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.interfaces import Verifier

QUOTE = "The new drug reduced deaths by 12 percent in the first year."


class VerifierContract:
    """Subclass it and make ``verifier`` (once a class)."""

    @pytest.fixture(scope="class")
    def verifier(self) -> Verifier:
        raise NotImplementedError

    def test_is_a_verifier(self, verifier: Verifier) -> None:
        assert isinstance(verifier, Verifier)
        assert verifier.name

    def test_nothing_in_nothing_out(self, verifier: Verifier) -> None:
        assert verifier.judge([]) == []

    def test_the_quote_itself_is_supported_and_says_who_judged(self, verifier: Verifier) -> None:
        verdict = verifier.judge([(QUOTE, QUOTE)])[0]
        assert verdict.label == "supported"
        assert verdict.score > 0.9
        assert verdict.verifier == verifier.name

    def test_the_negated_quote_is_not_supported(self, verifier: Verifier) -> None:
        assert verifier.judge([(QUOTE, QUOTE.replace("reduced", "did not reduce"))])[0].label != "supported"

    def test_something_else_is_not_supported(self, verifier: Verifier) -> None:
        claims = ["Volcanoes erupted in Iceland.", QUOTE.replace("12", "21"), ""]
        assert all(verdict.label != "supported" for verdict in verifier.judge([(QUOTE, claim) for claim in claims]))

    def test_pairs_are_judged_one_by_one_in_order(self, verifier: Verifier) -> None:
        pairs = [(QUOTE, QUOTE), ("", QUOTE), (QUOTE, "Nobody came."), (QUOTE, QUOTE)]
        together = [verdict.label for verdict in verifier.judge(pairs)]
        assert together == [verifier.judge([pair])[0].label for pair in pairs]

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    @given(quote=st.text(max_size=60), claim=st.text(max_size=60))
    def test_any_two_texts_give_a_verdict(self, verifier: Verifier, quote: str, claim: str) -> None:
        assert 0.0 <= verifier.judge([(quote, claim)])[0].score <= 1.0
