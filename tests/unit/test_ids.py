"""Ids: equal for equal things, different for different ones, and nothing but text and place in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import ids

words = st.text(st.characters(exclude_characters="\0"), max_size=30)
hosts = st.from_regex(r"[a-zA-Z][a-zA-Z0-9-]{0,10}\.[a-z]{2,3}", fullmatch=True)
paths = st.lists(st.sampled_from([".", "..", "a", "B", "c d", "é", "%41", "x;y", "~q", ""]), max_size=6).map("/".join)
queries = st.lists(st.sampled_from(["a=1", "b=%20", "utm_source=x", "q=ü", "fbclid=1", "c="]), max_size=4).map("&".join)


@st.composite
def urls(draw: st.DrawFn) -> str:
    scheme = draw(st.sampled_from(["http", "HTTP", "https", "Https"]))
    port = draw(st.sampled_from(["", ":80", ":443", ":8080"]))
    query, fragment = draw(queries), draw(st.sampled_from(["", "#top"]))
    return f"{scheme}://{draw(hosts)}{port}/{draw(paths)}{'?' + query if query else ''}{fragment}"


@given(urls())
def test_the_normal_form_is_a_fixed_point(uri: str) -> None:
    once = ids.normal_uri(uri)
    assert ids.normal_uri(once) == once
    assert ids.source_id(uri) == ids.source_id(once)


@given(urls())
def test_the_normal_form_has_no_fragment_tracking_or_dots(uri: str) -> None:
    once = ids.normal_uri(uri)
    assert "#" not in once
    assert "utm_" not in once
    assert "/../" not in once
    assert "/./" not in once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP://Example.COM/a", "http://example.com:80/a"),
        ("https://example.com", "https://example.com:443/#part"),
        ("https://example.com/a/./b/../c", "https://example.com/a/c"),
        ("https://example.com/?utm_source=x&q=1", "https://example.com/?q=1"),
        ("https://example.com./x", "https://example.com/x"),
        (" https://example.com/x ", "https://example.com/x"),
    ],
)
def test_spellings_of_one_address_are_one_source(one: str, other: str) -> None:
    assert ids.source_id(one) == ids.source_id(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.com/a", "https://example.com/a"),
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/?q=1", "https://example.com/?q=2"),
        ("https://example.com/a", "https://example.com:8443/a"),
        ("file:///a.jsonl#1", "file:///a.jsonl#2"),
    ],
)
def test_different_addresses_are_different_sources(one: str, other: str) -> None:
    assert ids.source_id(one) != ids.source_id(other)


@given(st.lists(words, min_size=1, max_size=4), st.lists(words, min_size=1, max_size=4))
def test_different_parts_give_different_ids(one: list[str], other: list[str]) -> None:
    assert (ids.make_id("x", *one) == ids.make_id("x", *other)) == (one == other)


def test_parts_do_not_run_together() -> None:
    assert ids.make_id("x", "ab", "c") != ids.make_id("x", "a", "bc")


@given(words, words)
def test_ids_have_a_prefix_and_hexadecimal_digits(one: str, other: str) -> None:
    prefix, _, digits = ids.chunk_id(one, other, 0).partition("_")
    assert prefix == "c"
    assert len(digits) == 20
    assert set(digits) <= set("0123456789abcdef")


@given(words, words, st.integers(0, 9))
def test_the_occurrence_tells_equal_chunks_apart(source: str, text: str, occurrence: int) -> None:
    assert ids.chunk_id(source, text, occurrence) != ids.chunk_id(source, text, occurrence + 1)


@given(words)
def test_fold_is_a_fixed_point(text: str) -> None:
    assert ids.fold(ids.fold(text)) == ids.fold(text)


def test_a_claim_keeps_its_id_when_case_or_white_space_change() -> None:
    assert ids.claim_id("t", "Data  helps.") == ids.claim_id("t", "data helps. ")


@pytest.mark.parametrize("name", ["a b.md", "ü.txt", "a#b.pdf", "100%.csv", "a?b.md"])
def test_a_file_uri_leads_back_to_its_path(tmp_path: Path, name: str) -> None:
    assert ids.path_of(ids.file_uri(tmp_path / name)) == tmp_path / name
    assert ids.path_of(ids.file_uri(tmp_path / name, "row 1/2")) == tmp_path / name


def test_only_file_uris_have_a_path() -> None:
    assert ids.path_of("https://example.com/a") is None


def test_text_that_utf_8_cannot_hold_has_a_hash() -> None:
    assert len(ids.sha256_text("\ud800")) == 64
