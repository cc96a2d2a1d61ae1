"""Every error kb raises on purpose.

::

    KBError                     stage, source, remedy
    ├── ConfigError             a setting is missing, unknown or wrong
    │   └── MissingExtraError   an optional package is not installed (carries the pip line)
    ├── RecordError             a record that could be wrong was refused by its constructor
    ├── LockedError             another process is writing to this knowledge base
    ├── CatalogError            the catalog cannot be read, is newer than this program, or is damaged
    ├── SourceError             one source failed; the pipeline turns it into a Failure and goes on
    │   ├── FetchError          it could not be read or downloaded
    │   │   ├── TooLargeError   it is over the size limit
    │   │   └── ForbiddenAddressError   its address is private, loopback or link-local
    │   └── ParseError          its bytes hold no text that can be used
    │       ├── EncryptedError  it is protected by a password
    │       ├── EmptyError      it holds no text
    │       └── UnsupportedTypeError    no parser reads this media type
    ├── IndexBackendError       a derived index failed (it can always be rebuilt from the catalog)
    ├── EmbedderError           the embedding model cannot be loaded or run
    │   └── FingerprintError    the vectors were made by another model
    ├── VerifierError           a verifier cannot be loaded, or fails on what it is given
    ├── RerankerError           a reranker cannot be loaded, or fails on what it is given
    ├── NotFoundError           no such chunk, source or report
    └── ModelError              a language model did not answer, or not as asked
        └── ModelUnavailableError   it cannot be reached, is busy or broke off: asking again may help

Adapters translate foreign exceptions into these at the door (``raise ... from exc``).
"""

from __future__ import annotations


class KBError(Exception):
    """Base of all errors; says what happened, to which source, in which stage, and what to do."""

    stage = "kb"

    def __init__(self, message: str, *, source: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.remedy = remedy

    def __str__(self) -> str:
        where = f"{self.source}: " if self.source else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{where}{self.message}{remedy}"


class ConfigError(KBError):
    """A setting is missing, unknown or wrong."""

    stage = "config"


class MissingExtraError(ConfigError):
    """An optional package is not installed; the remedy is the pip line."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"the optional package {package!r} is not installed",
            remedy=f"pip install 'evidence-kb[{extra}]'",
        )


class RecordError(KBError, ValueError):
    """A record that could be wrong was refused."""

    stage = "record"


class LockedError(KBError):
    """Another process holds the writer lock."""

    stage = "lock"


class CatalogError(KBError):
    """The catalog cannot be used."""

    stage = "catalog"


class SourceError(KBError):
    """One source failed."""

    stage = "source"


class FetchError(SourceError):
    """A source could not be read or downloaded."""

    stage = "fetch"


class TooLargeError(FetchError):
    """A source is over the size limit."""


class ForbiddenAddressError(FetchError):
    """A URL points at a private, loopback or link-local address."""


class ParseError(SourceError):
    """The bytes of a source hold no usable text."""

    stage = "parse"


class EncryptedError(ParseError):
    """A source is protected by a password."""

    def __init__(self, message: str = "the file is encrypted", *, source: str = "", remedy: str = "") -> None:
        super().__init__(message, source=source, remedy=remedy or "save a copy without a password and add that")


class EmptyError(ParseError):
    """A source holds no text."""

    def __init__(self, message: str = "no text was found", *, source: str = "", remedy: str = "") -> None:
        super().__init__(
            message, source=source, remedy=remedy or "check that it is not empty, an image or a page built by scripts"
        )


class UnsupportedTypeError(ParseError):
    """No parser reads this media type."""


class IndexBackendError(KBError):
    """A derived index failed."""

    stage = "index"


class EmbedderError(KBError):
    """The embedding model cannot be loaded or run."""

    stage = "embed"


class FingerprintError(EmbedderError):
    """The stored vectors were made by another embedding model."""


class NotFoundError(KBError):
    """No such chunk, source or report."""

    stage = "query"


class VerifierError(KBError):
    """A verifier cannot be loaded, or fails on what it is given."""

    stage = "verify"


class RerankerError(KBError):
    """A reranker cannot be loaded, or fails on what it is given."""

    stage = "retrieve"


class ModelError(KBError):
    """A language model did not answer, or not as asked."""

    stage = "model"


class ModelUnavailableError(ModelError):
    """A language model cannot be reached, is busy or broke off; ``after`` is how many seconds it asks one to wait."""

    def __init__(self, message: str, *, source: str = "", remedy: str = "", after: float = 0.0) -> None:
        super().__init__(message, source=source, remedy=remedy)
        self.after = after
