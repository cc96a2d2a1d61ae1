"""What reading the best passages again with a cross-encoder brings, and what it costs.

python bench/reranker.py DATA WEIGHTS.safetensors [--depth 20] [--cache DIR] [--json FILE]

For SciFact's train claims and the MuSiQue and HotpotQA questions: nDCG@10 of hybrid search, and after the passages at its head
are read again beside the query, for several weights of the reading against the rank. It would be shipped at +0.015 on average
under 150 ms a query.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from pathlib import Path
from statistics import mean, median

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import kb  # noqa: E402
from kb.backends._judging import softmax  # noqa: E402
from kb.backends.entailment_verifier import EntailmentVerifier  # noqa: E402

SETS = {"musique": ("multihop/musique100/beir", "test"), "hotpotqa": ("multihop/hotpotqa100/beir", "test"), "scifact": ("scifact/beir", "train")}  # fmt: skip
SHARES = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)


def ndcg(ranked: list[str], grades: dict[str, int], k: int = 10) -> float:
    """Of documents in order."""
    gain = sum((2 ** grades.get(name, 0) - 1) / math.log2(at + 2) for at, name in enumerate(ranked[:k]))
    ideal = sum((2**g - 1) / math.log2(at + 2) for at, g in enumerate(sorted(grades.values(), reverse=True)[:k]))
    return gain / ideal if ideal else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--depth", type=int, default=20)
    parser.add_argument("--most", type=int, default=300, help="queries of each set")
    parser.add_argument("--characters", type=int, default=700, help="of a passage that are read")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the knowledge bases")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    model = EntailmentVerifier(options.weights)
    figures = {}
    for name, (folder, split) in SETS.items():
        beir = options.data / folder
        base = kb.open(options.cache / name, create=True)
        if base.ingest(beir / "corpus.jsonl").count("failed"):
            msg = f"{name}: the corpus could not be read"
            raise SystemExit(msg)
        grades: dict[str, dict[str, int]] = {}
        qrels = next(beir.glob(f"qrels/{split}.tsv"), None) or next(beir.glob("qrels/*.tsv"))
        for line in qrels.read_text("utf-8").splitlines()[1:]:
            query, document, grade = line.split("\t")
            grades.setdefault(query, {})[document] = int(grade)
        queries = [json.loads(line) for line in (beir / "queries.jsonl").read_text("utf-8").splitlines()]
        queries = [row for row in queries if row["_id"] in grades][: options.most]
        scores: dict[float, list[float]] = {share: [] for share in SHARES}
        seconds = []
        for row in queries:
            found = base.search(row["text"], 60)
            best: dict[str, list] = {}
            for item in found:
                best.setdefault(item.source.external_id, []).append(item)
            head = list(best)[: options.depth]
            started = time.perf_counter()
            read = [(item, name_) for name_ in head for item in best[name_][:1]]
            texts = [(f"{i.source.title}. {i.chunk.text}"[: options.characters], row["text"]) for i, _ in read]
            yes = softmax(model.logits(texts))[:, 0] if texts else np.zeros(0)
            seconds.append(time.perf_counter() - started)
            rank = np.array([1 / (at + 10) for at in range(len(head))])
            for share in SHARES:
                total = (1 - share) * rank / 0.1 + share * yes
                order = [head[i] for i in np.argsort(-total, kind="stable")] + list(best)[options.depth :]
                scores[share].append(ndcg(order, grades[row["_id"]]))
        figures[name] = {
            "queries": len(queries),
            "ndcg": {str(share): round(mean(values), 4) for share, values in scores.items()},
            "milliseconds": round(1000 * median(seconds), 1),
        }
        print(name, json.dumps(figures[name]), flush=True)
        if not figures[name]["ndcg"]["0.0"]:
            msg = f"{name}: search found nothing that is relevant: corpus and judgements do not belong together"
            raise SystemExit(msg)
    gains = {s: mean(f["ndcg"][str(s)] - f["ndcg"]["0.0"] for f in figures.values()) for s in SHARES}
    print("mean gain by weight:", {share: round(gain, 4) for share, gain in gains.items()})
    if options.json:
        options.json.write_text(json.dumps({"sets": figures, "gains": gains}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
