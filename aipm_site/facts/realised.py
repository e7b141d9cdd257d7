"""Realised benefits: the newest actual, what was planned for its period, and whether actuals come at their cadence."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from aipm_site.facts import numbers
from aipm_site.facts.benefit_case import BenefitCase
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Unknown
from aipm_site.facts.freshness import Freshness, freshness
from aipm_site.facts.value_chain import Gap
from aipm_site.records.benefit import Actual, Benefit, PlannedBenefit
from aipm_site.records.period import Period

# domain §2.0: actuals speak for 31 days after the end of their period, or for the record's own cadence.
ACTUALS_DAYS = 31


class ActualsState(Struct, frozen=True):
    """What was realised of a benefit, as far as it was reported at the as-of.

    Attributes:
        newest: The actual of the last period that is over: of a part of a period nothing can be said (domain §5, T-24).
            None where there is none.
        planned: What the plan wants of that period; None where it does not say.
        freshness: How long ago that period ended, against the cadence.
        first_due: The day by which the first one is due; None where one is reported, or no start is known.
        is_due: Whether that day has passed.
        realised: The figure of the newest one; Unknown where there is none.
    """

    newest: Actual | None
    planned: PlannedBenefit | None
    freshness: Freshness
    first_due: date | None
    is_due: bool
    realised: AnyFigure


def actuals_state(case: BenefitCase) -> ActualsState:
    """Return what was realised of a benefit."""
    today = case.as_of.date
    newest = _newest(tuple(actual for actual in case.benefit.actuals if actual.period.last_day <= today))
    first_due = None if newest else _first_due(case)
    return ActualsState(
        newest=newest,
        planned=_planned(case.benefit, newest.period) if newest else None,
        freshness=freshness(newest.period.last_day if newest else None, today, _limit(case)),
        first_due=first_due,
        is_due=first_due is not None and first_due < today,
        realised=_realised(case, newest) if newest else _not_realised(case, first_due),
    )


def _newest(actuals: tuple[Actual, ...]) -> Actual | None:
    # Of two for one period the later in the list is the newer.
    return max(actuals[::-1], key=lambda actual: (actual.period.end, actual.period.start), default=None)


def _planned(benefit: Benefit, period: Period) -> PlannedBenefit | None:
    return next((planned for planned in benefit.planned if planned.period == period), None)


def _limit(case: BenefitCase) -> int:
    own, project = case.benefit.actuals_days, case.project.charter.fresh_days("benefit", ACTUALS_DAYS)
    return own or project or ACTUALS_DAYS


def _first_due(case: BenefitCase) -> date | None:
    """Return the day by which the first actual is due: as if they had been reported up to the start.

    The start is that of the plan, else the earliest one.
    """
    plan = case.plan
    planned = None if isinstance(plan, Gap) else plan.start
    starts = [scenario.start for scenario in case.benefit.scenarios if scenario.start]
    start = planned or min(starts, default=None)
    if start is None or date.max - start <= timedelta(days=_limit(case)):
        return None
    return start + timedelta(days=_limit(case) - 1)


def _not_realised(case: BenefitCase, first_due: date | None) -> Unknown:
    words = ""
    if first_due:
        words = f" ({'due since' if first_due < case.as_of.date else 'first due'} {numbers.day(first_due)})"
    return Unknown(f"benefit.{case.benefit.id}.realised", f"not reported yet{words}", case.audience, case.sources)


def _realised(case: BenefitCase, actual: Actual) -> Figure:
    comparator = _comparator(case, actual)
    method = f": {actual.method}" if actual.method else ""
    return Figure(
        name=f"benefit.{case.benefit.id}.realised",
        value=Fraction(actual.value),
        unit=case.benefit.currency,
        as_of=actual.period.last_day,
        text=f"{case.money(Fraction(actual.value))} in {period_text(actual.period)}",
        formula=f"actual of the last period that is over{method}",
        sources=case.sources,
        audience=case.audience,
        comparator=comparator,
        is_first=comparator is None,
    )


def _comparator(case: BenefitCase, actual: Actual) -> Comparator | None:
    planned = _planned(case.benefit, actual.period)
    if planned:
        return Comparator("target", planned.value, f"plan: {case.money(Fraction(planned.value))}", None)
    before = _newest(tuple(one for one in case.benefit.actuals if one.period.end <= actual.period.start))
    if before is None:
        return None
    text = f"{case.money(Fraction(before.value))} in {period_text(before.period)}"
    return Comparator("previous", before.value, text, before.period.last_day)


def period_text(period: Period) -> str:
    """Return a period in words: "February 2026", "Q1 2026 (January–March 2026)", "2026"."""
    first, last = numbers.MONTHS[period.start.month - 1], numbers.MONTHS[period.last_day.month - 1]
    if period.months == 1:
        return f"{first} {period.start.year}"
    if "Q" in period.text:
        return f"{period.text[-2:]} {period.start.year} ({first}–{last} {period.start.year})"
    return period.text
