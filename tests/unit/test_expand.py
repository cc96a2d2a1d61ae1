from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.expand import Listed, expand
from ingest.ignoring import is_ignored, parse
from kb import ids
from kb.records import Outcome


def names(items: list[Listed | Outcome]) -> list[str]:
    return [item.source.uri.rpartition("/")[2] for item in items if isinstance(item, Listed)]


def outcomes(items: list[Listed | Outcome]) -> list[tuple[str, str, str]]:
    return [
        (item.status, item.uri.rpartition("/")[2], item.reason or (item.failure.reason if item.failure else ""))
        for item in items
        if isinstance(item, Outcome)
    ]


def run(*arguments: Path | str, ignore: tuple[str, ...] = ()) -> list[Listed | Outcome]:
    return list(expand([str(argument) for argument in arguments], ignore=ignore))


def write(path: Path, text: str = "Some words that say something.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_a_file_a_url_and_a_bare_address(tmp_path: Path) -> None:
    file = write(tmp_path / "a b.md")
    items = run(file, "HTTPS://Example.org:443/x?utm_source=y", "example.org/page", f"{file.as_uri()}")
    assert [item.source.uri for item in items if isinstance(item, Listed)] == [
        ids.file_uri(file),
        "https://example.org/x",
        "https://example.org/page",
    ]
    assert outcomes(items) == [("duplicate", "a%20b.md", "listed twice")]
    assert [item.source.kind for item in items if isinstance(item, Listed)] == ["file", "url", "url"]


def test_what_is_not_there_is_an_outcome(tmp_path: Path) -> None:
    items = run(tmp_path / "nope.md", "ftp://x.org/a", "http://[bad/x", "")
    assert all(isinstance(item, Outcome) and item.failure and item.failure.stage == "list" for item in items)
    assert all(isinstance(item, Outcome) and item.failure and item.failure.remedy for item in items)
    assert len(items) == 4


def test_folders_in_order_without_what_is_ignored(tmp_path: Path) -> None:
    for name in (
        "b.md",
        "a/z.md",
        "a/y.html",
        ".hidden.md",
        ".git/x.md",
        "node_modules/m.md",
        "x.lock",
        "~$b.docx",
        "drafts/d.md",
        "c.bak",
    ):
        write(tmp_path / name)
    write(tmp_path / "a/.kbignore", "# not these\nz.*\n")
    write(tmp_path / "keep/log.txt")
    write(tmp_path / "photo.png", "x")
    (tmp_path / "tool.bin").write_bytes(b"\x7fELF\x00\x01" * 50)
    items = run(tmp_path, ignore=("drafts/", "*.bak"))
    assert names(items) == ["y.html", "b.md", "log.txt"]
    found = outcomes(items)
    assert [(status, name) for status, name, _ in found] == [("skipped", "photo.png"), ("skipped", "tool.bin")]
    assert "image" in found[0][2]


def test_a_knowledge_base_in_the_folder_is_no_source(tmp_path: Path) -> None:
    write(tmp_path / "my-kb/catalog.sqlite")
    write(tmp_path / "my-kb/kb.toml")
    write(tmp_path / "my-kb/reports/r.md")
    write(tmp_path / "a.md")
    assert names(run(tmp_path)) == ["a.md"]


@pytest.mark.parametrize(
    ("pattern", "path", "is_folder", "ignored"),
    [
        ("*.tmp", "a/b.tmp", False, True),
        ("docs/*.md", "docs/a.md", False, True),
        ("docs/*.md", "docs/x/a.md", False, False),
        ("docs/**/a.md", "docs/x/y/a.md", False, True),
        ("/top.md", "x/top.md", False, False),
        ("/top.md", "top.md", False, True),
        ("build/", "x/build", True, True),
        ("build/", "x/build", False, False),
        ("[ab].md", "a.md", False, True),
        ("[!ab].md", "a.md", False, False),
        ("[z-a].md", "x.md", False, False),
        ("?.md", "ab.md", False, False),
    ],
)
def test_patterns(pattern: str, path: str, is_folder: bool, ignored: bool) -> None:
    assert is_ignored(path, [parse([pattern])], is_folder=is_folder) is ignored


def test_a_pattern_can_be_taken_back() -> None:
    rules = [parse(["*.md", "!keep.md"])]
    assert is_ignored("x.md", rules, is_folder=False)
    assert not is_ignored("keep.md", rules, is_folder=False)


def test_a_list_of_addresses(tmp_path: Path) -> None:
    write(tmp_path / "docs/a.md")
    write(tmp_path / "b.md")
    listing = write(
        tmp_path / "urls.txt",
        "# pages\n\nhttps://example.org/one\nhttps://example.org/two  # a comment\ndocs\nb.md\n"
        "https://EXAMPLE.org/one?utm_campaign=x\nmissing.md\nurls.txt\n",
    )
    items = run(listing)
    assert names(items) == ["one", "two", "a.md", "b.md"]
    assert outcomes(items) == [
        ("duplicate", "one", "listed twice"),
        ("failed", "missing.md", "there is no such file or folder"),
        ("skipped", "urls.txt", "this list is being read already"),
    ]
    twice = next(item for item in items if isinstance(item, Outcome))
    assert twice.duplicate_of == ids.source_id("https://example.org/one")


def test_a_list_in_a_folder_is_named_not_read(tmp_path: Path) -> None:
    listing = write(tmp_path / "urls.txt", "https://example.org/one\nhttps://example.org/two\n")
    write(tmp_path / "notes.txt", "These are notes.\n\nhttps://example.org/one\n")
    items = run(tmp_path)
    assert names(items) == ["notes.txt"]
    assert outcomes(items) == [
        ("skipped", "urls.txt", f"a list of addresses; name it to ingest it: kb ingest {listing}")
    ]


@pytest.mark.parametrize("text", ["A text with words.", "word", "https://x.org and more words", ""])
def test_ordinary_texts_are_no_lists(tmp_path: Path, text: str) -> None:
    assert names(run(write(tmp_path / "a.txt", text))) == ["a.txt"]


def lines(path: Path, *records: object) -> Path:
    return write(
        path, "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)
    )


def test_records_of_json_lines(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "corpus.jsonl",
        {"_id": "a/1", "title": "T", "text": "Words.", "metadata": {"author": ["Ada", "Bo"], "date": "2024-05-06"}},
        {"body": "No id."},
        "",
        {"id": 77, "abstract": ["One.", "Two."]},
        {"_id": "8", "title": "Only a title", "text": ""},
        {"_id": "9", "text": " "},
        {"name": "Rhine", "length": 1230},
        "{broken",
        "[1, 2]",
        {"_id": "77", "text": "again"},
    )
    items = run(path)
    listed = [item for item in items if isinstance(item, Listed)]
    assert [(i.source.external_id, i.source.title, i.body) for i in listed] == [
        ("a/1", "T", b"Words."),
        ("", "", b"No id."),
        ("77", "", b"One. Two."),
        ("8", "Only a title", b"Only a title"),
        ("", "Rhine", b"name: Rhine\nlength: 1230"),
    ]
    assert (listed[0].source.author, listed[0].source.published) == ("Ada, Bo", "2024-05-06")
    assert listed[0].source.uri == f"{path.as_uri()}#a%2F1"
    assert listed[1].source.uri.endswith("#2")
    assert {item.source.kind for item in listed} == {"record"}
    assert all(item.media_type.startswith("text/plain") for item in listed)
    found = outcomes(items)
    assert [status for status, _, _ in found] == ["skipped", "failed", "failed", "duplicate"]
    assert found[1][2].startswith("line 8: it is no valid JSON")
    assert found[2][2] == "line 9: it holds no JSON object"


def test_lone_surrogates_do_not_break_a_record(tmp_path: Path) -> None:
    (item,) = run(write(tmp_path / "a.jsonl", '{"_id": "1", "text": "a \\ud800 b"}\n'))
    assert isinstance(item, Listed)
    assert item.body == b"a ? b"


def test_a_test_collection_gives_its_corpus_only(tmp_path: Path) -> None:
    lines(tmp_path / "set/corpus.jsonl", {"_id": "1", "text": "Words."})
    lines(tmp_path / "set/queries.jsonl", {"_id": "q", "text": "What?"})
    write(tmp_path / "set/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq\t1\t1\n")
    items = run(tmp_path)
    assert names(items) == ["corpus.jsonl#1"]
    assert [(status, name) for status, name, _ in outcomes(items)] == [
        ("skipped", "qrels"),
        ("skipped", "queries.jsonl"),
    ]


def test_csv_with_texts_is_records_and_others_are_tables(tmp_path: Path) -> None:
    texts = write(tmp_path / "texts.csv", '_id;title;Text\n1;One;"First, text; whole"\n2;Two;Second text\n')
    long = write(tmp_path / "long.csv", "_id,remark\nx," + "a long remark " * 5 + "\n")
    table = write(tmp_path / "table.csv", "fruit,price\nApple,2\n")
    items = [item for item in run(texts, long, table) if isinstance(item, Listed)]
    assert [(i.source.external_id, i.source.title, i.body) for i in items] == [
        ("1", "One", b"First, text; whole"),
        ("2", "Two", b"Second text"),
        ("x", "", ("a long remark " * 5).strip().encode()),
        ("", "", None),
    ]


def test_csv_in_other_encodings(tmp_path: Path) -> None:
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes("text,id\nGrüße an alle,1\n".encode(encoding))
        (item,) = run(path)
        assert isinstance(item, Listed)
        assert item.body == "Grüße an alle".encode()


def test_expansion_is_lazy(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(20_000):
            file.write(json.dumps({"_id": str(number), "text": "word " * 200}) + "\n")
    items: Iterator[Listed | Outcome] = expand([str(path)])
    first = next(items)
    assert isinstance(first, Listed)
    assert first.source.external_id == "0"
