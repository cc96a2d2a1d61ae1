"""What every fetcher must do."""

from __future__ import annotations

import pytest

from kb.errors import FetchError
from kb.interfaces import Fetcher


class FetcherContract:
    """Subclass it and make ``fetcher``, ``known`` (a URI and its body) and ``missing`` (a URI with nothing behind it)."""

    @pytest.fixture
    def fetcher(self) -> Fetcher:
        raise NotImplementedError

    @pytest.fixture
    def known(self) -> tuple[str, bytes]:
        raise NotImplementedError

    @pytest.fixture
    def missing(self) -> str:
        raise NotImplementedError

    def test_is_a_fetcher(self, fetcher: Fetcher, known: tuple[str, bytes]) -> None:
        assert isinstance(fetcher, Fetcher)
        assert known[0].partition(":")[0] in fetcher.schemes

    def test_returns_the_bytes(self, fetcher: Fetcher, known: tuple[str, bytes]) -> None:
        uri, body = known
        fetched = fetcher.fetch(uri)
        assert fetched.uri == uri
        assert fetched.body == body
        assert fetched.final_uri
        assert fetched.media_type
        assert not fetched.not_modified

    def test_a_validator_is_honoured_or_ignored_never_wrong(self, fetcher: Fetcher, known: tuple[str, bytes]) -> None:
        uri, body = known
        first = fetcher.fetch(uri)
        again = fetcher.fetch(uri, etag=first.etag, last_modified=first.last_modified)
        assert again.body == (b"" if again.not_modified else body)
        other = fetcher.fetch(uri, etag='"of another version"')
        assert other.body == body

    def test_what_is_missing_is_a_fetch_error_with_a_remedy(self, fetcher: Fetcher, missing: str) -> None:
        with pytest.raises(FetchError) as caught:
            fetcher.fetch(missing)
        assert caught.value.source == missing
        assert caught.value.remedy
