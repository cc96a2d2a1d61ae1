"""Only what changed is done again; what cannot be done leaves what was there."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import BIAS, LIGHT, ROOT
from numpy.typing import NDArray

import kb
from kb.app import KnowledgeBase
from kb.backends import load
from kb.errors import FingerprintError, KBError, LockedError
from kb.records import IngestResult

pytestmark = pytest.mark.slow

WORDS = (ROOT / "LICENSE").read_text("utf-8").lower().split()


class CountingEmbedder:
    """The hash embedder with the limit of the real one; keeps what went through it."""

    def __init__(self) -> None:
        self._inner = load("embedder", "hash")()
        self.dimension = self._inner.dimension
        self.max_tokens = 256
        self.fingerprint = f"{self._inner.fingerprint}:256"
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        vectors: NDArray[np.float32] = self._inner.embed(texts, progress=progress)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        counts: list[int] = self._inner.count_tokens(texts)
        return counts


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def base(tmp_path: Path, embedder: CountingEmbedder) -> Iterator[KnowledgeBase]:
    """A light knowledge base that counts what it embeds."""
    with kb.open(tmp_path / "kb", **LIGHT) as opened:
        opened._embedder = embedder
        yield opened


@pytest.fixture
def filled(base: KnowledgeBase, corpus: Path, embedder: CountingEmbedder) -> KnowledgeBase:
    base.ingest(corpus)
    embedder.embedded.clear()
    return base


def statuses(result: IngestResult) -> dict[str, str]:
    return {outcome.uri.rpartition("/")[2]: outcome.status for outcome in result.outcomes}


def holds(base: KnowledgeBase) -> bool:
    live = base.catalog.read.live_chunk_ids()
    return base._indexes.vectors.ids() == live and base._indexes.lexical.ids() == live and base.doctor() == ([], [])


# -- the same again --------------------------------------------------------------------------------------------------


def test_a_second_ingest_embeds_nothing(filled: KnowledgeBase, corpus: Path, embedder: CountingEmbedder) -> None:
    result = filled.ingest(corpus)
    assert statuses(result) == {
        "bias.md": "unchanged",
        "broken.md": "failed",
        "collapse.md": "unchanged",
        "privacy.txt": "unchanged",
        "records.jsonl#r1": "unchanged",
        "records.jsonl#r2": "unchanged",
        "zz-copy-of-bias.md": "duplicate",
    }
    assert (result.chunks.added, result.chunks.removed, result.chunks.embedded) == (0, 0, 0)
    assert result.chunks.kept == result.chunks.total > 0
    assert embedder.embedded == []
    assert result.revision == 2


def test_touching_changes_nothing(filled: KnowledgeBase, corpus: Path, embedder: CountingEmbedder) -> None:
    for path in corpus.iterdir():
        os.utime(path, (1, 1))
    assert filled.ingest(corpus).count("updated") == 0
    assert embedder.embedded == []


def test_a_renamed_file_is_one_removed_and_one_added(filled: KnowledgeBase, corpus: Path) -> None:
    (corpus / "privacy.txt").rename(corpus / "private.txt")
    result = filled.ingest(corpus, prune=True)
    assert (statuses(result)["privacy.txt"], statuses(result)["private.txt"]) == ("removed", "added")
    assert holds(filled)


# -- edits -----------------------------------------------------------------------------------------------------------


def paragraph(draw: random.Random) -> str:
    sentences = []
    for _ in range(draw.randint(1, 6)):
        words = [draw.choice(WORDS).strip(".,;:()\"'") or "so" for _ in range(draw.randint(4, 28))]
        sentences.append(" ".join(words).capitalize() + ".")
    return " ".join(sentences)


def markdown(paragraphs: list[str], headings: dict[int, str]) -> str:
    parts = ["# A long document"]
    for number, text in enumerate(paragraphs):
        if number in headings:
            parts.append(f"## {headings[number]}")
        parts.append(text)
    return "\n\n".join(parts) + "\n"


def edited(draw: random.Random, text: str) -> str:
    words = text.split()
    at = draw.randrange(len(words))
    match draw.randrange(5):
        case 0:
            words[at] = "replaced"
        case 1:
            words[at:at] = ["some", "new", "words"]
        case 2:
            del words[at : at + draw.randint(1, 5)]
        case 3:
            words = [*words, *paragraph(draw).split()]
        case _:
            words = paragraph(draw).split()
    return " ".join(words) or "Gone."


@pytest.mark.parametrize("seed", range(4))
def test_editing_one_of_a_hundred_paragraphs_embeds_at_most_three_chunks(
    base: KnowledgeBase, tmp_path: Path, embedder: CountingEmbedder, seed: int
) -> None:
    draw = random.Random(seed)
    paragraphs = [paragraph(draw) for _ in range(100)]
    headings = {at: f"Part {at}" for at in sorted(draw.sample(range(100), 8))} if seed % 2 else {}
    path = tmp_path / "long.md"
    path.write_text(markdown(paragraphs, headings), "utf-8")
    base.ingest(path)
    counts = []
    for _ in range(25):
        at = draw.randrange(100)
        paragraphs[at] = edited(draw, paragraphs[at])
        path.write_text(markdown(paragraphs, headings), "utf-8")
        embedder.embedded.clear()
        result = base.ingest(path)
        assert result.chunks.embedded == len(embedder.embedded)
        counts.append(len(embedder.embedded))
    assert max(counts) <= 3, counts
    assert holds(base)


def test_an_edit_keeps_the_ids_of_all_other_chunks(filled: KnowledgeBase, corpus: Path) -> None:
    source = filled.find_source("collapse.md").id
    before = {c.text: c.id for c in chunks_of(filled, source)}
    text = (corpus / "collapse.md").read_text("utf-8")
    (corpus / "collapse.md").write_text(text.replace("Model collapse is", "Briefly: model collapse is"), "utf-8")
    filled.ingest(corpus)
    after = {c.text: c.id for c in chunks_of(filled, source)}
    assert len(before.keys() & after.keys()) == len(before) - 1
    assert all(before[text] == after[text] for text in before.keys() & after.keys())


def chunks_of(base: KnowledgeBase, source_id: str) -> list[Any]:
    document = base.document(source_id)
    assert document is not None
    return base.catalog.read.chunks_of(document.id)


def test_a_new_title_is_embedded_again_and_found(filled: KnowledgeBase, corpus: Path) -> None:
    """The title stands beside each chunk in both indexes."""
    records = [json.loads(line) for line in (corpus / "records.jsonl").read_text("utf-8").splitlines()]
    records[0]["title"] = "Zymurgy"
    (corpus / "records.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    result = filled.ingest(corpus)
    assert (statuses(result)["records.jsonl#r1"], statuses(result)["records.jsonl#r2"]) == ("updated", "unchanged")
    assert result.chunks.embedded == 1
    assert filled.find_source("r1").title == "Zymurgy"
    assert filled.search("zymurgy", 1, mode="lexical")[0].source.external_id == "r1"
    assert holds(filled)


def test_a_source_that_fails_on_update_keeps_its_last_good_version(filled: KnowledgeBase, corpus: Path) -> None:
    good = (corpus / "collapse.md").read_bytes()
    (corpus / "collapse.md").write_bytes(b"")
    for _ in range(2):
        assert statuses(filled.ingest(corpus))["collapse.md"] == "failed"
        state = next(s for s in filled.sources() if s.source.uri.endswith("collapse.md"))
        assert (state.status, bool(state.reason)) == ("indexed", True)
        assert filled.search("model collapse generations", 1)[0].source.uri.endswith("collapse.md")
    (corpus / "collapse.md").write_bytes(good)
    assert statuses(filled.ingest(corpus))["collapse.md"] == "unchanged"
    state = next(s for s in filled.sources() if s.source.uri.endswith("collapse.md"))
    assert state.reason == ""
    assert holds(filled)


def test_a_broken_file_that_was_mended_is_added(filled: KnowledgeBase, corpus: Path) -> None:
    (corpus / "broken.md").write_text("# Mended\n\nNow it says something about quaggas.\n", "utf-8")
    assert statuses(filled.ingest(corpus))["broken.md"] == "added"
    assert filled.search("quaggas", 1)[0].source.uri.endswith("broken.md")


# -- duplicates ------------------------------------------------------------------------------------------------------


def state_of(base: KnowledgeBase, name: str) -> Any:
    return next(s for s in base.catalog.read.states(removed=True) if s.source.uri.endswith(f"/{name}"))


def test_an_exact_copy_is_recorded_and_not_indexed(filled: KnowledgeBase) -> None:
    copy = state_of(filled, "zz-copy-of-bias.md")
    assert (copy.status, copy.duplicate_of) == ("duplicate", filled.find_source("bias.md").id)
    assert {hit.source.uri for hit in filled.search("bias of the model")}.isdisjoint({copy.source.uri})
    document = filled.document(copy.source.id)
    assert document is not None
    assert document.source_id == copy.duplicate_of


@pytest.mark.parametrize("way", ["remove", "prune", "edit"])
def test_a_copy_takes_the_place_of_its_original(
    filled: KnowledgeBase, corpus: Path, way: str, embedder: CountingEmbedder
) -> None:
    if way == "remove":
        filled.remove("bias.md")
    elif way == "prune":
        (corpus / "bias.md").unlink()
        filled.ingest(corpus, prune=True)
    else:
        (corpus / "bias.md").write_text("# Other\n\nIt says something else now.\n", "utf-8")
        filled.ingest(corpus)
    assert state_of(filled, "bias.md").status == ("indexed" if way == "edit" else "removed")
    copy = state_of(filled, "zz-copy-of-bias.md")
    assert (copy.status, copy.duplicate_of) == ("indexed", "")
    assert filled.search("balances groups on purpose", 1)[0].source.uri.endswith("zz-copy-of-bias.md")
    assert holds(filled)


def test_of_two_copies_one_takes_the_place_and_the_other_is_its_copy(filled: KnowledgeBase, corpus: Path) -> None:
    (corpus / "zzz.md").write_text(BIAS, "utf-8")
    filled.ingest(corpus)
    filled.remove("bias.md")
    first, second = state_of(filled, "zz-copy-of-bias.md"), state_of(filled, "zzz.md")
    assert {first.status, second.status} == {"indexed", "duplicate"}
    assert {first.duplicate_of, second.duplicate_of} <= {"", first.source.id, second.source.id}
    assert holds(filled)


def test_a_copy_whose_body_is_lost_fails_alone(filled: KnowledgeBase, corpus: Path) -> None:
    body = filled.catalog.read.snapshot(filled.find_source("zz-copy-of-bias.md").id)
    assert body is not None
    filled.catalog.snapshots.delete(body.content_hash)
    result = filled.remove("bias.md")
    assert statuses(result) == {"bias.md": "removed", "zz-copy-of-bias.md": "failed"}
    assert filled.search("model collapse generations", 1)
    result = filled.ingest(corpus / "zz-copy-of-bias.md")
    assert statuses(result) == {"zz-copy-of-bias.md": "added"}
    assert holds(filled)


def test_a_copy_that_is_edited_is_a_source_of_its_own(filled: KnowledgeBase, corpus: Path) -> None:
    (corpus / "zz-copy-of-bias.md").write_text(BIAS + "\nAnd one more word: quagga.\n", "utf-8")
    assert statuses(filled.ingest(corpus))["zz-copy-of-bias.md"] == "updated"
    assert filled.search("quagga", 1)[0].source.uri.endswith("zz-copy-of-bias.md")
    assert holds(filled)


# -- leaving ---------------------------------------------------------------------------------------------------------


def test_prune_removes_what_is_no_longer_listed(filled: KnowledgeBase, corpus: Path) -> None:
    (corpus / "privacy.txt").unlink()
    lines = (corpus / "records.jsonl").read_text("utf-8").splitlines(keepends=True)
    (corpus / "records.jsonl").write_text(lines[0], "utf-8")
    assert filled.ingest(corpus).count("removed") == 0  # without --prune everything stays
    result = filled.ingest(corpus, prune=True)
    assert {name for name, status in statuses(result).items() if status == "removed"} == {
        "privacy.txt",
        "records.jsonl#r2",
    }
    assert holds(filled)
    assert filled.ingest(corpus, prune=True).count("removed") == 0  # and only once


def test_nothing_is_pruned_when_a_part_of_the_listing_is_missing(
    filled: KnowledgeBase, corpus: Path, tmp_path: Path
) -> None:
    before = len(filled.sources())
    shutil.rmtree(corpus)
    result = filled.ingest(corpus, prune=True)
    assert result.count("removed") == 0
    assert any("were not pruned" in note for note in result.notes)
    assert len([s for s in filled.sources() if s.status == "indexed"]) >= before - 2


def test_a_source_that_comes_back_is_added(filled: KnowledgeBase, corpus: Path) -> None:
    filled.remove("privacy.txt")
    assert statuses(filled.ingest(corpus))["privacy.txt"] == "added"
    assert holds(filled)


# -- embedders -------------------------------------------------------------------------------------------------------


def test_two_embedders_are_not_mixed(filled: KnowledgeBase, corpus: Path) -> None:
    filled._embedder = load("embedder", "hash")(dimension=128)
    for action in (lambda: filled.ingest(corpus), lambda: filled.search("bias"), lambda: filled.remove("bias.md")):
        with pytest.raises(FingerprintError, match="rebuild --embedder"):
            action()


def test_rebuild_embeds_nothing(filled: KnowledgeBase, embedder: CountingEmbedder) -> None:
    total = len(filled.catalog.read.live_chunk_ids())
    assert filled.rebuild() == {"chunks": total, "embedded": 0}
    assert embedder.embedded == []
    assert holds(filled)


def test_rebuild_with_another_embedder_embeds_once(filled: KnowledgeBase, corpus: Path) -> None:
    total = len(filled.catalog.read.live_chunk_ids())
    assert filled.rebuild(embedder="hash") == {"chunks": total, "embedded": total}
    assert filled.catalog.read.meta("fingerprint") == load("embedder", "hash")().fingerprint
    assert filled.search("bias", 1)
    assert filled.rebuild(embedder="hash") == {"chunks": total, "embedded": 0}
    home = filled.home
    assert 'embedder = "hash"' in (home / "kb.toml").read_text("utf-8")
    assert holds(filled)


# -- the lock, and indexes that are gone -----------------------------------------------------------------------------

HOLD = """
import sys
from pathlib import Path
from kb.catalog import WriterLock
with WriterLock(Path(sys.argv[1])).hold():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_writer(filled: KnowledgeBase) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(filled.home)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.communicate("")


def test_the_second_writer_is_told_who_writes(
    filled: KnowledgeBase, corpus: Path, other_writer: subprocess.Popen[str]
) -> None:
    for action in (
        lambda: filled.ingest(corpus),
        lambda: filled.remove("bias.md"),
        filled.rebuild,
        filled.doctor,
    ):
        with pytest.raises(LockedError, match=f"process {other_writer.pid}"):
            action()


def test_readers_work_while_another_process_writes(
    filled: KnowledgeBase, corpus: Path, other_writer: subprocess.Popen[str]
) -> None:
    assert filled.search("model collapse", 1)
    assert filled.sources()
    filled.ask("What prevents model collapse?")
    with kb.open(filled.home, create=False, **LIGHT) as reader:
        reader._embedder = filled._embedder
        assert reader.search("model collapse", 1)


def test_the_lock_goes_with_a_killed_writer(
    filled: KnowledgeBase, corpus: Path, other_writer: subprocess.Popen[str]
) -> None:
    other_writer.kill()
    other_writer.wait()
    assert filled.ingest(corpus).count("unchanged") == 5


def test_bodies_that_are_gone_are_stored_again_with_the_next_ingest(filled: KnowledgeBase, corpus: Path) -> None:
    shutil.rmtree(filled.home / "snapshots")
    assert any("bodies are missing" in problem for problem in filled.doctor()[0])
    assert filled.ingest(corpus).chunks.embedded == 0
    assert holds(filled)


@pytest.mark.parametrize("gone", ["vectors", "lexical"])
@pytest.mark.parametrize("way_back", ["search", "ingest"])
def test_an_index_folder_that_is_gone_is_filled_again(tmp_path: Path, corpus: Path, gone: str, way_back: str) -> None:
    settings = {"embedder": "hash"}
    home = tmp_path / "kb"
    with kb.open(home, **settings) as base:
        base.ingest(corpus / "collapse.md", corpus / "records.jsonl")
    shutil.rmtree(home / gone)
    with kb.open(home, **settings) as base:
        if way_back == "search":
            mode = "dense" if gone == "vectors" else "lexical"
            assert base.search("model collapse", 1, mode=mode)
        else:
            assert base.ingest(corpus / "collapse.md", corpus / "records.jsonl").chunks.embedded == 0
        assert holds(base)


def test_an_unreadable_part_of_the_listing_spares_only_what_lies_in_it(base: KnowledgeBase, tmp_path: Path) -> None:
    kept, gone = tmp_path / "kept", tmp_path / "gone"
    for folder in (kept, gone):
        folder.mkdir()
        for name in ("a", "b"):
            (folder / f"{name}.md").write_text(f"Document {name} in folder {folder.name} says something of its own.")
    base.ingest(kept, gone)
    shutil.rmtree(gone)
    (kept / "b.md").unlink()
    result = base.ingest(kept, gone, prune=True)
    removed = [outcome.uri for outcome in result.outcomes if outcome.status == "removed"]
    assert [uri.rsplit("/", 2)[1:] for uri in removed] == [["kept", "b.md"]]
    assert any("2 sources were not pruned" in note for note in result.notes)


# -- changing the embedder, and reports beside a writer --------------------------------------------------------------


def test_after_rebuild_the_same_object_embeds_with_the_new_embedder(filled: KnowledgeBase, corpus: Path) -> None:
    filled.rebuild(embedder="hash")
    (corpus / "new.md").write_text("# New\n\nA new document about quaggas.\n", "utf-8")
    filled.ingest(corpus)
    assert holds(filled)


def test_an_embedder_that_cannot_be_loaded_changes_nothing(filled: KnowledgeBase, embedder: CountingEmbedder) -> None:
    settings = (filled.home / "kb.toml").read_text("utf-8")
    with pytest.raises(KBError):
        filled.rebuild(embedder=str(filled.home / "no-such-model"))
    assert (filled.home / "kb.toml").read_text("utf-8") == settings
    assert filled.settings.embedder == "hash"


def test_a_report_never_cites_what_was_taken_out_while_it_was_written(
    filled: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    from queries.reporting import Reporter

    inner = Reporter.report

    def slow(self: Reporter, *arguments: Any, **options: Any) -> Any:
        report = inner(self, *arguments, **options)
        monkeypatch.setattr(Reporter, "report", inner)
        filled.remove("collapse.md")  # another process, while this one still thinks
        return report

    monkeypatch.setattr(Reporter, "report", slow)
    _, files = filled.report("Model collapse and bias of synthetic data")
    body = json.loads(Path(files["json"]).read_text("utf-8"))
    assert filled.verify(body).problems == ()
