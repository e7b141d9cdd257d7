"""Benefit lines of a report: both honest answers, once live and in this fiscal year, and what was realised so far."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from aipm_site.facts.benefit import BenefitState
from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import AnyFigure, Figure
from aipm_site.facts.scenario import ScenarioState
from aipm_site.summaries.printed import FigureRef, Quote, RecordRef
from aipm_site.summaries.silence import silence_of

BENEFITS_AT_MOST = 2


class BenefitLine(Struct, frozen=True):
    """One benefit, in the scenario that is planned.

    Attributes:
        record: Its id.
        scenario: What the planned scenario is called.
        run_rate: Net of a full year once live.
        in_year: Net of the fiscal year of the as-of; None where the scenario says nothing of it.
        effect: What the newest candidate would change of a year; None where there is none, or it cannot be said.
        realised: What was realised last; None as long as nothing was, or where it is stale.
        silence: Since when nothing is reported; None where something is, or nothing ever was.
        first_due: The day by which the first report of it is due; None where one was made, or nobody can tell.
    """

    record: RecordRef
    scenario: Quote
    run_rate: FigureRef
    in_year: FigureRef | None
    effect: FigureRef | None
    realised: FigureRef | None
    silence: FigureRef | None
    first_due: date | None


class BenefitLines(Struct, frozen=True):
    """The benefits of which a scenario is planned, and how many more are recorded."""

    told: tuple[BenefitLine, ...]
    more: int


def benefit_lines(facts: Facts) -> BenefitLines:
    """Return what to say of benefits."""
    planned = [(state, state.plan) for state in facts.benefits if state.plan is not None]
    told = tuple(_line(facts, state, plan) for state, plan in planned[:BENEFITS_AT_MOST] if plan is not None)
    return BenefitLines(told, len(facts.benefits) - len(told))


def _line(facts: Facts, state: BenefitState, plan: ScenarioState) -> BenefitLine:
    name = state.benefit.id
    in_year = plan.in_year_at(facts.as_of.date)
    actuals = state.actuals
    silence = silence_of(actuals.freshness)
    return BenefitLine(
        record=RecordRef(name),
        scenario=Quote(plan.scenario.title or plan.scale_text),
        run_rate=FigureRef(plan.net_run_rate.name),
        in_year=FigureRef(in_year.figure.name) if in_year is not None else None,
        effect=_known(state.effect_of(plan)),
        realised=None if silence else _known(actuals.realised),
        silence=FigureRef(actuals.realised.name, silence) if silence else None,
        first_due=actuals.first_due,
    )


def _known(figure: AnyFigure | None) -> FigureRef | None:
    return FigureRef(figure.name) if isinstance(figure, Figure) and figure.value != 0 else None
