"""Which network addresses may be fetched from: public ones, unless told otherwise."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final

from kb.errors import FetchError, ForbiddenAddressError

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_FORBIDDEN_REMEDY: Final = "allow private addresses in the settings if you trust this server"


def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The numeric addresses of ``host``, all of them checked.

    The caller connects to one of these and does not ask the name service again: a name that changes its answer between the
    check and the connection (DNS rebinding) gains nothing.

    Raises:
        ForbiddenAddressError: one of them is not public.
        FetchError: the name is not known.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        msg = f"the host {host!r} is not known"
        raise FetchError(msg, remedy="check the address and the network connection") from exc
    found = list(dict.fromkeys(str(answer[4][0]).partition("%")[0] for answer in answers))
    if not allow_private:
        for address in found:
            if not is_public(address):
                msg = f"{host!r} is at {address}, which is a private, local or reserved address"
                raise ForbiddenAddressError(msg, remedy=_FORBIDDEN_REMEDY)
    return found


def is_public(address: str) -> bool:
    """Whether ``address`` is reachable on the public internet; addresses that wrap another count as the inner one."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
