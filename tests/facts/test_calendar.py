"""Days and working days."""

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from aipm_site.facts.calendar import WorkingCalendar, calendar_of, day_of
from aipm_site.records.charter import Charter

WEEKDAYS = WorkingCalendar()
JUNETEENTH = date(2026, 6, 19)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def charter(**fields):
    return Charter.model_validate({"id": "PRJ-1", "title": "Any", **fields})


def test_a_moment_lies_on_the_day_of_the_projects_time_zone():
    # domain.md A23: 23:30 in Chicago is 04:30 UTC of the next day
    moment = datetime.fromisoformat("2026-04-16T04:30:00+00:00")

    assert day_of(moment, "America/Chicago") == date(2026, 4, 15)
    assert day_of(moment, "UTC") == date(2026, 4, 16)
    assert day_of(date(2026, 4, 16), "America/Chicago") == date(2026, 4, 16)


def test_from_15_to_29_june_2026_are_10_working_days():
    # domain.md T-22
    assert WEEKDAYS.between(date(2026, 6, 15), date(2026, 6, 29)) == 10


def test_a_holiday_on_a_workday_takes_one_day_off():
    # domain.md T-22: 9 if Juneteenth, a Friday, is a holiday
    calendar = WorkingCalendar(holidays=frozenset({JUNETEENTH}))

    assert calendar.between(date(2026, 6, 15), date(2026, 6, 29)) == 9


def test_a_holiday_on_a_weekend_takes_nothing_off():
    calendar = WorkingCalendar(holidays=frozenset({date(2026, 6, 20)}))

    assert calendar.between(date(2026, 6, 15), date(2026, 6, 29)) == 10


def test_a_project_with_other_days_off_counts_by_them():
    # Sunday to Thursday are worked in parts of the world: 15 to 29 June 2026 without two Fridays and two Saturdays.
    calendar = calendar_of(charter(working_days={"weekend": ["fri", "sat"], "holidays": []}))

    assert calendar.between(date(2026, 6, 15), date(2026, 6, 29)) == 10
    assert calendar.is_worked(date(2026, 6, 21))
    assert not calendar.is_worked(JUNETEENTH)


def test_without_a_calendar_days_are_called_weekdays():
    assert calendar_of(charter()).words == ("weekday", "weekdays")
    assert calendar_of(charter(working_days={})).words == ("working day", "working days")


def test_a_sprint_of_two_weeks_has_10_working_days():
    # domain.md 1.2.1: SPR-08 runs from 8 to 21 April 2026, 10 working days
    assert WEEKDAYS.within(date(2026, 4, 8), date(2026, 4, 21)) == 10


def test_a_span_that_ends_before_it_starts_has_no_days():
    assert WEEKDAYS.within(date(2026, 4, 21), date(2026, 4, 8)) == 0


@given(DAYS, DAYS, st.frozensets(DAYS, max_size=8), st.frozensets(st.integers(0, 6), max_size=7))
def test_the_count_is_that_of_going_day_by_day(start, end, holidays, weekend):
    calendar = WorkingCalendar(weekend, holidays)
    first, last = min(start, end), max(start, end)

    days = (date.fromordinal(n) for n in range(first.toordinal() + 1, last.toordinal() + 1))
    one_by_one = sum(calendar.is_worked(day) for day in days)

    assert calendar.between(first, last) == one_by_one
    assert calendar.between(last, first) == -one_by_one
