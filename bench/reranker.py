"""What reading the best passages again with the cross-encoder brings, and what it costs: ``kb search --rerank``.

python bench/reranker.py DATA [WEIGHTS.safetensors] [--most 1000] --cache DIR [--json FILE]

For SciFact's train claims and the MuSiQue and HotpotQA questions: nDCG@10 of documents in the order of ``kb search --queries --run``,
and with ``--rerank``, and the milliseconds of the reading. It is shipped because it brings 0.015 on average under 150 ms a query.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import kb  # noqa: E402
from kb.backends.reading_reranker import ReadingReranker  # noqa: E402

SETS = {"musique": ("multihop/musique100/beir", "test"), "hotpotqa": ("multihop/hotpotqa100/beir", "test"), "scifact": ("scifact/beir", "train")}  # fmt: skip
AT = 10
WANTED, ALLOWED = 0.015, 150.0


class Timed:
    """A reranker whose readings are timed."""

    def __init__(self, weights: Path | None) -> None:
        self._inner = ReadingReranker(weights)
        self.name = self._inner.name
        self.seconds: list[float] = []

    def score(self, query: str, passages: Sequence[str]) -> list[float]:
        """As the one that it holds."""
        started = time.perf_counter()
        scores = self._inner.score(query, passages)
        self.seconds.append(time.perf_counter() - started)
        return scores


def ndcg(ranked: list[str], grades: dict[str, int], k: int = AT) -> float:
    """Of documents in order."""
    gain = sum((2 ** grades.get(name, 0) - 1) / math.log2(at + 2) for at, name in enumerate(ranked[:k]))
    ideal = sum((2**g - 1) / math.log2(at + 2) for at, g in enumerate(sorted(grades.values(), reverse=True)[:k]))
    return gain / ideal if ideal else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="?", help="by default those that are shipped")
    parser.add_argument("--most", type=int, default=1000, help="queries of each set")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the knowledge bases")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
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
        rows = [json.loads(line) for line in (beir / "queries.jsonl").read_text("utf-8").splitlines()]
        queries = {row["_id"]: row["text"] for row in rows if row["_id"] in grades}
        queries = dict(list(queries.items())[: options.most])
        timed = base._reranker = Timed(options.weights)  # noqa: SLF001 - to time it where it is used
        gained = {}
        for rerank in (False, True):
            ranked = base.run_queries(queries, AT, rerank=rerank)
            gained[rerank] = mean(ndcg([hit.external_id for hit in hits], grades[query]) for query, hits in ranked)
        figures[name] = {
            "queries": len(queries),
            "without": round(gained[False], 4),
            "with": round(gained[True], 4),
            "milliseconds": round(1000 * median(timed.seconds), 1),
        }
        print(name, json.dumps(figures[name]), flush=True)
        if not gained[False]:
            msg = f"{name}: search found nothing that is relevant: corpus and judgements do not belong together"
            raise SystemExit(msg)
    gain = mean(f["with"] - f["without"] for f in figures.values())
    slowest = max(f["milliseconds"] for f in figures.values())
    print(f"mean gain {gain:+.4f} (wanted {WANTED:+.3f}), at most {slowest:.0f} ms a query (allowed {ALLOWED:.0f})")
    if options.json:
        options.json.write_text(json.dumps({"sets": figures, "gain": round(gain, 4)}, indent=1) + "\n", "utf-8")
    return int(gain < WANTED or slowest > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
