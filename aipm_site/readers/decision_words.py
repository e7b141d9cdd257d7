"""Words of decision records: the number in a name, the words of a line of Markdown, the decisions that it names."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

from msgspec import Struct

from aipm_site.readers.yaml_data import Spot

# No title, status or option is longer; beyond that the regular expressions below would take their time.
LINE_AT_MOST = 1_000
# 0012-title.md, 12.md, adr-0012-title.md, ADR_12 title.md; a day at the beginning is no number.
_NAME = re.compile(
    r"(?:(?:m?adr|dec|decision|[a-z]dr|rfc)[-_ ]?)?(?P<number>[0-9]{1,6})(?=[-_. ]|\Z)(?P<rest>.*)", re.IGNORECASE
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
# 0000-template.md is what the next record is copied from.
_TEMPLATE = re.compile(r"[-_. ]*(?:m?adr[-_. ]?)?template\Z", re.IGNORECASE)
# The option stands in quotes and may hold quotes of the other sort: it ends where the reason begins.
_QUOTED = re.compile(
    r"(?:\"(?P<a>.+?)\"|“(?P<b>.+?)”|'(?P<c>.+?)')(?=\s*[,;:.–—-]?(?:\s+(?:because|since|as)\b|\s*\Z|\s+\())",
    re.IGNORECASE,
)
_BEFORE_REASON = re.compile(r"(.+?)(?:[,;]?\s+because\b.*|[.:,;]\s*)?\Z", re.IGNORECASE)
_LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?([^()<>\s]*)>?(?:\s+[^()]*)?\)")
_REFERENCE_LINK = re.compile(r"!?\[([^\[\]]+)\]\[[^\[\]]*\]|<(https?://[^<>\s]+)>")
# What a template asked for, filled in between its brackets: "[2021-03-12]".
_IN_BRACKETS = re.compile(r"\[([^\[\]]*)\]\Z")
_A_NUMBER = re.compile(r"(?:\b[A-Za-z]{2,4}[-# ]?|#|\b)([0-9]{1,6})\b(?![./-][0-9])")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)")
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?!\w)")


class Pointer(Struct, frozen=True):
    """How a decision names another one: by the file that a link leads to, or by a number.

    Attributes:
        words: What was written.
        path: The file, from the project's root; "" where there is no link to a file.
        number: The number, as written; "" where there is none.
        spot: Line and column.
    """

    words: str
    path: str
    number: str
    spot: Spot


class Written(Struct, frozen=True):
    """A text with its place."""

    text: str
    spot: Spot


def number_of(file: str) -> str:
    """Return the number that a file's name begins with, as it is written; "" where it has none."""
    stem = _stem(file)
    found = None if _DAY.match(stem) else _NAME.match(stem)
    return found["number"] if found else ""


def is_template(file: str) -> bool:
    """Say whether a file's name says that records are copied from it."""
    found = _NAME.match(_stem(file))
    return _TEMPLATE.match(found["rest"] if found else _stem(file)) is not None


def _stem(file: str) -> str:
    return posixpath.basename(file).rpartition(".")[0]


def words_of(markdown: str) -> str:
    """Return the words of one line of Markdown: links, emphasis, code marks and comments are taken off."""
    if len(markdown) > LINE_AT_MOST:
        return " ".join(markdown.split())
    text = _COMMENT.sub("", markdown)
    text = _LINK.sub(lambda found: found[1], text).replace("`", "")
    text = _REFERENCE_LINK.sub(lambda found: found[1] or found[2], text)
    text = _IN_BRACKETS.sub(lambda found: found[1], text.strip()) if text.lstrip().startswith("[") else text
    for _ in range(2):
        text = _EMPHASIS.sub(lambda found: found[2], text)
    return " ".join(text.split())


def option_in(text: str) -> str:
    """Return the option that stands after “Chosen option:”, without quotes and without the reason."""
    quoted = _QUOTED.match(text)
    if quoted:
        return words_of(next(group for group in quoted.groups() if group))
    plain = _BEFORE_REASON.match(text)
    return words_of(plain[1]).strip("\"'“” ") if plain else ""


def named_in(text: str, line: Written, file: str) -> list[Pointer]:
    """Return the decisions that a piece of text names: links to files first, else numbers."""
    column = max(0, line.text.find(text))
    found = [_linked(link, (line.spot[0], line.spot[1] + column + link.start()), file) for link in _LINK.finditer(text)]
    if found:
        return found
    plain = _A_NUMBER.search(text)
    spot = (line.spot[0], line.spot[1] + column + (plain.start() if plain else 0))
    return [Pointer(plain[0].strip(), "", plain[1], spot)] if plain else []


def _linked(link: re.Match[str], spot: Spot, file: str) -> Pointer:
    target = unquote(link[2].partition("#")[0].partition("?")[0])
    number = number_of(target) or next((found[1] for found in [_A_NUMBER.search(link[1])] if found), "")
    is_here = bool(target) and ":" not in target and not target.startswith("/")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), target)) if is_here else ""
    return Pointer(words_of(link[1]) or target, path, number, spot)
