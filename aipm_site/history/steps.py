"""Steps: which revisions of the main line are shown, one a day or one a week."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import accumulate
from types import MappingProxyType
from zoneinfo import ZoneInfo

NONE_FIXED: Mapping[str, date] = MappingProxyType({})


def chosen_revisions(
    line: Iterable[tuple[str, datetime | None]],
    every: str,
    tz: str,
    until: date,
    *,
    has_present: bool,
    fixed: Mapping[str, date] = NONE_FIXED,
) -> list[tuple[str, date]]:
    """Return the last revision of each day or week with its day, the oldest first.

    Days are those of the project's time zone, and a week is that of ISO 8601. A commit whose clock was wrong, so that
    its day does not stand between those of the commits around it, is no point; what it changed shows in the next one.
    Neither is one whose project.yml fixed a wrong day, so that what it speaks for does not stand between.

    Args:
        line: The commits of the main line, newest first.
        every: "day" or "week".
        tz: The project's time zone.
        until: The day that the present state speaks for; later commits are not history yet.
        has_present: Whether the present state stands for its own day or week, so that no commit does.
        fixed: The days that commits speak for where project.yml fixes these.
    """
    rising = _rising(list(_dated(line, tz)))
    right = _agreeing(rising, fixed, until) if fixed else rising
    return list(_chosen(right, every, until, has_present=has_present))[::-1]


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


def _agreeing(line: Sequence[tuple[str, date]], fixed: Mapping[str, date], until: date) -> list[tuple[str, date]]:
    """Return of a line, newest first, the most commits that speak for days that rise up to the present.

    The day of a commit was weighed with the clocks, so what speaks for it is right, and only fixed days may be wrong.
    """
    spoken = [(name, day, fixed.get(name, day)) for name, day in line]
    later = accumulate((day if said == day else date.max for _, day, said in spoken), min, initial=until)
    before = accumulate((day if said == day else date.min for _, day, said in reversed(spoken)), max)
    bounds = zip(reversed(list(before)), later, strict=False)
    possible = [
        (name, said) for (name, _, said), (first, last) in zip(spoken, bounds, strict=True) if first <= said <= last
    ]
    right = {name for name, _ in _rising(possible)}
    return [(name, day) for name, day in line if name in right]


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
