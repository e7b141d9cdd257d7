"""What a task has earned by a day, by the method that it names."""

from datetime import date
from fractions import Fraction

import pytest

from aipm_site.facts.task import earned_share
from tests.facts.money_builders import END_OF_MARCH, task

DONE = {"status": "done", "started": "2026-03-02", "finished": "2026-03-31"}
RUNNING = {"status": "in_progress", "started": "2026-03-31"}
STEPS = (
    {"title": "units", "weight": "3", "done_on": "2026-03-31"},
    {"title": "dates", "weight": "1", "done_on": "2026-04-01"},
    {"title": "codes", "weight": "2"},
)


def share(day=END_OF_MARCH, percent_as_of=None, **fields):
    return earned_share(task(budget=100, **fields), day, percent_as_of)


@pytest.mark.parametrize(
    ("fields", "earned"),
    [
        (DONE | {"method": "0/100"}, 1),
        (RUNNING | {"method": "0/100"}, 0),
        (DONE | {"method": "50/50"}, 1),
        (RUNNING | {"method": "50/50"}, Fraction(1, 2)),
        ({"method": "50/50"}, 0),
        ({"method": "weighted_milestones", "steps": STEPS}, Fraction(1, 2)),
        # What is finished is done with all its steps, whether or not each has its day.
        (DONE | {"method": "weighted_milestones", "steps": STEPS}, 1),
        (DONE | {"method": "weighted_milestones"}, 1),
        ({"method": "weighted_milestones"}, 0),
        (DONE | {"method": "percent"}, 1),
        ({"method": "percent"}, 0),
        (DONE | {"method": None}, 1),
        ({"method": None}, 0),
    ],
)
def test_each_method_counts_what_was_there_on_the_last_day(fields, earned):
    assert share(**fields) == earned


@pytest.mark.parametrize("method", ["0/100", "50/50"])
def test_what_came_a_day_later_earns_nothing_yet(method):
    later = {"status": "done", "started": "2026-04-01", "finished": "2026-04-02"}

    assert share(**later, method=method) == 0


def test_a_percentage_is_the_last_that_was_stated_by_then():
    stated = {"progress": ({"as_of": "2026-02-28", "percent_complete": "20"},), "percent_complete": "60"}
    running = RUNNING | {"method": "percent", "started": "2026-02-02"} | stated

    assert share(**running, percent_as_of=END_OF_MARCH) == Fraction(60, 100)
    assert share(**running, percent_as_of=date(2026, 4, 13)) == Fraction(20, 100)
    # Without the day for which it is true, a percentage says nothing.
    assert share(**running) == Fraction(20, 100)


@pytest.mark.parametrize("method", ["percent", None])
def test_of_a_task_that_runs_nobody_knows_without_a_statement(method):
    assert share(**RUNNING, method=method) is None
    assert share(status="review", method=method) is None


def test_of_a_task_that_runs_nobody_knows_without_its_steps():
    assert share(**RUNNING, method="weighted_milestones") is None
