"""What every executor must do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kb.errors import EmptyError
from kb.interfaces import Executor


def double(number: int) -> int:
    if number == 13:
        msg = "unlucky"
        raise ValueError(msg)
    if number == 14:
        raise EmptyError(remedy="fill it")
    return number * 2


class ExecutorContract:
    """Subclass it and make ``executor``."""

    @pytest.fixture
    def executor(self) -> Executor | Iterator[Executor]:
        raise NotImplementedError

    def test_is_an_executor(self, executor: Executor) -> None:
        assert isinstance(executor, Executor)

    def test_order_is_kept(self, executor: Executor) -> None:
        assert [attempt.value for attempt in executor.map(double, range(10))] == [n * 2 for n in range(10)]

    def test_nothing_in_nothing_out(self, executor: Executor) -> None:
        assert list(executor.map(double, [])) == []

    def test_a_failed_item_is_an_attempt_and_stops_nothing(self, executor: Executor) -> None:
        attempts = list(executor.map(double, [12, 13, 14, 15]))
        assert [attempt.value for attempt in attempts] == [24, None, None, 30]
        assert attempts[1].failure is not None
        assert attempts[1].failure.reason == "ValueError: unlucky"
        assert attempts[2].failure is not None
        assert (attempts[2].failure.stage, attempts[2].failure.remedy) == ("parse", "fill it")

    def test_items_are_taken_lazily(self, executor: Executor) -> None:
        taken: list[int] = []

        def items() -> Iterator[int]:
            for number in range(1000):
                taken.append(number)
                yield number

        attempts = executor.map(double, items())
        assert next(attempts).value == 0
        assert len(taken) < 20
        attempts.close()  # type: ignore[attr-defined]

    def test_it_works_again_after_close(self, executor: Executor) -> None:
        executor.close()
        assert [attempt.value for attempt in executor.map(double, [1])] == [2]
        executor.close()
        executor.close()
