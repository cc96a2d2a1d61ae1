from __future__ import annotations

import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.app import KnowledgeBase
from kb.backends.executors import ProcessExecutor, SerialExecutor, attempt
from kb.backends.parsing import ParseTask, parse_task

pytestmark = pytest.mark.slow


def work(what: str) -> str:
    if what == "crash":
        os._exit(3)
    if what == "hang":
        time.sleep(60)
    if what == "connect":
        socket.create_connection(("127.0.0.1", 9))
    if what == "print":
        sys.stdout.write("noise\n" * 10_000)
        sys.stderr.write("noise\n" * 10_000)
        os.write(1, b"noise")
    if what == "memory":
        return str(len(bytearray(10**12)))
    if what == "unpicklable":
        return lambda: None  # type: ignore[return-value]
    if what == "read":
        return sys.stdin.read()
    return f"did {what}"


@pytest.fixture
def executor() -> Iterator[ProcessExecutor]:
    executor = ProcessExecutor(workers=2, timeout_s=3)
    yield executor
    executor.close()


def reasons(executor: ProcessExecutor, *items: str) -> list[str]:
    return [a.value if a.failure is None else a.failure.reason for a in executor.map(work, items)]  # type: ignore[misc]


def test_a_crash_and_a_hang_cost_only_themselves(executor: ProcessExecutor) -> None:
    started = time.monotonic()
    assert reasons(executor, "a", "crash", "b", "hang", "c", "d") == [
        "did a",
        "the parser crashed (exit status 3)",
        "did b",
        "it took longer than 3 s to read",
        "did c",
        "did d",
    ]
    assert time.monotonic() - started < 20


def test_sockets_memory_and_noise(executor: ProcessExecutor) -> None:
    connect, memory, noise, odd, read = reasons(executor, "connect", "memory", "print", "unpicklable", "read")
    assert "must not use the network" in connect
    assert "memory" in memory
    assert noise == "did print"
    assert "pickle" in odd.lower()
    assert read == ""


def test_what_cannot_be_sent_is_a_failure(executor: ProcessExecutor) -> None:
    attempts = list(executor.map(lambda item: item, ["x"]))
    assert attempts[0].failure is not None
    assert [a.value for a in executor.map(work, ["x"])] == ["did x"]


def test_parse_task_through_both_executors(executor: ProcessExecutor) -> None:
    tasks = [
        ParseTask(b"# Head\n\nWords here.", "text/markdown", "file:///a.md"),
        ParseTask(b"", "text/plain", "file:///b.txt"),
    ]
    for each in (SerialExecutor(), executor):
        good, bad = each.map(parse_task, tasks)
        assert good.value is not None
        assert good.value.title == "Head"
        assert bad.failure is not None
        assert bad.failure.stage == "parse"
        assert bad.failure.remedy


def test_without_workers_files_are_read_in_this_process(
    base: KnowledgeBase, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*arguments: object, **_: object) -> None:
        pytest.fail(f"a process was started: {arguments}")

    assert base.settings.workers == 0
    monkeypatch.setattr(subprocess, "Popen", refused)
    assert [outcome.status for outcome in base.ingest(corpus / "bias.md").outcomes] == ["added"]


def test_unknown_types_are_failures() -> None:
    failed = attempt(parse_task, ParseTask(b"x", "image/png", "file:///a.png"))
    assert failed.failure is not None
    assert "image" in failed.failure.reason


def test_a_script_without_a_guard_can_use_it(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
        import sys
        from kb.backends.executors import ProcessExecutor
        from kb.backends.parsing import ParseTask, parse_task
        print("started")
        for a in ProcessExecutor(1, 30).map(parse_task, [ParseTask(b"Some words.", "text/plain", "file:///a")]):
            print(a.value.text)
        """),
        "utf-8",
    )
    # A module of that name in the working folder must not get in the way of the worker.
    (tmp_path / "pickle.py").write_text("raise SystemExit('wrong module')", "utf-8")
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(  # noqa: PLW1510 - the output says more
        [sys.executable, "-P", str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert done.stdout == "started\nSome words.\n", done.stderr


def test_workers_end_with_their_parent() -> None:
    code = (
        "from kb.backends.executors import ProcessExecutor\nimport os, sys\nsys.path.insert(0, sys.argv[1])\n"
        "from test_executors import work\n"
        "e = ProcessExecutor(1, 30)\nlist(e.map(work, ['x']))\n"
        "print([w._process.pid for w in e._running][0], flush=True)\nos._exit(0)"
    )
    done = subprocess.run(  # noqa: PLW1510 - the output says more
        [sys.executable, "-c", code, str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    pid = int(done.stdout)
    for _ in range(50):
        if not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text("utf-8"):
            return
        time.sleep(0.1)
    pytest.fail("the worker outlived its parent")
