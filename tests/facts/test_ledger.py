"""What is planned, earned and spent, and up to which day the three can be compared."""

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_site.facts.ledger import NO_BUDGET, NO_COST, NOT_EARNED
from tests.facts.builders import as_of
from tests.facts.money_builders import (
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

PLANNED = by_month("2026-01", [100, 100, 100, 100])
EARNED = by_month("2026-01", [90, 90, 90])
LINE = budget_line(planned=PLANNED, earned=EARNED)


def test_readmission_watch_speaks_for_the_end_of_march():
    # domain 3.1, cut-off: 31 March 2026; domain 1.2.1: BAC 1,200,000, PV 480,000, EV 444,000, AC 472,000.
    ledger = ledger_of(*readmission_watch())

    values = ledger.at(ledger.cut_off)
    assert ledger.cut_off == END_OF_MARCH
    assert (values.bac, values.pv, values.ev, values.ac) == (1_200_000, 480_000, 444_000, 472_000)


def test_the_cut_off_is_the_last_day_for_which_both_are_given():
    assert ledger_of(LINE, *costs("2026-01", [80, 80])).cut_off == date(2026, 2, 28)
    late = budget_line(planned=PLANNED, earned=by_month("2026-01", [90, 90]))
    assert ledger_of(late, *costs("2026-01", [80, 80, 80])).cut_off == date(2026, 2, 28)


def test_a_period_that_runs_is_not_closed():
    # domain, trap 24: on 15 April the cost of April is partial.
    april = budget_line(planned=PLANNED, earned=by_month("2026-01", [90, 90, 90, 45]))

    ledger = ledger_of(april, *costs("2026-01", [80, 80, 80, 40]))

    assert ledger.cut_off == END_OF_MARCH
    assert ledger.at(ledger.cut_off).ac == 240


def test_the_last_day_itself_is_over_for_a_date():
    assert ledger_of(LINE, *costs("2026-01", [80] * 3), as_of=as_of("2026-03-31")).cut_off == END_OF_MARCH
    assert ledger_of(LINE, *costs("2026-01", [80] * 3), as_of=as_of("2026-03-30")).cut_off == date(2026, 2, 28)


def test_books_that_are_open_at_the_as_of_are_not_compared():
    march = cost("2026-03", 80, close_date="2026-04-16")

    assert ledger_of(LINE, *costs("2026-01", [80, 80]), march).cut_off == date(2026, 2, 28)
    assert ledger_of(LINE, *costs("2026-01", [80, 80]), march, as_of=as_of("2026-04-16")).cut_off == END_OF_MARCH


def test_what_is_ordered_is_no_cost_and_what_is_accrued_is():
    rows = (cost("2026-01", 80), cost("2026-01", 7, type="accrual"), cost("2026-01", 500, type="commitment"))

    assert ledger_of(LINE, *rows).at(date(2026, 1, 31)).ac == 87


def test_a_correction_is_added_to_what_it_corrects():
    rows = (cost("2026-01", 80, id="CST-2026-01"), cost("2026-01", -5, corrects="CST-2026-01"))

    assert ledger_of(LINE, *rows).at(date(2026, 1, 31)).ac == 75


def test_management_reserve_is_not_in_the_budget_and_what_is_spent_of_it_is_cost():
    # domain 2.4: BAC = Σ planned excluding management reserve.
    reserve = budget_line("BUD-009", planned=PLANNED, category="management_reserve")

    ledger = ledger_of(LINE, reserve, cost("2026-01", 80), cost("2026-01", 3, line="BUD-009"))

    assert ledger.at(ledger.cut_off).bac == 400
    assert ledger.at(ledger.cut_off).ac == 83


def test_currencies_are_never_added():
    # domain, trap 15.
    ledger = ledger_of(LINE, cost("2026-01", 80, currency="EUR"))

    assert ledger.at(ledger.status_day).ac == ledger.at(None).bac == "amounts in EUR and USD are not added"


def test_what_names_no_currency_has_that_of_its_line_or_of_the_project():
    other = cost("2026-01", 1, line=None, id="CST-2026-01-x")

    assert ledger_of(LINE, cost("2026-01", 80), currency="EUR").currencies == ("USD",)
    assert ledger_of(LINE, other, currency="EUR").currencies == ("EUR", "USD")
    assert ledger_of(LINE, other).currencies == ("USD",)


def test_tasks_earn_by_their_dates():
    line = budget_line(planned=PLANNED)
    done = task(budget=150, status="done", finished="2026-03-31")
    later = task("TSK-002", budget=150, status="done", finished="2026-04-01")

    ledger = ledger_of(line, done, later, *costs("2026-01", [80, 80, 80]))

    assert ledger.at(END_OF_MARCH).ev == 150
    assert ledger.at(date(2026, 2, 28)).ev == 0


def test_what_is_earned_by_tasks_and_declared_as_well_is_not_known():
    ledger = ledger_of(LINE, task(budget=150), *costs("2026-01", [80, 80, 80]))

    assert (ledger.cut_off, ledger.earned_by(END_OF_MARCH)) == (
        None,
        "BUD-001 is earned by its tasks and declared as well",
    )


def test_an_account_that_says_nothing_of_its_work_makes_earned_value_unknown():
    silent = budget_line("BUD-002", planned=PLANNED)

    ledger = ledger_of(LINE, silent, *costs("2026-01", [80, 80, 80]))

    assert ledger.cut_off is None
    assert ledger.at(ledger.status_day).ev == "BUD-002 has no task with a budget and declares no earned value"
    assert ledger.at(ledger.status_day).ac == 240


def test_what_is_not_to_be_earned_yet_is_nothing():
    held_back = budget_line("BUD-002", planned=PLANNED, category="contingency")
    later = budget_line("BUD-003", planned=by_month("2026-05", [100]))

    ledger = ledger_of(LINE, held_back, later, *costs("2026-01", [80, 80, 80]))

    assert (ledger.cut_off, ledger.at(ledger.cut_off).ev) == (END_OF_MARCH, 270)


def test_an_account_that_has_earned_everything_need_not_declare_more():
    short = budget_line("BUD-002", planned=by_month("2026-01", [50]), earned=by_month("2026-01", [50]))

    assert ledger_of(LINE, short, *costs("2026-01", [80] * 3)).at(END_OF_MARCH).ev == 320


def test_without_earned_value_budget_and_cost_are_known_all_the_same():
    values = ledger_of(budget_line(planned=PLANNED), *costs("2026-01", [80, 80, 80])).at(END_OF_MARCH)

    assert (values.bac, values.pv, values.ac, values.ev) == (400, 300, 240, NOT_EARNED)


def test_without_anything_it_says_what_is_missing():
    assert ledger_of(LINE).at(None).ac == NO_COST
    assert ledger_of(LINE).at(None).bac == 400
    assert ledger_of(cost("2026-01", 80)).at(date(2026, 1, 31)).bac == NO_BUDGET


def test_quarters_and_months_stand_side_by_side_at_the_ends_of_quarters():
    # A share of a quarter is not invented: at the end of February nobody knows.
    quarter = budget_line(
        "BUD-002",
        planned=({"period": "2026-Q1", "amount": "60"},),
        earned=({"period": "2026-Q1", "amount": "45"},),
    )

    ledger = ledger_of(LINE, quarter, *costs("2026-01", [80, 80, 80]), cost("2026-Q1", 50, line="BUD-002"))

    assert ledger.compared_days == (END_OF_MARCH,)
    values = ledger.at(END_OF_MARCH)
    assert (values.pv, values.ev, values.ac) == (360, 315, 290)


def test_after_the_plan_its_value_stays():
    assert ledger_of(LINE, *costs("2026-01", [80] * 3)).plan.at(date(2026, 12, 31)) == 400


def test_the_curve_of_the_last_baseline_is_the_plan():
    first = baseline(planned_value=by_month("2026-01", [100, 200, 300, 400]))
    second = baseline("BSL-1", number=1, supersedes="BSL-0", planned_value=by_month("2026-01", [50, 150, 250, 400]))

    assert ledger_of(LINE, first, second, *costs("2026-01", [80] * 3)).at(END_OF_MARCH).pv == 250
    assert ledger_of(LINE, first, *costs("2026-01", [80] * 3)).at(END_OF_MARCH).pv == 300


def test_new_estimates_make_the_whole_from_below():
    estimated = budget_line(planned=PLANNED, earned=EARNED, to_complete=({"period": "2026-03", "amount": "200"},))

    values = ledger_of(estimated, *costs("2026-01", [80, 80, 80])).at(END_OF_MARCH)

    assert values.eac_bottom_up == 440


def test_an_estimate_of_another_day_is_none():
    old = budget_line(planned=PLANNED, earned=EARNED, to_complete=({"period": "2026-02", "amount": "200"},))

    values = ledger_of(old, *costs("2026-01", [80, 80, 80])).at(END_OF_MARCH)

    assert values.eac_bottom_up == "BUD-001 gives no estimate of what is to be spent after 31 March 2026"


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=18), st.integers(0, 18))
def test_when_everything_is_earned_earned_value_is_the_budget(amounts, late):
    planned = by_month("2022-01", amounts)
    earned = by_month("2022-01", [0] * late + amounts)

    ledger = ledger_of(budget_line(planned=planned, earned=earned), *costs("2022-01", [1] * (late + len(amounts))))

    values = ledger.at(ledger.cut_off)
    assert ledger.cut_off == ledger.spent.last_day < date(2026, 1, 1)
    assert values.ev == values.bac == Fraction(sum(amounts))
