"""By how much approved changes let the scope grow, and which work nobody approved."""

from fractions import Fraction

import pytest

from aipm_site.facts.change import assess_scope, scope_figures, scope_state
from aipm_site.facts.facts import compute_facts
from aipm_site.facts.figure import Unknown
from tests.facts.builders import TODAY, project_of
from tests.facts.money_builders import baseline, change, task

HUNDRED = {"scope": {"value": "100", "unit": "points"}}
PROMISED = baseline(**HUNDRED)


def rules_of(*records, **fields):
    project = project_of(*records, **fields)
    return [(f.rule, f.status) for f in assess_scope(project, scope_state(project)).findings]


def figures_of(*records):
    return {figure.name: figure for figure in scope_figures(scope_state(project_of(*records)), TODAY)}


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        # domain 3.6: approved growth over 5 % amber, over 10 % red; the limit itself is within.
        ("5", ("scope-within-baseline", "green")),
        ("5.01", ("scope-grown", "amber")),
        ("10", ("scope-grown", "amber")),
        ("10.01", ("scope-grown-far", "red")),
        ("-20", ("scope-within-baseline", "green")),
        ("none", ("scope-within-baseline", "green")),
    ],
)
def test_the_growth_by_approved_changes_has_limits(scope, found):
    assert rules_of(PROMISED, change(scope=scope)) == [found]


def test_the_tolerance_of_the_project_is_a_limit_too():
    assert rules_of(PROMISED, change(scope="4"), tolerances={"scope": "0.04"}) == [("scope-within-baseline", "green")]
    assert rules_of(PROMISED, change(scope="4.01"), tolerances={"scope": "0.04"}) == [("scope-beyond-tolerance", "red")]
    assert rules_of(PROMISED, change(scope="10.01"), tolerances={"scope": "0.20"}) == [("scope-grown-far", "red")]


def test_growth_adds_up_and_is_held_against_the_first_baseline():
    second = baseline("BSL-1", number=1, supersedes="BSL-0", scope={"value": "200", "unit": "points"})
    grown = (change("CHG-001", scope=4), change("CHG-002", status="implemented", scope=3))

    growth = figures_of(PROMISED, second, *grown)["scope.growth"]

    assert (growth.value, growth.text) == (Fraction(7, 100), "7.0\u00a0%")
    assert growth.comparator.text == "BSL-0: 100 points"
    assert [source.record_id for source in growth.sources] == ["BSL-0", "CHG-001", "CHG-002"]


def test_what_is_asked_for_is_counted_apart():
    # domain 2.2, scope creep: approved and separately unapproved.
    figures = figures_of(PROMISED, change(scope=4), change("CHG-002", status="assessing", scope=20))

    assert (figures["scope.growth"].value, figures["scope.growth_asked_for"].value) == (
        Fraction(4, 100),
        Fraction(20, 100),
    )


@pytest.mark.parametrize("status", ["rejected", "deferred", "withdrawn"])
def test_what_is_not_to_be_done_counts_nowhere(status):
    figures = figures_of(PROMISED, change(status=status, scope=50))

    assert (figures["scope.growth"].value, figures["scope.growth_asked_for"].value) == (0, 0)


def test_work_on_a_change_that_is_not_approved_is_amber():
    asked = change(status="submitted", scope=3)

    assert rules_of(PROMISED, asked, task(change="CHG-001", status="in_progress")) == [("work-not-approved", "amber")]
    assert rules_of(PROMISED, asked, task(change="CHG-001", status="todo", started="2026-04-01")) == [
        ("work-not-approved", "amber")
    ]
    assert rules_of(PROMISED, asked, task(change="CHG-001")) == [("scope-within-baseline", "green")]
    assert rules_of(PROMISED, change(scope=3), task(change="CHG-001", status="in_progress")) == [
        ("scope-within-baseline", "green")
    ]


def test_what_is_missing_is_not_reported():
    assert rules_of() == [("no-baseline-recorded", "not_reported")]
    assert rules_of(change(scope=1)) == [("no-baseline-recorded", "not_reported")]
    assert rules_of(PROMISED, change()) == [("change-without-scope", "not_reported")]
    assert rules_of(PROMISED, change(scope="unknown", status="approved")) == [("change-without-scope", "not_reported")]
    assert rules_of(baseline(), change(scope=1)) == [("baseline-without-scope", "not_reported")]


def test_without_growth_nothing_is_divided():
    assert rules_of(baseline()) == [("scope-within-baseline", "green")]
    assert figures_of(baseline())["scope.growth"].value == 0


def test_what_cannot_be_measured_says_why():
    assert figures_of(baseline(), change(scope=1))["scope.growth"].reason == "BSL-0 does not give its scope"
    unknown = figures_of(PROMISED, change())["scope.growth"]
    assert isinstance(unknown, Unknown)
    assert unknown.reason == "not every approved change says by how much the scope grows"
    assert figures_of() == {}


def test_hidden_changes_leave_no_trace():
    secret = change("CHG-099", scope=50, audience="restricted")
    project = project_of(PROMISED.model_copy(update={"audience": "client"}), secret, dimensions=("scope",))

    seen = compute_facts(project, TODAY).visible_to("client", project)

    assert "CHG-099" not in repr((seen.figures, seen.status, seen.scope))
    assert not any(name.startswith("scope.") for name in seen.figures)
    assert seen.scope is None
