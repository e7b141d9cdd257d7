"""Milestone lines of a report: what slips and by how much, and how many others keep their baseline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from aipm_site.facts.facts import Facts
from aipm_site.facts.milestone import MilestoneState
from aipm_site.facts.numbers import days, plural
from aipm_site.facts.slippage import finishing
from aipm_site.summaries.printed import FigureRef, Quote, RecordRef

LINES_AT_MOST = 3


class MilestoneLine(Struct, frozen=True):
    """An open milestone.

    Attributes:
        record: Its id.
        title: Its title.
        baseline: The day that was promised.
        expected: The day that is forecast; None where none is.
        slip: How far that is from the baseline.
        original_slip: How far it is from the first baseline, where that was replaced.
        is_overdue: Whether its day has passed without a new forecast.
    """

    record: RecordRef
    title: Quote
    baseline: date
    expected: date | None
    slip: FigureRef
    original_slip: FigureRef | None
    is_overdue: bool


class ForecastLine(Struct, frozen=True):
    """When the milestone that ends the project is reached, going by how past ones slipped.

    Attributes:
        deadline: The day by which it must be reached; None where nobody says.
        chance: The chance that it is; None without a deadline, or where it cannot be told.
        past: How many of the past milestones would have been in time; None without a chance.
        allowed: By how much it may slip and still be in time; None without a chance.
        p50: The day by which it is as likely reached as not.
        p80: The day by which it is reached with a chance of 80 %; None where the past is too short to say.
        misses_at_p80: Whether that day is after the deadline.
    """

    deadline: date | None
    chance: FigureRef | None
    past: FigureRef | None
    allowed: FigureRef | None
    p50: FigureRef
    p80: FigureRef | None
    misses_at_p80: bool


class ScheduleLines(Struct, frozen=True):
    """The plan.

    Attributes:
        moved: Open milestones that do not keep their baseline, or have no forecast, the next first.
        more_moved: How many more of them there are.
        kept: How many open milestones keep their baseline.
        finish: Of those the one that ends the project, else the next.
        forecast: When the one that ends the project is reached; None where the past says nothing.
        has_milestones: Whether any milestone is recorded that this audience may see.
    """

    moved: tuple[MilestoneLine, ...]
    more_moved: int
    kept: int
    finish: MilestoneLine | None
    forecast: ForecastLine | None
    has_milestones: bool


def schedule_lines(facts: Facts) -> ScheduleLines:
    """Return what to say of the plan."""
    opened = [state for state in facts.milestones if state.is_open]
    moved = [state for state in opened if state.slip_days != 0 or state.original_slip_days or state.is_overdue]
    kept = [state for state in opened if state not in moved]
    return ScheduleLines(
        moved=tuple(map(_line, moved[:LINES_AT_MOST])),
        more_moved=max(0, len(moved) - LINES_AT_MOST),
        kept=len(kept),
        finish=_line(_finish(facts, kept)) if kept else None,
        forecast=_forecast(facts),
        has_milestones=bool(facts.milestones),
    )


def _forecast(facts: Facts) -> ForecastLine | None:
    ending = finishing(facts.milestones, facts.project.charter.finish_milestone)
    known = (one for one in facts.forecasts if ending is not None and one.milestone.id == ending.milestone.id)
    forecast = next(known, None)
    if forecast is None or forecast.p50 is None:
        return None
    chance, p80 = f"forecast.{forecast.milestone.id}.chance", forecast.p80
    allowed = forecast.allowed_days or 0
    in_time = forecast.slips.within(allowed)
    past = f"{in_time} of {plural(forecast.slips.count, 'past milestone', 'past milestones')}"
    has_chance = forecast.chance is not None
    return ForecastLine(
        deadline=forecast.deadline,
        chance=FigureRef(chance) if has_chance else None,
        past=FigureRef(chance, past) if has_chance else None,
        allowed=FigureRef(chance, days(allowed)) if has_chance else None,
        p50=FigureRef("schedule.finish_p50"),
        p80=FigureRef("schedule.finish_p80") if p80 is not None else None,
        misses_at_p80=p80 is not None and forecast.deadline is not None and p80 > forecast.deadline,
    )


def _finish(facts: Facts, kept: Sequence[MilestoneState]) -> MilestoneState:
    finish = facts.project.charter.finish_milestone
    return next((state for state in kept if state.milestone.id == finish), kept[0])


def _line(state: MilestoneState) -> MilestoneLine:
    milestone = state.milestone
    original = FigureRef(f"schedule.slip_original.{milestone.id}") if state.original_slip_days is not None else None
    return MilestoneLine(
        record=RecordRef(milestone.id),
        title=Quote(milestone.title),
        baseline=milestone.baseline_date,
        expected=state.expected,
        slip=FigureRef(f"schedule.slip.{milestone.id}"),
        original_slip=original,
        is_overdue=state.is_overdue,
    )
