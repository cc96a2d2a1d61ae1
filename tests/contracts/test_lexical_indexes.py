from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from contracts.lexical_index import ENTRIES, LexicalIndexContract, Make

from kb.backends import load
from kb.errors import IndexBackendError
from kb.interfaces import LexicalEntry

WRITER = """
import sys
from pathlib import Path
from kb.backends.tantivy_index import TantivyIndex
from kb.interfaces import LexicalEntry
index, at = TantivyIndex(Path(sys.argv[1])), 0
while True:
    index.upsert([LexicalEntry(f"w_{i}", f"word{i} filler text") for i in range(at, at + 500)])
    at = (at + 500) % 5000
    print(at, flush=True)
"""


class TestMemoryLexicalIndex(LexicalIndexContract):
    @pytest.fixture
    def make(self) -> Make:
        return load("lexical", "memory")

    def test_without_a_folder_it_lives_in_memory(self) -> None:
        index = load("lexical", "memory")()
        index.upsert(ENTRIES)
        assert len(index.ids()) == len(ENTRIES)

    @pytest.mark.parametrize("damage", [b"not json", b"[[1, 2, 3, 4, 5, 6]]", b"7"])
    def test_a_damaged_file_is_an_index_error_and_can_be_cleared(self, tmp_path: Path, damage: bytes) -> None:
        (tmp_path / "entries.json").write_bytes(damage)
        index = load("lexical", "memory")(tmp_path)
        for _ in range(2):
            with pytest.raises(IndexBackendError, match="kb rebuild"):
                index.ids()
        index.clear()
        assert index.ids() == set()


class TestTantivyIndex(LexicalIndexContract):
    @pytest.fixture
    def make(self) -> Make:
        return load("lexical", "tantivy")

    def test_an_open_reader_sees_the_last_commit(self, make: Make, tmp_path: Path) -> None:
        writer, reader = make(tmp_path), make(tmp_path)
        writer.upsert(ENTRIES[:1])
        assert reader.ids() == {"heart"}
        writer.upsert(ENTRIES)
        assert [hit.chunk_id for hit in reader.query("lava", 3)] == ["lava"]
        writer.clear()
        writer.upsert(ENTRIES[:1])
        assert reader.ids() == {"heart"}

    def test_a_damaged_index_is_an_index_error_and_can_be_cleared(self, make: Make, tmp_path: Path) -> None:
        index = make(tmp_path)
        index.upsert(ENTRIES)
        index.close()
        (tmp_path / "meta.json").write_text("{}")
        for _ in range(2):
            with pytest.raises(IndexBackendError, match="kb rebuild"):
                index.query("aspirin", 3)
        with pytest.raises(IndexBackendError, match="written"):
            index.upsert(ENTRIES)
        index.clear()
        index.upsert(ENTRIES)
        assert len(index.ids()) == len(ENTRIES)

    def test_an_index_of_other_fields_is_an_index_error(self, make: Make, tmp_path: Path) -> None:
        import tantivy

        tantivy.Index(tantivy.SchemaBuilder().add_text_field("other").build(), str(tmp_path))
        with pytest.raises(IndexBackendError):
            make(tmp_path).query("aspirin", 3)

    @pytest.mark.slow
    def test_a_killed_writer_blocks_nobody(self, make: Make, tmp_path: Path) -> None:
        index = make(tmp_path)
        index.upsert(ENTRIES)
        for rounds in (1, 2, 5):
            command = [sys.executable, "-c", WRITER, str(tmp_path)]
            writer = subprocess.Popen(command, stdout=subprocess.PIPE, env={"PYTHONPATH": ":".join(sys.path)})
            assert writer.stdout is not None
            for _ in range(rounds):
                writer.stdout.readline()
                assert index.query("lava", 3)[0].chunk_id == "lava"
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            writer.stdout.close()
            assert (len(index.ids()) - len(ENTRIES)) % 500 == 0
            index.upsert([LexicalEntry("lava", "lava again")])
            assert index.query("lava", 3)[0].chunk_id == "lava"
