"""Benefit case: one benefit with what it is worked out by, from the worth of a unit to the names of its figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from msgspec import Struct

from aipm_site.facts import numbers
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.cash_flow import CashFlow
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Source, Unknown, sources_of
from aipm_site.facts.value_chain import Gap, worth_of_a_unit
from aipm_site.project import Project
from aipm_site.records.benefit import Benefit, Scenario

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
# Parts of a benefit's figure names that are no scenario's.
_TAKEN = frozenset({"sensitivity"})

Amount = Fraction | Gap


class BenefitCase(Struct, frozen=True, dict=True):
    """A benefit as it is worked out at an as-of.

    Attributes:
        project: The project as it is known at the as-of.
        benefit: The record.
        as_of: The day or moment it is worked out for.
    """

    project: Project
    benefit: Benefit
    as_of: AsOf

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The record as a source."""
        return sources_of([self.benefit])

    @cached_property
    def audience(self) -> str:
        """Its label."""
        return self.project.audience_of(self.benefit)

    @property
    def day(self) -> date:
        """The day that its figures speak for: the record's own, else the as-of."""
        own = self.benefit.as_of
        return own if own is not None and self.as_of.has_come(own) else self.as_of.date

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The part of each scenario in the names of its figures: its name, made fit for that and unlike the others."""
        keys: list[str] = []
        for number, scenario in enumerate(self.benefit.scenarios, start=1):
            key = name_part(scenario.name)
            keys.append(f"{key or 'scenario'}-{number}" if not key or key in _TAKEN or key in keys else key)
        return tuple(keys)

    @property
    def plan(self) -> Scenario | Gap:
        """The scenario that is planned: the one that is named, or the only one."""
        scenarios = self.benefit.scenarios
        if len(scenarios) == 1:
            return scenarios[0]
        named = next((one for one in scenarios if one.name == self.benefit.plan), None)
        return named or Gap(f"none of its {len(scenarios)} scenarios is called the plan")

    @cached_property
    def worth(self) -> Amount:
        """The benefit of a year for one unit of scale."""
        return self.worth_with({})

    def worth_with(self, instead: Mapping[str, Fraction]) -> Amount:
        """Return the same with other values of some drivers."""
        later = [d.name for d in self.benefit.value_driver if d.as_of and not self.as_of.has_come(d.as_of)]
        if later:
            return Gap(f"not known yet at the as-of: {', '.join(later)}")
        return worth_of_a_unit(self.benefit.value_driver, instead)

    def cost(self, name: str, scale: Decimal) -> Amount:
        """Return a cost, "one_off" or "running", at a scale."""
        value = getattr(self.benefit.costs, name) if self.benefit.costs else None
        what = {"one_off": "one-off", "running": "running"}[name]
        return Gap(f"no {what} cost is given") if value is None else Fraction(value) * Fraction(scale)

    def flow(self, scenario: Scenario, worth: Amount | None = None) -> CashFlow | Gap:
        """Return the cash flow of a scenario, with another worth of a unit where one is given."""
        unit, one_off = self.worth if worth is None else worth, self.cost("one_off", scenario.scale)
        running = self.cost("running", scenario.scale)
        if isinstance(unit, Gap):
            return unit
        if isinstance(running, Gap):
            return running
        if isinstance(one_off, Gap):
            return one_off
        ramp = {step.month: Fraction(step.share) for step in scenario.ramp}
        return CashFlow(unit * Fraction(scenario.scale), running, one_off, tuple(sorted(ramp.items())))

    def money(self, amount: Fraction) -> str:
        """Return an amount for prose."""
        return numbers.money(amount, self.benefit.currency)

    def net(self, amount: Fraction) -> str:
        """Return what is left, in words that bear its sign: "USD 468,000 net cost"."""
        return f"{self.money(abs(amount))} net{' cost' if amount < 0 else ''}"

    def figure(
        self,
        name: str,
        value: Amount,
        unit: str,
        text: Callable[[Fraction], str],
        formula: str,
        comparator: Comparator | None = None,
    ) -> AnyFigure:
        """Return a figure that rests on the record alone; `name` follows the benefit's id in its name."""
        full = f"benefit.{self.benefit.id}.{name}"
        if isinstance(value, Gap):
            return Unknown(full, value.reason, self.audience, self.sources)
        return Figure(full, value, unit, self.day, text(value), formula, self.sources, self.audience, comparator)


def name_part(text: str) -> str:
    """Return a name as a part of a figure's name: letters, digits, points and hyphens."""
    return _NOT_IN_A_NAME.sub("-", text).strip("-.")


def scale_text(benefit: Benefit, scenario: Scenario) -> str:
    """Return a scale with what it counts: "6 hospitals"."""
    digits = numbers.as_written(scenario.scale)
    return f"{digits}{numbers.SPACE}{benefit.scale_unit}" if benefit.scale_unit else digits
