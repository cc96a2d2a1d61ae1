"""Which kind of file something is, and which parser reads it.

The bytes decide where they carry a signature; then the extension, then what a server declared. Text is never promoted to
markup on its looks alone when its name says '.txt'.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from kb.errors import UnsupportedTypeError

_OOXML: Final = "application/vnd.openxmlformats-officedocument."
DOCX: Final = _OOXML + "wordprocessingml.document"
PPTX: Final = _OOXML + "presentationml.presentation"
XLSX: Final = _OOXML + "spreadsheetml.sheet"
ODT: Final = "application/vnd.oasis.opendocument.text"
EPUB: Final = "application/epub+zip"
EML: Final = "message/rfc822"
MSG: Final = "application/vnd.ms-outlook"
DOC: Final = "application/msword"
PPT: Final = "application/vnd.ms-powerpoint"
XLS: Final = "application/vnd.ms-excel"
ENCRYPTED: Final = "application/x-ole-encrypted"
RTF: Final = "application/rtf"
XML: Final = "application/xml"
HTML: Final = "text/html"
XHTML: Final = "application/xhtml+xml"
PDF: Final = "application/pdf"
MARKDOWN: Final = "text/markdown"
TEXT: Final = "text/plain"
SOURCE_CODE: Final = "text/x-source"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"
JSON_LINES: Final = "application/x-ndjson"
ZIP: Final = "application/zip"
BINARY: Final = "application/octet-stream"

_PARSERS: Final[dict[str, str]] = {
    **dict.fromkeys((HTML, XHTML), "html"),
    PDF: "pdf",
    **dict.fromkeys((MARKDOWN, "text/x-markdown"), "markdown"),
    **dict.fromkeys((TEXT, "application/json", "application/yaml", "application/x-yaml", "application/toml"), "text"),
    **dict.fromkeys((CSV, TSV), "table"),
    **dict.fromkeys((DOCX, PPTX, XLSX, ODT, EPUB, EML, MSG, DOC, PPT, XLS, ENCRYPTED, RTF, XML), "office"),
    **dict.fromkeys(("text/rtf", "text/xml"), "office"),
}
SUPPORTED: Final = "html, pdf, markdown, text, csv, tsv, jsonl, docx, pptx, xlsx, odt, epub, eml, msg, rtf, xml"

_EXTENSIONS: Final[dict[str, str]] = {
    **dict.fromkeys(("html", "htm"), HTML),
    "xhtml": XHTML,
    "pdf": PDF,
    **dict.fromkeys(("md", "markdown", "mdown", "mkd", "qmd", "mdx"), MARKDOWN),
    **dict.fromkeys(("txt", "text", "log", "rst", "tex", "org", "adoc"), TEXT),
    **dict.fromkeys(("srt", "vtt"), TEXT),
    **dict.fromkeys(
        ("json", "yaml", "yml", "toml", "ini", "cfg", "conf", "css", "sql", "sh", "bat", "ps1"), SOURCE_CODE
    ),
    **dict.fromkeys(("py", "js", "ts", "java", "c", "h", "cc", "cpp", "hpp", "go", "rs", "rb", "php"), SOURCE_CODE),
    **dict.fromkeys(("r", "jl", "kt", "swift", "scala", "pl", "lua", "cs", "m", "tsx", "jsx"), SOURCE_CODE),
    "csv": CSV,
    **dict.fromkeys(("tsv", "tab"), TSV),
    **dict.fromkeys(("jsonl", "ndjson"), JSON_LINES),
    "docx": DOCX,
    "pptx": PPTX,
    "xlsx": XLSX,
    "odt": ODT,
    "epub": EPUB,
    "eml": EML,
    "msg": MSG,
    "doc": DOC,
    "ppt": PPT,
    "xls": XLS,
    "rtf": RTF,
    "xml": XML,
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "heic", "svg", "ico"), "image/*"),
    **dict.fromkeys(("mp3", "wav", "flac", "ogg", "m4a", "aac"), "audio/*"),
    **dict.fromkeys(("mp4", "mkv", "avi", "mov", "webm"), "video/*"),
    **dict.fromkeys(("zip", "jar", "apk"), ZIP),
    **dict.fromkeys(("gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar"), "application/x-archive"),
}
_MAGIC: Final = (
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-archive"),
    (b"\xfd7zXZ\0", "application/x-archive"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-archive"),
    (b"Rar!\x1a\x07", "application/x-archive"),
    (b"\x28\xb5\x2f\xfd", "application/x-archive"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ\x90", "application/x-executable"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: Final = (  # names of streams in the directory, UTF-16
    ("EncryptedPackage", ENCRYPTED),
    ("__properties_version1.0", MSG),
    ("WordDocument", DOC),
    ("PowerPoint Document", PPT),
    ("Workbook", XLS),
)
_ZIP_MEMBERS: Final = (("word/", DOCX), ("ppt/", PPTX), ("xl/", XLSX))
_HTML_START: Final = re.compile(
    rb"\s*(?:<!--(?>.*?-->)\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_XHTML: Final = re.compile(rb"<(?:\w+:)?html\b", re.IGNORECASE)
_VAGUE: Final = frozenset({"", BINARY, "application/binary", "application/unknown", "application/x-download", TEXT})
_REASONS: Final = (
    ("image/", "it is an image, and kb does not read text in images", "run text recognition (OCR) and add its output"),
    ("audio/", "it is a sound recording", "add a transcript of it"),
    ("video/", "it is a video", "add a transcript of it"),
    (ZIP, "it is an archive", "unpack it and add the folder"),
    ("application/gzip", "it is an archive", "unpack it and add the files in it"),
    ("application/x-archive", "it is an archive", "unpack it and add the files in it"),
    (JSON_LINES, "it is a file of records", "name the file itself: kb ingest FILE.jsonl"),
)


def essence(media_type: str) -> str:
    """The media type in lower case without parameters."""
    return media_type.partition(";")[0].strip().lower()


def charset(media_type: str) -> str:
    """The ``charset`` parameter of a media type, or ''."""
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", media_type, re.IGNORECASE)
    return found.group(1) if found else ""


def parser_for(media_type: str) -> str:
    """Name of the parser that reads ``media_type``.

    Raises:
        UnsupportedTypeError: none does; the message says why and what is supported.
    """
    kind = essence(media_type)
    if name := _PARSERS.get(kind):
        return name
    for prefix, reason, remedy in _REASONS:
        if kind.startswith(prefix):
            raise UnsupportedTypeError(reason, remedy=remedy)
    if kind.startswith("text/"):
        return "text"
    if kind.endswith("+xml"):
        return "office"
    if kind.endswith("+json"):
        return "text"
    msg = f"no parser reads {kind or 'this type of file'}"
    raise UnsupportedTypeError(msg, remedy=f"supported: {SUPPORTED}")


def media_type_of(name: str, body: bytes, declared: str = "") -> str:
    """Media type of ``body``, called ``name`` (a path or URI), which a server may have ``declared``.

    A ``charset`` parameter that was declared is kept.
    """
    by_name = _EXTENSIONS.get(_extension(name), "")
    by_magic = _signature(body)
    if by_magic:
        return by_magic
    kind = essence(declared)
    if kind and kind not in _VAGUE:
        return _with_charset(kind, declared)
    if by_name:
        return _with_charset(_refined(by_name, body), declared)
    if kind == TEXT:
        return _with_charset(TEXT, declared)
    return _with_charset(_looks_like(body), declared)


def _with_charset(kind: str, declared: str) -> str:
    name = charset(declared)
    return f"{kind}; charset={name}" if name else kind


def _extension(name: str) -> str:
    path = urlsplit(name).path if "://" in name else name
    return PurePosixPath(unquote(path)).suffix.lower().lstrip(".")


def _signature(body: bytes) -> str:
    """The type that the first bytes prove, or ''."""
    head = body[:64]
    if b"%PDF-" in body[:1024] and not head.lstrip().startswith(b"<"):
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(body)
    if head.startswith(_OLE):
        return _ole_kind(body)
    if head.startswith(b"RIFF"):
        return "image/webp" if head[8:12] == b"WEBP" else "audio/wav"
    if head[4:8] == b"ftyp":
        return "video/mp4"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")


def _zip_kind(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype").decode("ascii", "replace").strip()
                return kind if kind in {ODT, EPUB} or kind.startswith("application/vnd.oasis") else ZIP
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zlib.error):
        # The parser that the name chooses says what is wrong with it.
        return ""
    return next((kind for prefix, kind in _ZIP_MEMBERS if any(name.startswith(prefix) for name in names)), ZIP)


def _ole_kind(body: bytes) -> str:
    for name, kind in _OLE_STREAMS:
        if name.encode("utf-16-le") in body:
            return kind
    return "application/x-ole-storage"


def _refined(by_name: str, body: bytes) -> str:
    """An '.xml' that is a web page is one."""
    if by_name == XML and _XHTML.search(body[:2000]):
        return XHTML
    return by_name


def _looks_like(body: bytes) -> str:
    """For things with no extension and no declared type."""
    head = body[:2000]
    if _HTML_START.match(head.removeprefix(b"\xef\xbb\xbf")):
        return HTML
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml"):
        return XHTML if _XHTML.search(head) else XML
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return BINARY
    return TEXT
