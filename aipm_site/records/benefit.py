"""Benefits: what a result is worth, through a chain of named drivers, in scenarios, and what was realised of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from aipm_site.records.fields import Count, Currency, IsoDate, Line, Number, Prose, Ratio, reference_to, whole_number
from aipm_site.records.kind import Breach, Expectation, Kind
from aipm_site.records.period import PeriodField
from aipm_site.records.record import Part, Record, expected, needed, optional

Basis = Literal["measured", "assumed", "quoted"]
# Nobody foresees more than fifty years; a slip of the finger must not ask for millions of months.
MonthCount = Annotated[int, whole_number(1, 600)]
Year = Annotated[int, whole_number(1900, 2999)]
Days = Annotated[int, whole_number(1)]


class Driver(Part):
    """One link of the chain that leads from what happens to money: the links are multiplied."""

    name: Line = needed("what it is, such as readmission rate")
    value: Number = needed("its central value; a share as 0.15, not 15")
    unit: Line | None = expected("what it counts, such as discharges/hospital/year, ratio or USD")
    basis: Basis | None = expected("measured, assumed, or quoted from somebody else")
    source: Line | None = expected("where the value is from")
    low: Number | None = optional("the least value that is likely")
    high: Number | None = optional("the greatest value that is likely")
    metric: Annotated[Line, reference_to("metric")] | None = optional(
        "the metric of a model that this is: the only way by which a metric becomes money"
    )
    as_of: IsoDate | None = optional("the day for which the value holds")


class RampStep(Part):
    """How much of the full benefit is reached from a month on."""

    month: Count = needed("months after the start, each once; 0 is the first")
    share: Ratio = needed("share of the full benefit from then on; the running cost is paid in full from the start")


class Scenario(Part):
    """One scale at which the result is used."""

    name: Line = needed("short name; stands in the names of its figures, such as 6")
    title: Line | None = optional("what it is called in a table, such as 6 of 12 hospitals")
    scale: Number = needed("how many units use it, such as hospitals")
    start: IsoDate | None = expected("the day on which it goes live")
    ramp: tuple[RampStep, ...] = optional("how the full benefit is reached; at once where absent", many=True)


class BenefitCosts(Part):
    """What it costs, for each unit of scale."""

    one_off: Number | None = expected("once, at the start, for each unit")
    running: Number | None = expected("each year, for each unit")


class DiscountRate(Part):
    """By how much a year later is worth less."""

    short_field = "rate"

    rate: Ratio = needed("a share of one a year, such as 0.08")
    basis: Line | None = expected("why this rate")


class PriceBase(Part):
    """In the prices of which time all amounts are."""

    type: Literal["real", "nominal"] = needed("real: without inflation; nominal: with it")
    year: Year | None = optional("the year whose prices are meant")


class Actual(Part):
    """What was realised in one period."""

    period: PeriodField = needed("the period, such as 2026-02")
    value: Number = needed("in the benefit's currency")
    method: Line | None = expected("how it was measured")
    attribution: Line | None = expected("how one knows that it comes from this result")
    reported_on: IsoDate | None = optional("the day on which it was reported")


class PlannedBenefit(Part):
    """What the plan wants in one period."""

    period: PeriodField = needed("the period, such as 2026-02")
    value: Number = needed("in the benefit's currency")
    low: Number | None = optional("the low case of the period")


class Benefit(Record):
    """The worth of a result, as a question with its answers."""

    question: Prose | None = expected("the question that it answers")
    value_driver: tuple[Driver, ...] = needed("the chain: its links are multiplied, and by the scale of a scenario")
    scenarios: tuple[Scenario, ...] = needed("the scales for which it is worked out")
    currency: Currency = needed("ISO 4217 code of all its amounts")
    costs: BenefitCosts | None = expected("what it costs")
    scale_unit: Line | None = optional("what the scale counts, such as hospitals")
    horizon: MonthCount | None = expected("for how many months it is looked at")
    discount_rate: DiscountRate | None = expected("rate of a year, with its basis")
    price_base: PriceBase | None = expected("real or nominal prices, and of which year")
    plan: Line | None = optional("name of the scenario that is planned")
    planned: tuple[PlannedBenefit, ...] = optional("what the plan wants of each period", many=True)
    actuals: tuple[Actual, ...] = optional("what was realised, oldest first", many=True)
    actuals_days: Days | None = optional("for how many days a reported actual speaks; 31 where absent")
    supports: tuple[Annotated[Line, reference_to()], ...] = optional(
        "objectives or decisions that it serves", many=True
    )


def ranges_hold_the_value(benefit: Benefit) -> Iterable[Breach]:
    """Find a range beside its central value."""
    for index, driver in enumerate(benefit.value_driver):
        low, high = driver.low, driver.high
        if (low is not None and driver.value < low) or (high is not None and driver.value > high):
            span = f"{'…' if low is None else low} to {'…' if high is None else high}"
            message = f"{driver.name}: value {driver.value} is not within {span}"
            yield Breach("out-of-range", message, ("value_driver", index, "value"), "write low, value, high in order")


def assumptions_have_a_range(benefit: Benefit) -> Iterable[Breach]:
    """Warn of an assumed input without low and high: nobody could see what depends on it (domain §2.4)."""
    for index, driver in enumerate(benefit.value_driver):
        if driver.basis == "assumed" and (driver.low is None or driver.high is None):
            message = f"{driver.name} is assumed, and has no low and high"
            hint = "write low: and high: between which it is likely"
            yield Breach("assumed-without-range", message, ("value_driver", index), hint, "warning")


def names_are_unique(benefit: Benefit) -> Iterable[Breach]:
    """Find two drivers or scenarios of one name, and a plan that is no scenario."""
    for field in ("value_driver", "scenarios"):
        seen: Counter[str] = Counter()
        for index, item in enumerate(getattr(benefit, field)):
            seen[item.name] += 1
            if seen[item.name] > 1:
                yield Breach("duplicate-name", f"'{item.name}' stands twice", (field, index, "name"))
    names = [scenario.name for scenario in benefit.scenarios]
    if benefit.plan is not None and benefit.plan not in names:
        message = f"plan '{benefit.plan}' is none of the scenarios"
        yield Breach("unknown-scenario", message, ("plan",), f"scenarios are {', '.join(names)}")


def ramps_say_one_thing_of_a_month(benefit: Benefit) -> Iterable[Breach]:
    """Find a month of which a ramp gives two shares, so that nobody knows which of them is reached."""
    for number, scenario in enumerate(benefit.scenarios):
        seen: Counter[int] = Counter()
        for index, step in enumerate(scenario.ramp):
            seen[step.month] += 1
            if seen[step.month] > 1:
                message = f"month {step.month} stands twice in the ramp of '{scenario.name}'"
                yield Breach("duplicate-name", message, ("scenarios", number, "ramp", index, "month"))


def scales_are_positive(benefit: Benefit) -> Iterable[Breach]:
    """Find a scenario of no size, and costs below zero."""
    for index, scenario in enumerate(benefit.scenarios):
        if scenario.scale <= 0:
            yield Breach("out-of-range", f"scale {scenario.scale} is not above 0", ("scenarios", index, "scale"))
    for name in ("one_off", "running"):
        amount = getattr(benefit.costs, name) if benefit.costs else None
        if amount is not None and amount < Decimal(0):
            yield Breach("negative-amount", f"{name} {amount} is below 0", ("costs", name))


KIND = Kind(
    Benefit,
    name="benefit",
    folder="benefits",
    prefix="BEN",
    plural="benefits",
    register="Benefits",
    columns=("id", "title", "question", "currency", "horizon", "plan", "owner"),
    rules=(
        ranges_hold_the_value,
        assumptions_have_a_range,
        names_are_unique,
        ramps_say_one_thing_of_a_month,
        scales_are_positive,
    ),
    expectations=(
        Expectation(
            ("plan",),
            when=lambda benefit, _: len(benefit.scenarios) > 1,
            because="of several scenarios one is planned",
        ),
    ),
)
