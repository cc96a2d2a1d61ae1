"""Every real document of the shared data, in worker processes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kb.backends.executors import ProcessExecutor
from kb.backends.media_types import media_type_of
from kb.backends.parsing import ParseTask, parse_task
from kb.interfaces import Attempt
from kb.records import Parsed

DATA = Path(__file__).parents[2].parent / "shared" / "data"
DOCUMENTS = DATA / "documents"
FAILING = {
    "empty.txt": "no text",
    "empty.xlsx": "no text",
    "fake-text-all-whitespace.txt": "no text",
    "eml/empty.eml": "no text",
    "eml/mime-no-body.eml": "no text",
    "picture.pptx": "no text",
    "test-image-jpg-mime.pptx": "no text",
    "eml/fake-encrypted.eml": "encrypted",
    "fake-encrypted.msg": "encrypted",
    "password_protected.xlsx": "encrypted",
    "pdf/password.pdf": "password",
    "pdf/loremipsum-flat.pdf": "scanned",
    "pdf/single_table.pdf": "scanned",
    "pdf/table-multi-row-column-cells.pdf": "scanned",
}
SAID = {
    "simple.docx": "This is my first thought. This is my second thought.",
    "fake-text-utf-16.txt": "Dogs are the best",
    "umlauts-non-utf8.md": "können",
    "pdf/multi-column.pdf": "Open-domain question answering relies on efficient passage retrieval to select candidate contexts",
    "winter-sports.epub": "Winter Sports in Switzerland",
    "factbook-utf-16.xml": "name: France; capital: Paris",
    "stanley-cups.xlsx": "Team: Blues; Location: STL; Stanley Cups: 1",
    "fake-email.msg": "This is a test email to use for unit tests.",
    "handbook-872p.docx": "standing trustee",
}

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the shared data is not here")]


@pytest.fixture(scope="module")
def attempts() -> dict[str, tuple[Attempt[Parsed], float]]:
    paths = sorted(path for path in DOCUMENTS.rglob("*") if path.is_file())
    tasks = [ParseTask(body := path.read_bytes(), media_type_of(path.name, body), path.as_uri()) for path in paths]
    executor = ProcessExecutor(workers=2, timeout_s=60)
    found = {}
    started = time.monotonic()
    for path, attempt in zip(paths, executor.map(parse_task, tasks), strict=True):
        found[path.relative_to(DOCUMENTS).as_posix()] = (attempt, time.monotonic() - started)
        started = time.monotonic()
    executor.close()
    return found


def test_every_file_is_read_or_says_why_not(attempts: dict[str, tuple[Attempt[Parsed], float]]) -> None:
    assert len(attempts) > 150
    failed = {name: attempt.failure for name, (attempt, _) in attempts.items() if attempt.failure is not None}
    assert all(attempt.value or attempt.failure for attempt, _ in attempts.values())
    assert all(failure.reason and failure.remedy and failure.stage == "parse" for failure in failed.values())
    assert not [
        name for name, failure in failed.items() if "crashed" in failure.reason or "longer than" in failure.reason
    ]
    assert set(failed) == set(FAILING) & set(attempts)
    for name, words in FAILING.items():
        assert name not in failed or words in failed[name].reason


def test_nothing_takes_long(attempts: dict[str, tuple[Attempt[Parsed], float]]) -> None:
    assert max(seconds for _, seconds in attempts.values()) < 60


@pytest.mark.parametrize("name", SAID)
def test_words_are_found(attempts: dict[str, tuple[Attempt[Parsed], float]], name: str) -> None:
    if name not in attempts:
        pytest.skip("not in this copy of the data")
    value = attempts[name][0].value
    assert value is not None
    assert SAID[name] in value.text


@pytest.mark.skipif(not (DATA / "pages").is_dir(), reason="the shared data is not here")
def test_main_content_of_recorded_pages() -> None:
    import sys

    sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
    from parsers import page_scores

    rows = page_scores(DATA / "pages")
    assert sum(row["f1"] for row in rows) / len(rows) > 0.93
