"""What is written to Markdown and JSON does nothing where it is read."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kb.cli._common import print_json
from kb.render.markdown import code, escape, link

LIVE = ["<b>x</b>", "[a](javascript:b)", "![a](http://b)", "http://e.example", "&lt;script&gt;", "<!-- x -->", "`x`", "1. x", "- x",
        "+ x", "=== x", "2) x", "# x", "> x", "| a | b |", "~~~", "***", "[^1]: x", "www.e.example", "a@b.c"]  # fmt: skip
ALPHABET = st.sampled_from([*"<>[]()!`*_#|~&;:/\\-+=.@ \n1ax", "http://", "www.", "&lt;", "javascript:"])


def shown(text: str) -> str:
    """What a reader sees of Markdown that holds one paragraph of plain text."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children or ()} <= {"text", "text_special"}
    return "".join(child.content for child in tokens[1].children or ())


@pytest.mark.parametrize("text", LIVE)
def test_escaped_text_is_read_as_it_stands(text: str) -> None:
    assert shown(escape(text)) == text
    assert "p://" not in escape(text)
    assert "www." not in escape(text)


@given(st.lists(ALPHABET, min_size=1, max_size=20).map("".join).filter(str.strip))
def test_whatever_the_text(text: str) -> None:
    assert shown(escape(text)) == " ".join(text.split())


@given(st.lists(ALPHABET, min_size=1, max_size=20).map("".join).filter(str.strip))
def test_code_holds_any_marks(text: str) -> None:
    [_, inline, _] = MarkdownIt("commonmark").parse(f"x {code(text)} x")
    assert [child.type for child in inline.children or ()] == ["text", "code_inline", "text"]


def test_an_address_ends_where_it_should() -> None:
    assert link("https://e.example/a>) <img src=x>") == "<https://e.example/a%3E)%20%3Cimg%20src=x%3E>"
    assert link("https://e.example/?b=c&d=%20#x~y") == "<https://e.example/?b=c&d=%20#x~y>"
    assert link("file:///tmp/a%60%3Cimg%3E.md") == "``/tmp/a`<img>.md``"


def test_json_orders_a_terminal_nothing() -> None:
    import click

    @click.command()
    def command() -> None:
        print_json({"text": "a\x1b[31m\x9b31m\x7f\u202eb"})

    out = CliRunner().invoke(command).stdout
    assert not set("\x1b\x9b\x7f\u202e") & set(out)
    assert json.loads(out) == {"text": "a\x1b[31m\x9b31m\x7f\u202eb"}
