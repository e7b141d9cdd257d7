"""calendar.ics: milestones, meetings, reminders and days to act by (RFC 5545), for the project and for each role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from aipm_site.exports.site_file import SiteFile
from aipm_site.exports.status_json import Identity
from aipm_site.exports.time_zone import zone_component
from aipm_site.facts.agenda import Occasion
from aipm_site.facts.facts import Facts
from aipm_site.pages.addresses import CALENDAR, absolute, address_of
from aipm_site.pages.calendars import role_calendars
from aipm_site.pages.words import phrase, phrase_of
from aipm_site.records.recurrence import rule_for_calendars

if TYPE_CHECKING:
    from icalendar import vDDDTypes, vRecur, vText, vUri

_PRODUCT = "-//aipm_site//aipm//EN"
# What comes again without an end is told with its zone for so many years after the last entry.
_YEARS_AHEAD = 10
# Lines of so many octets are folded (RFC 5545, 3.1).
_FOLDED_FROM = 75
# So many lines that several entries share are kept: days, words.
_LINES_KEPT = 4096
_END = b"END:VCALENDAR\r\n"


class Publication(Struct, frozen=True):
    """What a calendar says of the build that it is part of.

    Attributes:
        identity: The project, and for whom it is.
        site_url: Where the site is published; "" where it does not say.
    """

    identity: Identity
    site_url: str = ""


def calendar_files(facts: Facts, publication: Publication) -> tuple[SiteFile, ...]:
    """Return the calendar of the project and one for each role; none where nothing has a day."""
    if not facts.agenda:
        return ()
    events = {occasion: _event(occasion, facts, publication) for occasion in facts.agenda}
    zones = _zones(facts.agenda)
    name = publication.identity.project_name
    whole = SiteFile(CALENDAR, _calendar(name, facts.agenda, events, zones))
    roles = role_calendars(facts.agenda)
    return (whole, *(SiteFile(r.address, _calendar(f"{name}: {r.role}", r.occasions, events, zones)) for r in roles))


def emptied(calendar: bytes) -> bytes:
    """Return a calendar of ours with its name and without its entries, for those who subscribed to it.

    Programs take away what a calendar holds no more, and keep what they have where none is found. RFC 5545 §3.6 wants
    a component in it: the description of a zone is one that nobody sees, as a cancelled entry would be.
    """
    head, _, _ = calendar.partition(b"\r\nBEGIN:")
    return head + b"\r\n" + bytes(zone_component("UTC", 1970, 1970).to_ical()) + _END


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


def _event(occasion: Occasion, facts: Facts, publication: Publication) -> bytes:
    return b"".join(_event_lines(occasion, facts, publication))


def _event_lines(occasion: Occasion, facts: Facts, publication: Publication) -> Iterator[bytes]:
    """Give the lines of an entry, in the order in which icalendar has them.

    They are written one by one: an `Event` of icalendar's would find out the type of each value and weigh each line
    anew, though most entries share most of their lines. That took a twelfth of the build of a large project.
    """
    from icalendar import vText, vUri

    project = facts.project
    project_id = project.charter.uuid or publication.identity.project_id or "aipm"
    record = project.get(occasion.record_id)
    url = absolute(publication.site_url, address_of(project.kinds.of(record), record)) if record else None
    yield b"BEGIN:VEVENT\r\n"
    yield _line("SUMMARY", vText(phrase_of("calendar", occasion.kind, title=occasion.title)))
    yield from _times(occasion)
    # The as-of, not the commit: a calendar that says the same keeps its bytes from version to version, and without git.
    yield _moment("DTSTAMP", facts.as_of.moment.astimezone(UTC))
    yield _line("UID", vText(f"{occasion.record_id}.{occasion.kind}@{project_id}"))
    if occasion.recurrence is not None:
        yield _rule(rule_for_calendars(occasion.recurrence, _zone_of(occasion)))
    yield _word("CATEGORIES", occasion.kind)
    yield _line("DESCRIPTION", vText(_description(occasion)))
    # A day to act by and a reminder leave the time free for others.
    yield _word("TRANSP", "OPAQUE" if occasion.kind == "meeting" else "TRANSPARENT")
    if url is not None:
        yield _line("URL", vUri(url))
    if occasion.kind == "reminder":
        yield _alarm(occasion.title)
    yield b"END:VEVENT\r\n"


def _description(occasion: Occasion) -> str:
    roles = phrase("calendar_roles").format(roles=", ".join(occasion.roles)) if occasion.roles else ""
    return "\n".join(filter(None, (occasion.about, occasion.record_id, roles)))


def _times(occasion: Occasion) -> Iterator[bytes]:
    if not isinstance(occasion.start, datetime):
        yield _day("DTSTART", occasion.start)
        yield _day("DTEND", occasion.start + timedelta(days=1))
        return
    yield _moment("DTSTART", occasion.start)
    if occasion.end is not None:
        yield _moment("DTEND", occasion.end)


def _alarm(title: str) -> bytes:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(0))
    written: bytes = alarm.to_ical()
    return written


def _rule(rule: str) -> bytes:
    from icalendar import vRecur

    return _line("RRULE", vRecur.from_ical(rule))


@lru_cache(_LINES_KEPT)
def _day(name: str, day: date) -> bytes:
    from icalendar import vDDDTypes

    return _line(name, vDDDTypes(day))


@lru_cache(_LINES_KEPT)
def _word(name: str, word: str) -> bytes:
    from icalendar import vText

    return _line(name, vText(word))


def _moment(name: str, moment: datetime) -> bytes:
    from icalendar import vDDDTypes

    # Not kept: the same moment in two zones counts as equal, and is written in two ways.
    return _line(name, vDDDTypes(moment))


def _line(name: str, value: vText | vUri | vDDDTypes | vRecur) -> bytes:
    from icalendar.parser import Contentline

    line = Contentline.from_parts(name, value.params, value)
    # What is short enough stays as it is; icalendar would weigh each of its characters.
    is_short = len(line) < _FOLDED_FROM and line.isascii()
    written: bytes = line.encode("ascii") if is_short else line.to_ical()
    return written + b"\r\n"
