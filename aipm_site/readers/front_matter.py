"""Front matter: the YAML between two lines of dashes at the beginning of a Markdown file, and the text after it."""

from __future__ import annotations

import re

from msgspec import Struct

from aipm_site.problems import Place, Problem, error
from aipm_site.readers.strict_yaml import FRONT_MATTER_LIMITS, YamlMapping, read_yaml

_FENCE = re.compile(r"-{3}[ \t]*\n")
_END = re.compile(r"^(?:-{3}|\.{3})[ \t]*(?:\n|\Z)", re.MULTILINE)
# What people write in place of a fence: four dashes, a comment behind it, blanks or empty lines before it.
_NEARLY_FENCE = re.compile(r"\s*-{3,}[ \t]*(?:#.*)?\n(?=[ \t]*[\w-]+[ \t]*:(?:\s|\Z))")
# MkDocs takes `key: value` lines without a fence for settings of the page; a label must not depend on that.
_UNFENCED = re.compile(r"\s*(?:audience|kind|id)[ \t]*:[ \t]+\S")
_NOTHING = frozenset(("empty-file", "only-comments"))


class FrontMatter(Struct, frozen=True):
    """A Markdown file in two parts.

    Attributes:
        data: The front matter; None where the file has none, or none that can be read.
        body: The text after it.
        body_line: Line of the file that the body begins with.
    """

    data: YamlMapping | None
    body: str
    body_line: int


def read_front_matter(text: str, file: str) -> tuple[FrontMatter, list[Problem]]:
    """Return the two parts of a Markdown file and what is wrong with the first (R21).

    Args:
        text: The whole file, as `decode_text` gives it.
        file: Its path, for places.
    """
    fence = _FENCE.match(text)
    if not fence:
        return FrontMatter(None, text, 1), _mismarked(text, file)
    end = _END.search(text, fence.end())
    if not end:
        hint = "close it with a line '---'; for a rule across the page write '***'"
        message = "the front matter that begins here is not closed"
        return FrontMatter(None, "", 1), [error("front-matter-unclosed", message, Place(file, 1, 1), hint)]
    data, problems = _read_block(text[fence.end() : end.start()], file)
    body_line = 1 + text.count("\n", 0, end.end())
    return FrontMatter(data, text[end.end() :], body_line), problems


def _read_block(block: str, file: str) -> tuple[YamlMapping | None, list[Problem]]:
    data, problems = read_yaml(block, file, first_line=2, limits=FRONT_MATTER_LIMITS)
    if isinstance(data, YamlMapping):
        return data, problems
    codes = {problem.code for problem in problems}
    if data is None and codes <= _NOTHING:
        return YamlMapping(2, 1), []
    if codes - {"not-a-record"}:
        return None, problems
    hint = "front matter is lines of 'key: value'; for a rule across the page write '***'"
    message = "this front matter is not lines of 'key: value'"
    return None, [error("front-matter-broken", message, Place(file, 1, 1), hint)]


def _mismarked(text: str, file: str) -> list[Problem]:
    nearly = _NEARLY_FENCE.match(text)
    if nearly and _END.search(text, nearly.end()):
        line = 1 + nearly[0].rstrip("\n").count("\n")
        message = "this is nearly front matter, and would be shown as text"
        hint = "front matter begins in line 1 with a line of exactly '---'"
        return [error("front-matter-mismarked", message, Place(file, line, 1), hint)]
    unfenced = _UNFENCED.match(text)
    if unfenced:
        line = 1 + text[: unfenced.end()].count("\n")
        hint = "put it between two lines '---'"
        message = "this setting of the page does not stand in front matter"
        return [error("front-matter-mismarked", message, Place(file, line, 1), hint)]
    return []
