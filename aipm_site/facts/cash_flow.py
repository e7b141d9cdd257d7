"""Cash flow: what a scenario costs and brings month by month, and its payback, return and present value."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct

MONTHS_A_YEAR = 12

Months = Fraction | int


class CashFlow(Struct, frozen=True):
    """The money of one scenario, in one currency; time is counted in months after its start.

    The one-off cost is paid at the start. The running cost is paid in full from the start on; the benefit grows with
    the ramp, as people and machines cost money before they are of full use.

    Attributes:
        gross: The benefit of a year once all of it is reached.
        running: The cost of a year.
        one_off: The cost at the start.
        ramp: From which month on which share of the benefit is reached, in order of the months, each once; all at
            once where it is empty, none before its first month where it is not.
    """

    gross: Fraction
    running: Fraction
    one_off: Fraction = Fraction(0)
    ramp: tuple[tuple[int, Fraction], ...] = ()

    @property
    def run_rate(self) -> Fraction:
        """What is left of the benefit of a full year after its running cost."""
        return self.gross - self.running

    def full_months(self, first: Months, last: Months) -> Fraction:
        """Return how many months of full benefit the months from `first` to `last` are worth."""
        steps = self.ramp or ((0, Fraction(1)),)
        ends: list[Months] = [*(month for month, _ in steps[1:]), max(last, steps[-1][0])]
        pieces = ((max(month, first), min(end, last), share) for (month, share), end in zip(steps, ends, strict=True))
        return sum((share * (until - since) for since, until, share in pieces if until > since), Fraction(0))

    def gross_between(self, first: Months, last: Months) -> Fraction:
        """Return the benefit of a span of months."""
        return self.gross * self.full_months(first, last) / MONTHS_A_YEAR

    def running_between(self, first: Months, last: Months) -> Fraction:
        """Return the running cost of a span of months."""
        return self.running * Fraction(last - first) / MONTHS_A_YEAR

    def net_between(self, first: Months, last: Months) -> Fraction:
        """Return the benefit of a span of months less its running cost; the one-off cost is not in it."""
        return self.gross_between(first, last) - self.running_between(first, last)

    def payback(self) -> Fraction | None:
        """Return after how many months all costs are covered and stay so; None where they never are.

        The first time at which the sum of all flows is not below zero (domain §3.9), not discounted, interpolated
        within the month. Where a ramp lets the sum fall below zero once more, the last time.
        """
        marks = [0, *(month for month, _ in self.ramp if month > 0)]
        rate = self.net_between(marks[-1], marks[-1] + 1)
        owed = -self._sum(marks[-1])
        if rate < 0 or (rate == 0 and owed > 0):
            return None
        return marks[-1] + owed / rate if owed > 0 else self._last_crossing(marks)

    def _sum(self, month: Months) -> Fraction:
        return self.net_between(0, month) - self.one_off

    def _last_crossing(self, marks: Sequence[int]) -> Fraction:
        for first, last in reversed(list(pairwise(marks))):
            if self._sum(first) < 0:
                return first - self._sum(first) / self.net_between(first, last) * (last - first)
        return Fraction(0)

    def roi(self, months: int) -> Fraction | None:
        """Return the return on investment over the first months: (benefit − cost) ÷ cost, a share of one.

        The cost is the one-off and the running cost of the same months (domain §3.9); None where there is none.
        """
        cost = self.one_off + self.running_between(0, months)
        return (self.gross_between(0, months) - cost) / cost if cost else None

    def npv(self, rate: Fraction, months: int) -> Fraction:
        """Return the net present value at the start: NPV = Σ CF_t ÷ (1 + r)^t (domain §3.9).

        The one-off cost is the flow at t = 0; the net of each year is the flow at the end of that year, t = 1, 2, ….
        A part of a year at the end of the horizon counts at the end of its year, so that it is not flattered.

        Args:
            rate: The discount rate of a year, a share of one.
            months: The horizon.
        """
        years = range(1, -(-months // MONTHS_A_YEAR) + 1)
        flows = (self.net_between(MONTHS_A_YEAR * (t - 1), min(MONTHS_A_YEAR * t, months)) for t in years)
        return sum((f * discount_factor(rate, t) for t, f in zip(years, flows, strict=True)), -self.one_off)


def discount_factor(rate: Fraction, years: int) -> Fraction:
    """Return what one of money after some years is worth today: 1 ÷ (1 + r)^t."""
    return 1 / (1 + rate) ** years


def months_after(start: date, day: date) -> Fraction:
    """Return how many months after a start a day lies; before it, none.

    Months are counted from the start's day of the month, the last day of shorter months standing for it; of a month
    that is not over, the days count as parts of it.
    """
    if day <= start:
        return Fraction(0)
    whole = (day.year - start.year) * MONTHS_A_YEAR + day.month - start.month
    whole -= later_by(start, whole) > day
    begun, ends = later_by(start, whole), later_by(start, whole + 1)
    return whole + Fraction((day - begun).days, (ends - begun).days)


def later_by(start: date, months: int) -> date:
    """Return the day some months later: the same day of the month, or the last where the month has no such day."""
    years, index = divmod(start.month - 1 + months, MONTHS_A_YEAR)
    year, month = start.year + years, index + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
