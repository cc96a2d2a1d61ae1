"""From bytes to text: byte order marks, declared encodings, UTF-16 and UTF-32 without marks, and a guess for the rest."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from kb.errors import ParseError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE: Final = 200_000
_LATIN: Final = ("cp1252", "cp1250", "cp1257")
_COMMON_LETTERS: Final = {  # the ten most frequent letters of the script, in lower case
    "оеаинтсрвл": ("cp1251", "koi8_r", "iso8859_5", "cp866"),
    "αοιετσνηυρ": ("cp1253",),
    "יוהלאתרבשמ": ("cp1255", "iso8859_8"),
    "اليمنورتبد": ("cp1256", "iso8859_6"),
    "านรอกเงมยล": ("cp874",),
}
_EAST_ASIAN: Final = ["gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"]
_SURE: Final = 0.5
_WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_ODD: Final = re.compile(r"(?<=[^\W\d_])[^\w\s\u2019\u2018\u00b4\u2013\u2014-](?=[^\W\d_])")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_MOST_CONTROL: Final = 0.02


def decode(body: bytes, declared: str = "") -> str:
    """Return ``body`` as text.

    Order of trust: byte order mark, strict UTF-8, ``declared``, the pattern of zero bytes, statistics. UTF-8 comes before
    the declaration because text that decodes strictly and is not plain ASCII is hardly ever anything else.

    Raises:
        ParseError: it is no text at all.
    """
    text = _decode(body, declared)
    sample = text[:_SAMPLE]
    if sample and len(_CONTROL.findall(sample)) > max(2, _MOST_CONTROL * len(sample)):
        msg = "the file holds binary data, not text"
        raise ParseError(msg, remedy="check its type; its name or content type says that it is text")
    return text


def encoding_of_file(path: Path) -> str:
    """The encoding in which a large text file can be read as a stream; reads it once, keeps none of it."""
    with path.open("rb") as file:
        head = file.read(4096)
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return "utf-8-sig" if encoding == "utf-8" else encoding[:6]
        if wide := _wide(head):
            return wide
        decoder = codecs.getincrementaldecoder("utf-8")()
        piece = head
        while piece:
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return "utf-8" if _mostly_utf8(piece) else _guess(piece[:_SAMPLE])
            piece = file.read(1 << 20)
    return "utf-8"


def _decode(body: bytes, declared: str) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    wide = _wide(body[:4096])
    if wide:
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as exc:
        # One broken character in a long UTF-8 text does not make it another encoding.
        if exc.start > 0 and _mostly_utf8(body):
            return body.decode("utf-8", "replace")
    name = _known(declared)
    if name:
        return body.decode(name, "replace")
    return body.decode(_guess(body[:_SAMPLE]), "replace")


def _known(declared: str) -> str:
    """The codec of a declared encoding, '' if there is none; Latin-1 means cp1252 (WHATWG Encoding Standard)."""
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name if declared.strip() else ""
        b"".decode(name or "ascii")  # refuses codecs that are not text encodings (hex, rot13)
    except (LookupError, UnicodeError, ValueError):
        return ""
    if name in {"iso8859-1", "ascii"}:
        return "cp1252"
    return "" if name.startswith(("utf", "idna", "punycode", "raw_unicode", "unicode")) else name


def _wide(head: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: Western text has its zero bytes at every second or fourth place."""
    if len(head) < 4 or b"\0" not in head:
        return ""
    head = head[: len(head) // 4 * 4]
    quarter = len(head) // 4
    zeros = [head[at::4].count(0) / quarter for at in range(4)]
    if min(zeros[1:]) > 0.9 and zeros[0] < 0.1:
        return "utf-32-le"
    if min(zeros[:3]) > 0.9 and zeros[3] < 0.1:
        return "utf-32-be"
    if min(zeros[1], zeros[3]) > 0.6 and max(zeros[0], zeros[2]) < 0.1:
        return "utf-16-le"
    if min(zeros[0], zeros[2]) > 0.6 and max(zeros[1], zeros[3]) < 0.1:
        return "utf-16-be"
    return ""


def _mostly_utf8(body: bytes) -> bool:
    """Whether at least nine of ten bytes beyond ASCII belong to well-formed UTF-8 sequences."""
    text = body[:_SAMPLE].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(char > "\x7f" for char in text) - broken
    return good > 9 * broken


def _guess(body: bytes) -> str:
    """A Western encoding for text in Latin letters, else the one whose letters are the frequent ones of its script."""
    high = [word for word in _WORD.findall(body) if max(word) > 0x7F]
    foreign = [word for word in high if sum(byte > 0x7F for byte in word) > len(word) / 2 and len(word) > 2]
    if len(foreign) <= len(high) / 2:
        return _western(high)
    letters = b" ".join(foreign)
    rated = [(_share(letters, name, common), name) for common, known in _COMMON_LETTERS.items() for name in known]
    best_share, best_name = max(rated, key=lambda pair: pair[0])
    if best_share > _SURE:
        return best_name
    match = from_bytes(body, cp_isolation=_EAST_ASIAN).best()
    return match.encoding if match is not None else _western(high)


def _western(words: list[bytes]) -> str:
    return min(_LATIN, key=lambda name: _odd_letters(b" ".join(words), name))


def _odd_letters(words: bytes, name: str) -> int:
    """How many characters in the middle of words are no letters when read in encoding ``name``."""
    return len(_ODD.findall(words.decode(name, "replace")))


def _share(letters: bytes, name: str, common: str) -> float:
    text = letters.decode(name, "replace")
    beyond = [char for char in text if char > "\x7f"]
    return sum(char in common for char in beyond) / max(len(beyond), 1)
