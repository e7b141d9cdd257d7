"""Due lines of a report: the next dated things besides reviews, decisions and issues, which stand elsewhere."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from aipm_site.facts.due import AHEAD_DAYS, Due
from aipm_site.facts.facts import Facts
from aipm_site.records.issue import Issue
from aipm_site.summaries.printed import Quote, RecordRef

NEXT_AT_MOST = 5
OVERDUE_AT_MOST = 1
_TOLD = ("milestone", "objective", "sprint-end", "approval", "action")
# Of these there are many; what the plan and others wait for is told first.
_MANY = "action"


class DueLine(Struct, frozen=True):
    """Something that falls due.

    Attributes:
        date: The day.
        kind: action, approval, milestone, objective or sprint-end.
        record: The record that says so.
        title: What the record is called.
    """

    date: date
    kind: str
    record: RecordRef
    title: Quote


class DueLines(Struct, frozen=True):
    """What is overdue and what comes next.

    Attributes:
        overdue: What should have happened, the oldest first.
        more_overdue: How much more there is of it.
        next: What falls due next, by day, then by record; of more than fit, actions are left out first.
        more_next: How much more falls due within the span.
        span_days: How far the list looks ahead.
    """

    overdue: tuple[DueLine, ...]
    more_overdue: int
    next: tuple[DueLine, ...]
    more_next: int
    span_days: int


def due_lines(facts: Facts) -> DueLines:
    """Return what to say of dates."""
    told = [due for due in facts.due if due.kind in _TOLD]
    late = [due for due in told if due.state == "overdue"]
    ahead = [due for due in told if due.state != "overdue"]
    return DueLines(
        overdue=tuple(map(_line, late[:OVERDUE_AT_MOST])),
        more_overdue=max(0, len(late) - OVERDUE_AT_MOST),
        next=tuple(map(_line, _chosen(facts, ahead))),
        more_next=max(0, len(ahead) - NEXT_AT_MOST),
        span_days=AHEAD_DAYS,
    )


def _chosen(facts: Facts, ahead: list[Due]) -> list[Due]:
    ranked = sorted(ahead, key=lambda due: _gravity(facts, due) if due.kind == _MANY else 0)
    return [due for due in ahead if due in ranked[:NEXT_AT_MOST]]


def _gravity(facts: Facts, due: Due) -> int:
    """Return the severity of the gravest open issue that names an action, 1 to 4; 5 where none does."""
    project = facts.project
    naming = (project.get(link.record_id) for link in project.backlinks(due.record_id))
    return min(
        (one.severity for one in naming if isinstance(one, Issue) and project.kinds.of(one).is_open(one)), default=5
    )


def _line(due: Due) -> DueLine:
    return DueLine(due.act_by, due.kind, RecordRef(due.record_id), Quote(due.title))
