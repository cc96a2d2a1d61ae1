"""The composition root: settings become objects here, and a :class:`KnowledgeBase` is what programs use."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kb import config
from kb.backends import load
from kb.backends.remembering_embedder import RememberingEmbedder
from kb.catalog import Catalog, SourceFilter, SourceState, WriterLock
from kb.catalog.sync import IndexSync
from kb.errors import CatalogError, ConfigError, FingerprintError, KBError, LockedError, NotFoundError, RecordError
from kb.records import (
    Answer,
    Check,
    CheckedText,
    Chunk,
    Document,
    Found,
    IngestResult,
    Report,
    Source,
    Verification,
)

if TYPE_CHECKING:
    from ingest.pipeline import Progress, Tools
    from kb.interfaces import Embedder, LanguageModel, Reranker, Verifier
    from queries.asking import Asker
    from queries.checking import Checker
    from queries.following import Conversation, Rewriter
    from queries.retrieval import DocumentHit, Mode, Retriever
    from queries.writing import Writer

SourceLike = str | Path
_ATTEMPTS = 5
"""Times that a report is made while another process takes out what it cites."""


class KnowledgeBase:
    """An open knowledge base: ``ingest``, ``search``, ``report``, ``ask``, ``chat``, ``check``, ``verify``, and care of its parts.

    Use it as a context manager, or call :meth:`close`. Models and indexes open on first use. Methods that write hold the
    writer lock of the folder for their duration; any number of processes may read meanwhile.
    """

    def __init__(self, home: Path, settings: config.Settings, *, trace: Path | None = None) -> None:
        self.home = home
        self._trace = trace
        self.settings = settings
        home.mkdir(parents=True, exist_ok=True)
        config.write_template(home)
        self.catalog = Catalog(home)
        self._lock = WriterLock(home)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release indexes, workers and the catalog."""
        for name in ("_indexes", "_tools"):
            if name in self.__dict__:
                part = self.__dict__.pop(name)
                (part.files if name == "_tools" else part).close()
        self.catalog.close()

    # -- bringing sources in -----------------------------------------------------------------------------------------

    def ingest(
        self, *sources: SourceLike, prune: bool = False, progress: Callable[[Progress], None] | None = None
    ) -> IngestResult:
        """Bring in files, folders, lists and web addresses; only what changed is read.

        Args:
            sources: paths and URLs; a ``.txt`` file of paths and URLs is a list, a ``.jsonl`` file holds records.
            prune: remove sources of this knowledge base that are not listed.
            progress: called as work proceeds.

        Returns:
            The outcome of every source; failures are outcomes, not exceptions.

        Raises:
            LockedError: another process is writing.
            FingerprintError: the stored vectors were made by another embedder.
        """
        from ingest.expand import expand  # noqa: PLC0415 - the query path does not need it
        from ingest.pipeline import Run  # noqa: PLC0415

        with self._writing():
            self._claim_space()
            run = Run(self.catalog, self._tools, self._indexes.settle, progress)
            return run.ingest(expand([str(s) for s in sources], ignore=self.settings.ignore), prune=prune)

    def remove(self, *references: str) -> IngestResult:
        """Remove sources by id, URI, file name or external id. Reports that cite them still verify.

        Raises:
            NotFoundError: a reference names no source, or several.
        """
        from ingest.pipeline import Run  # noqa: PLC0415

        sources = [self.find_source(reference) for reference in references]
        with self._writing():
            self._claim_space()
            return Run(self.catalog, self._tools, self._indexes.settle).remove(sources)

    # -- asking ------------------------------------------------------------------------------------------------------

    def search(  # noqa: PLR0913 - the options of 'kb search'
        self,
        query: str,
        k: int = 10,
        *,
        mode: Mode = "hybrid",
        source: str = "",
        since: str = "",
        media_type: str = "",
        rerank: bool = False,
    ) -> list[Found]:
        """The ``k`` best chunks, best first; see :meth:`queries.retrieval.Retriever.search`.

        With ``rerank`` the first twelve are read again beside the query and ordered by both.
        """
        where = SourceFilter(source, since, media_type)
        return self._reading(embeds=mode != "lexical", rerank=rerank).search(query, k, mode=mode, where=where)

    def run_queries(
        self, queries: Mapping[str, str], k: int = 100, *, mode: Mode = "hybrid", rerank: bool = False
    ) -> Iterator[tuple[str, list[DocumentHit]]]:
        """Rank documents for many queries, for evaluation; with ``rerank``, the best passage of the first twelve is read again."""
        return self._reading(embeds=mode != "lexical", rerank=rerank).run(queries, k, mode=mode)

    def ask(self, question: str, *, threshold: float | None = None) -> Answer:
        """Answer a question in a few exact sentences, or say why not and what came nearest.

        ``threshold`` is the confidence (0..1) from which it is answered; by default one half.
        """
        asker = self.asker()
        return asker.ask(question) if threshold is None else asker.ask(question, threshold=threshold)

    def chat(self, rewrite: Rewriter | None = None) -> Conversation:
        """A conversation, in which a question may lean on those before it.

        ``rewrite`` takes a question and the complete questions before it, and returns one that needs no context. By default
        the configured language model does, as far as its words are the conversation's; else rules of wording.
        """
        from queries.following import Conversation  # noqa: PLC0415
        from queries.rewriting import ModelReader  # noqa: PLC0415

        reader = ModelReader(self._model) if rewrite is None and self._model is not None else None
        return Conversation(self.asker, rewrite, reader)

    def check(self, claim: str) -> Check:
        """What the corpus says about a claim: supported, contradicted, disputed or insufficient, with the words."""
        return self.checker().check(claim)

    def check_file(self, path: SourceLike, *, progress: Callable[[int, int], None] | None = None) -> CheckedText:
        """Check every sentence of a file that claims something, against everything but that file itself.

        Args:
            path: a file of any kind that can be ingested.
            progress: called with how many sentences are done and how many there are.

        Raises:
            ParseError: the file holds no text, or none that a parser reads.
        """
        from kb.reading import read_file  # noqa: PLC0415
        from queries.checking import check_text  # noqa: PLC0415

        read = read_file(Path(path), self.settings)
        own = [source.id for source in self.catalog.read.find_sources(read.uri)]
        return check_text(read.name, read.parsed, self.checker(leave_out=own), progress=progress)

    def check_claims(
        self, claims: Iterable[str], *, name: str = "", progress: Callable[[int, int], None] | None = None
    ) -> CheckedText:
        """Check each of ``claims`` as it stands; empty ones, and those that start with ``#``, are left out."""
        from queries.checking import check_claims  # noqa: PLC0415

        return check_claims(name, list(claims), self.checker(), progress=progress)

    def asker(self) -> Asker:
        """What answers questions here, for many of them in a row."""
        from queries.asking import Asker  # noqa: PLC0415

        verifier = self._opening_verifier()
        return Asker(self.catalog.read, self._reading(), verifier, self._writers())

    def _writers(self) -> Callable[[], Writer] | None:
        """Makes what words one answer or report with a language model; None where none is set."""
        return self._writer if self.settings.llm != "none" else None

    def _writer(self) -> Writer:
        """What words one answer or report with the configured language model."""
        from queries.writing import Writer  # noqa: PLC0415

        if self._model is None:
            msg = "no language model is set"
            raise ConfigError(msg, remedy="set llm and llm_model")
        return Writer(self._model, self._verifier, self._remembering, max_tokens=self.settings.llm_max_tokens)

    def checker(self, *, leave_out: Iterable[str] = ()) -> Checker:
        """What checks claims here, for many of them in a row; ``leave_out`` are ids of sources that are no witness."""
        from queries.checking import Checker  # noqa: PLC0415

        verifier = self._opening_verifier()
        return Checker(self.catalog.read, self._reading(), verifier, leave_out=leave_out)

    def report(
        self, topic: str, *, out: Path | None = None, progress: Callable[[str], None] | None = None
    ) -> tuple[Report, dict[str, str]]:
        """Report on a topic; the same topic again updates the last report.

        Where a language model is set, it words the claims that are new, their titles and the summary, behind the gate.

        Returns:
            The report and the files it was written to, by format (``md``, ``json``), in ``out`` or the knowledge base.
        """
        from kb.render.files import write_report  # noqa: PLC0415
        from queries.reporting import Reporter  # noqa: PLC0415

        for _ in range(_ATTEMPTS):
            reporter = Reporter(self.catalog, self._reading(), self._verifier, self._writers())
            report = reporter.report(topic, progress=progress)
            cited = {(evidence.document_id, evidence.chunk_id) for evidence in report.evidence()}
            with self._lock.hold(wait=30.0):
                documents = {document for document, _ in cited}
                if len(self.catalog.read.documents(documents)) < len(documents):
                    continue  # another process took out what it cites before the catalog knew that it must be kept
                files, body = write_report(report, out or self.home / "reports")
                self.catalog.reports.put(body, report.topic.key, cited)
            return report, files
        msg = f"another process took out sources that the report cites, {_ATTEMPTS} times in a row"
        raise CatalogError(msg, source=str(self.home), remedy="run it again when that process has finished")

    def verify(self, report: Mapping[str, Any]) -> Verification:
        """Re-resolve every citation of a report (its JSON) against this knowledge base."""
        from queries.verifying import verify  # noqa: PLC0415

        return verify(report, self.catalog.read)

    # -- looking around ----------------------------------------------------------------------------------------------

    def sources(self) -> list[SourceState]:
        """Every source and what became of it."""
        return self.catalog.read.states()

    def find_source(self, reference: str) -> Source:
        """The one source that ``reference`` names.

        Raises:
            NotFoundError: none does, or several.
        """
        candidates = [reference]
        if ":" not in reference:
            candidates.append(config_uri(reference))
        found = next((hits for c in candidates if (hits := self.catalog.read.find_sources(c))), [])
        if len(found) == 1:
            return found[0]
        msg = f"{len(found)} sources have this name" if found else "no source has this id, address or name"
        raise NotFoundError(msg, source=reference, remedy="'kb sources' lists ids and addresses")

    def chunk(self, chunk_id: str) -> tuple[Chunk, Document, Source]:
        """A chunk with its document and source.

        Raises:
            NotFoundError: no chunk has this id.
        """
        chunk = self.catalog.read.chunk(chunk_id)
        document = self.catalog.read.document(chunk.document_id) if chunk else None
        source = self.catalog.read.source(chunk.source_id) if chunk else None
        if chunk is None or document is None or source is None:
            msg = "no chunk has this id"
            raise NotFoundError(msg, source=chunk_id, remedy="ids of chunks are in the results of 'kb search'")
        return chunk, document, source

    def document(self, source_id: str) -> Document | None:
        """The live document of a source; of a duplicate, that of its original."""
        state = self.catalog.read.state(source_id)
        holder = state.duplicate_of if state and state.duplicate_of else source_id
        return self.catalog.read.document_of_source(holder)

    # -- care --------------------------------------------------------------------------------------------------------

    def doctor(self, *, repair: bool = False) -> tuple[list[str], list[str]]:
        """Compare catalog, indexes and snapshots; return what is wrong and, with ``repair``, what was mended."""
        from kb.care import doctor  # noqa: PLC0415

        with self._writing(settle=False):
            return doctor(self.catalog, self._indexes, repair=repair)

    def rebuild(
        self, *, embedder: str | None = None, progress: Callable[[int, int], None] | None = None
    ) -> dict[str, int]:
        """Make both indexes again from the catalog, embedding nothing; with ``embedder`` change to that model first.

        Returns:
            How many chunks were indexed and how many embedded.
        """
        from kb.care import choose_embedder, rebuild, write_embedder  # noqa: PLC0415

        before = self.settings
        with self._writing(settle=False):
            if embedder is None:
                return rebuild(self.catalog, self._indexes, self._embedder, change=False, progress=progress)
            self._use(choose_embedder(before, embedder))
            try:
                counts = rebuild(self.catalog, self._indexes, self._embedder, change=True, progress=progress)
            except BaseException:
                self._use(before)  # a model that cannot be loaded must not stay chosen
                raise
            write_embedder(self.home, self.settings)
            return counts

    # -- wiring ------------------------------------------------------------------------------------------------------

    def _use(self, settings: config.Settings) -> None:
        """Go on with other settings: what was made by the old ones goes."""
        self.settings = settings
        self.__dict__.pop("_embedder", None)
        self.__dict__.pop("_remembering", None)
        if "_tools" in self.__dict__:
            self.__dict__.pop("_tools").files.close()

    @cached_property
    def _embedder(self) -> Embedder:
        settings = self.settings
        if settings.embedder_model and settings.embedder == "openvino":
            settings = replace(settings, embedder="sentence-transformers")
        kind = load("embedder", settings.embedder)
        if settings.embedder == "sentence-transformers":
            return kind(settings.embedder_model, allow_download=settings.allow_download)  # type: ignore[no-any-return]
        return kind()  # type: ignore[no-any-return]

    @cached_property
    def _remembering(self) -> Embedder:
        """For reading: questions in one process meet the same sentences again. Ingest meets each once, and does without."""
        return RememberingEmbedder(self._embedder)

    @cached_property
    def _indexes(self) -> IndexSync:
        vectors = load("vectors", self.settings.vectors)(self.home / "vectors")
        lexical = load("lexical", self.settings.lexical)(self.home / "lexical")
        return IndexSync(self.catalog, vectors, lexical)

    @cached_property
    def _model(self) -> LanguageModel | None:
        """The configured language model; None where there is none."""
        from kb.backends.models import open_model  # noqa: PLC0415

        return open_model(self.settings, config.load_keys(), home=self.home, trace=self._trace)

    @cached_property
    def _verifier(self) -> Verifier:
        return open_verifier(self.settings, lambda: self._model)

    def _opening_verifier(self) -> Verifier:
        """The verifier; the one in the box opens while indexes open and passages are searched."""
        if "_verifier" not in self.__dict__ and self.settings.verifier == "entailment":
            pair = ("It rained.", "The sun shone.")
            _meanwhile(partial(self._verifier.judge, [pair]))
        return self._verifier

    @cached_property
    def _reranker(self) -> Reranker:
        return load("reranker", self.settings.reranker)()  # type: ignore[no-any-return]

    @cached_property
    def _tools(self) -> Tools:
        from ingest.chunking import StructureChunker  # noqa: PLC0415
        from ingest.pipeline import Tools  # noqa: PLC0415

        settings = self.settings
        limit = settings.max_mb * 1_000_000
        serial = load("executor", "serial")()
        http = load("fetcher", "http")(timeout=settings.timeout, max_bytes=limit, allow_private=settings.allow_private)
        return Tools(
            {"file": load("fetcher", "file")(max_bytes=limit), "http": http, "https": http},
            load("executor", "process")(workers=settings.workers, timeout_s=settings.parse_timeout)
            if settings.workers
            else serial,
            serial,
            StructureChunker(self._embedder.count_tokens, self._embedder.max_tokens),
            self._embedder,
        )

    def _reading(self, *, embeds: bool = True, rerank: bool = False) -> Retriever:
        """A retriever over indexes that are in step, as far as another writer allows; models open meanwhile."""
        from queries.retrieval import Retriever  # noqa: PLC0415

        self._check_space()
        if embeds and "_indexes" not in self.__dict__:
            _meanwhile(partial(self._embedder.embed, ["."]))
        if rerank and "_reranker" not in self.__dict__:
            _meanwhile(partial(self._reranker.score, ".", ["."]))
        if not self._indexes.in_step():
            with contextlib.suppress(LockedError), self._lock.hold():
                self._indexes.settle()
        parts = self._indexes
        return Retriever(
            self.catalog.read,
            vectors=parts.vectors,
            lexical=parts.lexical,
            embedder=self._remembering,
            reranker=self._reranker if rerank else None,
        )

    @contextlib.contextmanager
    def _writing(self, *, settle: bool = True) -> Iterator[None]:
        with self._lock.hold():
            if settle:
                self._indexes.settle()
            yield

    def _claim_space(self) -> None:
        """Let a new knowledge base take the embedder's space; refuse to mix two."""
        if not self.catalog.read.meta("fingerprint"):
            self.catalog.write.set_meta("fingerprint", self._embedder.fingerprint)
        self._check_space()

    def _check_space(self) -> None:
        known = self.catalog.read.meta("fingerprint")
        if known and known != self._embedder.fingerprint:
            msg = f"its vectors were made by {known}, the configured embedder is {self._embedder.fingerprint}"
            raise FingerprintError(
                msg, source=str(self.home), remedy="configure that embedder again, or run 'kb rebuild --embedder NAME'"
            )


def _meanwhile(use: Callable[[], object]) -> None:
    """Open a model by using it once, while something else is opened; what is wrong with it shows when it is needed.

    The process waits for the thread at its end: a runtime that is torn down while it opens a model aborts.
    """

    def opening() -> None:
        with contextlib.suppress(KBError):
            use()

    Thread(target=opening, name="kb-opening").start()


def open_knowledge_base(
    path: SourceLike | None = None, *, create: bool = True, trace: Path | None = None, **options: Any
) -> KnowledgeBase:
    """Open the knowledge base at ``path``; see :func:`kb.open`."""
    home = config.find_home(path)
    if not create and not (home / "catalog.sqlite").is_file():
        msg = "there is no knowledge base here"
        raise CatalogError(
            msg, source=str(home), remedy="make one with 'kb ingest SOURCE...', or name it with --kb PATH"
        )
    return KnowledgeBase(home, config.load_settings(home, **options), trace=trace)


def open_verifier(settings: config.Settings, model: Callable[[], LanguageModel | None] = lambda: None) -> Verifier:
    """The verifier that ``settings`` name; ``model`` gives the language model, for the verifier that is one.

    Raises:
        ConfigError: no such verifier, or it lacks a model.
    """
    kind = load("verifier", settings.verifier)
    if settings.verifier == "sentence-transformers":
        if not settings.verifier_model:
            msg = "the verifier 'sentence-transformers' needs a model"
            raise ConfigError(msg, remedy="set verifier_model to the name or path of a cross-encoder")
        labels = config.read_labels(settings.verifier_labels)
        return kind(settings.verifier_model, labels=labels, allow_download=settings.allow_download)  # type: ignore[no-any-return]
    if settings.verifier == "llm":
        judge = model()
        if judge is None:
            msg = "the verifier is 'llm', but no language model is set"
            raise ConfigError(msg, remedy="set llm and llm_model, or another verifier")
        return kind(judge)  # type: ignore[no-any-return]
    return kind()  # type: ignore[no-any-return]


def config_uri(reference: str) -> str:
    """The URI of a local path, for looking up what was typed."""
    return Path(reference).expanduser().absolute().as_uri()


def read_queries(lines: Iterable[str]) -> dict[str, str]:
    """Read BEIR queries (one JSON object a line with ``_id`` and ``text``).

    Raises:
        RecordError: a line is not such an object; names the line.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            text = str(record.get("text") or record["question"])
            found[str(record.get("_id") or record.get("id") or number)] = text
        except (ValueError, AttributeError, KeyError) as exc:
            msg = f"line {number} is no query: {exc}"
            raise RecordError(msg, remedy='each line must be a JSON object with "_id" and "text"') from exc
    return found


def run_lines(name: str, hits: Sequence[DocumentHit], tag: str) -> Iterator[str]:
    """The lines of a TREC run file for one query."""
    for hit in hits:
        yield f"{name} Q0 {hit.external_id} {hit.rank} {hit.score:.6f} {tag}"
