"""The command line: forms, exit codes, what goes to stdout, and how light it is."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from kb import __version__
from kb.catalog import WriterLock
from kb.cli import COMMANDS, cli
from kb.cli.eval import SUBCOMMANDS

HEAVY = (
    "torch",
    "chromadb",
    "openvino",
    "numpy",
    "unstructured",
    "llama_index",
    "trafilatura",
    "rich",
    "sqlite3",
    "httpx",
)
ROOT = Path(__file__).parents[2]


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def document(result: Result) -> dict[str, Any]:
    """The one JSON document on stdout."""
    body = json.loads(result.stdout)
    assert isinstance(body, dict)
    return body


def spawn(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kb", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def home(tmp_path: Path, corpus: Path, light_settings: dict[str, str]) -> Path:
    """A filled light knowledge base."""
    folder = tmp_path / "home"
    assert call("--kb", folder, "ingest", corpus).exit_code == 3
    return folder


# -- the group -------------------------------------------------------------------------------------------------------


def test_help_lists_all_commands() -> None:
    text = call("--help").stdout
    assert [name for name in COMMANDS if re.search(rf"^  {name} ", text, re.MULTILINE)] == list(COMMANDS)


def test_there_is_a_file_for_each_command_and_no_other() -> None:
    files = {path.stem for path in (ROOT / "kb" / "cli").glob("*.py") if not path.stem.startswith("_")}
    assert files == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_help_options_and_run(name: str) -> None:
    module = import_module(f"kb.cli.{name}")
    assert isinstance(module.cli, click.Command)
    assert (module.cli.help or "").split("\n", maxsplit=1)[0] == COMMANDS[name]
    assert call(name, "--help").exit_code == 0
    if not isinstance(module.cli, click.Group):
        assert {"home", "as_json"} <= {parameter.name for parameter in module.cli.params}
        assert callable(module.run)


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_command_of_eval_has_its_help_options_and_run(name: str) -> None:
    module = import_module(f"kb.cli._eval_{name}")
    assert (module.cli.help or "").split("\n", maxsplit=1)[0] == SUBCOMMANDS[name]
    assert {"home", "as_json"} <= {parameter.name for parameter in module.cli.params}
    assert callable(module.run)
    assert call("eval", name, "--help").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["ingest", "--help"],
        ["search", "--help"],
        ["check", "--help"],
        ["eval", "ask", "--help"],
    ],
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys\nfrom kb.__main__ import main\n"
        f"sys.argv = ['kb', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_help_is_quick() -> None:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        assert spawn("--help").returncode == 0
        times.append(time.perf_counter() - started)
    assert min(times) < 0.2


def test_importing_kb_imports_nothing_heavy() -> None:
    script = f"import sys, kb; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_version() -> None:
    assert spawn("--version").stdout == f"kb {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["ingest"],
        ["search"],
        ["search", " "],
        ["search", "q", "-k", "0"],
        ["search", "q", "--mode", "magic"],
        ["search", "q", "--since", "24"],
        ["search", "q", "--since", "2024-13"],
        ["search", "--run", "x.trec"],
        ["verify", "nothing.json"],
        ["check"],
        ["check", " "],
        ["check", "claim", "--file", "nothing.txt"],
        ["eval", "nonsense"],
        ["eval", "ask", "nothing.jsonl"],
        ["status", "--nonsense"],
    ],
)
def test_wrong_usage_is_exit_code_2_with_nothing_on_stdout(arguments: list[str]) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error" in result.stderr
    assert "Traceback" not in spawn(*arguments).stderr


# -- errors ----------------------------------------------------------------------------------------------------------

READERS: Sequence[Sequence[str]] = (
    ["search", "q"],
    ["report", "t"],
    ["ask", "q"],
    ["chat"],
    ["check", "c"],
    ["show", "c_1"],
    ["sources"],
    ["remove", "s_1"],
    ["status"],
    ["doctor"],
    ["rebuild"],
)


@pytest.mark.parametrize("arguments", READERS, ids=lambda a: a[0])
def test_without_a_knowledge_base_there_is_an_error_with_a_way_out(arguments: list[str], tmp_path: Path) -> None:
    result = call("--kb", tmp_path / "none", *arguments, "--json")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert "kb ingest" in result.stderr
    error = document(result)["error"]
    assert error.keys() == {"stage", "message", "source", "remedy"}
    assert error["stage"] == "catalog"
    assert not (tmp_path / "none").exists()


def test_without_json_an_error_leaves_stdout_empty(tmp_path: Path) -> None:
    result = call("--kb", tmp_path / "none", "status")
    assert (result.exit_code, result.stdout) == (1, "")


def test_a_home_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = call("ingest", "x.md", "--kb", tmp_path / "file" / "kb")
    assert result.exit_code == 1
    assert "--kb PATH" in result.stderr


def test_what_a_source_is_called_cannot_command_the_terminal(home: Path) -> None:
    result = call("show", "\x1b[2Jnothing", "--kb", home)
    assert result.exit_code == 1
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "not json", '{"report_id": "r"}', '{"report_id": "r", "angles": [1]}']
)
def test_a_file_that_is_no_report_is_an_error_with_a_way_out(home: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    result = call("verify", tmp_path / "x.json", "--kb", home, "--json")
    assert result.exit_code == 1
    assert "kb report" in document(result)["error"]["remedy"]


def test_the_second_writer_is_told_about_the_first(home: Path, corpus: Path) -> None:
    with WriterLock(home).hold():
        done = spawn("ingest", corpus, "--kb", home, "--json")
    assert done.returncode == 1
    assert f"process {os.getpid()}" in done.stderr
    assert json.loads(done.stdout)["error"]["stage"] == "lock"


# -- commands --------------------------------------------------------------------------------------------------------


def test_ingest_accounts_for_every_source(home: Path, corpus: Path) -> None:
    result = call("ingest", corpus, "--kb", home, "--json")
    body = document(result)
    assert result.exit_code == 3
    assert (body["unchanged"], body["duplicate"], body["failed"], body["added"]) == (5, 1, 1, 0)
    by_status = {source["status"]: source for source in body["sources"]}
    assert by_status["failed"]["reason"]
    assert by_status["failed"]["remedy"]
    assert by_status["duplicate"]["duplicate_of"]
    counts = ("added", "updated", "unchanged", "duplicate", "removed", "failed", "skipped")
    assert len(body["sources"]) == sum(body[status] for status in counts)


def test_ingest_without_failures_is_exit_code_0(tmp_path: Path, corpus: Path, light_settings: dict[str, str]) -> None:
    result = call("--kb", tmp_path / "home", "ingest", corpus / "bias.md")
    assert result.exit_code == 0
    assert "1 added" in result.stdout


def test_ingest_prune_removes_what_is_not_listed(home: Path, corpus: Path) -> None:
    body = document(call("ingest", corpus / "bias.md", "--prune", "--kb", home, "--json"))
    assert body["removed"] == 6
    assert document(call("sources", "--kb", home, "--json"))["sources"][0]["uri"].endswith("bias.md")


def test_the_ingest_view_groups_failures_and_names_originals(home: Path, corpus: Path) -> None:
    text = call("ingest", corpus, "--kb", home).stdout
    assert re.search(r"zz-copy-of-bias.md = \S+/bias.md|bias.md = \S+/zz-copy-of-bias.md", text)
    assert re.search(r"failed \(parse\): .+\n  remedy: .+\n  \S+/broken.md", text)


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_search_gives_hits_in_order(home: Path, mode: str) -> None:
    body = document(call("search", "model collapse", "-k", "3", "--mode", mode, "--kb", home, "--json"))
    assert (body["query"], body["mode"]) == ("model collapse", mode)
    assert [hit["rank"] for hit in body["hits"]] == list(range(1, len(body["hits"]) + 1))
    assert [hit["score"] for hit in body["hits"]] == sorted((hit["score"] for hit in body["hits"]), reverse=True)
    assert "collapse" in body["hits"][0]["uri"]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--source", "privacy"], {"privacy.txt"}),
        (["--type", "txt"], {"privacy.txt"}),
        (["--since", "2999"], set()),
        (["--source", "no-such-source"], set()),
    ],
)
def test_search_filters(home: Path, options: list[str], names: set[str]) -> None:
    body = document(call("search", "data", *options, "--kb", home, "--json"))
    assert {Path(hit["uri"]).name for hit in body["hits"]} == names


def test_search_shows_nothing_as_nothing(home: Path) -> None:
    assert call("search", "data", "--since", "2999", "--kb", home).stdout == "Nothing was found.\n"


def test_batch_search_writes_a_run_file(home: Path, tmp_path: Path) -> None:
    queries, run = tmp_path / "queries.jsonl", tmp_path / "out.trec"
    queries.write_text('{"_id": "q1", "text": "textbooks"}\n\n{"_id": "q2", "text": "imitation style"}\n')
    body = document(call("search", "--queries", queries, "--run", run, "-k", "5", "--kb", home, "--json"))
    assert body.keys() >= {"queries", "run", "mode", "k", "seconds"}
    assert (body["queries"], body["k"]) == (2, 5)
    rows = [line.split() for line in run.read_text().splitlines()]
    assert all(len(row) == 6 and row[1] == "Q0" and row[5] == "kb-hybrid" for row in rows)
    assert {row[0]: row[2] for row in rows if row[3] == "1"} == {"q1": "r1", "q2": "r2"}
    assert list(tmp_path.glob("*.partial")) == []


@pytest.mark.parametrize("reranker", ["lexical", pytest.param("cross-encoder", marks=pytest.mark.slow)])
def test_what_is_read_again_keeps_its_passages_and_says_so_in_the_run(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reranker: str
) -> None:
    monkeypatch.setenv("KB_RERANKER", reranker)
    plain = document(call("search", "style of a text", "-k", "50", "--kb", home, "--json"))["hits"]
    again = document(call("search", "style of a text", "-k", "50", "--rerank", "--kb", home, "--json"))["hits"]
    assert {hit["chunk_id"] for hit in again} == {hit["chunk_id"] for hit in plain}
    assert [hit["rank"] for hit in again] == list(range(1, len(plain) + 1))
    assert [hit["score"] for hit in again] == sorted((hit["score"] for hit in again), reverse=True)
    first = document(call("search", "style of a text", "-k", "3", "--rerank", "--kb", home, "--json"))["hits"]
    assert [hit["chunk_id"] for hit in first] == [hit["chunk_id"] for hit in again[:3]]
    queries, run = tmp_path / "queries.jsonl", tmp_path / "out.trec"
    queries.write_text('{"_id": "q1", "text": "textbooks"}\n')
    document(call("search", "--queries", queries, "--run", run, "--rerank", "--kb", home, "--json"))
    rows = [line.split() for line in run.read_text().splitlines()]
    assert rows[0][2] == "r1"
    assert {row[5] for row in rows} == {"kb-hybrid-rerank"}


def test_a_reranker_that_does_not_exist_is_named_with_those_that_do(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_RERANKER", "nonsense")
    result = call("search", "text", "--rerank", "--kb", home)
    assert result.exit_code == 1
    assert "choose one of: cross-encoder, lexical" in result.stderr


def test_batch_search_of_a_broken_file_is_wrong_usage_and_writes_nothing(home: Path, tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text("[1]\nnonsense\n")
    result = call("search", "--queries", tmp_path / "queries.jsonl", "--run", tmp_path / "out.trec", "--kb", home)
    assert result.exit_code == 2
    assert not (tmp_path / "out.trec").exists()


def test_kb_counts_before_and_after_the_command(home: Path) -> None:
    before, after = call("--kb", home, "status", "--json"), call("status", "--kb", home, "--json")
    assert document(before)["home"] == document(after)["home"] == str(home)


def test_the_nearer_kb_wins(home: Path, tmp_path: Path) -> None:
    assert document(call("--kb", tmp_path / "none", "status", "--kb", home, "--json"))["home"] == str(home)


def test_show_a_chunk_in_its_context(home: Path) -> None:
    hit = document(call("search", "minority opinions", "-k", "1", "--kb", home, "--json"))["hits"][0]
    body = document(call("show", hit["chunk_id"], "--kb", home, "--json"))
    assert (body["kind"], body["text"], body["superseded"]) == ("chunk", hit["text"], False)
    source = document(call("show", hit["source_id"], "--kb", home, "--json"))
    assert source["kind"] == "source"
    assert source["text"][body["start"] : body["end"]] == body["quote"]
    assert (body["before"] + body["text"] + body["after"]) in source["text"]


@pytest.mark.parametrize("name", ["r1", "bias.md", "privacy.txt"])
def test_show_a_source_by_name(home: Path, name: str) -> None:
    body = document(call("show", name, "--kb", home, "--json"))
    assert body["status"] == "indexed"
    assert body["text"]


@pytest.mark.parametrize("name", ["c_0", "s_0", "nothing"])
def test_show_what_is_not_there(home: Path, name: str) -> None:
    result = call("show", name, "--kb", home)
    assert (result.exit_code, result.stdout) == (1, "")


def test_sources_and_their_filter(home: Path) -> None:
    rows = document(call("sources", "--kb", home, "--json"))["sources"]
    assert len(rows) == 7
    keys = {"source_id", "uri", "title", "status", "external_id", "chunks", "duplicate_of", "reason"}
    assert all(keys <= row.keys() for row in rows)
    failed = document(call("sources", "--status", "failed", "--kb", home, "--json"))["sources"]
    assert [Path(row["uri"]).name for row in failed] == ["broken.md"]
    assert failed[0]["reason"]


def test_remove_takes_a_source_out_of_both_indexes(home: Path) -> None:
    body = document(call("remove", "privacy.txt", "--kb", home, "--json"))
    assert body["removed"] == 1
    for mode in ("dense", "lexical"):
        hits = document(call("search", "anonymous record", "--mode", mode, "--kb", home, "--json"))["hits"]
        assert all("privacy" not in hit["uri"] for hit in hits)
    assert call("remove", "privacy.txt", "--kb", home).exit_code == 1


def test_status_counts(home: Path) -> None:
    body = document(call("status", "--kb", home, "--json"))
    assert body["sources"] == {"total": 7, "indexed": 5, "duplicate": 1, "failed": 1}
    assert body["revision"] == 1
    assert body["embedder"].startswith("hash")
    assert body["bytes"] > 0
    assert body["runs"][0]["summary"]["added"] == 5
    assert body["reports"] == []


def test_doctor_finds_and_mends_a_lost_index(home: Path) -> None:
    assert document(call("doctor", "--kb", home, "--json"))["problems"] == []
    (home / "lexical" / "token").unlink()
    assert call("doctor", "--kb", home).exit_code == 1
    mended = document(call("doctor", "--repair", "--kb", home, "--json"))
    assert mended["problems"]
    assert mended["mended"]
    assert mended["remaining"] == []
    assert call("doctor", "--kb", home).stdout == "everything is in order\n"


def test_rebuild_embeds_nothing(home: Path) -> None:
    body = document(call("rebuild", "--kb", home, "--json"))
    assert body["embedded"] == 0
    assert body["chunks"] == document(call("status", "--kb", home, "--json"))["chunks"]


@pytest.mark.slow
def test_every_json_is_one_document_alone_on_stdout(home: Path, corpus: Path) -> None:
    for arguments in (
        ["ingest", corpus],
        ["search", "data"],
        ["ask", "What is model collapse?"],
        ["check", "Synthetic text is not anonymous."],
        ["sources"],
        ["status"],
    ):
        done = spawn(*arguments, "--kb", home, "--json")
        json.loads(done.stdout)
        assert "Traceback" not in done.stderr


def test_nothing_is_printed_on_stderr_where_it_is_no_terminal(home: Path) -> None:
    assert spawn("search", "data", "--kb", home).stderr == ""


@pytest.mark.slow
def test_a_pipe_that_closes_ends_quietly(home: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "kb", "sources", "--kb", str(home)]
    for extra in ([], ["--json"]):
        done = subprocess.run([*command, *extra], stdout=write, stderr=subprocess.PIPE, check=False)
        assert (done.returncode, done.stderr) == (141, b"")
    os.close(write)


@pytest.mark.slow
def test_an_interrupt_ends_quietly(home: Path) -> None:
    script = (
        "import signal, sys, time, kb.cli.status as status\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a run in the background inherits one that ignores it
        "def wait(**_):\n    print('ready', file=sys.stderr, flush=True)\n    time.sleep(60)\n"
        "status.run = wait\n"
        "from kb.__main__ import main\n"
        f"sys.argv = ['kb', 'status', '--kb', {str(home)!r}]\nmain()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.strip()) == (130, "", "")


# -- report, ask, verify ---------------------------------------------------------------------------------------------

TOPIC = "What does training on synthetic data do to models? Focus on bias and evaluation."


def test_report_and_verify(home: Path, tmp_path: Path) -> None:
    body = document(call("report", TOPIC, "--out", tmp_path / "out", "--kb", home, "--json"))
    assert body["topic"] == TOPIC
    written = Path(body["files"]["json"])
    assert written.parent == tmp_path / "out"
    assert json.loads(written.read_text("utf-8"))["report_id"] == body["report_id"]
    result = call("verify", written, "--kb", home, "--json")
    assert (result.exit_code, document(result)["broken"]) == (0, 0)
    assert document(call("status", "--kb", home, "--json"))["reports"][0]["report_id"] == body["report_id"]


def test_verify_refuses_a_changed_quote(home: Path, tmp_path: Path) -> None:
    body = document(call("report", TOPIC, "--kb", home, "--json"))
    citation = next(c["evidence"][0] for a in body["angles"] for c in a["claims"])
    citation["quote"] = citation["quote"].replace("a", "o")
    (tmp_path / "changed.json").write_text(json.dumps(body))
    result = call("verify", tmp_path / "changed.json", "--kb", home, "--json")
    assert result.exit_code == 1
    assert document(result)["broken"] >= 1
    assert document(result)["problems"]


def test_report_on_an_empty_knowledge_base_is_an_error(tmp_path: Path, light_settings: dict[str, str]) -> None:
    folder = tmp_path / "empty"
    call("ingest", tmp_path / "nothing.md", "--kb", folder)
    result = call("report", TOPIC, "--kb", folder, "--json")
    assert result.exit_code == 1
    assert document(result)["error"]["message"]


def test_ask_cites_or_abstains_with_exit_code_0(home: Path) -> None:
    for question in ("What does model collapse do to a model?", "When do tomatoes ripen on Mars?"):
        result = call("ask", question, "--kb", home, "--json")
        body = document(result)
        assert result.exit_code == 0
        assert bool(body["claims"]) == body["answered"]
        assert body["answered"] or body["reason"]
        for claim in body["claims"]:
            assert claim["evidence"]
