from __future__ import annotations

import pytest

from kb.backends.markdown_parser import MarkdownParser, front_matter
from kb.errors import EmptyError
from kb.records import Parsed

parser = MarkdownParser()


def parse(text: str | bytes) -> Parsed:
    body = text if isinstance(text, bytes) else text.encode()
    return parser.parse(body, media_type="text/markdown", uri="file:///a.md")


def blocks(text: str) -> list[tuple[str, int, str]]:
    parsed = parse(text)
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("Data **is** *not* `free` and [links](http://x.y) go.", "Data is not free and links go."),
        ("As shown [@smith2020] and [see @a; @b, p. 3], it holds [-@c].", "As shown and, it holds."),
        ("It holds [@smith2020].", "It holds."),
        ("A claim[^1] stands.\n\n[^1]: A note.", "A claim stands."),
        ("Fish &amp; chips &copy; 2024", "Fish & chips © 2024"),
        ("soft\nbreak and  \nhard break", "soft break and hard break"),
        ('This <span style="x">is</span><br>inline<!-- no --> HTML.', "This is inline HTML."),
        ("Mail me@example.org or [me @ home] now", "Mail me@example.org or [me @ home] now"),
        ("Let $a_1 + b*c*$ be `x [@y]`.", "Let $a_1 + b*c*$ be x [@y]."),
        ("It costs $5 and then $10 more.", "It costs $5 and then $10 more."),
        ("![logo](a.png) Text after an image.", "Text after an image."),
        ("See [`Thing`][pkg.mod.Thing] here.", "See Thing here."),
        (r"Escaped \*stars\* stay.", "Escaped *stars* stay."),
        ("~~old~~ new", "old new"),
    ],
)
def test_inline_markup_becomes_words(source: str, plain: str) -> None:
    assert blocks(source)[0] == ("paragraph", 0, plain)


def test_structure() -> None:
    text = """# Top {#sec:top}

Para one.

- item one
- item two
  goes on
  - nested

1. first

   second paragraph

> quoted words
> go on

```python
x = 1  # code
```

| A | B |
|---|---|
| 1 | **2** |

$$
E = mc^2
$$ {#eq:e}

## Below
"""
    assert blocks(text) == [
        ("heading", 1, "Top"),
        ("paragraph", 0, "Para one."),
        ("list_item", 1, "item one"),
        ("list_item", 1, "item two goes on"),
        ("list_item", 2, "nested"),
        ("list_item", 1, "first"),
        ("list_item", 1, "second paragraph"),
        ("quote", 0, "quoted words go on"),
        ("code", 0, "x = 1  # code"),
        ("table", 0, "A | B\n1 | 2"),
        ("code", 0, "E = mc^2"),
        ("heading", 2, "Below"),
    ]


def test_front_matter_gives_title_author_and_date_and_no_text() -> None:
    parsed = parse(
        '<!-- licence -->\n---\npage-title: "Data & more"\nauthor:\n  - Ada\n  - name: Bo\ndate: 2024-05-06\n---\n\nWords.'
    )
    assert (parsed.title, parsed.author, parsed.published, parsed.text) == (
        "Data & more",
        "Ada, Bo",
        "2024-05-06",
        "Words.",
    )
    assert front_matter("a: [x, 'y']\nb: |\n  long\n") == {"a": "x, y", "b": ""}


def test_title_is_the_first_top_heading() -> None:
    assert parse("## Second\n\n# First\n\n# Other").title == "First"
    assert parse("### Only\n\ntext").title == "Only"


def test_menus_badges_and_contents_are_no_statements() -> None:
    text = "[![ci](a.svg)](b) ![x](y)\n\n[Home](/) | [Docs](/docs)\n\n- [1. Intro](#intro)\n\n[One link](http://x) in a sentence."
    assert blocks(text) == [
        ("other", 0, "Home | Docs"),
        ("other", 0, "1. Intro"),
        ("paragraph", 0, "One link in a sentence."),
    ]


def test_html_blocks_are_read() -> None:
    text = "<div align=center>\n<h2>Big</h2>\n<p>Some <b>bold</b> text.</p>\n</div>\n\n!!! note\n    Admonished words.\n\n> [!TIP]\n> Use it."
    found = blocks(text)
    assert ("heading", 2, "Big") in found
    assert ("paragraph", 0, "Some bold text.") in found
    assert ("paragraph", 0, "Admonished words.") in found
    assert ("quote", 0, "Use it.") in found


def test_encoding_and_emptiness() -> None:
    assert parse("# können\n\näöü".encode("cp1252")).title == "können"
    with pytest.raises(EmptyError):
        parse("---\ntitle: x\n---\n<!-- nothing -->\n\n---\n")


def test_a_tag_that_is_no_html_is_text() -> None:
    parsed = MarkdownParser().parse(
        b"The token <unk> stands for a rare word, a List<String> for <b>many</b>.<br>Set <your-key> first.",
        media_type="text/markdown",
        uri="file:///tags.md",
    )
    assert "The token <unk> stands" in parsed.text
    assert "List<String> for many." in parsed.text
    assert "Set <your-key> first." in parsed.text
