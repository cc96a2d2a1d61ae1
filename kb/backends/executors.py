"""Executors: where any exception of one item becomes a Failure."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any, Final, TypeVar

from kb.backends._attempt import attempt
from kb.backends._worker import read_message, write_message
from kb.interfaces import Attempt
from kb.records import Failure

T = TypeVar("T")
R = TypeVar("R")

_LOOKAHEAD: Final = 2
_MEMORY: Final = 4 * 1024**3
_START_S: Final = 60.0
_BOOT: Final = (
    "import sys, json; path, timeout, memory = json.loads(sys.argv[1]); sys.path[:] = path; "
    "from kb.backends._worker import serve; serve(timeout, memory)"
)
_REMEDY: Final = "open it in its own program and save it again, or in another format"


class SerialExecutor:
    """Runs items one after another in this process; nothing stops one that hangs."""

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[Attempt[R]]:
        """Yield one attempt for each item, in order."""
        for item in items:
            yield attempt(function, item)

    def close(self) -> None:
        """There is nothing to stop."""


class ProcessExecutor:
    """Runs items in worker processes, so that one that hangs, crashes or eats memory costs only itself.

    Workers start on the first item, stay, and are fed one item each through a pipe. They are started by an own command, not
    forked and not by importing the main script again, so any program can use this. Sockets are refused in them.
    ``function`` must be importable by name; items and results must pickle.
    """

    def __init__(self, workers: int = 2, timeout_s: float = 60.0, *, memory: int = _MEMORY) -> None:
        """Make an executor; nothing starts yet.

        Args:
            workers: how many processes.
            timeout_s: seconds for one item; the start of a worker does not count.
            memory: address space of each worker in bytes, 0 for no limit (Windows knows none).
        """
        self._count = max(workers, 1)
        self._timeout = timeout_s
        self._memory = memory
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._running: set[_Worker] = set()
        self._threads: ThreadPoolExecutor | None = None
        self._finalizer = weakref.finalize(self, _kill_all, self._running)

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[Attempt[R]]:
        """Yield one attempt for each item, in order; at most two items a worker are taken in advance."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="kb-worker")
        source = iter(items)
        pending: deque[Future[Attempt[R]]] = deque()
        exhausted = False
        try:
            while True:
                while not exhausted and len(pending) < self._count * _LOOKAHEAD:
                    try:
                        item = next(source)
                    except StopIteration:
                        exhausted = True
                    else:
                        pending.append(self._threads.submit(self._run, function, item))
                if not pending:
                    return
                yield pending.popleft().result()
        finally:
            if pending:  # the caller stopped early, or was interrupted: nobody waits for what still runs
                for future in pending:
                    future.cancel()
                _kill_all(self._running)

    def close(self) -> None:
        """Stop the workers; a later ``map`` starts new ones."""
        _kill_all(self._running)
        self._idle = queue.SimpleQueue()
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
            self._threads = None

    def _run(self, function: Callable[[T], R], item: T) -> Attempt[R]:
        """Run one item in a worker; called in a thread of the pool."""
        try:
            request = pickle.dumps((function, item), pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, TypeError, AttributeError) as exc:
            return Attempt(None, Failure.of(exc))
        try:
            worker = self._worker()
        except (OSError, EOFError) as exc:
            reason = f"no worker process could be started ({exc or 'it ended at once'})"
            return Attempt(None, Failure("parse", reason, "check free memory and the installation"))
        reply = worker.ask(request, self._timeout)
        if isinstance(reply, Failure):
            self._running.discard(worker)
            return Attempt(None, reply)
        self._idle.put(worker)
        result: Attempt[R] = pickle.loads(reply)  # noqa: S301 - from our own worker process
        return result

    def _worker(self) -> _Worker:
        while True:
            try:
                worker = self._idle.get_nowait()
            except queue.Empty:
                worker = _Worker(self._timeout, self._memory)
                self._running.add(worker)
                return worker
            if worker.alive:
                return worker
            self._running.discard(worker)


class _Worker:
    """One worker process, used by one thread at a time."""

    def __init__(self, timeout_s: float, memory: int) -> None:
        argument = json.dumps([sys.path, timeout_s, memory])
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        quiet = {"SCARF_NO_ANALYTICS": "true", "DO_NOT_TRACK": "true"}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-P", "-c", _BOOT, argument],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **threads, **quiet},
            start_new_session=True,  # the keyboard interrupt is for the parent; it closes the pipes
        )
        self._timed_out = False
        with self._deadline(_START_S):
            try:
                read_message(self._stdout)
            except (OSError, EOFError):
                self.kill()
                raise

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def ask(self, request: bytes, timeout_s: float) -> bytes | Failure:
        """Run one request; a failure means that the process is gone."""
        self._timed_out = False
        try:
            with self._deadline(timeout_s):
                write_message(self._stdin, request)
                return read_message(self._stdout)
        except (OSError, EOFError, ValueError):
            self.kill()
        if self._timed_out:
            return Failure("parse", f"it took longer than {timeout_s:g} s to read", _REMEDY)
        return Failure("parse", f"the parser crashed{self._how()}", _REMEDY)

    def kill(self) -> None:
        """End the process and what it started, and close the pipes."""
        self._signal()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError, ValueError):
                    stream.close()

    def _signal(self) -> None:
        if not self.alive:  # its number may belong to another process by now
            return
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    @contextlib.contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        """End the process after ``seconds``: the thread that waits for it then sees its pipe close."""
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self._timed_out = True
        self._signal()

    def _how(self) -> str:
        code = self._process.poll()
        if code is None or code == 0:
            return ""
        with contextlib.suppress(ValueError):
            return f" ({signal.Signals(-code).name})" if code < 0 else f" (exit status {code})"
        return ""

    @property
    def _stdin(self) -> IO[bytes]:
        return _open_pipe(self._process.stdin)

    @property
    def _stdout(self) -> IO[bytes]:
        return _open_pipe(self._process.stdout)


def _open_pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        msg = "the worker has no pipe"
        raise OSError(msg)
    return stream


def _kill_all(workers: set[Any]) -> None:
    while workers:
        with contextlib.suppress(KeyError):
            workers.pop().kill()
