"""Field values: any value of any record as HTML, by the type that its field declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace
from pydantic import BaseModel

from aipm_site.facts.numbers import SPACE
from aipm_site.pages.links import Links
from aipm_site.pages.looks import component, join
from aipm_site.pages.markdown import ProseRenderer
from aipm_site.pages.safe_markdown import safe_url
from aipm_site.pages.words import acting_time_text, number_text, offset_text, phrase, time_text, word_of
from aipm_site.records.local_time import moment_of
from aipm_site.records.period import Period
from aipm_site.records.shape import FieldShape, shape_of
from aipm_site.summaries.field_labels import field_label

SHORT = 20
NUMBERS = ("number", "whole number")
TextForm = Literal["line", "prose", "word", "year"]
# Keys of a part that say one thing together: how much, and of what.
_QUANTITIES = (("value", "unit"), ("amount", "currency"))


class FieldPlan(Struct, frozen=True):
    """What is known of a field before any record is looked at.

    Attributes:
        name: The field's name in YAML.
        attribute: Its name in Python.
        label: What it is called on a page.
        text: How its texts are shown.
        is_number: Whether its values are numbers, to be read in a column.
    """

    name: str
    attribute: str
    label: str
    text: TextForm
    is_number: bool = False


class FieldView(Struct, frozen=True):
    """A given field as a page shows it: label, value as HTML, and whether the value needs the full width."""

    name: str
    label: str
    value: Markup
    is_wide: bool


@cache
def plan_of(model: type[BaseModel]) -> Mapping[str, FieldPlan]:
    """Return the plan of each field of a class of records, in the order of their declaration."""
    return {
        name: FieldPlan(name, shape.attribute, field_label(name), _text_form(shape), shape.word.startswith(NUMBERS))
        for name, shape in shape_of(model).items()
    }


def _text_form(shape: FieldShape) -> TextForm:
    if shape.choices:
        return "word"
    if shape.name == "year":
        return "year"
    return "prose" if "Markdown" in shape.word else "line"


class FieldValues:
    """Shows field values of one project's records, as they stand in files of one folder."""

    def __init__(
        self, links: Links, prose: ProseRenderer, folder: str = "", *, tz: str | None = None, is_brief: bool = False
    ) -> None:
        """Take how values are shown.

        Args:
            links: What makes links.
            prose: What renders prose.
            folder: The folder from which relative links count.
            tz: The zone of the local times, where that is another than the project's: they are shown with its offset.
            is_brief: Whether a link shows the id alone, as in the cells of a register.
        """
        self._links = links
        self._link = links.short if is_brief else links.to
        self._prose = prose
        self._folder = folder
        self._tz = tz
        self._value = component("value")
        self._is_brief = is_brief

    def fields(self, part: BaseModel, leave_out: frozenset[str] = frozenset()) -> tuple[FieldView, ...]:
        """Return the fields of a record or part that are given, in order."""
        return tuple(
            FieldView(name, plan.label, self.show(value, plan.text), _is_wide(value, plan.text))
            for name, plan in plan_of(type(part)).items()
            if name not in leave_out and _is_given(value := getattr(part, plan.attribute))
        )

    def field(self, part: BaseModel, name: str) -> Markup | None:
        """Return one field's value, None where it is not given."""
        plan = plan_of(type(part))[name]
        value = getattr(part, plan.attribute)
        return self.show(value, plan.text) if _is_given(value) else None

    def custom(self, values: Mapping[str, Any]) -> tuple[FieldView, ...]:
        """Return the project's own keys, each under the name that its writer gave it."""
        return tuple(
            FieldView(key, key, self.show(value), _is_wide(value, "line"))
            for key, value in values.items()
            if _is_given(value)
        )

    def show(self, value: Any, text: TextForm = "line") -> Markup:
        """Return a value as HTML that stays in its place."""
        if isinstance(value, str):
            return self._text(value, text)
        if isinstance(value, bool):
            return escape(phrase("yes" if value else "no"))
        if isinstance(value, (int, Decimal)):
            return escape(str(value) if text == "year" else number_text(value))
        if isinstance(value, date):
            return time_of(self.dated(value))
        if isinstance(value, Period):
            return Markup(self._value.period(str(value)))
        if isinstance(value, BaseModel):
            return self._group(self._part(value))
        if isinstance(value, Mapping):
            # A project's own key is shown even where it stands alone: nobody else says what the value is.
            return self._fields(self.custom(value))
        if isinstance(value, Sequence):
            return self._list(value, text)
        return escape("" if value is None else str(value))

    def dated(self, when: date) -> date:
        """Return a local time of another zone than the project's as the moment that it is; any other day as given."""
        if self._tz is None or not isinstance(when, datetime) or when.tzinfo is not None:
            return when
        return moment_of(when, self._tz)

    def _text(self, value: str, text: TextForm) -> Markup:
        if text == "prose":
            return self._prose.render(value, self._folder)
        if self._links.is_known(value):
            return self._link(value)
        if text == "word":
            return escape(word_of(value))
        if value.startswith(("https://", "http://")) and safe_url(value):
            return Markup(self._value.address(value))
        return escape(value)

    def _list(self, values: Sequence[Any], text: TextForm) -> Markup:
        if values and all(isinstance(value, BaseModel) for value in values):
            return self._table(values)
        shown = [self.show(value, text) for value in values]
        # Short words read better in a line than in a column.
        is_line = all(
            isinstance(v, str) and len(v) <= SHORT and "<" not in s for v, s in zip(values, shown, strict=True)
        )
        return join(shown, ", ") if is_line else Markup(self._value.items(shown))

    def _part(self, part: BaseModel) -> tuple[FieldView, ...]:
        """Return the fields of a part, of which a number and what it counts are one: "5 points"."""
        views = self.fields(part)
        for number, unit in _QUANTITIES:
            if views and views[0].name == number and len(views) > 1 and views[1].name == unit:
                return (replace(views[0], value=self._quantity(part, number, unit)), *views[2:])
        return views

    def _quantity(self, part: BaseModel, number: str, unit: str) -> Markup:
        value, word = getattr(part, number), getattr(part, unit)
        if unit == "currency":
            return escape(f"{word}{SPACE}{number_text(value)}")
        # The words of our own enumerations stand for many.
        is_one = value == 1 and plan_of(type(part))[unit].text == "word"
        return escape(f"{number_text(value)}{SPACE}{word_of(word).removesuffix('s') if is_one else word_of(word)}")

    def _group(self, views: Sequence[FieldView]) -> Markup:
        if len(views) == 1 and (self._is_brief or views[0].name in {"value", "amount"}):
            return views[0].value
        return self._fields(views)

    def _fields(self, views: Sequence[FieldView]) -> Markup:
        return Markup(self._value.brief_fields(views) if self._is_brief else self._value.fields(views))

    def _table(self, parts: Sequence[BaseModel]) -> Markup:
        """Show parts of one class as a table whose columns are the fields that any of them gives.

        In the brief form they are a list, each under its first field: a table in the cell of a table cannot be read.
        """
        if self._is_brief:
            return Markup(self._value.brief_parts([self._part(part) for part in parts]))
        rows = [{view.name: view.value for view in self.fields(part)} for part in parts]
        columns = [plan for name, plan in plan_of(type(parts[0])).items() if any(name in row for row in rows)]
        cells = [[row.get(plan.name, "") for plan in columns] for row in rows]
        heads = [(plan.label, plan.is_number) for plan in columns]
        return Markup(self._value.table(heads, cells))


def time_of(when: date | datetime) -> Markup:
    """Return a day or moment as people write it, with its exact form for machines."""
    return _time(when.isoformat(), time_text(when))


def acting_time_of(when: date | datetime) -> Markup:
    """Return the same with its weekday: the day for which a page speaks, and days by which somebody must act."""
    return _time(when.isoformat(), acting_time_text(when))


def iso_time(when: date | datetime, tz: str | None = None) -> Markup:
    """Return a day or moment as year-month-day, as tables show it; a moment with its offset.

    Args:
        when: The day or moment.
        tz: The zone by whose clocks a moment has no need of its offset.
    """
    if not isinstance(when, datetime):
        return _time(when.isoformat(), when.isoformat())
    offset = "" if tz is not None and _goes_by(when, tz) else offset_text(when)
    return _time(when.isoformat(), f"{when:%Y-%m-%d %H:%M} {offset}".rstrip())


def _goes_by(moment: datetime, tz: str) -> bool:
    return moment.tzinfo is None or moment.utcoffset() == moment.astimezone(ZoneInfo(tz)).utcoffset()


# By its words: two moments are equal where they are the same one, by whatever clocks they are told.
@cache
def _time(exact: str, text: str) -> Markup:
    return Markup(component("value").time(exact, text))


def _is_given(value: Any) -> bool:
    return value is not None and value != () and value != {} and value != []


def _is_wide(value: Any, text: TextForm) -> bool:
    is_list_of_parts = isinstance(value, tuple) and bool(value) and isinstance(value[0], BaseModel)
    return text == "prose" or is_list_of_parts
