"""Evidence: when a record or page was reviewed, what it cites, and which of that changed after the review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from pydantic_core import PydanticCustomError

from aipm_site.facts.as_of import AsOf
from aipm_site.project import Project
from aipm_site.readers.content_tree import PageSource
from aipm_site.records.fields import read_date_or_moment
from aipm_site.records.record import Entry, Row


class Review(Struct, frozen=True):
    """A review of a record or page, and what was there to be looked at.

    Attributes:
        file: The file of the record or page.
        record_id: The record's id; "" for a page.
        reviewed_on: The day of the review.
        written: The day or moment of the review as the file gives it.
        speaks_for: The day up to which it may know of changes: that of the review, or a later `as_of` of the record.
        cites: Ids of the records that it names.
    """

    file: str
    record_id: str
    reviewed_on: date
    written: str
    speaks_for: date
    cites: tuple[str, ...]

    @property
    def key(self) -> str:
        """What tells it from other reviews: the record's id, or the path of the page."""
        return self.record_id or self.file


class LaterChange(Struct, frozen=True):
    """A record that changed after what cites it was reviewed."""

    record_id: str
    on: date


def reviews(project: Project, as_of: AsOf) -> Iterator[Review]:
    """Yield the reviews of open records and of pages that cite something.

    Args:
        project: The project as it is known at the as-of.
        as_of: The day or moment that is asked for.
    """
    for record in project.records.values():
        review = review_of(project, record, as_of)
        if review is not None:
            yield review
    for page in project.pages:
        review = review_of_page(project, page, as_of)
        if review is not None:
            yield review


def review_of(project: Project, record: Entry, as_of: AsOf) -> Review | None:
    """Return the review of an open record; None where none is recorded, or where it cites nothing.

    A row is true for its own day, so nobody reviews it.
    """
    reviewed_on = record.reviewed_on
    if reviewed_on is None or not as_of.has_come(reviewed_on):
        return None
    cites = project.cited_by(record)
    if not cites or isinstance(record, Row) or not project.kinds.of(record).is_open(record):
        return None
    known = record.as_of if record.as_of is not None and as_of.has_come(record.as_of) else reviewed_on
    written = reviewed_on.isoformat()
    return Review(record.place.file, record.id, reviewed_on, written, max(known, reviewed_on), cites)


def review_of_page(project: Project, page: PageSource, as_of: AsOf) -> Review | None:
    """Return the review of a page; None where its front matter gives no day, or where it cites nothing."""
    reviewed_on = reviewed_day(page, project.charter.tz)
    if reviewed_on is None or not as_of.has_come(reviewed_on):
        return None
    cites, written = project.cited_by_page(page), _reviewed_as_written(page)
    return Review(page.path, "", reviewed_on, str(written), reviewed_on, cites) if cites else None


def reviewed_day(page: PageSource, tz: str) -> date | None:
    """Return the day of `reviewed_on` in the front matter of a page; None where it names none."""
    return day_as_written(_reviewed_as_written(page), tz)


def _reviewed_as_written(page: PageSource) -> object:
    return page.meta.get("reviewed_on") if page.meta else None


def day_as_written(written: object, tz: str) -> date | None:
    """Return the day of a day or moment as a file gives it; None for anything else."""
    if not isinstance(written, str):
        return None
    try:
        return day_in(read_date_or_moment(written), tz)
    except PydanticCustomError:
        return None


def day_in(when: date | datetime, tz: str) -> date:
    """Return the day of a day or moment in a time zone."""
    return when.astimezone(ZoneInfo(tz)).date() if isinstance(when, datetime) else when


def written_change(project: Project, record: Entry, as_of: AsOf) -> date | None:
    """Return the day on which a record says that it changed: `updated`, or the day on which it came to its end.

    None where it gives no such day that has come.

    Args:
        project: The project as it is known at the as-of.
        record: One of its records.
        as_of: The day or moment that is asked for.
    """
    given = (getattr(record, name) for name in ("updated", *_days_of_end(project, record)))
    days = (when for when in given if isinstance(when, date) and as_of.has_come(when))
    return max((day_in(when, project.charter.tz) for when in days), default=None)


def edited_on(project: Project, record: Entry, fields: Mapping[str, tuple[object, object]]) -> date | None:
    """Return the day that an edit gives for itself, as changes are written down later than they are made.

    That is a new `updated`, or the day of an end that was open before; another day for an end that was recorded
    before is a correction, and says nothing of its own day. None where it gives none.

    Args:
        project: The project.
        record: The record that was edited, as it is now.
        fields: The fields that were edited, with what was written before and after; None where there was nothing.
    """
    kind = project.kinds.of(record)
    began = {name for status, name in kind.reached if fields.get("status", (None, None))[1] == status}
    edited = [name for name in ("updated", *_days_of_end(project, record)) if name in fields]
    told = (name for name in edited if name == "updated" or name in began or fields[name][0] is None)
    days = (day_as_written(fields[name][1], project.charter.tz) for name in told)
    return max((day for day in days if day is not None), default=None)


def _days_of_end(project: Project, record: Entry) -> tuple[str, ...]:
    """Return the fields that say on which day a record came to where it is: closed, done, reached, decided."""
    kind = project.kinds.of(record)
    ended = () if kind.is_open(record) else kind.ended
    return (*ended, *(name for status, name in kind.reached if getattr(record, "status", None) == status))


def later_changes(project: Project, review: Review, as_of: AsOf) -> tuple[LaterChange, ...]:
    """Return the cited records that changed after a review and up to the as-of, each with the last such day.

    Args:
        project: The project as it is known at the as-of, with the days that commits give.
        review: One of its reviews.
        as_of: The day or moment that is asked for.
    """
    found = ((record_id, _last_change(project, review, record_id, as_of)) for record_id in review.cites)
    return tuple(LaterChange(record_id, day) for record_id, day in found if day is not None and day > review.speaks_for)


def _last_change(project: Project, review: Review, record_id: str, as_of: AsOf) -> date | None:
    written = written_change(project, project.records[record_id], as_of)
    # A commit later than the as-of says nothing of what was known then.
    committed = project.commits.changes.get(review.key, {}).get(record_id, ())
    days = (*committed, *([written] if written else []))
    return max((day for day in days if as_of.has_come(day)), default=None)
