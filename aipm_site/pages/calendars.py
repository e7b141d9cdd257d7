"""Calendars: which roles have one, and what stands in it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from aipm_site.facts.agenda import Occasion
from aipm_site.pages.addresses import calendar_of


class RoleCalendar(Struct, frozen=True):
    """The calendar of a role: what the role is called, where its file lies, and what stands in it."""

    role: str
    address: str
    occasions: tuple[Occasion, ...]


def role_calendars(occasions: Iterable[Occasion]) -> tuple[RoleCalendar, ...]:
    """Return the calendar of each role, by address; a role that is written with other capitals is the same one."""
    mine: dict[str, dict[Occasion, None]] = {}
    names: dict[str, str] = {}
    for occasion in occasions:
        for role in occasion.roles:
            address = calendar_of(role)
            mine.setdefault(address, {})[occasion] = None
            names[address] = min(role, names.get(address, role))
    return tuple(RoleCalendar(names[address], address, tuple(found)) for address, found in sorted(mine.items()))
