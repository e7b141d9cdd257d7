"""Values of observations, their text, and where they stand between limits."""

from decimal import Decimal
from fractions import Fraction

import pytest

from aipm_site.facts.facts import compute_facts
from aipm_site.facts.metric import (
    Limits,
    exact_value,
    judgement,
    limits_of,
    metric_figures,
    scale_of,
    value_text,
)
from aipm_site.facts.scale import Scale
from aipm_site.facts.series import Measurements
from tests.facts.builders import TODAY, metric, model, observation, project_of


def plain(text):
    return text.replace("\u00a0", " ")


def higher(green, amber=None):
    return Limits("higher_better", Decimal(green), Decimal(amber) if amber else None)


def test_counts_give_the_exact_share():
    assert exact_value(observation(value="0.7778", successes=7, n=9), "ratio") == Fraction(7, 9)
    assert exact_value(observation(value="77.78", successes=7, n=9, unit="percent"), "percent") == Fraction(700, 9)


def test_without_counts_the_value_is_the_decimal_as_written():
    assert exact_value(observation(value="0.870"), "ratio") == Decimal("0.870")


@pytest.mark.parametrize(
    ("value", "position"),
    [("0.874", "within"), ("0.870", "within"), ("0.8699", "between"), ("0.850", "between"), ("0.8499", "beyond")],
)
def test_a_value_on_a_limit_is_within_it(value, position):
    # domain.md 3.6 rule 3
    assert higher("0.870", "0.850").position(Decimal(value)) == position


def test_exact_shares_decide_at_a_limit():
    # domain.md T-12: 540/720 − 441/630 is 0.05 exactly, as floats 0.050000000000000044
    gap = Fraction(540, 720) - Fraction(441, 630)

    assert Limits("lower_better", Decimal("0.05"), None).position(gap) == "within"


@pytest.mark.parametrize(("value", "position"), [("300", "within"), ("301", "between"), ("401", "beyond")])
def test_lower_is_better_turns_the_limits_round(value, position):
    assert Limits("lower_better", Decimal(300), Decimal(400)).position(Decimal(value)) == position


@pytest.mark.parametrize(("value", "position"), [("0.45", "within"), ("0.55", "within"), ("0.44", "beyond")])
def test_nearer_to_the_target_is_better_on_both_sides(value, position):
    assert Limits("target", Decimal("0.55"), None, Decimal("0.5")).position(Decimal(value)) == position


@pytest.mark.parametrize(("value", "position"), [("0.86", "within"), ("0.84", "beyond")])
def test_a_single_limit_has_no_between(value, position):
    assert higher("0.85").position(Decimal(value)) == position
    assert Limits("higher_better", None, Decimal("0.85")).position(Decimal(value)) == position


def test_limits_do_not_hold_for_a_value_in_another_unit():
    registered = metric(thresholds={"green": "0.87"})
    row = observation(value="87.4", unit="percent")

    assert limits_of(row, Measurements(project_of(registered, model(), row))) is None


def test_the_registry_comes_before_the_threshold_of_a_row():
    row = observation(value="0.86", threshold="0.80")

    registered = Measurements(project_of(metric(thresholds={"green": "0.87"}), model(), row))
    bare = Measurements(project_of(metric(), model(), row))

    assert limits_of(row, registered).position(row.value) == "beyond"
    assert limits_of(row, bare).position(row.value) == "within"


@pytest.mark.parametrize(
    ("polarity", "before", "after", "word"),
    [
        # domain.md T-17
        ("higher_better", "0.87", "0.86", "worse"),
        ("lower_better", "212", "200", "better"),
        ("neutral", "1", "2", None),
        ("higher_better", "0.87", "0.87", None),
        ("target", "0.4", "0.45", "better"),
        ("target", "0.4", "0.7", "worse"),
    ],
)
def test_better_and_worse_come_from_the_polarity_alone(polarity, before, after, word):
    target = {"target": "0.5"} if polarity == "target" else {}

    assert judgement(metric(polarity=polarity, **target), Decimal(before), Decimal(after)) == word


def test_the_registered_decimals_are_those_of_the_percentage():
    row = observation(value="0.874")

    assert plain(value_text(row, Measurements(project_of(metric(decimals="2"), model(), row)))) == "87.40 %"


@pytest.mark.parametrize(("n", "text"), [(80, "88 %"), (999, "88 %"), (1000, "87.5 %"), (None, "87.5 %")])
def test_without_registered_decimals_the_number_of_cases_decides(n, text):
    # domain.md 4.3: one decimal for n of 1,000 and more, none below 100
    row = observation(value="0.875", n=n)

    assert plain(value_text(row, Measurements(project_of(metric(), model(), row)))) == text


@pytest.mark.parametrize(
    ("unit", "value", "text"), [("ms", "212", "212 ms"), ("index", "0.30", "0.3"), ("percent", "91.5", "91.5 %")]
)
def test_values_are_written_with_their_unit(unit, value, text):
    row = observation(value=value, unit=unit, metric="M-x")

    assert plain(value_text(row, Measurements(project_of(metric("M-x", unit=unit), model(), row)))) == text


def test_a_small_difference_gets_the_decimals_that_show_it():
    scale = Scale("ratio", 1)

    assert scale.fit_for(Fraction(5, 8750)).decimals == 2
    assert scale.fit_for(Fraction(1, 100)).decimals == 1
    assert scale.fit_for(Fraction(1, 10**9)).decimals == 3
    assert scale.fit_for(Fraction(0)).decimals == 1


def test_a_pipelines_metric_has_a_figure_held_against_its_limit():
    fresh = metric("M-age", unit="h", polarity="lower_better", thresholds={"green": "12", "amber": "24"})
    row = observation("PIP-003", "19", metric="M-age", unit="h")

    (figure,) = metric_figures(Measurements(project_of(fresh, row)))

    assert (figure.name, plain(figure.text)) == ("metric.PIP-003.age", "19 h")
    assert (figure.comparator.kind, plain(figure.comparator.text)) == ("target", "limit 12 h")
    assert [source.record_id for source in figure.sources] == sorted([row.id, "M-age"])


def test_what_is_measured_of_a_pipeline_is_among_the_figures_of_the_project():
    fresh = metric("M-age", unit="h", polarity="lower_better")

    facts = compute_facts(project_of(fresh, observation("PIP-003", "19", metric="M-age", unit="h")), TODAY)

    assert plain(facts.figures["metric.PIP-003.age"].text) == "19 h"


def test_a_figure_without_anything_before_it_is_a_first_measurement():
    (figure,) = metric_figures(
        Measurements(project_of(metric("M-age", unit="h"), observation("PIP-003", "19", metric="M-age", unit="h")))
    )

    assert figure.is_first
    assert figure.comparator is None


def test_a_figures_label_is_the_strictest_of_its_records():
    registered = metric("M-age", unit="h", audience="client")
    rows = [
        observation("PIP-003", "18", metric="M-age", unit="h", as_of="2026-04-01", audience="restricted"),
        observation("PIP-003", "19", metric="M-age", unit="h", audience="public"),
    ]

    (figure,) = metric_figures(Measurements(project_of(registered, *rows)))

    # The value before, which it is compared with, is restricted.
    assert figure.audience == "restricted"


def test_the_scale_of_an_unregistered_metric_is_found():
    row = observation(value="0.30", metric="M-unknown", unit="index")

    assert scale_of(row, Measurements(project_of(model(), row))) == Scale("index", None)
