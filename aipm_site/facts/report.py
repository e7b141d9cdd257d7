"""Report facts: which issued reports speak at the as-of, what they said of the status, and the figures they froze."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Source, Value, sources_of
from aipm_site.facts.history import Statement, Statements
from aipm_site.facts.numbers import day
from aipm_site.project import Project
from aipm_site.records.report import FrozenFigure, Report

# Without issued reports a period has this many days.
PERIOD_DAYS = 30
STATUS = "status."
# Beside a frozen status.risk that waits to be confirmed stands what the rules said.
COMPUTED = ".computed"
_NOT_TRACKED = "not tracked"
_DIMENSION_WORDS = frozenset({"green", "amber", "red", "not_reported", "not_fully_reported"})


class Period(Struct, frozen=True):
    """What a report reports on.

    Attributes:
        start: The day after which it begins: that of the last issued report, else 30 days back.
        before: The day after which the period before it begins.
        report: Id of the report that it begins with; None without one.
    """

    start: date
    before: date
    report: str | None = None


def final_reports(project: Project, as_of: AsOf) -> tuple[Report, ...]:
    """Return the reports before the as-of that were issued and that no other has replaced, oldest first.

    A report that speaks for the as-of itself tells the present and is no earlier one: once it went out, the same day
    would else be held against itself, and nothing would have changed "since the last report" (domain §5, T-62).

    Args:
        project: The project as it is known at the as-of.
        as_of: The day that is asked for; a report that goes out later is not issued yet.
    """
    final = [r for r in project.of(Report) if r.status == "final" and r.as_of is not None and _is_issued(r, as_of)]
    replaced = {report.supersedes for report in final}
    earlier = (r for r in final if r.id not in replaced and r.as_of is not None and r.as_of < as_of.date)
    return tuple(sorted(earlier, key=lambda r: (r.as_of or date.min, r.id)))


def _is_issued(report: Report, as_of: AsOf) -> bool:
    return report.issued_on is None or as_of.has_come(report.issued_on)


def reports_no_stricter(project: Project, reports: Iterable[Report], label: str) -> tuple[Report, ...]:
    """Return those of some reports that all may see who may see a label.

    Only these may move what bears the label: the day of a stricter report would be told by it.
    """
    return tuple(report for report in reports if project.may_see(label, project.audience_of(report)))


def reporting_period(reports: Sequence[Report], as_of: AsOf) -> Period:
    """Return the period from the last of some issued reports, else from 30 days back, to the as-of (domain §3.3)."""
    days = sorted({report.as_of for report in reports if report.as_of is not None})
    if not days:
        start = as_of.date - timedelta(days=PERIOD_DAYS)
        return Period(start, start - timedelta(days=PERIOD_DAYS))
    start = days[-1]
    length = timedelta(days=(as_of.date - start).days or PERIOD_DAYS)
    last = [report for report in reports if report.as_of == start][-1]
    return Period(start, days[-2] if len(days) > 1 else start - length, last.id)


def statements_of(project: Project, reports: Iterable[Report]) -> Statements:
    """Return what issued reports said of the status, by "overall" and dimension, oldest first, one for each day."""
    found: dict[str, dict[date, Statement]] = defaultdict(dict)
    for report in reports:
        for frozen in report.figures:
            name, word = frozen.name.removeprefix(STATUS), _word(frozen)
            if frozen.name.startswith(STATUS) and not name.endswith(COMPUTED) and word and report.as_of:
                found[name][report.as_of] = _statement(project, report, frozen, word)
    return {name: tuple(by_day.values()) for name, by_day in found.items()}


def _word(frozen: FrozenFigure) -> str:
    if frozen.value is not None:
        return frozen.value if frozen.value in _DIMENSION_WORDS else ""
    return "" if (frozen.unknown or "").startswith(_NOT_TRACKED) else "not_reported"


def _statement(project: Project, report: Report, frozen: FrozenFigure, word: str) -> Statement:
    computed = report.frozen(frozen.name + COMPUTED)
    return Statement(
        as_of=report.as_of or date.min,
        origin=report.id,
        reported=word,
        computed=(_word(computed) if computed else "") or word,
        since=frozen.since,
        behind=frozen.sources,
        source=Source(report.id, report.place),
        audience=project.audience_of(report),
    )


def with_previous(figures: Iterable[AnyFigure], project: Project, reports: Sequence[Report]) -> tuple[AnyFigure, ...]:
    """Return figures, those that are held against nothing yet against their value in the last report that froze it.

    A trend needs the previous report, not the previous build (domain, trap 62).
    """
    newest_first = list(reversed(reports))
    return tuple(_held_against(figure, project, newest_first) for figure in figures)


def _held_against(figure: AnyFigure, project: Project, newest_first: Sequence[Report]) -> AnyFigure:
    if not isinstance(figure, Figure) or figure.comparator is not None:
        return figure
    for report in newest_first:
        frozen = report.frozen(figure.name)
        value = value_like(figure.value, frozen.value) if frozen and frozen.value is not None else None
        if frozen is None or value is None or frozen.unit not in (None, figure.unit):
            continue
        when = frozen.as_of or report.as_of
        words = frozen.text or f"{frozen.value} {figure.unit}"
        told = f"{words} on {day(when)}" if when else words
        sources = tuple(sorted({*figure.sources, *sources_of((report,))}))
        comparator = Comparator("previous", value, told, when, project.audience_of(report))
        return replace(figure, comparator=comparator, is_first=False, sources=sources)
    return figure


def value_like(present: Value, text: str) -> Value | None:
    """Return a value that was kept as text as the sort of value that a figure has; None where it cannot be one."""
    try:
        if isinstance(present, date):
            return date.fromisoformat(text)
        if isinstance(present, str):
            return text
        value = Decimal(text)
        return value if value.is_finite() else None
    except (InvalidOperation, ValueError):
        return None
