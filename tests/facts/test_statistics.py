"""Tests and intervals against published and hand-checked numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_site.facts.statistics import (
    clopper_pearson,
    mcnemar,
    mean,
    newcombe,
    paired_interval,
    standard_deviation,
    two_proportion_z,
    wilson,
)


def percentage_points(interval):
    return round(float(interval.low) * 100, 2), round(float(interval.high) * 100, 2)


def test_mcnemar_of_the_published_table():
    # domain.md 3.10: n11 8,740, n10 300, n01 220, n00 740
    test = mcnemar(300, 220)

    assert float(test.chi2) == pytest.approx(12.308, abs=5e-4)
    assert test.p_chi2 == pytest.approx(0.00045, abs=5e-6)
    assert float(test.chi2_corrected) == pytest.approx(12.002, abs=5e-4)
    assert test.p_corrected == pytest.approx(0.00053, abs=5e-6)
    assert test.p_exact == pytest.approx(0.00052, abs=5e-6)


def test_mcnemar_of_the_candidate_a2():
    # domain.md 1.2.2 A2: b 430, c 330
    test = mcnemar(430, 330)

    assert test.chi2 == Fraction(100**2, 760)
    assert float(test.chi2) == pytest.approx(13.158, abs=5e-4)
    assert test.p == pytest.approx(0.00029, abs=5e-6)
    assert float(test.chi2_corrected) == pytest.approx(12.896, abs=5e-4)
    assert test.p_corrected == pytest.approx(0.00033, abs=5e-6)
    assert test.p_exact == pytest.approx(0.00032, abs=5e-6)


def test_the_paired_interval_of_the_candidate_a2():
    # domain.md 1.2.2 A2: −1.54 to −0.46 percentage points
    assert percentage_points(paired_interval(430, 330, 10_000)) == (-1.54, -0.46)


@pytest.mark.parametrize(
    ("n", "p"),
    # domain.md A3 and 3.10: 87.4 % against 86.4 %
    [(1_000, "0.51"), (2_000, "0.35"), (5_000, "0.14"), (10_000, "0.036"), (20_000, "0.003")],
)
def test_the_unpaired_test_depends_on_the_sample_size(n, p):
    test = two_proportion_z(n * 864 // 1000, n, n * 874 // 1000, n)

    assert round(test.p, len(p) - 2) == float(p)
    assert test.z < 0


def test_newcombes_interval_of_the_same_shares():
    # domain.md 3.10: n 10,000, −1.94 to −0.06
    assert percentage_points(newcombe(8_640, 10_000, 8_740, 10_000)) == (-1.94, -0.06)
    assert newcombe(8_640, 10_000, 8_740, 10_000).excludes(0)
    assert not newcombe(1_728, 2_000, 1_748, 2_000).excludes(0)


def test_click_through_with_and_without_the_prototype():
    # domain.md 4.4 sample B: 890 and 820 of 20,000; z 1.73, p 0.084, −0.05 to +0.75
    test = two_proportion_z(890, 20_000, 820, 20_000)

    assert round(float(test.z), 2) == 1.73
    assert round(test.p, 3) == 0.084
    assert percentage_points(newcombe(890, 20_000, 820, 20_000)) == (-0.05, 0.75)


def test_newcombes_own_example():
    # Newcombe 1998, Statistics in Medicine 17:873-890, table II: 56/70 and 48/80, method 10: 0.0524 to 0.3339
    interval = newcombe(56, 70, 48, 80)

    assert (round(float(interval.low), 4), round(float(interval.high), 4)) == (0.0524, 0.3339)


def test_wilsons_interval():
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I: 81/263, method 3: 0.2553 to 0.3662; 0/20: 0 to 0.1611
    interval, none = wilson(81, 263), wilson(0, 20)

    assert (round(float(interval.low), 4), round(float(interval.high), 4)) == (0.2553, 0.3662)
    assert (round(float(none.low), 4), round(float(none.high), 4)) == (0.0, 0.1611)


def test_the_exact_interval_of_a_share():
    # Newcombe 1998, table I, method 5 (Clopper-Pearson): 15/148 is 0.0578 to 0.1617, 0/20 is 0 to 0.1684
    low, high = clopper_pearson(15, 148)
    none = clopper_pearson(0, 20)

    assert (round(float(low), 4), round(float(high), 4)) == (0.0578, 0.1617)
    assert (none[0], round(float(none[1]), 4)) == (0, 0.1684)


@pytest.mark.parametrize(("b", "c"), [(5, 0), (6, 0), (10, 2), (9, 3), (12, 12), (0, 0), (0, 24)])
def test_with_few_discordant_pairs_interval_and_exact_test_say_the_same(b, c):
    assert paired_interval(b, c, 1_000).excludes(0) == (mcnemar(b, c).p < 0.05)


def test_few_discordant_pairs_are_tested_exactly():
    # by hand: 2 × (1/2)^5 = 0.0625; chi squared would say 0.025
    assert mcnemar(5, 0).p == 0.0625


def test_without_discordant_pairs_nothing_speaks_for_a_difference():
    assert (mcnemar(0, 0).chi2, mcnemar(0, 0).p) == (0, 1.0)


def test_equal_extremes_are_no_difference():
    assert two_proportion_z(10, 10, 20, 20).p == 1.0
    assert not newcombe(10, 10, 20, 20).excludes(0)


@given(st.data(), st.integers(1, 3_000), st.integers(1, 3_000))
def test_an_interval_holds_the_difference_and_an_unpaired_one_stays_between_minus_one_and_one(data, n_1, n_2):
    x_1, x_2 = data.draw(st.integers(0, n_1)), data.draw(st.integers(0, n_2))

    interval = newcombe(x_1, n_1, x_2, n_2)

    difference = Fraction(x_1, n_1) - Fraction(x_2, n_2)
    assert -1.000001 <= interval.low <= float(difference) + 1e-9
    assert float(difference) - 1e-9 <= interval.high <= 1.000001


@given(st.data(), st.integers(1, 3_000))
def test_swapping_the_versions_turns_the_paired_interval_round(data, n):
    b = data.draw(st.integers(0, n))
    c = data.draw(st.integers(0, n - b))

    forth, back = paired_interval(b, c, n), paired_interval(c, b, n)

    assert float(forth.low) == pytest.approx(-float(back.high), abs=1e-9)
    assert mcnemar(b, c).chi2 == mcnemar(c, b).chi2
    assert 0 <= mcnemar(b, c).p <= 1


def test_mean_and_deviation_of_the_velocity_history():
    # domain.md 1.2.1 and 3.4: mean 29.1, sd 2.4
    history = [28, 31, 26, 30, 33, 27, 29]

    assert mean(history) == Fraction(204, 7)
    assert round(standard_deviation(history), 1) == Decimal("2.4")
    assert standard_deviation([28]) is None
