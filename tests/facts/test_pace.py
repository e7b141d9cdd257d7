"""What earned schedule makes of the dimension "schedule"."""

import pytest

from aipm_site.facts.facts import compute_facts
from tests.facts.builders import TODAY, as_of, milestone, project_of
from tests.facts.money_builders import baseline, budget_line, by_month, costs, readmission_watch

ON_PLAN = milestone(baseline="2026-09-18", forecast="2026-09-18", reviewed_on="2026-04-13", audience="client")
PLANNED = by_month("2026-01", [100] * 12)
PROMISED = baseline(planned_value=by_month("2026-01", [100 * month for month in range(1, 13)]))


def schedule_of(*records, today=TODAY):
    project = project_of(ON_PLAN, *records, dimensions=("schedule",))
    return compute_facts(project, today).status.dimension("schedule")


def rules_of(*records, **fields):
    return [finding.rule for finding in schedule_of(*records, **fields).findings]


def work(*earned, planned=PLANNED):
    return (budget_line(planned=planned, earned=by_month("2026-01", earned)), *costs("2026-01", [1] * len(earned)))


@pytest.mark.parametrize(
    ("earned", "rule"),
    [
        # By hand, three months gone at 100 a month: ES in months is EV ÷ 100.
        ((100, 100, 85), None),
        ((100, 100, "84.99"), "pace-below-plan"),
        ((100, 100, 70), "pace-below-plan"),
        ((100, 100, "69.99"), "pace-far-below-plan"),
    ],
)
def test_the_bands_of_the_pace_and_a_value_on_a_limit_is_within(earned, rule):
    # domain 3.6: SPI(t) in [0.90, 0.95) amber, below 0.90 red. 285 ÷ 300 = 0.95, 270 ÷ 300 = 0.90.
    assert [found for found in rules_of(*work(*earned)) if found.startswith("pace")] == ([rule] if rule else [])


def test_readmission_watch_is_amber_by_its_pace():
    # domain 1.2.2, A13: SPI(t) 0.94.
    dimension = schedule_of(*readmission_watch())

    assert (dimension.status, dimension.findings[0].rule) == ("amber", "pace-below-plan")
    assert dimension.findings[0].words["value"] == "0.94"
    assert dimension.as_of.isoformat() == "2026-03-31"


def test_without_a_curve_the_milestones_speak_alone():
    assert rules_of() == ["milestones-on-baseline"]
    assert rules_of(budget_line(planned=PLANNED)) == ["milestones-on-baseline"]


def test_a_baseline_with_a_curve_asks_for_earned_value():
    assert rules_of(PROMISED)[0] == "pace-not-measured"
    assert schedule_of(PROMISED).status == "not_reported"


def test_it_asks_when_the_books_of_the_first_period_must_be_closed():
    # 35 days after 31 January 2026 is 7 March.
    fresh = {"reviewed_on": "2026-03-01"}
    made = milestone("MS-02", baseline="2026-09-18", forecast="2026-09-18", **fresh)

    def rules_on(day):
        project = project_of(made, PROMISED, dimensions=("schedule",))
        return [f.rule for f in compute_facts(project, as_of(day)).status.dimension("schedule").findings]

    assert rules_on("2026-03-07") == ["milestones-on-baseline"]
    assert rules_on("2026-03-08")[0] == "pace-not-measured"


def test_a_pace_that_is_old_is_not_reported():
    assert rules_of(*work(100, 100))[0] == "pace-stale"


def test_complete_work_needs_no_newer_pace():
    line = budget_line(planned=by_month("2026-01", [100]), earned=by_month("2026-01", [100]))

    assert rules_of(line, *costs("2026-01", [100])) == ["milestones-on-baseline"]


def test_the_dimension_is_as_strict_as_what_the_pace_was_computed_from():
    line, *rows = work(100, 100, 90)
    project = project_of(ON_PLAN, line, *rows, dimensions=("schedule",), default_audience="restricted")

    assert compute_facts(project, TODAY).status.dimension("schedule").audience == "restricted"
    without = project_of(ON_PLAN, dimensions=("schedule",), default_audience="restricted")
    assert compute_facts(without, TODAY).status.dimension("schedule").audience == "client"
