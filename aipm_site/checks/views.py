"""Views: what the `aipm` blocks of ordinary pages ask for that is not there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from aipm_site.problems import Place, Problem, did_you_mean, error
from aipm_site.readers.view_blocks import View, views_in, words_of
from aipm_site.records.kind import Kind, Kinds
from aipm_site.records.shape import shape_of

FAMILIES = ("status", "cost", "forecast", "model", "metric", "risk", "schedule", "scope", "sprint")
CHARTS = ("risk-matrix",)
_TABLE_OPTIONS = ("columns", "status", "open", "owner", "tag", "limit", "title")
OPTIONS = {
    "home": (),
    "table": _TABLE_OPTIONS,
    "list": tuple(option for option in _TABLE_OPTIONS if option != "columns"),
    "figure": ("title",),
    "chart": ("title",),
}
"""The views and what can be said of each; what comes first in a block is the view and what it shows."""


def check_views(
    text: str, file: str, first_line: int, kinds: Kinds, figures: Collection[str] | None = None
) -> list[Problem]:
    """Return what is wrong with the view blocks of a page.

    Args:
        text: The page without its front matter.
        file: Its path.
        first_line: The line of the file in which the text begins.
        kinds: The kinds whose records views can show.
        figures: The names of all figures; names are not checked where not given.
    """
    return [
        problem
        for view in views_in(text, file, first_line)
        for problem in check_view(view, file, first_line, kinds, figures)
    ]


def check_view(
    view: View, file: str, first_line: int, kinds: Kinds, figures: Collection[str] | None = None
) -> list[Problem]:
    """Return what is wrong with one view block; the arguments are those of `check_views`."""
    return list(_check(view, file, first_line, kinds, figures))


def _check(view: View, file: str, first_line: int, kinds: Kinds, figures: Collection[str] | None) -> Iterator[Problem]:
    opening = Place(file, first_line + view.block.first, len(view.block.indent) + 1)
    if not view.block.is_closed:
        yield error("unclosed-view", "this block is not closed", opening, "end it with ``` on a line of its own")
    yield from view.problems
    if view.problems:
        return
    if view.name not in OPTIONS:
        hint = did_you_mean(view.name, OPTIONS, f"views are {', '.join(OPTIONS)}")
        yield error("unknown-view", f"there is no view '{view.name}'", opening, hint)
        return
    yield from _check_options(view, file, opening)
    yield from _check_subject(view, Place(file, *view.places[view.name]), kinds, figures)
    yield from _check_columns(view, file, kinds)


def _check_options(view: View, file: str, opening: Place) -> Iterator[Problem]:
    for name, value in view.options.items():
        place = Place(file, *view.places[name]) if name in view.places else opening
        allowed = OPTIONS[view.name]
        if name not in allowed:
            hint = did_you_mean(name, allowed, f"it takes {', '.join(allowed)}" if allowed else "it takes nothing")
            yield error("unknown-option", f"the view '{view.name}' has no option '{name}'", place, hint)
        elif name == "limit" and not (isinstance(value, str) and value.isdecimal() and int(value) > 0):
            yield error("not-a-number", f"'limit' is a number of rows, and this is '{value}'", place, "such as 10")
        elif name == "open" and value not in {"true", "false"}:
            yield error("not-true-or-false", "'open' is true or false", place, "true shows what is not closed")


def _check_subject(view: View, place: Place, kinds: Kinds, figures: Collection[str] | None) -> Iterator[Problem]:
    subject = view.subject
    if view.name in {"table", "list"} and kinds.is_unread(subject):
        return  # its declaration has a problem of its own
    if view.name in {"table", "list"} and kind_named(kinds, subject) is None:
        names = [kind.folder for kind in kinds if kind.folder]
        hint = did_you_mean(subject, names, f"kinds are {', '.join(names)}")
        yield error("unknown-kind", f"there is no kind of record called '{subject}'", place, hint)
    elif view.name == "chart" and subject not in CHARTS:
        hint = did_you_mean(subject, CHARTS, f"charts are {', '.join(CHARTS)}")
        yield error("unknown-chart", f"there is no chart '{subject}'", place, hint)
    elif view.name == "figure" and figures is not None and not may_be_figure(subject, figures):
        hint = did_you_mean(subject, figures, "the page of figures lists them all")
        yield error("unknown-figure", f"there is no figure '{subject}'", place, hint)


def _check_columns(view: View, file: str, kinds: Kinds) -> Iterator[Problem]:
    kind = kind_named(kinds, view.subject)
    if kind is None or "columns" not in view.options or view.name != "table":
        return
    allowed = columns_of(kind)
    for name in words_of(view.options["columns"]):
        if name not in allowed:
            place = Place(file, *view.places["columns"])
            yield error("unknown-field", f"{kind.name} has no field '{name}'", place, did_you_mean(name, allowed))


def may_be_figure(name: str, figures: Collection[str]) -> bool:
    """Say whether a figure of that name is there, or nothing is recorded yet that its family is computed from."""
    family = name.partition(".")[0]
    return name in figures or (family in FAMILIES and not any(known.startswith(f"{family}.") for known in figures))


def kind_named(kinds: Kinds, name: str) -> Kind | None:
    """Return the kind of a folder or of a singular name."""
    return next((kind for kind in kinds if name and name in {kind.folder, kind.name, kind.plural}), None)


def columns_of(kind: Kind) -> tuple[str, ...]:
    """Return the fields that a table of a kind can show."""
    return tuple(dict.fromkeys((*kind.columns, *shape_of(kind.model))))
