"""Agenda: what stands in the calendar (milestones, meetings, reminders, days to act by), and for which roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.due import all_due
from aipm_site.facts.occurrence import start_of, zone_of
from aipm_site.project import Project
from aipm_site.records.action import Action
from aipm_site.records.decision import Decision
from aipm_site.records.local_time import moment_of
from aipm_site.records.meeting import Meeting
from aipm_site.records.milestone import Milestone
from aipm_site.records.record import Entry, Record
from aipm_site.records.reminder import Reminder

# These stand in the calendar whether they are open or not, each under its own time.
_BY_THEMSELVES = frozenset({"milestone", "meeting", "reminder"})


class Occasion(Struct, frozen=True):
    """One entry of the calendar.

    Attributes:
        kind: milestone, meeting, reminder, or what falls due, such as action or review.
        record_id: Id of the record.
        title: What the record is called.
        about: What it says of it, in its own words; "" where it says nothing.
        start: The day, or the moment in the zone by whose clocks it goes.
        end: The moment at which a meeting ends; None where that is not said.
        recurrence: The rule by which a reminder comes again, None for one that does not.
        roles: The roles that it is for: the owner, and those who attend, are reminded, approve or decide.
        audience: Label of the record.
    """

    kind: str
    record_id: str
    title: str
    about: str
    start: date | datetime
    end: datetime | None
    recurrence: str | None
    roles: tuple[str, ...]
    audience: str


def agenda(project: Project, as_of: AsOf) -> tuple[Occasion, ...]:
    """Return the entries of the calendar, by record, then by kind."""
    found = (*_milestones(project), *_meetings(project), *_reminders(project), *_days_to_act_by(project, as_of))
    return tuple(sorted(found, key=lambda occasion: (occasion.record_id, occasion.kind)))


def _milestones(project: Project) -> Iterator[Occasion]:
    for milestone in project.of(Milestone):
        if milestone.status != "cancelled":
            day = milestone.actual_date or milestone.forecast_date or milestone.baseline_date
            yield _occasion(project, milestone, "milestone", day, about=milestone.done_criteria)


def _meetings(project: Project) -> Iterator[Occasion]:
    for meeting in project.of(Meeting):
        start = start_of(meeting, project)
        if start is not None:
            end = moment_of(meeting.end, zone_of(meeting, project)) if meeting.end else None
            about = "\n".join(meeting.agenda)
            yield _occasion(project, meeting, "meeting", start, meeting.attendees, about=about, end=end)


def _reminders(project: Project) -> Iterator[Occasion]:
    for reminder in project.of(Reminder):
        start = start_of(reminder, project)
        if start is not None:
            rule = reminder.recurrence
            yield _occasion(project, reminder, "reminder", start, reminder.for_, about=reminder.what, recurrence=rule)


def _days_to_act_by(project: Project, as_of: AsOf) -> Iterator[Occasion]:
    for due in all_due(project, as_of):
        record = project.get(due.record_id)
        if record is not None and due.kind not in _BY_THEMSELVES:
            yield _occasion(project, record, due.kind, due.act_by, _waited_for(record, due.kind))


def _waited_for(record: Entry, kind: str) -> tuple[str, ...]:
    """Return the roles whose word is waited for, who are mostly others than the owner."""
    if kind == "approval" and isinstance(record, Action) and record.approval and record.approval.approver:
        return (record.approval.approver,)
    return record.decision_makers if kind == "decision" and isinstance(record, Decision) else ()


def _occasion(
    project: Project,
    record: Entry,
    kind: str,
    start: date | datetime,
    roles: tuple[str, ...] = (),
    *,
    about: str | None = None,
    end: datetime | None = None,
    recurrence: str | None = None,
) -> Occasion:
    owner = record.owner if isinstance(record, Record) else None
    return Occasion(
        kind=kind,
        record_id=record.id,
        title=record.label,
        about=about or record.summary or "",
        start=start,
        end=end,
        recurrence=recurrence,
        roles=tuple(dict.fromkeys(filter(None, (owner, *roles)))),
        audience=project.audience_of(record),
    )
