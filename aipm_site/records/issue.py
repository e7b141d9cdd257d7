"""Issues: what has happened, how bad it is, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal

from aipm_site.records.fields import DateOrMoment, IsoDate, Line, Prose, reference_to, whole_number
from aipm_site.records.kind import Breach, Expectation, Kind, in_status
from aipm_site.records.record import Part, Record, expected, needed, optional

Severity = Annotated[int, whole_number(1, 4, "1 is the worst, 4 the slightest")]
IssueStatus = Literal["open", "triaged", "in_progress", "blocked", "resolved", "closed", "wont_fix"]


class Event(Part):
    """Something that happened in the course of an issue."""

    at: DateOrMoment = needed("when it happened")
    what: Line = needed("what happened, in one clause")


class Issue(Record):
    """Something that has happened and needs to be dealt with."""

    status: IssueStatus = optional("where it stands", "open")
    severity: Severity = needed("how bad it is, 1 (worst) to 4 (slight)")
    description: Prose | None = expected("what is seen")
    category: Line | None = expected("what sort of issue it is, such as data_quality")
    opened: DateOrMoment | None = expected("when it was raised: a day, or a moment with offset")
    impact: Prose | None = expected("what it does to the project or the people it serves")
    type: Literal["issue", "bottleneck", "incident", "problem", "concern"] | None = optional("what it is called")
    due: IsoDate | None = optional("day by which it shall be resolved")
    detected_by: Literal["person", "alert", "test", "customer"] | None = optional("who or what noticed it")
    from_risk: Annotated[Line, reference_to("risk")] | None = optional("the risk that happened")
    affects: tuple[Annotated[Line, reference_to()], ...] = optional("records that it touches", many=True)
    actions: tuple[Annotated[Line, reference_to("action")], ...] = optional("actions that deal with it", many=True)
    root_cause: Prose | None = optional("what it came from, once it is known")
    workaround: Prose | None = optional("how people get by until it is resolved")
    resolution: Prose | None = optional("what was done")
    acknowledged_at: DateOrMoment | None = optional("when somebody took it up")
    resolved_at: DateOrMoment | None = optional("when it was resolved")
    timeline: tuple[Event, ...] = optional("what happened when", many=True)


def resolved_after_opened(issue: Issue) -> Iterable[Breach]:
    """Find an issue that was taken up or resolved before it was raised."""
    for name in ("acknowledged_at", "resolved_at"):
        then = getattr(issue, name)
        if issue.opened and then and is_before(then, issue.opened):
            yield Breach("wrong-order", f"{name} {then} is before opened {issue.opened}", (name,))


def is_before(one: date, other: date) -> bool:
    """Say whether one time is before another; where one of them is a day, days are compared."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return _day(one) < _day(other)


def _day(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when


def resolution_suits_status(issue: Issue) -> Iterable[Breach]:
    """Find an issue that was resolved and still asks for something."""
    if issue.resolved_at and issue.status not in KIND.done:
        hint = "write status: resolved, or leave resolved_at out"
        message = f"resolved_at is given, and status is '{issue.status}'"
        yield Breach("contradiction", message, ("resolved_at",), hint)


KIND = Kind(
    Issue,
    name="issue",
    folder="issues",
    prefix="ISS",
    plural="issues",
    register="Issues",
    columns=("id", "title", "severity", "status", "opened", "owner"),
    done=frozenset({"resolved", "closed", "wont_fix"}),
    default_status="open",
    fresh_days=7,
    dated="opened",
    ended=("acknowledged_at", "resolved_at", "resolution"),
    rules=(resolved_after_opened, resolution_suits_status),
    expectations=(
        Expectation(
            ("resolution", "resolved_at"),
            when=in_status("resolved"),
            because="a resolved issue says what was done and when",
        ),
    ),
    order=lambda issue: (issue.severity, issue.id),
)
