"""Gates: the verdict follows from what was observed; better than that needs a waiver, and nothing unknown is a go."""

from datetime import date
from fractions import Fraction

import pytest

from aipm_site.facts.criterion import Evidence
from aipm_site.facts.facts import compute_facts
from aipm_site.facts.figure import Figure, Unknown
from aipm_site.facts.gate import gate_of, gate_states
from aipm_site.facts.horizon import known_at
from tests.facts.builders import TODAY, as_of, decision, metric, model, observation, project_of, risk

NEW = "MV-RW-1.7.0-rc1"
CANDIDATE = model(NEW, stage="validation")
ACCURACY = metric(decimals="1")
RECALL = metric("M-recall", decimals="1")
SPEED = metric("M-speed", unit="ms", polarity="lower_better", decimals="0")
# domain 1.2.1: 8,640 of 10,000 right, 1,050 of 1,500 found.
MEASURED = (
    observation(NEW, successes=8640, n=10000),
    observation(NEW, successes=1050, n=1500, metric="M-recall"),
)


def criterion(name="Accuracy", operator=">=", threshold="0.870", **fields):
    return {"name": name, "operator": operator, "threshold": threshold} | fields


ACCURATE = criterion(metric="M-accuracy")
FINDS = criterion("Recall", threshold="0.70", metric="M-recall")


def gate(*criteria, id="DEC-020", subject=NEW, day="2026-04-15", **fields):
    given = {"type": "gate", "subject": subject, "criteria": criteria, "date": day}
    return decision(id, **given | fields)


def accepted(*criteria, day="2026-04-15", **fields):
    return gate(*criteria, day=day, status="accepted", outcome="Go", **fields)


def judged(*records, day=TODAY, figures=()):
    """Return the state of the one gate among some records."""
    project = project_of(*records)
    named = {figure.name: figure for figure in figures}

    def evidence(when):
        return Evidence(known_at(project, when), when, lambda: named)

    (state,) = gate_states(evidence(day), lambda date_: evidence(as_of(date_.isoformat())))
    return state


def results(state):
    return [one.result for one in state.criteria]


def figure(name, value, unit="ratio", audience="internal"):
    return Figure(name, value, unit, date(2026, 4, 15), str(value), "computed", (), audience)


def test_the_gate_of_the_worked_example_is_a_no_go():
    # domain 1.2.2, A7, number by number; drift and fairness come as figures, identifier classes by hand.
    fairness = figure("fairness.eod", Fraction(540, 720) - Fraction(441, 630))
    drift = figure("drift.psi", Fraction(297, 1000), "index")
    criteria = (
        ACCURATE,
        FINDS,
        criterion("Equal opportunity", "<=", "0.05", figure="fairness.eod"),
        criterion("PSI", "<=", "0.25", figure="drift.psi"),
        criterion("Identifier classes", "=", "18", observed={"value": "16", "as_of": "2026-04-15"}),
        criterion("p95", "<=", "300", metric="M-speed"),
    )

    state = judged(gate(*criteria), CANDIDATE, ACCURACY, RECALL, SPEED, *MEASURED, figures=(fairness, drift))

    assert results(state) == ["not_met", "met", "met", "not_met", "not_met", "not_assessed"]
    assert state.verdict == "no-go"
    assert state.counts_text == "2 met, 3 not met, 1 not assessed"


def test_the_limit_itself_meets_at_least_and_at_most_and_is_no_case_for_floats():
    # domain, trap 12: in floating point 540/720 − 441/630 is 0.050000000000000044.
    assert 540 / 720 - 441 / 630 > 0.05
    fairness = figure("fairness.eod", Fraction(540, 720) - Fraction(441, 630))
    asked = (FINDS, criterion("Equal opportunity", "<=", "0.05", figure="fairness.eod"))

    state = judged(gate(*asked), CANDIDATE, RECALL, *MEASURED, figures=(fairness,))

    assert [(one.result, one.is_on_limit) for one in state.criteria] == [("met", True), ("met", True)]


@pytest.mark.parametrize(
    ("operator", "met"),
    [
        (">=", [False, True, True]),
        (">", [False, False, True]),
        ("<=", [True, True, False]),
        ("<", [True, False, False]),
        ("=", [False, True, False]),
    ],
)
def test_each_operator_holds_an_exact_value_against_the_limit(operator, met):
    found = [
        judged(gate(criterion(operator=operator, threshold="0.70", metric="M-accuracy")), CANDIDATE, ACCURACY, row)
        for row in (observation(NEW, successes=n, n=10000) for n in (6999, 7000, 7001))
    ]

    assert [state.criteria[0].result == "met" for state in found] == met


@pytest.mark.parametrize(
    ("criteria", "verdict"),
    [
        ((FINDS,), "go"),
        ((FINDS, criterion("Speed", metric="M-speed")), "conditional"),
        ((ACCURATE, criterion("Speed", metric="M-speed")), "no-go"),
        ((FINDS, criterion(metric="M-accuracy", must="false")), "go"),
        ((FINDS, criterion("Speed", metric="M-speed", must="false")), "go"),
        # Nothing that must be met was asked, so nothing says go.
        ((criterion("Recall", threshold="0.70", metric="M-recall", must="false"),), "conditional"),
    ],
)
def test_the_verdict_follows_from_what_must_be_met(criteria, verdict):
    # domain §2.2, the verdict rule.
    assert judged(gate(*criteria), CANDIDATE, ACCURACY, RECALL, SPEED, *MEASURED).verdict == verdict


def test_people_may_decide_worse_and_a_better_verdict_does_not_count():
    records = (CANDIDATE, ACCURACY, RECALL, *MEASURED)

    assert judged(gate(FINDS, verdict="no-go"), *records).verdict == "no-go"
    assert judged(gate(ACCURATE, verdict="go"), *records).verdict == "no-go"


def test_the_writers_result_counts_only_where_it_is_worse():
    def of(asked, result):
        return results(judged(gate(asked | {"result": result}), CANDIDATE, ACCURACY, RECALL, *MEASURED))

    assert of(FINDS, "not_met") == ["not_met"]
    assert of(FINDS, "not_assessed") == ["not_assessed"]
    assert of(ACCURATE, "met") == ["not_met"]
    assert of(ACCURATE, "not_assessed") == ["not_met"]


WAIVED = ACCURATE | {"result": "waived", "waiver": "DEC-021"}


def waiver(**fields):
    return decision("DEC-021", **{"status": "accepted", "outcome": "yes", "date": "2026-04-14"} | fields)


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({}, "go"),
        ({"expires": "2026-04-15"}, "go"),
        ({"expires": "2026-04-14"}, "no-go"),
        ({"status": "proposed"}, "no-go"),
        ({"status": "superseded", "superseded_by": "DEC-022"}, "no-go"),
        ({"date": "2026-04-16"}, "no-go"),
    ],
)
def test_a_waiver_is_an_accepted_decision_that_has_come_and_not_expired(fields, verdict):
    state = judged(gate(WAIVED), waiver(**fields), CANDIDATE, ACCURACY, *MEASURED)

    assert state.verdict == verdict
    assert state.criteria[0].waiver == ("DEC-021" if verdict == "go" else None)


def test_a_waiver_that_nobody_wrote_is_none():
    assert judged(gate(WAIVED), CANDIDATE, ACCURACY, *MEASURED).verdict == "no-go"


def test_what_is_met_needs_no_waiver():
    asked = FINDS | {"waiver": "DEC-021"}

    assert results(judged(gate(asked), waiver(), CANDIDATE, RECALL, *MEASURED)) == ["met"]


def test_a_decided_gate_is_judged_by_what_was_known_on_its_day():
    early = observation(NEW, successes=8800, n=10000, as_of="2026-04-10")
    state = judged(accepted(ACCURATE, day="2026-04-10"), CANDIDATE, ACCURACY, early, *MEASURED)

    assert (state.verdict, state.judged_on) == ("go", date(2026, 4, 10))
    assert (state.present_verdict, state.present[0].observed_text) == ("no-go", "86.4\u00a0%")


def test_a_waiver_that_ended_after_the_day_of_the_gate_leaves_the_verdict_of_that_day():
    lapsed = waiver(date="2026-04-01", expires="2026-04-12")
    row = observation(NEW, successes=8640, n=10000, as_of="2026-04-09")
    state = judged(accepted(WAIVED, day="2026-04-10"), lapsed, CANDIDATE, ACCURACY, row)

    assert (state.verdict, state.present_verdict) == ("go", "no-go")


def test_a_proposed_gate_is_judged_by_what_is_known_now():
    early = observation(NEW, successes=8800, n=10000, as_of="2026-04-10")
    state = judged(gate(ACCURATE, day="2026-04-10"), CANDIDATE, ACCURACY, early, *MEASURED)

    assert (state.verdict, state.judged_on) == ("no-go", TODAY.date)


def test_what_is_dated_later_is_not_there():
    later = observation(NEW, successes=9000, n=10000, as_of="2026-04-16")
    written = criterion("Classes", "=", "18", observed={"value": "18", "as_of": "2026-04-16"})

    state = judged(gate(ACCURATE, written), CANDIDATE, ACCURACY, later)

    assert results(state) == ["not_assessed", "not_assessed"]
    assert state.criteria[0].why == f"M-accuracy of {NEW} is not observed yet"


def test_a_slice_is_looked_up_as_a_slice_and_never_the_whole():
    whole, part = MEASURED[0], observation(NEW, successes=985, n=1250, slice="ehr_feed=B")
    asked = criterion(metric="M-accuracy", slice="ehr_feed=B")

    assert judged(gate(asked), CANDIDATE, ACCURACY, whole).criteria[0].result == "not_assessed"
    # domain 1.2.2, A4: feed B 78.8 %.
    assert judged(gate(asked), CANDIDATE, ACCURACY, whole, part).criteria[0].observed == Fraction(985, 1250)


def test_what_a_metric_says_goes_before_what_was_written_by_hand():
    asked = ACCURATE | {"observed": {"value": "0.9", "as_of": "2026-04-15"}}

    assert judged(gate(asked), CANDIDATE, ACCURACY, *MEASURED).criteria[0].result == "not_met"
    assert judged(gate(asked), CANDIDATE, ACCURACY).criteria[0].observed_text == "90.0\u00a0%"


def test_percent_and_ratio_are_compared_and_other_units_are_not():
    percent = observation(NEW, "86.4", unit="percent")
    speed = observation(NEW, "0.2", metric="M-speed", unit="s")
    asked = (ACCURATE, criterion("Speed", "<=", "300", metric="M-speed"))

    state = judged(gate(*asked), CANDIDATE, ACCURACY, SPEED, percent, speed)

    assert [one.observed for one in state.criteria] == [Fraction(864, 1000), None]
    assert state.criteria[1].why == "observed in s, and the limit is in ms"


def test_a_figure_that_is_not_known_or_no_number_is_not_assessed():
    unknown = Unknown("cost.cpi", "no budget is recorded", "internal")
    word, day = figure("status.cost", "green", "status"), figure("schedule.finish", date(2026, 9, 1), "date")
    asked = [criterion(n, figure=n) for n in ("cost.cpi", "status.cost", "schedule.finish", "cost.nothing")]

    state = judged(gate(*asked), CANDIDATE, figures=(unknown, word, day))

    assert [one.why for one in state.criteria] == [
        "cost.cpi is not known: no budget is recorded",
        "status.cost is no number",
        "schedule.finish is no number",
        "there is no figure cost.nothing",
    ]


@pytest.mark.parametrize(
    ("successes", "limit", "observed"),
    # What misses a limit by less than the decimals of its metric is shown with as many as tell it from the limit.
    [(8699, "at least 87.0\u00a0%", "86.99\u00a0%"), (8640, "at least 87.0\u00a0%", "86.4\u00a0%")],
)
def test_an_observed_value_never_looks_like_the_limit_that_it_misses(successes, limit, observed):
    state = judged(gate(ACCURATE), CANDIDATE, ACCURACY, observation(NEW, successes=successes, n=10000))

    assert state.criteria[0].observed_text == observed
    assert state.criteria[0].limit_text.startswith(limit[:-3])


def test_a_limit_is_shown_as_it_is():
    state = judged(gate(criterion(threshold="0.8725", metric="M-accuracy")), CANDIDATE, ACCURACY, *MEASURED)

    assert state.criteria[0].limit_text == "at least 87.25\u00a0%"


def test_figures_of_a_gate_say_verdict_and_counts():
    records = (gate(ACCURATE, FINDS), CANDIDATE, ACCURACY, RECALL, *MEASURED)

    figures = compute_facts(project_of(*records), TODAY).figures

    verdict = figures["gate.DEC-020.verdict"]
    assert (verdict.value, verdict.unit, verdict.text) == ("no-go", "verdict", "no-go (1 met, 1 not met)")
    assert {n: figures[f"gate.DEC-020.{n}"].value for n in ("met", "not_met", "not_assessed", "waived")} == {
        "met": 1,
        "not_met": 1,
        "not_assessed": 0,
        "waived": 0,
    }
    assert "DEC-020" in [source.record_id for source in verdict.sources]


def test_a_figure_of_an_earlier_day_is_the_figure_of_that_day():
    asked = criterion("Open risks", "<=", "0", figure="risk.open")
    risks = (risk("RSK-001", opened="2026-01-01"), risk("RSK-002", opened="2026-04-11"))

    (state,) = compute_facts(project_of(accepted(asked, day="2026-04-10"), CANDIDATE, *risks), TODAY).gates

    assert [one.observed for one in (*state.dated, *state.present)] == [1, 2]


def test_the_newest_gate_that_stands_speaks_for_its_subject():
    old = gate(FINDS, id="DEC-020", day="2026-04-01")
    new = gate(ACCURATE, id="DEC-021", day="2026-04-14")
    off = gate(FINDS, id="DEC-022", day="2026-04-15", status="rejected", outcome="no")
    gates = compute_facts(project_of(old, new, off, CANDIDATE, ACCURACY, RECALL, *MEASURED), TODAY).gates

    assert gate_of(NEW, gates).decision.id == "DEC-021"
    assert gate_of("MV-OTHER-1.0.0", gates) is None


@pytest.mark.parametrize("hidden", ["row", "metric", "subject", "waiver", "gate"])
def test_a_gate_is_for_no_more_readers_than_the_least_of_what_it_rests_on(hidden):
    label = {"audience": "restricted"}
    records = {
        "gate": gate(WAIVED | {"waiver": "DEC-021"}, audience="client"),
        "row": observation(NEW, successes=8640, n=10000, audience="client"),
        "metric": metric(decimals="1", audience="client"),
        "subject": model(NEW, stage="validation", audience="client"),
        "waiver": waiver(audience="client"),
    }
    records[hidden] = records[hidden].model_copy(update=label)
    project = project_of(*records.values(), disclose=())
    facts = compute_facts(project, TODAY)

    seen = facts.visible_to("client", project)

    assert [one.decision.id for one in facts.gates] == ["DEC-020"]
    assert seen.gates == ()
    assert not any(name.startswith("gate.") for name in seen.figures)
    assert facts.visible_to("restricted", project).gates != ()


def test_a_gate_on_a_figure_is_for_no_more_readers_than_the_figure():
    asked = criterion("Open risks", "<=", "0", figure="risk.open")
    records = (
        gate(asked, audience="client", subject="MS-01"),
        risk("RSK-001", audience="client"),
        risk("RSK-002", audience="restricted"),
    )
    project = project_of(*records)

    assert compute_facts(project, TODAY).visible_to("client", project).gates == ()


def test_no_word_of_a_visible_gate_names_a_hidden_record():
    asked = criterion("As RSK-099 asks", metric="M-accuracy")
    label = {"audience": "client"}
    records = (
        gate(asked, **label),
        model(NEW, stage="validation", **label),
        metric(**label),
        observation(NEW, successes=8640, n=10000, **label),
        risk("RSK-099", audience="restricted"),
    )
    project = project_of(*records, dimensions=("quality",))

    seen = compute_facts(project, TODAY).visible_to("client", project)

    assert len(seen.gates) == 1
    assert "RSK-099" not in repr((seen.gates, seen.figures, seen.status))
