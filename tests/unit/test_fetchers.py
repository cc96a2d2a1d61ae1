from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kb.backends import _addresses
from kb.backends._addresses import is_public
from kb.backends.file_fetcher import FileFetcher
from kb.backends.http_fetcher import HttpFetcher
from kb.backends.recorded_fetcher import RecordedFetcher
from kb.errors import FetchError, ForbiddenAddressError, TooLargeError
from kb.interfaces import Fetched

pytestmark = pytest.mark.slow

PAGE = b"<html><body>Words.</body></html>"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, dict[str, str]]]
    busy = 0

    def do_GET(self) -> None:
        type(self).seen.append((self.path, dict(self.headers)))
        getattr(self, f"go_{self.path.strip('/').partition('?')[0]}", self.go_missing)()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def go_page(self) -> None:
        if self.headers.get("If-None-Match") == '"v1"':
            self.answer(304, ETag='"v1"')
        else:
            self.answer(
                200,
                PAGE,
                Content_Type="text/html; charset=utf-8",
                ETag='"v1"',
                Last_Modified="Tue, 21 Jan 2025 10:00:00 GMT",
            )

    def go_redirect(self) -> None:
        self.answer(302, Location="/page?moved=1#part")

    def go_loop(self) -> None:
        self.answer(301, Location="/loop")

    def go_tofile(self) -> None:
        self.answer(302, Location="file:///etc/passwd")

    def go_toprivate(self) -> None:
        self.answer(302, Location="http://169.254.169.254/latest/meta-data/")

    def go_large(self) -> None:
        self.answer(200, b"x" * 50_000)

    def go_bomb(self) -> None:
        self.answer(200, gzip.compress(b"\0" * 5_000_000), Content_Encoding="gzip", Content_Type="text/plain")

    def go_slow(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(100):
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    def go_busy(self) -> None:
        type(self).busy += 1
        if type(self).busy < 3:
            self.answer(503, Retry_After="1")
        else:
            self.answer(200, b"at last", Content_Type="text/plain")

    def go_closed(self) -> None:
        self.answer(429, Retry_After="3600")

    def go_empty(self) -> None:
        self.answer(204)

    def go_forbidden(self) -> None:
        self.answer(403)

    def go_pdf(self) -> None:
        self.answer(200, b"%PDF-1.4 x", Content_Type="application/octet-stream")

    def go_missing(self) -> None:
        self.answer(404)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Handler.seen = []
    Handler.busy = 0
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()


def fetcher(**options: Any) -> HttpFetcher:
    return HttpFetcher(**{"timeout": 5.0, "allow_private": True, "sleep": lambda _: None, **options})


# -- over HTTP ------------------------------------------------------------------------------------------------------------


def test_a_page_with_its_validators(server: str) -> None:
    fetched = fetcher().fetch(f"{server}/page")
    assert (fetched.body, fetched.media_type, fetched.etag) == (PAGE, "text/html; charset=utf-8", '"v1"')
    assert fetched.last_modified.startswith("Tue, 21 Jan")
    assert Handler.seen[0][1]["Host"] == server.removeprefix("http://")
    assert Handler.seen[0][1]["User-Agent"].startswith("evidence-kb/")


def test_not_modified(server: str) -> None:
    fetched = fetcher().fetch(f"{server}/page", etag='"v1"', last_modified="Tue, 21 Jan 2025 10:00:00 GMT")
    assert (fetched.not_modified, fetched.body, fetched.etag) == (True, b"", '"v1"')
    assert Handler.seen[0][1]["If-Modified-Since"].startswith("Tue")


def test_redirects_are_followed_and_named(server: str) -> None:
    fetched = fetcher().fetch(f"{server}/redirect")
    assert fetched.final_uri == f"{server}/page?moved=1"
    assert fetched.uri == f"{server}/redirect"


@pytest.mark.parametrize(
    ("path", "words"),
    [("loop", "redirects"), ("missing", "404"), ("forbidden", "403"), ("empty", "204"), ("closed", "429")],
)
def test_errors_say_what_and_what_to_do(server: str, path: str, words: str) -> None:
    with pytest.raises(FetchError, match=words) as caught:
        fetcher().fetch(f"{server}/{path}")
    assert caught.value.source == f"{server}/{path}"
    assert caught.value.remedy


def test_a_busy_server_is_asked_again(server: str) -> None:
    waits: list[float] = []
    assert fetcher(sleep=waits.append).fetch(f"{server}/busy").body == b"at last"
    assert waits == [1.0, 1.0]


def test_a_server_that_wants_an_hour_is_not_waited_for(server: str) -> None:
    with pytest.raises(FetchError):
        fetcher(sleep=lambda _: pytest.fail("waited")).fetch(f"{server}/closed")
    assert len(Handler.seen) == 1


@pytest.mark.parametrize("path", ["large", "bomb"])
def test_size_is_bounded_also_after_decompression(server: str, path: str) -> None:
    with pytest.raises(TooLargeError, match="20,000"):
        fetcher(max_bytes=20_000).fetch(f"{server}/{path}")


def test_time_is_bounded_in_all(server: str) -> None:
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"within 0.5 s"):
        fetcher(timeout=0.5).fetch(f"{server}/slow")
    assert time.monotonic() - started < 3


def test_the_bytes_correct_a_vague_type(server: str) -> None:
    assert fetcher().fetch(f"{server}/pdf").media_type == "application/pdf"


def test_private_addresses_are_refused(server: str) -> None:
    for uri in (
        f"{server}/page",
        server.replace("127.0.0.1", "localhost"),
        "http://[::1]:9/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
    ):
        with pytest.raises(ForbiddenAddressError) as caught:
            fetcher(allow_private=False).fetch(uri)
        assert caught.value.remedy
    assert Handler.seen == []


def test_a_redirect_to_a_private_address_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first hop counts as public here; where it leads to does not."""
    monkeypatch.setattr(_addresses, "is_public", lambda address: address == "127.0.0.1" or is_public(address))
    with pytest.raises(ForbiddenAddressError, match=r"169\.254\.169\.254"):
        fetcher(allow_private=False).fetch(f"{server}/toprivate")
    with pytest.raises(ForbiddenAddressError, match="file"):
        fetcher(allow_private=False).fetch(f"{server}/tofile")


def test_the_connection_goes_to_the_address_that_was_checked(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers differently the second time gains nothing: it is asked once."""
    port = int(server.rpartition(":")[2])
    real = socket.getaddrinfo
    asked: list[str] = []

    def answers(host: str, *args: Any, **options: Any) -> Any:
        if host == "rebind.example":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    assert fetcher().fetch(f"http://rebind.example:{port}/page").body == PAGE
    assert asked == ["rebind.example"]
    assert Handler.seen[0][1]["Host"] == f"rebind.example:{port}"


def test_no_connection_and_no_such_host() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="no connection"):
        fetcher().fetch(f"http://127.0.0.1:{port}/")
    with pytest.raises(FetchError, match="not known"):
        fetcher().fetch("http://no-such-host.invalid/")


@pytest.mark.parametrize("uri", ["ftp://x.org/a", "http://", "http://[x/"])
def test_what_is_no_web_address(uri: str) -> None:
    with pytest.raises(FetchError):
        fetcher().fetch(uri)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("169.254.1.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


# -- files and recordings -------------------------------------------------------------------------------------------------


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "a b.html"
    path.write_bytes(PAGE)
    fetched = FileFetcher().fetch(path.as_uri())
    assert (fetched.body, fetched.media_type) == (PAGE, "text/html")
    with pytest.raises(TooLargeError, match="larger than 10 bytes"):
        FileFetcher(max_bytes=10).fetch(path.as_uri())
    with pytest.raises(FetchError, match="no such file"):
        FileFetcher().fetch((tmp_path / "nope").as_uri())
    with pytest.raises(FetchError, match="folder"):
        FileFetcher().fetch(tmp_path.as_uri())
    with pytest.raises(FetchError, match="no address of a file"):
        FileFetcher().fetch("https://example.org/")


def test_an_edit_is_seen_though_size_and_time_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"one")
    first = FileFetcher().fetch(path.as_uri())
    path.write_bytes(b"two")
    again = FileFetcher().fetch(path.as_uri(), etag=first.etag, last_modified=first.last_modified)
    assert again.body == b"two"


def test_recordings_answer_and_remember() -> None:
    page = Fetched("https://example.org/a", PAGE, "text/html", "https://example.org/a", etag='"1"')
    recorded = RecordedFetcher({page.uri: page})
    assert recorded.fetch(page.uri) == page
    assert recorded.fetch(page.uri, etag='"1"').not_modified
    with pytest.raises(FetchError, match="no recording"):
        recorded.fetch("https://example.org/b")
    assert recorded.asked == [page.uri, page.uri, "https://example.org/b"]
