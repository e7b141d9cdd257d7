"""Cash flows: payback, return and present value are those of the textbook, exactly."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_site.facts.cash_flow import CashFlow, discount_factor, later_by, months_after

# domain 1.2.2, the CFO's table at 6 hospitals.
SIX_HOSPITALS = CashFlow(Fraction(3_888_000), Fraction(1_440_000), Fraction(1_080_000))

money = st.integers(0, 10**9).map(Fraction)
steps = st.dictionaries(st.integers(0, 48), st.fractions(0, 1), max_size=4)
flows = st.builds(CashFlow, money, money, money, steps.map(lambda ramp: tuple(sorted(ramp.items()))))


@pytest.mark.parametrize(
    ("years", "factor"), [(1, "0.9662"), (2, "0.9335"), (3, "0.9019"), (4, "0.8714"), (5, "0.8420")]
)
def test_the_factors_of_the_green_book(years, factor):
    # HM Treasury, The Green Book: 3.5 % real (domain 3.9).
    assert f"{float(discount_factor(Fraction(35, 1000), years)):.4f}" == factor


def test_the_example_of_the_worked_day():
    assert SIX_HOSPITALS.run_rate == 2_448_000
    # 1,080,000 ÷ (2,448,000 ÷ 12) = 5.294…; (3,888,000 − 2,520,000) ÷ 2,520,000 = 0.5428….
    assert SIX_HOSPITALS.payback() == Fraction(1_080_000 * 12, 2_448_000)
    assert SIX_HOSPITALS.roi(12) == Fraction(1_368_000, 2_520_000)
    # 2,448,000 × (1/1.08 + 1/1.1664 + 1/1.259712) − 1,080,000, by hand; the table rounds it.
    assert round(SIX_HOSPITALS.npv(Fraction(8, 100), 36)) == 5_228_733
    assert SIX_HOSPITALS.net_between(0, 3) - SIX_HOSPITALS.one_off == -468_000


def test_a_part_of_a_year_counts_at_the_end_of_its_year():
    flow = CashFlow(Fraction(1200), Fraction(0))

    # By hand at 10 %: 1200 ÷ 1.1 for the first year, 600 ÷ 1.21 for the half year after it.
    assert flow.npv(Fraction(1, 10), 18) == Fraction(1200 * 10, 11) + Fraction(600 * 100, 121)


def test_a_ramp_delays_the_benefit_and_not_the_running_cost():
    flow = CashFlow(Fraction(1200), Fraction(240), Fraction(100), ((2, Fraction(1, 2)), (4, Fraction(1))))

    # 100 a month: none in months 0 and 1, half in 2 and 3, all from 4 on.
    assert [flow.gross_between(month, month + 1) for month in range(6)] == [0, 0, 50, 50, 100, 100]
    assert flow.running_between(0, 6) == 120
    assert flow.gross_between(Fraction(3, 2), Fraction(5, 2)) == 25


def test_payback_with_a_ramp_is_read_off_the_running_sum():
    flow = CashFlow(Fraction(1200), Fraction(240), Fraction(100), ((2, Fraction(1, 2)), (4, Fraction(1))))

    # After 0, 2, 4 months: −100, −140, −80; then +80 a month: one month more.
    assert flow.payback() == 5


def test_what_falls_below_zero_once_more_is_not_paid_back_before_that():
    flow = CashFlow(Fraction(1200), Fraction(600), Fraction(0), ((0, Fraction(0)), (6, Fraction(1))))

    # Nothing is owed at the start, −300 after six months, then +50 a month.
    assert flow.payback() == 12


@pytest.mark.parametrize(
    ("flow", "months"),
    [
        (CashFlow(Fraction(100), Fraction(200), Fraction(10)), None),
        (CashFlow(Fraction(100), Fraction(100), Fraction(10)), None),
        (CashFlow(Fraction(100), Fraction(100)), 0),
        (CashFlow(Fraction(100), Fraction(20)), 0),
    ],
)
def test_what_never_covers_its_cost_never_pays_back(flow, months):
    assert flow.payback() == months


def test_without_a_cost_there_is_no_return_on_it():
    assert CashFlow(Fraction(100), Fraction(0)).roi(12) is None


@given(flows, st.integers(1, 120))
def test_at_a_rate_of_zero_the_present_value_is_the_sum(flow, months):
    assert flow.npv(Fraction(0), months) == flow.net_between(0, months) - flow.one_off


@given(flows, st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_spans_add_up(flow, first, second, third):
    start, middle, end = sorted((first, second, third))

    assert flow.net_between(start, middle) + flow.net_between(middle, end) == flow.net_between(start, end)


@given(flows)
def test_after_payback_the_sum_is_never_below_zero_and_just_before_it_is(flow):
    months = flow.payback()
    if months is None:
        return

    def owed(at):
        return flow.one_off - flow.net_between(0, at)

    assert all(owed(at) <= 0 for at in (months, months + 1, months + 17, months + 500))
    if months:
        assert owed(months - min(months, Fraction(1, 1000))) > 0


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 600))
def test_a_day_some_months_later_lies_that_many_months_after(start, months):
    assert months_after(start, later_by(start, months)) == months


def test_the_days_of_a_month_that_is_not_over_are_parts_of_it():
    # 30 September to 30 December is three months, and two of the 31 days to 30 January follow.
    assert months_after(date(2026, 9, 30), date(2027, 1, 1)) == 3 + Fraction(2, 31)
    assert months_after(date(2026, 10, 1), date(2027, 1, 1)) == 3
    assert months_after(date(2026, 10, 1), date(2026, 1, 1)) == 0
    # The last day of a shorter month stands for the day that it has not.
    assert months_after(date(2026, 1, 31), date(2026, 2, 28)) == 1
