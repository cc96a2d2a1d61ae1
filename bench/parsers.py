"""Quality of main-content extraction on recorded pages, and parsing time for each format.

python bench/parsers.py [--data DIR] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from kb.backends._markup import inner_text, parse_html
from kb.backends.media_types import media_type_of
from kb.backends.parsing import ParseTask, parse_task
from kb.errors import KBError

_WORD = re.compile(r"\w+")
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def page_scores(folder: Path) -> list[dict[str, Any]]:
    """Word-level precision, recall and F1 of each page against its expected main content."""
    rows = []
    for page in sorted(path for path in folder.iterdir() if (path / "source.html").exists()):
        root = parse_html((page / "expected.html").read_text("utf-8"))
        expected = words(inner_text(root)) if root is not None else Counter()
        start = time.perf_counter()
        try:
            body = (page / "source.html").read_bytes()
            found = words(parse_task(ParseTask(body, "text/html", f"https://example.org/{page.name}")).text)
        except KBError as exc:
            print(f"{page.name}: {exc}")
            found = Counter()
        seconds = time.perf_counter() - start
        common = sum((expected & found).values())
        precision = common / max(sum(found.values()), 1)
        recall = common / max(sum(expected.values()), 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        rows.append({"page": page.name, "precision": precision, "recall": recall, "f1": f1, "seconds": seconds})
    return rows


def format_times(folder: Path) -> list[dict[str, Any]]:
    """Files, megabytes, failures and seconds for each media type, imports of libraries apart."""
    groups: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        groups[media_type_of(path.name, path.read_bytes())].append(path)
    rows = []
    for kind, paths in sorted(groups.items()):
        timed = []
        failed = 0
        for path in [paths[0], *paths]:  # the first one twice: it pays for the import
            start = time.perf_counter()
            try:
                parse_task(ParseTask(path.read_bytes(), kind, path.as_uri()))
            except KBError:
                failed += path is not paths[0] or bool(timed)
            timed.append(time.perf_counter() - start)
        size = sum(path.stat().st_size for path in paths) / 1e6
        rows.append(
            {
                "type": kind,
                "files": len(paths),
                "failed": failed,
                "megabytes": round(size, 3),
                "first_s": round(timed[0], 3),
                "total_s": round(sum(timed[1:]), 3),
                "slowest_s": round(max(timed[1:]), 3),
            }
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    pages = page_scores(options.data / "pages")
    for row in pages:
        print(f"{row['page'][:32]:32} P {row['precision']:.3f}  R {row['recall']:.3f}  F1 {row['f1']:.3f}")
    mean = {key: statistics.mean(row[key] for row in pages) for key in ("precision", "recall", "f1", "seconds")}
    print(f"{'mean of ' + str(len(pages)):32} P {mean['precision']:.3f}  R {mean['recall']:.3f}  F1 {mean['f1']:.3f}")
    print(f"median F1 {statistics.median(row['f1'] for row in pages):.3f}, {mean['seconds'] * 1000:.0f} ms a page\n")
    formats = format_times(options.data / "documents")
    for row in formats:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    if options.json:
        options.json.write_text(
            json.dumps({"pages": pages, "mean": mean, "formats": formats}, indent=1) + "\n", "utf-8"
        )


if __name__ == "__main__":
    main()
