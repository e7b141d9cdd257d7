"""calendar.ics: read back by a library, it says the times, zones and roles of the records, in the same bytes each time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest

from aipm_site.exports.calendar import Publication, calendar_files, emptied
from aipm_site.exports.status_json import Identity
from aipm_site.exports.time_zone import zone_component
from aipm_site.facts.facts import compute_facts
from tests.facts.builders import TODAY, action, meeting, milestone, project_of, reminder

IDENTITY = Identity("PRJ-001", "Readmission Watch", None, False, "internal")


def files(*records, site_url="", identity=IDENTITY):
    facts = compute_facts(project_of(*records), TODAY)
    return {file.path: file.data for file in calendar_files(facts, Publication(identity, site_url))}


def text(*records, path="calendar.ics", **fields):
    # Long lines are folded: a line break and a blank (RFC 5545 §3.1).
    return files(*records, **fields)[path].decode().replace("\r\n ", "")


def event(*records, **fields):
    (found,) = icalendar.Calendar.from_ical(text(*records, **fields)).walk("VEVENT")
    return found


def test_a_reminder_has_its_time_by_the_clock_of_its_zone():
    # domain 1.2.2, A22.
    written = text(reminder(tz="America/Chicago"))

    assert "DTSTART;TZID=America/Chicago:20260416T090000\r\n" in written
    assert "TZID:America/Chicago\r\n" in written
    assert "BEGIN:VALARM\r\n" in written


def test_a_recurring_reminder_has_its_rule_with_its_end_in_utc():
    daily = reminder(recurrence="FREQ=WEEKLY;BYDAY=TH;UNTIL=20260430")

    # The end of 30 April in Chicago, five hours behind UTC.
    assert "RRULE:FREQ=WEEKLY;UNTIL=20260501T045959Z;BYDAY=TH\r\n" in text(daily)


def test_a_meeting_has_begin_end_and_roles_and_takes_the_time():
    found = event(meeting(attendees=("Sponsor", "Project manager"), agenda=("costs",)))

    chicago = ZoneInfo("America/Chicago")
    assert found["DTSTART"].dt == datetime(2026, 4, 16, 10, tzinfo=chicago)
    assert found["DTEND"].dt == datetime(2026, 4, 16, 11, tzinfo=chicago)
    assert found["TRANSP"] == "OPAQUE"
    assert "costs" in found["DESCRIPTION"]
    assert "Sponsor, Project manager" in found["DESCRIPTION"]


def test_a_milestone_and_a_day_to_act_by_are_whole_days():
    found = event(milestone("MS-05", forecast="2026-06-29"))

    # DTEND is the first day after (RFC 5545 §3.6.1).
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2026, 6, 29), date(2026, 6, 30))
    assert found["TRANSP"] == "TRANSPARENT"
    assert event(action(due="2026-04-22"))["SUMMARY"] == "Action due: Action ACT-001"


def test_the_uid_is_made_of_ids_and_the_stamp_of_the_as_of():
    found = event(action("ACT-077"))

    assert found["UID"] == "ACT-077.action@PRJ-001"
    # The end of 15 April in Chicago, five hours behind UTC.
    assert found["DTSTAMP"].dt == datetime(2026, 4, 16, 4, 59, 59, tzinfo=UTC)
    assert files(action("ACT-077"), meeting()) == files(action("ACT-077"), meeting())


def test_the_uid_is_that_of_no_other_project():
    # RFC 5545 §3.8.4.7: globally unique, so that a calendar with the days of two projects keeps both.
    uuid = "6f1c2f0e-58c7-4c53-9a39-0d0cb2a53a11"
    facts = compute_facts(project_of(action("ACT-077"), uuid=uuid), TODAY)

    calendar, *_ = calendar_files(facts, Publication(IDENTITY))

    (found,) = icalendar.Calendar.from_ical(calendar.data).walk("VEVENT")
    assert found["UID"] == f"ACT-077.action@{uuid}"


def test_a_title_with_signs_of_the_format_stays_text():
    title = "Costs, scope; \\n back\\slash: " + "ä" * 60

    found = event(meeting(title=title))

    assert found["SUMMARY"] == title
    assert all(len(line) <= 75 for line in files(meeting(title=title))["calendar.ics"].split(b"\r\n"))


@pytest.mark.parametrize("injected", ["a\rBEGIN:VEVENT", "a\nEND:VCALENDAR", "a\r\n\r\nATTENDEE:x"])
def test_no_line_break_in_a_text_begins_a_line_of_the_file(injected):
    # Such text comes from fields with more than one line; R36 names the bare CR.
    written = files(reminder(what=injected))["calendar.ics"]

    assert b"\r" not in written.replace(b"\r\n", b"")
    assert [line for line in written.split(b"\r\n") if line.startswith((b"ATTENDEE", b"\nEND"))] == []
    assert written.count(b"BEGIN:VEVENT") == 1 or b"\\nBEGIN:VEVENT" in written


def test_each_role_has_a_calendar_of_its_own_under_a_plain_name():
    records = (
        meeting(owner="Project manager", attendees=("Sponsor",)),
        action("ACT-001", owner="project  Manager"),
        action("ACT-002", owner="Réviseur/../x"),
    )

    found = files(*records)

    assert set(found) == {
        "calendar.ics",
        "calendar/project-manager.ics",
        "calendar/sponsor.ics",
        # sha256 of "réviseur/../x", as no letter of a role may lead out of the folder
        next(path for path in found if path.startswith("calendar/r-viseur")),
    }
    assert found["calendar/project-manager.ics"].count(b"BEGIN:VEVENT") == 2
    assert all(path.count("/") <= 1 and ".." not in path for path in found)


def test_without_anything_dated_there_is_no_calendar():
    assert files() == {}


def test_links_are_whole_addresses_where_the_site_says_where_it_is():
    assert event(action(), site_url="https://example.org/w/")["URL"] == "https://example.org/w/actions/ACT-001/"
    assert "URL" not in event(action())


def test_utc_needs_no_description_of_its_zone():
    written = text(meeting(tz="UTC"))

    assert "VTIMEZONE" not in written
    assert "DTSTART:20260416T100000Z" in written


def test_a_zone_changes_on_the_days_and_by_the_clock_that_the_law_says():
    # 15 U.S.C. 260a: second Sunday in March and first Sunday in November, at 02:00 by the clock before the change.
    zone = zone_component("America/Chicago", 2026, 2027).to_ical().decode()

    assert "DTSTART:20260308T020000\r\nRDATE:20270314T020000\r\n" in zone
    assert "DTSTART:20261101T020000\r\nRDATE:20271107T020000\r\n" in zone
    assert zone.count("TZOFFSETFROM:-0600\r\nTZOFFSETTO:-0500") == 1


def test_a_zone_without_changes_has_one_offset():
    zone = zone_component("Asia/Kolkata", 2026, 2030).to_ical().decode()

    assert zone.count("BEGIN:STANDARD") == 1
    assert "TZOFFSETTO:+0530" in zone


def test_an_emptied_calendar_keeps_its_name_and_holds_nothing_to_show():
    left = emptied(files(reminder(tz="America/Chicago"))["calendar.ics"])

    calendar = icalendar.Calendar.from_ical(left)
    assert calendar["X-WR-CALNAME"] == "Readmission Watch"
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]
    assert calendar.subcomponents[0]["TZID"] == "UTC"
