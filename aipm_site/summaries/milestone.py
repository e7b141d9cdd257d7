"""Milestone lines of a report: what slips and by how much, and how many others keep their baseline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from aipm_site.facts.baseline import current_baseline, day_before, promised_day
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
        original_slip: How far it is from the first baseline, in calendar days, where that was replaced.
        is_on_baseline: Whether it is expected on the day that was promised.
        is_overdue: Whether its day has passed without a new forecast.
    """

    record: RecordRef
    title: Quote
    baseline: date
    expected: date | None
    slip: FigureRef
    original_slip: FigureRef | None
    is_on_baseline: bool
    is_overdue: bool


class Rebaseline(Struct, frozen=True):
    """The baseline that holds, where it replaced another: what is promised now was not promised first.

    Attributes:
        record: Its id.
        approved_on: The day on which it was approved; None where it does not say.
        finish: The milestone that ends the project, where the baseline promises it; None where it does not.
        before: The day that was promised for it until then; None where no record tells it.
        after: The day that is promised for it now; None without it.
    """

    record: RecordRef
    approved_on: date | None
    finish: RecordRef | None
    before: date | None
    after: date | None


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
        rebaseline: The baseline that holds, where it replaced another; None where the first one holds.
        moved: Open milestones that do not keep their baseline, or have no forecast, the next first.
        more_moved: How many more of them there are.
        kept: How many open milestones keep their baseline.
        finish: Of those the one that ends the project, else the next; None beside a new baseline and what moved.
        forecast: When the one that ends the project is reached; None where the past says nothing.
        has_milestones: Whether any milestone is recorded that this audience may see.
    """

    rebaseline: Rebaseline | None
    moved: tuple[MilestoneLine, ...]
    more_moved: int
    kept: int
    finish: MilestoneLine | None
    forecast: ForecastLine | None
    has_milestones: bool


def schedule_lines(facts: Facts) -> ScheduleLines:
    """Return what to say of the plan."""
    opened = [state for state in facts.milestones if state.is_open]
    moved = [state for state in opened if _has_moved(state)]
    kept = [state for state in opened if state not in moved]
    news = _rebaseline(facts)
    # News takes the place of what keeps its baseline, so that the whole stays within its words.
    has_finish = bool(kept) and not (news and moved)
    return ScheduleLines(
        rebaseline=news,
        moved=tuple(map(_line, moved[:LINES_AT_MOST])),
        more_moved=max(0, len(moved) - LINES_AT_MOST),
        kept=len(kept),
        finish=_line(_finish(facts, kept)) if has_finish else None,
        forecast=_forecast(facts),
        has_milestones=bool(facts.milestones),
    )


def _has_moved(state: MilestoneState) -> bool:
    is_moved = state.slip_days != 0 or bool(state.original_slip_days)
    return is_moved or state.has_lost_original or state.is_overdue


def _rebaseline(facts: Facts) -> Rebaseline | None:
    """Return the news that the plan was re-baselined (domain §5, T-31)."""
    baseline = current_baseline(facts.project)
    if baseline is None or not baseline.supersedes:
        return None
    ending = finishing(facts.milestones, facts.project.charter.finish_milestone)
    milestone = ending.milestone if ending else None
    is_promised = milestone is not None and (
        milestone.baseline == baseline.id or promised_day(baseline, milestone) is not None
    )
    finish = milestone if is_promised else None
    return Rebaseline(
        record=RecordRef(baseline.id),
        approved_on=baseline.date,
        finish=RecordRef(finish.id) if finish else None,
        before=day_before(facts.project, finish, baseline) if finish else None,
        after=finish.baseline_date if finish else None,
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
    return MilestoneLine(
        record=RecordRef(milestone.id),
        title=Quote(milestone.title),
        baseline=milestone.baseline_date,
        expected=state.expected,
        slip=FigureRef(f"schedule.slip.{milestone.id}"),
        original_slip=_original_slip(state),
        is_on_baseline=state.slip_days == 0,
        is_overdue=state.is_overdue,
    )


def _original_slip(state: MilestoneState) -> FigureRef | None:
    name, slip = f"schedule.slip_original.{state.milestone.id}", state.original_slip_days
    if state.has_lost_original:
        return FigureRef(name, "first baseline not known")
    if slip is None:
        return None
    # It stands in brackets beside the slip, which says the working days.
    if slip == 0:
        return FigureRef(name, "on the first baseline")
    return FigureRef(name, f"{days(abs(slip))} {'after' if slip > 0 else 'before'} the first")
