"""The catalog: each source in one transaction with what the indexes owe; reports keep what they cite."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import ids
from kb.catalog import Catalog, Entry, SnapshotStore, SourceFilter, Version, WriterLock, schema, transaction
from kb.errors import CatalogError, LockedError, NotFoundError
from kb.records import Block, Chunk, Document, Failure, Parsed, Snapshot, Source

SPACE = "hash/1"


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path)
    yield opened
    opened.close()


def source(name: str = "a", **changes: str) -> Source:
    return Source(ids.source_id(f"file:///{name}.md"), f"file:///{name}.md", "file", title=name.upper(), **changes)


def version(paragraphs: Sequence[str], name: str = "a", *, known: Sequence[str] = (), **changes: str) -> Version:
    """A version of a source with one chunk a paragraph; the vectors of chunks with a ``known`` text are stored already."""
    owner = source(name, **changes)
    blocks, at = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(at, at + len(paragraph), "paragraph"))
        at += len(paragraph) + 2
    text = "\n\n".join(paragraphs)
    document = Document.of(owner, ids.sha256_text(text), Parsed(text, tuple(blocks)))
    entries = []
    for block in blocks:
        chunk = Chunk.cut(document, block.start, block.end)
        vector = None if chunk.text in known else np.full(4, len(chunk.text), np.float32)
        entries.append(Entry(chunk, ids.sha256_text(chunk.text), vector))
    snapshot = Snapshot(owner.id, ids.sha256_text(text), "text/plain", "2026-01-01T00:00:00+00:00", etag="e")
    return Version(owner, snapshot, document, tuple(entries), "p-1", SPACE)


def settle(catalog: Catalog) -> tuple[set[str], set[str]]:
    """Pay what the vector index owes; return what was put and deleted."""
    put: set[str] = set()
    deleted: set[str] = set()
    while debt := catalog.outbox.next("vectors", 3):
        put |= set(debt.put)
        deleted |= set(debt.delete)
        catalog.outbox.settle("vectors", debt.last)
    catalog.outbox.forget("lexical")
    return put, deleted


def chunk_ids(made: Version) -> set[str]:
    return {entry.chunk.id for entry in made.entries}


def cite(catalog: Catalog, made: Version, at: int = 0, report: str = "r_1") -> Chunk:
    """Store a report that cites one chunk of a version."""
    chunk = made.entries[at].chunk
    body: dict[str, Any] = {"report_id": report, "topic": "T", "created_at": "2026", "corpus_revision": 1}
    catalog.reports.put({**body, "previous_report_id": None}, "t_1", [(chunk.document_id, chunk.id)])
    return chunk


# -- storing ---------------------------------------------------------------------------------------------------------


def test_what_is_stored_is_read_back(catalog: Catalog) -> None:
    made = version(["One.", "Two."])
    assert catalog.write.store(made, 1) == (2, 0)
    assert catalog.read.source(made.source.id) == made.source
    assert catalog.read.document_of_source(made.source.id) == made.document
    assert catalog.read.chunks_of(made.document.id) == [entry.chunk for entry in made.entries]
    assert catalog.read.snapshot(made.source.id) == made.snapshot
    state = catalog.read.state(made.source.id)
    assert state is not None
    assert (state.status, state.chunks, state.accessed) == ("indexed", 2, made.snapshot.fetched_at)


def test_storing_owes_both_indexes_the_new_chunks(catalog: Catalog) -> None:
    made = version(["One.", "Two."])
    catalog.write.store(made, 1)
    for backend in ("vectors", "lexical"):
        debt = catalog.outbox.next(backend, 10)  # type: ignore[arg-type]
        assert debt is not None
        assert set(debt.put) == chunk_ids(made)
        assert debt.delete == ()


def test_an_edit_owes_only_what_changed(catalog: Catalog) -> None:
    before = version(["One.", "Two.", "Three."])
    catalog.write.store(before, 1)
    settle(catalog)
    after = version(["One.", "Two, edited.", "Three."], known=["One.", "Three."])
    assert catalog.write.store(after, 2) == (1, 1)
    assert settle(catalog) == (chunk_ids(after) - chunk_ids(before), chunk_ids(before) - chunk_ids(after))
    assert catalog.read.live_chunk_ids() == chunk_ids(after)
    ids_, vectors = catalog.read.vectors(sorted(chunk_ids(after)), SPACE)
    assert set(ids_) == chunk_ids(after)
    assert vectors.shape == (3, 4)
    assert catalog.read.document(before.document.id) is None


def test_going_back_to_an_earlier_text_brings_its_ids_back(catalog: Catalog) -> None:
    first, second = version(["One.", "Two."]), version(["One.", "Other."], known=["One."])
    for revision, made in enumerate([first, second, first], start=1):
        catalog.write.store(made, revision)
        settle(catalog)
    assert catalog.read.live_chunk_ids() == chunk_ids(first)


def test_a_failed_transaction_leaves_nothing(catalog: Catalog) -> None:
    made = version(["One."])

    def interrupted() -> None:
        with transaction(catalog.write._connection):
            catalog.write.store(made, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert catalog.read.source(made.source.id) is None
    assert catalog.outbox.size() == 0


def test_vectors_of_other_spaces_stay_apart(catalog: Catalog) -> None:
    made = version(["One."])
    catalog.write.store(made, 1)
    assert catalog.read.vectors(sorted(chunk_ids(made)), "other")[0] == []
    assert [chunk.id for chunk in catalog.read.without_vector("other")] == sorted(chunk_ids(made))
    catalog.write.put_vectors(sorted(chunk_ids(made)), ["h"], np.ones((1, 7), np.float32), "other")
    assert catalog.read.vectors(sorted(chunk_ids(made)), "other")[1].shape == (1, 7)
    assert catalog.read.vectors(sorted(chunk_ids(made)), SPACE)[1].shape == (1, 4)


@given(
    st.lists(
        st.lists(st.sampled_from(["One.", "Two.", "Three.", "Four."]), min_size=1, max_size=4, unique=True), max_size=6
    )
)
def test_indexes_that_pay_their_debts_hold_exactly_the_live_chunks(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]]
) -> None:
    catalog = Catalog(tmp_path_factory.mktemp("catalog"))
    index: set[str] = set()
    for revision, paragraphs in enumerate(texts, start=1):
        known = [chunk.text for chunk in catalog.read.chunks(catalog.read.live_chunk_ids()).values()]
        catalog.write.store(version(paragraphs, known=known), revision)
        if revision % 3 == 0:
            catalog.write.remove(source().id, revision)
        if revision % 2 == 0:
            while debt := catalog.outbox.next("vectors", 2):
                index = (index | set(debt.put)) - set(debt.delete)
                catalog.outbox.settle("vectors", debt.last)
    while debt := catalog.outbox.next("vectors", 2):
        index = (index | set(debt.put)) - set(debt.delete)
        catalog.outbox.settle("vectors", debt.last)
    assert index == catalog.read.live_chunk_ids()
    catalog.close()


# -- leaving, failing, repeating -------------------------------------------------------------------------------------


def test_removing_takes_everything_out_of_service(catalog: Catalog) -> None:
    made = version(["One.", "Two."])
    catalog.write.store(made, 1)
    settle(catalog)
    assert catalog.write.remove(made.source.id, 2) == 2
    assert settle(catalog) == (set(), chunk_ids(made))
    assert catalog.read.live_chunk_ids() == set()
    assert catalog.read.states() == []
    assert [state.status for state in catalog.read.states(removed=True)] == ["removed"]
    assert catalog.read.find_sources(made.source.uri) == []
    assert catalog.read.snapshot_hashes() == set()


def test_a_failure_keeps_the_version_before_it(catalog: Catalog) -> None:
    made = version(["One."])
    catalog.write.store(made, 1)
    catalog.write.store_failure(made.source, Failure("fetch", "gone", "try later"), 2)
    state = catalog.read.state(made.source.id)
    assert state is not None
    assert (state.status, state.reason, state.remedy) == ("indexed", "gone", "try later")
    assert catalog.read.live_chunk_ids() == chunk_ids(made)
    catalog.write.touch(made.source.id)
    state = catalog.read.state(made.source.id)
    assert state is not None
    assert state.reason == ""


def test_a_first_failure_is_recorded_and_later_mended(catalog: Catalog) -> None:
    catalog.write.store_failure(source(), Failure("parse", "empty"), 1)
    assert [(state.status, state.reason) for state in catalog.read.states()] == [("failed", "empty")]
    catalog.write.store(version(["One."]), 2)
    assert [(state.status, state.reason) for state in catalog.read.states()] == [("indexed", "")]


def test_duplicates_hold_no_chunks_and_find_their_original(catalog: Catalog) -> None:
    one, copy = version(["One."], "a"), version(["One."], "b")
    catalog.write.store(one, 1)
    row = {"text_sha256": copy.document.text_sha256, "pipeline": "p-1", "revision": 1}
    assert catalog.write.store_duplicate(copy.source, copy.snapshot, one.source.id, **row) == 0  # type: ignore[arg-type]
    assert catalog.read.live_chunk_ids() == chunk_ids(one)
    assert catalog.read.duplicates_of([one.source.id]) == {one.source.id: [copy.source]}
    assert catalog.read.original_of_text(copy.document.text_sha256, but=copy.source.id) == one.source.id
    original = catalog.read.original_of(copy.snapshot.content_hash, but=copy.source.id)
    assert original is not None
    assert original.source == one.source
    assert catalog.read.orphaned_duplicates() == []


@pytest.mark.parametrize("end", ["removed", "edited"])
def test_a_duplicate_whose_original_is_gone_is_an_orphan(catalog: Catalog, end: str) -> None:
    one, copy = version(["One."], "a"), version(["One."], "b")
    catalog.write.store(one, 1)
    row = {"text_sha256": copy.document.text_sha256, "pipeline": "p-1", "revision": 1}
    catalog.write.store_duplicate(copy.source, copy.snapshot, one.source.id, **row)  # type: ignore[arg-type]
    if end == "removed":
        catalog.write.remove(one.source.id, 2)
    else:
        catalog.write.store(version(["Other."], "a"), 2)
    assert [state.source for state in catalog.read.orphaned_duplicates()] == [copy.source]


def test_a_source_that_becomes_a_duplicate_loses_its_chunks(catalog: Catalog) -> None:
    one, other = version(["One."], "a"), version(["Two."], "b")
    catalog.write.store(one, 1)
    catalog.write.store(other, 1)
    settle(catalog)
    copy = version(["One."], "b")
    row = {"text_sha256": copy.document.text_sha256, "pipeline": "p-1", "revision": 2}
    assert catalog.write.store_duplicate(copy.source, copy.snapshot, one.source.id, **row) == 1  # type: ignore[arg-type]
    assert settle(catalog) == (set(), chunk_ids(other))


# -- reports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["removed", "edited"])
def test_cited_words_stay_and_the_rest_goes(catalog: Catalog, end: str) -> None:
    made = version(["One.", "Two."])
    catalog.write.store(made, 1)
    cited = cite(catalog, made)
    if end == "removed":
        catalog.write.remove(made.source.id, 2)
    else:
        catalog.write.store(version(["New."]), 2)
    assert catalog.read.document(made.document.id) == made.document
    assert catalog.read.chunk(cited.id) == cited
    assert cited.id not in catalog.read.live_chunk_ids()
    assert catalog.read.chunk(made.entries[1].chunk.id) is None


def test_cited_words_stay_through_many_versions(catalog: Catalog) -> None:
    made = version(["One.", "Two."])
    catalog.write.store(made, 1)
    cited = cite(catalog, made)
    for revision in range(2, 6):
        catalog.write.store(version(["One.", f"Number {revision}."]), revision)
    catalog.write.remove(made.source.id, 9)
    assert catalog.read.document(made.document.id) == made.document
    assert catalog.read.chunk(cited.id) is not None
    documents = catalog.write._connection.execute("SELECT count(*) FROM documents").fetchone()[0]
    assert documents == 1


def test_the_latest_report_on_a_topic(catalog: Catalog) -> None:
    made = version(["One."])
    catalog.write.store(made, 1)
    assert catalog.reports.latest("t_1") is None
    cite(catalog, made, report="r_1")
    cite(catalog, made, report="r_2")
    assert (catalog.reports.latest("t_1") or {})["report_id"] == "r_2"
    assert catalog.reports.get("r_1")["topic"] == "T"
    assert [item["report_id"] for item in catalog.reports.list()] == ["r_2", "r_1"]
    with pytest.raises(NotFoundError):
        catalog.reports.get("r_3")


# -- finding ---------------------------------------------------------------------------------------------------------


def test_sources_are_found_by_id_address_name_and_external_id(catalog: Catalog) -> None:
    made = version(["One."], external_id="x-1")
    catalog.write.store(made, 1)
    for reference in (made.source.id, made.source.uri, "a.md", "x-1"):
        assert catalog.read.find_sources(reference) == [made.source]
    assert catalog.read.find_sources(".md") == []
    assert catalog.read.find_sources("%") == []


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (SourceFilter(uri="A.md"), {"a"}),
        (SourceFilter(since="2024-06"), {"b"}),
        (SourceFilter(since="2020"), {"a", "b"}),
        (SourceFilter(media_type="plain"), {"a", "b"}),
        (SourceFilter(media_type="pdf"), set()),
        (SourceFilter(uri="b", media_type="md"), {"b"}),
    ],
)
def test_filters_choose_chunks_by_their_source(catalog: Catalog, wanted: SourceFilter, names: set[str]) -> None:
    versions = {"a": version(["One."], "a", published="2023-05-01"), "b": version(["Two."], "b", published="2024-07")}
    for made in versions.values():
        catalog.write.store(made, 1)
    assert catalog.read.allowed_chunks(wanted) == {c for name in names for c in chunk_ids(versions[name])}


def test_more_ids_than_sqlite_takes_at_once(catalog: Catalog) -> None:
    catalog.write.store(version(["One."]), 1)
    wanted = [f"c_{n}" for n in range(40_000)] + sorted(catalog.read.live_chunk_ids())
    assert len(catalog.read.chunks(wanted)) == 1


# -- opening ---------------------------------------------------------------------------------------------------------


def test_a_new_catalog_has_the_present_version(catalog: Catalog) -> None:
    found = catalog.write._connection.execute("PRAGMA user_version").fetchone()[0]
    assert found == schema.VERSION
    assert catalog.check() == []


def test_a_newer_catalog_is_refused_and_left_alone(tmp_path: Path) -> None:
    Catalog(tmp_path).close()
    with sqlite3.connect(tmp_path / "catalog.sqlite") as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    with pytest.raises(CatalogError, match="schema version") as caught:
        Catalog(tmp_path)
    assert caught.value.remedy
    with sqlite3.connect(tmp_path / "catalog.sqlite") as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION + 1


def test_an_older_catalog_is_brought_forward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Catalog(tmp_path)
    first.write.store(version(["One."]), 1)
    first.close()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "CREATE TABLE later (x INTEGER);"))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    second = Catalog(tmp_path)
    assert second.write._connection.execute("SELECT count(*) FROM later").fetchone()[0] == 0
    assert len(second.read.live_chunk_ids()) == 1
    second.close()
    Catalog(tmp_path).close()


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Catalog(tmp_path).close()
    version_before = schema.VERSION
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "CREATE TABLE half (x INTEGER); nonsense;"))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    with pytest.raises(CatalogError):
        Catalog(tmp_path)
    with sqlite3.connect(tmp_path / "catalog.sqlite") as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == version_before
        assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone()[0] == 0


@pytest.mark.parametrize("body", [b"this is no database, it is a text" * 99, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_catalog_is_an_error_with_a_way_out(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(body)
    with pytest.raises(CatalogError) as caught:
        Catalog(tmp_path)
    assert caught.value.remedy


def test_a_reader_sees_what_a_writer_has_finished(tmp_path: Path, catalog: Catalog) -> None:
    reader = Catalog(tmp_path)
    with transaction(catalog.write._connection):
        catalog.write.store(version(["One."]), 1)
        assert reader.read.live_chunk_ids() == set()
    assert len(reader.read.live_chunk_ids()) == 1
    reader.close()


# -- the writer lock -------------------------------------------------------------------------------------------------

_HOLD = """
import sys
from pathlib import Path
from kb.catalog import WriterLock
with WriterLock(Path(sys.argv[1])).hold():
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.slow
def test_a_second_process_is_told_who_holds_the_lock_and_death_frees_it(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LockedError, match=f"process {holder.pid}, since") as caught, WriterLock(tmp_path).hold():
        pass
    assert "wait" in caught.value.remedy
    holder.kill()
    holder.communicate()
    with WriterLock(tmp_path).hold(wait=5.0):
        pass


def test_the_lock_is_reentrant_within_one_object(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path)
    with lock.hold(), lock.hold(), pytest.raises(LockedError), WriterLock(tmp_path).hold():
        pass
    with WriterLock(tmp_path).hold():  # both holds were given back
        assert (tmp_path / "lock.owner").exists()


def test_the_owner_is_still_named_after_an_inner_hold(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path)
    with lock.hold():
        with lock.hold():
            pass
        with pytest.raises(LockedError, match=f"process {os.getpid()}"), WriterLock(tmp_path).hold():
            pass


# -- snapshots -------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=2000))
def test_a_body_comes_back_whole(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    store = SnapshotStore(tmp_path_factory.mktemp("snapshots"))
    assert store.get(store.put(body)) == body
    assert store.put(body) == ids.sha256_bytes(body)
    assert store.hashes() == {ids.sha256_bytes(body)}


def test_a_damaged_or_missing_body_is_an_error(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    known = store.put(b"x" * 100)
    path = next(tmp_path.glob("??/*.zst"))
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(CatalogError):
        store.get(known)
    path.write_bytes(SnapshotStore(tmp_path / "other")._compressor.compress(b"other"))
    with pytest.raises(CatalogError, match="does not hash"):
        store.get(known)
    store.delete(known)
    with pytest.raises(NotFoundError):
        store.get(known)


def test_a_sweep_removes_what_nothing_names(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    kept, gone = store.put(b"kept"), store.put(b"gone")
    (tmp_path / kept[:2] / "x.zst.1.partial").touch()
    assert store.sweep({kept}) == 2
    assert store.hashes() == {kept}
    assert gone not in store.hashes()
