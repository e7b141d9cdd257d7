"""Figures of earned value: the sums at the cut-off, their indices, and what the whole will cost by each form."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.baseline import original_baseline
from aipm_site.facts.earned_value import EarnedValue, Measure
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Unknown, sources_of
from aipm_site.facts.ledger import Ledger
from aipm_site.facts.numbers import day, index, money, percent

Form = Literal["money", "variance", "index"]
Against = Literal["previous", "one", "zero", "budget", "original"]


class _Line(Struct, frozen=True):
    """How one figure of earned value is made."""

    name: str
    pick: Callable[[EarnedValue], Measure]
    formula: str
    groups: tuple[str, ...]
    form: Form
    against: Against
    share: Callable[[EarnedValue], Measure] | None = None


_FIGURES = (
    _Line("bac", lambda v: v.bac, "Σ planned of the budget lines, without reserve", ("budget",), "money", "original"),
    _Line("pv", lambda v: v.pv, "Σ planned of the budget lines", ("planned",), "money", "previous"),
    _Line("ev", lambda v: v.ev, "earned value", ("earned",), "money", "previous"),
    _Line("ac", lambda v: v.ac, "Σ actual cost and accruals", ("spent",), "money", "previous"),
    _Line("sv", lambda v: v.sv, "EV − PV", ("planned", "earned"), "variance", "previous", lambda v: v.sv_share),
    _Line("cv", lambda v: v.cv, "EV − AC", ("earned", "spent"), "variance", "previous", lambda v: v.cv_share),
    _Line("spi", lambda v: v.spi, "EV ÷ PV", ("planned", "earned"), "index", "one"),
    _Line("cpi", lambda v: v.cpi, "EV ÷ AC", ("earned", "spent"), "index", "one"),
    _Line(
        "eac", lambda v: v.eac, "BAC ÷ CPI: the variances continue", ("budget", "earned", "spent"), "money", "budget"
    ),
    _Line(
        "eac_atypical",
        lambda v: v.eac_atypical,
        "AC + (BAC − EV): the variances do not come again",
        ("budget", "earned", "spent"),
        "money",
        "budget",
    ),
    _Line(
        "eac_composite",
        lambda v: v.eac_composite,
        "AC + (BAC − EV) ÷ (CPI × SPI): pressure of cost and schedule",
        ("budget", "planned", "earned", "spent"),
        "money",
        "budget",
    ),
    _Line(
        "eac_bottom_up",
        lambda v: v.eac_bottom_up,
        "AC + Σ new estimates to complete",
        ("budget", "earned", "spent"),
        "money",
        "budget",
    ),
    _Line("etc", lambda v: v.etc, "EAC − AC", ("budget", "earned", "spent"), "money", "previous"),
    _Line(
        "vac", lambda v: v.vac, "BAC − EAC", ("budget", "earned", "spent"), "variance", "zero", lambda v: v.vac_share
    ),
    _Line(
        "tcpi_bac",
        lambda v: v.tcpi_bac,
        "(BAC − EV) ÷ (BAC − AC): what the rest needs to keep the budget",
        ("budget", "earned", "spent"),
        "index",
        "one",
    ),
    _Line(
        "tcpi_eac",
        lambda v: v.tcpi_eac,
        "(BAC − EV) ÷ (EAC − AC): what the rest needs to keep the estimate",
        ("budget", "earned", "spent"),
        "index",
        "one",
    ),
)


class MoneyFigures(Struct, frozen=True, dict=True):
    """Makes figures out of a ledger: the day, the currency, the sources and the label are the same way for each.

    Attributes:
        ledger: The money of the project.
    """

    ledger: Ledger

    @cached_property
    def values(self) -> EarnedValue:
        """The sums at the cut-off, else at the last day for which cost is known."""
        return self.ledger.at(self.ledger.status_day)

    @property
    def currency(self) -> str:
        """The currency of all amounts."""
        return self.ledger.currencies[0] if self.ledger.currencies else ""

    def money(self, amount: Fraction) -> str:
        """Return an amount as it stands in a sentence."""
        return money(amount, self.currency)

    def known(
        self,
        name: str,
        value: Fraction,
        unit: str,
        text: str,
        formula: str,
        groups: tuple[str, ...],
        comparator: Comparator | None = None,
    ) -> Figure:
        """Return a figure; its label is the strictest of the records of its groups."""
        curve = self.ledger.baseline if "planned" in groups else None
        return Figure(
            name=name,
            value=value,
            unit=unit,
            as_of=self.ledger.status_day or self.ledger.as_of.date,
            text=text,
            formula=formula,
            sources=self.ledger.sources(*groups),
            audience=self.ledger.label(*groups),
            comparator=comparator,
            baseline=curve.id if curve else None,
        )

    def unknown(self, name: str, reason: str, groups: tuple[str, ...]) -> Unknown:
        """Return that a figure is not known; its reason may name any of the records, so it is as strict as they are."""
        return Unknown(name, reason, self.ledger.audience, self.ledger.sources(*groups))

    def dated(self, formula: str) -> str:
        """Return a formula with the day up to which it counts."""
        if self.ledger.status_day is None:
            return formula
        what = "cost and earned value are" if self.ledger.cut_off else "cost is"
        return f"{formula}; up to {day(self.ledger.status_day)}, the last day for which {what} given and closed"


def earned_value_figures(ledger: Ledger) -> tuple[AnyFigure, ...]:
    """Return the figures of earned value, each at the cut-off; none without any money.

    Without earned value the budget, the plan and the cost stand at the last day for which cost is known, and what
    needs earned value says why it is not there.
    """
    if not ledger.accounts and not ledger.costs:
        return ()
    make = _Maker(MoneyFigures(ledger))
    return tuple(make.figure(line) for line in _FIGURES)


class _Maker:
    def __init__(self, make: MoneyFigures) -> None:
        self._make, self._ledger = make, make.ledger
        days = self._ledger.compared_days if self._ledger.cut_off else self._ledger.closed_days
        self._day_before = days[-2] if len(days) > 1 else None
        self._values_before = self._ledger.at(self._day_before) if self._day_before else None

    def figure(self, line: _Line) -> AnyFigure:
        """Return one figure."""
        name, value = f"cost.{line.name}", line.pick(self._make.values)
        if isinstance(value, str):
            return self._make.unknown(name, value, line.groups)
        unit = "ratio" if line.form == "index" else self._make.currency
        text, formula, comparator = self._text(line, value), self._formula(line), self._comparator(line)
        made = self._make.known(name, value, unit, text, formula, line.groups, comparator)
        if line.against == "original":
            return self._beside_the_original(made)
        return replace(made, is_first=line.against == "previous" and comparator is None)

    def _text(self, line: _Line, value: Fraction) -> str:
        text = index(value) if line.form == "index" else self._make.money(value)
        share = line.share(self._make.values) if line.share else ""
        if isinstance(share, Fraction):
            text += f" ({percent(share)})"
        if line.name == "cpi" and self._make.values.is_early:
            text += " (early, unstable)"
        return f"{text}, as declared" if line.name == "ev" and self._is_declared else text

    @property
    def _is_declared(self) -> bool:
        return any(account.line.earned for account in self._ledger.accounts)

    def _formula(self, line: _Line) -> str:
        if line.name == "bac":
            return line.formula
        if line.name == "ev":
            parts = ["Σ budget × earned share of the tasks"] * any(a.tasks for a in self._ledger.accounts)
            parts += ["Σ earned of the budget lines, as declared"] * self._is_declared
            return self._make.dated(" + ".join(parts))
        if line.name == "pv" and self._ledger.baseline is not None:
            return self._make.dated(f"planned value of {self._ledger.baseline.id}")
        return self._make.dated(line.formula)

    def _comparator(self, line: _Line) -> Comparator | None:
        if line.against == "one":
            return Comparator("target", Fraction(1), index(Fraction(1)), None)
        if line.against == "zero":
            return Comparator("target", Fraction(0), self._make.money(Fraction(0)), None)
        if line.against == "budget":
            return self._budget()
        return self._previous(line) if line.against == "previous" else None

    def _budget(self) -> Comparator | None:
        bac = self._make.values.bac
        text = f"budget: {self._make.money(bac)}" if isinstance(bac, Fraction) else ""
        return Comparator("baseline", bac, text, None) if text else None

    def _previous(self, line: _Line) -> Comparator | None:
        value = line.pick(self._values_before) if self._values_before else ""
        if isinstance(value, str) or self._day_before is None:
            return None
        return Comparator("previous", value, f"{self._make.money(value)} on {day(self._day_before)}", self._day_before)

    def _beside_the_original(self, bac: Figure) -> Figure:
        """Return the budget held against the first one: a new baseline would erase it (domain, trap 31)."""
        project, original = self._ledger.project, original_baseline(self._ledger.project)
        if original is None or not original.planned_value:
            return bac
        total = Fraction(original.planned_value[-1].amount)
        text = f"{original.id}: {self._make.money(total)}"
        return replace(
            bac,
            comparator=Comparator("baseline", total, text, original.date),
            sources=tuple(sorted({*bac.sources, *sources_of([original])})),
            audience=project.strictest([bac.audience, project.audience_of(original)]),
        )
