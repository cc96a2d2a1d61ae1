"""One piece of work whose failure is a result."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kb.interfaces import Attempt
from kb.records import Failure

T = TypeVar("T")
R = TypeVar("R")


def attempt(function: Callable[[T], R], item: T) -> Attempt[R]:
    """Run ``function`` on ``item``; whatever it raises becomes the failure of this item."""
    try:
        return Attempt(function(item))
    except MemoryError:
        return Attempt(None, Failure("parse", "reading it needs more memory than is allowed", "split it into parts"))
    except Exception as exc:  # noqa: BLE001 - the one place where an item becomes a Failure
        return Attempt(None, Failure.of(exc))
