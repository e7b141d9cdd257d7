"""Forecasts of milestones as figures: the days that past slips allow to state, and the chance to keep a deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Unknown, sources_of
from aipm_site.facts.milestone import MilestoneState
from aipm_site.facts.numbers import day, days, likelihood, percent, plural
from aipm_site.facts.slippage import P50, P80, P90, MilestoneForecast, finishing, forecast_of, past_slips, rank
from aipm_site.project import Project
from aipm_site.records.record import Entry

NO_PAST = "no milestone was reached yet that one could learn from"
_SHARES = {"p50": P50, "p80": P80, "p90": P90}


def milestone_forecasts(
    project: Project, states: Sequence[MilestoneState], as_of: AsOf
) -> tuple[MilestoneForecast, ...]:
    """Return the forecast of every open milestone, in the order of the states."""
    past, finish = past_slips(states, as_of), finish_of(project, states)
    labels = [project.audience_of(slip.milestone) for slip in past.all]
    return tuple(
        forecast_of(
            state,
            past,
            state.milestone.deadline or (project.charter.target_end if state is finish else None),
            as_of,
            project.strictest([state.audience, *labels]),
        )
        for state in states
        if state.is_open
    )


def finish_of(project: Project, states: Sequence[MilestoneState]) -> MilestoneState | None:
    """Return the milestone that ends the project."""
    return finishing(states, project.charter.finish_milestone)


def forecast_figures(
    project: Project, states: Sequence[MilestoneState], forecasts: Sequence[MilestoneForecast], as_of: AsOf
) -> tuple[AnyFigure, ...]:
    """Return forecast.MS-07.p50, .p80, .p90 and .chance of every open milestone, and schedule.finish_p50 and _p80."""
    make = _Figures(as_of)
    found = [figure for forecast in forecasts for figure in make.of_milestone(forecast)]
    finish = finish_of(project, states)
    if finish is None:
        return tuple(found)
    forecast = next((one for one in forecasts if one.milestone.id == finish.milestone.id), None)
    for name in ("p50", "p80"):
        full = f"schedule.finish_{name}"
        found.append(make.day(full, forecast, name) if forecast else _reached(full, finish))
    return tuple(found)


def _reached(name: str, finish: MilestoneState) -> Unknown:
    when = f" on {day(finish.milestone.actual_date)}" if finish.milestone.actual_date else ""
    reason = f"{finish.milestone.id} was reached{when}"
    return Unknown(name, reason, finish.audience, sources_of([finish.milestone]))


class _Figures:
    def __init__(self, as_of: AsOf) -> None:
        self._as_of = as_of.date

    def of_milestone(self, forecast: MilestoneForecast) -> tuple[AnyFigure, ...]:
        """Return the figures of one milestone; the chance only where there is a day to keep."""
        prefix = f"forecast.{forecast.milestone.id}"
        found = tuple(self.day(f"{prefix}.{name}", forecast, name) for name in _SHARES)
        return (*found, self._chance(f"{prefix}.chance", forecast)) if forecast.deadline else found

    def day(self, name: str, forecast: MilestoneForecast, percentile: str) -> AnyFigure:
        """Return the day by which a milestone is reached with a certain chance."""
        share = _SHARES[percentile]
        found = forecast.day(share)
        if found is None:
            return self._unknown(name, why_not(forecast, share), forecast)
        baseline = forecast.milestone.baseline_date
        against = Comparator("baseline", baseline, f"the baseline, {day(baseline)}", None)
        return self._figure(name, found, "date", day(found), _how(forecast, share, found), forecast, against)

    def _chance(self, name: str, forecast: MilestoneForecast) -> AnyFigure:
        deadline, allowed, chance = forecast.deadline, forecast.allowed_days, forecast.chance
        if chance is None or allowed is None or deadline is None:
            return self._unknown(name, _why_no_chance(forecast), forecast)
        past = forecast.slips
        formula = (
            f"{past.within(allowed)} of {plural(past.count, 'past milestone', 'past milestones')} slipped by "
            f"{days(allowed)} or less: {past.within(allowed)} ÷ ({past.count} + 1), with an allowance for the few; "
            f"at most {percent(past.chance_at_most(allowed), 0)}"
        )
        against = Comparator("target", deadline, f"by {day(deadline)}", None)
        return self._figure(name, chance, "ratio", likelihood(chance), formula, forecast, against)

    def _figure(
        self,
        name: str,
        value: date | Fraction,
        unit: str,
        text: str,
        formula: str,
        forecast: MilestoneForecast,
        against: Comparator,
    ) -> Figure:
        return Figure(
            name,
            value,
            unit,
            self._as_of,
            text,
            formula,
            sources_of(_behind(forecast)),
            forecast.audience,
            against,
            # The day is its baseline and a past slip, the chance what its baseline leaves to slip.
            baseline=forecast.milestone.baseline_date.isoformat(),
        )

    def _unknown(self, name: str, reason: str, forecast: MilestoneForecast) -> Unknown:
        return Unknown(name, reason, forecast.audience, sources_of(_behind(forecast)))


def _behind(forecast: MilestoneForecast) -> tuple[Entry, ...]:
    slips = forecast.slips.all
    baselines = {slip.baseline.id: slip.baseline for slip in slips if slip.baseline is not None}
    return (forecast.milestone, *(slip.milestone for slip in slips), *baselines.values())


def why_not(forecast: MilestoneForecast, share: Fraction) -> str:
    """Return why a percentile cannot be stated: "cannot state P90 from 8 past milestones"."""
    past = forecast.slips
    if past.count == 0:
        return _why_nothing(forecast)
    reason = f"cannot state P{share * 100} from {plural(past.count, 'past milestone', 'past milestones')}"
    silent = plural(past.unfinished, "of them is", "of them are")
    return f"{reason}; {silent} late and not reached" if past.unfinished else reason


def _how(forecast: MilestoneForecast, share: Fraction, found: date) -> str:
    slip, baseline = forecast.slips.percentile(share) or 0, forecast.milestone.baseline_date
    k, n = rank(share, forecast.slips.count), forecast.slips.count
    formula = (
        f"baseline {day(baseline)} + {days(slip)}: number {k} of {plural(n, 'past slip', 'past slips')} in order, "
        f"as {k} ÷ ({n} + 1) is not below {percent(share, 0)}"
    )
    moved = (found - baseline).days != slip
    return f"{formula}; not before {day(found)}, when it is forecast itself" if moved else formula


def _why_no_chance(forecast: MilestoneForecast) -> str:
    if forecast.is_forecast_too_late:
        return f"it is not expected before {day(forecast.earliest)}, which is after the day by which it must be reached"
    return _why_nothing(forecast)


def _why_nothing(forecast: MilestoneForecast) -> str:
    past = plural(forecast.past, "past milestone", "past milestones")
    return f"none of {past} slipped as far as it has by now" if forecast.past else NO_PAST
