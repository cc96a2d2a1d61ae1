"""E-mail (RFC 5322 and Outlook) as text: the words of this message apart from what it quotes and how it is signed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any, Final

from kb.backends._archive import DAMAGE
from kb.backends._building import Builder, clean_inline, clean_text, iso_date
from kb.backends._decoding import decode
from kb.backends._markup import add_html, parse_html
from kb.backends.text_parser import add_prose
from kb.errors import EmptyError, EncryptedError, ParseError
from kb.records import Parsed

_QUOTED: Final = re.compile(r"^\s*>")
_ATTRIBUTION: Final = re.compile(
    r"^(?:on\b.{4,200}\bwrote:|am\b.{4,200}\bschrieb.*:|le\b.{4,200}\ba écrit\s*:|.{0,80}<\S+@\S+>\s+wrote:)\s*$",
    re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"^[-_\s]*(?:original message|forwarded message|begin forwarded message)[-_:\s]*$", re.IGNORECASE
)
_REPLY_HEADER: Final = re.compile(r"^\*?(?:From|Von|De):\*?\s+\S")
_REPLY_DATE: Final = re.compile(r"^\*?(?:Sent|Date|Gesendet|Envoyé):\*?\s+\S")
_LINK_TARGET: Final = re.compile(r"(?<![ \t])[ \t]*<(?:https?://|mailto:)[^>\s]*>")
_SIGNATURE: Final = re.compile(r"^-- ?$")
_SIGN_OFF: Final = re.compile(
    r"^(?:best|best regards|best wishes|all the best|kind regards|warm regards|regards|yours|sincerely|yours sincerely|"
    r"thanks|many thanks|thank you|cheers|with best wishes)[,.!]?\s*$",
    re.IGNORECASE,
)
_MAX_NAMES: Final = 6
_QUOTE_ATTRIBUTES: Final = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "divRplyFwdMsg", "appendonsend")


@dataclass(frozen=True, slots=True)
class _Mail:
    subject: str
    author: str
    sent: str
    plain: str
    html: str


def parse_eml(body: bytes) -> Parsed:
    """Read a message in RFC 5322 form.

    Raises:
        EncryptedError: its content is encrypted.
        EmptyError: it has no text.
    """
    message = message_from_bytes(_as_utf8(body), policy=policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        msg = "the file is no e-mail message"
        raise ParseError(msg, remedy="check its type; its name says that it is one")
    if message.get_content_type() in {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}:
        msg = "the message is encrypted"
        raise EncryptedError(msg, remedy="open it in a mail program and save its text")
    plain, html = _bodies(message)
    names = [address.display_name or address.addr_spec for address in _addresses(message)]
    return _build(
        _Mail(_header(message, "subject"), ", ".join(names[:_MAX_NAMES]), _date(_header(message, "date")), plain, html)
    )


def parse_msg(body: bytes) -> Parsed:
    """Read an Outlook message.

    Raises:
        EncryptedError: its content is encrypted.
        ParseError: it is damaged or has no text.
    """
    from oxmsg import Message  # noqa: PLC0415 - only Outlook messages need it
    from oxmsg.domain.model import UnrecognizedCodePageError, UnsupportedEncodingError  # noqa: PLC0415

    damage: tuple[type[Exception], ...] = (*DAMAGE, UnrecognizedCodePageError, UnsupportedEncodingError)
    try:
        message: Any = Message.load(BytesIO(body))
        headers = message.message_headers or {}
        kind = str(headers.get("Content-Type", ""))
        sent = message.sent_date
        mail = _Mail(
            str(message.subject or ""),
            re.sub(r"\s*<[^>]*>|\"", "", str(message.sender or "")).strip(),
            sent.date().isoformat() if isinstance(sent, datetime) else "",
            str(message.body or ""),
            str(message.html_body or ""),
        )
    except damage as exc:
        msg = "the Outlook message is damaged"
        raise ParseError(msg, remedy="open it in Outlook and save it again, or save it as .eml") from exc
    if "encrypted" in kind.lower() or "pkcs7-mime" in kind.lower():
        msg = "the message is encrypted"
        raise EncryptedError(msg, remedy="open it in Outlook and save its text")
    return _build(mail)


def _build(mail: _Mail) -> Parsed:
    builder = Builder()
    builder.heading(mail.subject, 1)
    begun = builder.length
    if mail.plain.strip():
        add_mail_text(builder, clean_text(mail.plain))
    if builder.length == begun and mail.html.strip():
        _add_html_body(builder, mail.html)
    if builder.length == begun:
        msg = "the message has no text of its own"
        raise EmptyError(msg, remedy="add its attachments as files")
    return builder.build(title=mail.subject, author=mail.author, published=mail.sent)


def add_mail_text(builder: Builder, text: str) -> None:
    """Append the plain text of a message: its own words as paragraphs, quoted ones as quotes, the signature as other."""
    own: list[str] = []
    quoted: list[str] = []
    lines = _LINK_TARGET.sub("", text).split("\n")
    for at, line in enumerate(lines):
        forwarded = bool(_FORWARDED.match(line)) or _is_reply_header(lines, at)
        if forwarded or _SIGNATURE.match(line):
            _flush(builder, own, _own_words)
            _flush(builder, quoted, _quote)
            rest = "\n".join(lines[at + 1 :])
            (_quote if forwarded else _other)(builder, rest)
            return
        if _QUOTED.match(line):
            _flush(builder, own, _own_words)
            quoted.append(re.sub(r"^(?:\s*>)+ ?", "", line))
        elif _ATTRIBUTION.match(line) or _wrapped_attribution(lines, at):
            _flush(builder, own, _own_words)
            quoted.append("")
        else:
            if line.strip():
                _flush(builder, quoted, _quote)
            own.append(line)
    _flush(builder, quoted, _quote)
    _flush(builder, own, _own_words)


def _is_reply_header(lines: list[str], at: int) -> bool:
    """The 'From: ... Sent: ...' that Outlook puts above what it quotes."""
    return bool(_REPLY_HEADER.match(lines[at])) and any(_REPLY_DATE.match(line) for line in lines[at + 1 : at + 4])


def _wrapped_attribution(lines: list[str], at: int) -> bool:
    """'On Monday, somebody' and 'wrote:' on two lines."""
    before, line, after = (lines[n] if 0 <= n < len(lines) else "" for n in (at - 1, at, at + 1))
    joined = bool(_ATTRIBUTION.match(f"{line.strip()} {after.strip()}")) and line[:3].lower() in {"on ", "am ", "le "}
    return joined or bool(re.match(r"^.{0,80}\bwrote:\s*$", line) and before[:3].lower() == "on ")


def _flush(builder: Builder, lines: list[str], add: Callable[[Builder, str], None]) -> None:
    if any(line.strip() for line in lines):
        add(builder, "\n".join(lines))
    lines.clear()


def _own_words(builder: Builder, text: str) -> None:
    """Running text; a short sign-off at its end is no statement."""
    lines = text.rstrip().split("\n")
    for at in range(max(len(lines) - 5, 0), len(lines)):
        if _SIGN_OFF.match(lines[at].strip()):
            add_prose(builder, "\n".join(lines[:at]))
            _other(builder, "\n".join(lines[at:]))
            return
    add_prose(builder, text)


def _quote(builder: Builder, text: str) -> None:
    for part in re.split(r"\n\s*\n", text):
        lines = [line for line in part.split("\n") if not _ATTRIBUTION.match(line)]
        builder.quote(" ".join(lines))


def _other(builder: Builder, text: str) -> None:
    builder.other(text)


def _add_html_body(builder: Builder, text: str) -> None:
    root = parse_html(text.replace("\0", ""))
    if root is None:
        return
    for element in list(root.iter()):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}" if isinstance(element.tag, str) else ""
        if any(mark in marks for mark in _QUOTE_ATTRIBUTES) and element.tag != "body":
            element.tag = "blockquote"
    add_html(builder, root)


def _as_utf8(body: bytes) -> bytes:
    """Messages saved as UTF-16 are brought back to bytes that the mail parser knows."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in body[:64]:
        return decode(body).encode("utf-8", "replace")
    return body


def _bodies(message: EmailMessage) -> tuple[str, str]:
    """The plain and the HTML text of a message; the parts of a digest one after another."""
    plain: list[str] = []
    html: list[str] = []
    for part in message.walk():
        if part.is_multipart() or part.get_content_disposition() == "attachment" or part.get_filename():
            continue
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html"):
            (plain if kind == "text/plain" else html).append(_content(part))
    return "\n\n".join(plain), "\n".join(html)


def _content(part: Any) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        name = part.get_content_charset() or ""
    except (LookupError, ValueError, AttributeError):
        name = ""
    try:
        return decode(payload, name)
    except ParseError:  # a part that is mislabelled as text must not cost the others
        return ""


def _header(message: EmailMessage, name: str) -> str:
    """A header, decoded; the parser of the standard library raises on some malformed ones."""
    try:
        return clean_inline(str(message.get(name) or ""))
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        raw = next((value for key, value in message.raw_items() if key.lower() == name), "")
        return clean_inline(str(raw))


def _addresses(message: EmailMessage) -> tuple[Any, ...]:
    try:
        return tuple(getattr(message.get("from"), "addresses", ()))
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return ()


def _date(text: str) -> str:
    """The day a message was sent, in UTC where its zone is known."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return iso_date(text)
    try:
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date().isoformat()
    except (OverflowError, ValueError):
        return ""
