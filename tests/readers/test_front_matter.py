"""Front matter: what stands between the dashes, and nothing that is meant to be there gets lost (R21)."""

from __future__ import annotations

import pytest

from aipm_site.problems import Place
from aipm_site.readers.front_matter import FrontMatter, read_front_matter

FILE = "content/wiki/page.md"


def read(text: str) -> FrontMatter:
    front, problems = read_front_matter(text, FILE)
    assert problems == []
    return front


def found(text: str) -> list[tuple[str, int]]:
    return [(p.code, p.place.line) for p in read_front_matter(text, FILE)[1]]


def test_front_matter_and_body_are_told_apart_with_their_lines():
    front = read("---\ntitle: Start\naudience: client\n---\n\n# Hello\n")

    assert front.data == {"title": "Start", "audience": "client"}
    assert front.data is not None
    assert front.data.value_places["audience"] == (3, 11)
    assert (front.body, front.body_line) == ("\n# Hello\n", 5)


@pytest.mark.parametrize("text", ["", "# Title\n", "Text\n\n---\n\nmore\n", "\n\n# Title\n", "***\ntext\n"])
def test_a_page_without_front_matter_is_all_body(text):
    assert read(text) == FrontMatter(None, text, 1)


@pytest.mark.parametrize("text", ["---\n---\nbody\n", "---\n\n---\nbody\n", "---\n# nothing yet\n---\nbody\n"])
def test_empty_front_matter_is_front_matter(text):
    front = read(text)

    assert front.data == {}
    assert front.body == "body\n"


@pytest.mark.parametrize("closing", ["---\n", "---  \n", "...\n", "---"])
def test_front_matter_closes_like_in_mkdocs_and_at_the_end_of_the_file(closing):
    front = read(f"---  \ntitle: x\n{closing}")

    assert (front.data, front.body) == ({"title": "x"}, "")


def test_a_rule_in_the_body_closes_nothing():
    assert read("---\ntitle: x\n---\na\n\n---\n\nb\n").body == "a\n\n---\n\nb\n"


def test_unclosed_front_matter_is_an_error_and_nothing_of_it_is_shown():
    front, problems = read_front_matter("---\naudience: restricted\n\n# Secret\n", FILE)

    assert [(p.code, p.place) for p in problems] == [("front-matter-unclosed", Place(FILE, 1, 1))]
    assert (front.data, front.body) == (None, "")


@pytest.mark.parametrize(
    ("block", "code", "line"),
    [
        ("title: a: b\n", "not-yaml", 2),
        ("title: x\n\taudience: client\n", "not-yaml", 3),
        ("title: x\ntags: [a\n", "not-yaml", 3),
        ("just text\n", "front-matter-broken", 1),
        ("- a\n- b\n", "front-matter-broken", 1),
        ("title: x\ntitle: y\n", "duplicate-key", 3),
        ("title: !secret y\n", "yaml-tag", 2),
        (f"note: {'x' * 70_000}\n", "too-large", 2),
    ],
)
def test_broken_front_matter_is_an_error_at_its_line(block, code, line):
    assert found(f"---\n{block}---\nbody\n") == [(code, line)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n---\naudience: internal\n---\nbody\n", 2),
        ("\n\n \n---\nid: RSK-014\n---\n", 4),
        ("--- # settings\naudience: internal\n---\nbody\n", 1),
        ("----\naudience: internal\n----\nbody\n\n---\n", 1),
        (" ---\ntitle: x\n---\n", 1),
        ("audience: internal\n\n# Title\n", 1),
        ("\nid: RSK-014\ntitle: x\n", 2),
    ],
)
def test_what_is_nearly_front_matter_is_an_error(text, line):
    assert found(text) == [("front-matter-mismarked", line)]


@pytest.mark.parametrize("text", ["\n---\n\nA rule, then text.\n\n---\n", "Note: this is a page.\n", "----\n\ntext\n"])
def test_rules_and_words_with_a_colon_are_no_front_matter(text):
    assert read(text).data is None
