"""Characters: bytes to text, and which invisible characters a text may hold (R7); leftovers of git are named."""

from __future__ import annotations

import re
import unicodedata

from aipm_site.problems import Place, Problem, error

REPORTED_AT_MOST = 50
_REPLACEMENT = "\ufffd"

# All characters that need a look: C0 but TAB and LF, DEL, C1, invisible and direction characters, tags, and what is
# no character. The ASCII part stands alone too, because most files are ASCII and it is the quicker one.
_SUSPECT_ASCII = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_JOINERS = frozenset("\u200c\u200d")
_MARKS = frozenset("\u061c\u200e\u200f")
# Parts of words (letters, vowel signs, viramas) and of emoji (symbols, skin tones, variation selectors).
_OF_WORDS = ("L", "M")
_OF_EMOJI = ("So", "Sk")
# The one sign in an emoji sequence that is filed as a mathematical symbol ("head shaking horizontally").
_ARROW = "\u2194"


def _as_tags(word: str) -> str:
    return "".join(chr(0xE0000 + ord(letter)) for letter in word)


# Flags of England, Scotland, Wales: the only emoji in use that are spelt with tag characters, so they hide nothing.
_FLAGS = tuple("\U0001f3f4" + _as_tags(nation) + "\U000e007f" for nation in ("gbeng", "gbsct", "gbwls"))
_FLAG = re.compile("|".join(_FLAGS))

# Markers of a merge, and fences of Markdown, within which a page may show such markers.
_MARKER_OR_FENCE = re.compile(r"^(?:(<{7}|>{7})(?: .*)?$| {0,3}(?:```|~~~))", re.MULTILINE)
_LFS = "version https://git-lfs.github.com/spec/"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def decode_text(data: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """Return the text of a file with LF at its line ends, and what is wrong with its characters.

    The text is None where the bytes are none that people wrote. A text with problems keeps its characters;
    `replace_forbidden` makes it safe to be read on.

    Args:
        data: What stands in the file.
        file: Its path, for places.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as failure:
        return None, [_not_utf_8(data, failure, file)]
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith(_LFS):
        hint = "get the file itself with 'git lfs pull', or keep records out of LFS"
        return None, [error("lfs-pointer", "this is a pointer of Git LFS, not the file", Place(file, 1, 1), hint)]
    return text, [*check_text(text, file), *_conflicts(text, file)]


def size_of(text: str) -> int:
    """Return how many bytes a text has in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def check_text(text: str, file: str, first_line: int = 1) -> list[Problem]:
    """Return a problem for each forbidden character of a file, with its line and column.

    Args:
        text: The text with LF at its line ends.
        file: The file that it stands in.
        first_line: Line of the file that the text begins with.
    """
    positions = _forbidden(text)
    problems = [_forbidden_at(text, position, file, first_line) for position in positions[:REPORTED_AT_MOST]]
    if len(positions) > REPORTED_AT_MOST:
        following = positions[REPORTED_AT_MOST]
        message = f"{describe_character(text[following])} and {len(positions) - REPORTED_AT_MOST - 1:,} more follow"
        place = _place_of(text, following, file, first_line)
        problems.append(error("forbidden-character", message, place, "remove them all"))
    return problems


def check_characters(text: str, place: Place) -> list[Problem]:
    """Return a problem for each forbidden character that a value's escapes stand for.

    Args:
        text: The value, its escapes decoded.
        place: Where the value begins.
    """
    found = dict.fromkeys(text[position] for position in _forbidden(text))
    return [_forbidden_character(char, place) for char in found]


def replace_forbidden(text: str) -> str:
    """Return a text of the same length with U+FFFD in the place of each forbidden character."""
    positions = _forbidden(text)
    if not positions:
        return text
    chars = list(text)
    for position in positions:
        chars[position] = _REPLACEMENT
    return "".join(chars)


def describe_character(char: str) -> str:
    """Return the code point and the name of a character, such as "U+200B ZERO WIDTH SPACE"."""
    name = unicodedata.name(char, "") or _NAMELESS.get(unicodedata.category(char), "")
    return f"U+{ord(char):04X} {name}".rstrip()


_NAMELESS = {"Cc": "(a control character)", "Cs": "(half of a character)", "Cn": "(not a character)"}


def _forbidden(text: str) -> list[int]:
    suspect = _SUSPECT_ASCII if text.isascii() else _SUSPECT
    if not suspect.search(text):
        return []
    flags = {position for flag in _FLAG.finditer(text) for position in range(*flag.span())}
    suspects = (match.start() for match in suspect.finditer(text))
    return [position for position in suspects if position not in flags and not _is_in_its_place(text, position)]


def _is_in_its_place(text: str, position: int) -> bool:
    """Say whether a joiner or direction mark stands between letters, or a joiner between parts of an emoji."""
    char = text[position]
    if char not in _JOINERS and char not in _MARKS:
        return False
    neighbours = (text[position - 1 : position], text[position + 1 : position + 2])
    if all(_is_of(neighbour, _OF_WORDS) for neighbour in neighbours):
        return True
    return char in _JOINERS and all(_is_of(neighbour, _OF_WORDS + _OF_EMOJI) for neighbour in neighbours)


def _is_of(char: str, categories: tuple[str, ...]) -> bool:
    return char == _ARROW or (char != "" and unicodedata.category(char).startswith(categories))


def _forbidden_at(text: str, position: int, file: str, first_line: int) -> Problem:
    return _forbidden_character(text[position], _place_of(text, position, file, first_line))


def _place_of(text: str, position: int, file: str, first_line: int) -> Place:
    line = first_line + text.count("\n", 0, position)
    return Place(file, line, position - text.rfind("\n", 0, position))


def _forbidden_character(char: str, place: Place) -> Problem:
    if char in _JOINERS or char in _MARKS:
        message = f"{describe_character(char)} is allowed between letters only"
    else:
        message = f"{describe_character(char)} is not allowed: nobody can see it"
    return error("forbidden-character", message, place, "remove it")


def _not_utf_8(data: bytes, failure: UnicodeDecodeError, file: str) -> Problem:
    if data.startswith(_UTF_16):
        message = "this file is UTF-16; text files are UTF-8"
        return error("not-utf-8", message, Place(file, 1, 1), "save it as UTF-8")
    before = data[: failure.start]
    line = 1 + before.count(b"\n")
    column = 1 + len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace"))
    message = f"the byte 0x{data[failure.start]:02X} is not UTF-8"
    return error("not-utf-8", message, Place(file, line, column), "save the file as UTF-8")


def _conflicts(text: str, file: str) -> list[Problem]:
    """Return the leftovers of a merge; those within a fenced block are shown on purpose."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return []
    is_fenced = False
    markers: list[re.Match[str]] = []
    for match in _MARKER_OR_FENCE.finditer(text):
        if not match[1]:
            is_fenced = not is_fenced
        elif not is_fenced:
            markers.append(match)
    hint = "keep one side of the conflict and remove the marker lines"
    return [
        error(
            "conflict-markers",
            f"a merge was not finished: '{match[0][:60]}'",
            _place_of(text, match.start(), file, 1),
            hint,
        )
        for match in markers[:REPORTED_AT_MOST]
    ]
