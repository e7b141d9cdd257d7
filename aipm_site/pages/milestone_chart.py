"""Milestone chart: the milestone trend above the register, as a drawing, in words and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape
from msgspec import Struct

from aipm_site.charts.inline_svg import inline_svg
from aipm_site.charts.milestone_trend import (
    NARROW,
    WIDE,
    Direction,
    TrendLine,
    Words,
    milestone_trend_chart,
)
from aipm_site.facts.numbers import day, days
from aipm_site.history.milestone import MilestoneTrend, Reported
from aipm_site.pages.addresses import ROOT, register_of
from aipm_site.pages.context import PageContext
from aipm_site.pages.field_values import time_of
from aipm_site.pages.number_table import Table, table_of_words
from aipm_site.pages.words import phrase, phrase_of, phrases, plural
from aipm_site.records.milestone import KIND

CHART_HREF = f"{ROOT}{register_of(KIND)}#trend"
_FORMATS = (WIDE, NARROW)


class Drawing(Struct, frozen=True):
    """One drawing of a chart: for which room it is, and its SVG."""

    room: str
    svg: Markup


class MilestoneChart(Struct, frozen=True):
    """The milestone trend of a project.

    Attributes:
        finding: What it shows, in a sentence.
        drawings: The chart, once for wide pages and once for narrow ones; none where it could not be drawn.
        table: Its data.
        left_out: Which milestones are not in it; "" where all are.
        cut_off: What must be said where the history is not whole; "" where it is.
    """

    finding: Markup
    drawings: tuple[Drawing, ...]
    table: Table
    left_out: str
    cut_off: str


def milestone_descriptions(trends: Sequence[MilestoneTrend], as_of: date) -> tuple[Mapping[str, Any], ...]:
    """Return the Vega-Lite descriptions of the chart, one for each room; none where no milestone has a trend.

    Args:
        trends: The trends that are drawn.
        as_of: The day of the present report.
    """
    lines = [_line(trend) for trend in trends]
    _, reported, expected, _ = phrases("trend_columns")
    words = Words(reported, expected)
    return tuple(milestone_trend_chart(lines, as_of, words, size) for size in _FORMATS) if lines else ()


def milestone_chart(context: PageContext) -> MilestoneChart | None:
    """Return the milestone trend; None where nothing was reported of any milestone before."""
    trends = context.trends.charted
    if not trends:
        return None
    return MilestoneChart(
        finding=_finding(context),
        drawings=_drawings(context, trends),
        table=_table(context, trends),
        left_out=_left_out(context, trends),
        cut_off=context.cut_off,
    )


def _line(trend: MilestoneTrend) -> TrendLine:
    milestone = trend.state.milestone
    reports, turns = (tuple((one.day, one.expected) for one in some) for some in (trend.reports, trend.turns))
    return TrendLine(milestone.id, milestone.title, _direction(trend.slip_days), reports, turns)


def _direction(slip_days: int) -> Direction:
    return "later" if slip_days > 0 else "earlier" if slip_days < 0 else "unmoved"


def _drawings(context: PageContext, trends: Sequence[MilestoneTrend]) -> tuple[Drawing, ...]:
    as_of = context.facts.as_of.date
    drawn = [context.drawings.svg(description) for description in milestone_descriptions(trends, as_of)]
    svgs = [svg for svg in drawn if svg is not None]
    if len(svgs) < len(drawn):
        # Drawn for one room alone, it would be missing in the other.
        return ()
    first = min(trend.reports[0].day for trend in trends)
    title = phrase("trend_title").format(first_day=day(first), last_day=day(as_of))
    words = "; ".join(map(_words, trends)) + "."
    return tuple(
        Drawing(size.name, Markup(inline_svg(svg, f"trend-{size.name}", title, words)))
        for size, svg in zip(_FORMATS, svgs, strict=True)
    )


def _words(trend: MilestoneTrend) -> str:
    milestone = trend.state.milestone
    direction = _direction(trend.slip_days)
    return phrase_of(
        "trend",
        f"reached_{direction}" if trend.is_reached else direction,
        milestone=f"{milestone.id} ({milestone.title})",
        days=days(abs(trend.slip_days)),
        first_day=day(trend.reports[0].day),
        last=day(trend.reports[-1].expected),
    )


def _finding(context: PageContext) -> Markup:
    # Of all of them, also those that the chart has no room for.
    trends = context.trends.every
    what = plural(len(trends), "milestone")
    if context.hides(KIND.name):
        what = phrase("shared").format(what=what)
    slipped, most = sum(trend.slip_days > 0 for trend in trends), trends[0]
    since = phrase("trend_since_known" if context.cut_off else "trend_since")
    if not slipped:
        return escape(phrase("trend_none").format(what=what, since=since))
    words = {"milestone": context.links.short(most.id), "days": days(most.slip_days), "since": since}
    return escape(phrase("trend_most")).format(count=slipped, what=what, **words)


def _table(context: PageContext, trends: Sequence[MilestoneTrend]) -> Table:
    rows = (row for trend in trends for row in _rows(context, trend))
    return table_of_words(phrase("trend_caption"), phrases("trend_columns"), rows)


def _rows(context: PageContext, trend: MilestoneTrend) -> Iterator[tuple[Markup, ...]]:
    link = context.links.to(trend.id)
    first = trend.turns[0]
    yield (
        link,
        time_of(first.day),
        time_of(first.expected),
        escape(phrase_of("trend_changes", "first_known" if context.cut_off else "first")),
    )
    for earlier, later in pairwise(trend.turns):
        yield link, time_of(later.day), time_of(later.expected), escape(_change(trend, earlier, later))


def _change(trend: MilestoneTrend, earlier: Reported, later: Reported) -> str:
    moved = (later.expected - earlier.expected).days
    change = phrase_of("trend_changes", _direction(moved), days=days(abs(moved)))
    if not trend.is_reached or later is not trend.turns[-1]:
        return change
    return phrase_of("trend_changes", "and_reached", change=change) if moved else phrase_of("trend_changes", "reached")


def _left_out(context: PageContext, trends: Sequence[MilestoneTrend]) -> str:
    drawn = {trend.id for trend in trends}
    others = [trend for trend in context.trends.every if trend.id not in drawn]
    fewer = sum(trend.slip_days > 0 for trend in others)
    kept = sum(state.status != "cancelled" for state in context.facts.milestones)
    counts = {
        "trend_fewer": fewer,
        "trend_others": len(others) - fewer,
        "trend_unreported": kept - len(context.trends.every),
    }
    parts = [phrase(name).format(what=plural(count, "milestone")) for name, count in counts.items() if count]
    return phrase("trend_left_out").format(what=", ".join(parts)) if parts else ""
