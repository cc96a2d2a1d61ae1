"""The other end of :class:`~kb.backends.executors.ProcessExecutor`: one process that runs one item after another.

Messages are pickles behind their length in eight bytes, on the standard input and output that the process was started
with; whatever libraries print goes nowhere.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import sys
from typing import IO, Any, Final

_LENGTH: Final = struct.Struct("<Q")
_BLOCKED: Final = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
)
_GRACE_S: Final = 5


def write_message(stream: IO[bytes], payload: bytes) -> None:
    """Send one message."""
    stream.write(_LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def read_message(stream: IO[bytes]) -> bytes:
    """Receive one message.

    Raises:
        EOFError: the other end is gone.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    payload = stream.read(length)
    if len(payload) < length:
        raise EOFError
    return payload


def serve(timeout_s: float, memory: int) -> None:
    """Answer messages until the parent is gone."""
    requests, replies = _private_streams()
    _limit_memory(memory)
    sys.addaudithook(_refuse_sockets)
    write_message(replies, b"ready")
    while True:
        try:
            request = read_message(requests)
        except EOFError:
            return
        # Should the parent die meanwhile, nobody else ends an item that hangs.
        _alarm(int(timeout_s) + _GRACE_S)
        reply = _reply(request)
        _alarm(0)
        try:
            write_message(replies, reply)
        except OSError:
            return


def _reply(request: bytes) -> bytes:
    from kb.backends._attempt import attempt  # noqa: PLC0415
    from kb.interfaces import Attempt  # noqa: PLC0415
    from kb.records import Failure  # noqa: PLC0415

    def run(payload: bytes) -> Any:
        function, item = pickle.loads(payload)  # noqa: S301 - from the parent process only
        return function(item)

    result: Attempt[Any] = attempt(run, request)
    try:
        return pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError, MemoryError) as exc:
        return pickle.dumps(Attempt(None, Failure.of(exc)))


def _private_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Keep the pipes for the messages and give libraries an empty input and an output that goes nowhere."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    return requests, replies


def _limit_memory(memory: int) -> None:
    """Bound the address space, where the system can."""
    if memory <= 0:
        return
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _refuse_sockets(event: str, _arguments: tuple[Any, ...]) -> None:
    """Reading a document opens no connection; what tries it is wrong or hostile."""
    if event in _BLOCKED:
        msg = "reading a document must not use the network"
        raise PermissionError(msg)
