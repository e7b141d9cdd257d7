"""Earned value by published examples: each measure is exact, and says why where it is none."""

from fractions import Fraction

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aipm_site.facts.earned_value import EarnedValue
from aipm_site.facts.numbers import rounded
from tests.shared_data import shared_data


def of(bac, pv, ev, ac):
    return EarnedValue(Fraction(bac), Fraction(pv), Fraction(ev), Fraction(ac))


def test_a_project_of_ten_months_after_two():
    # pmhut.com, by domain 3.1: 10 million in ten even months; after two, 5 % done and 1 million spent.
    values = of(10_000_000, 2_000_000, 500_000, 1_000_000)

    assert (values.cv, values.cv_share) == (-500_000, -1)
    assert (values.sv, values.sv_share) == (-1_500_000, Fraction(-75, 100))
    assert (values.cpi, values.spi) == (Fraction(1, 2), Fraction(1, 4))
    assert (values.eac, values.etc) == (20_000_000, 19_000_000)
    assert (values.eac_atypical, values.eac_composite) == (10_500_000, 77_000_000)
    assert rounded(values.tcpi_bac, 3) == Fraction(1056, 1000)


def test_a_project_that_is_half_way():
    # UT Dallas, project management slides, by domain 3.1: BAC 100,000, half done, PV 55,000, AC 45,000.
    values = of(100_000, 55_000, 50_000, 45_000)

    assert (rounded(values.spi, 3), rounded(values.cpi, 3)) == (Fraction(909, 1000), Fraction(1111, 1000))
    assert values.eac == 90_000


def test_an_examination_question_on_the_estimate_at_completion():
    # ceboardexamgenerator, by domain 3.1: BAC 5 million, EV 1.5 million, AC 1.8 million.
    values = of(5_000_000, 1_500_000, 1_500_000, 1_800_000)

    assert rounded(values.cpi, 3) == Fraction(833, 1000)
    assert values.eac == 6_000_000


def test_an_examination_question_on_the_performance_that_the_rest_needs():
    # ceboardexamgenerator, by domain 3.1: EV 3 million, AC 3.5 million, TCPI 1.077, which implies BAC 10 million.
    assert rounded(of(10_000_000, 3_000_000, 3_000_000, 3_500_000).tcpi_bac, 3) == Fraction(1077, 1000)


def test_at_the_end_of_a_late_project_the_schedule_index_of_money_is_one():
    # MPUG, by domain 3.1: ten modules of 100,000, planned for ten months, finished in month twelve at 1.3 million.
    values = of(1_000_000, 1_000_000, 1_000_000, 1_300_000)

    assert (values.sv, values.spi) == (0, 1)
    assert rounded(values.cpi, 3) == Fraction(769, 1000)


def test_readmission_watch():
    # domain 1.2.2, A12: PV 480,000, EV 444,000, AC 472,000, BAC 1,200,000 at 31 March 2026.
    values = of(1_200_000, 480_000, 444_000, 472_000)

    assert (values.sv, values.cv) == (-36_000, -28_000)
    assert (values.spi, rounded(values.cpi, 3)) == (Fraction(925, 1000), Fraction(941, 1000))
    assert [rounded(value) for value in (values.eac, values.etc, values.vac)] == [1_275_676, 803_676, -75_676]
    assert rounded(values.vac_share, 3) == Fraction(-63, 1000)
    assert rounded(values.tcpi_bac, 3) == Fraction(1038, 1000)


def test_a_worked_example_from_a_package_on_project_risk():
    # shared/data/evm/evm-example-1.yaml names its source: R package PRA after Damnjanovic and Reinschmidt, 2020.
    data = yaml.safe_load((shared_data("evm") / "evm-example-1.yaml").read_text(encoding="utf-8"))
    period, bac = data["status_period"], data["bac"]
    shares = [Fraction(str(share)) for share in data["schedule_fraction_by_period"]]
    spent = data["actual_cost_cumulative"][period - 1]
    wanted = data["expected"]

    values = of(bac, bac * shares[period - 1], bac * Fraction(str(data["percent_complete"])), spent)

    assert (values.pv, values.ev, values.ac) == (wanted["pv"], wanted["ev"], wanted["ac"])
    assert (values.sv, values.cv, float(values.spi)) == (wanted["sv"], wanted["cv"], wanted["spi"])
    assert float(rounded(values.cpi, 7)) == wanted["cpi"]
    typical, atypical = data["eac"]
    by_index = EarnedValue(Fraction(typical["bac"]), "", Fraction(str(typical["cpi"])), Fraction(1))
    assert by_index.eac == typical["eac"]
    assert of(atypical["bac"], 1, atypical["ev"], atypical["ac"]).eac_atypical == atypical["eac"]


def test_estimates_at_completion_are_a_range():
    # pmhut.com as above: 10.5 million if the variances do not come again, 77 million under pressure of both.
    assert of(10_000_000, 2_000_000, 500_000, 1_000_000).eac_range == (10_500_000, 77_000_000)


@pytest.mark.parametrize(
    ("values", "unknown"),
    [
        (of(100, 0, 10, 10), {"spi", "sv_share", "eac_composite"}),
        (of(100, 10, 10, 0), {"cpi", "eac", "etc", "vac", "eac_composite"}),
        (of(100, 10, 10, -5), {"cpi", "eac"}),
        (of(100, 10, 0, 10), {"eac", "eac_composite", "cv_share", "tcpi_eac"}),
        (of(100, 60, 50, 100), {"tcpi_bac"}),
        (of(100, 60, 50, 120), {"tcpi_bac"}),
    ],
)
def test_what_would_be_divided_by_nothing_says_why_it_is_not_known(values, unknown):
    assert all(isinstance(getattr(values, name), str) and getattr(values, name) for name in unknown)


def test_nothing_is_earned_is_a_measure_of_zero_and_no_estimate():
    values = of(100, 10, 0, 10)

    assert (values.spi, values.cpi, values.eac_atypical) == (0, 0, 110)


def test_the_budget_is_exhausted_at_the_last_cent_while_work_is_left():
    assert of(100, 60, 50, 100).is_exhausted
    assert of(100, 60, 50, 100).tcpi_bac == "the budget is exhausted"
    assert not of(100, 60, 50, 99).is_exhausted
    assert not of(100, 100, 100, 100).is_exhausted


def test_a_reason_goes_on_to_everything_that_needs_the_sum():
    values = EarnedValue(Fraction(100), Fraction(50), "nobody says", Fraction(40))

    assert {values.sv, values.cv, values.spi, values.cpi, values.eac, values.vac, values.tcpi_bac} == {"nobody says"}
    assert values.ac == 40


def test_less_than_fifteen_percent_is_early():
    # PMI on DoD programmes, by domain 3.1: cumulative CPI is stable from 15 % complete on.
    assert of(100, 20, Fraction("14.9"), 20).is_early
    assert not of(100, 20, 15, 20).is_early


AMOUNTS = st.fractions(min_value=Fraction(1, 100), max_value=10**7, max_denominator=100)


@given(bac=AMOUNTS, pv=AMOUNTS, ev=AMOUNTS, ac=AMOUNTS)
def test_the_estimate_by_cpi_keeps_what_cpi_says(bac, pv, ev, ac):
    values = EarnedValue(bac, pv, ev, ac)

    assert values.vac_share == values.cv_share == 1 - 1 / values.cpi
    if ev < bac:
        assert values.tcpi_eac == values.cpi


@given(bac=AMOUNTS, ac=AMOUNTS)
def test_when_all_is_earned_the_estimate_is_the_cost(bac, ac):
    values = EarnedValue(bac, bac, bac, ac)

    assert values.eac == values.eac_atypical == values.eac_composite == ac
    assert (values.etc, values.spi, values.complete) == (0, 1, 1)
