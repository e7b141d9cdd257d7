"""Release effect: what a benefit brings with its drivers as a model is measured, in production and as a candidate."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.benefit_case import Amount, BenefitCase
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Unknown, sources_of
from aipm_site.facts.value_chain import DriverChange, Gap, MeasuredDriver, MeasuredDrivers, Unpriced
from aipm_site.facts.view import View
from aipm_site.records.benefit import Driver, Scenario
from aipm_site.records.observation import Observation
from aipm_site.records.record import Entry


class Release(Struct, frozen=True):
    """What the newest candidate would change of a benefit, if it took the place of production.

    Attributes:
        changes: The drivers that are a metric, with production and with the candidate; none where one is not known.
        effects: The change of the net run-rate, one figure for each scenario in the order of the record.
        unpriced: Metrics of the candidate that no driver names; they have no effect on the money.
        audience: Strictest label of what the effects rest on.
    """

    changes: tuple[DriverChange, ...]
    effects: tuple[AnyFigure, ...]
    unpriced: tuple[Unpriced, ...]
    audience: str

    def visible_to(self, view: View) -> Release | None:
        """Return it as an audience sees it; None where it may not."""
        if not view.may_see(self.audience):
            return None
        return replace(self, unpriced=tuple(one for one in self.unpriced if view.may_see(one.audience)))


class BenefitOnModel(Struct, frozen=True):
    """A benefit whose drivers are taken from what was measured on a model."""

    case: BenefitCase
    measured: MeasuredDrivers

    @property
    def drivers(self) -> tuple[Driver, ...]:
        """The drivers that are a metric: the only way by which a metric becomes money (domain §2.4)."""
        return tuple(driver for driver in self.case.benefit.value_driver if driver.metric)

    def forecast(self, plan_key: str | None) -> AnyFigure | None:
        """Return the net run-rate of the plan with the drivers as the version in production is measured.

        Args:
            plan_key: The part of the plan in the names of its figures; None where no scenario is planned.
        """
        plan, name = self.case.plan, f"{plan_key}.forecast" if plan_key else "forecast"
        if not self.drivers:
            return None
        if isinstance(plan, Gap):
            return self._unknown(name, plan.reason)
        found = [self.measured.in_production(driver) for driver in self.drivers]
        gap = next((driver for driver in found if isinstance(driver, Gap)), None)
        if gap is not None:
            return self._unknown(name, gap.reason)
        return self._forecast(name, plan, [driver for driver in found if isinstance(driver, MeasuredDriver)])

    def _forecast(self, name: str, plan: Scenario, known: list[MeasuredDriver]) -> AnyFigure:
        written = self.case.flow(plan)
        if isinstance(written, Gap):
            return self._unknown(name, written.reason)
        flow = self.case.flow(plan, self.case.worth_with({driver.driver: driver.value for driver in known}))
        if isinstance(flow, Gap):
            return self._unknown(name, flow.reason)
        values = ", ".join(f"{one.driver} {one.text} (version {one.model.version})" for one in known)
        formula = f"net run-rate with {values}, all else as written"
        planned = Comparator("target", written.run_rate, f"plan: {self.case.net(written.run_rate)} a year", None)
        records = [record for one in known for record in one.records]
        return self._figure(name, flow.run_rate, f"{self.case.net(flow.run_rate)} a year", formula, planned, records)

    def release(self) -> Release | None:
        """Return what the newest candidate would change; None where nothing of it is or could be in the chain."""
        unpriced = self.measured.unpriced(self.case.benefit)
        if self.drivers:
            return self._release(unpriced)
        if not unpriced:
            return None
        what = " and ".join(_inside_a_sentence(one.title) for one in unpriced)
        effects = self._effects(Gap(f"financial effect not estimated: no driver defined for {what}"), ())
        labels = (self.case.audience, *(one.audience for one in unpriced), *(effect.audience for effect in effects))
        return Release((), effects, unpriced, self.case.project.strictest(labels))

    def _release(self, unpriced: tuple[Unpriced, ...]) -> Release:
        found = [self.measured.with_candidate(driver) for driver in self.drivers]
        known = tuple(change for change in found if isinstance(change, DriverChange))
        gap = next((change for change in found if isinstance(change, Gap)), None)
        effects = self._effects(gap or self._difference(known), known)
        label = self.case.project.strictest(effect.audience for effect in effects)
        return Release(() if gap else known, effects, unpriced, label)

    def _difference(self, changes: tuple[DriverChange, ...]) -> Amount:
        """Return the worth of a unit with the candidate, less that with production."""
        before = self.case.worth_with({change.production.driver: change.production.value for change in changes})
        after = self.case.worth_with({change.candidate.driver: change.candidate.value for change in changes})
        if isinstance(before, Gap):
            return before
        return after if isinstance(after, Gap) else after - before

    def _effects(self, of_a_unit: Amount, changes: tuple[DriverChange, ...]) -> tuple[AnyFigure, ...]:
        pairs = zip(self.case.benefit.scenarios, self.case.keys, strict=True)
        return tuple(self._effect(f"{key}.release_effect", scenario, of_a_unit, changes) for scenario, key in pairs)

    def _effect(self, name: str, scenario: Scenario, of_a_unit: Amount, changes: tuple[DriverChange, ...]) -> AnyFigure:
        if isinstance(of_a_unit, Gap):
            return self._unknown(name, of_a_unit.reason)
        value = of_a_unit * Fraction(scenario.scale)
        values = ", ".join(f"{c.candidate.driver} {c.candidate.text} less {c.production.text}" for c in changes)
        formula = (
            "net run-rate with drivers from the newest candidate, less that with production: "
            f"{values}, all else as written"
        )
        records = [record for c in changes for side in (c.production, c.candidate) for record in side.records]
        return self._figure(
            name, value, self._effect_text(value), formula, self._with_production(scenario, changes), records
        )

    def _effect_text(self, value: Fraction) -> str:
        if not value:
            return "no change of the net run-rate"
        return f"{self.case.money(abs(value))} a year {'more' if value > 0 else 'less'} than with production"

    def _with_production(self, scenario: Scenario, changes: tuple[DriverChange, ...]) -> Comparator | None:
        worth = self.case.worth_with({c.production.driver: c.production.value for c in changes})
        flow = self.case.flow(scenario, worth)
        if isinstance(flow, Gap):
            return None
        text = f"with production: {self.case.net(flow.run_rate)} a year"
        return Comparator("baseline", flow.run_rate, text, None)

    def _figure(
        self, name: str, value: Fraction, text: str, formula: str, comparator: Comparator | None, records: list[Entry]
    ) -> Figure:
        project, behind = self.case.project, {record.id: record for record in (self.case.benefit, *records)}
        return Figure(
            name=f"benefit.{self.case.benefit.id}.{name}",
            value=value,
            unit=f"{self.case.benefit.currency}/year",
            as_of=self._day(records),
            text=text,
            formula=formula,
            sources=sources_of(behind.values()),
            audience=project.strictest(project.audience_of(record) for record in behind.values()),
            comparator=comparator,
        )

    def _day(self, records: list[Entry]) -> date:
        rows = [record for record in records if isinstance(record, Observation)]
        return max(map(self.measured.measurements.day, rows), default=self.case.day)

    def _unknown(self, name: str, reason: str) -> Unknown:
        # Why it is not known tells something of every version and value that was looked at.
        project, benefit = self.case.project, self.case.benefit
        labels = (project.audience_of(entry) for entry in (benefit, *self.measured.considered(benefit)))
        return Unknown(f"benefit.{benefit.id}.{name}", reason, project.strictest(labels), self.case.sources)


def _inside_a_sentence(title: str) -> str:
    """Return a title as it stands inside a sentence; an abbreviation keeps its capitals."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
