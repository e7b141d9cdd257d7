"""The figures of money: their values, words, dates, labels and what they are held against."""

from datetime import date
from fractions import Fraction
from itertools import permutations

import pytest

from aipm_site.facts.burn import burn_figures
from aipm_site.facts.cost import cost_state
from aipm_site.facts.cost_figures import earned_value_figures
from aipm_site.facts.facts import compute_facts
from aipm_site.facts.figure import Unknown
from aipm_site.facts.numbers import rounded
from aipm_site.facts.pace import earned_schedule_figures
from tests.facts.builders import TODAY, as_of, project_of
from tests.facts.money_builders import (
    CURVE,
    END_OF_MARCH,
    baseline,
    budget_line,
    by_month,
    cost,
    costs,
    ledger_of,
    readmission_watch,
    task,
)
from tests.snapshots import project_of as loaded

# architecture.md §5: the names of the figures of money and of earned schedule.
NAMES = {
    "cost.bac",
    "cost.pv",
    "cost.ev",
    "cost.ac",
    "cost.sv",
    "cost.cv",
    "cost.spi",
    "cost.cpi",
    "cost.eac",
    "cost.eac_atypical",
    "cost.eac_composite",
    "cost.eac_bottom_up",
    "cost.etc",
    "cost.vac",
    "cost.tcpi_bac",
    "schedule.es",
    "schedule.sv_t",
    "schedule.spi_t",
    "schedule.ieac_t",
}
PLANNED = by_month("2026-01", [100, 100, 100, 100])


def figures_of(*records, **fields):
    ledger = ledger_of(*records, **fields)
    made = (*earned_value_figures(ledger), *burn_figures(ledger), *earned_schedule_figures(ledger))
    return {figure.name: figure for figure in made}


def test_every_figure_that_the_contract_names_is_there():
    assert figures_of(*readmission_watch()).keys() >= NAMES
    assert compute_facts(project_of(*readmission_watch()), TODAY).figures.keys() >= NAMES


def test_readmission_watch_in_words():
    # domain 1.2.2, A12 and A13; money to three significant figures in prose (domain 4.3).
    figures = figures_of(*readmission_watch())

    assert {name: figures[name].text for name in NAMES - {"cost.eac_bottom_up"}} == {
        "cost.bac": "USD\u00a01.20\u00a0million",
        "cost.pv": "USD\u00a0480,000",
        "cost.ev": "USD\u00a0444,000, as declared",
        "cost.ac": "USD\u00a0472,000",
        "cost.sv": "USD\u00a0−36,000 (−7.5\u00a0%)",
        "cost.cv": "USD\u00a0−28,000 (−6.3\u00a0%)",
        # Two decimals where they do not cross a limit: 0.925 is still below 0.95, 0.9407 too.
        "cost.spi": "0.93",
        "cost.cpi": "0.94",
        "cost.eac": "USD\u00a01.28\u00a0million",
        # By hand: 472,000 + 756,000, and 472,000 + 756,000 ÷ (0.925 × 444/472) = 1,340,839.
        "cost.eac_atypical": "USD\u00a01.23\u00a0million",
        "cost.eac_composite": "USD\u00a01.34\u00a0million",
        "cost.etc": "USD\u00a0804,000",
        "cost.vac": "USD\u00a0−75,700 (−6.3\u00a0%)",
        "cost.tcpi_bac": "1.04",
        "schedule.es": "4.70\u00a0months",
        "schedule.sv_t": "−0.30\u00a0months",
        "schedule.spi_t": "0.94",
        "schedule.ieac_t": "12.77\u00a0months",
    }


def test_every_figure_speaks_for_the_cut_off_and_has_sources():
    figures = figures_of(*readmission_watch()).values()

    assert {figure.as_of for figure in figures if not isinstance(figure, Unknown)} == {END_OF_MARCH}
    assert all(figure.sources for figure in figures)


def test_what_each_is_held_against():
    figures = figures_of(*readmission_watch())

    against = {name: (c.kind, c.value) for name, f in figures.items() if (c := getattr(f, "comparator", None))}
    assert against["cost.cpi"] == against["schedule.spi_t"] == ("target", 1)
    assert against["cost.eac"] == ("baseline", 1_200_000)
    assert against["cost.vac"] == against["schedule.sv_t"] == ("target", 0)
    # domain 1.2.1 in the split of the builders: by 28 February 362,000 was spent, 334,000 earned, 360,000 planned.
    assert against["cost.ac"] == ("previous", 362_000)
    assert against["cost.cv"] == ("previous", -28_000)
    assert against["schedule.es"] == ("target", 5)
    assert against["schedule.ieac_t"] == ("baseline", 12)
    assert figures["cost.ac"].comparator.as_of == date(2026, 2, 28)


def test_the_first_period_has_nothing_before_it():
    line = budget_line(planned=PLANNED, earned=by_month("2026-01", [90]))

    assert figures_of(line, cost("2026-01", 80))["cost.ev"].is_first


def test_the_budget_is_held_against_what_was_promised_first():
    first = baseline(planned_value=by_month("2025-11", [k * 900 for k in CURVE]), date="2025-10-20")
    second = baseline(
        "BSL-1", number=1, supersedes="BSL-0", planned_value=by_month("2025-11", [k * 1000 for k in CURVE])
    )

    bac = figures_of(*readmission_watch(), first, second)["cost.bac"]

    assert (bac.comparator.value, bac.comparator.as_of) == (1_080_000, date(2025, 10, 20))
    assert "BSL-0" in [source.record_id for source in bac.sources]


def test_what_is_measured_by_the_curve_of_a_baseline_knows_which_it_was():
    curve = by_month("2025-11", [k * 1000 for k in CURVE])
    first, second = baseline(planned_value=curve), baseline("BSL-1", number=1, supersedes="BSL-0", planned_value=curve)
    names = ("cost.sv", "cost.spi", "schedule.spi_t", "cost.cv", "cost.eac")

    before, after = figures_of(*readmission_watch(), first), figures_of(*readmission_watch(), first, second)

    # CV = EV − AC and EAC = BAC ÷ CPI do not ask what was planned by when.
    assert [before[name].baseline for name in names] == ["BSL-0", "BSL-0", "BSL-0", None, None]
    assert [after[name].baseline for name in names] == ["BSL-1", "BSL-1", "BSL-1", None, None]


def test_an_early_index_is_called_so():
    # PMI on DoD programmes (domain 3.1): below 15 % complete CPI is not stable. 50 of 400 are 12.5 %.
    line = budget_line(planned=PLANNED, earned=by_month("2026-01", [50]))

    assert figures_of(line, cost("2026-01", 80))["cost.cpi"].text == "0.63 (early, unstable)"


def test_an_index_is_not_rounded_over_a_limit():
    # 94.68 of 100 is below 0.95, where it turns amber.
    line = budget_line(planned=PLANNED, earned=by_month("2026-01", ["94.68"]))

    assert figures_of(line, cost("2026-01", 100))["cost.spi"].text == "0.947"


def test_a_formula_says_how_value_is_earned_and_up_to_when():
    figures = figures_of(*readmission_watch())
    assert figures["cost.ev"].formula.startswith("Σ earned of the budget lines, as declared; up to 31 March 2026")

    line, done = budget_line(planned=PLANNED), task(budget=90, status="done", finished="2026-01-09")
    earned = figures_of(line, done, cost("2026-01", 80))["cost.ev"]
    assert earned.formula.startswith("Σ budget × earned share of the tasks; up to 31 January 2026")
    assert "declared" not in earned.text


def test_without_earned_value_what_needs_it_says_so():
    figures = figures_of(budget_line(planned=PLANNED), *costs("2026-01", [80, 80, 80]))

    assert figures["cost.cpi"].reason == figures["schedule.spi_t"].reason
    assert figures["cost.cpi"].reason.startswith("no earned value is recorded")
    assert (figures["cost.ac"].value, figures["cost.ac"].as_of) == (240, END_OF_MARCH)


def test_without_money_there_are_no_figures_of_it():
    assert figures_of() == {}
    assert cost_state(ledger_of()) is None


def test_nothing_measurable_is_unknown_and_never_zero():
    figures = figures_of(budget_line(planned=PLANNED))

    assert figures["cost.bac"].value == 400
    assert all(isinstance(figures[name], Unknown) for name in NAMES - {"cost.bac"})


def test_burn_is_the_mean_of_three_months_and_runway_what_is_left_at_that():
    # By hand: 330,000 in three months are 110,000 a month; (1,200,000 − 472,000) ÷ 110,000 = 6.618 of 7 months.
    figures = figures_of(*readmission_watch())

    assert figures["cost.burn"].value == 110_000
    assert (figures["cost.burn"].unit, figures["cost.burn"].text) == ("USD a month", "USD\u00a0110,000 a month")
    assert rounded(figures["cost.runway_months"].value, 3) == Fraction(6618, 1000)
    assert figures["cost.runway_months"].comparator.value == 7


def test_burn_of_less_than_three_months_is_the_mean_of_those():
    # domain 3.8 in small: all that was spent over all closed months.
    line = budget_line(planned=PLANNED)

    assert figures_of(line, *costs("2026-01", [80, 100]))["cost.burn"].value == 90


def test_a_quarter_that_is_billed_as_one_has_no_months():
    # By hand: 90 in three months; the three months to the end of April begin within the quarter.
    line = budget_line(planned=by_month("2026-01", [100] * 9))

    assert figures_of(line, cost("2026-Q1", 90))["cost.burn"].value == 30
    april = figures_of(line, cost("2026-Q1", 90), cost("2026-04", 30), as_of=as_of("2026-05-15"))
    assert april["cost.burn"].reason == "cost is not recorded month by month"
    assert april["cost.runway_months"].reason == "cost is not recorded month by month"


def test_the_state_holds_range_and_series_for_reports_and_charts():
    # By hand as above: the estimates lie between 1,228,000 and 1,340,839.
    state = cost_state(ledger_of(*readmission_watch()))

    assert state.eac_range_text == "USD\u00a01.23\u00a0million to USD\u00a01.34\u00a0million"
    assert (state.cut_off, state.costed_to, state.currency, state.is_declared) == (
        END_OF_MARCH,
        END_OF_MARCH,
        "USD",
        True,
    )
    points = {point.day: (point.pv, point.ev, point.ac) for point in state.series}
    assert points[END_OF_MARCH] == (480_000, 444_000, 472_000)
    assert points[date(2026, 10, 31)] == (1_200_000, None, None)


def test_a_figure_is_as_strict_as_the_strictest_of_its_sources():
    line, *rows = readmission_watch(audience="client")
    secret = cost("2026-03", 5, type="accrual", audience="restricted")
    project = project_of(line, *rows, secret)

    facts = compute_facts(project, TODAY)

    labels = {name: facts.figures[name].audience for name in ("cost.bac", "cost.ev", "cost.ac", "cost.cpi", "cost.eac")}
    assert labels == {
        "cost.bac": "client",
        "cost.ev": "client",
        "cost.ac": "restricted",
        "cost.cpi": "restricted",
        "cost.eac": "restricted",
    }
    seen = facts.visible_to("client", project)
    assert {name for name in seen.figures if name.startswith("cost.")} == {
        "cost.bac",
        "cost.pv",
        "cost.ev",
        "cost.sv",
        "cost.spi",
    }
    assert seen.cost is None
    assert seen.status.dimension("cost") is None or seen.status.dimension("cost").status == "not_applicable"


def test_a_reason_names_no_record_to_those_who_may_not_see_it():
    open_line = budget_line(planned=PLANNED, earned=by_month("2026-01", [90]), audience="client")
    secret = budget_line("BUD-099", planned=PLANNED, audience="restricted")
    project = project_of(open_line, secret, cost("2026-01", 80, audience="client"), dimensions=("cost",))

    seen = compute_facts(project, TODAY).visible_to("client", project)

    assert "BUD-099" not in repr((seen.figures, seen.status, seen.cost))


FILES = {
    "project.yml": "id: PRJ-001\ntitle: P\ncurrency: USD\n",
    "budget/one.yml": "id: BUD-001\ntitle: One\ncurrency: USD\nplanned:\n  - {period: 2026-01, amount: 100}\n",
    "budget/two.yml": (
        "id: BUD-002\ntitle: Two\ncurrency: USD\nplanned:\n  - {period: 2026-01, amount: 50}\n"
        "earned:\n  - {period: 2026-01, amount: 40}\n"
    ),
    "tasks/one.yml": (
        "id: TSK-001\ntitle: T\nstatus: done\nfinished: 2026-01-20\nbudget: 70\ncontrol_account: BUD-001\n"
        "ev_method: 0/100\n"
    ),
}
ROWS = (
    "- {period: 2026-01, amount: 60, budget_line: BUD-001}\n",
    "- {period: 2026-01, amount: 30.10, budget_line: BUD-002}\n",
    "- {period: 2026-01, amount: 7, budget_line: BUD-001, type: accrual}\n",
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_figures_are_the_same_in_every_order_of_files_and_rows(order):
    names = [list(FILES)[1:][i] for i in order]
    renamed = {
        f"{name.partition('/')[0]}/{place}-{name.partition('/')[2]}": FILES[name] for place, name in enumerate(names)
    }
    shuffled = renamed | {"costs/costs.yml": "".join(ROWS[i] for i in order), "project.yml": FILES["project.yml"]}

    assert told(shuffled) == told(FILES | {"costs/costs.yml": "".join(ROWS)})


def told(files):
    figures = loaded(files)[1].figures
    money = {name: figure for name, figure in figures.items() if name.startswith(("cost.", "schedule."))}
    assert money["cost.ev"].value == 110
    assert money["cost.ac"].value == Fraction("97.1")
    return {
        name: (f.reason if isinstance(f, Unknown) else (f.value, f.text, f.formula), [s.record_id for s in f.sources])
        for name, f in money.items()
    }


def test_a_period_has_the_variances_and_indices_of_its_sums():
    # domain §1: PV 480, EV 444 and AC 472 thousand at the end of March, so SV −36, CV −28, SPI 0.925, CPI 444 ÷ 472.
    points = {point.day: point for point in cost_state(ledger_of(*readmission_watch())).series}

    march, april = points[END_OF_MARCH], points[date(2026, 4, 30)]

    assert (march.sv, march.cv) == (-36_000, -28_000)
    assert (march.spi, march.cpi) == (Fraction(37, 40), Fraction(111, 118))
    assert (april.sv, april.cv, april.spi, april.cpi) == (None, None, None, None)
