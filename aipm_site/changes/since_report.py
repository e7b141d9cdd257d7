"""Since the last report: what a figure was in the last issued report that told it, else at the revision before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from aipm_site.changes.figures import FigureChange, value_of
from aipm_site.changes.polarity import is_better
from aipm_site.facts.baseline import has_replaced_promise
from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import AnyFigure, Figure, Unknown, Value, plain_number
from aipm_site.facts.report import value_like
from aipm_site.history.states import History, PastFigure
from aipm_site.records.report import FrozenFigure, Report

Outcome = Literal[
    "moved",
    "same",
    "reworded",
    "other_unit",
    "unknown_then",
    "unknown_now",
    "unknown",
    "first",
    "new",
    "not_shared",
    "nothing",
]


class Origin(Struct, frozen=True):
    """What told a figure before: an issued report, or a revision.

    Attributes:
        day: The day that it spoke for.
        report: Id of the report; None for a revision.
    """

    day: date
    report: str | None = None


class SinceReport(Struct, frozen=True):
    """What became of a figure since it was told last.

    Attributes:
        outcome: moved (by a quantity), same, reworded (a status or verdict), other_unit, unknown_then, unknown_now,
            unknown (both), first (no report told it), new (there was none at the revision before), not_shared, and
            nothing: neither report nor revision is known.
        change: The figure then and now, by how much it moved, and whether that is better.
        origin: What told it then; None where nothing did.
    """

    outcome: Outcome
    change: FigureChange
    origin: Origin | None = None

    @property
    def is_told(self) -> bool:
        """Whether the figure is held against an earlier value by it, or is told for the first time."""
        return self.outcome in {"moved", "same", "reworded", "first", "new"}


def since_report(figure: AnyFigure, facts: Facts, history: History) -> SinceReport:
    """Return what became of a figure since it was told last (domain §5, T-62: the previous report, not the build).

    As days in a status, it is counted over the issued reports, and where there are none over the revisions
    (domain §3.6, rule 5). A report that does not tell the figure is passed over for the one before.

    Args:
        figure: The figure as its readers see it.
        facts: What they may see.
        history: What they may see of the earlier revisions.
    """
    if facts.reports:
        return _since_report(figure, facts, facts.reports)
    states = history.before(facts.as_of.date)
    if not states:
        return SinceReport("nothing", _change(None, figure, facts))
    last = states[-1]
    origin = Origin(last.as_of)
    if figure.name in last.hidden:
        return SinceReport("not_shared", _change(None, figure, facts), origin)
    past = last.figures.get(figure.name)
    if past is None:
        return SinceReport("new", _change(None, figure, facts), origin)
    return _compared(_as_at_revision(past, figure), figure, facts, origin)


def _since_report(figure: AnyFigure, facts: Facts, reports: Sequence[Report]) -> SinceReport:
    for report in reversed(reports):
        frozen = report.frozen(figure.name)
        if frozen is not None and report.as_of is not None:
            then = _as_reported(frozen, figure, frozen.as_of or report.as_of, facts)
            return _compared(then, figure, facts, Origin(report.as_of, report.id))
    return SinceReport("first", _change(None, figure, facts))


def _compared(then: AnyFigure, now: AnyFigure, facts: Facts, origin: Origin) -> SinceReport:
    change = _change(then, now, facts)
    return SinceReport(_outcome(change), change, origin)


def _change(then: AnyFigure | None, now: AnyFigure, facts: Facts) -> FigureChange:
    unit = now.unit if isinstance(now, Figure) else then.unit if isinstance(then, Figure) else ""
    return FigureChange(now.name, unit, then, now, is_better(then, now, facts.project))


def _outcome(change: FigureChange) -> Outcome:
    then, now = change.before, change.after
    if not isinstance(then, Figure):
        return "unknown_then" if isinstance(now, Figure) else "unknown"
    if not isinstance(now, Figure):
        return "unknown_now"
    if change.delta == 0 or value_of(then) == value_of(now):
        return "same"
    if then.unit != now.unit or isinstance(then.value, str) != isinstance(now.value, str):
        return "other_unit"
    return "reworded" if change.delta is None else "moved"


def _as_reported(frozen: FrozenFigure, now: AnyFigure, day: date, facts: Facts) -> AnyFigure:
    if frozen.value is None:
        return Unknown(now.name, "", now.audience)
    baseline = frozen.baseline
    if baseline is None and isinstance(now, Figure) and not has_replaced_promise(facts.project):
        # The report does not say from which baseline it counted; there has been one only.
        baseline = now.baseline
    return _then(now, frozen.value, None, frozen.unit, frozen.text, day, baseline)


def _as_at_revision(past: PastFigure, now: AnyFigure) -> AnyFigure:
    if past.value is None or past.as_of is None:
        return Unknown(now.name, "", now.audience)
    return _then(now, past.value, past.exact, past.unit, past.text, past.as_of, past.baseline)


def _then(
    now: AnyFigure,
    value: str,
    exact: str | None,
    unit: str | None,
    text: str | None,
    day: date,
    baseline: str | None,
) -> Figure:
    """Return a figure as it was told, its value as exact as it was kept; a value that is no such sort stays text."""
    same_unit = now.unit if isinstance(now, Figure) else ""
    known = Fraction(exact) if exact else _value_then(now, value)
    return Figure(
        name=now.name,
        value=value if known is None else known,
        unit=same_unit if unit is None else unit,
        as_of=day,
        text=text or f"{value} {unit or same_unit}".strip(),
        formula="",
        sources=(),
        audience=now.audience,
        baseline=baseline,
    )


def _value_then(now: AnyFigure, value: str) -> Value | None:
    if not isinstance(now, Figure):
        return None
    # A report keeps 12 digits of what does not end: the same digits are the same value.
    return now.value if plain_number(now.value)[0] == value else value_like(now.value, value)
