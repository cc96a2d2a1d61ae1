from __future__ import annotations

from contracts.reranker import RerankerContract

from kb.backends.lexical_reranker import LexicalReranker


class TestLexicalReranker(RerankerContract):
    def make(self) -> LexicalReranker:
        return LexicalReranker()
