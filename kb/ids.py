"""Identifiers: hashes of text and place only, never of times, scores or vectors.

Every id is a one-letter prefix, an underscore and hexadecimal digits of SHA-256. The parts are joined with a NUL, which
normalised text never contains, so two different lists of parts cannot collide by concatenation.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from kb.errors import RecordError

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_TRACKING: Final = re.compile(r"^(utm_\w+|gclid|fbclid|mc_[ce]id|igshid|msclkid|yclid)$", re.IGNORECASE)
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE_PATH: Final = "/:@!$&'()*+,;=~-._%"


def sha256_bytes(data: bytes) -> str:
    """Return the full hexadecimal SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """Return the full hexadecimal SHA-256 of ``text`` in UTF-8."""
    return sha256_bytes(text.encode("utf-8", "surrogatepass"))


def make_id(prefix: str, *parts: str, digits: int = 16) -> str:
    """Return ``prefix_`` and the first ``digits`` hexadecimal digits of the hash of ``parts``."""
    return f"{prefix}_{sha256_text(chr(0).join(parts))[:digits]}"


def source_id(uri: str) -> str:
    """Id of the source at ``uri``; two spellings of one address give one id (see :func:`normal_uri`)."""
    return make_id("s", normal_uri(uri))


def document_id(source: str, text: str) -> str:
    """Id of one version of a source's text."""
    return make_id("d", source, text)


def chunk_id(source: str, text: str, occurrence: int) -> str:
    """Id of a chunk: its source, its text, and which occurrence (0, 1, ...) of that text in the document it is.

    An edit elsewhere in the document changes neither of the three, so the chunk keeps its id, vector and citations.
    """
    return make_id("c", source, text, str(occurrence), digits=20)


def evidence_id(document: str, start: int, end: int) -> str:
    """Id of the words ``start:end`` of a document version."""
    return make_id("e", document, str(start), str(end))


def claim_id(topic_key: str, text: str) -> str:
    """Id of a claim: its topic and its wording, without case and white space, so it survives a new report."""
    return make_id("k", topic_key, fold(text))


def fold(text: str) -> str:
    """Return ``text`` in lower case with white space runs collapsed: the form in which wordings are compared."""
    return " ".join(text.casefold().split())


def file_uri(path: Path, fragment: str = "") -> str:
    """Return the absolute ``file:`` URI of ``path``, with an optional record fragment."""
    uri = path.absolute().as_uri()
    return f"{uri}#{quote(fragment, safe='')}" if fragment else uri


def path_of(uri: str) -> Path | None:
    """Return the local path of a ``file:`` URI (fragment dropped), or None for any other."""
    parts = urlsplit(uri)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def normal_uri(uri: str) -> str:
    """Return the normal form of a URI (RFC 3986 section 6.2.2-6.2.3).

    Scheme and host in lower case, no default port, no empty path, no dot segments, percent-encoding in one form; for web
    addresses also no fragment, no user name and no tracking parameters. ``file:`` URIs keep their fragment: it names a record
    inside a container file.

    Raises:
        RecordError: this is no URI.
    """
    try:
        parts = urlsplit(uri.strip())
        port = parts.port
    except ValueError as exc:
        msg = f"this is no address: {exc}"
        raise RecordError(msg, source=uri, remedy="check its spelling") from exc
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        return urlunsplit((scheme, parts.netloc, parts.path, parts.query, parts.fragment))
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    path = _one_encoding(quote(_without_dots(parts.path), safe=_SAFE_PATH)) or "/"
    kept = [pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair.partition("=")[0])]
    return urlunsplit((scheme, netloc, path, _one_encoding(quote("&".join(kept), safe=_SAFE_PATH + "?")), ""))


def _one_encoding(text: str) -> str:
    """Write each percent-encoding in capitals, and letters, digits and ``-._~`` plainly."""

    def plain(match: re.Match[str]) -> str:
        letter = chr(int(match[1], 16))
        return letter if letter in _UNRESERVED else match[0].upper()

    return re.sub(r"%([0-9a-fA-F]{2})", plain, re.sub(r"%(?![0-9a-fA-F]{2})", "%25", text))


def _without_dots(path: str) -> str:
    """Remove ``.`` and ``..`` segments (RFC 3986 section 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)
