"""Links in prose: [[ID]] and images of other hosts, outside of code, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipm_site.readers.fenced_blocks import fenced_blocks, is_indented_code

RECORD_LINK = r"\[\[([A-Z]{1,4}-[A-Za-z0-9][A-Za-z0-9.\-]*)\]\]"
"""A reference in prose, such as [[RSK-014]]."""

_REMOTE_IMAGE = re.compile(r"!\[[^\]]*\]\(\s*<?((?:https?:)?//[^)>\s]*)", re.IGNORECASE)
_LINK = re.compile(r"\]\(\s*<?((?:[^()<>\s]|\([^()<>\s]*\))+)")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")


def record_links(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each [[ID]] in a page outside of code, as (id, line, column), both counted from 1."""
    return _outside_code(text, re.compile(RECORD_LINK), "[[")


def remote_images(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each image of another host in a page outside of code, as (address, line, column), both counted from 1."""
    return _outside_code(text, _REMOTE_IMAGE, "![", at=1)


def links(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the target of each link and image in a page outside of code, as (target, line, column)."""
    return _outside_code(text, _LINK, "](", at=1)


def _outside_code(text: str, pattern: re.Pattern[str], begins: str, at: int = 0) -> Iterator[tuple[str, int, int]]:
    """Yield what the first group of a pattern finds, with the place of the group `at`."""
    lines = text.split("\n")
    in_code = {index for block in fenced_blocks(lines) for index in range(block.first, block.last + 1)}
    for index, line in enumerate(lines):
        if begins not in line or index in in_code or is_indented_code(lines, index):
            continue
        # Code is blanked out, not cut out, so that columns stay.
        plain = _CODE_SPAN.sub(lambda code: " " * len(code[0]), line)
        for found in pattern.finditer(plain):
            yield found[1], index + 1, found.start(at) + 1
