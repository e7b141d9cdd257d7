"""Earned schedule by published examples: how many months of the plan are done."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from aipm_site.facts.curve import curve_of_amounts
from aipm_site.facts.earned_schedule import EarnedSchedule, earned_months, earned_schedule, planned_duration
from aipm_site.facts.earned_value import EarnedValue
from aipm_site.facts.numbers import rounded
from aipm_site.records.period import period_named
from tests.facts.builders import as_of
from tests.facts.money_builders import (
    CURVE,
    baseline,
    budget_line,
    by_month,
    costs,
    ledger_of,
    months,
    readmission_watch,
)


def plan(*amounts, first="2026-01"):
    periods = map(period_named, months(first, len(amounts)))
    return curve_of_amounts(zip(periods, amounts, strict=True))


def schedule(curve, earned, elapsed):
    return EarnedSchedule(earned_months(curve, Fraction(earned)), elapsed, planned_duration(curve))


def test_seven_months_gone_and_five_earned():
    # Lipke, earned schedule slides, by domain 3.2: SV(t) −2 months, SPI(t) 0.714.
    found = schedule(plan(*[10] * 10), 50, 7)

    assert (found.earned, found.variance, rounded(found.index, 3)) == (5, -2, Fraction(714, 1000))


def test_a_project_of_ten_months_after_two():
    # pmhut.com, by domain 3.2: 10 million in ten even months, 0.5 million earned after two: 40 months in all.
    found = schedule(plan(*[1_000_000] * 10), 500_000, 2)

    assert (found.earned, found.index, found.duration) == (Fraction(1, 2), Fraction(1, 4), 40)


def test_readmission_watch():
    # domain 1.2.2, A13: 4 + 84/120 = 4.70 months at 5; SV(t) −0.30; SPI(t) 0.94; IEAC(t) 12.77 months.
    found = earned_schedule(ledger_of(*readmission_watch()))

    assert (found.earned, found.elapsed, found.planned) == (Fraction(470, 100), 5, 12)
    assert (found.variance, found.index, rounded(found.duration, 2)) == (
        Fraction(-30, 100),
        Fraction(94, 100),
        Fraction(1277, 100),
    )


def test_a_late_project_is_late_at_its_end_and_ages_no_more():
    # MPUG, by domain 3.1: planned for ten months, finished in month twelve: SPI 1, SPI(t) 0.833.
    late = budget_line(planned=by_month("2025-01", [100] * 10), earned=by_month("2025-01", [80] * 11 + [120, 0]))

    ledger = ledger_of(late, *costs("2025-01", [100] * 13), as_of=as_of("2026-02-10"))

    found = earned_schedule(ledger)
    assert (ledger.at(ledger.cut_off).spi, found.elapsed, rounded(found.index, 3)) == (1, 12, Fraction(833, 1000))


def test_nothing_earned_is_no_months_and_no_forecast():
    found = schedule(plan(10, 10), 0, 1)

    assert (found.earned, found.index) == (0, 0)
    assert found.duration == "not yet measurable: nothing is earned yet"


def test_where_the_curve_is_flat_its_last_day_counts():
    # domain 3.2: flat PV segment, use the last C. In February nothing is planned.
    assert earned_months(plan(10, 0, 10), Fraction(10)) == 2
    assert earned_months(plan(10, 0, 10), Fraction(15)) == Fraction(5, 2)


def test_a_flat_end_is_not_planned_work():
    assert planned_duration(plan(10, 10, 0)) == 2
    assert earned_months(plan(10, 10, 0), Fraction(20)) == 2


def test_a_curve_of_quarters_is_read_in_months():
    # By hand: 90 planned in each quarter; 45 earned are half of the first: 1.5 months; 135 are 4.5 months.
    quarters = curve_of_amounts((period_named(name), 90) for name in ("2026-Q1", "2026-Q2"))

    assert [earned_months(quarters, Fraction(earned)) for earned in (45, 135, 180)] == [
        Fraction(3, 2),
        Fraction(9, 2),
        6,
    ]


def test_the_curve_of_the_baseline_that_holds_goes_before_the_budget():
    promised = baseline(planned_value=by_month("2025-11", [k * 1000 for k in CURVE]))
    lump = budget_line(planned=({"period": "2026", "amount": "1200000"},), earned=by_month("2026-01", [100_000] * 3))

    found = earned_schedule(ledger_of(promised, lump, *costs("2026-01", [1] * 3)))

    # By hand: 300,000 lies half way between 240,000 after three months and 360,000 after four.
    assert found.earned == Fraction(7, 2)


@given(st.lists(st.integers(min_value=0, max_value=1000), min_size=1, max_size=24))
def test_when_all_is_earned_the_schedule_is_the_planned_duration(amounts):
    curve = plan(*amounts)

    assert earned_months(curve, curve.total) == (planned_duration(curve) if curve.total else 0)


@given(st.lists(st.integers(min_value=1, max_value=1000), min_size=2, max_size=24), st.integers(1, 12))
def test_late_at_the_end_is_seen_in_time_and_not_in_money(amounts, late):
    curve, planned = plan(*amounts), len(amounts)
    total = curve.total

    assert EarnedValue(total, total, total, total).spi == 1
    assert schedule(curve, total, planned + late).index == Fraction(planned, planned + late) < 1


@given(
    st.lists(st.integers(min_value=0, max_value=1000), min_size=1, max_size=12),
    st.fractions(min_value=0, max_value=1),
    st.fractions(min_value=0, max_value=1),
)
def test_who_earns_more_is_not_less_far(amounts, one, other):
    curve = plan(*amounts)
    less, more = sorted((one * curve.total, other * curve.total))

    assert 0 <= earned_months(curve, less) <= earned_months(curve, more) <= len(amounts)
