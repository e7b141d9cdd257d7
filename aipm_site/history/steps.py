"""Steps: which revisions of the main line are shown, one a day or one a week."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo


def chosen_revisions(
    line: Iterable[tuple[str, datetime | None]], every: str, tz: str, until: date, *, has_present: bool
) -> list[tuple[str, date]]:
    """Return the last revision of each day or week with its day, the oldest first.

    Days are those of the project's time zone, and a week is that of ISO 8601. A commit whose clock was wrong, so that
    its day does not stand between those of the commits around it, is no point; what it changed shows in the next one.

    Args:
        line: The commits of the main line, newest first.
        every: "day" or "week".
        tz: The project's time zone.
        until: The day that the present state speaks for; later commits are not history yet.
        has_present: Whether the present state stands for its own day or week, so that no commit does.
    """
    chosen = list(_chosen(_rising(list(_dated(line, tz))), every, until, has_present=has_present))
    return chosen[::-1]


def _dated(line: Iterable[tuple[str, datetime | None]], tz: str) -> Iterator[tuple[str, date]]:
    zone = ZoneInfo(tz)
    return ((name, moment.astimezone(zone).date()) for name, moment in line if moment is not None)


def _rising(line: Sequence[tuple[str, date]]) -> list[tuple[str, date]]:
    """Return the most commits of a line, newest first, whose days rise; of as many, those nearer to its end.

    That is a longest non-decreasing subsequence (Schensted, Canadian Journal of Mathematics 13, 1961): of commits that
    contradict each other the fewest are taken to have had a wrong clock.
    """
    oldest_first = line[::-1]
    # Of each length the subsequence found so far that ends with the earliest day: its day, and its last commit.
    days: list[date] = []
    ends: list[int] = []
    before: list[int | None] = []
    for number, (_, day) in enumerate(oldest_first):
        length = bisect_right(days, day)
        days[length : length + 1] = [day]
        ends[length : length + 1] = [number]
        before.append(ends[length - 1] if length else None)
    found: list[tuple[str, date]] = []
    at = ends[-1] if ends else None
    while at is not None:
        found.append(oldest_first[at])
        at = before[at]
    return found


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
