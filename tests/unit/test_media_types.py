from __future__ import annotations

import pytest
from contracts import making

from kb.backends import media_types as mt
from kb.backends import names
from kb.backends.media_types import media_type_of, parser_for
from kb.errors import UnsupportedTypeError


@pytest.mark.parametrize(
    ("name", "body", "declared", "expected"),
    [
        ("a.html", b"<p>x", "", mt.HTML),
        ("a.txt", b"<html><p>x", "", mt.TEXT),
        ("a.md", b"# x", "", mt.MARKDOWN),
        ("a.bin", b"%PDF-1.7 x", "", mt.PDF),
        ("https://x.org/paper", b"%PDF-1.7 x", "text/html", mt.PDF),
        ("https://x.org/a.md?raw=1", b"# x", "text/plain; charset=utf-8", f"{mt.MARKDOWN}; charset=utf-8"),
        ("https://x.org/a", b"<p>x", "text/html; charset=ISO-8859-1", "text/html; charset=ISO-8859-1"),
        ("https://x.org/a.html", b"x", "application/octet-stream", mt.HTML),
        ("https://x.org/", b"<!-- c --><!DOCTYPE html><p>x", "", mt.HTML),
        ("README", b"plain words", "", mt.TEXT),
        ("data", b"\0\1\2\3", "", mt.BINARY),
        ("a.xml", b"<?xml version='1.0'?><a/>", "", mt.XML),
        ("a.xml", b"<?xml version='1.0'?><html xmlns='x'>", "", mt.XHTML),
        ("feed", b"<?xml version='1.0'?><rss/>", "", mt.XML),
        ("a.py", b"x = 1", "", mt.SOURCE_CODE),
        ("a.csv", b"a,b", "", mt.CSV),
        ("a.jsonl", b"{}", "", mt.JSON_LINES),
        ("a.docx", making.docx(), "", mt.DOCX),
        ("renamed.bin", making.docx(), "", mt.DOCX),
        ("a", making.pptx(), "", mt.PPTX),
        ("a", making.xlsx(), "", mt.XLSX),
        ("a", making.epub(), "", mt.EPUB),
        ("a.docx", b"PK\x03\x04 broken", "", mt.DOCX),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "", mt.ENCRYPTED),
        ("a", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "", mt.DOC),
        ("a.png", b"\x89PNG\r\n\x1a\n", "", "image/png"),
        ("a.rtf", b"{\\rtf1", "", mt.RTF),
    ],
)
def test_media_types(name: str, body: bytes, declared: str, expected: str) -> None:
    assert media_type_of(name, body, declared) == expected


def test_every_type_has_a_parser_that_exists() -> None:
    for kind in (
        mt.HTML,
        mt.PDF,
        mt.MARKDOWN,
        mt.TEXT,
        mt.CSV,
        mt.DOCX,
        mt.EML,
        mt.XML,
        "application/json",
        "text/x-anything",
        "application/atom+xml",
    ):
        assert parser_for(kind) in names("parser")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("image/png", "image"),
        ("audio/mpeg", "sound"),
        ("video/mp4", "video"),
        (mt.ZIP, "archive"),
        (mt.JSON_LINES, "records"),
        ("font/woff", "font/woff"),
    ],
)
def test_what_is_not_read_says_why_and_what_to_do(kind: str, words: str) -> None:
    with pytest.raises(UnsupportedTypeError, match=words) as caught:
        parser_for(kind)
    assert caught.value.remedy
