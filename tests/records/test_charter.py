"""The charter: defaults that are safe, and settings that others ask for."""

import pytest

from aipm_site.records import KINDS
from aipm_site.records.charter import Charter
from tests.records.cases import decode_text, right

PROJECT = "id: PRJ-1\ntitle: P\n"


def charter(text=""):
    record = right("project", PROJECT + text)
    assert isinstance(record, Charter)
    return record


# Domain reference, risk matrix: green 1–4, amber 5–12, red 15–25.
@pytest.mark.parametrize(
    ("score", "band"), [(1, "green"), (4, "green"), (5, "amber"), (12, "amber"), (15, "red"), (25, "red")]
)
def test_the_usual_bands_of_the_risk_matrix(score, band):
    assert Charter.empty().risk_band(score) == band


def test_the_bands_are_the_projects_choice():
    # NHS/NPSA 2008: extreme risks begin at 15, high ones at 8.
    assert charter("thresholds: {risk: {amber: 8}}\n").risk_band(6) == "green"
    assert charter("thresholds: {risk: {red: 12}}\n").risk_band(12) == "red"


def test_what_carries_no_label_is_for_all_but_the_most_restricted():
    assert Charter.empty().default_audience_label == "internal"
    assert charter("audiences: [open, team, board]\n").default_audience_label == "team"
    assert charter("audiences: [all]\n").default_audience_label == "all"
    assert charter("default_audience: public\n").default_audience_label == "public"


def test_a_misspelt_default_label_shows_nothing_more_widely():
    record, problems = decode_text("project", PROJECT + "default_audience: publik\n")

    assert [p.hint for p in problems] == ["did you mean 'public'?"]
    assert record.default_audience_label == "restricted"


def test_freshness_is_the_kinds_unless_the_project_says_otherwise():
    record = charter("freshness: {risk: 14}\n")

    assert record.fresh_days("risk", 30) == 14
    assert record.fresh_days("milestone", 14) == 14
    assert Charter.empty().fresh_days("action", None) is None


def test_freshness_is_counted_in_days():
    _, problems = decode_text("project", PROJECT + "freshness: {risk: 0}\n")

    assert [(p.code, p.message) for p in problems] == [("out-of-range", "freshness.risk 0 is less than 1")]


def test_a_project_that_says_nothing_is_in_utc_and_answers_for_no_dimension():
    empty = Charter.empty()

    assert (empty.tz, empty.dimensions, empty.pages, empty.as_of) == ("UTC", (), "as-is", None)
    assert KINDS.of(empty).name == "project"
