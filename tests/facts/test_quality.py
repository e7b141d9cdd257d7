"""Quality: production is judged by what was measured in production; a candidate never makes it red, nor green."""

from dataclasses import dataclass

import pytest

from aipm_site.facts.finding import worst_status
from aipm_site.facts.quality import assess_quality
from aipm_site.facts.series import Measurements
from tests.facts.builders import TODAY, issue, metric, model, observation, project_of

OLD, NEW = "MV-RW-1.6.2", "MV-RW-1.7.0-rc1"
# domain 1.2.2, A6 and A7: production 87.4 % against a limit of 87.0 %, the candidate 86.4 %.
LIMITS = {"green": "0.870", "amber": "0.860"}
IN_USE = model(OLD, monitoring=("M-accuracy",))
REGISTERED = metric(thresholds=LIMITS)


def measured(successes=8740, day="2026-04-14", **fields):
    return observation(OLD, successes=successes, n=10000, as_of=day, environment="production", **fields)


def assessed(*records, **fields):
    project = project_of(*records, **fields)
    return assess_quality(project, Measurements(project), TODAY)


def rules_of(*records, **fields):
    return [(finding.rule, finding.status) for finding in assessed(*records, **fields).findings]


def test_production_within_its_limit_is_green():
    assert rules_of(IN_USE, REGISTERED, measured()) == [("metric-within-limit", "green")]


@pytest.mark.parametrize(
    ("successes", "rule"),
    [
        (8700, ("metric-within-limit", "green")),
        (8699, ("metric-between-limits", "amber")),
        (8600, ("metric-between-limits", "amber")),
        (8599, ("metric-beyond-limit", "red")),
    ],
)
def test_a_value_on_its_limit_is_within(successes, rule):
    assert rules_of(IN_USE, REGISTERED, measured(successes)) == [rule]


def test_lower_is_better_where_the_metric_says_so():
    # domain 1.2.2, A7: p95 latency at most 300 ms.
    speed = metric("M-speed", unit="ms", polarity="lower_better", thresholds={"green": "300", "amber": "400"})
    watched = model(OLD, monitoring=("M-speed",))

    def rule(value):
        row = observation(OLD, value, metric="M-speed", unit="ms", environment="production", as_of="2026-04-14")
        return rules_of(watched, speed, row)[0][0]

    assert [rule("300"), rule("400"), rule("401")] == [
        "metric-within-limit",
        "metric-between-limits",
        "metric-beyond-limit",
    ]


# domain 1.2.2, A5: the limit of a population stability index is 0.25.
DRIFT = metric("M-psi", unit="index", polarity="lower_better", thresholds={"green": "0.25"})


def drift(value, piece="ehr_feed=B,feature=x", day="2026-04-14"):
    fields = {"metric": "M-psi", "unit": "index", "slice": piece, "environment": "production", "as_of": day}
    return observation(OLD, value, **fields)


def test_parts_of_the_data_speak_for_a_metric_that_has_no_value_of_the_whole():
    watched = model(OLD, monitoring=("M-psi",))

    assert rules_of(watched, DRIFT, drift("0.5")) == [("metric-beyond-limit", "red")]
    assert rules_of(watched, DRIFT, drift("0.1")) == [("metric-within-limit", "green")]
    assert "ehr_feed=B" in assessed(watched, DRIFT, drift("0.5")).findings[0].words["part"]


def test_a_part_of_which_nothing_is_heard_any_more_is_stale_beside_a_fresh_one():
    found = rules_of(model(OLD, monitoring=("M-psi",)), DRIFT, drift("0.1"), drift("0.1", "x=1", "2026-03-31"))

    assert ("metric-stale", "not_reported") in found


def test_a_part_beyond_the_limit_is_amber_beside_a_good_whole():
    watched = model(OLD, monitoring=("M-psi",))

    found = rules_of(watched, DRIFT, drift("0.1", "all"), drift("0.5"), drift("0.2", "ehr_feed=rest"))

    assert found == [("metric-slice-beyond-limit", "amber"), ("metric-within-limit", "green")]


def test_a_candidate_outside_its_limit_is_amber_and_production_stays_green():
    candidate = observation(NEW, successes=8640, n=10000)

    found = rules_of(IN_USE, REGISTERED, measured(), model(NEW, stage="validation"), candidate)

    assert found == [("candidate-beyond-limit", "amber"), ("metric-within-limit", "green")]


def test_a_hopeless_candidate_is_still_only_amber():
    candidate = observation(NEW, successes=10, n=10000)

    assert worst_status(
        assessed(IN_USE, REGISTERED, measured(), model(NEW, stage="validation"), candidate).findings
    ) == ("amber")


def test_a_good_candidate_does_not_make_production_green():
    candidate = observation(NEW, successes=9999, n=10000)

    findings = assessed(IN_USE, REGISTERED, model(NEW, stage="validation"), candidate).findings

    assert worst_status(findings) == "not_reported"


def test_a_metric_of_parts_alone_is_judged_by_its_parts():
    # domain 1.2.2, A5: PSI 0.297 over a limit of 0.25.
    shift = metric("M-psi", unit="index", polarity="lower_better", thresholds={"green": "0.25"})
    row = observation(NEW, "0.297", n=1250, metric="M-psi", unit="index", slice="ehr_feed=B")

    findings = assessed(IN_USE, REGISTERED, measured(), shift, model(NEW, stage="validation"), row).findings

    assert (findings[0].rule, findings[0].words["part"]) == ("candidate-beyond-limit", " (ehr_feed=B)")


def test_a_watched_metric_is_fresh_for_seven_days():
    # domain 4.4, sample C: "not reported since 31 March 2026 (15 days; limit 7)".
    stale = assessed(IN_USE, REGISTERED, measured(day="2026-03-31")).findings

    assert worst_status(assessed(IN_USE, REGISTERED, measured(day="2026-04-08")).findings) == "green"
    assert worst_status(stale) == "not_reported"
    assert (stale[0].words["since"], stale[0].words["days"], stale[0].words["limit"]) == (
        "31 March 2026",
        "15 days",
        "7",
    )
    assert worst_status(
        assessed(IN_USE, REGISTERED, measured(day="2026-03-31"), freshness={"observation": "31"}).findings
    ) == ("green")


def test_a_stale_value_beyond_its_limit_stays_red():
    assert worst_status(assessed(IN_USE, REGISTERED, measured(10, day="2026-01-01")).findings) == "red"


def test_a_watched_metric_must_be_measured_in_production():
    offline = observation(OLD, successes=8740, n=10000, as_of="2026-04-14")

    assert rules_of(IN_USE, REGISTERED, offline)[0] == ("metric-never-reported", "not_reported")


def test_what_is_in_production_and_not_watched_is_not_reported():
    assert rules_of(model(OLD), REGISTERED, measured())[0] == ("model-not-monitored", "not_reported")


@pytest.mark.parametrize("registered", [metric(), metric(unit="percent", thresholds={"green": "87", "amber": "86"})])
def test_a_metric_without_a_limit_in_its_unit_cannot_be_green(registered):
    assert rules_of(IN_USE, registered, measured()) == [("metric-without-limit", "not_reported")]


def test_with_a_limit_for_amber_alone_nothing_is_green():
    assert rules_of(IN_USE, metric(thresholds={"amber": "0.860"}), measured()) == [("metric-between-limits", "amber")]


def test_a_neutral_metric_needs_no_limit():
    assert rules_of(IN_USE, metric(polarity="neutral"), measured()) == [("models-measured", "green")]


def test_without_any_measurement_nothing_is_green():
    assert rules_of() == [("no-observation-recorded", "not_reported")]
    assert worst_status(assessed(IN_USE).findings) == "not_reported"


def test_where_nothing_is_in_production_one_measurement_is_enough():
    row = observation(NEW, successes=9000, n=10000)

    assert rules_of(model(NEW, stage="validation"), REGISTERED, row) == [("candidate-within-limit", "green")]
    assert rules_of(row) == [("models-measured", "green")]


@dataclass
class Case:
    fields: dict
    rules: list


@pytest.mark.parametrize(
    "case",
    [
        Case({"affects": (OLD,)}, [("worst-issue-in-production", "red")]),
        Case({"links": ({"rel": "affects", "id": OLD},)}, [("worst-issue-in-production", "red")]),
        Case({}, [("worst-issue-affects-unknown", "not_reported")]),
        Case({"affects": (NEW,)}, []),
        Case({"affects": (OLD,), "severity": "2"}, []),
        Case({"affects": (OLD,), "status": "resolved"}, []),
    ],
)
def test_an_open_issue_of_severity_1_on_production_is_red(case):
    found = rules_of(IN_USE, REGISTERED, measured(), issue(**{"severity": "1"} | case.fields))

    assert found == [*case.rules, ("metric-within-limit", "green")]


def test_the_label_is_the_strictest_of_all_that_was_considered():
    secret = observation(NEW, successes=8640, n=10000, audience="restricted")

    assert assessed(IN_USE, REGISTERED, measured(), model(NEW, stage="validation"), secret).audience == "restricted"


@pytest.mark.parametrize("absent", ["monitoring", "stage of a row", "thresholds", "n", "row"])
def test_taking_something_away_never_makes_it_green(absent):
    rows = {
        "monitoring": [model(OLD), REGISTERED, measured(8650)],
        "stage of a row": [IN_USE, REGISTERED, measured(8650).model_copy(update={"environment": None})],
        "thresholds": [IN_USE, metric(), measured(8650)],
        "n": [IN_USE, REGISTERED, measured(8650).model_copy(update={"n": None, "successes": None})],
        "row": [IN_USE, REGISTERED],
    }

    assert worst_status(assessed(*rows[absent]).findings) != "green"
