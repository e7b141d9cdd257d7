"""YAML syntax: turns what the parser says about broken YAML into problems in the words of people who write records."""

from __future__ import annotations

import re

from msgspec import Struct
from yaml.error import MarkedYAMLError

from aipm_site.problems import Place, Problem, error

_SURROGATE_ESCAPE = re.compile(r"\\u(d[89a-f][0-9a-f]{2})", re.IGNORECASE)
_QUOTE = 'put the text in quotes, such as "…"'


class _Wording(Struct, frozen=True):
    """What we say instead of one of the parser's messages."""

    message: str
    hint: str
    code: str = "not-yaml"
    at_beginning: bool = False


_MISFIT = _Wording(
    "this line does not fit the lines above it",
    "the keys of one record begin in the same column, a closing quote ends the value",
)
_OPEN_QUOTE = _Wording("the quote is not closed", "close it where the text ends", at_beginning=True)
_ESCAPE = _Wording(
    "a backslash and this character mean nothing in double quotes",
    "write \\\\ for a backslash, or put the text in single quotes",
)
_BLOCK = _Wording("text stands behind '|' or '>'", "begin the text on the next line, indented")
_TAB = _Wording("a TAB is used for indentation", "indent with spaces")
_TAG = _Wording("a tag ('!…') is not allowed", "leave it out: the field knows its type", "yaml-tag")
_DIRECTIVE = _Wording("a YAML directive ('%…') is not allowed", "leave the line out", "yaml-directive")
# On the left what libyaml and the pure parser say alike; the first that fits is taken.
_WORDINGS: dict[str, _Wording] = {
    "mapping values are not allowed": _Wording(
        "a key cannot stand here",
        "a text that holds ': ' needs quotes; the keys of one record begin in the same column",
    ),
    "expected key": _MISFIT,
    "expected '-' indicator": _Wording(
        "a line of this list does not begin with '- '", "the '-' of all items of a list stand in the same column"
    ),
    "expected <block end>": _MISFIT,
    "find expected ':'": _Wording("this line has no ': ' after its key", "write it as 'key: value'"),
    "unexpected end of stream": _OPEN_QUOTE,
    "unexpected document": _OPEN_QUOTE,
    "expected ',' or ']'": _Wording("the '[' is not closed", "a list ends with ']'", at_beginning=True),
    "expected ',' or '}'": _Wording("the '{' is not closed", "a mapping in braces ends with '}'", at_beginning=True),
    "unknown escape character": _ESCAPE,
    "hexdecimal": _ESCAPE,
    "hexadecimal": _ESCAPE,
    "comment or": _BLOCK,
    "chomping": _BLOCK,
    "alphabetic or numeric": _Wording("a text cannot begin with '*' or '&'", _QUOTE),
    "sequence entries are not allowed": _Wording(
        "a list item cannot stand here", "begin the list on the next line, or put the text in quotes"
    ),
    "violates indentation": _TAB,
    "expected node content": _Wording("a value is wanted here", _QUOTE),
    "<document start>": _Wording(
        "the record has ended before this line", "a file holds one record or one list; look for a bracket too much"
    ),
    "tag": _TAG,
    "directive": _DIRECTIVE,
    "YAML document": _DIRECTIVE,
}


def syntax_problem(failure: MarkedYAMLError, text: str, file: str, first_line: int) -> Problem:
    """Return the problem that stopped the parser.

    Args:
        failure: What the parser raised.
        text: The text that was parsed, to look at the character it stopped at.
        file: The file that the text stands in.
        first_line: Line of the file that the text begins with.
    """
    said = failure.problem or ""
    lines = text.split("\n")
    mark = failure.problem_mark or failure.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    surrogate = _surrogate_problem(said, lines, line, column)
    wording = surrogate or _wording(said, lines[line : line + 1], column)
    if wording.at_beginning and failure.context_mark:
        line, column = failure.context_mark.line, failure.context_mark.column
    place = _place_within(lines, line, column, file, first_line)
    return error(wording.code, wording.message, place, wording.hint)


def _wording(said: str, rest: list[str], column: int) -> _Wording:
    line = rest[0] if rest else ""
    stopped_at = line[column : column + 1]
    if line.startswith("%"):
        return _DIRECTIVE
    if stopped_at == "\t" or (line[:column].strip() == "" and "\t" in line[:column]):
        return _TAB
    if "cannot start any token" in said:
        return _Wording(f"a text cannot begin with '{stopped_at}'", _QUOTE)
    found = (wording for words, wording in _WORDINGS.items() if words in said)
    return next(found, None) or _Wording(f"this is not YAML: {said or 'it cannot be read'}", _QUOTE)


def _surrogate_problem(said: str, lines: list[str], line: int, column: int) -> _Wording | None:
    if "invalid Unicode" not in said or line >= len(lines):
        return None
    # The parser stops behind the `\u` that it cannot take.
    escape = _SURROGATE_ESCAPE.match(lines[line], max(0, column - 2))
    point = f"U+{escape[1].upper()}, half of a character" if escape else "a number that is no character"
    return _Wording(f"the escape means {point}", "write the character itself", "forbidden-character")


def _place_within(lines: list[str], line: int, column: int, file: str, first_line: int) -> Place:
    """Return a place that an editor can show: the parser stops behind the last line of a file that ends too early."""
    while line > 0 and (line >= len(lines) or not lines[line].strip()):
        line -= 1
        column = len(lines[line].rstrip()) if line < len(lines) else 0
    return Place(file, first_line + line, min(column, len(lines[line])) + 1)


def unreadable_text(file: str, first_line: int) -> Problem:
    """Return the problem that a text holds something that YAML cannot hold."""
    return error("not-yaml", "this text holds characters that YAML cannot hold", Place(file, first_line, 1))
