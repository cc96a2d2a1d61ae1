"""Reading the JSON object out of what a language model wrote."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_THOUGHT: Final = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_OPENING: Final = re.compile(r"\{")
_DECODER: Final = json.JSONDecoder()


def read_object(text: str) -> dict[str, Any]:
    """The first JSON object in ``text``; thoughts, code fences and words around it are dropped, nothing is mended.

    Raises:
        ValueError: there is none, or it is not whole; the message says what is wrong in a way a model understands.
    """
    bare = _THOUGHT.sub("", text)
    problem = "there is no JSON object in it"
    for match in _OPENING.finditer(bare):
        try:
            value, _ = _DECODER.raw_decode(bare, match.start())
        except json.JSONDecodeError as exc:
            problem = f"it is not valid JSON: {exc.msg} at character {exc.pos}"
            break  # what stands inside a broken object is not the answer
        except RecursionError:
            problem = "it is nested too deeply"
            break
        if isinstance(value, dict):
            return value
    raise ValueError(problem)


def is_object(text: str) -> bool:
    """Whether a JSON object can be read out of ``text``."""
    try:
        read_object(text)
    except ValueError:
        return False
    return True
