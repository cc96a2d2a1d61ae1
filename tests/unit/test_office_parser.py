from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from email.message import EmailMessage

import pytest
from contracts import making

from kb.backends import _tokens
from kb.backends._archive import check_archive
from kb.backends.media_types import DOC, DOCX, EML, ENCRYPTED, EPUB, ODT, PPTX, RTF, XLSX, XML
from kb.backends.office_parser import OfficeParser, is_heading
from kb.errors import EmptyError, EncryptedError, ParseError, UnsupportedTypeError
from kb.records import Parsed


def parse(body: bytes, media_type: str) -> Parsed:
    return OfficeParser().parse(body, media_type=media_type, uri="file:///a")


def blocks(parsed: Parsed) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


# -- e-mail and XML: nothing heavy ----------------------------------------------------------------------------------------


def test_a_message_is_its_own_words() -> None:
    parsed = parse(making.EML, EML)
    assert (parsed.title, parsed.author, parsed.published) == ("Re: Bridge repairs", "Ada Example", "2025-01-22")
    assert blocks(parsed) == [
        ("heading", 1, "Re: Bridge repairs"),
        ("paragraph", 0, "Hello Bo,"),
        ("paragraph", 0, "the bridge will be closed until May."),
        ("quote", 0, "When does the bridge open again?"),
        ("other", 0, "Best regards, Ada"),
        ("other", 0, "Ada Example, Bridges Ltd."),
    ]


def test_what_outlook_quotes_and_what_is_forwarded_is_quoted() -> None:
    for mark in (
        "From: Bo\nSent: Monday\nTo: Ada\nSubject: x",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
    ):
        found = blocks(parse(f"Subject: s\n\nMy own words.\n\n{mark}\n\nOld words.\n".encode(), EML))
        assert ("paragraph", 0, "My own words.") in found
        assert any(kind == "quote" and text.endswith("Old words.") for kind, _, text in found)


def test_an_html_message_is_read_where_there_is_no_plain_text() -> None:
    message = EmailMessage()
    message["Subject"] = "Grüße"
    message["From"] = "ada@example.org"
    message.set_content("<p>Only <b>HTML</b> here.</p><div class='gmail_quote'><p>Old.</p></div>", subtype="html")
    message.add_attachment(b"attached words", maintype="text", subtype="plain", filename="a.txt")
    parsed = parse(message.as_bytes(), EML)
    assert parsed.title == "Grüße"
    assert blocks(parsed)[1:] == [("paragraph", 0, "Only HTML here."), ("quote", 0, "Old.")]


def test_encrypted_and_empty_messages() -> None:
    with pytest.raises(EncryptedError):
        parse(b"Subject: x\nContent-Type: multipart/encrypted; boundary=a\n\n--a--", EML)
    with pytest.raises(EmptyError):
        parse(b"Subject: x\n\n", EML)


def test_xml_as_a_document_and_as_data() -> None:
    assert blocks(parse(making.XML, XML)) == [
        ("heading", 1, "Rivers"),
        ("heading", 2, "Floods"),
        ("paragraph", 0, "The old dam held in 1953."),
        ("table", 0, "name: Rhine; length: 1230"),
    ]
    assert parse(making.XML, XML).title == "Rivers"


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
    ],
)
def test_entities_are_refused(body: bytes) -> None:
    with pytest.raises(ParseError, match="entities"):
        parse(body, XML)


# -- archives -------------------------------------------------------------------------------------------------------------


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def test_bombs_are_refused_before_they_unpack() -> None:
    with pytest.raises(ParseError, match="bomb"):
        parse(archive(word__media=b"\0" * 40_000_000), DOCX)
    check_archive(archive(word__document=b"some words " * 1000))


def test_entities_in_the_parts_of_an_archive_are_refused() -> None:
    with pytest.raises(ParseError, match="entities"):
        parse(archive(**{"word__document.xml": b'<!DOCTYPE a [<!ENTITY x "y">]><a/>'}), DOCX)


def test_protected_and_old_formats_say_what_to_do() -> None:
    with pytest.raises(EncryptedError):
        parse(b"\xd0\xcf\x11\xe0", ENCRYPTED)
    with pytest.raises(EncryptedError):
        parse(b"\xd0\xcf\x11\xe0rest", XLSX)
    with pytest.raises(UnsupportedTypeError) as caught:
        parse(b"\xd0\xcf\x11\xe0", DOC)
    assert "docx" in caught.value.remedy


# -- through unstructured -------------------------------------------------------------------------------------------------


def test_docx() -> None:
    parsed = parse(making.docx(), DOCX)
    assert (parsed.title, parsed.author) == ("Annual report", "Ada Example")
    assert blocks(parsed) == [
        ("heading", 1, "Results"),
        ("paragraph", 0, "Costs fell by four per cent in the second year of the programme."),
        ("heading", 2, "Reasons"),
        ("list_item", 1, "Better tools were bought."),
        ("list_item", 1, "Fewer people left."),
        ("table", 0, "Year | Cost\n2024 | 12"),
    ]


def test_pptx_has_a_page_for_each_slide_and_notes_below() -> None:
    parsed = parse(making.pptx(), PPTX)
    assert [page.number for page in parsed.pages] == [1, 2]
    texts = [text for _, _, text in blocks(parsed)]
    assert texts[:3] == ["First slide", "Data is collected by hand.", "Speak slowly about the first slide."]


def test_xlsx_says_sheet_and_columns() -> None:
    parsed = parse(making.xlsx(), XLSX)
    assert blocks(parsed)[0] == ("heading", 1, "Prices")
    assert "Fruit: Apple; Price: 1.99\nFruit: Banana; Price: 3" in parsed.text


def test_epub_and_rtf_through_pandoc() -> None:
    book = parse(making.epub(), EPUB)
    assert (book.title, book.author, book.published) == ("A small book", "Bo Writer", "2021-05-06")
    assert ("paragraph", 0, "The river froze in the first week of January.") in blocks(book)
    assert blocks(parse(making.RTF, RTF)) == [
        ("heading", 3, "Findings"),
        ("paragraph", 0, "The bridge was closed for repairs in spring."),
    ]


@pytest.mark.parametrize("kind", [DOCX, PPTX, XLSX, EPUB, ODT, RTF])
def test_damaged_files_are_parse_errors(kind: str) -> None:
    with pytest.raises(ParseError):
        parse(b"PK\x03\x04 broken", kind)
    with pytest.raises(ParseError):
        parse(b"no such thing", kind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Results", True),
        ("It was closed.", False),
        ("lower case start", False),
        ("word " * 15, False),
        ("What now?", True),
    ],
)
def test_titles_are_judged_again(text: str, expected: bool) -> None:
    assert is_heading(text.strip()) is expected


def test_the_rules_in_the_place_of_the_tagger() -> None:
    assert _tokens.sent_tokenize("It rained. Then it was dry! Was it?") == ["It rained.", "Then it was dry!", "Was it?"]
    assert _tokens.word_tokenize("Don't stop, now.") == ["Don't", "stop", ",", "now", "."]
    assert ("was", "VB") in _tokens.pos_tag("It was dry")
    assert all(tag == "NN" for _, tag in _tokens.pos_tag("Annual Report 2024"))


@pytest.mark.slow
def test_nothing_is_downloaded_reported_or_tagged() -> None:
    """In a fresh process: no tagger is imported and no connection is opened."""
    code = f"""
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(args) if event in ("socket.connect", "socket.getaddrinfo") else None)
from kb.backends.office_parser import OfficeParser
body = bytes.fromhex({making.docx().hex()!r})
OfficeParser().parse(body, media_type={DOCX!r}, uri="")
assert "spacy" not in sys.modules and not opened, opened
"""
    done = subprocess.run(  # noqa: PLW1510 - the output says more
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
