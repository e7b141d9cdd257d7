"""What is due: everything dated that asks for something within fifteen days, and what is overdue."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.occurrence import next_start, taking_place
from aipm_site.project import Project
from aipm_site.records.action import Action
from aipm_site.records.decision import Decision
from aipm_site.records.funding_request import FundingRequest
from aipm_site.records.issue import Issue
from aipm_site.records.meeting import Meeting
from aipm_site.records.milestone import Milestone
from aipm_site.records.objective import Objective
from aipm_site.records.record import Entry, Record
from aipm_site.records.reminder import Reminder
from aipm_site.records.risk import Risk
from aipm_site.records.sprint import Sprint

AHEAD_DAYS = 15

DueState = Literal["overdue", "due", "soon"]
DueKind = Literal[
    "action",
    "approval",
    "decision",
    "funding",
    "issue",
    "meeting",
    "milestone",
    "objective",
    "reminder",
    "review",
    "sprint-end",
]


class Due(Struct, frozen=True):
    """Something that must happen by a day.

    Attributes:
        date: The day itself, by the clock of the project.
        act_by: The last day on which one can still act for it; the day itself unless notice must be given.
        kind: What falls due.
        record_id: Id of the record that says so.
        title: What the record is called.
        owner: The role that answers for it; None where the record names none.
        state: overdue (the day has passed), due (it is the as-of) or soon.
        audience: Label of the record.
        at: When it takes place, by the clock of its own zone; None for what is due on a day.
        channel: Where a reminder is said; None for what names no channel.
    """

    date: datetime.date
    act_by: datetime.date
    kind: DueKind
    record_id: str
    title: str
    owner: str | None
    state: DueState
    audience: str
    at: datetime.datetime | None = None
    channel: str | None = None

    @property
    def local_day(self) -> datetime.date:
        """The day that goes with `local_time`: by the clock of another zone it may be the one before or after."""
        return self.at.date() if self.at else self.date

    @property
    def local_time(self) -> str:
        """When it takes place by the clock of its zone: "09:00 (Asia/Tokyo)"; "" for what is due on a day."""
        return f"{self.at:%H:%M} ({self.at.tzinfo})" if self.at else ""


def due_list(project: Project, as_of: AsOf) -> tuple[Due, ...]:
    """Return what is overdue or falls due within fifteen days, by day, then by record."""
    last = as_of.date + datetime.timedelta(days=AHEAD_DAYS)
    return tuple(due for due in all_due(project, as_of) if due.date <= last)


def due_within(due: Iterable[Due], as_of: AsOf, days: int) -> tuple[Due, ...]:
    """Return of what is due that which asks for something up to so many days after the as-of."""
    last = as_of.date + datetime.timedelta(days=days)
    return tuple(one for one in due if one.act_by <= last)


def all_due(project: Project, as_of: AsOf) -> tuple[Due, ...]:
    """Return everything that open records ask for by a day, however far ahead, by day, then by record."""
    dated = (_due(project, record, kind, day, as_of) for record, kind, day in _dated(project))
    return tuple(sorted((*dated, *_taking_place(project, as_of)), key=lambda d: (d.act_by, d.record_id, d.kind)))


def _due(project: Project, record: Entry, kind: DueKind, day: datetime.date, as_of: AsOf) -> Due:
    state: DueState = "overdue" if day < as_of.date else "due" if day == as_of.date else "soon"
    owner = record.owner if isinstance(record, Record) else None
    return Due(day, day, kind, record.id, record.label, owner, state, project.audience_of(record))


def _taking_place(project: Project, as_of: AsOf) -> Iterator[Due]:
    """Yield the meetings that are ahead and the next time of each reminder; what has passed is over, not overdue."""
    for record in taking_place(project):
        at = next_start(record, project, as_of) if project.kinds.of(record).is_open(record) else None
        if at is not None:
            kind: DueKind = "meeting" if isinstance(record, Meeting) else "reminder"
            day = at.astimezone(ZoneInfo(project.charter.tz)).date()
            channel = record.channel if isinstance(record, Reminder) else None
            yield replace(_due(project, record, kind, day, as_of), at=at, channel=channel)


def _dated(project: Project) -> Iterator[tuple[Entry, DueKind, datetime.date]]:
    for record in project.records.values():
        if not project.kinds.of(record).is_open(record):
            continue
        days = dict(_days_of(record))
        if record.review_by is not None:
            days["review"] = min(record.review_by, days.get("review", record.review_by))
        for kind, day in days.items():
            yield record, kind, day


def _days_of(record: Entry) -> Iterator[tuple[DueKind, datetime.date]]:
    # A kind that a project extends has a class of its own, below the one that is known here.
    days = next((_DAYS[model] for model in type(record).__mro__ if model in _DAYS), None)
    if days is not None:
        yield from ((kind, day) for kind, day in days(record) if day is not None)


_Days = Iterator[tuple[DueKind, datetime.date | None]]


def _of_action(action: Action) -> _Days:
    approval = action.approval
    waits = approval is not None and approval.state in {"not_requested", "requested"}
    awaited = approval.due_on if approval is not None and waits else None
    yield "approval", awaited
    # An action that ends with its approval is one thing to wait for, not two.
    yield "action", action.due if action.due != awaited else None


def _of_milestone(milestone: Milestone) -> _Days:
    yield "milestone", milestone.forecast_date or milestone.baseline_date


def _of_sprint(sprint: Sprint) -> _Days:
    yield "sprint-end", sprint.end


def _of_risk(risk: Risk) -> _Days:
    yield "review", risk.next_review if risk.status != "draft" else None


def _of_decision(decision: Decision) -> _Days:
    yield "decision", decision.decide_by


def _of_issue(issue: Issue) -> _Days:
    yield "issue", issue.due


def _of_funding_request(request: FundingRequest) -> _Days:
    # A draft asks nobody for anything yet.
    yield "funding", request.decision_needed_by if request.status == "submitted" else None


def _of_objective(objective: Objective) -> _Days:
    yield "objective", objective.by


_DAYS: dict[type[Entry], Callable[[Any], _Days]] = {
    Action: _of_action,
    Milestone: _of_milestone,
    Sprint: _of_sprint,
    Risk: _of_risk,
    Decision: _of_decision,
    Issue: _of_issue,
    FundingRequest: _of_funding_request,
    Objective: _of_objective,
}
