"""SciFact through the command line: how fast it comes in, what it costs in memory, and how well it is found again.

python bench/scifact.py [--beir DIR] [--split train] [--json FILE] [--keep HOME] [--least 0.02]

Exit code 1 if hybrid search does not beat dense and lexical search alone by ``--least`` in nDCG@10.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
MODES = ("dense", "lexical", "hybrid")


class Memory(threading.Thread):
    """Watches a process and all it started: the peak of its largest process and of all together, in MB."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.largest = self.together = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        """Look twenty times a second."""
        while not self._over.wait(0.05):
            sizes = [_resident(pid) for pid in _tree(self.pid)]
            self.largest = max([self.largest, *sizes])
            self.together = max(self.together, sum(sizes))

    def stop(self) -> None:
        """End it."""
        self._over.set()
        self.join()


def _resident(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in children.read_text().split())
            except OSError:
                continue
    return found


def kb(home: Path, *arguments: str | Path) -> tuple[dict[str, Any], dict[str, float]]:
    """Run one command in a process of its own; return what it printed, and its seconds and memory."""
    command = [sys.executable, "-m", "kb", "--kb", str(home), *map(str, arguments), "--json"]
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    ) as process:
        memory = Memory(process.pid)
        memory.start()
        out, _ = process.communicate()
        seconds = time.perf_counter() - started
        memory.stop()
    if process.returncode not in (0, 3):
        sys.exit(f"{' '.join(command)} failed with {process.returncode}")
    cost = {
        "seconds": round(seconds, 2),
        "peak_mb": round(memory.largest, 1),
        "peak_tree_mb": round(memory.together, 1),
    }
    return json.loads(out), cost


def measure(run: Path, qrels: Path) -> dict[str, float]:
    """The figures of a run over the queries that have judgements."""
    import ir_measures  # noqa: PLC0415 - optional: only for scoring
    from ir_measures import R, nDCG  # noqa: PLC0415

    lines = [line.split("\t") for line in qrels.read_text("utf-8").splitlines()[1:] if line.strip()]
    truth = [ir_measures.Qrel(query, document, int(grade)) for query, document, grade in lines]
    judged = {q.query_id for q in truth}
    ranked = [s for s in ir_measures.read_trec_run(str(run)) if s.query_id in judged]
    found = ir_measures.calc_aggregate([nDCG @ 10, R @ 10, R @ 100], truth, ranked)
    return {str(name): round(value, 4) for name, value in found.items()}


def ingest(home: Path, corpus: Path) -> dict[str, Any]:
    first, cost = kb(home, "ingest", corpus)
    second, again = kb(home, "ingest", corpus)
    if second["chunks"]["embedded"] or second["added"] or second["updated"]:
        sys.exit("the second ingest was not idle")
    documents = sum(1 for source in first["sources"] if source["status"] != "failed")
    return {
        "documents": documents,
        "chunks": first["chunks"]["total"],
        **cost,
        "documents_per_second": round(documents / cost["seconds"], 1),
        "second_ingest": again,
    }


def search(home: Path, beir: Path, split: str, out: Path) -> dict[str, Any]:
    qrels = beir / "qrels" / f"{split}.tsv"
    judged = {line.split("\t")[0] for line in qrels.read_text("utf-8").splitlines()[1:]}
    queries = out / "queries.jsonl"
    with (beir / "queries.jsonl").open(encoding="utf-8") as lines:
        queries.write_text("".join(line for line in lines if json.loads(line)["_id"] in judged), "utf-8")
    found: dict[str, Any] = {}
    for mode in MODES:
        run = out / f"{mode}.trec"
        _, cost = kb(home, "search", "--queries", queries, "--run", run, "-k", "100", "--mode", mode)
        found[mode] = {**measure(run, qrels), **cost}
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beir", type=Path, default=DATA / "scifact" / "beir", help="folder in BEIR layout")
    parser.add_argument("--split", default="train", help="name of the qrels file")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--keep", type=Path, help="use and keep the knowledge base in this folder")
    parser.add_argument("--least", type=float, default=0.02, help="by how much hybrid must lead")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        home = options.keep or out / "home"
        figures = {"beir": options.beir.parent.name, "split": options.split}
        figures["ingest"] = ingest(home, options.beir / "corpus.jsonl")
        figures["search"] = search(home, options.beir, options.split, out)
    scores = {mode: figures["search"][mode]["nDCG@10"] for mode in MODES}
    figures["lead"] = round(scores["hybrid"] - max(scores["dense"], scores["lexical"]), 4)
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0 if figures["lead"] >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
