"""Ticks of a time axis: the days that it names, so few that their labels do not touch, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from aipm_site.facts.numbers import MONTHS

_DAY_STEPS = (1, 2, 7, 14)
# Months, then years as far as the calendar of Python goes.
_MONTH_STEPS = (1, 2, 3, 6, *(12 * years for years in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)))
_SHORT = 3


def time_ticks(first: date, last: date, most: int) -> tuple[tuple[date, str], ...]:
    """Return days with their labels, from `first` to `last`: Mondays, firsts of months or of years.

    Args:
        first: Where the axis begins.
        last: Where it ends.
        most: How many labels it has room for; at least two.
    """
    span = (last - first).days
    for step in _DAY_STEPS:
        if span // step < most:
            return tuple((day, f"{day.day} {MONTHS[day.month - 1][:_SHORT]}") for day in _every_day(first, last, step))
    for step in _MONTH_STEPS:
        days = tuple(_every_month(first, last, step))
        if len(days) <= most:
            break
    return tuple((day, _month_label(day, step, is_first=day == days[0])) for day in days)


def _every_day(first: date, last: date, step: int) -> Iterator[date]:
    # From a Monday on where a step is a week or two.
    start = first + timedelta(-first.weekday() % 7) if step % 7 == 0 else first
    yield from (start + timedelta(days) for days in range(0, (last - start).days + 1, step))


def _every_month(first: date, last: date, step: int) -> Iterator[date]:
    # Counted from year 0, so that a step of three months gives quarters, and one of a year gives Januaries.
    start = -(-(first.year * 12 + first.month - (first.day == 1)) // step) * step
    for month in range(start, last.year * 12 + last.month, step):
        yield date(month // 12, month % 12 + 1, 1)


def _month_label(day: date, step: int, *, is_first: bool) -> str:
    if step % 12 == 0:
        return str(day.year)
    name = MONTHS[day.month - 1][:_SHORT]
    return f"{name} {day.year}" if is_first or day.month == 1 else name
