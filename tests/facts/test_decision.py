"""Decisions: what is asked stands in the order in which it must be answered; what betters a status ends."""

import pytest

from aipm_site.facts.decision import decisions_needed, status_overrides
from tests.facts.builders import TODAY, decision, project_of


def test_proposed_decisions_are_needed_the_most_pressing_first():
    made = (
        decision("DEC-001", decide_by="2026-05-01"),
        decision("DEC-002", decide_by="2026-04-22", question="Which?", options=("a", "b"), recommendation="a"),
        decision("DEC-003"),
        decision("DEC-004", decide_by="2026-04-22", cost_of_delay="a day for a day"),
        decision("DEC-005", status="accepted", outcome="a", date="2026-04-01", decide_by="2026-04-10"),
    )

    needed = decisions_needed(project_of(*made), TODAY)

    assert [one.record_id for one in needed] == ["DEC-002", "DEC-004", "DEC-001", "DEC-003"]
    assert (needed[0].question, needed[0].options, needed[0].recommendation) == ("Which?", ("a", "b"), "a")
    assert needed[1].cost_of_delay == "a day for a day"
    assert needed[0].place == made[1].place


def test_a_decision_is_overdue_after_its_day():
    made = (decision("DEC-001", decide_by="2026-04-14"), decision("DEC-002", decide_by="2026-04-15"))

    assert [one.is_overdue for one in decisions_needed(project_of(*made), TODAY)] == [True, False]


@pytest.mark.parametrize(
    ("date", "expires", "state"),
    [
        # domain 3.6, rule 4: at most 30 days after its date; the last day still counts.
        ("2026-04-01", "2026-05-01", "valid"),
        ("2026-04-01", "2026-04-15", "valid"),
        ("2026-04-01", "2026-04-14", "lapsed"),
        ("2026-04-01", "2026-05-02", "refused"),
        ("2026-04-01", None, "refused"),
    ],
)
def test_an_override_holds_until_its_last_day(date, expires, state):
    made = decision(
        status="accepted", outcome="a", date=date, expires=expires, overrides={"dimension": "risk", "status": "green"}
    )

    assert [one.state for one in status_overrides(project_of(made), TODAY)] == [state]


def test_a_proposal_overrides_nothing():
    made = decision(date="2026-04-01", expires="2026-05-01", overrides={"dimension": "risk", "status": "green"})

    assert status_overrides(project_of(made), TODAY) == ()
