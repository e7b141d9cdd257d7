"""The description of the milestone trend chart: what is drawn where, by the dates."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from aipm_site.charts.milestone_trend import (
    DASHES,
    MOST_LINES,
    NARROW,
    SHAPES,
    WIDE,
    Format,
    TrendLine,
    Words,
    milestone_trend_chart,
)

AS_OF = date(2026, 4, 15)
WORDS = Words("Reported on", "Expected on")


def line(name: str, *reports: tuple[str, str], title: str = "Pilot") -> TrendLine:
    """Return a line through (report date, forecast date), each report of it marked."""
    days = tuple((date.fromisoformat(day), date.fromisoformat(expected)) for day, expected in reports)
    return TrendLine(name, title, "later", days, days)


def slipping(name: str = "MS-05", title: str = "Pilot") -> TrendLine:
    return line(name, ("2026-04-05", "2026-06-15"), ("2026-04-15", "2026-06-29"), title=title)


def layers(chart: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    return [layer for layer in chart["layer"] if layer["mark"]["type"] == mark]


def days_of(layer: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (date.fromordinal(value["reported"]).isoformat(), date.fromordinal(value["expected"]).isoformat())
        for value in layer["data"]["values"]
    ]


def texts(chart: dict[str, Any]) -> list[str]:
    return [layer["mark"]["text"] for layer in layers(chart, "text")]


def test_the_first_line_is_the_diagonal_and_ends_today():
    diagonal = layers(milestone_trend_chart([slipping()], AS_OF, WORDS, WIDE), "line")[0]

    assert all(reported == expected for reported, expected in days_of(diagonal))
    assert days_of(diagonal)[-1] == ("2026-04-15", "2026-04-15")
    # A third of the ten days that were reported is seen of it at least: from the 12th on (10 / 3 days back).
    assert days_of(diagonal)[0][0] <= "2026-04-12"


def test_a_line_goes_through_its_reports_and_leaves_out_what_draws_nothing():
    level = line(
        "MS-05",
        *(("2026-03-01", "2026-06-15"), ("2026-03-08", "2026-06-15"), ("2026-03-15", "2026-06-15")),
        *(("2026-03-22", "2026-06-29"), ("2026-04-15", "2026-06-29")),
    )

    drawn = layers(milestone_trend_chart([level], AS_OF, WORDS, WIDE), "line")[1]

    # The 8th lies in the middle of a level stretch; without the 15th the line would rise from the 1st on.
    assert [reported for reported, _ in days_of(drawn)] == ["2026-03-01", "2026-03-15", "2026-03-22", "2026-04-15"]


def test_the_axes_hold_every_report():
    early = line("MS-01", ("2025-01-10", "2025-03-01"), ("2025-02-20", "2025-02-20"))
    far = line("MS-02", ("2025-06-01", "2031-03-01"), ("2026-04-15", "2031-03-01"))

    encoding = milestone_trend_chart([early, far], AS_OF, WORDS, WIDE)["layer"][0]["encoding"]

    assert encoding["x"]["scale"]["domain"] == [date(2025, 1, 10).toordinal(), AS_OF.toordinal()]
    low, high = encoding["y"]["scale"]["domain"]
    assert low < date(2025, 2, 20).toordinal()
    assert date(2031, 3, 1).toordinal() < high


def test_no_two_of_twelve_lines_have_the_same_dash_and_shape():
    chart = milestone_trend_chart([slipping(f"MS-{n}") for n in range(MOST_LINES)], AS_OF, WORDS, WIDE)

    dashes = [tuple(layer["mark"].get("strokeDash", ())) for layer in layers(chart, "line")[1:]]
    shapes = [layer["mark"]["shape"] for layer in layers(chart, "point")]

    assert len(set(zip(dashes, shapes, strict=True))) == MOST_LINES == 12
    assert set(dashes) == set(DASHES)
    assert set(shapes) == set(SHAPES)


def test_each_line_is_named_at_its_end_with_its_title_where_there_is_room():
    wide = milestone_trend_chart([slipping()], AS_OF, WORDS, WIDE)
    narrow = milestone_trend_chart([slipping()], AS_OF, WORDS, NARROW)

    assert texts(wide) == ["MS-05 Pilot", "Expected on", "Reported on"]
    assert texts(narrow) == ["MS-05", "Expected on", "Reported on"]


@pytest.mark.parametrize(
    "title", ["A very long title of a milestone that no chart has room for", "患者リスクモデルの試験運用" * 3]
)
def test_a_long_title_is_cut_and_a_long_id_keeps_its_end(title):
    wide = texts(milestone_trend_chart([slipping("MS-05", title)], AS_OF, WORDS, WIDE))[0]
    narrow = texts(milestone_trend_chart([slipping("MILESTONE-2026-0012")], AS_OF, WORDS, NARROW))[0]

    assert wide.startswith("MS-05 ")
    assert wide.endswith("…")
    assert narrow.startswith("…")
    assert narrow.endswith("0012")


def test_labels_of_lines_that_end_together_do_not_cover_each_other():
    chart = milestone_trend_chart([slipping(f"MS-{n}") for n in range(4)], AS_OF, WORDS, WIDE)

    downs = [layer["encoding"]["y"]["value"] for layer in layers(chart, "text")[:4]]
    gaps = [later - earlier for earlier, later in pairwise(downs)]

    assert all(gap >= 14.9 for gap in gaps)
    # Three of them had to move, and a thin line leads to each.
    assert len(layers(chart, "rule")) == 3


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=lambda size: size.name)
def test_nothing_in_it_is_measured_or_fetched(size: Format):
    chart = milestone_trend_chart([slipping()], AS_OF, WORDS, size)
    written = json.dumps(chart).replace(chart["$schema"], "")

    assert chart["autosize"] == {"type": "none"}
    assert "url" not in written
    assert "://" not in written
    # Every colour is the theme's.
    assert "#" not in written


def test_five_years_and_one_day_both_have_ticks():
    long = line("MS-01", ("2021-04-15", "2026-09-01"), ("2026-04-15", "2027-03-01"))
    short = line("MS-02", (str(AS_OF - timedelta(1)), "2026-04-20"), (str(AS_OF), "2026-04-20"))

    for one in (long, short):
        axes = milestone_trend_chart([one], AS_OF, WORDS, NARROW)["layer"][0]["encoding"]
        assert 1 <= len(axes["x"]["axis"]["values"]) <= 4
        assert 2 <= len(axes["y"]["axis"]["values"]) <= 8


def test_a_mistyped_year_draws_a_chart_too():
    last = line("MS-01", ("2026-04-01", "9999-12-31"), ("2026-04-15", "9999-12-31"))
    first = line("MS-02", ("2026-04-01", "0001-01-01"), ("2026-04-15", "0001-01-01"))

    for lines in ([last], [first], [first, last]):
        encoding = milestone_trend_chart(lines, AS_OF, WORDS, WIDE)["layer"][0]["encoding"]
        assert len(encoding["y"]["axis"]["values"]) >= 2
