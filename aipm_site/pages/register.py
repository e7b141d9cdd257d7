"""Registers: all records of one kind in a table that can be sorted and filtered, and reads well where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape
from msgspec import Struct

from aipm_site.pages.addresses import ROOT, anchor_of, fields_of, register_of
from aipm_site.pages.context import PageContext
from aipm_site.pages.cost_section import CostSection, cost_section
from aipm_site.pages.counts import register_text
from aipm_site.pages.field_values import NUMBERS, FieldPlan, iso_time, plan_of
from aipm_site.pages.freshness import is_stale
from aipm_site.pages.looks import component, render
from aipm_site.pages.measured import measured_text
from aipm_site.pages.milestone_chart import MilestoneChart, milestone_chart
from aipm_site.pages.page import Page
from aipm_site.pages.risk_matrix import RiskMatrix, risk_matrix
from aipm_site.pages.words import number_text, phrase
from aipm_site.records.kind import Kind
from aipm_site.records.record import Entry
from aipm_site.records.shape import shape_of
from aipm_site.summaries.field_labels import field_label

# Beyond so many rows a browser must not lay them all out at once.
LONG = 300
_NOT_A_COLUMN = frozenset({"id", "links", "project"})


class Column(Struct, frozen=True):
    """A column of a register.

    Attributes:
        name: The field or property that it shows.
        label: Its heading.
        is_number: Whether its values are aligned as numbers.
    """

    name: str
    label: str
    is_number: bool


class Cell(Struct, frozen=True):
    """A cell: what it shows, and what it is sorted by where that is not its text."""

    html: Markup
    sort: str | None = None


class TableRow(Struct, frozen=True):
    """A row of a table: its anchor, None where the record has a page of its own, and its cells."""

    anchor: str | None
    cells: tuple[Cell, ...]


class RecordTable(Struct, frozen=True):
    """A table of records.

    Attributes:
        name: Its id on the page.
        caption: What it lists, for those who do not see the heading above it.
        columns: Its columns.
        rows: Its rows, in the kind's order.
        noun: What a row is, singular and plural.
        is_long: Whether it has too many rows to be laid out at once.
        can_filter: Whether a filter is worth offering.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    noun: tuple[str, str]
    is_long: bool
    can_filter: bool


class RegisterView(Struct, frozen=True):
    """The context of templates/pages/register.html.

    Attributes:
        title: The register's heading.
        kind: The kind's name.
        has_title: Whether the register brings its own heading; not where a writer's page stands above.
        counts: How many records there are, and how many are open.
        table: The records.
        matrix: For risks, the matrix of probability and impact.
        cost: For the budget, what was planned, earned and spent.
        trend: For milestones, what was expected when.
        fields_href: Address of the page that explains the fields.
    """

    title: str
    kind: str
    has_title: bool
    counts: str
    table: RecordTable
    matrix: RiskMatrix | None
    cost: CostSection | None
    trend: MilestoneChart | None
    fields_href: str


def register_page(context: PageContext, kind: Kind) -> Page:
    """Return the register of a kind."""
    records = sorted(context.project.of(kind.model), key=kind.order)
    lead = context.page_at(register_of(kind))
    cost = cost_section(context) if kind.name == "budget-line" else None
    view = RegisterView(
        title=kind.register,
        kind=kind.name,
        has_title=lead is None,
        counts=register_text(context, kind),
        table=record_table(context, kind, records),
        matrix=risk_matrix(context) if kind.name == "risk" else None,
        cost=cost,
        trend=milestone_chart(context) if kind.name == "milestone" else None,
        fields_href=ROOT + fields_of(kind),
    )
    return Page(
        address=register_of(kind),
        title=kind.register,
        body=render("pages/register.html", view=view),
        audience=context.project.strictest(_labels(context, records, cost)),
        section=kind.folder,
        search_text=f"{kind.register}: {view.counts}",
        in_nav=True,
        anchors=tuple(row.anchor for row in view.table.rows if row.anchor),
        lead_path=lead.path if lead else None,
    )


def _labels(context: PageContext, records: list[Any], cost: CostSection | None) -> Iterator[str]:
    """Yield the label of all that a register shows."""
    yield from (context.project.audience_of(record) for record in records)
    if cost:
        yield cost.audience


def record_table(
    context: PageContext, kind: Kind, records: list[Any], names: tuple[str, ...] | None = None, name: str = ""
) -> RecordTable:
    """Return a table of records.

    Args:
        context: The project and its facts.
        kind: The kind of the records.
        records: The records, in order.
        names: The columns; the kind's own where not given.
        name: The table's id on the page; the kind's folder where not given.
    """
    columns = tuple(_column(kind, column) for column in names or _column_names(kind, records))
    makers = [_cell_maker(context, kind, column) for column in columns]
    return RecordTable(
        name=name or kind.folder,
        caption=kind.register,
        columns=columns,
        rows=tuple(
            TableRow(anchor_of(r.id) if kind.is_rows else None, tuple(make(r) for make in makers)) for r in records
        ),
        noun=(kind.name.replace("-", " "), kind.plural),
        is_long=len(records) > LONG,
        can_filter=len(records) > 5,
    )


def _column_names(kind: Kind, records: list[Any]) -> tuple[str, ...]:
    shapes = shape_of(kind.model)
    # Forms of others have no place for some fields, and nobody misses what is optional: an empty column says nothing.
    all_foreign = all(record.foreign for record in records)
    may_be_empty = {name for name in kind.columns if name not in shapes or shapes[name].level != "optional"}
    shown = tuple(
        name for name in kind.columns if (name in may_be_empty and not all_foreign) or _is_filled(records, name)
    )
    if not kind.is_rows:
        return shown
    # A row has no page, so its register shows every field that any of them gives.
    given = [
        n for n, p in plan_of(kind.model).items() if any(getattr(r, p.attribute) not in (None, ()) for r in records)
    ]
    return (*shown, *(n for n in given if n not in kind.columns and n not in _NOT_A_COLUMN), "place")


def _is_filled(records: list[Any], name: str) -> bool:
    return any(
        getattr(record, name) not in (None, ()) or (record.foreign and name in record.foreign.texts)
        for record in records
    )


def _column(kind: Kind, name: str) -> Column:
    if name == "place":
        return Column(name, field_label(name), is_number=False)
    shape = shape_of(kind.model).get(name)
    # What is no field is a property such as a score.
    return Column(name, field_label(name), is_number=shape is None or shape.word.startswith(NUMBERS))


def _cell_maker(context: PageContext, kind: Kind, column: Column) -> Callable[[Any], Cell]:
    """Return what makes the cells of one column."""
    special: dict[str, Callable[[Any], Cell]] = {
        "id": lambda record: _id_cell(context, kind, record),
        "title": lambda record: Cell(Markup(component("table").title(context.links.address(record), record.label))),
        "status": lambda record: Cell(context.links.chip(record) or Markup(""), context.status_of(record)),
        "stage": lambda record: Cell(context.links.chip(record) or Markup(""), context.status_of(record)),
        "place": lambda record: Cell(Markup(component("table").place(str(record.place)))),
    }
    if column.name in special:
        return special[column.name]
    plan = plan_of(kind.model).get(column.name)
    if plan is None:
        return lambda record: _value_cell(getattr(record, column.name), _property_text)
    return lambda record: _field_cell(context, record, plan)


def _field_cell(context: PageContext, record: Entry, plan: FieldPlan) -> Cell:
    value = getattr(record, plan.attribute)
    if record.foreign and plan.name in record.foreign.unread:
        # Its own words are shown, and sorted after the values that we could read.
        text = record.foreign.texts.get(plan.name, "")
        return Cell(escape(text), f"~{text}") if text else Cell(Markup(""))
    measured = measured_text(context.project, record, plan.name)
    if measured is not None:
        return Cell(escape(measured), str(value))
    values = context.values_of(record, is_brief=True)
    if isinstance(value, date):
        return Cell(iso_time(values.dated(value), context.project.charter.tz))
    return _value_cell(value, lambda given: values.show(given, plan.text))


def _property_text(value: Any) -> Markup:
    is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    return escape(number_text(value) if is_number else str(value))


def _id_cell(context: PageContext, kind: Kind, record: Entry) -> Cell:
    if kind.is_rows:
        return Cell(escape(record.id))
    link = context.links.short(record.id)
    if not is_stale(context, record):
        return Cell(link)
    return Cell(link + " " + Markup(component("table").stale(phrase("stale"))), record.id)


def _value_cell(value: Any, show: Callable[[Any], Markup]) -> Cell:
    if value is None or value == ():
        return Cell(Markup(""))
    if isinstance(value, (date, datetime)):
        return Cell(iso_time(value))
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Cell(show(value), str(value))
    return Cell(show(value))
