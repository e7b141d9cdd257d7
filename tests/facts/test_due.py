"""What is due: everything dated that asks for something within fifteen days, and what is overdue."""

from datetime import datetime, timedelta

import pytest

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.due import due_list, due_within
from tests.facts.builders import (
    TODAY,
    action,
    decision,
    funding_request,
    issue,
    meeting,
    milestone,
    objective,
    project_of,
    reminder,
    risk,
    sprint,
)


def due(*records):
    return [(one.date.isoformat(), one.kind, one.record_id, one.state) for one in due_list(project_of(*records), TODAY)]


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (action("X-1", due="2026-04-17"), "action"),
        (milestone("X-1", forecast="2026-04-17"), "milestone"),
        (milestone("X-1", baseline="2026-04-17"), "milestone"),
        (sprint("X-1", end="2026-04-17", status="active"), "sprint-end"),
        (risk("X-1", next_review="2026-04-17"), "review"),
        (decision("X-1", decide_by="2026-04-17"), "decision"),
        (issue("X-1", due="2026-04-17"), "issue"),
        (decision("X-1", review_by="2026-04-17"), "review"),
        (funding_request("X-1", decision_needed_by="2026-04-17"), "funding"),
        (objective("X-1", by="2026-04-17"), "objective"),
        (meeting("X-1", start="2026-04-17T10:00", end=None), "meeting"),
        (reminder("X-1", when="2026-04-17T09:00"), "reminder"),
    ],
)
def test_every_kind_that_has_a_day_falls_due(record, kind):
    assert due(record) == [("2026-04-17", kind, "X-1", "soon")]


@pytest.mark.parametrize(
    "record",
    [
        action(due="2026-04-17", status="done", done_on="2026-04-10"),
        milestone(forecast="2026-04-17", actual="2026-04-10", status="done"),
        sprint(end="2026-04-17", status="closed"),
        risk(next_review="2026-04-17", status="closed"),
        risk(next_review="2026-04-17", status="draft"),
        decision(decide_by="2026-04-17", status="rejected"),
        issue(due="2026-04-17", status="resolved"),
        action(due="2026-05-01"),
        funding_request(decision_needed_by="2026-04-17", status="draft"),
        funding_request(decision_needed_by="2026-04-17", status="part_approved"),
        objective(by="2026-04-17", status="met"),
        meeting(start="2026-04-14T10:00", end=None),
        meeting(start="2026-04-15T11:00", end=None, notes="It was held."),
        meeting(start=None, end=None),
        reminder(when="2026-04-14T09:00"),
        reminder(when="2026-05-01T09:00"),
        reminder(when="2026-03-02T09:00", recurrence="FREQ=WEEKLY;BYDAY=MO;UNTIL=20260406"),
    ],
)
def test_what_is_over_or_far_away_is_not_due(record):
    assert due(record) == []


def test_fifteen_days_ahead_is_still_soon():
    # domain 1.2.2, A19: 15 days to the expiry on 30 April 2026.
    assert due(action(due="2026-04-30")) == [("2026-04-30", "action", "ACT-001", "soon")]


def test_the_list_begins_with_what_is_overdue_and_goes_by_day_and_record():
    made = (
        action("ACT-003", due="2026-04-22"),
        action("ACT-002", due="2026-04-22"),
        issue("ISS-001", due="2026-04-15"),
        action("ACT-001", due="2025-12-01"),
    )

    assert due(*made) == [
        ("2025-12-01", "action", "ACT-001", "overdue"),
        ("2026-04-15", "issue", "ISS-001", "due"),
        ("2026-04-22", "action", "ACT-002", "soon"),
        ("2026-04-22", "action", "ACT-003", "soon"),
    ]


def test_an_action_that_ends_with_its_approval_is_one_thing_to_wait_for():
    # domain 1.2.1: ACT-078, due 22 April 2026, approval requested.
    approval = {"type": "legal_signoff", "state": "requested", "due_on": "2026-04-22"}
    made = action("ACT-078", due="2026-04-22", approval=approval)

    assert due(made) == [("2026-04-22", "approval", "ACT-078", "soon")]
    assert due(action(due="2026-04-24", approval=approval)) == [
        ("2026-04-22", "approval", "ACT-001", "soon"),
        ("2026-04-24", "action", "ACT-001", "soon"),
    ]
    assert due(action(due="2026-04-22", approval=approval | {"state": "granted"})) == [
        ("2026-04-22", "action", "ACT-001", "soon")
    ]


def test_a_due_line_says_who_answers_for_it():
    line = due_list(project_of(action(owner="Lead data scientist")), TODAY)[0]

    assert (line.title, line.owner, line.act_by) == ("Action ACT-001", "Lead data scientist", line.date)


def test_a_meeting_of_the_day_is_due_until_its_moment_has_passed():
    held = project_of(meeting(start="2026-04-15T11:00", end=None))

    def states(time):
        moment = datetime.fromisoformat(f"2026-04-15T{time}-05:00")
        return [one.state for one in due_list(held, AsOf.of_moment(moment, "America/Chicago"))]

    assert [one.state for one in due_list(held, TODAY)] == ["due"]
    assert states("10:59") == ["due"]
    assert states("11:01") == []


def test_of_a_reminder_that_recurs_the_next_time_is_due():
    # 15 April 2026 is a Wednesday.
    daily = reminder(when="2026-03-02T09:00", recurrence="FREQ=WEEKLY;BYDAY=MO,TU,TH,FR")

    (line,) = due_list(project_of(daily), TODAY)

    assert line.at.isoformat() == "2026-04-16T09:00:00-05:00"


def test_the_day_of_a_meeting_elsewhere_is_that_of_the_project():
    # 06:00 on 17 April in Tokyo (UTC+9) is 16:00 on 16 April in Chicago (UTC-5).
    (line,) = due_list(project_of(meeting(start="2026-04-17T06:00", end=None, tz="Asia/Tokyo")), TODAY)

    assert line.date.isoformat() == "2026-04-16"
    assert line.at.utcoffset() == timedelta(hours=9)


def test_the_words_of_a_meeting_elsewhere_have_day_and_time_of_one_clock():
    (line,) = due_list(project_of(meeting(start="2026-04-17T06:00", end=None, tz="Asia/Tokyo")), TODAY)

    assert (line.local_day.isoformat(), line.local_time) == ("2026-04-17", "06:00 (Asia/Tokyo)")


def test_what_is_due_on_a_day_has_that_day_and_no_time():
    (line,) = due_list(project_of(action(due="2026-04-17")), TODAY)

    assert (line.local_day, line.local_time) == (line.date, "")


def test_a_report_looks_less_far_ahead_than_the_site():
    lines = due_list(project_of(action("ACT-001", due="2026-04-16"), action("ACT-002", due="2026-04-17")), TODAY)

    assert [line.record_id for line in due_within(lines, TODAY, 1)] == ["ACT-001"]
