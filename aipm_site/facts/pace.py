"""Pace: earned schedule as figures, and what it makes of the dimension "schedule"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from aipm_site.facts.cost_figures import MoneyFigures
from aipm_site.facts.cost_status import AMBER_FROM, GREEN_FROM
from aipm_site.facts.earned_schedule import EarnedSchedule, earned_schedule
from aipm_site.facts.figure import AnyFigure, Comparator, Figure
from aipm_site.facts.finding import Assessment, Finding, age_words, make_finding, worst_first
from aipm_site.facts.freshness import freshness
from aipm_site.facts.ledger import Ledger
from aipm_site.facts.numbers import SPACE, day, fixed, index, plural

# What earned schedule is computed from.
_GROUPS = ("planned", "earned")


def earned_schedule_figures(ledger: Ledger) -> tuple[AnyFigure, ...]:
    """Return schedule.es, .sv_t, .spi_t and .ieac_t; none where there is no curve of planned value."""
    if not ledger.plan.steps:
        return ()
    make, found = MoneyFigures(ledger), earned_schedule(ledger)
    names = ("schedule.es", "schedule.sv_t", "schedule.spi_t", "schedule.ieac_t")
    if isinstance(found, str):
        return tuple(make.unknown(name, found, _GROUPS) for name in names)
    return (
        _in_months(make, names[0], found.earned, "C + (EV − PV(C)) ÷ (PV(C+1) − PV(C))", _elapsed(found)),
        _in_months(make, names[1], found.variance, "ES − AT", _on_time()),
        _index(make, names[2], found),
        _duration(make, names[3], found),
    )


def _in_months(make: MoneyFigures, name: str, value: Fraction, formula: str, against: Comparator) -> Figure:
    text = f"{fixed(value, 2)}{SPACE}months"
    return make.known(name, value, "months", text, make.dated(formula), _GROUPS, against)


def _elapsed(found: EarnedSchedule) -> Comparator:
    return Comparator("target", found.elapsed, f"{plural(found.elapsed, 'month', 'months')} gone", None)


def _on_time() -> Comparator:
    return Comparator("target", 0, f"0{SPACE}months", None)


def _index(make: MoneyFigures, name: str, found: EarnedSchedule) -> Figure:
    against = Comparator("target", 1, index(1), None)
    return make.known(name, found.index, "ratio", index(found.index), make.dated("ES ÷ AT"), _GROUPS, against)


def _duration(make: MoneyFigures, name: str, found: EarnedSchedule) -> AnyFigure:
    if isinstance(found.duration, str):
        return make.unknown(name, found.duration, _GROUPS)
    planned = Comparator("baseline", found.planned, f"{plural(found.planned, 'month', 'months')} planned", None)
    return _in_months(make, name, found.duration, "planned duration ÷ SPI(t)", planned)


def with_pace(schedule: Assessment, ledger: Ledger) -> Assessment:
    """Return what the milestones and the pace of the work make of the dimension "schedule" together.

    The pace is SPI(t), which is known only where there is a curve of planned value and earned value; never SPI, which
    goes to 1 for a late project too. A baseline with a curve asks for it, a budget alone does not.
    """
    found, findings = earned_schedule(ledger), tuple(_findings(ledger))
    if isinstance(found, str) and not findings:
        return schedule
    return Assessment(
        worst_first((*schedule.findings, *findings)),
        ledger.project.strictest([schedule.audience, ledger.label(*_GROUPS)]),
        min(filter(None, (schedule.as_of, ledger.cut_off)), default=None),
        schedule.has_records,
    )


def _findings(ledger: Ledger) -> Iterator[Finding]:
    found = earned_schedule(ledger)
    if isinstance(found, str):
        yield from _not_measured(ledger)
        return
    age = freshness(ledger.cut_off, ledger.as_of.date, ledger.fresh_days)
    records = ledger.records(*_GROUPS)
    if not age.is_current and not found.is_complete:
        yield make_finding(ledger.project, "pace-stale", "not_reported", records, **age_words(age))
    words = {"value": index(found.index), "date": day(ledger.cut_off) if ledger.cut_off else ""}
    if found.index < AMBER_FROM:
        yield make_finding(ledger.project, "pace-far-below-plan", "red", records, limit=index(AMBER_FROM), **words)
    elif found.index < GREEN_FROM:
        yield make_finding(ledger.project, "pace-below-plan", "amber", records, limit=index(GREEN_FROM), **words)


def _not_measured(ledger: Ledger) -> Iterator[Finding]:
    if ledger.baseline is None:
        return
    # Until the books of its first period must be closed there is nothing to measure.
    due = ledger.baseline.planned_value[0].period.last_day + timedelta(days=ledger.fresh_days or 0)
    if due < ledger.as_of.date:
        yield make_finding(
            ledger.project, "pace-not-measured", "not_reported", [ledger.baseline], id=ledger.baseline.id
        )
