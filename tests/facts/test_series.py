"""Series of observations and the breaks between them."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_site.facts.model import model_figures
from aipm_site.facts.series import Measurements
from aipm_site.facts.versions import version_order
from tests.facts.builders import metric, model, observation, project_of

# Invented scores in the form of a public model family's releases: percent before 3.0.0, ratio from it on.
RELEASES = ["2.0.0", "2.2.5", "2.3.1", "3.0.0", "3.1.0"]
SCORES = ["85.86", "85.31", "85.68", "0.8496", "0.8437"]


def measurements(*records):
    return Measurements(project_of(*records))


def ids(rows):
    return [row.id for row in rows]


def released_family():
    versions = [model(f"MV-sm-{r}", name="sm", version=r, stage="retired") for r in RELEASES]
    units = ["percent" if release < "3" else "ratio" for release in RELEASES]
    rows = [
        observation(f"MV-sm-{r}", score, metric="M-ner-f", unit=unit, as_of=f"2025-0{month}-01", id=f"f-{r}")
        for month, (r, score, unit) in enumerate(zip(RELEASES, SCORES, units, strict=True), start=1)
    ]
    return [metric("M-ner-f", unit="ratio"), *versions, *rows]


def test_the_versions_of_a_family_follow_each_other_in_one_line_that_breaks_where_the_unit_changes():
    first, second = measurements(*released_family()).series

    assert ids(first.observations) == ["f-2.0.0", "f-2.2.5", "f-2.3.1"]
    assert ids(second.observations) == ["f-3.0.0", "f-3.1.0"]
    assert first.line == second.line
    assert (first.unit, second.unit) == ("percent", "ratio")
    assert second.opened_by.reason == "the unit changed from percent to ratio"
    assert first.opened_by is None


def test_nothing_is_compared_across_a_break():
    figures = {figure.name: figure for figure in model_figures(Measurements(project_of(*released_family())))}

    after = figures["model.MV-sm-3.0.0.ner-f"]
    assert after.comparator is None
    assert after.is_first
    assert "first of a new series: the unit changed from percent to ratio" in after.formula
    assert figures["model.MV-sm-3.1.0.ner-f"].comparator.value == Decimal("0.8496")
    assert figures["model.MV-sm-2.2.5.ner-f"].comparator.text == "version 2.0.0: 85.9\u00a0% on 1 January 2025"
    assert not any(name.endswith(".change") for name in figures)
    assert not any("−" in figure.text for figure in figures.values())


def test_a_candidate_in_another_unit_than_production_is_not_compared_with_it():
    production, candidate = model("MV-RW-2.3.1"), model("MV-RW-3.0.0", stage="validation")
    rows = [observation("MV-RW-2.3.1", "91.5", unit="percent"), observation("MV-RW-3.0.0", "0.917")]

    figures = {figure.name: figure for figure in model_figures(Measurements(project_of(production, candidate, *rows)))}

    change = figures["model.MV-RW-3.0.0.accuracy.change"]
    assert change.reason == "production 2.3.1 has no value in the unit ratio"


def test_another_version_of_the_data_starts_a_new_series():
    rows = [
        observation(value="0.870", as_of="2026-02-01", dataset="DST-002@2026-01"),
        observation(value="0.874", as_of="2026-03-01", dataset="DST-002@2026-02"),
    ]

    _, second = measurements(model(), *rows).series

    assert second.opened_by.reason == "the data set changed from DST-002@2026-01 to DST-002@2026-02"


def test_another_definition_starts_a_new_series():
    registered = metric(defined_from="2026-03-01")
    rows = [observation(value="0.870", as_of="2026-02-28"), observation(value="0.874", as_of="2026-03-01")]

    _, second = measurements(registered, model(), *rows).series

    assert second.opened_by.reason == "the metric is defined anew from 1 March 2026"


@pytest.mark.parametrize("field", [{"slice": "ehr_feed=B"}, {"environment": "shadow"}, {"dataset": "DST-003"}])
def test_slices_environments_and_data_sets_are_lines_of_their_own_without_breaks(field):
    rows = [
        observation(value="0.870", as_of="2026-02-01", id="a"),
        observation(value="0.788", as_of="2026-02-02", id="b", **field),
        observation(value="0.874", as_of="2026-03-01", id="c"),
    ]

    found = measurements(model(), *rows).series

    assert sorted(map(len, (series.observations for series in found))) == [1, 2]
    assert all(series.opened_by is None for series in found)


def test_the_whole_may_be_written_or_left_out():
    rows = [
        observation(value="0.870", as_of="2026-02-01", slice="all"),
        observation(value="0.874", as_of="2026-03-01"),
    ]

    assert len(measurements(model(), *rows).series) == 1


def test_a_correction_takes_the_place_of_a_row_that_stays_listed():
    wrong = observation(value="0.784", as_of="2026-03-01", id="wrong")
    right = observation(value="0.874", as_of="2026-03-01", id="right", corrects="wrong")
    earlier = observation(value="0.870", as_of="2026-02-01", id="earlier")

    (series,) = measurements(model(), wrong, right, earlier).series

    assert ids(series.observations) == ["earlier", "right"]
    assert ids(series.replaced) == ["wrong"]


def test_a_row_in_a_wrong_unit_that_was_corrected_breaks_nothing():
    rows = [
        observation(value="0.870", as_of="2026-02-01"),
        observation(value="87.4", as_of="2026-03-01", unit="percent", id="wrong"),
        observation(value="0.874", as_of="2026-03-01", id="right", corrects="wrong"),
    ]

    assert len(measurements(model(), *rows).series) == 1


def test_a_row_without_unit_has_that_of_its_metric():
    rows = [observation(value="0.870", as_of="2026-02-01"), observation(value="0.874", as_of="2026-03-01", unit=None)]

    assert len(measurements(metric(unit="ratio"), model(), *rows).series) == 1


def test_the_previous_value_is_that_of_the_same_version_if_it_has_one():
    rows = [
        observation("MV-RW-1.6.2", "0.873", as_of="2026-04-01", id="first"),
        observation("MV-RW-1.7.0", "0.864", as_of="2026-04-02", id="other"),
        observation("MV-RW-1.6.2", "0.874", as_of="2026-04-03", id="second"),
    ]
    known = measurements(model("MV-RW-1.6.2"), model("MV-RW-1.7.0", stage="dev"), *rows)

    assert known.previous(rows[2]).id == "first"
    assert known.previous(rows[1]).id == "first"
    assert known.previous(rows[0]) is None


def test_a_moment_counts_for_its_day_in_the_projects_time_zone():
    row = observation(value="0.874", as_of="2026-04-16T04:30+00:00")

    assert measurements(model(), row).day(row) == date(2026, 4, 15)


def test_versions_are_ordered_by_their_numbers_and_candidates_come_before_the_release():
    # semver.org point 11, and rc10 after rc2 as people mean it
    ordered = ["1.6.2", "1.7.0-alpha", "1.7.0-rc1", "1.7.0-rc2", "1.7.0-rc10", "1.7.0", "1.10.0", "2.0.0"]

    assert all(version_order(first) < version_order(second) for first, second in pairwise(ordered))


@given(st.text(max_size=12))
def test_any_text_can_be_ordered_as_a_version(text):
    assert version_order(text) <= version_order(text)
    assert sorted([text, "1.0.0", "x"], key=version_order)
