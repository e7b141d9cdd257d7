"""Task facts: which share of its budget a task has earned by a day, by the method that it names."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from aipm_site.records.task import Task

_NOTHING, _HALF, _ALL = Fraction(0), Fraction(1, 2), Fraction(1)


def earned_share(task: Task, day: date, percent_as_of: date | None) -> Fraction | None:
    """Return the share of its budget that a task has earned by the end of a day; None where nobody says.

    A task that is finished has earned all. Before that 0/100 earns nothing, 50/50 half of it when the task is started,
    weighted milestones with each step that is done, percent what was last stated by then. Without a method or steps a
    task that is not started has earned nothing, and after that nobody knows (domain §2.3, §3.1).

    Args:
        task: The task.
        day: The last day that counts.
        percent_as_of: The day for which its percent_complete is true; None where the record does not say.
    """
    if task.finished is not None and task.finished <= day:
        return _ALL
    if task.ev_method == "weighted_milestones" and task.steps:
        return _by_steps(task, day)
    has_begun = task.started is not None and task.started <= day
    if task.ev_method == "0/100":
        return _NOTHING
    if task.ev_method == "50/50":
        return _HALF if has_begun else _NOTHING
    stated = _last_stated(task, day, percent_as_of) if task.ev_method == "percent" else None
    if stated is not None:
        return stated
    return None if has_begun or _may_have_begun(task) else _NOTHING


def _by_steps(task: Task, day: date) -> Fraction:
    # No step weighs nothing or less: a rule of the kind sees to it.
    total = sum((Fraction(step.weight) for step in task.steps), _NOTHING)
    done = (Fraction(step.weight) for step in task.steps if step.done_on is not None and step.done_on <= day)
    return sum(done, _NOTHING) / total


def _last_stated(task: Task, day: date, percent_as_of: date | None) -> Fraction | None:
    stated = {item.as_of: item.percent_complete for item in task.progress}
    if task.percent_complete is not None and percent_as_of is not None:
        stated[percent_as_of] = task.percent_complete
    past = [when for when in stated if when <= day]
    return Fraction(stated[max(past)]) / 100 if past else None


def _may_have_begun(task: Task) -> bool:
    return task.started is None and task.status not in {"backlog", "todo", "deferred", "cancelled"}
