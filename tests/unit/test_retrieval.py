"""Search with a reranker, in each mode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest

from kb.app import KnowledgeBase
from queries.retrieval import MODES, Mode

QUERY: Final = "synthetic text and the data that models are trained on"


class Even:
    """Reads every passage alike."""

    name = "even"

    def score(self, query: str, passages: Sequence[str]) -> list[float]:
        return [0.3] * len(passages)


class Last(Even):
    """Is sure of the last passage that it reads, and of no other."""

    def score(self, query: str, passages: Sequence[str]) -> list[float]:
        return [0.0] * (len(passages) - 1) + [1.0] * bool(passages)


@pytest.mark.parametrize("mode", MODES)
def test_readings_that_are_alike_leave_every_order_as_it_is(filled: KnowledgeBase, mode: Mode) -> None:
    filled._reranker = Even()
    plain, again = (filled.search(QUERY, 50, mode=mode, rerank=rerank) for rerank in (False, True))
    assert len(plain) > 2
    assert [found.chunk.id for found in again] == [found.chunk.id for found in plain]
    (_, hits), (_, reread) = (
        next(iter(filled.run_queries({"q": QUERY}, 50, mode=mode, rerank=rerank))) for rerank in (False, True)
    )
    assert [hit.external_id for hit in reread] == [hit.external_id for hit in hits]


@pytest.mark.parametrize("mode", MODES)
def test_a_sure_reading_overtakes_in_every_mode(filled: KnowledgeBase, mode: Mode) -> None:
    filled._reranker = Last()
    plain, again = (filled.search(QUERY, 12, mode=mode, rerank=rerank) for rerank in (False, True))
    assert 2 < len(plain) <= 12
    assert again[0].chunk.id == plain[-1].chunk.id
    assert [found.chunk.id for found in again[1:]] == [found.chunk.id for found in plain[:-1]]
    assert [found.hit.rank for found in again] == list(range(1, len(plain) + 1))
    assert all(found.hit.channel == mode for found in again)
