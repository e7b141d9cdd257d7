"""Horizon: the project as it was known at the as-of, without facts that came later; plans may lie ahead."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, get_args, get_origin

from msgspec.structs import replace
from pydantic import BaseModel

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.horizon_by_kind import later_by_kind
from aipm_site.project import Project
from aipm_site.records.baseline import PromisedDate
from aipm_site.records.charter import Charter
from aipm_site.records.cost import Cost
from aipm_site.records.kind import Kind
from aipm_site.records.once import once_a_record
from aipm_site.records.record import Entry
from aipm_site.records.report import Report

# The field that dates a part of a record, such as an earlier forecast, a day of a sprint or a judgement.
_DATES_OF_PARTS = ("as_of", "date", "on", "at", "replaced_on")


def known_at(project: Project, as_of: AsOf) -> Project:
    """Return the project without what was not known at the as-of.

    A fact dated later is not there. A later end (actual_date, closed, done_on, …) counts as not given, so the record
    is still open; it is never an error, as the same files serve yesterday's as-of and today's. Where all was known it
    is this very project, with all that was found out about it.
    """
    later = _replaced_later(project, as_of)
    known = {}
    for record in project.records.values():
        then = known_record(project.kinds.of(record), record, as_of)
        if then is not None:
            known[record.id] = _as_issued(then) if record.id in later else then
    charter = known_record(project.kinds.of(project.charter), project.charter, as_of)
    charter = charter if isinstance(charter, Charter) else project.charter
    is_all = charter is project.charter and len(known) == len(project.records)
    if is_all and all(known[record.id] is record for record in project.records.values()):
        return project
    return replace(project, charter=charter, records=known)


def _replaced_later(project: Project, as_of: AsOf) -> frozenset[str]:
    """Return the ids of reports that stood at the as-of, as what replaced them speaks for a later day."""
    replacing = (report for report in project.of(Report) if report.supersedes and _is_later(report.as_of, as_of))
    return frozenset(report.supersedes for report in replacing if report.supersedes)


def _as_issued(record: Entry) -> Entry:
    is_replaced = isinstance(record, Report) and record.status == "superseded"
    return record.model_copy(update={"status": "final"}) if is_replaced else record


def known_record(kind: Kind, record: Entry, as_of: AsOf) -> Entry | None:
    """Return a record as it was known at the as-of; None where it had not come to be."""
    if kind.dated is not None and _is_later(getattr(record, kind.dated), as_of):
        return None
    if isinstance(record, Cost) and _is_later(record.posted_on, as_of):
        return None  # what was booked later was not in the books
    changes = _parts_dated_later(record, as_of)
    changes |= _ends_dated_later(kind, record, as_of) | later_by_kind(record, as_of, changes)
    return record.model_copy(update=changes) if changes else record


def _is_later(value: object, as_of: AsOf) -> bool:
    return isinstance(value, date) and not as_of.has_come(value)


def _ends_dated_later(kind: Kind, record: Entry, as_of: AsOf) -> dict[str, Any]:
    ends = [getattr(record, name) for name in kind.ended]
    if not any(end is not None and _is_later(end, as_of) for end in ends):
        return {}
    # What was said about the end (why it was closed, how it was resolved) was not known either.
    changes: dict[str, Any] = {name: None for name in kind.ended if not _has_come(getattr(record, name), as_of)}
    if getattr(record, "status", None) in kind.done:
        changes["status"] = kind.default_status
    return changes


def _has_come(value: object, as_of: AsOf) -> bool:
    return isinstance(value, date) and as_of.has_come(value)


def _parts_dated_later(record: Entry, as_of: AsOf) -> dict[str, Any]:
    changes = {}
    for name, dates in _dates_of_parts(record):
        if any(_is_later(when, as_of) for when in dates):
            changes[name] = tuple(item for item in getattr(record, name) if not _is_later(_date_of_part(item), as_of))
    return changes


@once_a_record
def _dates_of_parts(record: Entry) -> tuple[tuple[str, tuple[object, ...]], ...]:
    """Return the lists of a record that have items, and the date of each item; most records have none."""
    lists = ((name, getattr(record, name)) for name in _dated_lists(type(record)))
    return tuple((name, tuple(map(_date_of_part, items))) for name, items in lists if items)


@cache
def _dated_lists(model: type[Entry]) -> tuple[str, ...]:
    """Return the names of the lists of a class whose items can bear a date: of most classes there is none."""
    lists = {name: info.annotation for name, info in model.model_fields.items() if get_origin(info.annotation) is tuple}
    return tuple(name for name, annotation in lists.items() if _can_be_dated(annotation))


def _can_be_dated(annotation: object) -> bool:
    if not isinstance(annotation, type):
        return any(_can_be_dated(one) for one in get_args(annotation))
    is_dated_part = issubclass(annotation, BaseModel) and not annotation.model_fields.keys().isdisjoint(_DATES_OF_PARTS)
    return issubclass(annotation, date) or (is_dated_part and not issubclass(annotation, PromisedDate))


def _date_of_part(item: object) -> object:
    if isinstance(item, PromisedDate):
        return None  # a promise lies ahead
    if not isinstance(item, BaseModel):
        return item
    return next((value for name in _DATES_OF_PARTS if (value := getattr(item, name, None)) is not None), None)
