"""Problems: what is wrong in the content, where it stands, how to mend it, and how that is printed."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning", "information"]

PRINTED_AT_MOST = 200
_RANK: dict[str, int] = {"error": 0, "warning": 1, "information": 2}
_GITHUB_WORD: dict[str, str] = {"error": "error", "warning": "warning", "information": "notice"}


class Place(Struct, frozen=True, order=True):
    """A place in a file: path from the project's root, line and column from 1; 0 is "the file as a whole"."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        name = printable(self.file)
        # A line that begins so is a command to the machine that runs the build.
        shown = f"./{name}" if name.startswith(("::", "##")) else name
        return ":".join([shown, *(str(number) for number in (self.line, self.column) if number)])


class Related(Struct, frozen=True):
    """Another place that helps to understand a problem, such as the first of two equal ids."""

    place: Place
    message: str


class Problem(Struct, frozen=True):
    """One finding about the content. The code names the bad thing and is stable; `aipm explain CODE` says why."""

    code: str
    message: str
    place: Place
    hint: str = ""
    severity: Severity = "error"
    related: tuple[Related, ...] = ()


def error(code: str, message: str, place: Place, hint: str = "", related: Sequence[Related] = ()) -> Problem:
    """Return a problem that stops a publication."""
    return Problem(code, message, place, hint, "error", tuple(related))


def warning(code: str, message: str, place: Place, hint: str = "", related: Sequence[Related] = ()) -> Problem:
    """Return a problem that is worth mending and stops nothing."""
    return Problem(code, message, place, hint, "warning", tuple(related))


def information(code: str, message: str, place: Place, hint: str = "", related: Sequence[Related] = ()) -> Problem:
    """Return something worth knowing that asks for nothing."""
    return Problem(code, message, place, hint, "information", tuple(related))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Say whether any problem stops a publication."""
    return any(problem.severity == "error" for problem in problems)


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that `word` was probably meant to be, if one is near."""
    by_folded = {choice.casefold(): choice for choice in sorted(choices, reverse=True)}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def did_you_mean(word: str, choices: Iterable[str], otherwise: str = "") -> str:
    """Return the hint "did you mean 'X'?", or `otherwise` where nothing is near."""
    near = nearest(word, choices)
    return f"did you mean '{near}'?" if near else otherwise


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems without repetitions, ordered by place, then weight, code and message."""
    return sorted(set(problems), key=lambda p: (p.place, _RANK[p.severity], p.code, p.message, p.hint))


def count_problems(problems: Iterable[Problem]) -> dict[str, int]:
    """Return how many errors, warnings and pieces of information there are."""
    counts = Counter[str](problem.severity for problem in problems)
    return {severity: counts[severity] for severity in _RANK}


def printable(text: str) -> str:
    """Return text for a terminal or log: control, bidi and other invisible characters as escapes."""
    # A no-break space is an ordinary sign of our own figures; a terminal gets a plain one.
    plain = text.replace("\u00a0", " ")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in plain)


def format_text(problems: Iterable[Problem], outcome: str = "", at_most: int | None = PRINTED_AT_MOST) -> str:
    """Return problems as lines for people, sorted by place; the last line counts them and says what happened.

    Args:
        problems: What was found; may be empty.
        outcome: What happened in consequence, such as "nothing was written".
        at_most: How many are printed before "… and N more"; None prints all.
    """
    ordered = sort_problems(problems)
    # What stops a publication must not hide behind warnings that do not.
    shown = sort_problems(sorted(ordered, key=lambda problem: _RANK[problem.severity])[:at_most])
    lines = [line for problem in shown for line in _text_lines(problem)]
    if len(shown) < len(ordered):
        lines.append(f"… and {len(ordered) - len(shown)} more")
    return "\n".join([*lines, _closing_line(ordered, outcome)])


def _text_lines(problem: Problem) -> list[str]:
    lines = [f"{problem.place}: {problem.severity}[{problem.code}]: {printable(problem.message)}"]
    if problem.hint:
        lines.append(f"  hint: {printable(problem.hint)}")
    lines.extend(f"  {printable(related.message)}: {related.place}" for related in problem.related)
    return lines


def _closing_line(problems: Sequence[Problem], outcome: str) -> str:
    counts = count_problems(problems)
    # Information asks for nothing, so it is counted only where there is some.
    words = [_plural(counts["error"], "error"), _plural(counts["warning"], "warning")]
    if counts["information"]:
        words.append(f"{counts['information']} for information")
    files = len({problem.place.file for problem in problems})
    where = f" in {_plural(files, 'file')}" if problems else ""
    return f"{', '.join(words)}{where}" + (f"; {outcome}" if outcome else "")


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def format_github(problems: Iterable[Problem]) -> str:
    """Return problems as workflow commands that GitHub shows as annotations at their lines."""
    return "\n".join(_github_line(problem) for problem in sort_problems(problems))


def _github_line(problem: Problem) -> str:
    place = problem.place
    numbers = (("line", place.line), ("col", place.column))
    properties = [f"file={_github_property(place.file)}", *(f"{name}={n}" for name, n in numbers if n)]
    properties.append(f"title={_github_property(problem.code)}")
    message = problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")
    return f"::{_GITHUB_WORD[problem.severity]} {','.join(properties)}::{_github_data(message)}"


def _github_data(text: str) -> str:
    # The runner decodes these three; every other control character is made visible.
    kept = "\n".join(printable(line) for line in text.split("\n"))
    return kept.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")


def problems_as_data(problems: Iterable[Problem]) -> dict[str, object]:
    """Return problems in the form `aipm/problems-1`: plain data, sorted by place."""
    ordered = sort_problems(problems)
    return {
        "schema": "aipm/problems-1",
        "problems": [_as_data(problem) for problem in ordered],
        "counts": count_problems(ordered),
    }


def _as_data(problem: Problem) -> dict[str, object]:
    return {
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        **_place_as_data(problem.place),
        "related": [{**_place_as_data(r.place, column=False), "message": r.message} for r in problem.related],
    }


def _place_as_data(place: Place, *, column: bool = True) -> dict[str, object]:
    return {"file": place.file, "line": place.line} | ({"column": place.column} if column else {})


def format_json(problems: Iterable[Problem]) -> str:
    """Return problems as JSON of the schema `aipm/problems-1`."""
    return json.dumps(problems_as_data(problems), ensure_ascii=False, indent=2, sort_keys=True)
