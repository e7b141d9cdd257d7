"""Levels: what a record should give and does not."""

from aipm_site.records import KINDS
from aipm_site.records.charter import Charter
from aipm_site.records.levels import is_given, missing_fields
from tests.records.cases import right

RISK = "id: RSK-1\ntitle: Vendor raises its price\nprobability: {}\nimpact: 5\n"
EXPECTED = ("owner", "cause", "event", "effect", "category", "response_strategy", "opened", "next_review")


def missing(record, charter=None):
    return missing_fields(KINDS.of(record), record, charter or Charter.empty())


def test_a_risk_of_four_lines_lacks_what_the_domain_reference_requires():
    # Domain reference, risk: cause, event, effect, category, strategy, owner, opened, next review.
    assert missing(right("risk", RISK.format(2))) == EXPECTED


def test_a_red_risk_lacks_its_answer_too():
    assert missing(right("risk", RISK.format(3))) == (*EXPECTED, "response_actions", "fallback_plan", "trigger")


def test_where_red_begins_is_the_projects_choice():
    bold = right("project", "id: PRJ-1\ntitle: P\nthresholds: {risk: {amber: 10, red: 20}}\n")

    assert missing(right("risk", RISK.format(3)), bold) == EXPECTED
    assert "trigger" in missing(right("risk", RISK.format(4)), bold)


def test_a_closed_risk_needs_no_owner_but_says_how_it_ended():
    record = right("risk", RISK.format(5) + "status: closed\n")

    assert missing(record) == (*EXPECTED[1:], "closed", "close_reason")


def test_what_is_not_applicable_is_not_missing():
    record = right("risk", RISK.format(5) + "trigger: {na: {reason: it is announced}}\nowner: {na: vendor}\n")

    assert missing(record) == (*EXPECTED[1:], "response_actions", "fallback_plan")


def test_a_state_asks_for_its_fields():
    accepted = right("risk", RISK.format(1) + "response_strategy: accept\n")
    production = right("model", "id: MV-A-1.0.0\ntitle: A\nversion: 1.0.0\nstage: production\n")
    granted = right(
        "action", "id: ACT-1\ntitle: A\ndue: 2026-04-15\napproval: {type: ethics, state: granted, approver: board}\n"
    )

    assert missing(accepted)[-2:] == ("accepted_by", "accepted_until")
    assert missing(production)[-5:] == ("monitoring", "explainability", "human_oversight", "rollback_to", "gate")
    assert missing(granted)[-1] == "approval.evidence"


def test_a_proposed_decision_has_no_outcome_yet():
    assert "outcome" not in missing(right("decision", "id: DEC-1\ntitle: A\n"))


def test_fields_inside_parts_are_named_with_dots():
    record = right("risk", RISK.format(1) + "confidence: low\n")

    assert "confidence.reason" in missing(record)
    assert not is_given(record, "confidence.reason")
    assert is_given(record, "confidence.level")


def test_a_share_asks_of_how_many_and_a_model_on_what():
    row = right("observation", "metric: M-a\nvalue: 0.5\nunit: ratio\nas_of: 2026-04-15\nsubject: MV-A-1.0.0\n")

    assert missing(row) == ("environment", "n", "dataset", "slice")
