"""Comment on a pull request: the report of a change as Markdown that no record can steer, short enough to be posted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any, TypeVar

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from aipm_site.summaries.changes import ChangeText
from aipm_site.summaries.inert_markdown import code, inert

# GitHub refuses longer ones: "body is too long (maximum is 65536 characters)". What posts it adds its links below.
LONGEST = 64_000
# How many rows each table and list shows, tried one after the other until the comment is short enough.
_ROWS = (400, 200, 100, 50, 20, 10, 5, 2, 0)
_FIELD_ROWS = 30
# No text of a record can begin a line like these, as it is inert and on one line.
_SECTIONS = ("\n### ", "\n<details>")
_CUT = "\nThe rest is too long for a comment.\n"

T = TypeVar("T")


def change_comment(report: ChangeText) -> str:
    """Return the report as Markdown of at most 64,000 characters, which counts or mentions what did not fit."""
    for rows in _ROWS:
        text = _rendered(report, rows)
        if len(text) <= LONGEST:
            return text
    return _cut(_rendered(report, 0))


def _cut(text: str) -> str:
    """Return the whole sections that fit, with a word that there are more."""
    room = LONGEST - len(_CUT)
    end = max(text.rfind(section, 0, room) for section in _SECTIONS)
    return text[: max(end, 0)] + _CUT


def _rendered(report: ChangeText, rows: int) -> str:
    return _environment().get_template("changes.md").render(report=report, rows=rows, field_rows=min(rows, _FIELD_ROWS))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_read_template),
        undefined=StrictUndefined,
        # Every value is made inert by `finalize` and is markup from then on; what is not is escaped as in a page.
        autoescape=True,
        finalize=_inert,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"code": code, "first_rows": _first}
    return environment


def _inert(value: Any) -> Any:
    return inert(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _first(items: Sequence[T], count: int) -> tuple[T, ...]:
    return tuple(islice(items, count))


def _read_template(name: str) -> str:
    return (files("aipm_site") / "templates" / "comments" / name).read_text(encoding="utf-8")
