"""Records of what a language model was asked for, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model was used for so far; ``cost`` is in the unit of the configured prices, 0 without prices.

    ``calls`` are answers that the model gave, ``cached`` those that were known already (they cost nothing), ``failed``
    questions that stayed without an answer.
    """

    calls: int = 0
    cached: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost: float = 0.0

    def since(self, earlier: Usage) -> Usage:
        """What was used after ``earlier``."""
        return Usage(
            self.calls - earlier.calls,
            self.cached - earlier.cached,
            self.failed - earlier.failed,
            self.tokens_in - earlier.tokens_in,
            self.tokens_out - earlier.tokens_out,
            self.seconds - earlier.seconds,
            self.cost - earlier.cost,
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a language model drafted and the gate did not let through: the reason in a word, and in detail."""

    text: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Note:
    """A part of an answer or a report that stayed in the sources' own words, and why."""

    part: str
    reason: str
