"""Milestone trend: what was forecast on which day, from the record's own history and from the revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.milestone import MilestoneState
from aipm_site.history.states import History


class Reported(Struct, frozen=True):
    """What was expected of a milestone on one day.

    Attributes:
        day: The day of the report: on the horizontal axis of a milestone trend chart.
        expected: The day on which the milestone was expected then, or had been reached: on the vertical axis.
    """

    day: date
    expected: date


class MilestoneTrend(Struct, frozen=True):
    """One milestone in a milestone trend chart.

    Attributes:
        state: The milestone as it is now.
        reports: What was expected on which day, the oldest first; two at least. The last is the present, or, where the
            milestone was reached, the day on which it was, as report and as forecast: there its line meets the
            diagonal of the chart and ends.
    """

    state: MilestoneState
    reports: tuple[Reported, ...]

    @property
    def id(self) -> str:
        """Id of the milestone."""
        return self.state.milestone.id

    @property
    def slip_days(self) -> int:
        """Calendar days from the first forecast to the last; later is positive."""
        return (self.reports[-1].expected - self.reports[0].expected).days

    @property
    def is_reached(self) -> bool:
        """Whether its line has met the diagonal."""
        return self.state.milestone.actual_date is not None

    @property
    def turns(self) -> tuple[Reported, ...]:
        """The reports that say another day than the one before, and the last."""
        pairs = zip(self.reports, self.reports[1:], strict=False)
        turns = [self.reports[0], *(later for earlier, later in pairs if later.expected != earlier.expected)]
        return (*turns, *(self.reports[-1:] if turns[-1] != self.reports[-1] else ()))


def trend_of_milestone(state: MilestoneState, history: History, as_of: AsOf) -> MilestoneTrend | None:
    """Return the trend of a milestone; None where there is nothing before its last report."""
    reports = milestone_trend(state, history, as_of)
    reached = state.milestone.actual_date
    if reached is not None:
        # What was reported of it afterwards is no forecast.
        reports = (*(one for one in reports if one.day < reached), Reported(reached, reached))
    return MilestoneTrend(state, reports) if len(reports) > 1 else None


def milestone_trends(states: Iterable[MilestoneState], history: History, as_of: AsOf) -> tuple[MilestoneTrend, ...]:
    """Return the trends of all milestones that are not cancelled and have one, those that slipped most first.

    Args:
        states: The milestones as they are now.
        history: The earlier revisions.
        as_of: The day of the present report.
    """
    kept = (state for state in states if state.status != "cancelled")
    found = [trend for state in kept if (trend := trend_of_milestone(state, history, as_of))]
    return tuple(sorted(found, key=lambda t: (-t.slip_days, t.reports[-1].expected, t.id)))


def most_slipped(trends: Sequence[MilestoneTrend], most: int, always: str | None) -> tuple[MilestoneTrend, ...]:
    """Return as many trends as a chart can hold: those that slipped most, and one that is never left out.

    Args:
        trends: The trends, those that slipped most first.
        most: How many there shall be at most.
        always: The milestone that is among them wherever it has a trend.
    """
    named = [trend.id for trend in trends if trend.id == always]
    others = [trend.id for trend in trends if trend.id != always]
    kept = {*named, *others[: most - len(named)]}
    return tuple(trend for trend in trends if trend.id in kept)


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
