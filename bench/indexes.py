"""Chroma against the exact index (recall, milliseconds, writing, starting), and Tantivy against plain BM25.

python bench/indexes.py [--data DIR] [--vectors FILE.npy] [--sizes N ...] [--json FILE]

Without --vectors the vectors are random ones in clusters; --vectors names real ones of shape (n, dimension).
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.backends import load
from kb.interfaces import LexicalEntry, LexicalIndex

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SETS = (("scifact", "train"), ("multihop/musique100", "test"), ("multihop/hotpotqa100", "test"))
QUERIES = 200

START = """
import sys, time
begin = time.perf_counter()
from pathlib import Path
import numpy as np
from kb.backends.chroma_index import ChromaIndex
ChromaIndex(Path(sys.argv[1])).query(np.load(sys.argv[2]), 10)
print(time.perf_counter() - begin)
"""


def clusters(number: int, seed: int) -> NDArray[np.float32]:
    """Unit vectors with clusters, a common direction and few strong dimensions, as sentence vectors have them."""
    shared, own = np.random.default_rng(42), np.random.default_rng(seed)
    centres, plane, common = shared.normal(size=(200, 384)), shared.normal(size=(60, 384)), shared.normal(size=384)
    rows = centres[own.integers(0, 200, number)] * 0.6 + own.normal(size=(number, 60)) @ plane / np.sqrt(60)
    rows += own.normal(size=(number, 384)) * 0.35 + common * 0.3
    unit: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    begin = time.perf_counter()
    return call(), (time.perf_counter() - begin) * 1000


def vectors(stored: NDArray[np.float32], queries: NDArray[np.float32], folder: Path) -> dict[str, Any]:
    number = len(stored)
    ids = [f"c_{i:020x}" for i in range(number)]
    index, reference = load("vectors", "chroma")(folder / "chroma"), load("vectors", "exact")()
    _, writing = timed(lambda: index.upsert(ids, stored))
    reference.upsert(ids, stored)
    row: dict[str, Any] = {"index": "chroma", "vectors": number, "upserts_per_s": round(number / writing * 1000)}
    for k in (10, 100):
        waits, shares = [], []
        for query in queries:
            found, wait = timed(lambda q=query, n=k: index.query(q[None], n)[0])
            best = {hit.chunk_id for hit in reference.query(query[None], k)[0]}
            waits.append(wait)
            shares.append(len(best & {hit.chunk_id for hit in found}) / k)
        row[f"recall@{k}"] = round(statistics.mean(shares), 4)
        row[f"query_ms@{k}"] = round(statistics.median(waits), 2)
    for size in (300, number // 2):
        among = frozenset(ids[:size])
        row[f"allowed_{size}_ms"] = round(timed(lambda a=among: index.query(queries[:1], 100, allowed=a))[1], 1)
    row["ids_ms"] = round(timed(index.ids)[1], 1)
    index.close()
    row["disk_mb"] = round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6)
    np.save(folder / "query.npy", queries[:1])
    command = [sys.executable, "-c", START, str(folder / "chroma"), str(folder / "query.npy")]
    row["start_s"] = round(float(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout), 3)
    return row


def lexical(name: str, index: LexicalIndex, data: Path, part: tuple[str, str]) -> dict[str, Any]:
    import ir_measures  # noqa: PLC0415 - only here

    folder = data / part[0] / "beir"
    entries = [LexicalEntry(r["_id"], r["text"], r.get("title", "")) for r in records(folder / "corpus.jsonl")]
    judged: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels" / f"{part[1]}.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        judged.setdefault(query, {})[document] = int(grade)
    _, writing = timed(lambda: index.upsert(entries))
    run, waits = {}, []
    for record in records(folder / "queries.jsonl"):
        if record["_id"] in judged:
            hits, wait = timed(lambda text=record["text"]: index.query(text, 100))
            run[record["_id"]] = {hit.chunk_id: hit.score for hit in hits}
            waits.append(wait)
    scores = ir_measures.calc_aggregate([ir_measures.nDCG @ 10, ir_measures.R @ 100], judged, run)
    return {
        "index": name,
        "set": "/".join(part),
        "entries": len(entries),
        "entries_per_s": round(len(entries) / writing * 1000),
        "query_ms": round(statistics.median(waits), 2),
        **{str(measure): round(float(score), 4) for measure, score in scores.items()},
    }


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=[5_000, 50_000])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    for size in options.sizes:
        folder = Path(tempfile.mkdtemp())
        real = (
            np.load(options.vectors) if options.vectors else np.concatenate([clusters(QUERIES, 1), clusters(size, 0)])
        )
        rows.append(vectors(real[QUERIES : QUERIES + size], real[:QUERIES], folder))
        print(rows[-1], flush=True)
        shutil.rmtree(folder)
    for part in SETS:
        folder = Path(tempfile.mkdtemp())
        for name, index in (("tantivy", load("lexical", "tantivy")(folder)), ("memory", load("lexical", "memory")())):
            rows.append(lexical(name, index, options.data, part))
            print(rows[-1], flush=True)
        shutil.rmtree(folder)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), "utf-8")


if __name__ == "__main__":
    main()
