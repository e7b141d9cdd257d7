"""Trends on pages: the course of a figure as a small line and as a table, and the trend of a milestone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from markupsafe import Markup
from msgspec import Struct

from aipm_site.charts.sparkline import HEIGHT, WIDTH, sparkline_path
from aipm_site.facts.numbers import day
from aipm_site.history.milestone import trend_of_milestone
from aipm_site.history.states import PastFigure
from aipm_site.history.trend import Stretch, Trend, trend_of
from aipm_site.pages.context import PageContext
from aipm_site.pages.field_values import time_of
from aipm_site.pages.looks import component
from aipm_site.pages.milestone_chart import CHART_HREF
from aipm_site.pages.number_table import Table, table_of_words
from aipm_site.pages.words import phrase, phrases, plural
from aipm_site.records.milestone import Milestone

_SHORT = 10


class TrendRow(Struct, frozen=True):
    """What a figure was from one day on.

    Attributes:
        day: The first day that it was so.
        revision: The commit that says so first, shortened; "" where none does.
        text: The value in words, or why it is not known.
        is_unknown: Whether it is not known.
        status: For a status, its word as the data has it; "" else.
        points: How many points in a row said so.
    """

    day: Markup
    revision: str
    text: str
    is_unknown: bool
    status: str
    points: str


class Sparkline(Struct, frozen=True):
    """The course of one figure as a small line.

    Attributes:
        path: The path of the line.
        label: What it shows, for those who cannot see it.
        width: Its width.
        height: Its height.
    """

    path: str
    label: str
    width: int
    height: int


class TrendView(Struct, frozen=True):
    """The course of one figure.

    Attributes:
        line: The sparkline; None where there are not two numbers.
        step: What the step from point to point is, in words.
        rows: What it was from which day on, the newest first.
    """

    line: Sparkline | None
    step: str
    rows: tuple[TrendRow, ...]


class MilestoneSection(Struct, frozen=True):
    """What the page of a milestone shows besides: the context of templates/records/milestone.html.

    Attributes:
        table: Report date and forecast date, the oldest first: the reports with another forecast than the one before,
            and the last; None where there is only the present.
        chart_href: Address of the chart in which it stands beside others; "" where it is in none.
        cut_off: What must be said where the history is not whole; "" where it is.
        shows: Fields that it shows: none.
    """

    table: Table | None = None
    chart_href: str = ""
    cut_off: str = ""
    shows: frozenset[str] = frozenset()


def trend_view(context: PageContext, name: str) -> TrendView | None:
    """Return the course of a figure; None where no earlier revision has it."""
    site = context.site
    trend = trend_of(name, context.history, context.facts, site.revision, is_uncommitted=site.uncommitted)
    if len(trend.points) < 2:
        return None
    return TrendView(
        line=_sparkline(trend),
        step=phrase(f"every_{trend.every}"),
        rows=tuple(_row(stretch, is_uncommitted=site.uncommitted) for stretch in reversed(trend.stretches)),
    )


def sparkline(trend: Trend) -> Markup:
    """Return the course of a figure as HTML in a line of text; "" where there are not two numbers of one unit."""
    line = _sparkline(trend)
    return component("trend").sparkline(line) if line else Markup("")


def _sparkline(trend: Trend) -> Sparkline | None:
    # A line through values of two units would show a rise or a fall that there is not.
    figures = [(point.day, point.figure) for point in trend.points]
    shown = [(day, figure if figure is not None and figure.unit == trend.unit else None) for day, figure in figures]
    path = sparkline_path([(day, figure.value if figure else None) for day, figure in shown])
    if not path:
        return None
    known = [(day, figure) for day, figure in shown if figure is not None and figure.value is not None]
    return Sparkline(path, _label(trend.name, known[0], known[-1]), WIDTH, HEIGHT)


def _label(name: str, first: tuple[date, PastFigure], last: tuple[date, PastFigure]) -> str:
    words = {"name": name, "first": first[1].text, "first_day": day(first[0])}
    return phrase("sparkline").format(**words, last=last[1].text, last_day=day(last[0]))


def _row(stretch: Stretch, *, is_uncommitted: bool) -> TrendRow:
    point, figure = stretch.first, stretch.first.figure
    is_known = figure is not None and figure.value is not None
    is_draft = is_uncommitted and point.is_uncommitted
    return TrendRow(
        day=time_of(point.day),
        revision=phrase("uncommitted") if is_draft else (point.commit or "")[:_SHORT],
        text=figure.text if figure is not None and is_known else point.reason,
        is_unknown=not is_known,
        status=figure.value or "" if figure is not None and figure.unit == "status" else "",
        points=plural(stretch.count, "point"),
    )


def trend_views(context: PageContext, names: Iterable[str]) -> dict[str, TrendView]:
    """Return the course of each figure that has one, by its name."""
    views = ((name, trend_view(context, name)) for name in names)
    return {name: view for name, view in views if view is not None}


def milestone_section(context: PageContext, milestone: Milestone) -> MilestoneSection:
    """Return the trend of a milestone."""
    state = context.milestones.get(milestone.id)
    trend = None if state is None else trend_of_milestone(state, context.history, context.facts.as_of)
    if trend is None:
        return MilestoneSection()
    _, reported, expected, _ = phrases("trend_columns")
    rows = ((time_of(one.day), time_of(one.expected)) for one in trend.turns)
    table = table_of_words(phrase("trend_caption"), (reported, expected), rows)
    is_charted = any(charted.id == milestone.id for charted in context.trends.charted)
    return MilestoneSection(table, CHART_HREF if is_charted else "", context.cut_off)
