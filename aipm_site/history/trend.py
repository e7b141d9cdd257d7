"""Trends: one figure over the revisions up to now, and since when it has been what it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct

from aipm_site.facts.facts import Facts
from aipm_site.facts.history import DEEPEN
from aipm_site.history.states import History, Point, point_of

CUT_OFF = f"the history of this clone is cut off; {DEEPEN}"


class Stretch(Struct, frozen=True):
    """Neighbouring points that say the same.

    Attributes:
        first: The first of them.
        count: How many they are.
    """

    first: Point
    count: int


class Trend(Struct, frozen=True):
    """One figure over the revisions.

    Attributes:
        name: The figure's name.
        points: The earlier revisions, the oldest first, then the present.
        every: The step from point to point: "day" or "week".
        is_cut_off: Whether there may have been earlier points that the clone does not hold.
        reason: Why there is no earlier point, or none at all; "" where the first commit has one, and where the clone or
            the reader cut it off.
    """

    name: str
    points: tuple[Point, ...]
    every: str
    is_cut_off: bool
    reason: str

    @property
    def unit(self) -> str:
        """What the figure counts or measures, as the newest point that has a value says."""
        return next((point.figure.unit for point in reversed(self.points) if point.figure and point.figure.unit), "")

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The points, those together that say the same one after the other."""
        return tuple(_stretch(tuple(points)) for _, points in groupby(self.points, key=_what_it_says))

    def since(self, day: date) -> Trend:
        """Return the trend without the points before a day."""
        points = tuple(point for point in self.points if point.day >= day)
        is_whole = len(points) < len(self.points)
        reason = "" if is_whole else self.reason
        if self.points and not points:
            reason = f"there is no revision of {day.isoformat()} or later"
        return Trend(self.name, points, self.every, self.is_cut_off and not is_whole, reason)


def trend_of(name: str, history: History, facts: Facts, commit: str | None, *, is_uncommitted: bool) -> Trend:
    """Return the trend of a figure, which some revision or the present has.

    Args:
        name: The figure's name.
        history: The earlier revisions, as the audience may see them.
        facts: The present, likewise.
        commit: Name of the present commit.
        is_uncommitted: Whether the present has changes that are in no commit yet.
    """
    points = history.points(name)
    present = facts.figures.get(name)
    if present is not None:
        day = facts.as_of.date
        points = (*points, point_of(present, day, day, commit, is_uncommitted=is_uncommitted))
    return Trend(name, points, history.every, history.is_cut_off, history.reason)


def _what_it_says(point: Point) -> tuple[str, str, str]:
    figure = point.figure
    return (figure.value or "", figure.unit, "") if figure and figure.value is not None else ("", "", point.reason)


def _stretch(points: Sequence[Point]) -> Stretch:
    return Stretch(points[0], len(points))
