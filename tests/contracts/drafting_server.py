"""What a language model's server says about prompts of kb: shorter wordings, or whatever a bad model would say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from contracts.model_server import Response

TAILS = (
    " within five generations",
    " before anything else",
    " in every published experiment",
    " in both of our laboratories",
    " by a third",
    " in all six languages",
    " with confidence",
    " by nine points",
)
Draft = dict[str, Any]


def shortened(text: str) -> str:
    """``text`` without its tail: not a sentence of any source, and no more than its source says."""
    for tail in TAILS:
        text = text.replace(f"{tail}.", ".")
    return text


def listed(body: dict[str, Any]) -> dict[int, str]:
    """The numbered list in a prompt."""
    prompt = body["messages"][-1]["content"]
    return {int(m[1]): json.loads(m[2]) for m in re.finditer(r'^(\d+)\. (".*")$', prompt, re.MULTILINE)}


def task(body: dict[str, Any]) -> str:
    """Which prompt this is: claims, summary or title."""
    system = body["messages"][0]["content"]
    names = {"short factual statements": "claims", "You summarise": "summary", "short titles": "title"}
    return next(name for words, name in names.items() if words in system)


def honest(body: dict[str, Any]) -> Response:
    """Shortens each sentence, sums up with the first two claims, and makes a title of two words that two claims share."""
    return Response(text=json.dumps(_answer(body, lambda number, text: [(shortened(text), [number])])))


def inventing(body: dict[str, Any]) -> Response:
    """As :func:`honest`, and beside each draft an unknown number, a wrong figure, an invented quote, and something odd."""

    def drafts(number: int, text: str) -> list[tuple[str, list[int]]]:
        return [
            (shortened(text), [number]),
            (shortened(text).replace(".", " everywhere."), [number + 1000]),
            (f"In 2031 cheese prevented model collapse in {number + 40} villages.", [number]),
            (f"The authors write “synthetic data is always safe for child number {number}”.", [number]),
            (f"See https://invented.example/{number} for all of it.", [number]),
        ]

    made = _answer(body, drafts)
    for entries in made.values():
        if isinstance(entries, list):
            entries.append("neither a claim nor a summary")
    return Response(text=json.dumps(made))


def _answer(body: dict[str, Any], drafts: Callable[[int, str], list[tuple[str, list[int]]]]) -> dict[str, Any]:
    kind, lines = task(body), listed(body)
    if kind == "title":
        return {"title": _title(list(lines.values()))}
    numbers = "sentences" if kind == "claims" else "claims"
    used = dict(list(lines.items())[:2]) if kind == "summary" else lines
    return {kind: [{numbers: cited, "text": text} for n, line in used.items() for text, cited in drafts(n, line)]}


def _title(texts: list[str]) -> str:
    words = [re.findall(r"[a-z]{5,}", text.casefold()) for text in texts]
    shared = [word for word in words[0] if sum(word in other for other in words) > len(words) / 2]
    return f"Findings on {shared[-1]}" if shared else "The cheese question"
