"""What every embedder must do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.interfaces import Embedder

texts = st.lists(st.text(max_size=40), max_size=5)
SAME_EXAMPLES = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.differing_executors])

HEART = "Aspirin lowers the risk of heart attacks."
HEART_AGAIN = "The risk of a heart attack is lowered by aspirin."
VOLCANO = "Volcanoes erupted in Iceland during the spring."


class EmbedderContract:
    """Subclass it and make ``embedder`` (once a class)."""

    tolerance = 1e-5
    """How far batching may move a component of a vector."""

    @pytest.fixture(scope="class")
    def embedder(self) -> Embedder:
        raise NotImplementedError

    def test_is_an_embedder(self, embedder: Embedder) -> None:
        assert isinstance(embedder, Embedder)
        assert embedder.fingerprint
        assert embedder.max_tokens > 0

    def test_nothing_in_nothing_out(self, embedder: Embedder) -> None:
        vectors = embedder.embed([])
        assert vectors.shape == (0, embedder.dimension)
        assert embedder.count_tokens([]) == []

    @SAME_EXAMPLES
    @given(texts=texts)
    def test_any_text_gives_one_unit_vector(self, embedder: Embedder, texts: list[str]) -> None:
        vectors = embedder.embed(texts)
        assert vectors.shape == (len(texts), embedder.dimension)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)
        counts = embedder.count_tokens(texts)
        assert len(counts) == len(texts)
        assert all(count >= 0 for count in counts)

    def test_order_and_batch_do_not_matter(self, embedder: Embedder) -> None:
        many = [f"{HEART} {'more words ' * (i % 7)}{i}" for i in range(40)]
        alone = np.stack([embedder.embed([text])[0] for text in many[:10]])
        together = embedder.embed(many)
        assert np.abs(alone - together[:10]).max() <= self.tolerance
        assert np.abs(embedder.embed(many[::-1])[::-1] - together).max() <= self.tolerance

    def test_like_texts_are_near_and_others_far(self, embedder: Embedder) -> None:
        heart, again, volcano = embedder.embed([HEART, HEART_AGAIN, VOLCANO])
        assert heart @ again > 0.7
        assert heart @ volcano < 0.3

    def test_what_follows_the_limit_does_not_count(self, embedder: Embedder) -> None:
        long = "word " * (embedder.max_tokens + 10)
        one, other = embedder.embed([long + "aspirin", long + "volcano"])
        assert one @ other > 0.9999
        assert embedder.count_tokens([long])[0] > embedder.max_tokens

    def test_tokens_add_up(self, embedder: Embedder) -> None:
        first, second, both = embedder.count_tokens([HEART, VOLCANO, f"{HEART} {VOLCANO}"])
        assert 0 < first < both == first + second

    def test_progress_counts_every_text_once(self, embedder: Embedder) -> None:
        done: list[int] = []
        embedder.embed([HEART] * 70, progress=done.append)
        assert sum(done) == 70
