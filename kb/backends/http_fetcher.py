"""Downloads over HTTP and HTTPS, with bounds on time, size, redirects and addresses."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

import httpx

from kb._version import __version__
from kb.backends._addresses import resolve
from kb.backends.media_types import media_type_of
from kb.errors import FetchError, ForbiddenAddressError, TooLargeError
from kb.interfaces import Fetched

MAX_BYTES: Final = 100_000_000
_RETRIES: Final = 2
_BACKOFF_S: Final = 0.5
_LONGEST_WAIT_S: Final = 5.0
_RETRIED: Final = frozenset({429, 503})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_REMEDIES: Final = {
    401: "the page needs a login: save it with a browser and add the file",
    403: "the server refuses programs or needs a login: save the page with a browser and add the file",
    404: "check the address",
    410: "the page is gone for good; 'kb remove' forgets it",
    429: "the server asks for fewer requests: try again later",
}
_ACCEPT: Final = "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes


class _TryAgainError(Exception):
    """A failure that may pass: carries what to raise if it does not, and how long to wait."""

    def __init__(self, error: FetchError, wait_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait_s = wait_s


class HttpFetcher:
    """Follows redirects by hand and connects only to addresses that were checked, on every hop.

    Proxies of the environment are not used: what lies behind one cannot be checked.
    """

    schemes: ClassVar[frozenset[str]] = frozenset({"http", "https"})

    def __init__(
        self,
        timeout: float = 30.0,
        max_bytes: int = MAX_BYTES,
        max_redirects: int = 8,
        *,
        allow_private: bool = False,
        user_agent: str = f"evidence-kb/{__version__}",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Make a fetcher.

        Args:
            timeout: seconds for one source in all: name service, redirects, retries, download.
            max_bytes: largest body, after decompression.
            max_redirects: longest chain of redirects.
            allow_private: also fetch from private, loopback and link-local addresses.
            user_agent: what servers are told.
            sleep: waits between attempts.
        """
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._allow_private = allow_private
        self._user_agent = user_agent
        self._sleep = sleep

    def fetch(self, uri: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """Return what is served at ``uri``.

        Raises:
            ForbiddenAddressError: it, or a redirect, leads to an address that is not public.
            TooLargeError: it is over the size limit.
            FetchError: it could not be had.
        """
        deadline = time.monotonic() + self._timeout
        headers = {"If-None-Match": etag} if etag else {}
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        try:
            return self._fetch(uri, headers, deadline)
        except FetchError as exc:
            exc.source = exc.source or uri
            raise

    def close(self) -> None:
        """Close the client, if there is one."""
        if "_client" in self.__dict__:
            self._client.close()
            del self._client

    @cached_property
    def _client(self) -> httpx.Client:
        # Connections are not kept: they are made to numeric addresses, which several names may share.
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(
            verify=httpx.create_ssl_context(), trust_env=False, follow_redirects=False, limits=limits, http2=False
        )

    def _fetch(self, uri: str, headers: dict[str, str], deadline: float) -> Fetched:
        url = _parse(uri)
        for _ in range(self._max_redirects + 1):
            answer = self._patiently(url, headers, deadline)
            location = answer.headers.get("location")
            if answer.status in _REDIRECTS and location:
                url = _parse(str(url.join(location)))
                continue
            return _fetched(uri, url, answer, headers)
        msg = f"more than {self._max_redirects} redirects"
        raise FetchError(msg, remedy="open the address in a browser and add where it leads to")

    def _patiently(self, url: httpx.URL, headers: dict[str, str], deadline: float) -> _Answer:
        """One hop, tried again after failures that may pass."""
        for attempt in range(_RETRIES + 1):
            try:
                return self._hop(url, headers, deadline)
            except _TryAgainError as exc:
                wait = _BACKOFF_S * 3**attempt if exc.wait_s is None else exc.wait_s
                if attempt == _RETRIES or wait > _LONGEST_WAIT_S or time.monotonic() + wait > deadline:
                    raise exc.error from exc
                self._sleep(wait)
        raise AssertionError  # the loop returns or raises

    def _hop(self, url: httpx.URL, headers: dict[str, str], deadline: float) -> _Answer:
        """Ask the server of ``url`` at one of its checked addresses after the other."""
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = resolve(url.raw_host.decode("ascii").strip("[]"), port, allow_private=self._allow_private)
        for at, address in enumerate(addresses):
            try:
                return self._ask(url, address, headers, deadline)
            except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
                if at + 1 < len(addresses) and time.monotonic() < deadline:
                    continue
                msg = f"no connection to {url.host}: {exc}"
                raise _TryAgainError(FetchError(msg, remedy="check the address and the network connection")) from exc
            except httpx.TimeoutException as exc:
                raise self._too_slow() from exc
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as exc:
                msg = f"the download failed: {exc or type(exc).__name__}"
                raise FetchError(msg, remedy="try again later") from exc
        msg = f"the host {url.host!r} has no address"
        raise FetchError(msg, remedy="check the address")

    def _ask(self, url: httpx.URL, address: str, headers: dict[str, str], deadline: float) -> _Answer:
        left = deadline - time.monotonic()
        if left <= 0:
            raise self._too_slow()
        sent = {
            "Host": url.netloc.decode("ascii").rpartition("@")[2],
            "User-Agent": self._user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip, deflate",
            **headers,
        }
        request = self._client.build_request(
            "GET",
            url.copy_with(host=address, username=None, password=None, fragment=None),
            headers=sent,
            timeout=httpx.Timeout(left, connect=min(left, 10.0)),
            # The certificate is checked against the name, though the connection goes to the number.
            extensions={"sni_hostname": url.raw_host.decode("ascii")} if url.scheme == "https" else {},
        )
        response = self._client.send(request, stream=True)
        try:
            _check_status(response)
            return _Answer(response.status_code, response.headers, self._read(response, deadline))
        finally:
            response.close()

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        if response.status_code in _REDIRECTS or response.status_code == 304:
            return b""
        declared = response.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > self._max_bytes:
            raise self._too_large()
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > self._max_bytes:
                raise self._too_large()
            if time.monotonic() > deadline:
                raise self._too_slow()
            pieces.append(piece)
        return b"".join(pieces)

    def _too_large(self) -> TooLargeError:
        return TooLargeError(
            f"it is larger than {self._max_bytes:,} bytes", remedy="download it and split it, or raise the size limit"
        )

    def _too_slow(self) -> FetchError:
        return FetchError(
            f"no full answer within {self._timeout:g} s", remedy="try again later, or raise the time limit"
        )


def _parse(uri: str) -> httpx.URL:
    try:
        url = httpx.URL(uri)
    except (httpx.InvalidURL, ValueError, UnicodeError) as exc:
        msg = f"{uri!r} is no valid web address"
        raise FetchError(msg, remedy="check its spelling") from exc
    if url.scheme not in HttpFetcher.schemes:
        msg = f"it leads to {url.scheme or 'an address without a scheme'}, which is no web address"
        raise ForbiddenAddressError(msg, remedy="only http and https are followed")
    if not url.host:
        msg = f"{uri!r} names no host"
        raise FetchError(msg, remedy="check its spelling")
    return url


def _check_status(response: httpx.Response) -> None:
    """Raise for an answer that is neither a body, a redirect nor 'not modified'."""
    status = response.status_code
    if status < 400 and status != 204:
        return
    remedy = _REMEDIES.get(status, "try again later" if status >= 500 else "check the address")
    error = FetchError(f"the server answered {status} {response.reason_phrase}".rstrip(), remedy=remedy)
    if status in _RETRIED:
        after = response.headers.get("retry-after", "")
        raise _TryAgainError(error, float(after) if after.isdigit() else None)
    raise error


def _fetched(uri: str, url: httpx.URL, answer: _Answer, sent: dict[str, str]) -> Fetched:
    final = str(url.copy_with(fragment=None))
    kind = answer.headers.get("content-type", "")
    unchanged = answer.status == 304
    return Fetched(
        uri,
        answer.body,
        "" if unchanged else media_type_of(final, answer.body, kind),
        final_uri=final,
        etag=answer.headers.get("etag") or (sent.get("If-None-Match", "") if unchanged else ""),
        last_modified=answer.headers.get("last-modified") or (sent.get("If-Modified-Since", "") if unchanged else ""),
        not_modified=unchanged,
    )
