"""How well the chunks fit the words that answer a question: overlap of what is retrieved with exact answer spans.

python bench/spans.py [--spans DIR] [-k 5] [--mode hybrid] [--json FILE]

Each corpus becomes a knowledge base. For each question the ``k`` best chunks are compared, word by word, with the spans that
answer it: recall, precision and IoU as in Smith and Troynikov, Evaluating Chunking Strategies for Retrieval (2024).
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
DATA = ROOT.parent / "shared" / "data"
_WORD = re.compile(r"\w+|[^\w\s]")


def words_in(text: str, spans: Sequence[tuple[int, int]]) -> set[int]:
    """Where the words inside ``spans`` start."""
    return {start + m.start() for start, end in spans for m in _WORD.finditer(text[start:end])}


def place(text: str, wanted: str, near: int) -> tuple[int, int] | None:
    """Where ``wanted`` stands in a text in which white space may differ."""
    pattern = r"\s+".join(map(re.escape, wanted.split()))
    found = [match.span() for match in re.finditer(pattern, text)]
    return min(found, key=lambda span: abs(span[0] - near)) if found else None


def measure(corpus: Path, questions: Sequence[dict[str, Any]], k: int, mode: str) -> dict[str, Any]:
    import kb  # noqa: PLC0415 - after the path is set

    with tempfile.TemporaryDirectory() as folder, kb.open(Path(folder) / "kb") as base:
        base.ingest(corpus)
        source = base.sources()[0].source
        document = base.document(source.id)
        if document is None:
            sys.exit(f"{corpus} was not indexed")
        chunks = base.catalog.read.chunks_of(document.id)
        rows: list[tuple[float, float, float]] = []
        lost = 0
        for question in questions:
            spans = [place(document.text, gold["content"], gold["start_index"]) for gold in question["references"]]
            lost += spans.count(None)
            gold = words_in(document.text, [span for span in spans if span])
            if not gold:
                continue
            found = base.search(question["question"], k, mode=mode)  # type: ignore[arg-type]
            got = words_in(document.text, [(item.chunk.start, item.chunk.end) for item in found])
            both = len(gold & got)
            rows.append((both / len(gold), both / len(got), both / len(gold | got)))
    recall, precision, iou = (statistics.mean(column) for column in zip(*rows, strict=True))
    sizes = [len(_WORD.findall(chunk.text)) for chunk in chunks]
    return {
        "questions": len(rows),
        "spans_not_found": lost,
        "chunks": len(chunks),
        "words_per_chunk": round(statistics.mean(sizes), 1),
        "recall": round(recall, 4),
        "precision": round(precision, 4),
        "iou": round(iou, 4),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spans", type=Path, default=DATA / "spans", help="folder with spans.jsonl and corpora/")
    parser.add_argument("-k", type=int, default=5, help="chunks for a question")
    parser.add_argument("--mode", default="hybrid", choices=("hybrid", "dense", "lexical"))
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args(arguments)
    questions = [json.loads(line) for line in (options.spans / "spans.jsonl").read_text("utf-8").splitlines()]
    figures: dict[str, Any] = {"k": options.k, "mode": options.mode}
    for corpus in sorted((options.spans / "corpora").iterdir()):
        own = [question for question in questions if question["corpus_id"] == corpus.stem]
        figures[corpus.stem] = measure(corpus, own, options.k, options.mode)
    for name in ("recall", "precision", "iou"):
        figures[name] = round(statistics.mean(row[name] for row in figures.values() if isinstance(row, dict)), 4)
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
