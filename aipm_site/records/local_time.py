"""Local times: what a clock shows at a place; daylight saving moves the moment, and the clock stays."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from aipm_site.records.fields import Reader, refuse, shown

# No project is outside of these, and near the ends of the calendar a moment may have no day in another zone.
FIRST_YEAR, LAST_YEAR = 1900, 2999
ClockChange = Literal["skipped", "repeated"]

_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?\Z", re.ASCII)
_OFFSET = re.compile(r"(Z|[+-]\d{2}:\d{2})\Z")
_HINT = "write date and time as the clock shows them, such as 2026-04-16T09:00; the zone stands in 'tz'"


def _read_local_time(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    if not isinstance(value, str):
        raise refuse("wrong-type", "a local date and time is wanted here", _HINT)
    if not _LOCAL.match(value):
        what = "has an offset" if _OFFSET.search(value) and _LOCAL.match(_OFFSET.sub("", value)) else "is none"
        raise refuse("not-a-local-time", f"a local date and time is wanted here, and {shown(value)} {what}", _HINT)
    try:
        local = datetime.fromisoformat(value)
    except ValueError:
        raise refuse("not-a-local-time", f"there is no time {shown(value)} on any clock", _HINT) from None
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise refuse("out-of-range", f"the year {local.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return local


_SCHEMA: dict[str, Any] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$"}

LocalTime = Annotated[datetime, Reader(_read_local_time, "local date and time", _SCHEMA)]
"""A day and a time as a clock shows them, without offset."""


def moment_of(local: datetime, tz: str) -> datetime:
    """Return the moment at which clocks in a zone show a time.

    A time that occurs twice is the first of the two, and one that is skipped is read with the offset before the gap, as
    calendars read it (RFC 5545 §3.3.5).
    """
    return local.replace(tzinfo=ZoneInfo(tz), fold=0)


def clock_change(local: datetime, tz: str) -> ClockChange | None:
    """Return what a change to or from daylight saving does to a local time; None on nearly all days."""
    first = moment_of(local, tz)
    if first.astimezone(UTC).astimezone(ZoneInfo(tz)).replace(tzinfo=None, fold=0) != local:
        return "skipped"
    return "repeated" if first.utcoffset() != first.replace(fold=1).utcoffset() else None
