"""Key figures of a report: at most six, each with what it did since the last report and its course."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from msgspec import Struct

from aipm_site.changes.since_report import Origin, SinceReport
from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import Figure
from aipm_site.facts.model import IN_USE
from aipm_site.facts.slippage import finishing
from aipm_site.summaries.past import Past
from aipm_site.summaries.printed import ChangeRef, FigureRef, RecordRef, lacks
from aipm_site.summaries.since_report import origin_text

Subject = Literal["finish_p80", "finish_p50", "finish_slip", "eac", "cv", "spi_t", "risk_red", "metric", "benefit"]


class KeyFigure(Struct, frozen=True):
    """A line of the table.

    Attributes:
        subject: What it is about, for the template to name.
        title: What a metric is called; empty for the others.
        now: Its value.
        as_of: The day that it speaks for, where that is not the day of the report.
        change: What it did since the last report.
    """

    subject: Subject
    title: str
    now: FigureRef
    as_of: date | None
    change: ChangeRef


class KeyFigures(Struct, frozen=True):
    """The table.

    Attributes:
        lines: Its lines; none where the project has no such figure that may be shown.
        has_changes: Whether an earlier value of any of them is known, or that a report tells it for the first time.
        since: What the newest of them was told in before: a link to a report, words for a revision; "" for nothing.
        has_courses: Whether the form of the report draws the course of any of them.
    """

    lines: tuple[KeyFigure, ...]
    has_changes: bool
    since: RecordRef | str
    has_courses: bool


class _Chosen(Struct, frozen=True):
    """A figure that was chosen, and what it did."""

    subject: Subject
    title: str
    figure: Figure
    since: SinceReport


def key_figures(facts: Facts, past: Past) -> KeyFigures:
    """Return the figures of finish, cost, pace, risk, model and benefit that the project has and may print.

    Args:
        facts: What the readers of the report may see.
        past: What they may know of the time before.
    """
    chosen = tuple(_chosen(facts, past))
    origins = [one.since.origin for one in chosen if one.since.origin]
    # A figure that the last report did not tell says itself which one told it.
    heading = max(origins, key=lambda origin: (origin.day, origin.report or ""), default=None)
    return KeyFigures(
        lines=tuple(_line(one, heading, facts.as_of.date) for one in chosen),
        has_changes=bool(origins) or any(one.since.is_told for one in chosen),
        since=_told_in(heading) if heading else "",
        has_courses=any(past.course(one.figure.name, facts) for one in chosen),
    )


def _told_in(origin: Origin) -> RecordRef | str:
    text = origin_text(origin)
    return RecordRef(origin.report, text) if origin.report else text


def _chosen(facts: Facts, past: Past) -> Iterator[_Chosen]:
    for candidates in (_finish(facts), _cost(), _pace(), _risk(facts), _metric(facts), _benefit(facts)):
        for subject, title, name in candidates:
            figure = facts.figures.get(name)
            if not isinstance(figure, Figure):
                continue
            since = past.since_report(figure, facts)
            # A number of which nobody knows what it was before, nor what it should be, is not told (domain §4.3).
            if not lacks(figure, is_compared=since.is_told):
                yield _Chosen(subject, title, figure, since)
                break


# Each gives what is told of its matter, the better first.
_Candidates = Iterator[tuple[Subject, str, str]]


def _finish(facts: Facts) -> _Candidates:
    yield "finish_p80", "", "schedule.finish_p80"
    yield "finish_p50", "", "schedule.finish_p50"
    ending = finishing(facts.milestones, facts.project.charter.finish_milestone)
    if ending is not None:
        yield "finish_slip", "", f"schedule.slip.{ending.milestone.id}"


def _cost() -> _Candidates:
    yield "eac", "", "cost.eac"
    yield "cv", "", "cost.cv"


def _pace() -> _Candidates:
    yield "spi_t", "", "schedule.spi_t"


def _risk(facts: Facts) -> _Candidates:
    # Where no risk is recorded there is nothing to be proud of (domain §5, T-68).
    if facts.risks.ranked:
        yield "risk_red", "", "risk.red"


def _metric(facts: Facts) -> _Candidates:
    for state in facts.metrics:
        age = facts.production_ages.get((state.model.id, state.metric))
        # What is stale is told with its date, among what is in production.
        if state.model.stage == IN_USE and (age is None or age.is_current):
            yield "metric", state.title, state.figure.name


def _benefit(facts: Facts) -> _Candidates:
    for state in facts.benefits:
        if state.plan is not None:
            yield "benefit", "", state.plan.net_run_rate.name


def _line(chosen: _Chosen, heading: Origin | None, day: date) -> KeyFigure:
    figure, since = chosen.figure, chosen.since
    return KeyFigure(
        subject=chosen.subject,
        title=chosen.title,
        now=FigureRef(figure.name, is_compared=since.is_told),
        as_of=figure.as_of if figure.as_of != day else None,
        change=ChangeRef(figure.name, is_brief=since.origin in {None, heading}),
    )
