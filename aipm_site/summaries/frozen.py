"""Frozen figures: what a report writes down of the figures that it prints, so that it stays what it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import AnyFigure, Figure, plain_number
from aipm_site.facts.finding import Finding
from aipm_site.facts.history import Standing
from aipm_site.facts.report import COMPUTED, STATUS
from aipm_site.facts.status import WAITING_RULES
from aipm_site.facts.view import NOT_SHARED_REASON
from aipm_site.records.report import FrozenFigure

# A status names every record behind it, as their end is what makes it better; other figures the first ones.
SOURCES_AT_MOST = 20
_OVERALL = f"{STATUS}overall"


def frozen_figures(
    facts: Facts, printed: Iterable[str], changes: Mapping[str, str] | None = None
) -> tuple[FrozenFigure, ...]:
    """Return the status and the figures that a report prints, as a record keeps them.

    Args:
        facts: What the readers of the report may see.
        printed: Names of the figures that its template prints.
        changes: What it says of the change of figures since the last report, by name.
    """
    statuses = [f"{STATUS}{dimension.name}" for dimension in facts.status.listed]
    names = dict.fromkeys([_OVERALL, *statuses, *sorted(printed)])
    frozen = (one for name in names if name in facts.figures for one in _frozen(facts, facts.figures[name]))
    told = changes or {}
    return tuple(_with_change(one, told[one.name]) if one.name in told else one for one in frozen)


def _with_change(frozen: FrozenFigure, change: str) -> FrozenFigure:
    return frozen.model_copy(update={"change": _in_a_line(change)})


def _frozen(facts: Facts, figure: AnyFigure) -> Iterator[FrozenFigure]:
    if figure.name.startswith(STATUS):
        yield from _frozen_status(facts, figure)
    else:
        ids = dict.fromkeys(source.record_id for source in figure.sources)
        yield _plain(facts, figure).model_copy(update={"sources": tuple(ids)[:SOURCES_AT_MOST]})


def _plain(facts: Facts, figure: AnyFigure) -> FrozenFigure:
    if not isinstance(figure, Figure):
        return FrozenFigure(name=figure.name, unknown=_in_a_line(figure.reason), as_of=facts.as_of.date)
    return FrozenFigure(
        name=figure.name,
        value=plain_number(figure.value)[0],
        unit=figure.unit,
        as_of=figure.as_of,
        text=_in_a_line(figure.text),
        # What it is held against was not disclosed with it.
        baseline=None if figure.is_disclosed else figure.baseline,
    )


def _in_a_line(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def _frozen_status(facts: Facts, figure: AnyFigure) -> Iterator[FrozenFigure]:
    status = facts.status
    dimension = status.dimension(figure.name.removeprefix(STATUS))
    waiting: str | None
    if dimension is None:
        waiting = status.computed if status.computed != status.overall else None
        stands, findings = status.standing, status.findings
    else:
        waiting, stands = dimension.unconfirmed, dimension.standing
        findings = tuple(finding for finding in dimension.findings if finding.status == dimension.status)
    # Of a status whose records are partly hidden nobody who reads this could tell when all of them are over.
    is_whole = not figure.hidden_sources and not (dimension.hidden_findings if dimension else 0)
    behind = _behind(facts, figure.name, findings) if is_whole else ()
    since = _since(facts, stands) if isinstance(figure, Figure) else None
    yield _plain(facts, figure).model_copy(update={"since": since, "sources": behind})
    if waiting is not None:
        # What was better and waits, so that the next report can confirm it.
        yield FrozenFigure(name=figure.name + COMPUTED, value=waiting, unit="status", as_of=facts.as_of.date)


def _behind(facts: Facts, name: str, findings: Iterable[Finding]) -> tuple[str, ...]:
    told = [finding for finding in findings if finding.rule not in WAITING_RULES]
    ids = {source.record_id for finding in told for source in finding.sources}
    if not told and facts.reports:
        # A status that only waits to be confirmed rests on what it rested on before.
        before = facts.reports[-1].frozen(name)
        ids = set(before.sources) if before else set()
    return tuple(sorted(ids))


def _since(facts: Facts, stands: Standing) -> date | None:
    if stands.reason == NOT_SHARED_REASON:
        return None
    # Nobody knows on which day since the last report it changed; the report is the first to say it.
    return stands.since or facts.as_of.date
