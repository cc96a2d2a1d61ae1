"""BM25 (Robertson and Zaragoza 2009) over English-stemmed words in Tantivy, on disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final

import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzerBuilder, Tokenizer

from kb.backends._batches import encodable
from kb.backends._translating import translated
from kb.errors import IndexBackendError
from kb.interfaces import LexicalEntry, Scored

_ANALYZER: Final = "kb_english"
_HEAP_BYTES: Final = 50_000_000
_LONGEST_WORD: Final = 80
_MOST_TERMS: Final = 512  # a query longer than this is a document; its first words will do

# All words in one field, plus a little for the headline: better than one field alone on SciFact (train), MuSiQue and
# HotpotQA (nDCG@10 +0.01, +0.04, +0.03). Two separate fields do better still on MuSiQue and worse on SciFact.
_ALL: Final = "all"
_HEADLINE: Final = "headline"
_HEADLINE_WEIGHT: Final = 0.3
_ID: Final = "chunk_id"


class TantivyIndex:
    """A Tantivy index in the folder ``path``; a query is a bag of words and never parsed.

    One process may write at a time (the caller holds the lock); any may read and sees the last commit.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = RLock()
        self._index: Any = None
        self._analyzer: Any = None

    def upsert(self, entries: Sequence[LexicalEntry]) -> None:
        """Add or replace; one commit a call."""
        last = {entry.chunk_id: entry for entry in entries}
        if last:
            with self._writer() as writer:
                _remove(writer, last)
                for entry in last.values():
                    writer.add_document(_document(entry))

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove; ids that are not there are no error."""
        if chunk_ids:
            with self._writer() as writer:
                _remove(writer, chunk_ids)

    def query(self, text: str, k: int, *, allowed: frozenset[str] | None = None) -> list[Scored]:
        """The ``k`` best matches, best first, each with a score above 0; ties go by id."""
        if k < 1 or (allowed is not None and not allowed):
            return []
        with self._translated("read"):
            index = self._open()
            query = self._parse(index, text, allowed)
            if query is None:
                return []
            index.reload()
            searcher = index.searcher()
            hits = searcher.search(query, max(1, min(k, searcher.num_docs)), count=False).hits
            found = [Scored(searcher.doc(address)[_ID][0], float(score)) for score, address in hits]
        return sorted((hit for hit in found if hit.score > 0.0), key=lambda hit: (-hit.score, hit.chunk_id))

    def ids(self) -> set[str]:
        """Every chunk id in the index."""
        with self._translated("read"):
            index = self._open()
            index.reload()
            searcher = index.searcher()
            if not searcher.num_docs:
                return set()
            hits = searcher.search(Query.all_query(), searcher.num_docs, count=False).hits
            return {searcher.doc(address)[_ID][0] for _, address in hits}

    def clear(self) -> None:
        """Remove everything, a damaged index too."""
        with self._lock:
            self.close()
            try:
                shutil.rmtree(self._path)
            except FileNotFoundError:
                pass
            except OSError as exc:
                msg = f"the lexical index cannot be removed: {exc}"
                raise IndexBackendError(msg, source=str(self._path)) from exc

    def close(self) -> None:
        """Release files and memory; the next use opens the index again."""
        with self._lock:
            self._index = None

    def _open(self) -> Any:
        with self._lock:
            if self._index is None:
                self._path.mkdir(parents=True, exist_ok=True)
                self._analyzer = _analyzer()
                index = tantivy.Index(_schema(), str(self._path))
                index.register_tokenizer(_ANALYZER, self._analyzer)
                index.config_reader("manual")
                self._index = index
            return self._index

    def _parse(self, index: Any, text: str, allowed: frozenset[str] | None) -> Any:
        """One optional clause a distinct word and field; None where no word is left."""
        words = list(dict.fromkeys(self._analyzer.analyze(encodable(text))))[:_MOST_TERMS]
        if not words:
            return None
        schema = index.schema
        clauses = []
        for word in words:
            headline = Query.term_query(schema, _HEADLINE, word, "freq")
            clauses.append((Occur.Should, Query.term_query(schema, _ALL, word, "freq")))
            clauses.append((Occur.Should, Query.boost_query(headline, _HEADLINE_WEIGHT)))
        query = Query.boolean_query(clauses)
        if allowed is None:
            return query
        among = Query.const_score_query(Query.term_set_query(schema, _ID, sorted(allowed)), 0.0)
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, among)])

    @contextmanager
    def _writer(self) -> Iterator[Any]:
        """A writer for one commit: opened for the batch and released, so that its lock never outlives it."""
        with self._lock, self._translated("written"):
            writer = self._open().writer(_HEAP_BYTES, 1)
            try:
                yield writer
                writer.commit()
            finally:
                writer.wait_merging_threads()

    def _translated(self, done: str) -> AbstractContextManager[None]:
        return translated("lexical index", done, self._path)


def _remove(writer: Any, chunk_ids: Sequence[str] | dict[str, LexicalEntry]) -> None:
    for chunk_id in chunk_ids:
        writer.delete_documents_by_term(_ID, chunk_id)


def _document(entry: LexicalEntry) -> Any:
    headline = encodable(f"{entry.title}\n{entry.heading}")
    return tantivy.Document(
        **{_ID: entry.chunk_id, _HEADLINE: headline, _ALL: f"{headline}\n{encodable(entry.text)}"},
    )


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(_HEADLINE, tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field(_ALL, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


def _analyzer() -> Any:
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (
        Filter.remove_long(_LONGEST_WORD),
        Filter.lowercase(),
        Filter.ascii_fold(),
        Filter.stopword("english"),
        Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()
