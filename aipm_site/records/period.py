"""Periods: a month, a quarter or a year of money and work, written as one word and kept as its first and last day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any

from msgspec import Struct
from pydantic import PlainSerializer

from aipm_site.records.fields import Reader, refuse, shown

# ISO 8601 writes the month so; quarters are written as people write them, as the standard has no word for them.
_PERIOD = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?\Z", re.ASCII)
_MONTHS = 12
_QUARTER = 3


class Period(Struct, frozen=True, order=True):
    """A stretch of whole months: 2026-03, 2026-Q1 or 2026, by the calendar year.

    Attributes:
        start: Its first day.
        end: The first day after it: periods are half-open, as FOCUS has them.
        text: How it is written.
    """

    start: date
    end: date
    text: str

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)

    @property
    def months(self) -> int:
        """How many months it has."""
        return (self.end.year - self.start.year) * _MONTHS + self.end.month - self.start.month

    def __str__(self) -> str:
        return self.text


def month_of(day: date) -> Period:
    """Return the month in which a day lies."""
    return period_named(f"{day.year:04}-{day.month:02}")


def period_named(text: str) -> Period:
    """Return the period that a text names.

    Raises:
        ValueError: It names none.
    """
    found = _PERIOD.match(text)
    if not found or int(found[1]) == 0:
        raise ValueError(f"{text} names no period")
    year, month, quarter = int(found[1]), found[2], found[3]
    if month:
        first, count = int(month), 1
    elif quarter:
        first, count = (int(quarter) - 1) * _QUARTER + 1, _QUARTER
    else:
        first, count = 1, _MONTHS
    return Period(date(year, first, 1), _after(year, first, count), text)


def _after(year: int, month: int, count: int) -> date:
    years, index = divmod(month - 1 + count, _MONTHS)
    return date(year + years, index + 1, 1)


def _read_period(value: object) -> Any:
    if isinstance(value, Period):
        return value
    try:
        return period_named(value if isinstance(value, str) else "")
    except ValueError:
        what = shown(value) if isinstance(value, str) else "this"
        hint = "write a month such as 2026-03, a quarter such as 2026-Q1, or a year"
        raise refuse("not-a-period", f"{what} is not a period", hint) from None


_SCHEMA = {"type": ["string", "integer"], "pattern": r"^\d{4}(-((0[1-9]|1[0-2])|Q[1-4]))?$"}
PeriodField = Annotated[
    Period,
    Reader(_read_period, "month, quarter or year", _SCHEMA),
    PlainSerializer(str, return_type=str, when_used="json"),
]
"""A month, a quarter or a year; it is written out as it was read."""
