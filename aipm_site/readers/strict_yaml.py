"""Strict YAML: text to plain data that knows its places; what YAML guesses stays text, and its tricks are refused."""

from __future__ import annotations

from yaml.error import MarkedYAMLError, YAMLError

from aipm_site.problems import Place, Problem
from aipm_site.readers.characters import check_text, size_of
from aipm_site.readers.yaml_builder import FRONT_MATTER_LIMITS, RECORD_LIMITS, Limits, YamlBuilder, too_large
from aipm_site.readers.yaml_data import YamlList, YamlMapping
from aipm_site.readers.yaml_syntax import syntax_problem, unreadable_text

__all__ = ["FRONT_MATTER_LIMITS", "RECORD_LIMITS", "Limits", "YamlList", "YamlMapping", "read_yaml", "too_large"]

# YAML 1.1 takes these for line breaks, YAML 1.2 and every editor do not: the parser sees letters in their place.
_LINE_SEPARATORS = ("\u2028", "\u2029")


def read_yaml(
    text: str, file: str, *, first_line: int = 1, limits: Limits = RECORD_LIMITS
) -> tuple[YamlMapping | YamlList | None, list[Problem]]:
    """Return the data of one YAML document and all that is wrong with it.

    Plain scalars stay the text they are, but `null`, `~` and nothing, which are None. Data is None where there is none
    (broken, empty, beyond a limit); after smaller faults it is what can be used, so that other rooms find theirs.

    Args:
        text: The text, as `decode_text` gives it.
        file: The file that it stands in, for places.
        first_line: Line of the file that the text begins with.
        limits: How much it may hold.
    """
    size = size_of(text)
    if size > limits.file_size:
        return None, [too_large("the text", size, limits.file_size, Place(file, first_line))]
    letters = _letters_for_separators(text)
    builder = YamlBuilder(text, file, first_line, limits, {letter: point for point, letter in letters.items()})
    try:
        builder.build(text.translate(letters) if letters else text)
    except MarkedYAMLError as failure:
        return None, [*builder.problems, syntax_problem(failure, text, file, first_line)]
    except (YAMLError, UnicodeEncodeError):
        # Characters that YAML itself does not allow; `decode_text` names them before, so this is for other callers.
        return None, check_text(text, file, first_line) or [unreadable_text(file, first_line)]
    return builder.data, builder.problems


def _letters_for_separators(text: str) -> dict[int, int]:
    if text.isascii() or not any(separator in text for separator in _LINE_SEPARATORS):
        return {}
    unused = (point for point in range(0xE000, 0xF8FF) if chr(point) not in text)
    return {ord(separator): next(unused) for separator in _LINE_SEPARATORS}
