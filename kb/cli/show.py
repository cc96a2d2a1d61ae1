"""``kb show``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kb.cli._common import DONE, opened, print_json, print_view, standard
from kb.errors import NotFoundError

if TYPE_CHECKING:
    from kb.app import KnowledgeBase

_AROUND: Final = 600
"""Characters shown before and after a chunk."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What an id names, as its JSON."""

    body: dict[str, Any]


@click.command("show")
@click.argument("name", metavar="ID")
@standard
def cli(name: str, *, home: Path | None, as_json: bool) -> int:
    """Show a passage in its context, or a source.

    ID is the id of a chunk (c_...) or of a source (s_...), or a source's address, file name or external id.
    """
    shown = run(name, home=home)
    if as_json:
        print_json(shown.body)
    else:
        from kb.render import tables  # noqa: PLC0415 - 'kb --help' needs none of it

        print_view(tables.shown(shown.body))
    return DONE


def run(name: str, *, home: Path | None = None) -> Shown:
    """Look up a chunk or source."""
    with opened(home) as base:
        return Shown(_chunk(base, name) if name.startswith("c_") else _source(base, name))


def _chunk(base: KnowledgeBase, name: str) -> dict[str, Any]:
    from kb.render import contract  # noqa: PLC0415

    chunk, document, source = base.chunk(name)
    live = base.document(source.id)
    return contract.chunk(
        chunk,
        source,
        document_sha256=document.text_sha256,
        before=document.text[max(0, chunk.start - _AROUND) : chunk.start],
        after=document.text[chunk.end : chunk.end + _AROUND],
        superseded=live is None or live.id != document.id,
    )


def _source(base: KnowledgeBase, name: str) -> dict[str, Any]:
    from kb.render import overview  # noqa: PLC0415

    source = base.find_source(name)
    state = base.catalog.read.state(source.id)
    if state is None:
        msg = "this source was removed meanwhile"
        raise NotFoundError(msg, source=name)
    document = base.document(source.id)
    return overview.source(state, document.text if document else "")
