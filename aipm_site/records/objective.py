"""Objectives: what the project is for, measured by what, from where to where, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from aipm_site.records.fields import IsoDate, Line, Number, Prose, reference_to, whole_number
from aipm_site.records.kind import Breach, Expectation, Kind, in_status
from aipm_site.records.record import Record, expected, optional

Rank = Annotated[int, whole_number(1)]


class Objective(Record):
    """A result that the project is paid for."""

    status: Literal["open", "met", "missed", "dropped"] = optional("where it stands", "open")
    statement: Prose | None = expected("what shall be reached, in a sentence")
    measure: Annotated[Line, reference_to("metric")] | None = expected("id of the metric that shows it")
    baseline: Number | None = expected("the value before the project, in the metric's unit")
    target: Number | None = expected("the value that is aimed at, in the metric's unit")
    by: IsoDate | None = expected("the day by which it shall be reached")
    rank: Rank | None = optional("its place among the objectives where they clash; 1 comes first")
    milestones: tuple[Annotated[Line, reference_to("milestone")], ...] = optional(
        "milestones that lead to it", many=True
    )
    benefits: tuple[Annotated[Line, reference_to("benefit")], ...] = optional("what it is worth", many=True)
    ended_on: IsoDate | None = optional("the day on which it was met, missed or dropped")


def target_differs(objective: Objective) -> Iterable[Breach]:
    """Warn of a target that is where the project began: nothing would have to change."""
    if objective.target is not None and objective.target == objective.baseline:
        message = f"target {objective.target} is the baseline"
        yield Breach("nothing-to-reach", message, ("target",), "write the value that is aimed at", "warning")


def end_suits_status(objective: Objective) -> Iterable[Breach]:
    """Find a day of the end on an objective that is still open."""
    if objective.ended_on and objective.status == "open":
        message = "ended_on is given, and status is 'open'"
        yield Breach("contradiction", message, ("ended_on",), "write status: met, missed or dropped")


KIND = Kind(
    Objective,
    name="objective",
    folder="objectives",
    prefix="OBJ",
    plural="objectives",
    register="Objectives",
    columns=("id", "title", "measure", "baseline", "target", "by", "status", "owner"),
    done=frozenset({"met", "missed", "dropped"}),
    default_status="open",
    ended=("ended_on",),
    rules=(target_differs, end_suits_status),
    expectations=(
        Expectation(("ended_on",), when=in_status("met", "missed", "dropped"), because="what ended, ended on a day"),
    ),
    order=lambda objective: (objective.rank is None, objective.rank or 0, objective.id),
)
