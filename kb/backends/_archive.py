"""Documents that are ZIP archives: bounds against decompression bombs, and their title, author and date."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Final

from lxml import etree  # type: ignore[import-untyped]

from kb.backends._building import clean_inline
from kb.errors import EncryptedError, ParseError

_MAX_BYTES: Final = 500 * 1024 * 1024
_MAX_RATIO: Final = 200
_SMALL: Final = 10 * 1024 * 1024
_MAX_MEMBERS: Final = 20_000
_MAX_PROPERTIES: Final = 1_000_000
_PROPERTIES: Final = ("docProps/core.xml", "meta.xml")
_NAMES: Final = frozenset({"title", "creator", "created", "modified", "date", "initial-creator", "creation-date"})
_TEMPLATE_DATES: Final = ("2013-12-23", "2013-01-27")
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    EOFError,
    KeyError,
)


DAMAGE: Final[tuple[type[Exception], ...]] = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError),
    *(TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error),
)
"""What libraries raise that did not expect damaged bytes; their own errors, where they have any, come on top."""


def check_archive(body: bytes) -> None:
    """Refuse an archive that would unpack to far more than it is, is encrypted, or declares XML entities.

    Raises:
        ParseError: it is dangerous or damaged.
        EncryptedError: its members are encrypted.
    """
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            members = archive.infolist()
            _check_sizes(members)
            for member in members:
                if member.filename.endswith((".xml", ".rels", ".opf", ".ncx")):
                    with archive.open(member) as file:
                        _check_head(file.read(4096), member.filename)
    except _BROKEN as exc:
        msg = "the file is damaged: its ZIP structure cannot be read"
        raise ParseError(msg, remedy="open it in its own program and save it again") from exc


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise EncryptedError
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if (
        unpacked > _MAX_BYTES
        or len(members) > _MAX_MEMBERS
        or (unpacked > _SMALL and unpacked > _MAX_RATIO * max(packed, 1))
    ):
        msg = f"it would unpack to {unpacked:,} bytes in {len(members):,} parts, which looks like a decompression bomb"
        raise ParseError(msg, remedy="split the document, if you trust it")


def _check_head(head: bytes, name: str) -> None:
    plain = head.replace(b"\0", b"").upper()  # UTF-16 as well
    if b"<!ENTITY" in plain:
        msg = f"its part {name} declares XML entities"
        raise ParseError(msg, remedy="save it again in its own program")


def core_properties(body: bytes) -> dict[str, str]:
    """Title, creator and dates as an Office, OpenDocument or EPUB file states them; nothing where it states none."""
    found: dict[str, str] = {}
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = [name for name in archive.namelist() if name in _PROPERTIES or name.endswith(".opf")]
            for name in names[:1]:
                with archive.open(name) as file:
                    data = file.read(_MAX_PROPERTIES)
                parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
                for element in etree.fromstring(data, parser).iter():
                    tag = str(element.tag).rpartition("}")[2]
                    if tag in _NAMES and element.text and element.text.strip():
                        found.setdefault(tag, clean_inline(element.text))
    except (*_BROKEN, etree.XMLSyntaxError):
        return {}
    if found.get("creator") == "python-docx":  # what the library's template says is no fact about this document
        del found["creator"]
    dates = ("date", "modified", "created", "creation-date")
    found["published"] = next(
        (found[key] for key in dates if found.get(key, "")[:10] not in (*_TEMPLATE_DATES, "")), ""
    )
    found.setdefault("creator", found.get("initial-creator", ""))
    return found
