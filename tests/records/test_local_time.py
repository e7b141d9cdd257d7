"""Local times and recurrences: the clock stays where it is, and daylight saving moves the moment."""

from datetime import datetime
from itertools import islice

import pytest

from aipm_site.records.local_time import clock_change, moment_of
from aipm_site.records.recurrence import last_moment, occurrences, rule_for_calendars

CHICAGO = "America/Chicago"


def at(text):
    return datetime.fromisoformat(text)


# In Chicago clocks go from 02:00 to 03:00 on 8 March 2026, and from 02:00 to 01:00 on 1 November 2026 (15 U.S.C. 260a).
@pytest.mark.parametrize(
    ("local", "change"),
    [
        ("2026-03-08T01:59", None),
        ("2026-03-08T02:00", "skipped"),
        ("2026-03-08T02:59", "skipped"),
        ("2026-03-08T03:00", None),
        ("2026-11-01T00:59", None),
        ("2026-11-01T01:00", "repeated"),
        ("2026-11-01T01:59", "repeated"),
        ("2026-11-01T02:00", None),
    ],
)
def test_a_time_is_skipped_or_repeated_when_clocks_are_changed(local, change):
    assert clock_change(at(local), CHICAGO) == change


def test_utc_knows_no_daylight_saving():
    assert clock_change(at("2026-03-08T02:30"), "UTC") is None


def test_a_time_that_comes_twice_is_the_first_and_one_that_is_skipped_has_the_offset_before():
    # RFC 5545 §3.3.5 gives both rules.
    assert moment_of(at("2026-11-01T01:30"), CHICAGO).utcoffset().total_seconds() == -5 * 3600
    assert moment_of(at("2026-03-08T02:30"), CHICAGO).utcoffset().total_seconds() == -6 * 3600


def test_what_recurs_stays_at_its_time_by_the_clock():
    found = occurrences("FREQ=WEEKLY;COUNT=3", at("2026-03-01T09:00"), CHICAGO)

    assert [moment.isoformat() for moment in found] == [
        "2026-03-01T09:00:00-06:00",
        "2026-03-08T09:00:00-05:00",
        "2026-03-15T09:00:00-05:00",
    ]


def test_a_recurrence_leaves_out_the_day_on_which_its_time_is_skipped():
    # RFC 5545 §3.3.10: instances at a nonexistent local time are ignored.
    found = islice(occurrences("FREQ=DAILY", at("2026-03-07T02:30"), CHICAGO), 2)

    assert [moment.isoformat() for moment in found] == ["2026-03-07T02:30:00-06:00", "2026-03-09T02:30:00-05:00"]


def test_the_day_of_its_end_counts_as_a_whole_by_the_clock_of_the_zone():
    rule = "FREQ=DAILY;UNTIL=20260417"

    found = [moment.day for moment in occurrences(rule, at("2026-04-16T23:30"), CHICAGO)]

    assert found == [16, 17]
    # 23:59:59 in Chicago in April is 04:59:59 UTC on the next day.
    assert last_moment(rule, CHICAGO).isoformat() == "2026-04-18T04:59:59+00:00"
    assert rule_for_calendars(rule, CHICAGO) == "FREQ=DAILY;UNTIL=20260418T045959Z"
    assert rule_for_calendars("FREQ=DAILY;COUNT=2", CHICAGO) == "FREQ=DAILY;COUNT=2"
