"""Due lines of a report: the next dated things besides reviews, decisions and issues, which stand elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from aipm_site.facts.due import AHEAD_DAYS, Due
from aipm_site.facts.facts import Facts
from aipm_site.summaries.printed import Quote, RecordRef

NEXT_AT_MOST = 4
OVERDUE_AT_MOST = 1
# What others wait for is told before what one role has to do.
_WEIGHT = {"milestone": 0, "sprint-end": 0, "approval": 0, "action": 1}


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something that falls due.

    Attributes:
        date: The day.
        kind: action, approval, milestone or sprint-end.
        record: The record that says so.
        title: What the record is called.
    """

    date: date
    kind: str
    record: RecordRef
    title: Quote


@dataclass(frozen=True, slots=True)
class DueLines:
    """What is overdue and what comes next.

    Attributes:
        overdue: What should have happened, the oldest first.
        more_overdue: How much more there is of it.
        next: What falls due next.
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
    told = [due for due in facts.due if due.kind in _WEIGHT]
    late = [due for due in told if due.state == "overdue"]
    ahead = [due for due in told if due.state != "overdue"]
    return DueLines(
        overdue=tuple(map(_line, late[:OVERDUE_AT_MOST])),
        more_overdue=max(0, len(late) - OVERDUE_AT_MOST),
        next=tuple(map(_line, _weightiest(ahead))),
        more_next=max(0, len(ahead) - NEXT_AT_MOST),
        span_days=AHEAD_DAYS,
    )


def _weightiest(ahead: list[Due]) -> list[Due]:
    """Return the few that are told, in the order of their days."""
    chosen = sorted(ahead, key=lambda due: _WEIGHT[due.kind])[:NEXT_AT_MOST]
    return [due for due in ahead if due in chosen]


def _line(due: Due) -> DueLine:
    return DueLine(due.act_by, due.kind, RecordRef(due.record_id), Quote(due.title))
