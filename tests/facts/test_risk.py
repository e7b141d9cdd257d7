"""Risks are counted so that the counts add up, ordered without ties, and judged by what is done about them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_site.facts.figure import Unknown
from aipm_site.facts.finding import worst_status
from aipm_site.facts.risk import assess_risk, rank_risks, risk_figures, risk_state
from aipm_site.facts.risk_flow import risk_flow
from aipm_site.records.risk import Risk
from tests.facts.builders import TODAY, project_of, risk

CALM = {"reviewed_on": "2026-04-10", "next_review": "2026-05-01", "opened": "2026-01-01", "owner": "Project manager"}
ANSWERED = {"response_actions": ("ACT-001",), "fallback_plan": "Stop.", "trigger": "It rains."} | CALM


def state_of(*risks, **fields):
    return risk_state(project_of(*risks, **fields), TODAY)


def figures_of(*risks, **fields):
    project = project_of(*risks, **fields)
    return {figure.name: figure for figure in risk_figures(project, risk_state(project, TODAY), TODAY)}


def rules_of(*risks, **fields):
    project = project_of(*risks, **fields)
    return [(f.rule, f.status) for f in assess_risk(project, risk_state(project, TODAY), TODAY).findings]


def test_open_is_open_investigating_and_responding():
    statuses = ("draft", "open", "investigating", "responding", "materialised", "closed", "withdrawn")
    risks = [risk(f"RSK-00{number}", status=status) for number, status in enumerate(statuses)]

    assert state_of(*risks).flow.closing == 3


def test_the_flow_of_a_period_adds_up():
    # The period is 16 March (excluded) to 15 April 2026; counted by hand.
    flow = state_of(
        risk("RSK-001", opened="2026-01-01"),
        risk("RSK-002", opened="2026-03-16"),
        risk("RSK-003", opened="2026-03-17"),
        risk("RSK-004", opened="2026-01-01", status="closed", closed="2026-04-01"),
        risk("RSK-005", opened="2026-01-01", status="closed", closed="2026-03-16"),
        risk("RSK-006", opened="2026-04-01", status="withdrawn", withdrawn_on="2026-04-02"),
        risk("RSK-007", opened="2026-01-01", status="materialised", materialised_on="2026-04-15"),
        risk("RSK-008", opened="2026-01-01", closed="2026-02-01", reopened=("2026-04-05",)),
    ).flow

    assert (flow.start, flow.end) == (date(2026, 3, 16), date(2026, 4, 15))
    assert (flow.opening, flow.new, flow.reopened) == (4, 2, 1)
    assert (flow.closed, flow.materialised, flow.withdrawn, flow.closing) == (1, 1, 1, 4)


def test_a_risk_that_does_not_say_when_it_was_raised_was_there_before():
    flow = state_of(risk("RSK-001"), risk("RSK-002", status="closed")).flow

    assert (flow.opening, flow.new, flow.closed, flow.closing, flow.undated) == (1, 0, 0, 1, 2)


def test_reopened_after_an_end_that_nobody_dated_counts_as_reopened():
    flow = state_of(risk("RSK-001", opened="2026-01-01", reopened=("2026-04-01",))).flow

    assert (flow.opening, flow.reopened, flow.closing) == (0, 1, 1)


days = st.dates(date(2026, 1, 1), date(2026, 4, 15)).map(date.isoformat)


@st.composite
def any_risks(draw):
    return [
        risk(
            f"RSK-{number:03}",
            status=draw(st.sampled_from(["draft", "open", "responding", "materialised", "closed", "withdrawn"])),
            opened=draw(st.none() | days),
            closed=draw(st.none() | days),
            withdrawn_on=draw(st.none() | days),
            materialised_on=draw(st.none() | days),
            reopened=tuple(draw(st.lists(days, max_size=3))),
        )
        for number in range(draw(st.integers(0, 4)))
    ]


@given(any_risks())
def test_opening_and_all_that_came_and_went_is_closing_whatever_the_records_say(risks):
    flow = risk_flow(risks, TODAY)

    assert flow.opening + flow.new + flow.reopened - flow.closed - flow.materialised - flow.withdrawn == flow.closing
    assert flow.closing == sum(one.is_counted for one in risks)


def test_risks_are_ordered_by_score_impact_value_proximity_and_id():
    money = {"probability_value": "0.5", "impact_value": {"money": "1000"}}
    risks = (
        risk("RSK-009", probability="5", impact="5"),
        # 12 = 3 × 4 before 4 × 3: the greater impact first.
        risk("RSK-008", probability="3", impact="4"),
        risk("RSK-007", probability="4", impact="3", **money),
        risk("RSK-006", probability="4", impact="3", proximity="imminent"),
        risk("RSK-005", probability="4", impact="3", proximity="far"),
        risk("RSK-003", probability="4", impact="3"),
        risk("RSK-004", probability="4", impact="3"),
    )
    project = project_of(*reversed(risks), currency="USD")

    assert [one.risk.id for one in rank_risks(project)] == [one.id for one in risks]


def test_exposure_sums_what_has_both_values_and_says_how_many_have_not():
    # domain 3.3: 0.35 × 120,000 + 0.10 × 400,000 + 0.60 × 25,000 = 97,000.
    valued = [("0.35", "120000"), ("0.10", "400000"), ("0.60", "25000")]
    risks = [
        risk(f"RSK-00{number}", probability_value=chance, impact_value={"money": money})
        for number, (chance, money) in enumerate(valued, start=1)
    ]

    exposure = figures_of(*risks, risk("RSK-004"), currency="USD")["risk.exposure"]

    assert exposure.value == Decimal(97000)
    assert "1 open risk without both values left out" in exposure.formula
    assert not exposure.is_first
    assert [source.record_id for source in exposure.sources] == ["RSK-001", "RSK-002", "RSK-003"]


@pytest.mark.parametrize("currency", ["USD", None])
def test_exposure_of_nothing_valued_is_unknown_and_not_zero(currency):
    assert isinstance(figures_of(risk(), currency=currency)["risk.exposure"], Unknown)


def test_amounts_in_another_currency_are_not_added():
    foreign = risk(probability_value="0.5", impact_value={"money": {"amount": "1000", "currency": "EUR"}})

    exposure = figures_of(foreign, currency="USD")["risk.exposure"]

    assert isinstance(exposure, Unknown)
    assert exposure.reason == (
        "no open risk gives its values in USD; 1 open risk in another currency than USD left out"
    )


def test_exposure_names_its_currency_and_how_many_risks_have_another_one():
    worth = {"probability_value": "0.5", "impact_value": {"money": "1000"}}
    foreign = risk("RSK-002", probability_value="0.5", impact_value={"money": {"amount": "1000", "currency": "EUR"}})

    exposure = figures_of(risk("RSK-001", **worth), foreign, risk("RSK-003"), currency="USD")["risk.exposure"]

    assert (exposure.value, exposure.unit) == (Decimal(500), "USD")
    assert exposure.formula.endswith(
        "in USD; 1 open risk without both values and 1 open risk in another currency than USD left out"
    )


def test_exposure_is_held_against_the_risks_that_were_open_at_the_start_of_the_period():
    worth = {"probability_value": "0.5", "impact_value": {"money": "1000"}}
    old = risk("RSK-001", opened="2026-01-01", **worth)
    gone = risk("RSK-002", opened="2026-01-01", status="closed", closed="2026-04-01", **worth)

    exposure = figures_of(old, gone, risk("RSK-003", opened="2026-04-01", **worth), currency="USD")["risk.exposure"]

    assert (exposure.value, exposure.comparator.value) == (Decimal(1000), Decimal(1000))
    assert exposure.comparator.text.endswith("for the risks open on 16 March 2026, at the values they have now")


def test_without_a_value_for_any_risk_open_then_exposure_has_nothing_to_be_held_against_and_is_no_first_value():
    worth = {"probability_value": "0.5", "impact_value": {"money": "1000"}}
    unvalued = risk("RSK-001", opened="2026-01-01")

    exposure = figures_of(unvalued, risk("RSK-002", opened="2026-04-01", **worth), currency="USD")["risk.exposure"]

    assert (exposure.comparator, exposure.is_first) == (None, False)


def test_counts_of_a_period_are_held_against_the_period_before():
    # 14 February (excluded) to 16 March 2026; counted by hand.
    figures = figures_of(
        risk("RSK-001", opened="2026-02-14"),
        risk("RSK-002", opened="2026-02-15"),
        risk("RSK-003", opened="2026-03-16", status="closed", closed="2026-03-16"),
        risk("RSK-004", opened="2026-03-17", status="closed", closed="2026-03-17"),
    )
    new, closed, withdrawn = (figures[f"risk.{name}"] for name in ("new", "closed", "withdrawn"))

    assert [(one.value, one.comparator.value) for one in (new, closed, withdrawn)] == [(1, 2), (1, 1), (0, 0)]
    assert new.comparator.kind == "previous"
    assert "2 new risks in the 30 days up to 16 March 2026" in new.comparator.text.replace("\xa0", " ")
    assert not any(one.is_first for one in figures.values() if not isinstance(one, Unknown))


def test_the_open_count_is_held_against_the_opening_count():
    figures = figures_of(risk("RSK-001", opened="2026-01-01"), risk("RSK-002", opened="2026-04-01"))

    assert (figures["risk.open"].value, figures["risk.open"].comparator.value) == (2, 1)
    assert figures["risk.open"].text == "2 open risks"
    assert [source.record_id for source in figures["risk.new"].sources] == ["RSK-002"]
    assert figures["risk.closed"].value == 0
    assert figures["risk.closed"].sources == ()


def test_a_project_without_risks_has_no_figures_about_them():
    assert figures_of() == {}


def test_the_matrix_counts_open_risks_by_cell():
    state = state_of(risk("RSK-001"), risk("RSK-002"), risk("RSK-003", status="closed"))

    assert state.matrix == {(3, 4): 2}


def test_counts_have_the_strictest_label_of_all_risks():
    figures = figures_of(risk("RSK-001", audience="client"), risk("RSK-002", audience="restricted", status="closed"))

    assert figures["risk.open"].audience == "restricted"


def test_an_answered_red_risk_is_amber():
    assert rules_of(risk(probability="3", impact="5", **ANSWERED)) == [("red-risk", "amber")]


@pytest.mark.parametrize("absent", ["response_actions", "fallback_plan", "trigger", "owner"])
def test_a_red_risk_that_lacks_any_part_of_its_answer_is_red(absent):
    fields = {name: value for name, value in ANSWERED.items() if name != absent}

    assert rules_of(risk(probability="3", impact="5", **fields)) == [("red-risk-without-answer", "red")]


def test_where_the_red_band_begins_is_the_projects_choice():
    bands = {"risk": {"amber": "5", "red": "12"}}

    assert rules_of(risk(**ANSWERED), thresholds=bands) == [("red-risk", "amber")]
    assert rules_of(risk(**ANSWERED)) == [("risks-under-control", "green")]


def test_a_great_opportunity_is_no_alarm():
    chance = risk(probability="5", impact="5", polarity="opportunity", **CALM)

    assert rules_of(chance) == [("risks-under-control", "green")]


def test_a_review_is_overdue_after_its_day_and_not_on_it():
    assert rules_of(risk(**CALM | {"next_review": "2026-04-14"})) == [("risk-review-overdue", "amber")]
    assert rules_of(risk(**CALM | {"next_review": "2026-04-15"})) == [("risks-under-control", "green")]


def test_a_risk_without_a_day_of_review_is_not_reported():
    assert rules_of(risk(**CALM | {"next_review": None})) == [("risk-review-not-planned", "not_reported")]


def test_a_stale_or_never_reviewed_risk_is_not_reported():
    assert rules_of(risk(**CALM | {"reviewed_on": "2026-03-15"})) == [("risk-stale", "not_reported")]
    assert rules_of(risk(**CALM | {"reviewed_on": None})) == [("risk-never-reviewed", "not_reported")]
    assert rules_of(risk(**CALM | {"reviewed_on": "2026-04-16"})) == [("risk-reviewed-later", "not_reported")]


def test_no_risk_recorded_is_not_no_risks():
    assert rules_of() == [("no-risk-recorded", "not_reported")]
    assert rules_of(risk(status="draft", probability=None, impact=None)) == [("no-risk-recorded", "not_reported")]


def test_closed_risks_alone_are_under_control():
    assert rules_of(risk(status="closed", closed="2026-04-01")) == [("risks-under-control", "green")]


def _badness(made):
    order = ["green", "not_reported", "amber", "red"]
    project = project_of(*made)
    return order.index(worst_status(assess_risk(project, risk_state(project, TODAY), TODAY).findings))


SCORED = {"id", "title", "probability", "impact", "status", "links", "polarity"}


@pytest.mark.parametrize(
    "base", [ANSWERED, CALM, CALM | {"next_review": "2026-04-01"}, CALM | {"reviewed_on": "2026-01-01"}]
)
@pytest.mark.parametrize("field", sorted(set(Risk.model_fields) - SCORED))
def test_taking_a_field_away_never_makes_the_dimension_green(base, field):
    whole = risk(probability="3", impact="5", **base)
    without = whole.model_copy(update={field: Risk.model_fields[field].default})

    assert _badness([without]) > 0 or _badness([whole]) == 0
