"""What came after the as-of is not there; plans may lie ahead."""

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.horizon import known_at
from tests.facts.builders import (
    TODAY,
    as_of,
    decision,
    issue,
    meeting,
    milestone,
    observation,
    project_of,
    reminder,
    risk,
    sprint,
)


def known(*records, day="2026-04-15", **fields):
    return known_at(project_of(*records, **fields), as_of(day))


def test_facts_dated_later_are_not_there():
    later = (
        observation(successes=1, n=2, as_of="2026-04-16", id="M-later"),
        issue("ISS-002", opened="2026-04-16"),
        risk("RSK-002", opened="2026-04-16"),
        decision("DEC-002", date="2026-04-16"),
    )

    assert set(known(*later, issue("ISS-001", opened="2026-04-15")).records) == {"PRJ-001", "ISS-001"}


def test_a_moment_decides_within_the_day():
    # domain 1.2.1: ISS-031 was opened on 15 April at 09:00 in Chicago.
    raised = project_of(issue("ISS-031", opened="2026-04-15T09:00-05:00"))
    before = AsOf.of_moment(TODAY.moment.replace(hour=8, minute=59, second=0, microsecond=0), "America/Chicago")

    assert known_at(raised, TODAY).get("ISS-031") is not None
    assert known_at(raised, before).get("ISS-031") is None


def test_an_end_that_came_later_counts_as_not_given():
    records = (
        milestone("MS-01", actual="2026-04-16", status="done"),
        risk("RSK-001", status="closed", opened="2026-01-01", closed="2026-04-16", close_reason="It is over."),
        issue(
            "ISS-001", status="resolved", opened="2026-04-01", resolved_at="2026-04-16", resolution="It works again."
        ),
    )

    found = known(*records)

    assert found.get("MS-01").actual_date is None
    assert found.get("MS-01").status is None
    assert (found.get("RSK-001").status, found.get("RSK-001").closed, found.get("RSK-001").close_reason) == (
        "open",
        None,
        None,
    )
    assert (found.get("ISS-001").status, found.get("ISS-001").resolution) == ("open", None)


def test_a_risk_that_was_opened_again_later_is_still_closed():
    again = risk(opened="2026-01-01", closed="2026-03-01", reopened=("2026-04-20",))

    assert known(again).get("RSK-001").status == "closed"
    assert known(again, day="2026-04-20").get("RSK-001").status == "open"


def test_an_end_on_the_day_itself_has_come():
    assert known(milestone("MS-01", actual="2026-04-15", status="done")).get("MS-01").status == "done"


def test_plans_may_lie_ahead():
    planned = (
        milestone("MS-01", forecast="2027-01-01"),
        decision("DEC-001", date="2026-04-01", decide_by="2026-05-01"),
    )

    assert known(*planned).get("MS-01").forecast_date.isoformat() == "2027-01-01"
    assert known(*planned).get("DEC-001").decide_by.isoformat() == "2026-05-01"


def test_a_forecast_made_later_is_not_known_yet():
    slipping = milestone(
        forecast="2026-07-10",
        forecast_history=(
            {"as_of": "2026-04-06", "forecast_date": "2026-06-29"},
            {"as_of": "2026-04-20", "forecast_date": "2026-07-10"},
        ),
    )

    found = known(slipping).get("MS-01")

    assert found.forecast_date.isoformat() == "2026-06-29"
    assert len(found.forecast_history) == 1


def test_a_baseline_that_was_replaced_later_still_holds():
    replanned = milestone(
        baseline="2026-07-15",
        forecast="2026-07-15",
        baseline_history=({"baseline_date": "2026-06-15", "replaced_on": "2026-04-20"},),
    )

    assert known(replanned).get("MS-01").baseline_date.isoformat() == "2026-06-15"
    assert known(replanned, day="2026-04-20").get("MS-01").baseline_date.isoformat() == "2026-07-15"


def test_a_sprint_that_was_closed_later_is_running():
    closed = sprint(committed=34, status="closed", completed="33", goal_met="yes")

    assert known(closed).get("SPR-08").status == "active"
    assert known(closed).get("SPR-08").completed is None
    assert known(closed, day="2026-04-07").get("SPR-08").status == "planned"
    assert known(closed, day="2026-04-21").get("SPR-08").completed == 33


def test_a_judgement_of_tomorrow_is_not_made_yet():
    judged = {"dimension": "risk", "status": "red", "reason": "the vendor is gone", "by": "Sponsor", "on": "2026-04-16"}

    assert known(judgement=(judged,)).charter.judgement == ()
    assert len(known(judgement=(judged,), day="2026-04-16").charter.judgement) == 1


def test_meetings_and_reminders_may_lie_ahead_and_what_came_of_a_meeting_does_not():
    held = meeting(start="2026-04-16T10:00", notes="It was decided.", decisions=("DEC-019",), actions=("ACT-078",))

    before, after = known(held, reminder()), known(held, day="2026-04-16")

    assert before.get("EVT-2026-04-16-standup") is not None
    assert not before.get("MTG-052").has_minutes
    assert after.get("MTG-052").notes == "It was decided."
