"""Steps: which revisions of the main line are shown, one a day or one a week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo


def chosen_revisions(
    line: Iterable[tuple[str, datetime | None]], every: str, tz: str, until: date, *, has_present: bool
) -> list[tuple[str, date]]:
    """Return the last revision of each day or week with its day, the oldest first.

    Days are those of the project's time zone, and a week is that of ISO 8601. Where the clock of a commit went back,
    the commit nearer to the end of the line decides, so that days rise.

    Args:
        line: The commits of the main line, newest first.
        every: "day" or "week".
        tz: The project's time zone.
        until: The day that the present state speaks for; later commits are not history yet.
        has_present: Whether the present state stands for its own day or week, so that no commit does.
    """
    chosen = list(_chosen(_dated(line, tz), every, until, has_present=has_present))
    return chosen[::-1]


def _dated(line: Iterable[tuple[str, datetime | None]], tz: str) -> Iterator[tuple[str, date]]:
    zone = ZoneInfo(tz)
    return ((name, moment.astimezone(zone).date()) for name, moment in line if moment is not None)


def _chosen(
    line: Iterable[tuple[str, date]], every: str, until: date, *, has_present: bool
) -> Iterator[tuple[str, date]]:
    before = _step(until, every) if has_present else None
    for name, day in line:
        if day <= until and (before is None or _step(day, every) < before):
            before = _step(day, every)
            yield name, day


def _step(day: date, every: str) -> tuple[int, ...]:
    return tuple(day.isocalendar())[:2] if every == "week" else (day.year, day.month, day.day)
