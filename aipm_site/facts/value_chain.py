"""Value chain: what one unit of scale is worth a year, by its drivers as they are written or as a model is measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from msgspec import Struct

from aipm_site.facts import numbers
from aipm_site.facts.figure import Source
from aipm_site.facts.metric import exact_value, scale_of, title_of
from aipm_site.facts.model import Family, families, model_comparisons, rows_that_speak
from aipm_site.facts.scale import SHARE_UNITS
from aipm_site.facts.series import Measurements
from aipm_site.project import Project
from aipm_site.records.benefit import Benefit, Driver
from aipm_site.records.metric import Metric
from aipm_site.records.model import Model
from aipm_site.records.observation import Observation
from aipm_site.records.record import Entry


class Gap(Struct, frozen=True):
    """Why something cannot be computed: the reason of an unknown figure."""

    reason: str


class MeasuredDriver(Struct, frozen=True):
    """A driver as it was measured on a version of a model.

    Attributes:
        driver: Name of the driver.
        metric: What the metric is called.
        model: The version.
        row: The observation, of all the data.
        value: Its exact value in the driver's unit.
        text: How it is written: "72.0 %".
        records: The records behind it.
    """

    driver: str
    metric: str
    model: Model
    row: Observation
    value: Fraction
    text: str
    records: tuple[Entry, ...]


class DriverChange(Struct, frozen=True):
    """A driver with production, and with the candidate."""

    production: MeasuredDriver
    candidate: MeasuredDriver


class Unpriced(Struct, frozen=True):
    """A metric of a candidate that no driver names, with the records behind it and their strictest label."""

    title: str
    sources: tuple[Source, ...]
    audience: str


def worth_of_a_unit(drivers: Iterable[Driver], instead: Mapping[str, Fraction] | None = None) -> Fraction:
    """Return the benefit of a year for one unit of scale: the product of the drivers (domain §2.4, §3.9).

    Args:
        drivers: The chain.
        instead: Values that stand in for the written ones, by the name of the driver.
    """
    worth = Fraction(1)
    for driver in drivers:
        worth *= (instead or {}).get(driver.name, Fraction(driver.value))
    return worth


def driver_text(
    benefit: Benefit, driver: Driver, value: Decimal | Fraction | None = None, *, most_decimals: int = 4
) -> str:
    """Return a value of a driver with its unit: "5 %", "USD 15,000", "8,000 discharges/hospital/year"."""
    shown = Fraction(driver.value if value is None else value)
    unit = driver.unit or ""
    if unit in SHARE_UNITS:
        share = shown * SHARE_UNITS[unit]
        return f"{numbers.as_written(share * 100, most_decimals=most_decimals)}{numbers.SPACE}%"
    if unit == benefit.currency:
        return numbers.money_exact(shown, unit)
    digits = numbers.as_written(shown, most_decimals=most_decimals)
    return f"{digits}{numbers.SPACE}{unit}" if unit else digits


class MeasuredDrivers(Struct, frozen=True, dict=True):
    """Looks up what was measured of the metrics that drivers name.

    Attributes:
        project: The project as it is known at the as-of.
    """

    project: Project

    @cached_property
    def measurements(self) -> Measurements:
        """Everything measured in the project."""
        return Measurements(self.project)

    @cached_property
    def _families(self) -> tuple[Family, ...]:
        return families(self.project)

    def in_production(self, driver: Driver) -> MeasuredDriver | Gap:
        """Return a driver as the version in production is measured: there, where it is, and of all the data."""
        in_use = (family.production for family in self._families if family.production)
        rows = [(model, rows_that_speak(model, self.measurements).get((driver.metric or "", None))) for model in in_use]
        found = [(model, row) for model, row in rows if row is not None]
        if len(found) != 1:
            return self._not_one(driver, [model for model, _ in found], "a version in production")
        return self._measured(driver, *found[0])

    def with_candidate(self, driver: Driver) -> DriverChange | Gap:
        """Return a driver as the newest candidate is measured, and as production is on the same data."""
        on_the_way = ((family, family.candidate) for family in self._families if family.candidate)
        rows = [
            (family, model, self.measurements.newest(model.id).get((driver.metric or "", None)))
            for family, model in on_the_way
        ]
        found = [(family.production, model, row) for family, model, row in rows if row is not None]
        if len(found) != 1:
            return self._not_one(driver, [model for _, model, _ in found], "a candidate")
        return self._change(driver, *found[0])

    def _change(
        self, driver: Driver, production: Model | None, candidate: Model, row: Observation
    ) -> DriverChange | Gap:
        if production is None:
            return Gap(f"no version in production to hold {candidate.id} against")
        other = self.measurements.counterpart(row, production.id)
        if other is None:
            # Values on other data, or in another unit, are another series (domain §5, T-18).
            where = f" on {row.dataset}" if row.dataset else ""
            return Gap(f"production {production.version} has no value of {self._title(driver)}{where} to compare with")
        before, after = self._measured(driver, production, other), self._measured(driver, candidate, row)
        if isinstance(before, Gap):
            return before
        return after if isinstance(after, Gap) else DriverChange(before, after)

    def _title(self, driver: Driver) -> str:
        return title_of(driver.metric or "", self.measurements)

    def _not_one(self, driver: Driver, models: list[Model], what: str) -> Gap:
        if models:
            return Gap(f"{self._title(driver)} is measured on several models: {', '.join(m.id for m in models)}")
        return Gap(f"{self._title(driver)} has no value of {what}")

    def _measured(self, driver: Driver, model: Model, row: Observation) -> MeasuredDriver | Gap:
        unit = self.measurements.unit_of(row)
        value = _in_unit_of(driver, exact_value(row, unit), unit)
        if value is None:
            return Gap(
                f"{self._title(driver)} is measured in {unit or 'no unit'}, and {driver.name} is in {driver.unit}"
            )
        metric = self.measurements.metrics.get(row.metric)
        records: tuple[Entry, ...] = (row, model, *((metric,) if isinstance(metric, Metric) else ()))
        text = scale_of(row, self.measurements).text(exact_value(row, unit))
        return MeasuredDriver(driver.name, self._title(driver), model, row, value, text, records)

    def unpriced(self, benefit: Benefit) -> tuple[Unpriced, ...]:
        """Return the metrics of candidates that no driver of a benefit names: they have no effect on its money."""
        named = {driver.metric for driver in benefit.value_driver}
        changes = (change for c in model_comparisons(self.measurements) for change in c.changes)
        found = {title_of(c.after.metric, self.measurements): c for c in changes if c.after.metric not in named}
        return tuple(Unpriced(title, change.sources, change.audience) for title, change in sorted(found.items()))

    def considered(self, benefit: Benefit) -> tuple[Entry, ...]:
        """Return what is looked at to find out how the drivers of a benefit are measured."""
        named = {driver.metric for driver in benefit.value_driver if driver.metric}
        metrics = (self.project.get(metric_id) for metric_id in sorted(named))
        rows = (row for row in self.project.of(Observation) if row.metric in named)
        return (*self.project.of(Model), *(metric for metric in metrics if metric is not None), *rows)


def _in_unit_of(driver: Driver, value: Decimal | Fraction, unit: str) -> Fraction | None:
    """Return a measured value in the unit of a driver; a share as a share of one, unless the driver is in percent."""
    if unit in SHARE_UNITS:
        return Fraction(value) * SHARE_UNITS[unit] / SHARE_UNITS.get(driver.unit or "", Fraction(1))
    return Fraction(value) if driver.unit in (None, unit) else None
