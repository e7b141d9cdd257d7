"""Sprints: what was committed, what is left, and what was done when a sprint closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from aipm_site.records.fields import Count, IsoDate, Line, Number, Prose, reference_to, whole_number
from aipm_site.records.kind import Breach, Expectation, Kind, in_status
from aipm_site.records.quantity import Work
from aipm_site.records.record import Part, Record, expected, needed, optional

WorkingDayCount = Annotated[int, whole_number(1)]


class SprintDay(Part):
    """How a sprint stood at the end of a day, in the unit of its commitment."""

    date: IsoDate = needed("the day")
    remaining: Number | None = optional("what was left to do")
    done: Number | None = optional("what was done since the sprint began")
    scope: Number | None = optional("all that was in the sprint, done and left")


class Retrospective(Part):
    """What the team learned."""

    keep: tuple[Line, ...] = optional("what went well and stays", many=True)
    problem: tuple[Line, ...] = optional("what went badly", many=True)
    try_next: tuple[Annotated[Line, reference_to("action", only_ids=True)], ...] = optional(
        "what is tried next, in words or as action ids", many=True, alias="try"
    )


class Sprint(Record):
    """A fixed stretch of work with a goal."""

    status: Literal["planned", "active", "closed", "cancelled"] = optional("where it stands", "planned")
    number: Count | None = expected("its number in the row of sprints")
    start: IsoDate = needed("its first day")
    end: IsoDate = needed("its last day")
    goal: Prose | None = expected("what shall be reached by its end")
    committed: Work | None = expected("what the team took on when it began")
    completed: Number | None = optional("what met the definition of done when it closed; what is half done counts 0")
    goal_met: Literal["yes", "partly", "no"] | None = optional("whether the goal was reached")
    added: Number | None = optional("what was added after it began, in the unit of the commitment")
    removed: Number | None = optional("what was taken out after it began, in the unit of the commitment")
    carried_over: Number | None = optional("what was left and moved on, in the unit of the commitment")
    working_days: WorkingDayCount | None = optional(
        "how many days are worked in it; counted by the calendar where absent"
    )
    capacity: Number | None = optional("what the team can do in it, in the unit of the commitment")
    increment: tuple[Prose, ...] = optional("what can be used at its end", many=True)
    daily: tuple[SprintDay, ...] = optional("how it stood day by day, oldest first", many=True)
    retro: Retrospective | None = optional("what the team learned")


def ends_after_start(sprint: Sprint) -> Iterable[Breach]:
    """Find a sprint that is over before it has begun."""
    if sprint.end <= sprint.start:
        message = f"end {sprint.end} is not after start {sprint.start}"
        yield Breach("wrong-order", message, ("end",), "write its last day")


def working_days_fit(sprint: Sprint) -> Iterable[Breach]:
    """Find more working days than the sprint has days."""
    days = (sprint.end - sprint.start).days + 1
    if sprint.working_days and 0 < days < sprint.working_days:
        message = f"working_days {sprint.working_days} are more than the {days} days of the sprint"
        yield Breach("out-of-range", message, ("working_days",))


def days_are_its_own(sprint: Sprint) -> Iterable[Breach]:
    """Find a day outside the sprint, and days that are not in order."""
    before = None
    for index, day in enumerate(sprint.daily):
        path = ("daily", index, "date")
        if not sprint.start <= day.date <= sprint.end:
            message = f"{day.date} is not between start {sprint.start} and end {sprint.end}"
            yield Breach("day-outside-sprint", message, path)
        elif before and day.date <= before:
            yield Breach(
                "wrong-order", f"{day.date} does not follow {before}", path, "write each day once, oldest first"
            )
        before = day.date


def amounts_are_not_negative(sprint: Sprint) -> Iterable[Breach]:
    """Find an amount of work below zero."""
    for name in ("completed", "added", "removed", "carried_over", "capacity"):
        amount = getattr(sprint, name)
        if amount is not None and amount < 0:
            yield Breach("out-of-range", f"{name} {amount} is less than 0", (name,))


KIND = Kind(
    Sprint,
    name="sprint",
    folder="sprints",
    prefix="SPR",
    plural="sprints",
    register="Sprints",
    columns=("id", "title", "status", "start", "end", "goal", "goal_met"),
    done=frozenset({"closed", "cancelled"}),
    counted_as=(),
    default_status="planned",
    rules=(ends_after_start, working_days_fit, days_are_its_own, amounts_are_not_negative),
    expectations=(
        Expectation(
            ("completed", "goal_met", "added", "removed", "carried_over", "retro"),
            when=in_status("closed"),
            because="a closed sprint says how it ended",
        ),
    ),
    order=lambda sprint: (sprint.start, sprint.id),
)
