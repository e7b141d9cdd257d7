"""Text forms of numbers; the wanted forms are those of domain.md 4.3 and 4.4."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_site.facts import numbers


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        # domain.md T-13: binary floats and half-to-even would give 2.67 and 2
        (Decimal("2.675"), 2, "2.68"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-2.5"), 0, "−3"),
        (Decimal("-0.04"), 1, "0.0"),
        (Fraction(-1, 1000), 0, "0"),
        (Fraction(204, 7), 1, "29.1"),
        (1234567, 0, "1,234,567"),
        (Decimal("-1234.5"), 1, "−1,234.5"),
        (10**30 + 1, 0, "1" + ",000" * 9 + ",001"),
        (Decimal("0.05"), 1, "0.1"),
        (Decimal("7.005"), 3, "7.005"),
        (Decimal("1E+3"), 0, "1,000"),
    ],
)
def test_numbers_are_rounded_half_away_from_zero_and_never_minus_zero(value, decimals, text):
    assert numbers.fixed(value, decimals) == text


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=6), st.integers(0, 6))
def test_rounding_is_that_of_decimal_half_up(value, decimals):
    # ROUND_HALF_UP of the decimal module is "half away from zero"
    expected = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)

    assert numbers.rounded(value, decimals) == Fraction(expected)


def test_only_signed_numbers_above_zero_have_a_plus():
    assert numbers.fixed(Decimal("0.06"), 2, signed=True) == "+0.06"
    assert numbers.fixed(Decimal("0.001"), 2, signed=True) == "0.00"
    assert numbers.fixed(Decimal("-0.06"), 2, signed=True) == "−0.06"


def test_a_share_is_written_as_percent_with_a_space_that_does_not_break():
    assert numbers.percent(Fraction(8740, 10000)) == "87.4\u00a0%"
    assert numbers.percent(Decimal("1.31"), 0) == "131\u00a0%"


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (Fraction(1, 100), "1.0 percentage point"),
        (Fraction(-1, 100), "−1.0 percentage point"),
        (Fraction(35, 10000), "0.4 percentage points"),
        (Fraction(104, 10000), "1.0 percentage point"),
        (Fraction(0), "0.0 percentage points"),
    ],
)
def test_a_difference_of_shares_is_written_in_percentage_points(difference, text):
    assert plain(numbers.points(difference)) == text


def test_the_short_form_of_points_carries_its_sign():
    # domain.md A4
    assert plain(numbers.points_short(Fraction(-84, 1000))) == "−8.4 pp"
    assert plain(numbers.points_short(Fraction(5, 8750), 2)) == "+0.06 pp"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        # domain.md 1.2.2 A12, A18 and the table of the CFO
        (1275676, "USD 1.28 million"),
        (Decimal("2448000"), "USD 2.45 million"),
        (1080000, "USD 1.08 million"),
        (1200000, "USD 1.20 million"),
        (-108000, "USD −108,000"),
        (-75676, "USD −75,700"),
        (999600, "USD 1.00 million"),
        (12345678, "USD 12.3 million"),
        (123456789, "USD 123 million"),
        (5228733000, "USD 5.23 billion"),
        (Decimal("12.34"), "USD 12.34"),
        (Decimal("412.5"), "USD 413"),
        (0, "USD 0"),
    ],
)
def test_money_in_prose_has_three_significant_figures(amount, text):
    assert plain(numbers.money(amount, "USD")) == text


def test_money_in_tables_is_exact():
    assert plain(numbers.money_exact(Decimal("1275676"), "USD")) == "USD 1,275,676"
    assert plain(numbers.money_exact(Decimal("-36000.5"), "EUR")) == "EUR −36,000.50"


@pytest.mark.parametrize(
    ("amount", "currency", "prose", "exact"),
    [
        # ISO 4217: the yen has no minor unit, the Kuwaiti dinar a thousand fils.
        (Decimal("12.34"), "JPY", "JPY 12", "JPY 12"),
        (Fraction(2_000_000, 3), "JPY", "JPY 667,000", "JPY 666,667"),
        (Decimal("12.3456"), "KWD", "KWD 12.346", "KWD 12.346"),
        (Decimal("12.3456"), "USD", "USD 12.35", "USD 12.35"),
        (1_280_000_000, "JPY", "JPY 1.28 billion", "JPY 1,280,000,000"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(amount, currency, prose, exact):
    assert plain(numbers.money(amount, currency)) == prose
    assert plain(numbers.money_exact(amount, currency)) == exact


def test_a_day_is_written_with_its_month_in_words():
    assert numbers.day(date(2026, 4, 15)) == "15 April 2026"
    assert numbers.day(date(2026, 12, 1)) == "1 December 2026"


def test_counts_have_their_noun_in_the_right_number():
    assert [numbers.plural(n, "risk", "risks") for n in (0, 1, 3, 1200)] == [
        "no risks",
        "1 risk",
        "3 risks",
        "1,200 risks",
    ]


def test_words_are_listed_as_a_sentence_does_it():
    assert [numbers.listed(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert numbers.listed(["a", "b", "c"], 3) == "a, b and c"
    assert numbers.listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"


def test_durations_name_their_basis():
    assert numbers.days(10, ("working day", "working days")) == "10 working days"
    assert numbers.days(-1, ("working day", "working days")) == "−1 working day"
    assert numbers.days(0) == "0 days"


def test_percentages_of_few_cases_have_no_decimals():
    # domain.md 4.3: one decimal for n of 1,000 and more, none below 100
    assert [numbers.share_decimals(n) for n in (99, 999, 1000)] == [0, 0, 1]


def test_a_number_without_registered_decimals_is_shown_as_it_is():
    assert numbers.as_written(Decimal("0.30")) == "0.3"
    assert numbers.as_written(Decimal("212")) == "212"
    assert numbers.as_written(Fraction(1, 3)) == "0.3333"
