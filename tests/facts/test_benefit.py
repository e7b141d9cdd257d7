"""Benefits: the CFO's table, what it depends on, what a release would change, and what was realised."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from aipm_site.facts.benefit import benefit_figures, benefit_states
from aipm_site.facts.facts import compute_facts
from aipm_site.facts.figure import Figure, Unknown
from aipm_site.facts.horizon import known_at
from aipm_site.facts.numbers import SPACE
from tests.facts.builders import (
    CFO_CHAIN,
    CFO_SCENARIOS,
    TODAY,
    as_of,
    benefit,
    driver,
    metric,
    model,
    observation,
    project_of,
    risk,
)

PRODUCTION, CANDIDATE = "MV-RW-1.6.2", "MV-RW-1.7.0-rc1"
RECALL = metric("M-recall")
MODELS = (model(PRODUCTION), model(CANDIDATE, stage="validation"))


def spaced(text):
    """Return a text with ordinary spaces between numbers and units."""
    return text.replace(SPACE, " ")


def recall(subject, successes, n=1500, **fields):
    return observation(subject, successes=successes, n=n, metric="M-recall", **{"dataset": "DST-002@2026-02"} | fields)


# domain 1.2.1: recall 1,080 of 1,500 in production, 1,050 of 1,500 for the candidate.
MEASURED = (RECALL, *MODELS, recall(PRODUCTION, 1080), recall(CANDIDATE, 1050))


def state_of(*records, at=TODAY, **fields):
    (state,) = benefit_states(known_at(project_of(*records, **fields), at), at)
    return state


def figures_of(*records, at=TODAY, **fields):
    project = known_at(project_of(*records, **fields), at)
    return {figure.name: figure for figure in benefit_figures(benefit_states(project, at))}


@pytest.mark.parametrize(
    ("scale", "gross", "running", "net", "one_off", "in_year", "npv"),
    [
        # domain 1.2.2, the CFO's table.
        ("3", 1_944_000, 720_000, 1_224_000, 540_000, -234_000, 2_614_367),
        ("6", 3_888_000, 1_440_000, 2_448_000, 1_080_000, -468_000, 5_228_733),
        ("9", 5_832_000, 2_160_000, 3_672_000, 1_620_000, -702_000, 7_843_100),
        ("12", 7_776_000, 2_880_000, 4_896_000, 2_160_000, -936_000, 10_457_467),
    ],
)
def test_the_table_that_the_cfo_asked_for(scale, gross, running, net, one_off, in_year, npv):
    found = figures_of(benefit())

    def value(name):
        return found[f"benefit.BEN-002.{scale}.{name}"].value

    assert value("gross_run_rate") == gross
    assert value("running_cost") == running
    assert value("net_run_rate") == net
    assert value("one_off") == one_off
    assert value("in_year.FY2026") == in_year
    assert round(value("npv")) == npv
    assert round(value("payback"), 1) == Fraction("5.3")
    assert round(value("roi"), 3) == Fraction("0.543")


def test_the_two_honest_answers_stand_together_in_words():
    # domain 4.4, sample A: USD 2.45 million net a year once live, USD 0.47 million net cost in fiscal 2026.
    six = state_of(benefit()).plan

    assert spaced(six.net_run_rate.text) == "USD 2.45 million net a year"
    assert spaced(six.in_year_at(TODAY.date).figure.text) == "USD 468,000 net cost in fiscal 2026"
    assert spaced(six.payback.text) == "5.3 months after the start"
    assert spaced(six.roi.text) == "54.3 % over the first 12 months"
    assert spaced(six.npv.text) == "USD 5.23 million over 36 months at 8 %"
    assert spaced(six.scale_text) == "6 hospitals"


def test_the_in_year_answer_is_that_of_the_day_where_it_is_one_of_them():
    six = state_of(benefit()).plan

    assert [one.year.name for one in six.in_year] == ["FY2026", "FY2027", "FY2028", "FY2029"]
    assert six.in_year_at(date(2025, 4, 15)).year.name == "FY2026"
    assert six.in_year_at(date(2028, 4, 15)).year.name == "FY2028"


def test_fiscal_years_follow_the_projects_own_calendar():
    # From October on the fiscal year is 2027, and it is whole: 2,448,000 − 1,080,000.
    found = figures_of(benefit(), fiscal_year_start_month="10")

    assert found["benefit.BEN-002.6.in_year.FY2027"].value == 1_368_000
    assert "benefit.BEN-002.6.in_year.FY2026" not in found


def test_what_the_years_bring_adds_up_to_the_whole_horizon():
    six = state_of(benefit(scenarios=({"name": "6", "scale": "6", "start": "2026-09-18"},))).plan

    # Three years at 2,448,000, less 1,080,000.
    assert sum(one.figure.value for one in six.in_year) == 3 * 2_448_000 - 1_080_000


def test_a_ramp_leaves_the_run_rate_and_lowers_the_year():
    ramp = ({"month": "0", "share": "0.5"}, {"month": "3", "share": "1"})
    six = state_of(benefit(scenarios=(CFO_SCENARIOS[1] | {"ramp": ramp},))).plan

    assert six.net_run_rate.value == 2_448_000
    # By hand: half of 972,000 − 360,000 − 1,080,000.
    assert six.in_year[0].figure.value == -954_000


@pytest.mark.parametrize(
    ("fields", "name", "reason"),
    [
        ({"discount_rate": None}, "6.npv", "no discount rate is given"),
        ({"horizon": None}, "6.npv", "no horizon is given"),
        ({"costs": {"one_off": "180000"}}, "6.net_run_rate", "no running cost is given"),
        ({"costs": {"running": "240000"}}, "6.in_year", "no one-off cost is given"),
        ({"costs": None}, "6.payback", "no running cost is given"),
        ({"scenarios": ({"name": "6", "scale": "6"},)}, "6.in_year", "the scenario has no start"),
        ({"costs": {"one_off": "1", "running": "9000000"}}, "6.payback", "it never pays back"),
        ({"costs": {"one_off": "0", "running": "0"}}, "6.roi", "there is no cost"),
        ({"plan": None}, "break_even", "none of its 4 scenarios is called the plan"),
        ({"value_driver": (driver("saving", "5", "USD"),)}, "break_even", "no driver has a low and a high"),
        ({"horizon": None}, "break_even_with_one_off", "no horizon is given"),
        ({"value_driver": (driver("saving", "0", low="0", high="1"),)}, "break_even", "the benefit is 0"),
        ({}, "realised", "not reported yet (first due 31 October 2026)"),
        ({"scenarios": ({"name": "6", "scale": "6"},)}, "realised", "not reported yet"),
    ],
)
def test_what_cannot_be_computed_says_why(fields, name, reason):
    found = figures_of(benefit(**fields))[f"benefit.BEN-002.{name}"]

    assert isinstance(found, Unknown)
    assert reason in found.reason


def test_without_a_cost_the_gross_run_rate_is_still_known():
    assert figures_of(benefit(costs=None))["benefit.BEN-002.6.gross_run_rate"].value == 3_888_000


def test_a_driver_that_was_not_known_yet_is_not_left_out_of_the_chain():
    later = (*CFO_CHAIN[:-1], driver("cost of a readmission", "15000", "USD", as_of="2026-05-01"))

    found = figures_of(benefit(value_driver=later))

    assert found["benefit.BEN-002.6.gross_run_rate"].reason == "not known yet at the as-of: cost of a readmission"
    assert figures_of(benefit(value_driver=later), at=as_of("2026-05-01"))["benefit.BEN-002.6.npv"].unit == "USD"


def test_the_sensitivity_of_the_worked_example():
    # domain 1.2.2: intervention effect 3 % / 5 % / 7 % at 6 hospitals.
    (swing,) = state_of(benefit()).sensitivity.swings

    assert swing.driver == "intervention effect"
    assert [spaced(outcome.value_text) for outcome in swing.outcomes] == ["3 %", "5 %", "7 %"]
    assert [outcome.net_run_rate for outcome in swing.outcomes] == [892_800, 2_448_000, 4_003_200]
    assert [outcome.in_year for outcome in swing.outcomes] == [-856_800, -468_000, -79_200]
    assert swing.figure.name == "benefit.BEN-002.sensitivity.intervention-effect"
    assert spaced(swing.figure.text) == "USD 893,000 net to USD 4.00 million net a year"


def test_the_break_even_of_the_worked_example():
    # domain 1.2.2: 1.85 % running cost only, 2.31 % with the one-off cost over three years.
    found = figures_of(benefit())

    assert found["benefit.BEN-002.break_even"].value == Fraction(1_440_000, 77_760_000)
    assert spaced(found["benefit.BEN-002.break_even"].text) == "intervention effect 1.85 %"
    assert found["benefit.BEN-002.break_even_with_one_off"].value == Fraction(1_800_000, 77_760_000)
    assert spaced(found["benefit.BEN-002.break_even_with_one_off"].text) == "intervention effect 2.31 %"
    assert spaced(found["benefit.BEN-002.break_even"].comparator.text) == "as written: 5 %"


def test_the_widest_swing_stands_first_and_ties_go_by_name():
    chain = (
        driver("narrow", "10", low="9", high="11"),
        driver("wide b", "10", low="5", high="15"),
        driver("wide a", "10", low="5", high="15"),
        driver("fixed", "10"),
    )

    found = state_of(benefit(value_driver=chain)).sensitivity

    assert [swing.driver for swing in found.swings] == ["wide a", "wide b", "narrow"]
    assert found.strongest.driver == "wide a"
    assert found.without_range == ("fixed",)


def test_a_lower_recall_lowers_the_saving_and_accuracy_is_not_multiplied():
    # domain 1.2.2, A18: 3,888,000 to 3,780,000 at 6 hospitals.
    accuracy = (
        metric(),
        observation(PRODUCTION, successes=8740, n=10000, dataset="DST-002@2026-02"),
        observation(CANDIDATE, successes=8640, n=10000, dataset="DST-002@2026-02"),
    )
    state = state_of(benefit(), *MEASURED, *accuracy)

    effect = state.effect_of(state.plan)

    assert (effect.name, effect.value, effect.unit) == ("benefit.BEN-002.6.release_effect", -108_000, "USD/year")
    assert spaced(effect.text) == "USD 108,000 a year less than with production"
    assert (effect.comparator.kind, effect.comparator.value) == ("baseline", 2_448_000)
    (change,) = state.release.changes
    assert (spaced(change.production.text), spaced(change.candidate.text)) == ("72.0 %", "70.0 %")
    assert [one.title for one in state.release.unpriced] == ["Accuracy"]
    assert {PRODUCTION, CANDIDATE, "BEN-002", "M-recall"} <= {source.record_id for source in effect.sources}


def test_a_metric_without_a_driver_has_no_financial_effect():
    # domain 3.9.
    chain = (*CFO_CHAIN[:2], driver("share found", "0.72", "ratio"), *CFO_CHAIN[3:])
    accuracy = (
        metric(),
        observation(PRODUCTION, successes=8740, n=10000),
        observation(CANDIDATE, successes=8640, n=10000),
    )

    effect = figures_of(benefit(value_driver=chain), *MODELS, *accuracy)["benefit.BEN-002.6.release_effect"]

    assert effect.reason == "financial effect not estimated: no driver defined for accuracy"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((recall(PRODUCTION, 1080),), "M-recall has no value of a candidate"),
        ((recall(CANDIDATE, 1050),), "production 1.6.2 has no value of Recall on DST-002@2026-02 to compare with"),
        ((recall(PRODUCTION, 1080, dataset="DST-001"), recall(CANDIDATE, 1050)), "has no value of Recall on DST-002"),
        ((recall(PRODUCTION, 1080), recall(CANDIDATE, 1050, slice="age=85+")), "has no value of a candidate"),
    ],
)
def test_a_release_whose_drivers_are_not_measured_alike_has_no_known_effect(rows, reason):
    registry = (RECALL,) if "Recall" in reason else ()

    effect = figures_of(benefit(), *MODELS, *registry, *rows)["benefit.BEN-002.6.release_effect"]

    assert reason.removeprefix("M-") in effect.reason


def test_a_percentage_stands_in_for_a_share():
    rows = (
        observation(PRODUCTION, "72", metric="M-recall", unit="percent"),
        observation(CANDIDATE, "70", metric="M-recall", unit="percent"),
    )

    found = figures_of(benefit(), metric("M-recall", unit="percent"), *MODELS, *rows)

    assert found["benefit.BEN-002.6.release_effect"].value == -108_000


def test_another_unit_does_not():
    rows = (
        observation(PRODUCTION, "72", metric="M-recall", unit="ms"),
        observation(CANDIDATE, "70", metric="M-recall", unit="ms"),
    )

    found = figures_of(benefit(), metric("M-recall", unit="ms"), *MODELS, *rows)

    assert found["benefit.BEN-002.6.release_effect"].reason == "Recall is measured in ms, and recall is in ratio"


def test_a_metric_of_several_models_stands_for_none():
    other = model("MV-XX-1.0.0", name="Another", version="1.0.0")

    found = figures_of(benefit(), *MEASURED, other, recall(other.id, 900))

    assert found["benefit.BEN-002.6.forecast"].reason == (
        "Recall is measured on several models: MV-XX-1.0.0, MV-RW-1.6.2"
    )


def test_the_forecast_takes_drivers_from_what_production_does():
    lower = recall(PRODUCTION, 1050, as_of="2026-04-14", environment="production")

    found = figures_of(benefit(), RECALL, *MODELS, recall(PRODUCTION, 1080), lower)["benefit.BEN-002.6.forecast"]

    # 6 × 8,000 × 0.15 × 0.70 × 0.05 × 15,000 − 1,440,000.
    assert found.value == 2_340_000
    assert spaced(found.comparator.text) == "plan: USD 2.45 million net a year"
    assert found.as_of == date(2026, 4, 14)


def test_what_was_realised_is_that_of_the_last_period_that_is_over():
    actuals = (
        {"period": "2026-01", "value": "10000"},
        {"period": "2026-02", "value": "12000", "method": "audited"},
        {"period": "2026-04", "value": "1"},
    )

    found = figures_of(benefit(actuals=actuals))["benefit.BEN-002.realised"]

    assert (found.value, found.as_of) == (12_000, date(2026, 2, 28))
    assert spaced(found.text) == "USD 12,000 in February 2026"
    assert (found.comparator.kind, spaced(found.comparator.text)) == ("previous", "USD 10,000 in January 2026")


def test_what_was_planned_for_the_period_is_the_comparator():
    months = {"actuals": ({"period": "2026-Q1", "value": "9"},), "planned": ({"period": "2026-Q1", "value": "10"},)}

    found = figures_of(benefit(**months))["benefit.BEN-002.realised"]

    assert spaced(found.comparator.text) == "plan: USD 10"
    assert spaced(found.text) == "USD 9 in Q1 2026 (January–March 2026)"


def test_actuals_that_came_later_are_not_there():
    actuals = (
        {"period": "2026-02", "value": "1"},
        {"period": "2026-03", "value": "2", "reported_on": "2026-04-16"},
        {"period": "2026-05", "value": "3"},
    )

    known = known_at(project_of(benefit(actuals=actuals)), TODAY).get("BEN-002")

    assert [actual.period.text for actual in known.actuals] == ["2026-02"]


def test_scenarios_of_names_that_no_figure_can_bear_get_one_that_it_can():
    names = ("All of them!", "All of them?", "sensitivity", "…")
    scenarios = tuple({"name": name, "scale": "1"} for name in names)

    keys = [state.key for state in state_of(benefit(scenarios=scenarios, plan=None)).scenarios]

    assert keys == ["All-of-them", "All-of-them-2", "sensitivity-3", "scenario-4"]


@given(st.integers(1, 1000), st.integers(2, 50))
def test_the_scale_scales_the_gross_run_rate(scale, factor):
    scenarios = ({"name": "a", "scale": str(scale)}, {"name": "b", "scale": str(scale * factor)})
    found = figures_of(benefit(scenarios=scenarios, plan="a"))

    small, large = (found[f"benefit.BEN-002.{name}.gross_run_rate"].value for name in "ab")
    assert large == small * factor


@given(st.permutations(CFO_CHAIN), st.permutations(CFO_SCENARIOS), st.permutations(("2026-01", "2026-02", "2026-03")))
@settings(max_examples=25)
def test_no_value_depends_on_the_order_in_which_things_are_written(chain, scenarios, months):
    def values(**fields):
        actuals = [{"period": month, "value": str(int(month[-2:]))} for month in fields.pop("months")]
        found = figures_of(benefit(actuals=tuple(actuals), **fields), *MEASURED)
        return {name: getattr(figure, "value", figure) for name, figure in found.items()}

    as_listed = values(value_driver=CFO_CHAIN, scenarios=CFO_SCENARIOS, months=("2026-01", "2026-02", "2026-03"))

    assert values(value_driver=tuple(chain), scenarios=tuple(scenarios), months=months) == as_listed


def test_a_hidden_benefit_is_nowhere():
    hidden = benefit("BEN-099", audience="restricted", title="Sale of the clinic")
    project = project_of(hidden, benefit(audience="client"), dimensions=("benefits",), currency="USD")

    told = repr(asdict(compute_facts(project, TODAY).visible_to("client", project)) | {"project": None, "status": None})

    assert "BEN-002" in told
    assert "BEN-099" not in told
    assert "Sale of the clinic" not in told


def test_a_hidden_measurement_shows_neither_in_the_forecast_nor_in_the_effect_of_a_release():
    records = [RECALL, *MODELS, recall(PRODUCTION, 1080), recall(CANDIDATE, 1053, audience="restricted")]
    labels = {"default_audience": "client", "currency": "USD"}
    project = project_of(benefit(audience="client"), *records, **labels)

    facts = compute_facts(project, TODAY).visible_to("client", project)

    assert isinstance(facts.figures["benefit.BEN-002.6.forecast"], Figure)
    assert "benefit.BEN-002.6.release_effect" not in facts.figures
    assert facts.benefits[0].release is None
    assert "70.2" not in repr(facts.benefits)


def test_an_unknown_effect_tells_nothing_of_versions_that_are_hidden():
    secret = model("MV-RW-9.9.9", stage="production", audience="restricted")
    project = project_of(benefit(audience="client"), RECALL, secret, default_audience="client", currency="USD")

    facts = compute_facts(project, TODAY).visible_to("client", project)

    assert "benefit.BEN-002.6.forecast" not in facts.figures
    assert facts.benefits[0].forecast is None


def test_no_id_of_a_hidden_record_stands_in_the_words_of_a_scenario():
    secret = risk("RSK-099", audience="restricted")
    scenarios = ({"name": "6", "title": "As RSK-099 allows", "scale": "6"},)
    project = project_of(benefit(audience="client", scenarios=scenarios), secret)

    facts = compute_facts(project, TODAY).visible_to("client", project)

    assert "RSK-099" not in repr((facts.benefits, facts.figures))
