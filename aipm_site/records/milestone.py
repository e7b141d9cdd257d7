"""Milestones: what shall be reached, by when it was promised, and when it is expected now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from aipm_site.records.fields import IsoDate, Line, Prose, reference_to
from aipm_site.records.kind import Breach, Kind
from aipm_site.records.record import Part, Record, expected, needed, optional

MilestoneStatus = Literal["not_started", "on_track", "at_risk", "late", "done", "cancelled"]


class EarlierForecast(Part):
    """What was expected at an earlier time; slips and trends are read from these."""

    as_of: IsoDate = needed("the day on which this was expected")
    forecast_date: IsoDate = needed("the day that was expected then")
    reason: Line | None = optional("why it changed")


class EarlierBaseline(Part):
    """A promise that was replaced by a later one; the first of them is the original."""

    baseline_date: IsoDate = needed("the day that was promised")
    baseline: Annotated[Line, reference_to("baseline")] | None = optional("id of that baseline")
    replaced_on: IsoDate | None = optional("the day on which it was replaced")
    reason: Line | None = optional("why it was replaced")


class Milestone(Record):
    """A day that the plan is measured by."""

    status: MilestoneStatus | None = optional(
        "where it stands; computed from the dates, so the writer's word counts only where it is worse, or ends it"
    )
    baseline_date: IsoDate = needed("the day that was promised")
    baseline: Annotated[Line, reference_to("baseline")] | None = expected("id of the baseline that promised it")
    forecast_date: IsoDate | None = expected("the day on which it is expected now")
    done_criteria: Prose | None = expected("how one sees that it is reached")
    actual_date: IsoDate | None = optional("the day on which it was reached; given when it is done, and only then")
    deadline: IsoDate | None = optional(
        "the last day by which it must be reached; the chance of that is told from how past milestones slipped"
    )
    commitment: Literal["internal", "contractual", "regulatory"] | None = optional("to whom the day is promised")
    depends_on: tuple[Annotated[Line, reference_to("milestone", "task")], ...] = optional(
        "milestones and tasks that must be done before", many=True
    )
    budget: Annotated[Line, reference_to("budget-line", only_ids=True)] | None = optional("the money that pays for it")
    forecast_history: tuple[EarlierForecast, ...] = optional("what was expected earlier, oldest first", many=True)
    baseline_history: tuple[EarlierBaseline, ...] = optional("promises that were replaced, oldest first", many=True)

    @property
    def original_baseline_date(self) -> date:
        """The day that was promised first."""
        return self.baseline_history[0].baseline_date if self.baseline_history else self.baseline_date

    @property
    def is_ended(self) -> bool:
        """Whether nothing is expected of it any more."""
        return self.status in {"done", "cancelled"} or self.actual_date is not None


def done_means_a_day(milestone: Milestone) -> Iterable[Breach]:
    """Find a done milestone without the day, and a day without being done."""
    if milestone.status == "done" and milestone.actual_date is None:
        hint = "actual_date: the day on which it was reached"
        yield Breach("no-actual-date", "the milestone is done, and 'actual_date' is not given", ("status",), hint)
    if milestone.actual_date and milestone.status not in {None, "done"}:
        message = f"actual_date is given, and status is '{milestone.status}'"
        yield Breach("contradiction", message, ("actual_date",), "write status: done, or leave the status out")


def histories_are_ordered(milestone: Milestone) -> Iterable[Breach]:
    """Find an earlier forecast that stands after a later one: slips are read in this order."""
    for index, (one, next_one) in enumerate(pairwise(milestone.forecast_history), start=1):
        if next_one.as_of <= one.as_of:
            message = f"as_of {next_one.as_of} does not follow {one.as_of}"
            yield Breach("wrong-order", message, ("forecast_history", index, "as_of"), "write the oldest first")


KIND = Kind(
    Milestone,
    name="milestone",
    folder="milestones",
    prefix="MS",
    plural="milestones",
    register="Milestones",
    columns=("id", "title", "baseline_date", "forecast_date", "actual_date", "status", "owner"),
    done=frozenset({"done", "cancelled"}),
    fresh_days=14,
    ended=("actual_date",),
    rules=(done_means_a_day, histories_are_ordered),
    is_over=lambda milestone: milestone.is_ended,
    order=lambda milestone: (milestone.baseline_date, milestone.id),
)
