"""The status is the worst of what the project answers for, by rules, and never green because nothing is known."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import compute_facts
from aipm_site.facts.figure import Figure, Unknown
from tests.facts.builders import TODAY, as_of, decision, milestone, project_of, risk

# domain 1.2.1: MS-05, baseline 15 June 2026.
GREEN_PLAN = milestone(forecast="2026-06-15", reviewed_on="2026-04-13")
AMBER_PLAN = milestone(forecast="2026-06-29", reviewed_on="2026-04-13")
RED_PLAN = milestone(forecast="2026-04-14", reviewed_on="2026-04-13")
SILENT_PLAN = milestone(forecast="2026-06-15", reviewed_on="2026-01-01")
GREEN_RISK = risk(probability="1", impact="1", reviewed_on="2026-04-13", next_review="2026-05-01")
AMBER_RISK = GREEN_RISK.model_copy(update={"next_review": date(2026, 4, 1)})
RED_RISK = GREEN_RISK.model_copy(update={"probability": 5, "impact": 5})
SILENT_RISK = GREEN_RISK.model_copy(update={"reviewed_on": date(2026, 1, 1)})
PLANS = {"green": GREEN_PLAN, "amber": AMBER_PLAN, "red": RED_PLAN, "not_reported": SILENT_PLAN}
RISKS = {"green": GREEN_RISK, "amber": AMBER_RISK, "red": RED_RISK, "not_reported": SILENT_RISK}
BOTH = ("schedule", "risk")


def status_of(*records, dimensions=BOTH, day=TODAY, **fields):
    return compute_facts(project_of(*records, dimensions=dimensions, **fields), day).status


def override(status="green", expires="2026-05-01", made_on="2026-04-10", **fields):
    given = {"status": "accepted", "outcome": "a", "options": ("a", "b"), "date": made_on, "expires": expires}
    return decision(**given | {"overrides": {"dimension": "schedule", "status": status}} | fields)


@pytest.mark.parametrize(("plan", "risks"), list(product(PLANS, RISKS)))
def test_overall_is_the_worst_and_not_green_while_a_dimension_is_not_reported(plan, risks):
    status = status_of(PLANS[plan], RISKS[risks])
    colours = {plan, risks}
    expected = next((c for c in ("red", "amber") if c in colours), None)
    expected = expected or ("green" if colours == {"green"} else "not_fully_reported")

    assert status.overall == expected
    assert {d.name: d.status for d in status.listed} == {"schedule": plan, "risk": risks}


def test_a_status_does_not_call_itself_a_first_measurement():
    # Earlier reports are not recorded, so nobody can tell.
    figures = compute_facts(project_of(AMBER_PLAN, GREEN_RISK, dimensions=BOTH), TODAY).figures

    assert not figures["status.overall"].is_first
    assert not figures["status.schedule"].is_first


def test_the_reason_of_a_judgement_is_not_for_wider_audiences_than_the_default():
    judged = {"dimension": "schedule", "status": "red", "reason": "the vendor is gone", "by": "Sponsor"}
    project = project_of(
        GREEN_PLAN.model_copy(update={"audience": "client"}),
        audience="client",
        default_audience="internal",
        dimensions=("schedule",),
        judgement=({**judged, "on": "2026-04-14"},),
    )
    facts = compute_facts(project, TODAY)
    seen = {label: facts.visible_to(label, project).status.dimension("schedule") for label in ("client", "internal")}

    assert {label: one.status for label, one in seen.items()} == {"client": "red", "internal": "red"}
    assert "judgement" in [finding.rule for finding in seen["internal"].findings]
    assert "judgement" not in [finding.rule for finding in seen["client"].findings]
    assert seen["client"].hidden_findings == 1


def test_the_label_says_how_many_dimensions_are_not_reported():
    # domain 3.6, rule 2: "and N dimensions not reported".
    assert status_of(AMBER_PLAN, SILENT_RISK).label == "At risk (amber) and 1 dimension not reported"
    assert status_of(GREEN_PLAN, SILENT_RISK).label == "Not fully reported"
    assert status_of(GREEN_PLAN, GREEN_RISK).label == "On track (green)"


def test_a_required_dimension_without_fresh_data_is_never_green():
    # domain 1.2.2, A20, with the kinds that there are.
    status = status_of(GREEN_PLAN, SILENT_RISK)

    assert status.dimension("risk").status == "not_reported"
    assert (status.overall, status.not_reported) == ("not_fully_reported", ("risk",))
    assert [finding.rule for finding in status.findings] == ["risk-stale"]


def test_a_stale_input_beside_an_amber_one_is_counted_and_the_colour_stands():
    late = milestone("MS-02", forecast="2026-06-29", reviewed_on="2026-01-01")

    schedule = status_of(GREEN_PLAN, late, dimensions=("schedule",)).dimension("schedule")

    assert (schedule.status, schedule.not_reported) == ("amber", 1)


def test_a_dimension_speaks_for_its_oldest_input():
    other = GREEN_PLAN.model_copy(update={"id": "MS-02", "reviewed_on": date(2026, 4, 10)})

    assert status_of(GREEN_PLAN, other).dimension("schedule").as_of == date(2026, 4, 10)


@pytest.mark.parametrize("name", ["data", "compliance", "resources"])
def test_a_listed_dimension_that_nothing_is_read_for_is_not_reported(name):
    status = status_of(GREEN_PLAN, dimensions=("schedule", name))

    assert (status.overall, status.not_reported) == ("not_fully_reported", (name,))
    assert [finding.rule for finding in status.dimension(name).findings] == ["dimension-not-read"]


@pytest.mark.parametrize("name", ["schedule", "cost", "scope", "quality", "risk", "benefits"])
def test_a_listed_dimension_without_records_is_not_reported(name):
    assert status_of(dimensions=(name,)).dimension(name).status == "not_reported"


def test_what_is_not_listed_is_not_tracked_and_counts_nothing():
    status = status_of(GREEN_PLAN, RED_RISK, dimensions=("schedule",))

    assert status.overall == "green"
    assert status.dimension("risk").status == "not_applicable"
    assert "risk" in status.not_tracked
    assert status.untracked == ("risk",)


def test_without_a_listed_dimension_there_is_no_status():
    facts = compute_facts(project_of(GREEN_PLAN), TODAY)

    assert (facts.status.is_listed, facts.status.overall) == (False, "not_fully_reported")
    assert not any(name.startswith("status.") for name in facts.figures)


def test_what_was_before_is_not_known_and_says_why():
    status = status_of(GREEN_PLAN)

    assert (status.since, status.since_reason) == (None, "no issued report is recorded yet")


def judged(status, dimension="schedule"):
    why = {"reason": "the vendor is gone", "by": "Sponsor", "on": "2026-04-14"}
    return {"judgement": ({"dimension": dimension, "status": status} | why,)}


@pytest.mark.parametrize(
    ("plan", "word", "status"),
    [
        (GREEN_PLAN, "amber", "amber"),
        (GREEN_PLAN, "red", "red"),
        (AMBER_PLAN, "red", "red"),
        (RED_PLAN, "amber", "red"),
        (SILENT_PLAN, "amber", "amber"),
    ],
)
def test_people_may_always_see_it_worse_and_never_better(plan, word, status):
    schedule = status_of(plan, **judged(word)).dimension("schedule")

    assert schedule.status == status
    assert "judgement" in [finding.rule for finding in schedule.findings]


def test_better_needs_a_decision_and_both_values_are_kept():
    # domain 3.6, rule 4: "Computed amber; reported green by DEC-044 until 1 May".
    schedule = status_of(AMBER_PLAN, override()).dimension("schedule")

    assert (schedule.computed, schedule.status) == ("amber", "green")
    assert schedule.findings[0].rule == "override"
    assert schedule.findings[0].words["id"] == "DEC-001"
    assert schedule.findings[0].words["expires"] == "1 May 2026"


def test_on_the_day_after_its_last_the_computed_value_returns_and_that_is_news():
    schedule = status_of(
        AMBER_PLAN.model_copy(update={"reviewed_on": date(2026, 5, 1)}), override(), day=as_of("2026-05-02")
    ).dimension("schedule")

    assert schedule.status == "amber"
    assert schedule.findings[0].rule == "override-lapsed"


def test_a_lapse_is_news_for_thirty_days():
    old = override(made_on="2026-02-14", expires="2026-03-15")

    assert status_of(AMBER_PLAN, old).dimension("schedule").findings[0].rule != "override-lapsed"


@pytest.mark.parametrize(
    "made",
    [
        override(expires="2026-05-11"),
        override(expires=None),
        override(status="red"),
        override(made_on="2026-04-16", expires="2026-05-01"),
        override().model_copy(update={"status": "proposed"}),
    ],
)
def test_a_decision_that_does_not_hold_changes_nothing(made):
    assert status_of(AMBER_PLAN, made).dimension("schedule").status == "amber"


def test_no_decision_makes_green_what_is_not_reported():
    stale_and_late = AMBER_PLAN.model_copy(update={"reviewed_on": date(2026, 1, 1)})

    assert status_of(SILENT_PLAN, override()).dimension("schedule").status == "not_reported"
    assert status_of(stale_and_late, override()).dimension("schedule").status == "not_reported"
    assert status_of(RED_PLAN, override(status="amber")).dimension("schedule").status == "amber"


def test_a_judgement_stands_above_a_decision():
    assert status_of(AMBER_PLAN, override(), **judged("red")).dimension("schedule").status == "red"


def test_the_status_is_a_figure_like_any_other():
    figures = compute_facts(project_of(AMBER_PLAN, SILENT_RISK, dimensions=BOTH), TODAY).figures

    overall, schedule = figures["status.overall"], figures["status.schedule"]
    assert isinstance(overall, Figure)
    assert isinstance(schedule, Figure)
    assert (overall.value, schedule.value, schedule.unit) == ("amber", "amber", "status")
    assert [source.record_id for source in schedule.sources] == ["MS-01"]
    assert isinstance(figures["status.risk"], Unknown)
    assert isinstance(figures["status.cost"], Unknown)


def test_labels_are_the_strictest_of_everything_that_was_considered():
    secret = RED_RISK.model_copy(update={"audience": "restricted", "id": "RSK-002", "status": "closed"})
    status = status_of(
        GREEN_PLAN.model_copy(update={"audience": "client"}),
        GREEN_RISK.model_copy(update={"audience": "client"}),
        secret,
    )

    assert status.dimension("schedule").audience == "client"
    assert status.dimension("risk").audience == "restricted"
    assert status.audience == "restricted"


def test_with_nothing_considered_the_label_is_the_default():
    assert status_of(dimensions=("risk",)).dimension("risk").audience == "internal"


def test_a_late_evening_in_another_zone_does_not_change_the_day():
    # domain 1.2.2, A23: built at 23:30 in Chicago, 04:30 UTC of the next day, as of 15 April 2026, a Wednesday.
    built = AsOf.of_moment(datetime(2026, 4, 16, 4, 30, tzinfo=UTC), "America/Chicago")
    due_today = milestone(baseline="2026-04-15", forecast="2026-04-15", reviewed_on="2026-04-13")

    assert built.date.strftime("%A %d %B %Y") == "Wednesday 15 April 2026"
    assert status_of(due_today, day=built, dimensions=("schedule",)).overall == "green"
    assert status_of(due_today, day=as_of("2026-04-16"), dimensions=("schedule",)).overall == "red"
