"""Text from sources on its way into a prompt: numbered, fenced, and without anything that a model takes for an order.

What the model reads is a rendering. Quotes in claims are cut from the documents, never from here.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from kb import ids

_LONGEST: Final = 600
"""Characters of one sentence that a model is shown."""
_TAG_OPENING: Final = re.compile(r"[<＜](?=[\s/!?|｜]*[^\W\d]|[|｜!/?<])")
_TAG_CLOSING: Final = re.compile(r"(?<=[\w|｜/>\"'-])[>＞]")
_ROLE_TAGS: Final = re.compile(r"\[(?=/?(?:INST|SYS|SYSTEM|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\b)", re.IGNORECASE)
_ORDERS: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|your)\b.{0,30}"
    r"\b(?:instructions?|prompts?|rules?|directions?|messages?|context|sentences?|evidence|sources?|texts?)\b"
    r"|\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|prompts?|directions)\b"
    r"|\b(?:system|developer|hidden|initial) (?:prompt|message|instructions?)\b"
    r"|\b(?:you are|act as|pretend (?:to be|you are)|from now on|as an?) (?:now )?(?:an? )?(?:AI|assistant|language model|chatbot|LLM)\b"
    r"|\b(?:note|instructions?|attention|message|important|reminder) (?:to|for) (?:the |any |all )?"
    r"(?:AI|LLMs?|language models?|assistants?|chatbots?|models?|reviewers?|summari[sz]ers?|readers? of this)\b"
    r"|\b(?:AI|LLM|language model|assistant|summari[sz]er)s?\b[^.]{0,40}\b(?:must|should|shall|please|has to|have to|need to)\b[^.]{0,40}"
    r"\b(?:write|add|include|cite|output|say|answer|respond|reply|report|state|claim|mention|print|insert|ignore|conclude)\b"
    r"|\b(?:add|include|insert|append|cite|output|print|write|report|repeat|emit)\b[^.]{0,30}\b(?:(?:this|the following|a) (?:claim|sentence|"
    r"citation|statement|text|quote)|as (?:a )?(?:claims?|citations?|evidence|facts?)|(?:in|to) (?:your|the) (?:answer|report|summary|output|response|reply))\b"
    r"|\b(?:your|the) (?:answer|response|output|reply|report|summary) (?:must|should|shall|has to|needs to|is to)\b"
    r"|\bBEGIN[ _-](?:SYSTEM|PROMPT|INSTRUCTIONS?)|<\|?(?:im_start|im_end|system|endoftext|start_header_id|assistant|user)\b"
    r"|\[/?INST\]|<</?SYS>>|^\W*(?:system|assistant|user|human|AI)\s*:",
    re.IGNORECASE,
)
"""How sentences speak that are meant for a model instead of a reader."""


def gives_orders(text: str) -> bool:
    """Whether a sentence speaks to a language model: it stays quotable for people, but no model is shown it."""
    return bool(_ORDERS.search(" ".join(unicodedata.normalize("NFKC", _visible(text)).split())))


def neutral(text: str) -> str:
    """``text`` on one line, without control characters, and with nothing that a chat template reads as a mark."""
    line = " ".join(_visible(text).split())
    line = _TAG_CLOSING.sub("›", _TAG_OPENING.sub("‹", line))
    line = _ROLE_TAGS.sub("(", line).replace("<|", "‹|").replace("|>", "|›").replace("```", "'''")
    line = re.sub(r"#{2,}", "#", line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def fenced(lines: Sequence[str], *, numbers: Sequence[int] = ()) -> str:
    """``lines`` as a list of JSON strings, numbered from 1 or by ``numbers``, between two marks.

    The mark holds a hash of the lines: a source would have to contain the hash of itself to close it.
    """
    pairs = zip(numbers or range(1, len(lines) + 1), lines, strict=True)
    body = "\n".join(f"{number}. {json.dumps(neutral(line), ensure_ascii=False)}" for number, line in pairs)
    mark = f"LIST-{ids.sha256_text(body)[:8]}"
    return f"{mark}\n{body}\nEND-{mark}"


def _visible(text: str) -> str:
    """Without control, format and private characters, which hide text from people and show it to models."""
    return "".join(
        letter
        if unicodedata.category(letter) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
        else " "
        if letter.isspace()
        else ""
        for letter in text
    )
