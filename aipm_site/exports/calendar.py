"""calendar.ics: milestones, meetings, reminders and days to act by (RFC 5545), for the project and for each role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aipm_site.exports.site_file import SiteFile
from aipm_site.exports.status_json import Identity
from aipm_site.exports.time_zone import zone_component
from aipm_site.facts.agenda import Occasion
from aipm_site.facts.facts import Facts
from aipm_site.pages.addresses import CALENDAR, absolute, address_of
from aipm_site.pages.calendars import role_calendars
from aipm_site.pages.words import calendar_title, phrase
from aipm_site.project import Project
from aipm_site.records.recurrence import rule_for_calendars

if TYPE_CHECKING:
    from icalendar import Event

_PRODUCT = "-//aipm_site//aipm//EN"
# What comes again without an end is told with its zone for so many years after the last entry.
_YEARS_AHEAD = 10
# Lines of so many octets are folded (RFC 5545, 3.1).
_FOLDED_FROM = 75
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class Publication:
    """What a calendar says of the build that it is part of.

    Attributes:
        identity: The project, and for whom it is.
        epoch: The moment that it speaks for, in seconds since 1970.
        site_url: Where the site is published; "" where it does not say.
    """

    identity: Identity
    epoch: int
    site_url: str = ""


def calendar_files(facts: Facts, publication: Publication) -> tuple[SiteFile, ...]:
    """Return the calendar of the project and one for each role; none where nothing has a day."""
    if not facts.agenda:
        return ()
    events = {occasion: _written(_event(occasion, facts.project, publication)) for occasion in facts.agenda}
    zones = _zones(facts.agenda)
    name = publication.identity.project_name
    whole = SiteFile(CALENDAR, _calendar(name, facts.agenda, events, zones))
    roles = role_calendars(facts.agenda)
    return (whole, *(SiteFile(r.address, _calendar(f"{name}: {r.role}", r.occasions, events, zones)) for r in roles))


def _calendar(
    name: str, occasions: Sequence[Occasion], events: Mapping[Occasion, bytes], zones: Mapping[str, bytes]
) -> bytes:
    # Imported where a calendar is written: it takes a quarter of a second.
    from icalendar import Calendar

    calendar = Calendar()
    for key, value in (("prodid", _PRODUCT), ("version", "2.0"), ("name", name), ("x-wr-calname", name)):
        calendar.add(key, value)
    used = sorted({zone for occasion in occasions if (zone := _zone_of(occasion)) in zones})
    # Each entry is written once, however many roles it is for.
    inside = b"".join([*(zones[zone] for zone in used), *(events[occasion] for occasion in occasions)])
    written: bytes = calendar.to_ical()
    return written.removesuffix(_END) + inside + _END


def _zone_of(occasion: Occasion) -> str:
    return str(occasion.start.tzinfo) if isinstance(occasion.start, datetime) else ""


def _zones(occasions: Iterable[Occasion]) -> Mapping[str, bytes]:
    """Return the description of each zone that is used, over the years in which it is."""
    years: dict[str, list[int]] = defaultdict(list)
    for occasion in occasions:
        years[_zone_of(occasion)] += [occasion.start.year, *([occasion.end.year] if occasion.end else [])]
    # UTC needs none: its times end with a Z.
    named = {zone: found for zone, found in years.items() if zone not in {"", "UTC"}}
    return {
        zone: zone_component(zone, min(found), max(found) + _YEARS_AHEAD).to_ical() for zone, found in named.items()
    }


def _event(occasion: Occasion, project: Project, publication: Publication) -> Event:
    from icalendar import Event, vText

    event = Event()
    project_id = publication.identity.project_id or "aipm"
    texts = {
        "uid": f"{occasion.record_id}.{occasion.kind}@{project_id}",
        "summary": calendar_title(occasion.kind, occasion.title),
        "description": _description(occasion),
        # A day to act by and a reminder leave the time free for others.
        "transp": "OPAQUE" if occasion.kind == "meeting" else "TRANSPARENT",
    }
    # Put in with their type: finding it out would take as long as writing them.
    event.update({name: vText(text) for name, text in texts.items()})
    event.add("dtstamp", datetime.fromtimestamp(publication.epoch, UTC))
    event.add("categories", [occasion.kind])
    record = project.get(occasion.record_id)
    url = absolute(publication.site_url, address_of(project.kinds.of(record), record)) if record else None
    if url is not None:
        event.add("url", url)
    _add_times(event, occasion)
    return event


def _written(event: Event) -> bytes:
    # A line that is short enough stays as it is; icalendar would weigh each of its characters, and most lines are.
    lines = (
        line.encode("ascii") if len(line) < _FOLDED_FROM and line.isascii() else line.to_ical()
        for line in event.content_lines()
        if line
    )
    return b"".join(line + b"\r\n" for line in lines)


def _description(occasion: Occasion) -> str:
    roles = phrase("calendar_roles").format(roles=", ".join(occasion.roles)) if occasion.roles else ""
    return "\n".join(filter(None, (occasion.about, occasion.record_id, roles)))


def _add_times(event: Event, occasion: Occasion) -> None:
    event.add("dtstart", occasion.start)
    if not isinstance(occasion.start, datetime):
        event.add("dtend", occasion.start + timedelta(days=1))
    elif occasion.end is not None:
        event.add("dtend", occasion.end)
    if occasion.kind == "reminder":
        _add_alarm(event, occasion)


def _add_alarm(event: Event, occasion: Occasion) -> None:
    from icalendar import Alarm, vRecur

    if occasion.recurrence is not None:
        event.add("rrule", vRecur.from_ical(rule_for_calendars(occasion.recurrence, _zone_of(occasion))))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", occasion.title)
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
