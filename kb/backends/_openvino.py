"""The one import of openvino: without the tools that post a usage event when they are imported beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _without_usage_reports() -> Iterator[None]:
    """Hide the conversion tools from ``import openvino``: it imports them if it can, and they post a usage event."""
    tools = "openvino.tools.ovc"
    hidden = tools not in sys.modules
    if hidden:
        sys.modules[tools] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            sys.modules.pop(tools, None)


with _without_usage_reports():
    import openvino
    from openvino import opset15

__all__ = ["cores", "floats", "openvino", "opset15"]


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def floats(core: openvino.Core) -> str:
    """What this processor computes fastest in without eight bits: "bf16" or "f32"."""
    return "bf16" if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
