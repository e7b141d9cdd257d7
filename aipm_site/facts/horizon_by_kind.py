"""Horizon by kind: what a record of a certain kind loses that was not known at the as-of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.risk_flow import ENDS
from aipm_site.records.benefit import Benefit
from aipm_site.records.budget_line import BudgetLine
from aipm_site.records.change import Change
from aipm_site.records.funding_request import FundingRequest
from aipm_site.records.local_time import moment_of
from aipm_site.records.meeting import Meeting
from aipm_site.records.milestone import Milestone
from aipm_site.records.record import Entry
from aipm_site.records.risk import Risk
from aipm_site.records.sprint import Sprint
from aipm_site.records.task import Task

# New values by the name of the field.
_Changes = dict[str, Any]
_RESULTS_OF_A_SPRINT = ("completed", "goal_met", "carried_over", "retro", "increment")


def later_by_kind(record: Entry, as_of: AsOf, changes: _Changes) -> _Changes:
    """Return what of a record was different at the as-of, beyond what every kind loses.

    Args:
        record: The record.
        as_of: The as-of.
        changes: What it loses by the rules for every kind.
    """
    later = _later_of(type(record))
    return later(record, as_of, changes) if later else {}


@cache
def _later_of(model: type[Entry]) -> Callable[[Any, AsOf, _Changes], _Changes] | None:
    # A kind that a project extends has a class of its own, below the one that is known here.
    return next((_LATER[known] for known in model.__mro__ if known in _LATER), None)


def _change_ahead(change: Change, as_of: AsOf, _: _Changes) -> _Changes:
    # Whoever carries out a change later had approved it before.
    return {"implemented_on": None, "status": "approved"} if _is_later(change.implemented_on, as_of) else {}


def _undecided(request: FundingRequest, as_of: AsOf, _: _Changes) -> _Changes:
    return {"granted": None, "status": "submitted"} if _is_later(request.decided_on, as_of) else {}


def _meeting_ahead(meeting: Meeting, as_of: AsOf, _: _Changes) -> _Changes:
    """Return a meeting that was still ahead without what came of it; that it takes place was known."""
    if meeting.start is None or not meeting.has_minutes:
        return {}
    # An as-of has the clock of the project.
    zone = meeting.tz or str(as_of.moment.tzinfo)
    is_held = as_of.has_come(moment_of(meeting.start, zone))
    return {} if is_held else {"notes": None, "decisions": (), "actions": ()}


def _is_later(day: date | None, as_of: AsOf) -> bool:
    return day is not None and not as_of.has_come(day)


def _reported_of(benefit: Benefit, as_of: AsOf, changes: _Changes) -> _Changes:
    """Return a benefit's actuals of periods that have begun, as far as they were reported; its chain stays whole.

    Without a driver that is dated later the chain would have another meaning: what depends on it is unknown instead.
    """
    known = (a for a in benefit.actuals if as_of.has_come(a.period.start) and not _is_later(a.reported_on, as_of))
    actuals = tuple(known)
    kept: _Changes = {"value_driver": benefit.value_driver} if "value_driver" in changes else {}
    return kept if actuals == benefit.actuals else kept | {"actuals": actuals}


def _earlier_work(task: Task, as_of: AsOf, _: _Changes) -> _Changes:
    """Return how far a task was: steps that were done later are open, and a percentage that is newer is not known."""
    changes: _Changes = {}
    steps = tuple(
        step.model_copy(update={"done_on": None}) if _is_later(step.done_on, as_of) else step for step in task.steps
    )
    if steps != task.steps:
        changes["steps"] = steps
    if _is_later(task.as_of, as_of):
        changes["percent_complete"] = None
    return changes | _earlier_state(task, as_of)


def _earlier_state(task: Task, as_of: AsOf) -> _Changes:
    if _is_later(task.started, as_of):
        return {"started": None, "status": "todo"}
    # What was finished later was being worked on, if one knows since when.
    return {"status": "in_progress"} if _is_later(task.finished, as_of) and task.started else {}


def _earlier_sums(line: BudgetLine, as_of: AsOf, _: _Changes) -> _Changes:
    """Return what was declared on a budget line: nothing of a period that had not begun, or that was declared later."""
    earned = tuple(
        item for item in line.earned if as_of.has_come(item.period.start) and not _is_later(item.declared_on, as_of)
    )
    estimates = tuple(item for item in line.to_complete if as_of.has_come(item.period.start))
    changed = {"earned": (line.earned, earned), "to_complete": (line.to_complete, estimates)}
    return {name: now for name, (then, now) in changed.items() if now != then}


def _running_sprint(sprint: Sprint, as_of: AsOf, _: _Changes) -> _Changes:
    if sprint.status != "closed" or as_of.has_come(sprint.end):
        return {}
    status = "active" if as_of.has_come(sprint.start) else "planned"
    return {"status": status} | {name: () if name == "increment" else None for name in _RESULTS_OF_A_SPRINT}


def _has_come(value: object, as_of: AsOf) -> bool:
    return isinstance(value, date) and as_of.has_come(value)


def _before_reopening(risk: Risk, as_of: AsOf, changes: _Changes) -> _Changes:
    """Return the status that a risk had when it was opened again only later; without a recorded end it is open."""
    if "reopened" not in changes:
        return {}
    ends = {getattr(risk, name): status for status, name in ENDS.items() if _has_come(getattr(risk, name), as_of)}
    return {"status": ends[max(ends)]} if ends else {}


def _earlier_plan(milestone: Milestone, _: AsOf, changes: _Changes) -> _Changes:
    earlier: _Changes = {}
    if "baseline_history" in changes:
        # What was replaced only later still held.
        held = milestone.baseline_history[len(changes["baseline_history"])]
        earlier |= {"baseline_date": held.baseline_date, "baseline": held.baseline}
    forecasts = milestone.forecast_history
    # The present forecast is the last of the history: where that was made later, the one before it held.
    if "forecast_history" in changes and forecasts[-1].forecast_date == milestone.forecast_date:
        known = changes["forecast_history"]
        earlier["forecast_date"] = known[-1].forecast_date if known else None
    return earlier


_LATER: dict[type[Entry], Callable[[Any, AsOf, _Changes], _Changes]] = {
    Sprint: _running_sprint,
    Milestone: _earlier_plan,
    Risk: _before_reopening,
    Benefit: _reported_of,
    Task: _earlier_work,
    BudgetLine: _earlier_sums,
    Change: _change_ahead,
    Meeting: _meeting_ahead,
    FundingRequest: _undecided,
}
