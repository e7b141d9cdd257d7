"""A record speaks for a limited time; an age equal to the limit is still within it."""

from datetime import date

import pytest

from aipm_site.facts.freshness import freshness, freshness_of, last_true, limit_of, open_records_freshness
from tests.facts.builders import TODAY, decision, issue, milestone, observation, project_of, risk

DAY = date(2026, 4, 15)


@pytest.mark.parametrize(
    ("since", "state"),
    [
        # 80 % of 7 days are 5.6.
        ("2026-04-15", "fresh"),
        ("2026-04-10", "fresh"),
        ("2026-04-09", "due"),
        # domain 4.4, sample C: "Last reported 8 April 2026 (7 days; limit 7): due today".
        ("2026-04-08", "due"),
        ("2026-04-07", "stale"),
    ],
)
def test_a_record_grows_from_fresh_over_due_to_stale(since, state):
    assert freshness(date.fromisoformat(since), DAY, 7).state == state


def test_an_age_is_counted_in_calendar_days():
    # domain 1.2.2, A20: not reported since 28 February 2026 (46 days; limit 31).
    age = freshness(date(2026, 2, 28), DAY, 31)

    assert (age.age_days, age.state, age.is_current) == (46, "stale", False)


def test_without_any_date_nobody_can_tell_so_it_does_not_speak():
    age = freshness(None, DAY, 30)

    assert (age.state, age.is_current) == ("not_reported", False)


def test_a_record_without_limit_speaks_for_ever():
    assert freshness(None, DAY, None).is_current
    assert freshness(date(2001, 1, 1), DAY, None).state == "fresh"


def test_the_day_is_as_of_else_reviewed_on_else_updated():
    days = {"as_of": "2026-04-01", "reviewed_on": "2026-04-02", "updated": "2026-04-03"}

    assert last_true(risk(**days), TODAY) == date(2026, 4, 1)
    assert last_true(risk(**days | {"as_of": None}), TODAY) == date(2026, 4, 2)
    assert last_true(risk(**days | {"as_of": None, "reviewed_on": None}), TODAY) == date(2026, 4, 3)
    assert last_true(risk(), TODAY) is None


def test_a_review_after_the_day_is_known_to_have_come_later():
    later = risk("RSK-002", reviewed_on="2026-05-01", updated="2026-04-20")
    project = project_of(risk("RSK-001"), later, risk("RSK-003", reviewed_on="2026-04-14", updated="2026-04-20"))

    ages = open_records_freshness(project, TODAY)

    # Of the days after 15 April the first: 20 April.
    assert [age.later for age in ages.values()] == [None, date(2026, 4, 20), None]
    assert [age.state for age in ages.values()] == ["not_reported", "not_reported", "fresh"]


def test_a_review_that_lies_ahead_has_not_refreshed_anything():
    assert last_true(risk(reviewed_on="2026-05-01", updated="2026-01-01"), TODAY) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("record", "days"),
    [
        # domain 2.0: RSK 30 d (score 15 and more: 14 d), ISS severity 1 1 d, others 7 d, MS 14 d.
        (risk(probability="2", impact="2"), 30),
        (risk(probability="3", impact="5"), 14),
        (issue(severity="2"), 7),
        (issue(severity="1"), 1),
        (milestone(), 14),
        (decision(), None),
    ],
)
def test_each_kind_has_its_limit_and_what_is_urgent_a_shorter_one(record, days):
    assert limit_of(project_of(record), record) == days


def test_a_project_sets_its_own_limits():
    mild, grave = risk(probability="2", impact="2"), risk("RSK-002", probability="5", impact="5")
    project = project_of(mild, grave, freshness={"risk": "60"})

    assert (limit_of(project, mild), limit_of(project, grave)) == (60, 14)


def test_freshness_is_told_of_open_records_that_age():
    records = (
        risk("RSK-001", reviewed_on="2026-04-01"),
        risk("RSK-002", status="closed", closed="2026-04-01", close_reason="done"),
        decision(),
        observation(successes=1, n=2),
    )
    project = project_of(*records)

    assert set(open_records_freshness(project, TODAY)) == {"RSK-001"}
    assert freshness_of(project, records[0], TODAY).age_days == 14
