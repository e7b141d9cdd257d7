"""What an audience may see of the facts: what is stricter is absent, and `disclose` is the only way down."""

import pytest

from aipm_site.facts.facts import compute_facts
from aipm_site.facts.figure import Figure, Unknown
from tests.facts.builders import (
    TODAY,
    action,
    decision,
    metric,
    milestone,
    model,
    observation,
    project_of,
    risk,
    sprint,
)

FRESH = {"reviewed_on": "2026-04-13", "next_review": "2026-05-01"}
OPEN_PLAN = milestone("MS-01", forecast="2026-06-29", reviewed_on="2026-04-13", audience="client")
SECRET_RISK = risk("RSK-099", audience="restricted", owner="Sponsor", **FRESH)
OPEN_RISK = risk("RSK-001", audience="client", **FRESH)


def shown(audience, *records, disclose=(), **fields):
    project = project_of(*records, dimensions=("schedule", "risk"), disclose=disclose, currency="USD", **fields)
    return compute_facts(project, TODAY).visible_to(audience, project)


def disclosed(figure, to="client"):
    return {"figure": figure, "to": to, "reason": "the contract says so"}


def test_everything_that_is_computed_has_a_name_of_its_own_and_stands_in_order():
    project = project_of(OPEN_PLAN, OPEN_RISK, sprint(committed=34, status="active"), dimensions=("schedule",))

    figures = compute_facts(project, TODAY).figures

    assert list(figures) == sorted(figures)
    assert all(name == figure.name for name, figure in figures.items())
    assert {"status.overall", "schedule.slip.MS-01", "risk.open", "sprint.scope"} <= set(figures)


def test_the_whole_is_shown_to_the_strictest_audience():
    facts = shown("restricted", OPEN_PLAN, SECRET_RISK)

    assert facts.figures["risk.open"].value == 1
    assert facts.status.not_shared == frozenset()
    assert facts.not_shared_kinds == frozenset()


def test_what_is_stricter_is_absent_and_nothing_is_computed_anew():
    facts = shown("client", OPEN_PLAN, OPEN_RISK, SECRET_RISK)

    assert not any(name.startswith("risk.") for name in facts.figures)
    assert facts.risks.flow is None
    assert facts.risks.matrix is None
    assert [one.risk.id for one in facts.risks.ranked] == ["RSK-001"]
    assert "status.risk" not in facts.figures
    assert (facts.status.overall, facts.status.label) == ("not_shared", "not shared with this audience")
    assert {"overall", "risk"} <= facts.status.not_shared
    assert facts.status.dimension("schedule").status == "amber"


def test_dates_decisions_and_sprints_of_hidden_records_are_absent():
    hidden = (
        action("ACT-099", due="2026-04-17", audience="restricted"),
        decision("DEC-099", decide_by="2026-04-17", audience="restricted"),
        sprint("SPR-99", committed=3, status="active", audience="restricted"),
    )

    facts = shown("client", OPEN_PLAN, action("ACT-001", due="2026-04-17", audience="client"), *hidden)

    assert [due.record_id for due in facts.due] == ["ACT-001"]
    assert facts.decisions_needed == ()
    assert facts.sprint is None
    assert facts.not_shared_kinds == {"action", "decision", "sprint", "project"}


def test_no_id_of_a_hidden_record_stands_anywhere():
    hidden = (
        SECRET_RISK,
        milestone("MS-99", forecast="2026-07-01", audience="restricted"),
        model("MV-RW-9.9.9", audience="restricted"),
        observation("MV-RW-9.9.9", "0.5", audience="restricted"),
        metric(audience="restricted"),
    )

    facts = shown("client", OPEN_PLAN, OPEN_RISK, *hidden, disclose=(disclosed("schedule.*"), disclosed("model.*")))

    told = repr((facts.figures, facts.status, facts.due, facts.freshness, facts.risks, facts.models, facts.metrics))
    assert not any(one.id in told for one in hidden)


def test_a_disclosed_figure_carries_value_date_and_formula_and_of_hidden_sources_their_number():
    facts = shown("client", OPEN_PLAN, OPEN_RISK, SECRET_RISK, disclose=(disclosed("risk.open"),))

    figure = facts.figures["risk.open"]
    assert isinstance(figure, Figure)
    assert (figure.value, figure.text, figure.as_of) == (2, "2 open risks", TODAY.date)
    assert [source.record_id for source in figure.sources] == ["RSK-001"]
    assert (figure.hidden_sources, figure.comparator, figure.audience) == (1, None, "client")
    assert "risk.red" not in facts.figures


@pytest.mark.parametrize(("to", "is_shown"), [("public", True), ("client", True), ("internal", False)])
def test_what_is_disclosed_to_an_audience_is_seen_by_it_and_stricter_ones(to, is_shown):
    facts = shown("client", OPEN_RISK, SECRET_RISK, disclose=(disclosed("risk.open", to),))

    assert ("risk.open" in facts.figures) is is_shown


def test_a_name_may_end_in_a_star():
    facts = shown("client", OPEN_RISK, SECRET_RISK, disclose=(disclosed("risk.*"),))

    assert {"risk.open", "risk.red"} <= set(facts.figures)
    assert "status.risk" not in facts.figures


def test_an_unknown_figure_that_is_disclosed_does_not_say_why():
    facts = shown("client", OPEN_RISK, SECRET_RISK, disclose=(disclosed("risk.exposure"),))

    assert isinstance(facts.figures["risk.exposure"], Unknown)
    assert facts.figures["risk.exposure"].reason == "not shared with this audience"


def test_a_disclosed_dimension_has_the_reasons_that_may_be_seen_and_counts_the_others():
    late = OPEN_RISK.model_copy(update={"id": "RSK-002", "next_review": TODAY.date.replace(day=1)})
    secret_late = late.model_copy(update={"id": "RSK-098", "audience": "restricted"})
    secret_late.written_at(late.origin)

    facts = shown("client", OPEN_PLAN, late, secret_late, disclose=(disclosed("status.*"),))

    dimension = facts.status.dimension("risk")
    assert (dimension.status, dimension.hidden_findings) == ("amber", 1)
    assert [finding.words["id"] for finding in dimension.findings] == ["RSK-002"]
    assert facts.status.overall == "amber"


def test_looking_through_a_narrow_and_then_a_wide_window_shows_the_narrow_view():
    project = project_of(OPEN_PLAN, OPEN_RISK, SECRET_RISK, dimensions=("schedule", "risk"))
    whole = compute_facts(project, TODAY)
    narrow = whole.visible_to("client", project)

    again = narrow.visible_to("restricted", project)

    assert set(again.figures) == set(narrow.figures)
    assert again.status.overall == "not_shared"


def test_a_decision_that_betters_a_dimension_is_not_named_to_those_who_may_not_see_it():
    secret = decision(
        "DEC-099",
        status="accepted",
        outcome="a",
        date="2026-04-10",
        expires="2026-05-01",
        overrides={"dimension": "schedule", "status": "green"},
        audience="restricted",
    )

    facts = shown("client", OPEN_PLAN, secret, disclose=(disclosed("status.schedule"),))

    schedule = facts.status.dimension("schedule")
    assert (schedule.status, schedule.override) == ("green", None)
    assert "DEC-099" not in repr(facts.status)
