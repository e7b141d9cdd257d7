"""The dimension "cost": what budget, cost and earned value make of the status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from msgspec import Struct

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.earned_value import EarnedValue, Measure
from aipm_site.facts.finding import (
    Assessment,
    Finding,
    FindingStatus,
    age_words,
    make_age_finding,
    make_finding,
    worst_first,
)
from aipm_site.facts.freshness import Freshness, freshness, freshness_of, oldest
from aipm_site.facts.ledger import Ledger
from aipm_site.facts.numbers import day, index, money, percent
from aipm_site.project import Project
from aipm_site.records.budget_line import BudgetLine
from aipm_site.records.cost import Cost
from aipm_site.records.record import Entry

# FEMA's bands for SPI and CPI; too good is told as well, as it says that plan or books are wrong (domain §3.6).
GREEN_FROM, AMBER_FROM = Fraction(95, 100), Fraction(90, 100)
GREEN_TO, AMBER_TO = Fraction(105, 100), Fraction(110, 100)


class IndexBand(Struct, frozen=True):
    """Where an index lies: the rule and colour of its band, and the limit that it is beyond."""

    rule: str
    status: FindingStatus
    limit: Fraction


def index_band(value: Fraction) -> IndexBand | None:
    """Return the band of CPI or SPI; None where it is green. A value on a limit is within it."""
    if value < AMBER_FROM:
        return IndexBand("index-far-below-plan", "red", AMBER_FROM)
    if value < GREEN_FROM:
        return IndexBand("index-below-plan", "amber", GREEN_FROM)
    if value > AMBER_TO:
        return IndexBand("index-far-above-plan", "red", AMBER_TO)
    return IndexBand("index-above-plan", "amber", GREEN_TO) if value > GREEN_TO else None


def assess_cost(ledger: Ledger) -> Assessment:
    """Return what the money makes of the dimension "cost".

    Needed are a budget whose lines were looked at lately, and the cost of the last closed period. Where work earns
    value, the indices and the estimate at completion are judged; else spending is held against the budget.
    """
    project = ledger.project
    ages = [*_ages_of_lines(ledger), *([_age_of_cost(ledger)] if ledger.closed_days else [])]
    findings = [*_inputs(ledger), *_amounts(ledger)]
    if not findings:
        findings.append(_in_order(ledger))
    has_records = bool(project.of(BudgetLine) or project.of(Cost))
    return Assessment(worst_first(findings), ledger.audience, oldest(ages), has_records)


def _inputs(ledger: Ledger) -> Iterator[Finding]:
    project = ledger.project
    if not ledger.accounts:
        yield make_finding(project, "no-budget-recorded", "not_reported")
    if len(ledger.currencies) > 1:
        records, currencies = ledger.records("budget", "earned", "spent"), " and ".join(ledger.currencies)
        yield make_finding(project, "currencies-mixed", "not_reported", records, currencies=currencies)
    for account in ledger.accounts:
        if _is_running(account.line, ledger.as_of):
            yield from _line_age(project, account.line, freshness_of(project, account.line, ledger.as_of))
    yield from _cost_age(ledger)


def _is_running(line: BudgetLine, as_of: AsOf) -> bool:
    return any(item.period.last_day >= as_of.date for item in line.planned)


def _ages_of_lines(ledger: Ledger) -> list[Freshness]:
    running = (account.line for account in ledger.accounts if _is_running(account.line, ledger.as_of))
    return [freshness_of(ledger.project, line, ledger.as_of) for line in running]


def _line_age(project: Project, line: BudgetLine, age: Freshness) -> Iterator[Finding]:
    if not age.is_current:
        yield make_age_finding(project, "budget", line, age)


def _age_of_cost(ledger: Ledger) -> Freshness:
    # A row speaks for its period, whenever it was booked; what can be missing is the cost of a later period.
    return freshness(ledger.closed_days[-1], ledger.as_of.date, ledger.fresh_days)


def _cost_age(ledger: Ledger) -> Iterator[Finding]:
    project = ledger.project
    if not ledger.closed_days:
        yield make_finding(project, "no-cost-recorded", "not_reported")
        return
    age = _age_of_cost(ledger)
    if not age.is_current:
        yield make_finding(
            project, "cost-stale", "not_reported", _of_day(ledger, ledger.closed_days[-1]), **age_words(age)
        )
        return
    earned = freshness(ledger.cut_off, ledger.as_of.date, ledger.fresh_days) if ledger.cut_off else None
    if earned and not earned.is_current:
        records = ledger.records("earned")
        yield make_finding(project, "earned-value-stale", "not_reported", records, **age_words(earned))


def _of_day(ledger: Ledger, last: date) -> Iterable[Entry]:
    return [cost for cost in ledger.costs if cost.period.last_day == last]


def _amounts(ledger: Ledger) -> Iterator[Finding]:
    values = ledger.at(ledger.status_day)
    yield from _exhausted(ledger)
    when = day(ledger.status_day) if ledger.status_day else ""
    early = "; early, unstable" if values.is_early else ""
    for name, value, groups in _indices(values):
        band = index_band(value) if isinstance(value, Fraction) else None
        if band and isinstance(value, Fraction):
            words = {"index": name, "value": index(value) + early, "limit": index(band.limit), "date": when}
            yield make_finding(ledger.project, band.rule, band.status, ledger.records(*groups), **words)
    yield from _overrun(ledger, values, when)


def _indices(values: EarnedValue) -> tuple[tuple[str, Measure, tuple[str, ...]], ...]:
    return (
        ("Cost performance (CPI)", values.cpi, ("earned", "spent")),
        ("Schedule performance (SPI)", values.spi, ("earned", "planned")),
    )


def _exhausted(ledger: Ledger) -> Iterator[Finding]:
    # The newest cost counts here, also where earned value lags behind it.
    last = ledger.closed_days[-1] if ledger.closed_days else None
    values = ledger.at(last)
    if last and values.is_exhausted and isinstance(values.ac, Fraction) and isinstance(values.bac, Fraction):
        currency = ledger.currencies[0] if ledger.currencies else ""
        words = {"spent": money(values.ac, currency), "budget": money(values.bac, currency), "date": day(last)}
        records = ledger.records("budget", "spent")
        yield make_finding(ledger.project, "budget-exhausted", "red", records, **words)


def _overrun(ledger: Ledger, values: EarnedValue, when: str) -> Iterator[Finding]:
    eac, bac = values.eac, values.bac
    if isinstance(eac, str) or isinstance(bac, str) or eac <= bac:
        return
    tolerances = ledger.project.charter.tolerances
    tolerance = Fraction(tolerances.cost) if tolerances and tolerances.cost is not None else None
    currency = ledger.currencies[0] if ledger.currencies else ""
    over = (eac - bac) / bac
    words = {"estimate": money(eac, currency), "budget": money(bac, currency), "over": percent(over), "date": when}
    records = ledger.records("budget", "earned", "spent")
    if tolerance is not None and over > tolerance:
        words["tolerance"] = percent(tolerance, 0)
        yield make_finding(ledger.project, "estimate-beyond-tolerance", "red", records, **words)
    else:
        yield make_finding(ledger.project, "estimate-over-budget", "amber", records, **words)


def _in_order(ledger: Ledger) -> Finding:
    records = ledger.records("budget", "earned", "spent")
    values, currency = ledger.at(ledger.status_day), ledger.currencies[0] if ledger.currencies else ""
    if isinstance(values.eac, Fraction) and isinstance(values.bac, Fraction):
        words = {"estimate": money(values.eac, currency), "budget": money(values.bac, currency)}
        return make_finding(ledger.project, "cost-within-limits", "green", records, **words)
    spent, budget = values.ac, values.bac
    words = {
        "spent": money(spent, currency) if isinstance(spent, Fraction) else "",
        "budget": money(budget, currency) if isinstance(budget, Fraction) else "",
    }
    return make_finding(ledger.project, "cost-within-budget", "green", records, **words)
