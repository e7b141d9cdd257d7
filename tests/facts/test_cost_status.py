"""What the money makes of the status: bands, tolerance, and what must be known for it."""

from fractions import Fraction

import pytest

from aipm_site.facts.cost_status import assess_cost, index_band
from aipm_site.facts.finding import worst_status
from tests.facts.builders import as_of
from tests.facts.money_builders import budget_line, by_month, cost, costs, ledger_of, readmission_watch

PLANNED = by_month("2026-01", [100, 100, 100, 100, 100])
TOLERANCE = {"tolerances": {"cost": "0.10"}}


def rules_of(*records, **fields):
    return [(f.rule, f.status) for f in assess_cost(ledger_of(*records, **fields)).findings]


def line(earned, planned=PLANNED, **fields):
    return budget_line(planned=planned, earned=by_month("2026-01", earned), **fields)


def spent(*amounts):
    return costs("2026-01", amounts)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        # FEMA's bands (domain 3.6); a value on a limit counts as within.
        ("0.8999", "red"),
        ("0.90", "amber"),
        ("0.9499", "amber"),
        ("0.95", None),
        ("1.05", None),
        ("1.0501", "amber"),
        ("1.10", "amber"),
        ("1.1001", "red"),
    ],
)
def test_the_bands_of_an_index(value, status):
    band = index_band(Fraction(value))

    assert (band.status if band else None) == status


def test_readmission_watch_is_amber_by_both_indices():
    # domain 1.2.2, A14: CPI 0.941 and SPI 0.925 in 0.90 to 0.95, EAC 6.3 % over with a tolerance of 10 %.
    assessment = assess_cost(ledger_of(*readmission_watch(), **TOLERANCE))

    assert [(f.rule, f.status) for f in assessment.findings] == [
        ("estimate-over-budget", "amber"),
        ("index-below-plan", "amber"),
        ("index-below-plan", "amber"),
    ]
    assert {f.words["index"] for f in assessment.findings[1:]} == {
        "Cost performance (CPI)",
        "Schedule performance (SPI)",
    }
    assert assessment.findings[0].words["over"] == "6.3\u00a0%"


def test_on_plan_is_green():
    assert rules_of(line([100, 100, 100]), *spent(100, 100, 100)) == [("cost-within-limits", "green")]


def test_the_tolerance_itself_is_within_and_a_cent_more_is_red():
    # By hand: EV 300 and AC 330 make EAC 500 × 1.1 = 550, ten percent over; CPI 0.909 is amber either way.
    at, beyond = spent(100, 100, 130), spent(100, 100, "130.01")

    assert ("estimate-over-budget", "amber") in rules_of(line([100, 100, 100]), *at, **TOLERANCE)
    assert ("estimate-beyond-tolerance", "red") in rules_of(line([100, 100, 100]), *beyond, **TOLERANCE)


def test_without_a_tolerance_an_overrun_is_amber():
    assert ("estimate-over-budget", "amber") in rules_of(line([100, 100, 100]), *spent(100, 100, 101))


def test_too_good_is_told_as_well():
    assert rules_of(line([100, 100, 100]), *spent(80, 80, 80)) == [("index-far-above-plan", "red")]


def test_an_exhausted_budget_is_red_with_and_without_earned_value():
    assert ("budget-exhausted", "red") in rules_of(line([100, 100, 100]), *spent(200, 200, 100))
    assert rules_of(budget_line(planned=PLANNED), *spent(200, 200, 100)) == [("budget-exhausted", "red")]


def test_a_budget_is_exhausted_also_where_earned_value_lags_behind():
    assert ("budget-exhausted", "red") in rules_of(line([100]), *spent(100, 200, 200))


def test_all_done_for_the_whole_budget_is_not_exhausted():
    # All was planned to be done by the end of March, was done, and cost what was planned.
    whole = by_month("2026-01", [200, 200, 100])

    assert rules_of(line([200, 200, 100], planned=whole), *spent(200, 200, 100)) == [("cost-within-limits", "green")]


def test_without_earned_value_spending_is_held_against_the_budget():
    assert rules_of(budget_line(planned=PLANNED), *spent(100, 100, 100)) == [("cost-within-budget", "green")]


@pytest.mark.parametrize(
    ("records", "rule"),
    [
        ((), "no-budget-recorded"),
        (spent(10, 10, 10), "no-budget-recorded"),
        ((line([100, 100, 100]),), "no-cost-recorded"),
        ((line([100, 100, 100]), cost("2026-04", 5)), "no-cost-recorded"),
        ((line([100, 100, 100], reviewed_on="2026-03-10"), *spent(100, 100, 100)), "budget-stale"),
        ((line([100, 100, 100], reviewed_on=None), *spent(100, 100, 100)), "budget-never-reviewed"),
        ((line([100, 100, 100], reviewed_on="2026-04-16"), *spent(100, 100, 100)), "budget-reviewed-later"),
        ((line([100, 100]), *spent(100, 100)), "cost-stale"),
        ((line([100, 100]), *spent(100, 100, 100)), "earned-value-stale"),
        ((line([100, 100, 100]), *spent(100, 100), cost("2026-03", 1, currency="EUR")), "currencies-mixed"),
    ],
)
def test_an_input_that_is_missing_or_stale_is_not_reported(records, rule):
    found = rules_of(*records)

    assert (rule, "not_reported") in found
    assert all(status == "not_reported" for _, status in found)


def test_cost_speaks_for_thirty_five_days_after_its_period():
    # domain 2.0, freshness: BUD and CST 35 days. From 31 March to 5 May are 35 days.
    def on(day):
        made = line([100, 100, 100], reviewed_on=day)
        return rules_of(made, *spent(100, 100, 100), as_of=as_of(day))

    assert on("2026-05-05") == [("cost-within-limits", "green")]
    assert on("2026-05-06") == [("cost-stale", "not_reported")]


def test_the_project_may_set_another_limit():
    made = line([100, 100, 100], reviewed_on="2026-05-10")

    assert rules_of(made, *spent(100, 100, 100), as_of=as_of("2026-05-10"), freshness={"cost": 45}) == [
        ("cost-within-limits", "green")
    ]


def test_a_line_that_is_over_need_not_be_looked_at_again():
    over = budget_line("BUD-002", planned=by_month("2026-01", [10]), earned=by_month("2026-01", [10]), reviewed_on=None)

    assert rules_of(line([100, 100, 100]), over, *spent(110, 100, 100)) == [("cost-within-limits", "green")]


def test_the_assessment_speaks_for_its_oldest_input():
    assert assess_cost(ledger_of(line([100] * 3), *spent(100, 100, 100))).as_of.isoformat() == "2026-03-31"


@pytest.mark.parametrize("taken", range(4))
def test_taking_a_record_away_never_makes_the_dimension_green(taken):
    records = [line([100, 100, 80]), *spent(100, 100, 100)]
    del records[taken]

    assert worst_status(assess_cost(ledger_of(*records)).findings) != "green"
