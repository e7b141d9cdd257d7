"""Fenced blocks: where code begins and ends in Markdown, so that nothing in it is taken for a link or a view."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

_OPENING = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
# Lines that may hold indented blocks: list items, admonitions, tabs, footnotes, definitions.
_CONTAINER = re.compile(r"[ \t]*(?:[-*+][ \t]|\d+[.)][ \t]|!!!|\?\?\?|===|\[\^[^\]]+\]:|:[ \t])")
_TAB = 4


class FencedBlock(Struct, frozen=True):
    """A fenced block in a text.

    Attributes:
        first: Index of the line that opens it.
        last: Index of the line that closes it, or of the text's last line where nothing does.
        indent: The white space before its fence.
        fence: The characters that open it.
        info: What stands after them: the language.
        lines: Its content, without the indent.
        is_closed: Whether a line closes it.
    """

    first: int
    last: int
    indent: str
    fence: str
    info: str
    lines: tuple[str, ...]
    is_closed: bool


def fenced_blocks(lines: Sequence[str]) -> Iterator[FencedBlock]:
    """Yield the outermost fenced blocks of a text, at any indentation that a container explains."""
    index = 0
    while index < len(lines):
        opening = _OPENING.match(lines[index])
        if opening is None or not _is_block(lines, index, opening["indent"]):
            index += 1
            continue
        block = _read_block(lines, index, opening)
        yield block
        index = block.last + 1


def _read_block(lines: Sequence[str], first: int, opening: re.Match[str]) -> FencedBlock:
    fence, indent = opening["fence"], opening["indent"]
    closing = re.compile(rf"[ \t]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    last = next((i for i in range(first + 1, len(lines)) if closing.match(lines[i])), None)
    end = len(lines) if last is None else last
    content = tuple(line.removeprefix(indent) for line in lines[first + 1 : end])
    is_closed = last is not None
    return FencedBlock(first, end if is_closed else end - 1, indent, fence, opening["info"].strip(), content, is_closed)


def _is_block(lines: Sequence[str], index: int, indent: str) -> bool:
    """Say whether a fence is one: four or more columns in, it is indented code unless a container holds it."""
    return _width(indent) < _TAB or _is_contained(lines, index, _width(indent))


def _is_contained(lines: Sequence[str], index: int, width: int) -> bool:
    for line in reversed(lines[:index]):
        if not line.strip() or (here := _width(line)) >= width:
            continue
        if _CONTAINER.match(line):
            return True
        width = here
        if here == 0:
            return False
    return False


def is_indented_code(lines: Sequence[str], index: int) -> bool:
    """Say whether a line is code by its indentation: four columns in, after an empty line, in no container."""
    line = lines[index]
    if not line.strip() or _width(line) < _TAB or _is_contained(lines, index, _width(line)):
        return False
    before = next((i for i in range(index - 1, -1, -1) if not lines[i].strip() or _width(lines[i]) < _TAB), -1)
    return before < 0 or not lines[before].strip()


def _width(line: str) -> int:
    expanded = line.expandtabs(_TAB)
    return len(expanded) - len(expanded.lstrip(" "))
