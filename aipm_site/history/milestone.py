"""Milestone trend: what was forecast on which day, from the record's own history and from the revisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.milestone import MilestoneState
from aipm_site.history.states import History


@dataclass(frozen=True, slots=True)
class Reported:
    """What was expected of a milestone on one day.

    Attributes:
        day: The day of the report: on the horizontal axis of a milestone trend chart.
        expected: The day on which the milestone was expected then, or had been reached: on the vertical axis.
    """

    day: date
    expected: date


def milestone_trend(state: MilestoneState, history: History, as_of: AsOf) -> tuple[Reported, ...]:
    """Return report dates and forecast dates of a milestone (milestone trend analysis, domain §3.5).

    A horizontal line is a stable plan, a rising one slips, and one of 45° slips a day each day. What people wrote into
    the record's own history counts before what the revisions show of the same day. It ends with the present.

    Args:
        state: The milestone as it is now.
        history: The earlier revisions.
        as_of: The day of the present report.
    """
    reported = dict(_recorded(state, history))
    reported |= {earlier.as_of: earlier.forecast_date for earlier in state.milestone.forecast_history}
    if state.expected is not None:
        reported[as_of.date] = state.expected
    return tuple(Reported(day, expected) for day, expected in sorted(reported.items()) if day <= as_of.date)


def _recorded(state: MilestoneState, history: History) -> Iterator[tuple[date, date]]:
    for earlier in history.states:
        forecast = earlier.forecasts.get(state.milestone.id)
        if forecast is not None and forecast.expected is not None:
            yield earlier.as_of, forecast.expected
