"""Occurrences: when a meeting or a reminder takes place, and when next, seen from the as-of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from aipm_site.facts.as_of import AsOf
from aipm_site.project import Project
from aipm_site.records.local_time import moment_of
from aipm_site.records.meeting import Meeting
from aipm_site.records.recurrence import occurrences
from aipm_site.records.reminder import Reminder


def taking_place(project: Project) -> tuple[Meeting | Reminder, ...]:
    """Return all that takes place at a time: meetings and reminders."""
    return (*project.of(Meeting), *project.of(Reminder))


def start_of(record: Meeting | Reminder, project: Project) -> datetime | None:
    """Return the moment at which a meeting begins or a reminder is first due, in its zone; None without a time."""
    local = record.start if isinstance(record, Meeting) else record.when
    return None if local is None else moment_of(local, zone_of(record, project))


def zone_of(record: Meeting | Reminder, project: Project) -> str:
    """Return the zone by whose clocks a meeting or reminder goes: its own, else the project's."""
    return record.tz or project.charter.tz


def next_start(record: Meeting | Reminder, project: Project, as_of: AsOf) -> datetime | None:
    """Return when a meeting or reminder takes place next; None where it has passed or gives no time.

    An as-of that is a day speaks for the whole of it, so what takes place on that day is still to come; seen from a
    moment it is not, once the moment has passed.
    """
    now = as_of.moment if as_of.is_moment else datetime.combine(as_of.date, time.min, ZoneInfo(project.charter.tz))
    return next((moment for moment in _starts(record, project) if moment >= now), None)


def _starts(record: Meeting | Reminder, project: Project) -> Iterator[datetime]:
    start = start_of(record, project)
    if start is None:
        return
    if isinstance(record, Reminder) and record.recurrence is not None and record.when is not None:
        yield from occurrences(record.recurrence, record.when, zone_of(record, project))
    else:
        yield start
