"""Knowledge bases for evaluation: made of a corpus folder, kept in a cache folder where one is given."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import kb
from kb.app import KnowledgeBase
from kb.errors import NotFoundError
from kb.ids import sha256_text

_NAMES: Final = ("corpus.jsonl", "beir/corpus.jsonl", "corpus")


def corpus_beside(path: Path) -> Path:
    """The corpus that goes with a question file or data folder: ``corpus.jsonl``, ``beir/corpus.jsonl`` or ``corpus/``.

    Raises:
        NotFoundError: there is none.
    """
    folder = path if path.is_dir() else path.parent
    for name in _NAMES:
        if (folder / name).exists():
            return folder / name
    msg = f"no corpus lies beside it (looked for {', '.join(_NAMES)})"
    raise NotFoundError(msg, source=str(path), remedy="name one with --corpus")


@contextlib.contextmanager
def knowledge_base_for(
    data: Path, *, home: Path | None = None, corpus: Path | None = None, cache: Path | None = None
) -> Iterator[KnowledgeBase]:
    """The knowledge base at ``home`` as it is, where that is given; else one of ``corpus``, or of the corpus beside ``data``."""
    if home is not None:
        with kb.open(home, create=False) as base:
            yield base
    else:
        with knowledge_base(corpus or corpus_beside(data), cache=cache) as base:
            yield base


@contextlib.contextmanager
def knowledge_base(corpus: Path, *, cache: Path | None = None) -> Iterator[KnowledgeBase]:
    """A knowledge base that holds ``corpus`` and nothing else: a temporary one, or one that ``cache`` keeps.

    A kept one is brought up to date, which costs next to nothing where nothing has changed.
    """
    with contextlib.ExitStack() as stack:
        if cache is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kb-eval-")))
        else:
            folder = cache / f"{corpus.parent.name}-{sha256_text(str(corpus.absolute()))[:12]}"
        base = stack.enter_context(kb.open(folder))
        base.ingest(corpus, prune=True)
        yield base
