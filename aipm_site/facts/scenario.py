"""Scenarios: what a benefit is worth at each scale, as a run-rate and in each fiscal year, and whether it pays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from msgspec import Struct

from aipm_site.facts import numbers
from aipm_site.facts.benefit_case import Amount, BenefitCase, scale_text
from aipm_site.facts.cash_flow import CashFlow, later_by, months_after
from aipm_site.facts.figure import AnyFigure, Comparator
from aipm_site.facts.fiscal_year import FiscalYear, fiscal_years
from aipm_site.facts.value_chain import Gap, driver_text
from aipm_site.records.benefit import Benefit, Scenario

ROI_MONTHS = 12
# The calendar ends with the year 9999; a start near it has no fiscal years to count.
LAST_START = date(9900, 1, 1)
NO_START = Gap("the scenario has no start")


class InYear(Struct, frozen=True):
    """What a scenario brings in one fiscal year; the year is None where it cannot be told."""

    year: FiscalYear | None
    figure: AnyFigure


class ScenarioState(Struct, frozen=True):
    """What there is to say about one scenario; its figures are of its benefit's label.

    Attributes:
        scenario: The scenario as it is written.
        key: Its part in the names of its figures: "6".
        scale_text: Its scale with what that counts: "6 hospitals".
        is_plan: Whether it is the one that is planned.
        gross: The benefit of a full year.
        running: The cost of a full year.
        net_run_rate: What is left of it once all of it is reached.
        one_off: The cost at the start.
        in_year: What is left in each fiscal year of the horizon, the one-off cost in the first; never empty.
        payback: Months after the start until all costs are covered.
        roi: Return on investment over the first twelve months.
        npv: Net present value over the horizon.
    """

    scenario: Scenario
    key: str
    scale_text: str
    is_plan: bool
    gross: AnyFigure
    running: AnyFigure
    net_run_rate: AnyFigure
    one_off: AnyFigure
    in_year: tuple[InYear, ...]
    payback: AnyFigure
    roi: AnyFigure
    npv: AnyFigure

    @property
    def figures(self) -> tuple[AnyFigure, ...]:
        """All its figures."""
        years = (year.figure for year in self.in_year)
        return (self.gross, self.running, self.net_run_rate, self.one_off, *years, self.payback, self.roi, self.npv)

    def in_year_at(self, day: date) -> InYear:
        """Return the in-year answer that stands beside the run-rate: that of the day's fiscal year, else the first."""
        years = (one for one in self.in_year if one.year and one.year.start <= day < one.year.end)
        return next(years, self.in_year[0])


def scenario_states(case: BenefitCase) -> tuple[ScenarioState, ...]:
    """Return the state of each scenario of a benefit, in the order of the record."""
    pairs = zip(case.benefit.scenarios, case.keys, strict=True)
    return tuple(_Scenario(case, scenario, key).state() for scenario, key in pairs)


def years_of(case: BenefitCase, scenario: Scenario) -> tuple[FiscalYear, ...] | Gap:
    """Return the fiscal years in which a scenario is live; without a horizon, the first of them."""
    start, horizon = scenario.start, case.benefit.horizon
    if start is None:
        return NO_START
    if start > LAST_START:
        return Gap(f"the start {start} is too far away")
    last = later_by(start, horizon) - timedelta(days=1) if horizon else start
    return tuple(fiscal_years(start, last, case.project.charter.fiscal_year_start_month))


def span_in(case: BenefitCase, start: date, year: FiscalYear) -> tuple[Fraction, Fraction]:
    """Return which months after the start lie in a fiscal year, within the horizon."""
    end = months_after(start, year.end)
    horizon = case.benefit.horizon
    return months_after(start, year.start), min(end, Fraction(horizon)) if horizon else end


def net_in(case: BenefitCase, flow: CashFlow, start: date, year: FiscalYear) -> Fraction:
    """Return what is left in a fiscal year; the one-off cost belongs to the year of the start."""
    one_off = flow.one_off if year.start <= start < year.end else Fraction(0)
    return flow.net_between(*span_in(case, start, year)) - one_off


class _Scenario(Struct, frozen=True, dict=True):
    case: BenefitCase
    scenario: Scenario
    key: str

    def state(self) -> ScenarioState:
        return ScenarioState(
            scenario=self.scenario,
            key=self.key,
            scale_text=scale_text(self.case.benefit, self.scenario),
            is_plan=self.scenario == self.case.plan,
            gross=self.gross(),
            running=self.running(),
            net_run_rate=self.net_run_rate(),
            one_off=self.one_off(),
            in_year=self.in_year(),
            payback=self.payback(),
            roi=self.roi(),
            npv=self.npv(),
        )

    @cached_property
    def flow(self) -> CashFlow | Gap:
        return self.case.flow(self.scenario)

    @property
    def scale(self) -> str:
        return f"scale {scale_text(self.case.benefit, self.scenario)}"

    @property
    def currency(self) -> str:
        return self.case.benefit.currency

    def figure(
        self,
        word: str,
        value: Amount,
        unit: str,
        text: Callable[[Fraction], str],
        formula: str,
        comparator: Comparator | None = None,
    ) -> AnyFigure:
        return self.case.figure(f"{self.key}.{word}", value, unit, text, formula, comparator)

    def without_it(self, unit_text: str = "") -> Comparator:
        """Return what scenarios of a benefit are held against: that nothing is done."""
        text = f"without it: {numbers.money(0, self.currency)}{unit_text}"
        return Comparator("baseline", Fraction(0), text, None)

    @property
    def gross_amount(self) -> Amount:
        worth = self.case.worth
        return worth if isinstance(worth, Gap) else worth * Fraction(self.scenario.scale)

    def gross(self) -> AnyFigure:
        drivers = (
            f"{driver.name} {driver_text(self.case.benefit, driver)}" for driver in self.case.benefit.value_driver
        )
        formula = " × ".join((self.scale, *drivers))
        return self.per_year("gross_run_rate", self.gross_amount, formula, self.case.money)

    def per_year(self, word: str, value: Amount, formula: str, text: Callable[[Fraction], str]) -> AnyFigure:
        unit = f"{self.currency}/year"
        return self.figure(word, value, unit, lambda a: f"{text(a)} a year", formula, self.without_it(" a year"))

    def running(self) -> AnyFigure:
        value = self.case.cost("running", self.scenario.scale)
        return self.per_year("running_cost", value, self._cost_formula("running"), self.case.money)

    def one_off(self) -> AnyFigure:
        value = self.case.cost("one_off", self.scenario.scale)
        formula = self._cost_formula("one_off")
        return self.figure("one_off", value, self.currency, self.case.money, formula, self.without_it())

    def _cost_formula(self, name: str) -> str:
        costs = self.case.benefit.costs
        value = getattr(costs, name) if costs else None
        return f"{self.scale} × {numbers.money_exact(value, self.currency)}" if value is not None else ""

    def net_run_rate(self) -> AnyFigure:
        gross, running = self.gross_amount, self.case.cost("running", self.scenario.scale)
        if isinstance(gross, Gap) or isinstance(running, Gap):
            value: Amount = gross if isinstance(gross, Gap) else running
        else:
            value = gross - running
        formula = "gross run-rate − running cost, of a full year once all of the benefit is reached"
        return self.per_year("net_run_rate", value, formula, self.case.net)

    def in_year(self) -> tuple[InYear, ...]:
        flow, years, start = self.flow, years_of(self.case, self.scenario), self.scenario.start
        if isinstance(flow, Gap):
            return (InYear(None, self.figure("in_year", flow, "", str, "")),)
        if isinstance(years, Gap) or start is None:
            gap = years if isinstance(years, Gap) else NO_START
            return (InYear(None, self.figure("in_year", gap, "", str, "")),)
        return tuple(self._in_year(flow, start, year) for year in years)

    def _in_year(self, flow: CashFlow, start: date, year: FiscalYear) -> InYear:
        first, last = span_in(self.case, start, year)
        full, months = (numbers.as_written(m, most_decimals=2) for m in (flow.full_months(first, last), last - first))
        one_off = " − one-off cost" if year.start <= start < year.end else ""
        formula = (
            f"gross run-rate × {full} of 12 months − running cost × {months} of 12 months{one_off}; {year.text} is "
            f"{numbers.day(year.start)} to {numbers.day(year.end - timedelta(days=1))}, live from {numbers.day(start)}"
        )
        value = net_in(self.case, flow, start, year)
        whole = Comparator("target", flow.run_rate, f"a full year: {self.case.net(flow.run_rate)}", None)
        word = f"in_year.{year.name}"
        figure = self.figure(word, value, self.currency, lambda a: f"{self.case.net(a)} in {year.text}", formula, whole)
        return InYear(year, figure)

    def payback(self) -> AnyFigure:
        flow, horizon = self.flow, self.case.benefit.horizon
        months = flow if isinstance(flow, Gap) else flow.payback()
        formula = "months after the start until benefit − running cost covers the one-off cost, not discounted"
        against = Comparator("target", horizon, f"horizon: {months_text(horizon)}", None) if horizon else None
        value: Amount = Gap("it never pays back: the benefit does not cover the cost") if months is None else months
        return self.figure("payback", value, "months", _payback_text, formula, against)

    def roi(self) -> AnyFigure:
        flow = self.flow
        share = flow if isinstance(flow, Gap) else flow.roi(ROI_MONTHS)
        formula = f"(benefit − cost) ÷ cost of the first {ROI_MONTHS} months; cost is one-off + running cost"
        against = Comparator("baseline", Fraction(0), f"cost covered: {numbers.percent(0, 0)}", None)
        value: Amount = Gap("there is no cost to hold the benefit against") if share is None else share
        return self.figure("roi", value, "ratio", _roi_text, formula, against)

    def npv(self) -> AnyFigure:
        benefit, flow = self.case.benefit, self.flow
        if benefit.discount_rate is None or benefit.horizon is None:
            reason = "no discount rate is given" if benefit.discount_rate is None else "no horizon is given"
            return self.figure("npv", flow if isinstance(flow, Gap) else Gap(reason), "", str, "")
        rate, months = Fraction(benefit.discount_rate.rate), benefit.horizon
        value = flow if isinstance(flow, Gap) else flow.npv(rate, months)
        percent = f"{numbers.as_written(rate * 100)}{numbers.SPACE}%"
        return self.figure(
            "npv",
            value,
            self.currency,
            lambda a: f"{self.case.money(a)} over {months_text(months)} at {percent}",
            _npv_formula(benefit, percent),
            self.without_it(),
        )


def _payback_text(months: Fraction) -> str:
    return f"{numbers.fixed(months, 1)} months after the start" if months else "at once"


def _roi_text(share: Fraction) -> str:
    return f"{numbers.percent(share)} over the first {ROI_MONTHS} months"


def months_text(months: int) -> str:
    """Return a number of months in words."""
    return numbers.plural(months, "month", "months")


def _npv_formula(benefit: Benefit, percent: str) -> str:
    base, rate = benefit.price_base, benefit.discount_rate
    prices = "price base not given"
    if base:
        prices = f"{base.type} prices{f' of {base.year}' if base.year else ''}"
    basis = f" ({rate.basis})" if rate and rate.basis else ""
    return (
        f"− one-off cost at the start (t = 0) + benefit − running cost of each year at its end (t = 1, 2, …) "
        f"÷ (1 + {percent})^t; a part of a year counts at the end of its year; {prices}; rate {percent}{basis}"
    )
