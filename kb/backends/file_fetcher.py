"""Reads local files."""

from __future__ import annotations

from typing import ClassVar, Final

from kb import ids
from kb.backends.media_types import media_type_of
from kb.errors import FetchError, TooLargeError
from kb.interfaces import Fetched

MAX_BYTES: Final = 256 * 1024 * 1024


class FileFetcher:
    """Reads ``file:`` URIs. Files have no validators: an edit can keep size and time, so the bytes are always read."""

    schemes: ClassVar[frozenset[str]] = frozenset({"file"})

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes

    def fetch(self, uri: str, *, etag: str = "", last_modified: str = "") -> Fetched:  # noqa: ARG002 - the protocol's
        """Return the bytes of the file.

        Raises:
            FetchError: it is missing, a folder, not readable, no plain file, or too large.
        """
        path = ids.path_of(uri)
        if path is None:
            msg = "this is no address of a file"
            raise FetchError(msg, source=uri, remedy="write it as file:///path/to/file")
        try:
            if path.is_dir():
                msg = "this is a folder, not a file"
                raise FetchError(msg, source=uri, remedy="ingest the folder to add the files in it")
            if path.exists() and not path.is_file():
                msg = "this is no plain file"
                raise FetchError(msg, source=uri, remedy="copy what it holds into a file")
            with path.open("rb") as file:
                body = file.read(self._max_bytes + 1)
        except FileNotFoundError as exc:
            msg = "there is no such file"
            raise FetchError(
                msg, source=uri, remedy="check the path; 'kb remove' forgets a source that is gone"
            ) from exc
        except PermissionError as exc:
            msg = "the file must not be read by this user"
            raise FetchError(msg, source=uri, remedy="change its permissions") from exc
        except (OSError, ValueError) as exc:
            msg = f"the file cannot be read: {exc}"
            raise FetchError(msg, source=uri, remedy="check the path and the disk") from exc
        if len(body) > self._max_bytes:
            msg = f"the file is larger than {self._max_bytes:,} bytes"
            raise TooLargeError(msg, source=uri, remedy="split it, or raise the size limit in the settings")
        return Fetched(uri, body, media_type_of(path.name, body), final_uri=uri)
