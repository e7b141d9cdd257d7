"""Recurrence: on which days something comes again, as a rule of RFC 5545 that people can still count with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from aipm_site.records.fields import Reader, refuse, shown
from aipm_site.records.local_time import LAST_YEAR, clock_change, moment_of

_RULE = re.compile(r"[A-Z]+=[A-Z0-9,+:-]+(;[A-Z]+=[A-Z0-9,+:-]+)*\Z", re.ASCII)
# What comes again within a day is work of a machine, no reminder of anybody.
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_OF_MONTHS = ("BYMONTHDAY", "BYSETPOS")
_WEEKDAY = "(MO|TU|WE|TH|FR|SA|SU)"
# Part by part: the form of its value, or of each item of it, and what that is in words.
_PARTS = {
    "FREQ": ("|".join(_FREQUENCIES), f"one of {', '.join(_FREQUENCIES)}"),
    "INTERVAL": ("[1-9][0-9]{0,2}", "a whole number from 1 to 999"),
    "COUNT": ("[1-9][0-9]{0,2}", "a whole number from 1 to 999"),
    "UNTIL": (r"\d{8}(T\d{6}Z)?", "a day such as 20261231, or a moment such as 20261231T235959Z"),
    "BYDAY": (f"([+-]?[1-5])?{_WEEKDAY}", "days of the week, such as MO,TU, or 1MO and -1FR in a month"),
    "BYMONTHDAY": ("[+-]?([1-9]|[12][0-9]|3[01])", "days of the month, 1 to 31, or -1 for the last"),
    "BYMONTH": ("[1-9]|1[0-2]", "months, 1 to 12"),
    "BYSETPOS": ("[+-]?[1-9][0-9]?", "which of the days of a period, such as 1 or -1"),
    "WKST": (_WEEKDAY, "a day of the week"),
}
_LISTS = ("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS")
_HINT = "write a rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261231"
# A rule is looked at up to this many times; a stand-up on each day of thirty years has fewer.
_LOOKED_AT = 20_000


def _refuse(what: str) -> Exception:
    return refuse("not-a-recurrence", what, _HINT)


def _parts(text: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.partition("=") for part in text.split(";"))}


def _read_recurrence(value: object) -> str:
    if not isinstance(value, str):
        raise _refuse("a rule of recurrence is wanted here")
    text = value.strip().upper().removeprefix("RRULE:")
    if not _RULE.match(text):
        raise _refuse(f"{shown(value)} is not a rule of recurrence")
    names = [part.partition("=")[0] for part in text.split(";")]
    if len(names) != len(set(names)):
        raise _refuse("a part of the rule stands twice")
    _check_parts(_parts(text))
    return text


def _check_parts(parts: dict[str, str]) -> None:
    for name, value in parts.items():
        if name not in _PARTS:
            raise _refuse(f"{shown(name)} is no part of a rule here; parts are {', '.join(_PARTS)}")
        form, words = _PARTS[name]
        items = value.split(",") if name in _LISTS else [value]
        if not all(re.fullmatch(form, item, re.ASCII) for item in items):
            raise _refuse(f"{name} is {words}, and not {shown(value)}")
    _check_together(parts)
    if "UNTIL" in parts:
        _until(parts["UNTIL"])
    if not _has_a_day(parts):
        raise _refuse("no day satisfies the rule")


def _check_together(parts: dict[str, str]) -> None:
    if "FREQ" not in parts:
        raise _refuse(f"the rule has no FREQ, {_PARTS['FREQ'][1]}")
    if {"COUNT", "UNTIL"} <= parts.keys():
        raise _refuse("COUNT and UNTIL exclude each other")
    is_within_month = parts["FREQ"] in {"DAILY", "WEEKLY"}
    if is_within_month and parts.keys() & set(_OF_MONTHS):
        raise _refuse(f"{' and '.join(_OF_MONTHS)} go with FREQ=MONTHLY and FREQ=YEARLY")
    if is_within_month and re.search(r"\d", parts.get("BYDAY", "")):
        raise _refuse("numbers of weekdays in BYDAY go with FREQ=MONTHLY and FREQ=YEARLY")
    if "BYSETPOS" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY"}:
        raise _refuse("BYSETPOS chooses among the days of BYDAY or BYMONTHDAY")


def _has_a_day(parts: dict[str, str]) -> bool:
    """Say whether any day satisfies a rule, whatever it starts with: none does for 30 February."""
    # An interval hits only from the right start; 2024 has a 29 February.
    each = {name: value for name, value in parts.items() if name != "INTERVAL"}
    return next(_naive(each, datetime(2024, 1, 1)), None) is not None


def _until(text: str) -> date | datetime:
    try:
        if int(text[:4]) > LAST_YEAR:
            raise ValueError
        if "T" in text:
            return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise _refuse(f"UNTIL names a day or a time that there is not: {shown(text)}") from None


_SCHEMA: dict[str, Any] = {"type": "string", "pattern": "^([Rr][Rr][Uu][Ll][Ee]:)?[A-Za-z]+="}

Recurrence = Annotated[str, Reader(_read_recurrence, "recurrence rule (RFC 5545)", _SCHEMA)]
"""A rule by which something comes again: RRULE of RFC 5545, by day, week, month or year."""


def occurrences(rule: str, start: datetime, tz: str) -> Iterator[datetime]:
    """Yield the moments at which something takes place that recurs, in order.

    A local time that clocks skip on some day is left out on that day, as RFC 5545 §3.3.10 asks for.

    Args:
        rule: The rule.
        start: When it takes place first, as clocks show it.
        tz: The zone of these clocks.
    """
    parts = _parts(rule)
    last = last_moment(rule, tz)
    for local in islice(_naive(parts, start), _LOOKED_AT):
        moment = moment_of(local, tz)
        if last is not None and moment > last:
            return
        if clock_change(local, tz) != "skipped":
            yield moment


def last_moment(rule: str, tz: str) -> datetime | None:
    """Return the moment after which a rule yields nothing, in UTC; None where it has none.

    A day counts as a whole, by the clocks of the zone.
    """
    written = _parts(rule).get("UNTIL")
    if written is None:
        return None
    until = _until(written)
    if isinstance(until, datetime):
        return until
    return datetime.combine(until, time(23, 59, 59), ZoneInfo(tz)).astimezone(UTC)


def rule_for_calendars(rule: str, tz: str) -> str:
    """Return a rule as calendars want it beside a start with a zone: its end as a moment in UTC (RFC 5545 §3.3.10)."""
    last = last_moment(rule, tz)
    parts = _parts(rule) | ({} if last is None else {"UNTIL": f"{last:%Y%m%dT%H%M%SZ}"})
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _naive(parts: dict[str, str], start: datetime) -> Iterator[datetime]:
    # Imported where a rule is read, as few projects have one.
    from dateutil.rrule import rrulestr

    # The end is ours to look at: a day that is written as such ends in the zone of the record.
    text = ";".join(f"{name}={value}" for name, value in parts.items() if name != "UNTIL")
    return iter(rrulestr(text, dtstart=start))
