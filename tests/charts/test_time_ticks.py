"""Ticks of a time axis: few enough, on days that people name."""

from datetime import date

import pytest

from aipm_site.charts.time_ticks import time_ticks


def ticks(first: str, last: str, most: int) -> list[tuple[str, str]]:
    return [
        (d.isoformat(), label) for d, label in time_ticks(date.fromisoformat(first), date.fromisoformat(last), most)
    ]


def test_days_follow_each_other_where_there_are_few():
    assert ticks("2026-04-14", "2026-04-16", 4) == [
        ("2026-04-14", "14 Apr"),
        ("2026-04-15", "15 Apr"),
        ("2026-04-16", "16 Apr"),
    ]


def test_weeks_begin_on_mondays():
    # 6 April 2026 was a Monday.
    assert [day for day, _ in ticks("2026-04-01", "2026-04-25", 4)] == ["2026-04-06", "2026-04-13", "2026-04-20"]


def test_months_name_the_year_where_it_begins_and_where_the_axis_begins():
    assert [label for _, label in ticks("2025-11-02", "2026-03-15", 5)] == ["Dec 2025", "Jan 2026", "Feb", "Mar"]
    assert ticks("2025-11-01", "2026-03-15", 5)[0] == ("2025-11-01", "Nov 2025")


def test_quarters_begin_in_january_april_july_and_october():
    assert [label for _, label in ticks("2025-08-20", "2026-07-10", 5)] == ["Oct 2025", "Jan 2026", "Apr", "Jul"]


def test_of_many_years_only_years_are_named():
    assert [label for _, label in ticks("2021-04-15", "2026-04-15", 6)] == ["2022", "2023", "2024", "2025", "2026"]


@pytest.mark.parametrize(
    "last", ["2026-01-02", "2026-02-01", "2026-05-05", "2027-03-31", "2031-01-01", "2126-01-01", "9999-12-31"]
)
@pytest.mark.parametrize("most", [4, 7, 8])
def test_there_are_some_and_never_too_many(last, most):
    found = ticks("2026-01-01", last, most)

    assert 1 <= len(found) <= most
    assert all("2026-01-01" <= day <= last for day, _ in found)
