"""Earned schedule: how far the work is on the curve of planned value, in months."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct

from aipm_site.facts.curve import Curve, months_to
from aipm_site.facts.earned_value import Measure
from aipm_site.facts.ledger import Ledger
from aipm_site.facts.numbers import day


class EarnedSchedule(Struct, frozen=True):
    """Earned schedule of one day (Lipke 2003; ISO 21508:2018; domain §3.2).

    Attributes:
        earned: ES: after how many months the plan has earned what is earned now.
        elapsed: AT: months from the start of the plan to that day; to the day on which all was earned, if earlier.
        planned: PD: months from the start of the plan to its end.
    """

    earned: Fraction
    elapsed: int
    planned: int

    @property
    def variance(self) -> Fraction:
        """SV(t) = ES − AT, in months: positive is good."""
        return self.earned - self.elapsed

    @property
    def index(self) -> Fraction:
        """SPI(t) = ES ÷ AT; unlike SPI it still says at the end that the project was late."""
        return self.earned / self.elapsed

    @property
    def duration(self) -> Measure:
        """IEAC(t) = PD ÷ SPI(t): how many months the whole takes at this pace."""
        return self.planned / self.index if self.earned > 0 else "not yet measurable: nothing is earned yet"

    @property
    def is_complete(self) -> bool:
        """Whether all that is planned is earned."""
        return self.earned == self.planned


def planned_duration(plan: Curve) -> int:
    """Return after how many months a plan has all its value; 0 of an empty curve.

    A flat end does not count: nothing is planned to be done there.
    """
    first = plan.first_day
    end = next((day for day, value in plan.points() if value == plan.total), None)
    return max(0, months_to(first, end)) if first and end else 0


def earned_months(plan: Curve, earned: Fraction) -> Fraction:
    """Return ES = C + (EV − PV_C) ÷ (PV_C+1 − PV_C) months, C being the last known day with PV_C ≤ EV.

    All that is planned is earned at the planned duration, and never later. Where the curve is flat its last day counts,
    so nothing is divided by zero. Between two known days of a curve of quarters the rule is the same, in months.
    """
    first, points = plan.first_day, plan.points()
    if first is None or earned <= 0:
        return Fraction(0)
    if earned >= plan.total:
        return Fraction(planned_duration(plan))
    (day, value), (next_day, next_value) = next(
        (one, other) for one, other in reversed(tuple(pairwise(points))) if one[1] <= earned < other[1]
    )
    months, width = months_to(first, day), months_to(first, next_day) - months_to(first, day)
    return months + width * (earned - value) / (next_value - value)


def earned_schedule(ledger: Ledger) -> EarnedSchedule | str:
    """Return the earned schedule at the cut-off, or the reason why there is none."""
    earned = ledger.at(ledger.status_day).ev
    first, cut_off = ledger.plan.first_day, ledger.cut_off
    if isinstance(earned, str):
        return earned
    if first is None or ledger.plan.total == 0:
        return "no curve of planned value is recorded"
    if cut_off is None or months_to(first, cut_off) < 1:
        return f"not yet measurable: the plan begins on {day(first)}"
    return EarnedSchedule(
        earned=earned_months(ledger.plan, earned),
        elapsed=max(1, months_to(first, _last_day_that_counts(ledger, cut_off))),
        planned=planned_duration(ledger.plan),
    )


def _last_day_that_counts(ledger: Ledger, cut_off: date) -> date:
    """Return the first day on which all that is planned was earned, else the cut-off: what is complete ages no more."""
    earned = ((when, ledger.earned_by(when)) for when in ledger.compared_days)
    all_of_it = (when for when, value in earned if isinstance(value, Fraction) and value >= ledger.plan.total)
    return next(all_of_it, cut_off)
