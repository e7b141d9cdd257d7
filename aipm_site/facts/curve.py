"""Curves: money that adds up over time, known at the ends of its periods and nowhere between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from aipm_site.records.period import Period

_MONTHS = 12
_DAY = timedelta(days=1)


class Step(Struct, frozen=True):
    """What a curve grows by between two days, both included; nobody says how it grows within.

    Attributes:
        first: The first day.
        last: The last day, at whose end the amount is there.
        amount: By how much.
    """

    first: date
    last: date
    amount: Fraction


class Curve(Struct, frozen=True):
    """A sum that grows step by step; months, quarters and years may stand side by side.

    Attributes:
        steps: Its steps in the order of time, each span of days once; they may overlap, as a quarter and its months do.
    """

    steps: tuple[Step, ...]

    @property
    def first_day(self) -> date | None:
        """The day on which it begins; None of an empty curve."""
        return min((step.first for step in self.steps), default=None)

    @property
    def last_day(self) -> date | None:
        """The day on which it ends; None of an empty curve."""
        return max((step.last for step in self.steps), default=None)

    @property
    def total(self) -> Fraction:
        """Its value at its end."""
        return sum((step.amount for step in self.steps), Fraction(0))

    def at(self, day: date) -> Fraction | None:
        """Return its value at the end of a day; None within a step, as a share of a period is not invented."""
        if any(step.first <= day < step.last for step in self.steps):
            return None
        return sum((step.amount for step in self.steps if step.last <= day), Fraction(0))

    def points(self) -> tuple[tuple[date, Fraction], ...]:
        """Return every day at which its value is known and may change, from the day before it begins on."""
        days = {step.last for step in self.steps} | {step.first - _DAY for step in self.steps}
        valued = ((day, self.at(day)) for day in sorted(days))
        return tuple((day, value) for day, value in valued if value is not None)


def curve_of_amounts(amounts: Iterable[tuple[Period, Decimal]]) -> Curve:
    """Return the curve of amounts that each belong to one period alone."""
    return curve_of_steps(Step(period.start, period.last_day, Fraction(amount)) for period, amount in amounts)


def curve_of_steps(steps: Iterable[Step]) -> Curve:
    """Return the curve that grows by all of some steps."""
    spans: dict[tuple[date, date], Fraction] = {}
    for step in steps:
        span = (step.first, step.last)
        spans[span] = spans.get(span, Fraction(0)) + step.amount
    return Curve(tuple(Step(*span, amount) for span, amount in sorted(spans.items())))


def curve_of_totals(totals: Iterable[tuple[Period, Decimal]]) -> Curve:
    """Return the curve of totals, each from the beginning up to the end of its period, in the order of time."""
    steps: list[Step] = []
    before = Decimal(0)
    for period, total in totals:
        # Where a period is left out, all that was added since the last total was added somewhere in between.
        first = steps[-1].last + _DAY if steps else period.start
        steps.append(Step(first, period.last_day, Fraction(total - before)))
        before = total
    return Curve(tuple(steps))


def months_to(first: date, last: date) -> int:
    """Return how many whole months lie between the first day of one month and the last day of another."""
    return (last.year - first.year) * _MONTHS + last.month - first.month + 1


def end_of_month_before(day: date, months: int) -> date:
    """Return the last day of the month that lies so many months before that of a day."""
    years, index = divmod(day.year * _MONTHS + day.month - months, _MONTHS)
    return date(years, index + 1, 1) - _DAY
