"""Quality: production is judged by what was measured in production; a candidate never makes it red, nor green."""

from dataclasses import dataclass

import pytest

from aipm_site.facts.facts import compute_facts
from aipm_site.facts.finding import worst_status
from aipm_site.facts.quality import assess_quality
from aipm_site.facts.series import Measurements
from tests.facts.builders import TODAY, decision, issue, metric, model, observation, project_of

OLD, NEW = "MV-RW-1.6.2", "MV-RW-1.7.0-rc1"
# domain 1.2.2, A6 and A7: production 87.4 % against a limit of 87.0 %, the candidate 86.4 %.
LIMITS = {"green": "0.870", "amber": "0.860"}
IN_USE = model(OLD, monitoring=("M-accuracy",))
REGISTERED = metric(thresholds=LIMITS)


def measured(successes=8740, day="2026-04-14", **fields):
    return observation(OLD, successes=successes, n=10000, as_of=day, environment="production", **fields)


def assessed(*records, **fields):
    project = project_of(*records, **fields)
    return assess_quality(Measurements(project), TODAY)


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


CANDIDATE = model(NEW, stage="validation")
RECALL = metric("M-recall", thresholds={"green": "0.700"})
# domain 1.2.1: the candidate finds 1,050 of 1,500 and is right in 8,640 of 10,000.
OF_CANDIDATE = (
    observation(NEW, successes=8640, n=10000),
    observation(NEW, successes=1050, n=1500, metric="M-recall"),
)


def gate(*metrics, limit="0.870", **fields):
    criteria = tuple({"name": m.removeprefix("M-"), "metric": m, "operator": ">=", "threshold": limit} for m in metrics)
    given = {"type": "gate", "subject": NEW, "criteria": criteria, "date": "2026-04-15"}
    return decision("DEC-020", **given | fields)


def quality_of(*records, **fields):
    project = project_of(*records, dimensions=("quality",), **fields)
    return compute_facts(project, TODAY).status.dimension("quality")


def test_a_candidate_that_fails_its_gate_is_amber_beside_a_green_production_and_both_are_named():
    # domain 1.2.2, A6: production 1.6.2 87.4 % is green, the candidate is blocked, the dimension amber.
    found = quality_of(IN_USE, REGISTERED, measured(), CANDIDATE, *OF_CANDIDATE, gate("M-accuracy"), RECALL)

    told = {finding.rule: finding for finding in found.findings}
    assert found.status == "amber"
    assert told["metric-within-limit"].words["version"] == "1.6.2"
    assert told["candidate-fails-gate"].words == {
        "model": NEW,
        "version": "1.7.0-rc1",
        "id": "DEC-020",
        "counts": "1 not met",
        "unmet": "accuracy 86.4\u00a0%, asked at least 87.0\u00a0%",
        "production": "1.6.2",
    }
    assert {"DEC-020", NEW, OLD} <= {source.record_id for source in told["candidate-fails-gate"].sources}


def test_the_gate_of_a_candidate_takes_the_place_of_the_limits_that_it_asks_for():
    records = (IN_USE, REGISTERED, RECALL, measured(), CANDIDATE, *OF_CANDIDATE)

    asked = [one.rule for one in quality_of(*records, gate("M-accuracy", "M-recall", limit="0.5")).findings]
    other = [one.rule for one in quality_of(*records, gate("M-recall", limit="0.5")).findings]

    assert sorted(asked) == ["candidate-passes-gate", "metric-within-limit"]
    # What the gate does not ask for is judged by its limit: a gate must not hide it.
    assert "candidate-beyond-limit" in other


def test_a_gate_that_passes_or_is_not_assessed_makes_nothing_worse_and_nothing_better():
    stale = measured(day="2026-03-01")
    passed, waiting = gate("M-accuracy", limit="0.5"), gate("M-none", limit="0.5")

    assert quality_of(IN_USE, REGISTERED, measured(), CANDIDATE, *OF_CANDIDATE, passed, RECALL).status == "green"
    assert quality_of(IN_USE, REGISTERED, stale, CANDIDATE, *OF_CANDIDATE, passed, RECALL).status == "not_reported"
    rules = [one.rule for one in quality_of(IN_USE, REGISTERED, measured(), CANDIDATE, waiting).findings]
    assert "candidate-gate-not-assessed" in rules


def test_a_gate_that_fails_does_not_make_production_red_and_one_that_passes_does_not_make_it_green():
    # domain, trap 46.
    bad, good = measured(8500), measured()

    assert quality_of(IN_USE, REGISTERED, bad, CANDIDATE, *OF_CANDIDATE, gate("M-recall", limit="0.5")).status == "red"
    assert quality_of(IN_USE, REGISTERED, good, CANDIDATE, *OF_CANDIDATE, gate("M-accuracy")).status == "amber"


def test_a_candidate_that_people_refuse_is_amber_whatever_its_criteria_say():
    found = quality_of(
        IN_USE, REGISTERED, measured(), CANDIDATE, *OF_CANDIDATE, gate("M-accuracy", limit="0.5", verdict="no-go")
    )

    assert (found.status, found.findings[0].rule) == ("amber", "candidate-refused-at-gate")


def test_a_decided_gate_that_would_fail_by_what_is_known_now_is_amber():
    early = observation(NEW, successes=8800, n=10000, as_of="2026-04-01")
    went = gate("M-accuracy", date="2026-04-02", status="accepted", outcome="go", verdict="go")

    found = quality_of(IN_USE, REGISTERED, measured(), CANDIDATE, early, *OF_CANDIDATE, went)

    assert found.findings[0].rule == "candidate-fails-gate"


def test_a_dimension_is_for_no_more_readers_than_the_gate_behind_it():
    label = {"audience": "client"}
    records = (
        model(OLD, monitoring=("M-accuracy",), **label),
        metric(thresholds=LIMITS, **label),
        measured(**label),
        model(NEW, stage="validation", **label),
        observation(NEW, successes=9000, n=10000, **label),
        gate("M-accuracy", audience="restricted"),
    )
    project = project_of(*records, dimensions=("quality",))

    assert compute_facts(project, TODAY).visible_to("client", project).status.dimension("quality") is None
