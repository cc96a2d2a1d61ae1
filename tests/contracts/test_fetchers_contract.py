from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from contracts.fetcher import FetcherContract

from kb.backends.file_fetcher import FileFetcher
from kb.backends.http_fetcher import HttpFetcher
from kb.backends.recorded_fetcher import RecordedFetcher
from kb.interfaces import Fetched, Fetcher

pytestmark = pytest.mark.slow

BODY = b"Some words.\n"


class TestFileFetcher(FetcherContract):
    @pytest.fixture
    def fetcher(self) -> Fetcher:
        return FileFetcher()

    @pytest.fixture
    def known(self, tmp_path: Path) -> tuple[str, bytes]:
        path = tmp_path / "a.txt"
        path.write_bytes(BODY)
        return path.as_uri(), BODY

    @pytest.fixture
    def missing(self, tmp_path: Path) -> str:
        return (tmp_path / "missing.txt").as_uri()


class TestRecordedFetcher(FetcherContract):
    @pytest.fixture
    def fetcher(self) -> Fetcher:
        uri = "https://example.org/a.txt"
        return RecordedFetcher({uri: Fetched(uri, BODY, "text/plain", uri, etag='"1"')})

    @pytest.fixture
    def known(self) -> tuple[str, bytes]:
        return "https://example.org/a.txt", BODY

    @pytest.fixture
    def missing(self) -> str:
        return "https://example.org/missing.txt"


class TestHttpFetcher(FetcherContract):
    @pytest.fixture
    def fetcher(self) -> Fetcher:
        return HttpFetcher(allow_private=True)

    @pytest.fixture
    def base(self, tmp_path: Path) -> Iterator[str]:
        (tmp_path / "a.txt").write_bytes(BODY)

        class Quiet(SimpleHTTPRequestHandler):
            def __init__(self, *args: Any) -> None:
                super().__init__(*args, directory=str(tmp_path))

            def log_message(self, *args: Any) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as httpd:
            threading.Thread(target=httpd.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{httpd.server_address[1]}"
            httpd.shutdown()

    @pytest.fixture
    def known(self, base: str) -> tuple[str, bytes]:
        return f"{base}/a.txt", BODY

    @pytest.fixture
    def missing(self, base: str) -> str:
        return f"{base}/missing.txt"
