"""Explanations: what a kind, a problem code or a figure is, as text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from msgspec import Struct
from pydantic import BaseModel

from aipm_site.facts.figure import AnyFigure, Comparator, Figure
from aipm_site.records.blank import needed_fields
from aipm_site.records.kind import Kind
from aipm_site.records.policy import Conditions, Rule
from aipm_site.records.record import Entry
from aipm_site.records.shape import FieldShape, shape_of
from aipm_site.summaries.plain_text import render_text, wrapped

WIDTH = 80
_SECTION = re.compile(r"^## (\S+)\n+(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^```\w*\n(.*?)^```\n?", re.MULTILINE | re.DOTALL)
_EXAMPLE_ID = {"numbered": "014", "dated": "2026-04-15", "natural": "name"}
_INDENT = "  "
# Groups within groups are explained as deep as the field reference of the site does.
_DEEPEST = 2

Lines = tuple[str, ...]

_ABOUT_POLICY = (
    "A list of rules. A rule is met where all conditions of `when` hold and none of `unless`; the strictest verdict of "
    "all rules that are met counts. A name may be the word any. `aipm changes` applies the policy of the base, so that "
    "a change cannot excuse itself."
)


class KindText(Struct, frozen=True):
    """The context of templates/terminal/kind.txt.

    Attributes:
        name: The kind's name.
        about: Its name and what its records are, in lines.
        folder: The folder of its files; empty for the project's own file.
        example_id: What an id of it looks like.
        is_rows: Whether its records are rows of list files.
        also_read: Which other files are read as its records, in lines.
        needed: Its needed fields, in lines.
        expected: Its expected fields, in lines.
        optional: Its optional fields, in lines.
        states: What only some states need or expect, in lines.
        shared: The fields that every record may have, in lines.
    """

    name: str
    about: Lines
    folder: str
    example_id: str
    is_rows: bool
    also_read: Lines
    needed: Lines
    expected: Lines
    optional: Lines
    states: Lines
    shared: Lines


class PolicyText(Struct, frozen=True):
    """The context of templates/terminal/policy.txt.

    Attributes:
        about: What a policy is and how it is applied, in lines.
        fields: The fields of a rule, in lines.
        conditions: All conditions, in lines.
        example: A policy that is right, in lines.
    """

    about: Lines
    fields: Lines
    conditions: Lines
    example: Lines


class FigureText(Struct, frozen=True):
    """The context of templates/terminal/figure.txt.

    Attributes:
        name: The figure's name.
        summary: Its value in words, or why it is unknown, in lines.
        details: Formula, unit, comparator and audience, in lines; none where the figure is unknown.
        sources: Place and id of each record behind it.
        hidden: How many records are behind it besides, which this audience may not see.
    """

    name: str
    summary: Lines
    details: Lines
    sources: Lines
    hidden: int


@cache
def known_codes() -> Mapping[str, str]:
    """Return why each problem code exists and how to mend it, by code: the sections of templates/problems.md."""
    text = (files("aipm_site") / "templates" / "problems.md").read_text(encoding="utf-8")
    return {code: body.strip() + "\n" for code, body in _SECTION.findall(text)}


def explain_code(name: str, width: int = WIDTH) -> str:
    """Return why a problem code exists and how to mend what it names."""
    return render_text("problem.txt", code=name, blocks=tuple(_blocks(known_codes()[name], width)))


def _blocks(section: str, width: int) -> Iterator[Lines]:
    """Yield a section of Markdown in lines: its paragraphs wrapped, its examples indented."""
    # Paragraphs and the insides of fences take turns.
    for number, part in enumerate(_FENCED.split(section)):
        if number % 2:
            yield tuple(f"    {line}".rstrip() for line in part.splitlines())
        else:
            yield from (wrapped(paragraph, width) for paragraph in part.split("\n\n") if paragraph.strip())


def explain_kind(kind: Kind, width: int = WIDTH) -> str:
    """Return a kind's fields, in the order of its declaration.

    Args:
        kind: The kind.
        width: Width of the terminal.
    """
    fields = tuple(shape_of(kind.model).values())
    # A field that a kind declares anew, such as the day of an observation, is its own.
    shared = [field for field in fields if field.name != "id" and shape_of(Entry).get(field.name) == field]
    own = [field for field in fields if field not in shared]
    column = max(len(name) for field in fields for name in _names(field)) + len(_INDENT)

    def lines(level: str) -> Lines:
        chosen = (field for field in own if _level(kind, field) == level)
        return tuple(_field_lines(chosen, column, width))

    text = KindText(
        name=kind.name,
        about=wrapped(f"{kind.name}: {_first_line(kind.model)}", width),
        folder=kind.folder,
        example_id=f"{kind.prefix}-{_EXAMPLE_ID[kind.id_form]}",
        is_rows=kind.is_rows,
        also_read=wrapped(kind.also_read, width) if kind.also_read else (),
        needed=lines("needed"),
        expected=lines("expected"),
        optional=lines("optional"),
        states=tuple(_state_lines(kind, width)),
        shared=tuple(_field_lines(shared, column, width)),
    )
    return render_text("kind.txt", kind=text)


def explain_declaration(name: str, model: type[BaseModel], width: int = WIDTH) -> str:
    """Return what can be written in a file of content/kinds/.

    Args:
        name: What such a file is called: "kind" or "kind-extension".
        model: The class of its fields.
        width: Width of the terminal.
    """
    fields = tuple(shape_of(model).values())
    column = max(len(name) for field in fields for name in _names(field)) + len(_INDENT)

    def lines(level: str) -> Lines:
        return tuple(_field_lines((field for field in fields if field.level == level), column, width))

    about = wrapped(f"{name}: {_first_line(model)}", width)
    return render_text("declaration.txt", about=about, needed=lines("needed"), optional=lines("optional"))


def explain_policy(width: int = WIDTH) -> str:
    """Return what can be written in content/policy.yml: the fields of a rule and the whole vocabulary of conditions."""
    rule = tuple(shape_of(Rule).values())
    conditions = tuple(shape_of(Conditions).values())
    text = PolicyText(
        about=wrapped(_ABOUT_POLICY, width),
        fields=tuple(_flat_lines(rule, width)),
        conditions=tuple(_flat_lines(conditions, width)),
        example=tuple(f"{_INDENT}{line}" for line in policy_example().splitlines()),
    )
    return render_text("policy.txt", policy=text)


def policy_example() -> str:
    """Return a policy that is right, as it stands in templates/policy-example.yml."""
    return (files("aipm_site") / "templates" / "policy-example.yml").read_text(encoding="utf-8")


def _flat_lines(fields: Iterable[FieldShape], width: int) -> Iterator[str]:
    shown = tuple(fields)
    column = max(len(field.name) for field in shown) + len(_INDENT)
    for field in shown:
        words = ", ".join(field.choices) if field.choices else field.word
        about = f"{field.description} ({words})"
        yield from wrapped(about, width, f"{_INDENT}{field.name.ljust(column)}", _INDENT + " " * column)


def _first_line(model: type[BaseModel]) -> str:
    # The stars of a docstring mean nothing in a terminal.
    return (model.__doc__ or "").partition("\n")[0].replace("*", "")


def _level(kind: Kind, field: FieldShape) -> str:
    """Return the level that a field has in a new record of the kind."""
    if field.name == "id":
        return "optional" if kind.row_key else "needed"
    return "needed" if field.name in dict(needed_fields(kind)) else field.level


def _names(field: FieldShape, depth: int = 0) -> Iterator[str]:
    yield _INDENT * depth + field.name
    for inner in _inside(field, depth):
        yield from _names(inner, depth + 1)


def _inside(field: FieldShape, depth: int) -> Iterable[FieldShape]:
    return shape_of(field.part).values() if field.part and depth < _DEEPEST else ()


def _field_lines(fields: Iterable[FieldShape], column: int, width: int, depth: int = 0) -> Iterator[str]:
    for field in fields:
        name = _INDENT * depth + field.name
        yield from wrapped(_explained(field, depth), width, f"  {name.ljust(column)}", "  " + " " * column)
        yield from _field_lines(_inside(field, depth), column, width, depth + 1)


def _explained(field: FieldShape, depth: int) -> str:
    words = [", ".join(field.choices) if field.choices else field.word]
    if field.choices and isinstance(field.default, str):
        words.append(f"{field.default} where absent")
    if depth and field.level == "needed":
        words.append("needed")
    return f"{field.description} ({'; '.join(words)})"


def _state_lines(kind: Kind, width: int) -> Iterator[str]:
    for state in kind.expectations:
        text = f"{', '.join(state.fields)}: {state.level}, because {state.because}"
        yield from wrapped(text, width, _INDENT, _INDENT * 2)


def explain_figure(figure: AnyFigure, width: int = WIDTH) -> str:
    """Return how a figure was computed and from which records, or why it is unknown."""
    text = FigureText(
        name=figure.name,
        summary=wrapped(f"{figure.name}: {_value(figure)}", width, "", _INDENT),
        details=tuple(_details(figure, width)) if isinstance(figure, Figure) else (),
        sources=tuple(f"{source.place.file}:{source.place.line}  {source.record_id}" for source in figure.sources),
        hidden=figure.hidden_sources,
    )
    return render_text("figure.txt", figure=text)


def _value(figure: AnyFigure) -> str:
    if isinstance(figure, Figure):
        return f"{figure.text}, as at {figure.as_of.isoformat()}"
    return f"unknown, because {figure.reason}"


def _details(figure: Figure, width: int) -> Iterator[str]:
    said = {
        "formula": figure.formula,
        "unit": figure.unit,
        "compared": _compared(figure.comparator, is_first=figure.is_first),
        "audience": figure.audience,
    }
    for name, text in said.items():
        if text:
            yield from wrapped(text, width, name.ljust(10), " " * 10)


def _compared(comparator: Comparator | None, *, is_first: bool) -> str:
    if comparator is None:
        return "first measurement" if is_first else ""
    day = f", as at {comparator.as_of.isoformat()}" if comparator.as_of else ""
    return f"{comparator.kind}: {comparator.text}{day}"
