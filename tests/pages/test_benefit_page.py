"""The page of a benefit: both answers, its scenarios, its chain, what it depends on, and what was realised."""

import pytest

from tests.pages.conftest import CHARTER

PAGE = "benefits/BEN-002/"
# domain 1.2.1: the CFO's question. Three and six hospitals are enough here.
BENEFIT = """\
id: BEN-002
title: Avoided readmissions
currency: USD
scale_unit: hospitals
plan: "6"
value_driver:
  - {name: eligible discharges, value: 8000, unit: discharges/hospital/year, basis: measured, source: records of 2025}
  - {name: readmission rate, value: 0.15, unit: ratio}
  - {name: recall, value: 0.72, unit: ratio, metric: M-recall}
  - {name: intervention effect, value: 0.05, unit: ratio, basis: assumed, low: 0.03, high: 0.07, source: literature}
  - {name: cost of a readmission, value: 15000, unit: USD}
costs: {one_off: 180000, running: 240000}
horizon: 36
discount_rate: {rate: 0.08}
scenarios:
  - {name: "3", scale: 3, start: 2026-10-01}
  - {name: "6", title: 6 of 12 hospitals, scale: 6, start: 2026-10-01}
"""
ACTUALS = """\
planned:
  - {period: 2026-02, value: 30000, low: 20000}
actuals:
  - {period: 2026-01, value: 24000}
  - {period: 2026-02, value: 31000.50, method: against the year before, attribution: one clinic}
"""
MODELS = {
    "metrics/M-recall.yml": "id: M-recall\ntitle: Recall\nunit: ratio\npolarity: higher_better\n",
    "metrics/M-accuracy.yml": "id: M-accuracy\ntitle: Accuracy\nunit: ratio\npolarity: higher_better\n",
    "models/MV-RW-1.6.2.yml": "id: MV-RW-1.6.2\ntitle: A\nmodel: RW\nversion: 1.6.2\nstage: production\n",
    "models/MV-RW-1.7.0.yml": "id: MV-RW-1.7.0\ntitle: B\nmodel: RW\nversion: 1.7.0\nstage: validation\n",
    "observations/o.yml": "".join(
        f"- {{metric: M-{metric}, subject: MV-RW-{version}, value: {value}, unit: ratio, as_of: 2026-04-14}}\n"
        for metric, version, value in (
            ("recall", "1.6.2", "0.72"),
            ("recall", "1.7.0", "0.70"),
            ("accuracy", "1.6.2", "0.874"),
            ("accuracy", "1.7.0", "0.864"),
        )
    ),
}


@pytest.fixture
def built(build):
    return build({"project.yml": CHARTER, "benefits/BEN-002.yml": BENEFIT + ACTUALS, **MODELS})


def page_of(build, benefit, *, audience="internal", **files):
    return build({"project.yml": CHARTER, "benefits/BEN-002.yml": benefit, **files}, audience=audience)


def table(built, caption):
    """Return the rows of the table whose caption begins so: heading and cells."""
    tables = [
        t for t in built.dom(PAGE).css("table") if t.css_first("caption") and caption in t.css_first("caption").text()
    ]
    rows = [[" ".join(cell.text().split()) for cell in row.css("th, td")] for row in tables[0].css("tbody tr")]
    return {row[0]: row[1:] for row in rows}


def test_the_two_honest_answers_stand_together(built):
    answers = [" ".join(one.text().split()) for one in built.dom(PAGE).css(".aipm-answers__one")]

    # domain 1.2.2: a page with the run-rate alone would mislead.
    assert answers[:2] == [
        "Once live, in a full year USD 2.45 million net a year",
        "In the fiscal year USD 468,000 net cost in fiscal 2026",
    ]
    assert answers[3] == "If the candidate is released USD 108,000 a year less than with production"


def test_a_metric_without_a_driver_is_named(built):
    assert "No financial effect is estimated for Accuracy: no driver is defined for it." in built.text(PAGE)


def test_the_table_of_scenarios_is_the_cfos(built):
    # domain 1.2.2, the CFO's table at 3 and 6 hospitals.
    assert table(built, "Scenarios, in USD") == {
        "Live from": ["2026-10-01", "2026-10-01"],
        "Gross a year": ["1,944,000", "3,888,000"],
        "Running a year": ["720,000", "1,440,000"],
        "One-off": ["540,000", "1,080,000"],
        "Net a year": ["1,224,000", "2,448,000"],
        "FY2026 net": ["−234,000", "−468,000"],
        "FY2027 net": ["1,224,000", "2,448,000"],
        "FY2028 net": ["1,224,000", "2,448,000"],
        "FY2029 net": ["918,000", "1,836,000"],
        "Payback, months after the start": ["5.3", "5.3"],
        "Return on investment, first 12 months": ["54.3 %", "54.3 %"],
        "Net present value, 36 months": ["2,614,367", "5,228,733"],
    }
    heads = [" ".join(head.text().split()) for head in built.dom(PAGE).css("thead")[0].css("th")]
    assert heads == ["Measure", "3 hospitals", "6 of 12 hospitals (the plan)"]


def test_every_amount_leads_to_how_it_was_computed(built):
    links = [a.attributes["href"] for a in built.dom(PAGE).css(".aipm-numbers .aipm-figure, .aipm-answers a")]

    assert "aipm-root:/figures/#benefit-BEN-002-6-net_run_rate" in links
    anchors = {f"aipm-root:/figures/#{anchor}" for anchor in built.pages["figures/"].anchors}
    assert set(links) <= anchors


def test_the_chain_shows_value_range_basis_source_and_metric(built):
    chain = table(built, "The chain of drivers")

    assert chain["intervention effect"] == ["5 %", "3 % to 7 %", "assumed", "literature", ""]
    assert chain["eligible discharges"][0] == "8,000 discharges/hospital/year"
    assert chain["cost of a readmission"][0] == "USD 15,000"
    assert chain["recall"][4] == "M-recall Recall"


def test_what_it_depends_on_and_where_it_breaks_even(built):
    # domain 1.2.2, sensitivity and break-even.
    assert table(built, "The plan at the low and the high") == {
        "intervention effect 5 %": ["892,800 at 3 %", "4,003,200 at 7 %", "−856,800", "−79,200", "3,110,400"]
    }
    text = built.text(PAGE)
    assert "as written 2,448,000 a year, and −468,000 in FY2026" in text
    assert "It covers its running cost at intervention effect 1.85 %; its one-off cost as well" in text
    assert "at intervention effect 2.31 %." in text


def test_what_was_realised_stands_with_its_plan_and_its_silence(built):
    assert table(built, "What was realised, in USD") == {
        "February 2026": ["31,000.50", "30,000", "20,000", "against the year before", "one clinic"],
        "January 2026": ["24,000", "", "", "", ""],
    }
    # domain 1.2.2, A20.
    assert "Realised benefits: not reported since 28 February 2026 (46 days; limit 31)" in built.text(PAGE)


def test_before_the_start_it_says_when_the_first_actual_is_due(build):
    assert "Realised benefits: not reported yet (first due 31 October 2026)" in page_of(build, BENEFIT).text(PAGE)


def test_what_is_not_known_is_said_once_with_its_reason(build):
    bare = BENEFIT.replace("discount_rate: {rate: 0.08}\n", "").replace("start: 2026-10-01", "title: X", 1)

    built = page_of(build, bare)

    assert table(built, "Scenarios, in USD")["Net present value, 36 months"] == ["unknown", "unknown"]
    assert table(built, "Scenarios, in USD")["FY2026 net"][0] == "unknown"
    assert built.text(PAGE).count("no discount rate is given") == 1
    assert "In the fiscal year: the scenario has no start" in built.text(PAGE)


def test_without_a_plan_no_scenario_is_the_answer(build):
    built = page_of(build, BENEFIT.replace('plan: "6"\n', ""))

    assert built.dom(PAGE).css_first(".aipm-answers") is None
    assert "None of its scenarios is called the plan" in built.text(PAGE)


def test_a_ramp_is_told_in_words(build):
    ramp = BENEFIT.replace("scale: 6,", "scale: 6, ramp: [{month: 0, share: 0.5}, {month: 6, share: 1}],")

    assert (
        "Ramp of 6 of 12 hospitals: 50 % of the benefit from month 0 on, 100 % of the benefit from month 6 on."
        in page_of(build, ramp).text(PAGE)
    )


def test_what_a_release_would_change_is_not_told_to_those_who_may_not_see_the_model(build):
    secret = {path: text + "audience: restricted\n" if "models/" in path else text for path, text in MODELS.items()}

    built = page_of(build, BENEFIT + "audience: public\n", audience="client", **secret)

    assert len(built.dom(PAGE).css(".aipm-answers__one")) == 2
    assert "108,000" not in built.text(PAGE)
    assert "candidate" not in built.text(PAGE)
