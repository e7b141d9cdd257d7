"""Days: on which day of the project a moment lies, and how many working days lie between two days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec import Struct

from aipm_site.records.charter import Charter

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SATURDAY_AND_SUNDAY = frozenset({5, 6})


def day_of(when: date | datetime, tz: str) -> date:
    """Return the day on which a moment lies in a time zone; a day is itself."""
    return when.astimezone(ZoneInfo(tz)).date() if isinstance(when, datetime) else when


class WorkingCalendar(Struct, frozen=True, dict=True):
    """Which days are worked.

    Attributes:
        weekend: Days of the week without work, Monday is 0.
        holidays: Single days without work.
        is_given: Whether the project gives a calendar; else a text must say "weekdays", not "working days".
    """

    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    holidays: frozenset[date] = frozenset()
    is_given: bool = False

    @property
    def words(self) -> tuple[str, str]:
        """What its days are called: one, many."""
        return ("working day", "working days") if self.is_given else ("weekday", "weekdays")

    def is_worked(self, day: date) -> bool:
        """Say whether a day is worked."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def between(self, start: date, end: date) -> int:
        """Return how many working days `end` lies after `start`, negative where it lies before.

        The first day does not count and the last does, as schedulers count a slip: from Monday to the next Monday
        it is five.
        """
        if end < start:
            return -self.between(end, start)
        weeks, rest = divmod((end - start).days, len(WEEK))
        odd_days = ((end - timedelta(days=ago)).weekday() for ago in range(rest))
        worked = weeks * (len(WEEK) - len(self.weekend)) + sum(day not in self.weekend for day in odd_days)
        return worked - sum(start < holiday <= end for holiday in self._holidays_on_workdays)

    def within(self, first: date, last: date) -> int:
        """Return how many working days a span has, its first and last day included; none where it ends first."""
        return self.between(first - timedelta(days=1), last) if first <= last else 0

    @cached_property
    def _holidays_on_workdays(self) -> frozenset[date]:
        return frozenset(day for day in self.holidays if day.weekday() not in self.weekend)


def calendar_of(charter: Charter) -> WorkingCalendar:
    """Return the project's calendar; without one, Monday to Friday."""
    given = charter.working_days
    if given is None:
        return WorkingCalendar()
    return WorkingCalendar(frozenset(WEEK.index(day) for day in given.weekend), frozenset(given.holidays), True)
