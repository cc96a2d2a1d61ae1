"""A fetcher that answers from memory: for tests, demonstrations and work without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kb.errors import FetchError
from kb.interfaces import Fetched


class RecordedFetcher:
    """Answers from ``recordings`` (URI to answer) and notes in ``asked`` what was asked for."""

    schemes: frozenset[str] = frozenset({"http", "https", "file"})

    def __init__(self, recordings: Mapping[str, Fetched]) -> None:
        self._recordings = dict(recordings)
        self.asked: list[str] = []

    def fetch(self, uri: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """Return the recording; ``not_modified`` where a validator matches, as a server would.

        Raises:
            FetchError: there is no recording for ``uri``.
        """
        self.asked.append(uri)
        found = self._recordings.get(uri)
        if found is None:
            msg = "there is no recording of this address"
            raise FetchError(msg, source=uri, remedy="record it first")
        same_tag = bool(etag) and etag == found.etag
        same_time = not etag and bool(last_modified) and last_modified == found.last_modified
        return replace(found, body=b"", not_modified=True) if same_tag or same_time else found
