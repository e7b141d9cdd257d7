"""Fiscal years bear the number of the calendar year in which they end."""

from datetime import date

import pytest

from aipm_site.facts.fiscal_year import fiscal_year_of, fiscal_years


@pytest.mark.parametrize(
    ("day", "first_month", "name", "start"),
    [
        # domain 5, T-23: labelled by the end year. The US government's begins in October.
        ("2026-04-15", 1, "FY2026", "2026-01-01"),
        ("2026-09-30", 10, "FY2026", "2025-10-01"),
        ("2026-10-01", 10, "FY2027", "2026-10-01"),
        ("2026-03-31", 4, "FY2026", "2025-04-01"),
        ("2026-12-31", 1, "FY2026", "2026-01-01"),
    ],
)
def test_a_day_belongs_to_the_year_that_ends_next(day, first_month, name, start):
    year = fiscal_year_of(date.fromisoformat(day), first_month)

    assert (year.name, year.start) == (name, date.fromisoformat(start))
    assert year.end == year.start.replace(year=year.start.year + 1)


def test_years_follow_each_other_from_the_first_day_to_the_last():
    years = list(fiscal_years(date(2026, 10, 1), date(2029, 9, 30), 1))

    assert [year.text for year in years] == ["fiscal 2026", "fiscal 2027", "fiscal 2028", "fiscal 2029"]
    assert list(fiscal_years(date(2026, 10, 1), date(2026, 9, 30), 1)) == []
