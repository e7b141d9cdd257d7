"""Time zones in calendars: a zone's offsets from UTC and the moments at which they change, as VTIMEZONE (RFC 5545)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

if TYPE_CHECKING:
    from icalendar import Timezone

_STEP = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class _Observance(Struct, frozen=True):
    """A stretch of time with one offset: what it was before, what it is, its name, and whether clocks save daylight."""

    before: timedelta
    offset: timedelta
    name: str
    saves_daylight: bool


def zone_component(zone: str, first_year: int, last_year: int) -> Timezone:
    """Return the description of a zone over some years.

    The library's own gives the onset of daylight saving by the clock after the change. RFC 5545 §3.6.5 asks for the
    clock before it, and a calendar that takes it at its word is an hour late on that day.
    """
    # Imported where a calendar is written: it takes a quarter of a second.
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    component = Timezone()
    component.add("tzid", zone)
    for observance, onsets in _observances(ZoneInfo(zone), first_year, last_year).items():
        part = TimezoneDaylight() if observance.saves_daylight else TimezoneStandard()
        part.add("dtstart", onsets[0])
        if len(onsets) > 1:
            part.add("rdate", onsets[1:])
        part.add("tzoffsetfrom", observance.before)
        part.add("tzoffsetto", observance.offset)
        part.add("tzname", observance.name)
        component.add_component(part)
    return component


def _observances(zone: ZoneInfo, first_year: int, last_year: int) -> dict[_Observance, list[datetime]]:
    """Return the kinds of observance with their onsets, each as the clock showed it before."""
    start = datetime(first_year, 1, 1, tzinfo=zone).astimezone(UTC)
    found: dict[_Observance, list[datetime]] = defaultdict(list)
    for onset in (start, *_changes(zone, start, datetime(last_year, 12, 31, tzinfo=UTC))):
        before = _offset(zone, onset - _SECOND) if onset != start else _offset(zone, onset)
        local = onset.astimezone(zone)
        observance = _Observance(before, _offset(zone, onset), local.tzname() or zone.key, bool(local.dst()))
        found[observance].append((onset + before).replace(tzinfo=None))
    return found


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the moments from which on an offset holds that differs from the one before, to the second."""
    while start < end:
        later = start + _STEP
        if _offset(zone, start) != _offset(zone, later):
            yield _first_with(zone, start, later)
        start = later


def _first_with(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
