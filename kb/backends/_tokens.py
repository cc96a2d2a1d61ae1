"""Sentences, words and a hint of grammar by rules, in the place of the tagger that unstructured would download.

unstructured only asks whether a line holds a verb, how many sentences it has and how many of its words are capitalised, to
tell headings from running text. Rules answer that well enough; :mod:`kb.backends.office_parser` judges headings again.
"""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import Final

_WORD: Final = re.compile(r"\w+(?:['\u2019]\w+)*|[^\w\s]")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[]?[A-ZÀ-ÖØ-Þ0-9])")
_VERBS: Final = frozenset(
    [
        "am",
        "are",
        "be",
        "been",
        "being",
        "is",
        "was",
        "were",
        "has",
        "have",
        "had",
        "having",
        "do",
        "does",
        "did",
        "done",
        "can",
        "could",
        "may",
        "might",
        "must",
        "shall",
        "should",
        "will",
        "would",
        "became",
        "become",
        "becomes",
        "began",
        "begin",
        "came",
        "come",
        "found",
        "gave",
        "get",
        "gets",
        "give",
        "given",
        "gives",
        "go",
        "goes",
        "got",
        "held",
        "hold",
        "holds",
        "keep",
        "keeps",
        "kept",
        "knew",
        "know",
        "known",
        "knows",
        "led",
        "left",
        "let",
        "lets",
        "made",
        "make",
        "makes",
        "mean",
        "means",
        "meant",
        "need",
        "needs",
        "paid",
        "put",
        "puts",
        "ran",
        "read",
        "run",
        "runs",
        "said",
        "saw",
        "say",
        "says",
        "see",
        "seen",
        "sees",
        "sent",
        "set",
        "sets",
        "show",
        "shown",
        "shows",
        "spoke",
        "stand",
        "stands",
        "stood",
        "take",
        "taken",
        "takes",
        "taught",
        "tell",
        "tells",
        "think",
        "thought",
        "told",
        "took",
        "use",
        "uses",
        "want",
        "wants",
        "went",
        "won",
        "write",
        "writes",
        "written",
        "wrote",
    ]
)
_VERB_ENDINGS: Final = ("ed", "ing", "ises", "izes", "ates", "ifies")
_REPLACED: Final = ("sent_tokenize", "word_tokenize", "pos_tag")


def sent_tokenize(text: str) -> list[str]:
    """Cut after a full stop, question or exclamation mark that a capital letter or digit follows."""
    return [part for part in _SENTENCE_END.split(str(text)) if part.strip()]


def word_tokenize(text: str) -> list[str]:
    """Words, and marks by themselves."""
    return _WORD.findall(str(text))


def pos_tag(text: str) -> list[tuple[str, str]]:
    """Each word with 'VB' if it is or looks like a verb, else 'NN'."""
    return [(word, "VB" if _is_verb(word.lower()) else "NN") for word in word_tokenize(text)]


def _is_verb(word: str) -> bool:
    return word.partition("'")[0] in _VERBS or (len(word) > 4 and word.endswith(_VERB_ENDINGS))


def install() -> None:
    """Put these functions where unstructured looks for its own, before and after it was imported."""
    name = "unstructured.nlp.tokenize"
    module = sys.modules.get(name)
    if module is None:
        module = ModuleType(name, "Replaced by kb: the original downloads a model.")
        sys.modules[name] = module
    users = [module, *filter(None, (sys.modules.get(f"unstructured.{user}") for user in ("partition.text_type",)))]
    here = globals()
    for user in users:
        for function in _REPLACED:
            setattr(user, function, here[function])
