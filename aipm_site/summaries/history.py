"""Trend of a figure as text for a terminal: a line for each revision, and where its history ends."""

from __future__ import annotations

from msgspec import Struct

from aipm_site.history.states import Point
from aipm_site.history.trend import CUT_OFF, Trend
from aipm_site.summaries.plain_text import render_text

_SHORT = 10
_NOT_COMMITTED = "not committed"


class PointText(Struct, frozen=True):
    """One line: the day, the commit, and the value in words or why it is not known."""

    day: str
    commit: str
    text: str


class HistoryText(Struct, frozen=True):
    """The context of templates/terminal/history.txt.

    Attributes:
        name: The figure's name.
        every: The step from line to line: "day" or "week".
        points: One line for each revision, the oldest first.
        reason: Why there is nothing before; "" where that goes without saying.
        cut_off: How to get what came before; "" where nothing did.
    """

    name: str
    every: str
    points: tuple[PointText, ...]
    reason: str
    cut_off: str


def terminal_history(trend: Trend) -> str:
    """Return a figure's trend as text for a terminal."""
    text = HistoryText(
        name=trend.name,
        every=trend.every,
        points=tuple(_line(point) for point in trend.points),
        reason=trend.reason,
        cut_off=CUT_OFF if trend.is_cut_off else "",
    )
    return render_text("history.txt", history=text)


def _line(point: Point) -> PointText:
    commit = (point.commit or "-").ljust(_SHORT)[:_SHORT]
    known = point.figure is not None and point.figure.value is not None
    text = point.figure.text if point.figure is not None and known else f"unknown: {point.reason}"
    # By project.yml, or in another zone than today's, a commit speaks for another day than its own.
    notes = [f"as at {point.as_of.isoformat()}"] if point.as_of != point.day else []
    notes += [_NOT_COMMITTED] if point.is_uncommitted else []
    return PointText(point.day.isoformat(), commit, f"{text} ({', '.join(notes)})" if notes else text)
