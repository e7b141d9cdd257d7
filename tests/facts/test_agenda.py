"""The agenda: what stands in the calendar, when, and for which roles."""

from aipm_site.facts.agenda import agenda
from tests.facts.builders import TODAY, action, decision, meeting, milestone, project_of, reminder


def entries(*records):
    return {(one.kind, one.record_id): one for one in agenda(project_of(*records), TODAY)}


def test_it_holds_milestones_meetings_reminders_and_days_to_act_by():
    found = entries(
        milestone("MS-05", forecast="2026-06-29"), meeting(), reminder(), action("ACT-001", due="2026-12-01")
    )

    assert set(found) == {
        ("milestone", "MS-05"),
        ("meeting", "MTG-052"),
        ("reminder", "EVT-2026-04-16-standup"),
        ("action", "ACT-001"),
    }
    assert found["action", "ACT-001"].start.isoformat() == "2026-12-01"


def test_a_meeting_stays_in_it_after_it_was_held_and_an_action_that_is_done_does_not():
    found = entries(
        meeting(start="2026-04-01T10:00", end="2026-04-01T11:00", notes="Held."),
        action(status="done", done_on="2026-04-14"),
    )

    assert set(found) == {("meeting", "MTG-052")}


def test_a_milestone_stands_at_the_day_it_was_reached_else_at_its_forecast_and_not_when_it_is_cancelled():
    found = entries(
        milestone("MS-01", baseline="2026-03-01", forecast="2026-03-10", actual="2026-03-12"),
        milestone("MS-02", baseline="2026-06-15", forecast="2026-06-29"),
        milestone("MS-03", baseline="2026-07-01"),
        milestone("MS-04", status="cancelled"),
    )

    assert [one.start.isoformat() for one in found.values()] == ["2026-03-12", "2026-06-29", "2026-07-01"]


def test_it_is_for_the_owner_and_those_who_attend_or_are_reminded():
    found = entries(
        meeting(owner="Project manager", attendees=("Sponsor", "Project manager")),
        reminder(owner="Project manager", for_=("Core team",)),
    )

    assert found["meeting", "MTG-052"].roles == ("Project manager", "Sponsor")
    assert found["reminder", "EVT-2026-04-16-standup"].roles == ("Project manager", "Core team")


def test_an_approval_is_for_who_gives_it_and_a_decision_for_who_decides():
    approval = {"type": "other", "approver": "Compliance officer", "state": "requested", "due_on": "2026-04-22"}
    found = entries(
        action("ACT-078", owner="Data steward", due="2026-04-30", approval=approval),
        decision("DEC-020", status="proposed", decide_by="2026-04-29", owner="Lead", decision_makers=("Sponsor",)),
    )

    assert found["approval", "ACT-078"].roles == ("Data steward", "Compliance officer")
    assert found["action", "ACT-078"].roles == ("Data steward",)
    assert found["decision", "DEC-020"].roles == ("Lead", "Sponsor")
