"""Looking after a knowledge base: compare, repair, rebuild."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from ingest.chunking import embedding_input
from kb.backends import names
from kb.catalog import BACKENDS, Catalog
from kb.catalog.sync import IndexSync
from kb.config import Settings
from kb.errors import KBError
from kb.ids import sha256_text
from kb.interfaces import Embedder

_BATCH: Final = 1024


def doctor(catalog: Catalog, indexes: IndexSync, *, repair: bool) -> tuple[list[str], list[str]]:
    """Compare the catalog with itself, with both indexes and with the snapshots.

    Returns:
        What is wrong, and, with ``repair``, what was mended.
    """
    problems = [f"catalog: {line}" for line in catalog.check()]
    mended: list[str] = []
    if owed := catalog.outbox.size():
        problems.append(f"indexes: {owed} changes wait to be applied (a run was interrupted)")
    for drift in indexes.drift():
        counts = f"{len(drift.missing)} chunks missing, {len(drift.ghosts)} that are gone still there"
        problems.append(f"{drift.backend}: {drift.damage or counts}")
    if not indexes.in_step() and not problems:
        problems.append("indexes: a folder was replaced or is only half filled")
    problems += _bodies(catalog)
    bare = len(catalog.read.without_vector(catalog.read.meta("fingerprint")))
    if bare:
        problems.append(f"catalog: {bare} chunks have no vector; run 'kb rebuild --embedder NAME'")
    if repair and problems:
        mended = _repair(catalog, indexes)
    return problems, mended


def rebuild(
    catalog: Catalog,
    indexes: IndexSync,
    embedder: Embedder,
    *,
    change: bool,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, int]:
    """Refill both indexes from the catalog; with ``change`` make the vectors that ``embedder`` lacks first.

    The old vectors stay in the catalog until the new ones are all there, so an interrupted change loses nothing.
    """
    embedded = 0
    if change:
        embedded = _embed_all(catalog, embedder, progress)
        catalog.write.set_meta("fingerprint", embedder.fingerprint)
    counts = {backend: indexes.refill(backend, progress) for backend in BACKENDS}
    return {"chunks": counts["lexical"], "embedded": embedded}


def choose_embedder(settings: Settings, name: str) -> Settings:
    """The settings with another embedder: its kind, or a model's name or path."""
    kind, model = (name, "") if name in names("embedder") else ("sentence-transformers", name)
    return replace(settings, embedder=kind, embedder_model=model)


def write_embedder(home: Path, settings: Settings) -> None:
    """Write the choice of the embedder into ``kb.toml``."""
    kind, model = settings.embedder, settings.embedder_model
    path = home / "kb.toml"
    text = path.read_text("utf-8") if path.exists() else ""
    text = re.sub(r"(?m)^(embedder|embedder_model)\s*=.*\n?", "", text).rstrip("\n")
    quoted = model.replace("\\", "\\\\").replace('"', '\\"')
    partial = path.with_name("kb.toml.partial")  # a killed process must not leave half of the settings
    partial.write_text(f'{text}\nembedder = "{kind}"\nembedder_model = "{quoted}"\n'.lstrip("\n"), "utf-8")
    partial.replace(path)


def _embed_all(catalog: Catalog, embedder: Embedder, progress: Callable[[int, int], None] | None) -> int:
    bare = catalog.read.without_vector(embedder.fingerprint)
    for at in range(0, len(bare), _BATCH):
        part = bare[at : at + _BATCH]
        documents = dict.fromkeys((chunk.document_id for chunk in part), "")
        for document_id, document in catalog.read.documents(documents).items():
            documents[document_id] = document.title
        texts = [embedding_input(chunk, documents[chunk.document_id]) for chunk in part]
        vectors = embedder.embed(texts)
        digests = [sha256_text(text) for text in texts]
        catalog.write.put_vectors([chunk.id for chunk in part], digests, vectors, embedder.fingerprint)
        if progress:
            progress(min(at + _BATCH, len(bare)), len(bare))
    return len(bare)


def _bodies(catalog: Catalog) -> list[str]:
    problems: list[str] = []
    stored = catalog.snapshots.hashes()
    wanted = catalog.read.snapshot_hashes()
    if missing := wanted - stored:
        problems.append(f"snapshots: {len(missing)} bodies are missing; ingest their sources again")
    for content_hash in sorted(wanted & stored):
        try:
            catalog.snapshots.get(content_hash)
        except KBError as exc:
            problems.append(f"snapshots: {exc}")
    return problems


def _repair(catalog: Catalog, indexes: IndexSync) -> list[str]:
    mended: list[str] = []
    indexes.settle()
    for drift in indexes.drift():
        count = indexes.refill(drift.backend)
        mended.append(f"{drift.backend}: filled again with {count} chunks")
    wanted = catalog.read.snapshot_hashes()
    for content_hash in sorted(wanted & catalog.snapshots.hashes()):
        try:
            catalog.snapshots.get(content_hash)
        except KBError:
            catalog.snapshots.delete(content_hash)
            mended.append(f"snapshots: removed the damaged body {content_hash[:12]}; ingest its source again")
    if swept := catalog.snapshots.sweep(wanted):
        mended.append(f"snapshots: removed {swept} files that nothing names")
    if not mended:
        mended.append("indexes: applied what was owed")
    return mended
