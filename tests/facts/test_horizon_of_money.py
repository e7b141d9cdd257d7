"""What of money and work was not known at the as-of is not there."""

import pytest

from aipm_site.facts.cost_figures import earned_value_figures
from aipm_site.facts.horizon import known_at
from aipm_site.facts.ledger import Ledger
from tests.facts.builders import TODAY, as_of, project_of, record
from tests.facts.money_builders import baseline, budget_line, by_month, change, cost, readmission_watch, task


def known(made, day="2026-04-15"):
    return known_at(project_of(made), as_of(day)).get(made.id)


def test_a_cost_of_a_period_that_has_not_begun_is_not_there():
    assert known(cost("2026-05", 10)) is None
    assert known(cost("2026-05", 10), "2026-05-01") is not None


def test_what_was_booked_later_was_not_in_the_books():
    booked = cost("2026-03", 10, posted_on="2026-04-16")

    assert known(booked) is None
    assert known(booked, "2026-04-16") is not None


def test_plans_lie_ahead_and_what_is_declared_does_not():
    line = budget_line(
        planned=by_month("2026-03", [1, 1, 1]),
        earned=(
            {"period": "2026-03", "amount": "1", "declared_on": "2026-04-16"},
            {"period": "2026-05", "amount": "1"},
        ),
        to_complete=by_month("2026-03", [2, 2, 2]),
    )

    found = known(line)

    assert len(found.planned) == 3
    assert found.earned == ()
    assert [item.period.text for item in found.to_complete] == ["2026-03", "2026-04"]
    assert len(known(line, "2026-05-01").earned) == 2


def test_what_a_baseline_promises_lies_ahead():
    days = ({"milestone": "MS-01", "date": "2026-06-15"},)
    promised = baseline(planned_value=by_month("2026-01", [1, 2, 3]), milestones=days, date="2026-01-01")

    assert known(promised, "2026-01-01") == promised
    assert known(promised, "2025-12-31") is None


def test_a_task_that_was_finished_later_is_being_worked_on():
    done = task(status="done", started="2026-04-01", finished="2026-04-16")

    assert (known(done).status, known(done).finished) == ("in_progress", None)
    assert (known(done, "2026-03-31").status, known(done, "2026-03-31").started) == ("todo", None)
    assert known(done, "2026-04-16").status == "done"


def test_a_step_that_was_done_later_is_open_and_keeps_its_weight():
    steps = ({"title": "a", "weight": "1", "done_on": "2026-04-16"}, {"title": "b", "weight": "1"})

    found = known(task(method="weighted_milestones", steps=steps))

    assert [(step.title, step.done_on) for step in found.steps] == [("a", None), ("b", None)]


def test_a_percentage_that_is_newer_is_not_known():
    newer = task(
        method="percent",
        percent_complete="60",
        as_of="2026-04-16",
        progress=({"as_of": "2026-03-31", "percent_complete": "40"}, {"as_of": "2026-04-16", "percent_complete": "60"}),
    )

    assert known(newer).percent_complete is None
    assert [str(item.percent_complete) for item in known(newer).progress] == ["40"]


def test_a_change_that_was_carried_out_later_was_approved():
    assert known(change(status="implemented", implemented_on="2026-04-16")).status == "approved"


def test_a_request_that_was_granted_later_waits_for_its_answer():
    asked = record(
        "funding-request", id="FND-001", title="GPU", status="part_approved", granted="5", decided_on="2026-04-16"
    )

    assert (known(asked).status, known(asked).granted) == ("submitted", None)


@pytest.mark.parametrize("day", ["2026-02-28", "2026-03-15", "2026-03-31", "2026-04-15"])
def test_what_comes_later_changes_no_figure_of_an_earlier_day(day):
    line, *rows = readmission_watch()
    later = [row for row in rows if as_of(day).has_come(row.period.start)]

    def told(records):
        at = as_of(day)
        return earned_value_figures(Ledger(known_at(project_of(*records), at), at))

    assert told((line, *rows)) == told((line, *later))
    assert told((line, *rows))


def test_the_as_of_of_the_worked_example_knows_all_of_its_money():
    project = project_of(*readmission_watch())

    assert known_at(project, TODAY).records == project.records
