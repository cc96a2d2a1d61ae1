"""What every reranker keeps to."""

from __future__ import annotations

from kb.interfaces import Reranker

PASSAGES = [
    "The harbour was built in the nineteenth century for grain ships.",
    "Model collapse narrows the output of a model trained on its own text.",
    "Collapse of the old bridge closed the road for a year.",
]


class RerankerContract:
    """Subclass it and give ``make``."""

    def make(self) -> Reranker:
        raise NotImplementedError

    def test_it_has_a_name(self) -> None:
        assert isinstance(self.make(), Reranker)
        assert self.make().name

    def test_one_score_for_each_passage_and_the_answer_first(self) -> None:
        scores = self.make().score("what is model collapse", PASSAGES)
        assert len(scores) == len(PASSAGES)
        assert max(range(3), key=scores.__getitem__) == 1

    def test_order_of_passages_does_not_matter(self) -> None:
        reranker = self.make()
        forward = reranker.score("model collapse", PASSAGES)
        backward = reranker.score("model collapse", PASSAGES[::-1])
        assert forward == backward[::-1]

    def test_nothing_to_score(self) -> None:
        assert self.make().score("model collapse", []) == []
        assert len(self.make().score("", PASSAGES)) == len(PASSAGES)
