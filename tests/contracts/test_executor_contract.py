from __future__ import annotations

from collections.abc import Iterator

import pytest
from contracts.executor import ExecutorContract

from kb.backends.executors import ProcessExecutor, SerialExecutor
from kb.interfaces import Executor

pytestmark = pytest.mark.slow


class TestSerialExecutor(ExecutorContract):
    @pytest.fixture
    def executor(self) -> Executor:
        return SerialExecutor()


class TestProcessExecutor(ExecutorContract):
    @pytest.fixture
    def executor(self) -> Iterator[Executor]:
        executor = ProcessExecutor(workers=2, timeout_s=20)
        yield executor
        executor.close()
