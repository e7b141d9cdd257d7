"""A sparkline: one path, drawn by hand."""

from datetime import date

import pytest

from aipm_site.charts.sparkline import HEIGHT, WIDTH, sparkline_path

FIRST, MIDDLE, LAST = date(2026, 4, 1), date(2026, 4, 6), date(2026, 4, 11)


def test_it_goes_from_edge_to_edge_with_the_greatest_number_on_top():
    # 160 by 28 with a margin of 2: x from 2 to 158, y from 26 (least) to 2 (greatest).
    assert (WIDTH, HEIGHT) == (160, 28)
    assert sparkline_path([(FIRST, "10"), (LAST, "30")]) == "M2 26L158 2"


def test_days_are_as_far_apart_as_they_are_in_time():
    # The 6th is half way between the 1st and the 11th: 2 + 156 / 2. A half of the range lies half way up: 14.
    assert sparkline_path([(FIRST, "10"), (MIDDLE, "20"), (LAST, "30")]) == "M2 26L80 14L158 2"
    # The 4th is 3 of 10 days on: 2 + 156 · 0.3 = 48.8.
    assert sparkline_path([(FIRST, "0"), (date(2026, 4, 4), "0"), (LAST, "1")]) == "M2 26L48.8 26L158 2"


def test_a_gap_in_the_numbers_is_a_gap_in_the_line():
    points = [(FIRST, "1"), (date(2026, 4, 2), "2"), (MIDDLE, None), (date(2026, 4, 10), "2"), (LAST, "1")]

    assert sparkline_path(points).count("M") == 2


def test_a_figure_that_never_moved_lies_in_the_middle():
    assert sparkline_path([(FIRST, "0.5"), (LAST, "0.5")]) == "M2 14L158 14"


def test_numbers_below_zero_and_very_small_ones_are_drawn_exactly():
    assert sparkline_path([(FIRST, "-0.00000001"), (LAST, "0")]) == "M2 26L158 2"


def test_a_forecast_that_slips_rises():
    # 15, 22 and 29 June are 7 days apart: edge, middle and edge.
    points = [(FIRST, "2026-06-15"), (MIDDLE, "2026-06-22"), (LAST, "2026-06-29")]

    assert sparkline_path(points) == "M2 26L80 14L158 2"


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(FIRST, "1")],
        [(FIRST, None), (LAST, "1")],
        [(FIRST, "green"), (LAST, "amber")],
        [(FIRST, "NaN"), (LAST, "Infinity")],
        [(FIRST, "2026-06-31"), (LAST, "2026-06-29")],
    ],
)
def test_without_two_numbers_there_is_none(points):
    assert sparkline_path(points) == ""


def test_two_numbers_of_one_day_do_not_divide_by_nothing():
    assert sparkline_path([(FIRST, "1"), (FIRST, "2")]) == "M2 26L2 2"
