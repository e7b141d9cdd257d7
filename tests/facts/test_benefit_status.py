"""The dimension "benefits": forecast against plan, actuals against their low case, and never green without actuals."""

import pytest

from aipm_site.facts.facts import compute_facts
from aipm_site.facts.numbers import SPACE
from aipm_site.summaries.reasons import reason_text
from tests.facts.builders import TODAY, as_of, benefit, metric, model, observation, project_of, risk

PRODUCTION = model("MV-RW-1.6.2")
RECALL = metric("M-recall")
LIVE = ({"name": "6", "scale": "6", "start": "2026-01-01"},)


def recall(share):
    return observation(PRODUCTION.id, share, metric="M-recall", environment="production", as_of="2026-04-14")


def dimension(*records, at=TODAY, **fields):
    project = project_of(*records, dimensions=("benefits",), currency="USD", **fields)
    return compute_facts(project, at).status.dimension("benefits")


def told(*records, **fields):
    found = dimension(*records, **fields)
    return found.status, [finding.rule for finding in found.findings]


def live(actual="200000", planned="200000", low=None, month="2026-03", **fields):
    """Return a benefit that is live, with an actual of a month and what was planned for it."""
    plan = {"period": month, "value": planned} | ({"low": low} if low else {})
    given = {
        "scenarios": LIVE,
        "plan": "6",
        "actuals": ({"period": month, "value": actual},),
        "planned": (plan,) if planned else None,
    }
    return benefit(**given | fields)


def measured(share="0.72"):
    return (RECALL, PRODUCTION, recall(share))


def test_actuals_that_are_too_old_are_not_reported_and_the_whole_is_not_green():
    # domain 1.2.2, A20; domain 4.4, sample A: not reported since 28 February 2026 (46 days; limit 31).
    facts = compute_facts(
        project_of(live(month="2026-02"), *measured(), dimensions=("benefits",), currency="USD"), TODAY
    )

    assert facts.status.overall == "not_fully_reported"
    (finding,) = facts.status.dimension("benefits").findings
    assert finding.status == "not_reported"
    assert reason_text(finding).endswith("is not reported since 28 February 2026 (46 days; limit 31).")


@pytest.mark.parametrize(
    ("month", "fields", "status"),
    [
        ("2026-03", {}, "green"),
        ("2026-02", {}, "not_reported"),
        # The record's own cadence, and that of the project; 46 days after 28 February the limit itself is within.
        ("2026-02", {"actuals_days": "46"}, "green"),
        ("2026-02", {"actuals_days": "45"}, "not_reported"),
    ],
)
def test_actuals_speak_for_their_cadence(month, fields, status):
    assert dimension(live(month=month, **fields), *measured()).status == status


def test_the_project_may_set_the_cadence():
    assert dimension(live(month="2026-02"), *measured(), freshness={"benefit": "60"}).status == "green"


@pytest.mark.parametrize(
    ("share", "tolerance", "status", "rule"),
    [
        # At 6 hospitals 0.72 gives 2,448,000 and 0.70 gives 2,340,000 (domain 1.2.2, A18): 4.4 % less.
        ("0.72", None, "green", "benefit-on-plan"),
        ("0.74", "0.01", "green", "benefit-on-plan"),
        ("0.70", None, "amber", "benefit-forecast-below-plan"),
        ("0.70", "0.05", "amber", "benefit-forecast-below-plan"),
        ("0.70", "0.04", "red", "benefit-forecast-beyond-tolerance"),
        # 0.6747 gives 3,643,380 − 1,440,000 = 2,203,380; 10 % below plan is 2,203,200, which is within.
        ("0.6747", "0.1", "amber", "benefit-forecast-below-plan"),
        ("0.6746", "0.1", "red", "benefit-forecast-beyond-tolerance"),
    ],
)
def test_the_forecast_is_the_plan_with_drivers_as_production_is_measured(share, tolerance, status, rule):
    tolerances = {"benefits": tolerance} if tolerance else None

    assert told(live(), *measured(share), tolerances=tolerances) == (status, [rule])


def test_a_shortfall_that_is_the_tolerance_is_within():
    chain = ({"name": "saving", "value": "100", "metric": "M-recall"},)
    made = live(value_driver=chain, scenarios=({"name": "a", "scale": "1", "start": "2026-01-01"},), plan="a")
    made = made.model_copy(update={"costs": made.costs.model_copy(update={"running": 0, "one_off": 0})})
    amounts = (metric("M-recall", unit="USD"), PRODUCTION)

    def status(value):
        row = observation(PRODUCTION.id, value, metric="M-recall", unit="USD", environment="production")
        return dimension(made, *amounts, row, tolerances={"benefits": "0.1"}).status

    assert [status(value) for value in ("100", "90", "89.99")] == ["green", "amber", "red"]


@pytest.mark.parametrize(
    ("actual", "low", "tolerance", "status", "rule"),
    [
        ("200000", "150000", "0.1", "green", "benefit-on-plan"),
        ("199999", "150000", "0.1", "amber", "benefit-actual-below-plan"),
        ("150000", "150000", "0.1", "amber", "benefit-actual-below-plan"),
        ("149999", "150000", None, "red", "benefit-actual-under-low"),
        # Without a low case the tolerance decides; it is within.
        ("180000", None, "0.1", "amber", "benefit-actual-below-plan"),
        ("179999", None, "0.1", "red", "benefit-actual-beyond-tolerance"),
        ("1", None, None, "amber", "benefit-actual-below-plan"),
    ],
)
def test_an_actual_is_held_against_its_plan_and_its_low_case(actual, low, tolerance, status, rule):
    tolerances = {"benefits": tolerance} if tolerance else None

    assert told(live(actual, low=low), *measured(), tolerances=tolerances) == (status, [rule])


def test_a_colour_stands_and_what_is_not_reported_is_counted():
    found = dimension(live("1", month="2026-02", low="2"), *measured())

    assert (found.status, found.not_reported) == ("red", 1)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        # Actuals are due as if they had been reported up to the start: 30 September and 31 days.
        ("2026-10-01", "is not reported yet (first due 31 October 2026)."),
        ("2026-03-16", "is not reported yet (first due 15 April 2026)."),
        ("2026-03-15", "is not reported yet (due since 14 April 2026)."),
        (None, "is not reported yet, and no scenario says when it starts."),
    ],
)
def test_before_the_first_actual_a_benefit_is_not_green(start, words):
    scenario = {"name": "6", "scale": "6"} | ({"start": start} if start else {})

    found = dimension(benefit(scenarios=(scenario,)), *measured())

    assert found.status == "not_reported"
    assert reason_text(found.findings[0]).replace(SPACE, " ").endswith(words)


@pytest.mark.parametrize(
    ("records", "rules"),
    [
        ((), ["no-benefit-recorded"]),
        ((live(), RECALL, PRODUCTION), ["benefit-forecast-unknown"]),
        ((live(costs=None), *measured()), ["benefit-forecast-unknown"]),
        ((live(plan=None, scenarios=(*LIVE, {"name": "9", "scale": "9"})), *measured()), ["benefit-forecast-unknown"]),
        ((live(planned=None), *measured()), ["benefit-actual-without-plan"]),
        (
            (live(planned=None, month="2026-02"), *measured()),
            ["benefit-actuals-stale"],
        ),
    ],
)
def test_what_is_not_known_is_not_green(records, rules):
    found = dimension(*records)

    assert (found.status, [finding.rule for finding in found.findings]) == ("not_reported", rules)


def test_a_period_that_is_not_over_says_nothing_yet():
    # domain 5, T-24: half of April against the plan of April.
    april = live("1", month="2026-04")

    assert told(april, *measured()) == ("not_reported", ["benefit-actuals-missing"])
    assert told(april, *measured(), at=as_of("2026-04-30")) == ("amber", ["benefit-actual-below-plan"])


def test_benefits_in_different_currencies_are_judged_each_for_itself():
    worse = live("1", low="2", id="BEN-003", currency="EUR")

    found = dimension(live(), worse, *measured())

    assert found.status == "red"
    assert {finding.words["id"] for finding in found.findings if finding.status == "red"} == {"BEN-003"}
    assert "EUR" in reason_text(found.findings[0])


def test_the_label_of_the_dimension_is_that_of_all_that_it_rests_on():
    assert dimension(live(audience="public"), default_audience="public").audience == "public"
    secret = recall("0.72").model_copy(update={"audience": "restricted"})
    secret.written_at(PRODUCTION.origin)

    found = dimension(live(audience="public"), RECALL, PRODUCTION, secret, default_audience="public")

    assert found.audience == "restricted"


def test_records_of_the_dimension_are_benefits():
    project = project_of(live(), risk(), dimensions=("risk",), currency="USD")

    assert "benefits" in compute_facts(project, TODAY).status.untracked
