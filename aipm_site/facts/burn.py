"""Burn: what a month costs at present, and for how many months the budget lasts at that."""

from __future__ import annotations

from fractions import Fraction

from aipm_site.facts.cost_figures import MoneyFigures
from aipm_site.facts.curve import end_of_month_before, months_to
from aipm_site.facts.earned_value import EarnedValue, Measure
from aipm_site.facts.figure import AnyFigure, Comparator
from aipm_site.facts.ledger import NO_COST, Ledger
from aipm_site.facts.numbers import fixed, plural

# Burn is the mean of so many closed months (domain §3.8).
BURN_MONTHS = 3


def burn_figures(ledger: Ledger) -> tuple[AnyFigure, ...]:
    """Return cost.burn, money a month, and cost.runway_months; none without any money."""
    if not ledger.accounts and not ledger.costs:
        return ()
    make, months = MoneyFigures(ledger), _months(ledger)
    burn = monthly_burn(ledger, make.values, months)
    return _burn_figure(make, burn, months), _runway_figure(make, runway_months(make.values, burn))


def monthly_burn(ledger: Ledger, values: EarnedValue, months: int) -> Measure:
    """Return actual cost a month over the last months up to the day of some values, or why it is not known."""
    if isinstance(values.ac, str) or ledger.status_day is None or months == 0:
        return values.ac if isinstance(values.ac, str) else NO_COST
    before = ledger.spent.at(end_of_month_before(ledger.status_day, months))
    return "cost is not recorded month by month" if before is None else (values.ac - before) / months


def runway_months(values: EarnedValue, burn: Measure) -> Measure:
    """Return (BAC − AC) ÷ burn, not below 0: for how many months the budget lasts, or why that is not known."""
    if isinstance(burn, str):
        return burn
    if isinstance(values.bac, str) or isinstance(values.ac, str):
        return str(values.bac)
    return max(Fraction(0), values.bac - values.ac) / burn if burn > 0 else "nothing was spent lately"


def _months(ledger: Ledger) -> int:
    first, last = ledger.spent.first_day, ledger.status_day
    return min(BURN_MONTHS, months_to(first, last)) if first and last else 0


def _burn_figure(make: MoneyFigures, burn: Measure, months: int) -> AnyFigure:
    if isinstance(burn, str):
        return make.unknown("cost.burn", burn, ("spent",))
    formula = make.dated(f"AC of the last {plural(months, 'closed month', 'closed months')} ÷ {months}")
    text, unit = f"{make.money(burn)} a month", f"{make.currency} a month"
    return make.known("cost.burn", burn, unit, text, formula, ("spent",))


def _runway_figure(make: MoneyFigures, runway: Measure) -> AnyFigure:
    groups = ("budget", "planned", "spent")
    if isinstance(runway, str):
        return make.unknown("cost.runway_months", runway, groups)
    last, today = make.ledger.plan.last_day, make.ledger.status_day
    left = max(0, months_to(today, last) - 1) if last and today else 0
    against = Comparator("target", left, f"{plural(left, 'month', 'months')} left in the plan", None)
    text, formula = f"{fixed(runway, 1)} months", make.dated("(BAC − AC) ÷ burn")
    return make.known("cost.runway_months", runway, "months", text, formula, groups, against)
