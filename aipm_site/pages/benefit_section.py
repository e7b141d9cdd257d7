"""The page of a benefit: its two answers, its scenarios, what they depend on, and what was realised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial

from markupsafe import Markup, escape
from msgspec import Struct

from aipm_site.facts.benefit import BenefitState
from aipm_site.facts.figure import AnyFigure, Figure, Unknown
from aipm_site.facts.fiscal_year import FiscalYear
from aipm_site.facts.numbers import as_written, day, fixed, percent
from aipm_site.facts.realised import period_text
from aipm_site.facts.scenario import ScenarioState, months_text
from aipm_site.facts.sensitivity import DriverSwing
from aipm_site.facts.value_chain import driver_text
from aipm_site.pages.context import PageContext
from aipm_site.pages.field_values import iso_time
from aipm_site.pages.looks import component
from aipm_site.pages.number_table import Answer, Cell, Table, href_of, said
from aipm_site.pages.words import phrase, phrase_of, word_of
from aipm_site.records.benefit import Benefit, Driver
from aipm_site.records.currency import decimals_of

# What was given in cents is shown so; of a present value, which has no end of decimals, cents say nothing.
WHOLE_FROM = 1000
_Write = Callable[[Fraction, int], str]
# Fields that the tables show, so that the list of fields leaves them out.
_SHOWN = frozenset({"value_driver", "scenarios", "plan", "planned", "actuals"})


class BenefitSection(Struct, frozen=True):
    """What the page of a benefit shows besides: the context of templates/records/benefit.html.

    Attributes:
        plan: What the plan is called; "" where none of several scenarios is the plan.
        answers: Run-rate and in-year of the plan, always both; what a release would change and what is forecast after.
        scenarios: Every scenario with what a sponsor asks of it: run-rate and fiscal years, payback, return, value.
        ramps: How the scenarios reach their full benefit, in words.
        unknown: What is not known, and why.
        drivers: The chain.
        sensitivity: What the plan brings at the low and the high of each driver; None without one.
        break_even: Where it breaks even, as links to figures.
        unpriced: Metrics of the candidate that no driver names.
        actuals: What was realised; None where nothing is reported.
        silence: That realised benefits are not reported, and since when; "" where they are.
        shows: Fields that it shows.
    """

    plan: str
    answers: tuple[Answer, ...]
    scenarios: Table
    ramps: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    drivers: Table
    sensitivity: Table | None
    break_even: tuple[Cell, ...]
    unpriced: tuple[str, ...]
    actuals: Table | None
    silence: str
    shows: frozenset[str] = _SHOWN


def benefit_section(context: PageContext, benefit: Benefit) -> BenefitSection:
    """Return what the page of a benefit shows besides its fields."""
    state = next(state for state in context.facts.benefits if state.benefit.id == benefit.id)
    return _Section(context, state).section()


class _Section(Struct, frozen=True):
    context: PageContext
    state: BenefitState

    def section(self) -> BenefitSection:
        plan, release = self.state.plan, self.state.release
        return BenefitSection(
            plan=_title(plan) if plan else "",
            answers=tuple(self._answers(plan)) if plan else (),
            scenarios=self._scenarios(),
            ramps=tuple(_ramp_text(state) for state in self.state.scenarios if state.scenario.ramp),
            unknown=tuple(self._unknown()),
            drivers=self._drivers(),
            sensitivity=self._sensitivity(),
            break_even=tuple(self._break_even()),
            unpriced=tuple(one.title for one in release.unpriced) if release else (),
            actuals=self._actuals(),
            silence=self._silence(),
        )

    def _answers(self, plan: ScenarioState) -> Iterator[Answer]:
        in_year = plan.in_year_at(self.context.facts.as_of.date)
        yield Answer(phrase("benefit_run_rate"), said(plan.net_run_rate))
        yield Answer(phrase("benefit_in_year"), said(in_year.figure))
        effect = self.state.effect_of(plan)
        if self.state.forecast is not None:
            yield Answer(phrase("benefit_forecast"), said(self.state.forecast))
        if effect is not None:
            yield Answer(phrase("benefit_release"), said(effect))

    def _scenarios(self) -> Table:
        """Return a column for each scenario, so that run-rate and years stand below each other."""
        states, benefit = self.state.scenarios, self.state.benefit
        npv = phrase("benefit_npv").format(
            horizon=months_text(benefit.horizon) if benefit.horizon else phrase("benefit_no_horizon")
        )
        rows = (
            self._row(phrase("benefit_start"), _start),
            self._row(phrase("benefit_gross"), lambda state: _amount(state.gross)),
            self._row(phrase("benefit_running"), lambda state: _amount(state.running)),
            self._row(phrase("benefit_one_off"), lambda state: _amount(state.one_off)),
            self._row(phrase("benefit_net"), lambda state: _amount(state.net_run_rate)),
            *self._years(),
            self._row(phrase("benefit_payback"), lambda state: _number(state.payback, fixed, 1)),
            self._row(phrase("benefit_roi"), lambda state: _number(state.roi, percent, 1)),
            self._row(npv, lambda state: _amount(state.npv)),
        )
        columns = (phrase("benefit_measure"), *map(self._name, states))
        caption = phrase("benefit_scenarios").format(currency=benefit.currency)
        return Table(caption, columns, rows, frozenset(columns[:1]))

    def _row(self, label: str, cell: Callable[[ScenarioState], Cell]) -> tuple[Cell, ...]:
        return (Cell(escape(label)), *map(cell, self.state.scenarios))

    def _years(self) -> Iterator[tuple[Cell, ...]]:
        years = {one.year for state in self.state.scenarios for one in state.in_year if one.year}
        for year in sorted(years):
            label = phrase("benefit_net_of").format(year=year.name)
            yield (Cell(escape(label)), *(_of_year(state, year) for state in self.state.scenarios))
        if not years:
            yield self._row(phrase("benefit_in_year"), lambda state: _of_year(state, None))

    def _name(self, state: ScenarioState) -> str:
        is_chosen = state.is_plan and len(self.state.scenarios) > 1
        return phrase("benefit_planned").format(name=_title(state)) if is_chosen else _title(state)

    def _unknown(self) -> Iterator[tuple[str, str]]:
        """Give each reason once, with what it is the reason of."""
        by_reason: dict[str, dict[str, None]] = {}
        actuals = self.state.actuals.realised
        for figure in self.state.figures:
            if isinstance(figure, Unknown) and figure != actuals:
                by_reason.setdefault(figure.reason, {})[_word(figure)] = None
        for reason, words in by_reason.items():
            yield ", ".join(words), reason

    def _drivers(self) -> Table:
        labels = ("driver", "value", "range", "basis", "source", "metric")
        columns = tuple(phrase(f"benefit_{label}") for label in labels)
        rows = tuple(self._driver(driver) for driver in self.state.benefit.value_driver)
        return Table(phrase("benefit_chain"), columns, rows, frozenset(columns))

    def _driver(self, driver: Driver) -> tuple[Cell, ...]:
        values = self.context.values_of(self.state.benefit)
        ends = [
            None if end is None else driver_text(self.state.benefit, driver, end) for end in (driver.low, driver.high)
        ]
        between = phrase("benefit_between").format(low=ends[0] or "…", high=ends[1] or "…") if any(ends) else ""
        return (
            Cell(escape(driver.name)),
            Cell(escape(driver_text(self.state.benefit, driver))),
            Cell(escape(between)),
            Cell(escape(word_of(driver.basis) if driver.basis else "")),
            Cell(values.show(driver.source)),
            Cell(values.show(driver.metric)),
        )

    def _sensitivity(self) -> Table | None:
        sensitivity = self.state.sensitivity
        if not sensitivity.swings:
            return None
        year = sensitivity.year.name if sensitivity.year else phrase("benefit_in_year")
        ends = (phrase("benefit_low"), phrase("benefit_high"))
        columns = (
            phrase("benefit_driver"),
            *(f"{phrase('benefit_net')}, {end}" for end in ends),
            *(f"{year}, {end}" for end in ends),
            phrase("benefit_span"),
        )
        central, currency = sensitivity.swings[0].central, self.state.benefit.currency
        money = partial(_money, currency=currency)
        caption = phrase("benefit_sensitivity").format(
            currency=currency,
            net=money(central.net_run_rate),
            in_year=phrase("benefit_unknown") if central.in_year is None else money(central.in_year),
            year=year,
        )
        return Table(
            caption, columns, tuple(_swing(swing, money) for swing in sensitivity.swings), frozenset(columns[:1])
        )

    def _break_even(self) -> Iterator[Cell]:
        sensitivity = self.state.sensitivity
        if sensitivity.swings:
            yield from map(said, (sensitivity.break_even, sensitivity.break_even_with_one_off))

    def _actuals(self) -> Table | None:
        benefit = self.state.benefit
        if not benefit.actuals:
            return None
        planned = {one.period: one for one in benefit.planned}
        labels = ("period", "realised", "of_plan", "low_case", "method", "attribution")
        columns = tuple(phrase(f"benefit_{label}") for label in labels)
        rows = []
        for actual in reversed(benefit.actuals):
            plan = planned.get(actual.period)
            amounts = (actual.value, plan.value if plan else None, plan.low if plan else None)
            cells = (
                Cell(escape("" if amount is None else _money(Fraction(amount), benefit.currency))) for amount in amounts
            )
            texts = (Cell(escape(text or "")) for text in (actual.method, actual.attribution))
            rows.append((Cell(escape(period_text(actual.period))), *cells, *texts))
        caption = phrase("benefit_actuals").format(currency=benefit.currency)
        return Table(caption, columns, tuple(rows), frozenset({columns[0], *columns[4:]}))

    def _silence(self) -> str:
        actuals = self.state.actuals
        if isinstance(actuals.realised, Unknown):
            return actuals.realised.reason
        age = actuals.freshness
        if age.is_current or age.since is None:
            return ""
        return phrase("benefit_silence").format(since=day(age.since), days=age.age_days, limit=age.limit_days)


def _title(state: ScenarioState) -> str:
    return state.scenario.title or state.scale_text


def _word(figure: AnyFigure) -> str:
    return phrase_of("benefit_figures", figure.name.rpartition(".")[2])


def _start(state: ScenarioState) -> Cell:
    start = state.scenario.start
    return Cell(iso_time(start)) if start else Cell(escape(phrase("benefit_unknown")), is_unknown=True)


def _of_year(state: ScenarioState, year: FiscalYear | None) -> Cell:
    """Return what a scenario brings in a year: an amount, that it is not known, or that it is not live then."""
    figures = {one.year: one.figure for one in state.in_year}
    figure = figures.get(None) or figures.get(year)
    return _amount(figure) if figure else Cell(escape(phrase("benefit_not_live")))


def _amount(figure: AnyFigure) -> Cell:
    currency = figure.unit[:3] if isinstance(figure, Figure) else ""
    return _number(figure, lambda value, _: _money(value, currency), 0)


def _number(figure: AnyFigure, write: _Write, decimals: int) -> Cell:
    if not isinstance(figure, Figure) or not isinstance(figure.value, Fraction):
        return Cell(escape(phrase("benefit_unknown")), href_of(figure), is_unknown=True)
    return Cell(escape(write(figure.value, decimals)), href_of(figure))


def _money(amount: Fraction, currency: str) -> str:
    """Return an amount without its currency, which the caption of the table names."""
    decimals = decimals_of(currency)
    is_exact_in_cents = (amount * 10**decimals).denominator == 1
    is_whole = amount.denominator == 1 or (abs(amount) >= WHOLE_FROM and not is_exact_in_cents)
    return fixed(amount, 0 if is_whole else decimals)


def _swing(swing: DriverSwing, money: Callable[[Fraction], str]) -> tuple[Cell, ...]:
    outcomes = (swing.low, swing.high)
    rates = [Cell(_with_value(o.value_text, money(o.net_run_rate)) if o else Markup()) for o in outcomes]
    years = [Cell(escape(money(o.in_year)) if o and o.in_year is not None else Markup()) for o in outcomes]
    driver = Markup(component("numbers").with_note(swing.driver, swing.central.value_text))
    return (Cell(driver), *rates, *years, _amount(swing.figure))


def _with_value(value: str, amount: str) -> Markup:
    return Markup(component("numbers").with_note(amount, phrase("benefit_at").format(value=value)))


def _ramp_text(state: ScenarioState) -> str:
    steps: Iterable[str] = (
        phrase("benefit_ramp_step").format(share=f"{as_written(step.share * 100)} %", month=step.month)
        for step in state.scenario.ramp
    )
    return phrase("benefit_ramp").format(name=_title(state), steps=", ".join(steps))
