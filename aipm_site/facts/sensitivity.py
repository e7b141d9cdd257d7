"""Sensitivity: what the low and high of each driver make of a scenario, and at which value of one it breaks even."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from aipm_site.facts.benefit_case import Amount, BenefitCase, name_part, scale_text
from aipm_site.facts.cash_flow import CashFlow
from aipm_site.facts.figure import AnyFigure, Comparator
from aipm_site.facts.fiscal_year import FiscalYear
from aipm_site.facts.scenario import months_text, net_in, years_of
from aipm_site.facts.value_chain import Gap, driver_text
from aipm_site.records.benefit import Driver, Scenario

BREAK_EVEN_DECIMALS = 2


class Outcome(Struct, frozen=True):
    """What a scenario brings with one value of a driver, in the benefit's currency.

    Attributes:
        value_text: The value of the driver: "3 %".
        net_run_rate: What is left of a full year.
        in_year: What is left in the fiscal year of the start; None where that is not known.
    """

    value_text: str
    net_run_rate: Fraction
    in_year: Fraction | None


class DriverSwing(Struct, frozen=True):
    """How far one driver moves a scenario between its low and its high; the others stay at their central value.

    Attributes:
        driver: Its name.
        low: The outcome at its low; None where none is given.
        central: The outcome at its central value.
        high: The outcome at its high; None where none is given.
        figure: The figure of the span of the net run-rate.
    """

    driver: str
    low: Outcome | None
    central: Outcome
    high: Outcome | None
    figure: AnyFigure

    @property
    def span(self) -> Fraction:
        """Distance between the least and the greatest net run-rate."""
        return _span(self.outcomes)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes at its low, central and high value, as far as they are given."""
        return tuple(outcome for outcome in (self.low, self.central, self.high) if outcome is not None)


class Sensitivity(Struct, frozen=True):
    """What the plan of a benefit depends on.

    Attributes:
        scenario: Name of the scenario that is planned; None where none is.
        year: The fiscal year of its start; None where that is not known.
        swings: The drivers that have a range, the widest span first, then by name: the order of a tornado.
        without_range: Names of the drivers that have none.
        break_even: Value of the first of these drivers at which the benefit covers the running cost.
        break_even_with_one_off: Value at which it covers the one-off cost as well, over the horizon.
        reason: Why there are no swings; empty where there are.
    """

    scenario: str | None
    year: FiscalYear | None
    swings: tuple[DriverSwing, ...]
    without_range: tuple[str, ...]
    break_even: AnyFigure
    break_even_with_one_off: AnyFigure
    reason: str

    @property
    def strongest(self) -> DriverSwing | None:
        """The driver that moves the result most."""
        return self.swings[0] if self.swings else None

    @property
    def figures(self) -> tuple[AnyFigure, ...]:
        """All its figures."""
        return (self.break_even, self.break_even_with_one_off, *(swing.figure for swing in self.swings))


def sensitivity(case: BenefitCase) -> Sensitivity:
    """Return what the plan of a benefit depends on: one driver at a time goes from its low to its high."""
    plan, drivers = case.plan, case.benefit.value_driver
    flow = plan if isinstance(plan, Gap) else case.flow(plan)
    without_range = tuple(driver.name for driver in drivers if driver.low is None and driver.high is None)
    if isinstance(plan, Gap):
        return _without(case, None, without_range, plan)
    if isinstance(flow, Gap):
        return _without(case, plan, without_range, flow)
    work = _Sensitivity(case, plan, flow)
    swings = work.swings()
    if not swings:
        return _without(case, plan, without_range, Gap("no driver has a low and a high"))
    strongest = next(driver for driver in drivers if driver.name == swings[0].driver)
    return Sensitivity(
        scenario=plan.name,
        year=work.year,
        swings=swings,
        without_range=without_range,
        break_even=work.break_even(strongest),
        break_even_with_one_off=work.break_even_with_one_off(strongest),
        reason="",
    )


def _without(case: BenefitCase, plan: Scenario | None, without_range: tuple[str, ...], gap: Gap) -> Sensitivity:
    first, second = (case.figure(name, gap, "", str, "") for name in ("break_even", "break_even_with_one_off"))
    return Sensitivity(plan.name if plan else None, None, (), without_range, first, second, gap.reason)


class _Sensitivity(Struct, frozen=True):
    case: BenefitCase
    plan: Scenario
    flow: CashFlow

    @property
    def year(self) -> FiscalYear | None:
        years = years_of(self.case, self.plan)
        return None if isinstance(years, Gap) else years[0]

    def swings(self) -> tuple[DriverSwing, ...]:
        drivers = self.case.benefit.value_driver
        ranged = [driver for driver in drivers if driver.low is not None or driver.high is not None]
        swings = (self._swing(driver, number) for number, driver in enumerate(ranged, start=1))
        return tuple(sorted(swings, key=lambda swing: (-swing.span, swing.driver)))

    def _swing(self, driver: Driver, number: int) -> DriverSwing:
        low, high = (None if value is None else self._outcome(driver, value) for value in (driver.low, driver.high))
        central = self._outcome(driver, driver.value)
        outcomes = [outcome for outcome in (low, central, high) if outcome is not None]
        return DriverSwing(driver.name, low, central, high, self._figure(driver, number, outcomes))

    def _outcome(self, driver: Driver, value: Decimal) -> Outcome:
        flow = self.case.flow(self.plan, self.case.worth_with({driver.name: Fraction(value)}))
        # The chain and the costs are there, as the central flow is.
        assert isinstance(flow, CashFlow)
        start, year = self.plan.start, self.year
        in_year = net_in(self.case, flow, start, year) if start and year else None
        return Outcome(driver_text(self.case.benefit, driver, value), flow.run_rate, in_year)

    def _figure(self, driver: Driver, number: int, outcomes: list[Outcome]) -> AnyFigure:
        rates = [outcome.net_run_rate for outcome in outcomes]
        parts = [name_part(other.name) for other in self.case.benefit.value_driver]
        part = name_part(driver.name)
        ends = f"{self.case.net(min(rates))} to {self.case.net(max(rates))} a year"
        return self.case.figure(
            f"sensitivity.{part if part and parts.count(part) == 1 else f'driver-{number}'}",
            max(rates) - min(rates),
            f"{self.case.benefit.currency}/year",
            lambda _: ends,
            f"greatest − least net run-rate at {scale_text(self.case.benefit, self.plan)} with {driver.name} at "
            f"{', '.join(outcome.value_text for outcome in outcomes)}, all else as written",
            Comparator("baseline", self.flow.run_rate, f"central: {self.case.net(self.flow.run_rate)} a year", None),
        )

    def break_even(self, driver: Driver) -> AnyFigure:
        formula = f"{driver.name} at which gross run-rate = running cost, all else as written"
        return self._break_even("break_even", driver, self.flow.running, self.flow.gross, formula)

    def break_even_with_one_off(self, driver: Driver) -> AnyFigure:
        months = self.case.benefit.horizon
        name = "break_even_with_one_off"
        if months is None:
            return self.case.figure(name, Gap("no horizon is given"), "", str, "")
        cost = self.flow.one_off + self.flow.running_between(0, months)
        formula = (
            f"{driver.name} at which the benefit of {months_text(months)} = one-off cost + running cost, "
            f"not discounted, all else as written"
        )
        return self._break_even(name, driver, cost, self.flow.gross_between(0, months), formula)

    def _break_even(self, name: str, driver: Driver, cost: Fraction, benefit: Fraction, formula: str) -> AnyFigure:
        # The benefit is in proportion to every driver, as they are multiplied.
        value: Amount = Gap("the benefit is 0 with the drivers as written")
        if benefit:
            value = Fraction(driver.value) * cost / benefit
        written = Comparator("baseline", driver.value, f"as written: {driver_text(self.case.benefit, driver)}", None)
        return self.case.figure(
            name,
            value,
            driver.unit or "",
            lambda found: (
                f"{driver.name} {driver_text(self.case.benefit, driver, found, most_decimals=BREAK_EVEN_DECIMALS)}"
            ),
            formula,
            written,
        )


def _span(outcomes: Iterable[Outcome]) -> Fraction:
    rates = [outcome.net_run_rate for outcome in outcomes]
    return max(rates) - min(rates)
