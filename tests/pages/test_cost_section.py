"""Above the budget register stands what was planned, earned and spent by each period's end."""

from tests.pages.conftest import CHARTER

# Two months: 100 planned in each, 90 earned and 120 spent in January (hand calculation: SV −10, CV −30, SPI 0.90,
# CPI 0.75, EAC 200 ÷ 0.75 = 267).
LINE = """\
id: BUD-001
title: People
currency: EUR
owner: Project manager
planned: [{period: 2026-01, amount: 100}, {period: 2026-02, amount: 100}]
earned: [{period: 2026-01, amount: 90, method: plan review, source: minutes}]
"""
COST = "- {period: 2026-01, amount: 120, type: actual, budget_line: BUD-001, source: books, posted_on: 2026-02-03}\n"
MONEY = {"project.yml": CHARTER + "currency: EUR\n", "budget/BUD-001.yml": LINE, "costs/2026.yml": COST}


def rows(built):
    table = built.dom("budget/").css_first("table.aipm-numbers")
    return [[cell.text(strip=True) for cell in row.css("th, td")] for row in table.css("tbody tr")]


def test_each_period_has_its_sums_and_indices_up_to_the_cut_off(build):
    assert rows(build(MONEY)) == [
        ["2026-01-31", "100", "90", "120", "−10", "−30", "0.90", "0.75"],
        ["2026-02-28", "200", "", "", "", "", "", ""],
    ]


def test_the_values_of_the_cut_off_lead_to_how_they_were_computed(build):
    built = build(MONEY)

    links = {link.attributes["href"] for link in built.dom("budget/").css("table.aipm-numbers a")}

    assert links == {f"aipm-root:/figures/#cost-{name}" for name in ("pv", "ev", "ac", "sv", "cv", "spi", "cpi")}
    assert {link.partition("#")[2] for link in links} <= set(built.pages["figures/"].anchors)


def test_budget_and_estimate_at_completion_stand_above_it(build):
    text = build(MONEY).text("budget/")

    assert "Budget at completion (BAC) EUR 200" in text
    assert "Estimate at completion (EAC) EUR 267" in text
    assert "in EUR, earned value as declared; earned and spent up to 31 January 2026" in text


def test_amounts_of_two_currencies_are_not_added(build):
    other = LINE.replace("BUD-001", "BUD-002").replace("currency: EUR", "currency: USD")

    assert build(MONEY | {"budget/BUD-002.yml": other}).dom("budget/").css_first("table.aipm-numbers") is None


def test_who_may_not_see_a_cost_sees_no_sum_with_it(build):
    hidden = MONEY | {"costs/2026.yml": COST.replace("amount: 120", "audience: restricted, amount: 120")}

    built = build(hidden, audience="internal")

    assert built.dom("budget/").css_first("table.aipm-numbers") is None
    assert "120" not in built.text("budget/")
