"""The as-of: the one day or moment that a status speaks for."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from msgspec import Struct


class AsOf(Struct, frozen=True):
    """The day a status speaks for, and the moment up to which things have happened.

    Attributes:
        date: The day, in the project's time zone.
        moment: The given moment; for a date, the end of that day in the project's time zone.
        is_moment: Whether a moment was given, so that a text must say the time too.
    """

    date: dt.date
    moment: dt.datetime
    is_moment: bool = False

    @classmethod
    def of(cls, when: dt.date | dt.datetime, tz: str) -> AsOf:
        """Return the as-of that speaks for a day or a moment."""
        return cls.of_moment(when, tz) if isinstance(when, dt.datetime) else cls.of_day(when, tz)

    @classmethod
    def of_day(cls, day: dt.date, tz: str) -> AsOf:
        """Return the as-of that speaks for the whole of a day in a time zone."""
        return cls(day, dt.datetime.combine(day, dt.time.max, ZoneInfo(tz)))

    @classmethod
    def of_moment(cls, moment: dt.datetime, tz: str) -> AsOf:
        """Return the as-of that speaks for a moment; its day and its clock are those of the project's time zone."""
        local = moment.astimezone(ZoneInfo(tz))
        return cls(local.date(), local, is_moment=True)

    def has_come(self, when: dt.date | dt.datetime) -> bool:
        """Say whether a day has begun, or a moment has passed, at the as-of."""
        if isinstance(when, dt.datetime):
            return when <= self.moment
        return when <= self.date
