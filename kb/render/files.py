"""Writing a report to files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from kb.records import Report
from kb.render import contract
from kb.render.markdown import report_markdown


def write_report(report: Report, folder: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """Write ``report`` as Markdown and JSON into ``folder``; each file appears whole or not at all.

    Returns:
        The paths by format, and the JSON as it was written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{slug(report.topic.subject)}-{report.created_at[:10]}-{report.id.removeprefix('r_')[:8]}"
    files = {kind: str((folder / f"{stem}.{kind}").absolute()) for kind in ("md", "json")}
    body = contract.report(report, files)
    _write(Path(files["md"]), report_markdown(report))
    _write(Path(files["json"]), json.dumps(body, ensure_ascii=False, indent=2) + "\n")
    return files, body


def slug(text: str, limit: int = 60) -> str:
    """A file name made of the words of ``text``."""
    words = re.sub(r"[^\w]+", "-", text.casefold()).strip("-")
    cut = words[:limit]
    return (cut if len(words) <= limit else cut.rpartition("-")[0] or cut) or "report"


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, "utf-8")
    partial.replace(path)
