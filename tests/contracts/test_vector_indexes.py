from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from contracts.vector_index import Make, VectorIndexContract, ids, vectors

from kb.backends import load
from kb.errors import IndexBackendError

WRITER = """
import sys
from pathlib import Path
import numpy as np
from kb.backends.chroma_index import ChromaIndex
index, at = ChromaIndex(Path(sys.argv[1])), 0
rows = np.random.default_rng(9).normal(size=(60_000, 24)).astype(np.float32)
while True:
    index.upsert([f"w_{i}" for i in range(at, at + 600)], rows[at : at + 600])
    at = (at + 600) % 60_000
    print(at, flush=True)
"""


class TestExactIndex(VectorIndexContract):
    @pytest.fixture
    def make(self) -> Make:
        return load("vectors", "exact")

    def test_without_a_folder_it_lives_in_memory(self) -> None:
        index = load("vectors", "exact")()
        index.upsert(ids(3), vectors(3))
        assert index.ids() == set(ids(3))

    def test_a_damaged_file_is_an_index_error_and_can_be_cleared(self, tmp_path: Path) -> None:
        (tmp_path / "vectors.npz").write_bytes(b"PK not an archive")
        index = load("vectors", "exact")(tmp_path)
        with pytest.raises(IndexBackendError, match="kb rebuild"):
            index.ids()
        index.clear()
        assert index.ids() == set()


class TestChromaIndex(VectorIndexContract):
    @pytest.fixture
    def make(self) -> Make:
        return load("vectors", "chroma")

    @pytest.mark.slow
    def test_more_than_one_batch(self, make: Make, tmp_path: Path) -> None:
        index, stored = make(tmp_path), vectors(11_000)
        index.upsert(ids(11_000), stored)
        assert len(index.ids()) == 11_000
        assert index.query(stored[10_500:10_501], 1)[0][0].chunk_id == "c_10500"
        index.delete(ids(10_990))
        assert len(index.query(stored[:1], 100)[0]) == 10

    def test_a_large_allowed_set(self, make: Make, tmp_path: Path) -> None:
        index, stored = make(tmp_path), vectors(6_000)
        index.upsert(ids(6_000), stored)
        among = frozenset([*ids(6_000)[:5_500], *(f"gone_{i}" for i in range(40_000))])
        assert len(index.query(stored[5_900:5_901], 100, allowed=among)[0]) == 100
        assert index.query(stored[5_000:5_001], 1, allowed=among)[0][0].chunk_id == "c_5000"

    def test_recall_against_the_exact_index(self, make: Make, tmp_path: Path) -> None:
        stored, queries = vectors(5_000, dimension=64), vectors(20, seed=3, dimension=64)
        index, reference = make(tmp_path), load("vectors", "exact")()
        for each in (index, reference):
            each.upsert(ids(5_000), stored)
        pairs = zip(index.query(queries, 100), reference.query(queries, 100), strict=True)
        common = [len({h.chunk_id for h in ours} & {h.chunk_id for h in theirs}) / 100 for ours, theirs in pairs]
        assert np.mean(common) >= 0.98

    def test_a_damaged_database_is_an_index_error_and_can_be_cleared(self, make: Make, tmp_path: Path) -> None:
        (tmp_path / "chroma.sqlite3").write_bytes(b"not a database" * 100)
        index = make(tmp_path)
        with pytest.raises(IndexBackendError, match="kb rebuild"):
            index.ids()
        with pytest.raises(IndexBackendError):
            index.query(vectors(1), 1)
        index.clear()
        index.upsert(ids(3), vectors(3))
        assert index.ids() == set(ids(3))

    def test_an_unfinished_change_is_told(self, make: Make, tmp_path: Path) -> None:
        index = make(tmp_path)
        index.upsert(ids(3), vectors(3))
        index.close()
        (tmp_path / "unfinished").touch()
        with pytest.raises(IndexBackendError, match="stopped"):
            make(tmp_path).query(vectors(1), 1)
        index.clear()
        assert index.ids() == set()

    def test_close_lets_go_of_the_shared_client(self, make: Make, tmp_path: Path) -> None:
        from chromadb.api.shared_system_client import SharedSystemClient

        index = make(tmp_path)
        index.upsert(ids(3), vectors(3))
        index.close()
        assert str(tmp_path) not in {str(key) for key in SharedSystemClient._identifier_to_system}

    def test_several_threads_may_ask(self, make: Make, tmp_path: Path) -> None:
        index, stored = make(tmp_path), vectors(200)
        index.upsert(ids(200), stored)
        index.close()
        found: dict[int, str] = {}

        def ask(start: int) -> None:
            for i in range(start, start + 20):
                found[i] = index.query(stored[i : i + 1], 1)[0][0].chunk_id

        threads = [threading.Thread(target=ask, args=(start,)) for start in range(0, 80, 20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == {i: f"c_{i:04d}" for i in range(80)}

    @pytest.mark.slow
    def test_readers_and_a_writer_that_is_killed(self, make: Make, tmp_path: Path) -> None:
        index, stored = make(tmp_path), vectors(500)
        index.upsert(ids(500), stored)
        for rounds in (1, 3):
            command = [sys.executable, "-c", WRITER, str(tmp_path)]
            environment = {"PYTHONPATH": ":".join(sys.path)}
            writer = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
            assert writer.stdout is not None
            for _ in range(rounds):
                writer.stdout.readline()
                for i in range(30):
                    assert index.query(stored[i : i + 1], 3)[0][0].chunk_id == f"c_{i:04d}"
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            writer.stdout.close()
            index.close()
            try:
                assert index.query(stored[:1], 1)[0][0].chunk_id == "c_0000"
            except IndexBackendError:
                index.clear()
                index.upsert(ids(500), stored)
        assert index.query(stored[:1], 1)[0][0].chunk_id == "c_0000"


@pytest.mark.slow
def test_chroma_connects_to_nothing(tmp_path: Path) -> None:
    code = """
import socket, sys
from pathlib import Path
def refuse(*_): raise AssertionError("a connection")
socket.socket.connect = socket.getaddrinfo = refuse
import numpy as np
from kb.backends.chroma_index import ChromaIndex
from chromadb.telemetry.product.posthog import Posthog
index = ChromaIndex(Path(sys.argv[1]) / "kb")
index.upsert(["a"], np.ones((1, 8), np.float32))
assert index.query(np.ones((1, 8), np.float32), 1)[0][0].chunk_id == "a"
assert not {"posthog", "onnxruntime"} & set(sys.modules)
"""
    home = {"HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env=home)
    assert [path.name for path in tmp_path.iterdir()] == ["kb"]
