"""Dates that pass: reviews that fall due, promises that are late; warnings, as yesterday's commit still builds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from pydantic_core import PydanticCustomError

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.evidence import day_in
from aipm_site.problems import Place, Problem, error, warning
from aipm_site.project import Project
from aipm_site.readers.content_tree import PageSource
from aipm_site.records.fields import read_date_or_moment
from aipm_site.records.record import Entry

# Field by field: the code, and what its passing means for an open record.
_PASSING = {
    "next_review": ("review-overdue", "its review was due on {day}"),
    "review_by": ("review-overdue", "its review was due on {day}"),
    "due": ("overdue", "it was due on {day}"),
    "decide_by": ("overdue", "it was to be decided by {day}"),
    "decision_needed_by": ("overdue", "it was to be decided by {day}"),
    "by": ("overdue", "it was to be reached by {day}"),
    "accepted_until": ("acceptance-expired", "its acceptance ended on {day}"),
    "forecast_date": ("overdue-without-forecast", "it was forecast for {day}, is not done, and has no new forecast"),
}

REVIEWED_ON_HINT = "write the day on which somebody last looked at the page, such as reviewed_on: 2026-04-15"


def check_dates(project: Project, as_of: AsOf) -> Iterator[Problem]:
    """Yield a warning for each date of an open record or page that has passed at the as-of."""
    for record in project.records.values():
        if project.kinds.of(record).is_open(record):
            yield from _check_record(record, as_of.date)
    for page in project.pages:
        yield from _check_review_by(page, as_of.date, project.charter.tz)
        yield from _check_reviewed_on(project, page)


def _check_record(record: Entry, today: date) -> Iterator[Problem]:
    for name in _passing(type(record)):
        day = getattr(record, name)
        if isinstance(day, date) and day < today:
            code, text = _PASSING[name]
            message = f"{record.id}: {text.format(day=day)}"
            yield warning(code, message, record.origin.place_of((name,)))


@cache
def _passing(model: type[Entry]) -> tuple[str, ...]:
    """Return the dates of a class of records that ask for something when they pass."""
    # Asking a record for a field that it has not takes pydantic many times as long as for one that it has.
    return tuple(name for name in _PASSING if name in model.model_fields)


def _check_review_by(page: PageSource, today: date, tz: str) -> Iterator[Problem]:
    written = page.meta.get("review_by") if page.meta else None
    if page.meta is None or not isinstance(written, str):
        return
    place = Place(page.path, *page.meta.value_places["review_by"])
    try:
        day = day_in(read_date_or_moment(written), tz)
    except PydanticCustomError as problem:
        yield warning("not-a-date", problem.message(), place)
        return
    if day < today:
        yield warning("review-overdue", f"this page was to be reviewed by {written}", place)


def _check_reviewed_on(project: Project, page: PageSource) -> Iterator[Problem]:
    """Yield a day of review that is none: wrong where the project vouches for its pages, else a warning.

    In other pages the key is ours only where they name a record; else it may mean anything.
    """
    written = page.meta.get("reviewed_on") if page.meta else None
    is_strict = project.charter.pages == "strict"
    if page.meta is None or written is None or not (is_strict or project.cited_by_page(page)):
        return
    try:
        read_date_or_moment(written)
    except PydanticCustomError as problem:
        place = Place(page.path, *page.meta.value_places["reviewed_on"])
        yield (error if is_strict else warning)("not-a-date", problem.message(), place, REVIEWED_ON_HINT)
