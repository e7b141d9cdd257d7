"""Decisions: what is asked stands in the order in which it must be answered; what betters a status ends."""

import pytest

from aipm_site.facts.decision import decisions_needed, status_overrides
from aipm_site.facts.numbers import SPACE
from tests.facts.builders import TODAY, decision, funding_request, project_of


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


def test_a_submitted_funding_request_waits_among_the_decisions():
    # domain 4.4, sample A: fund USD 1.08 million one-off for six hospitals, by 15 May, after the decision of 22 April.
    fund = funding_request(
        amount="1080000",
        currency="USD",
        reason="Six hospitals by the end of the quarter.",
        options=("do nothing", "three hospitals first", "six hospitals"),
        recommendation="six hospitals",
        decision_needed_by="2026-05-15",
        cost_of_delay="a month of savings for a month",
    )

    needed = decisions_needed(project_of(decision("DEC-019", decide_by="2026-04-22"), fund), TODAY)

    assert [one.record_id for one in needed] == ["DEC-019", "FND-001"]
    assert needed[1].amount.replace(SPACE, " ") == "USD 1.08 million"
    assert (needed[1].question, needed[1].options) == (fund.reason, fund.options)
    assert (needed[1].recommendation, needed[1].cost_of_delay) == (fund.recommendation, fund.cost_of_delay)
    assert (needed[1].is_overdue, needed[1].place) == (False, fund.place)
    assert needed[0].amount is None


@pytest.mark.parametrize("status", ["draft", "approved", "part_approved", "rejected"])
def test_a_funding_request_that_is_not_submitted_asks_nobody(status):
    assert decisions_needed(project_of(funding_request(status=status)), TODAY) == ()


@pytest.mark.parametrize(
    ("status", "asked"), [("proposed", ["DEC-001"]), ("accepted", ["FND-001"]), ("superseded", ["FND-001"])]
)
def test_a_request_whose_decision_is_proposed_is_one_question(status, asked):
    made = (decision("DEC-001", status=status, outcome="a", date="2026-04-01"), funding_request(decision="DEC-001"))

    assert [one.record_id for one in decisions_needed(project_of(*made), TODAY)] == asked


def test_an_amount_is_in_the_currency_of_the_request_or_the_project_or_is_not_told():
    def amount(**fields):
        (needed,) = decisions_needed(project_of(funding_request(amount="500"), **fields), TODAY)
        return needed.amount

    assert amount(currency="EUR").replace(SPACE, " ") == "EUR 500"
    assert amount() is None


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
