"""What budget, earned value and cost say that cannot all be right: GAO's list of data checks."""

from __future__ import annotations

import pytest

from tests.snapshots import found, project_of

# `found` speaks as of 15 April 2026, so March is the last period that is over.
LINE = "id: BUD-001\ntitle: People\ncategory: people\nowner: sponsor\ncurrency: USD\nreviewed_on: 2026-04-13\n"
MONTHS = ("2026-01", "2026-02", "2026-03")


def amounts(name: str, *values: object) -> str:
    rows = "".join(f"  - {{period: {month}, amount: {value}, method: m, source: s}}\n" for month, value in by(values))
    return f"{name}:\n{rows}" if name == "earned" else f"{name}:\n{rows}".replace(", method: m, source: s", "")


def by(values: tuple[object, ...]) -> list[tuple[str, object]]:
    names = [f"2026-{number:02}" for number in range(1, len(values) + 1)]
    return list(zip(names, values, strict=True))


def row(period: str, amount: object, line: str = "BUD-001", more: str = "") -> str:
    beside = f"source: payroll, posted_on: {period[:7]}-28"
    return f"- {{period: {period}, amount: {amount}, budget_line: {line}, {beside}{more}}}\n"


def costs(*values: object) -> str:
    return "".join(row(month, value) for month, value in by(values))


def warned(line: str, rows: str = "", **files: str) -> list[str]:
    given = {"budget/a.yml": LINE + line, "costs/a.yml": rows} | {
        name.replace("__", "/") + ".yml": text for name, text in files.items()
    }
    return found({name: text for name, text in given.items() if text}, severity="warning")


PLAN = amounts("planned", 100, 100, 100, 100)
EARNED = amounts("earned", 90, 90, 90)


def test_money_that_holds_is_told_nothing() -> None:
    assert warned(PLAN + EARNED, costs(80, 80, 80)) == []


def test_a_cost_without_a_budget_line_warns() -> None:
    # domain 2.4: cost with no budget line warns; the field is expected of every cost.
    free = "- {period: 2026-01, amount: 5, currency: USD, source: payroll, posted_on: 2026-01-28}\n"

    assert warned(PLAN, free + costs(80, 80, 80)) == ["costs/a.yml:1 fields-not-given"]


def test_what_is_earned_has_a_cost() -> None:
    other = row("2026-03", 5, "BUD-002")
    second = LINE.replace("BUD-001", "BUD-002") + PLAN + amounts("earned", 1, 1, 1)

    assert warned(PLAN + EARNED, other, budget__b=second) == ["budget/a.yml:12 earned-without-cost"]


def test_what_is_earned_has_a_cost_also_where_none_is_recorded_at_all() -> None:
    ordered = row("2026-03", 80, more=", type: commitment")

    assert warned(PLAN + EARNED) == ["budget/a.yml:12 earned-without-cost"]
    # What is ordered is no cost yet.
    assert warned(PLAN + EARNED, ordered) == ["budget/a.yml:12 earned-without-cost"]
    assert warned(PLAN + amounts("earned", 0, 0, 0)) == []
    # The books of the only month are open: its cost is on the way.
    assert warned(PLAN + amounts("earned", 90), row("2026-03", 80, more=", close_date: 2026-04-20")) == []


def test_what_tasks_earn_has_a_cost_also_where_none_is_recorded_at_all() -> None:
    task = (
        "id: TSK-001\ntitle: T\ntype: data\nowner: o\nmilestone: MS-01\nbudget: 10\ncontrol_account: BUD-001\n"
        "ev_method: 50/50\nstatus: in_progress\nstarted: 2026-03-02\n"
    )
    milestone = "id: MS-01\ntitle: M\nbaseline_date: 2026-06-15\n"

    told = warned(PLAN, tasks__a=task, milestones__a=milestone)

    assert [line for line in told if "earned" in line] == ["budget/a.yml:1 earned-without-cost"]


def test_corrections_do_not_take_away_more_than_was_booked() -> None:
    # GAO's "negative ACWP"; by hand, 80 + 80 + 80 − 240 is 0, and one more is below it.
    def corrected(amount: int) -> str:
        more = ", id: CST-2026-03-less, corrects: CST-2026-03-BUD-001-actual"
        return costs(80, 80, 80) + row("2026-03", amount, more=more)

    assert warned(PLAN, corrected(-240)) == []
    assert warned(PLAN, corrected(-241)) == ["costs/a.yml:4 negative-amount"]


def test_what_is_earned_was_planned_by_then() -> None:
    later = "planned:\n  - {period: 2026-05, amount: 400}\n"

    assert warned(later + EARNED, costs(80, 80, 80)) == ["budget/a.yml:9 earned-without-plan"]


def test_what_is_spent_has_earned_something() -> None:
    second = LINE.replace("BUD-001", "BUD-002") + PLAN + amounts("earned", 0, 0, 0)
    spent = costs(80, 80, 80) + row("2026-03", 5, "BUD-002")

    assert warned(PLAN + EARNED, spent, budget__b=second) == ["budget/b.yml:1 cost-without-earned-value"]
    # Where nobody measures earned value, none is missing.
    assert warned(PLAN, costs(80, 80, 80)) == []


def test_nobody_earns_more_than_the_budget() -> None:
    assert warned(PLAN + amounts("earned", 150, 150, 150), costs(80, 80, 80)) == ["budget/a.yml:12 earned-above-budget"]
    assert warned(PLAN + amounts("earned", 130, 130, 140), costs(80, 80, 80)) == []


def test_nobody_spends_more_than_the_whole_was_estimated_at() -> None:
    def estimated(amount: int) -> str:
        return f"to_complete:\n  - {{period: 2026-02, amount: {amount}}}\n"

    # By hand: 160 spent by February and 79 to come are 239; 240 were spent by March.
    assert warned(PLAN + EARNED + estimated(79), costs(80, 80, 80)) == ["budget/a.yml:17 cost-above-estimate"]
    assert warned(PLAN + EARNED + estimated(80), costs(80, 80, 80)) == []


BASELINE = "id: BSL-0\ntitle: First\nnumber: 0\ndate: 2026-01-01\napproved_by: sponsor\nreason: r\nowner: sponsor\n"


@pytest.mark.parametrize(("end", "wrong"), [(400, []), (399, ["baselines/a.yml:11 baseline-budget-differs"])])
def test_the_curve_of_the_baseline_ends_at_the_budget(end: int, wrong: list[str]) -> None:
    # With it GAO's "BCWS above BAC": a curve that ends at the budget is never above it.
    curve = amounts("planned_value", 100, 200, end)

    assert warned(PLAN + EARNED, costs(80, 80, 80), baselines__a=BASELINE + curve) == wrong


def test_management_reserve_is_not_part_of_it() -> None:
    reserve = LINE.replace("BUD-001", "BUD-002").replace("people", "management_reserve") + PLAN
    curve = BASELINE + amounts("planned_value", 100, 200, 400)

    assert warned(PLAN + EARNED, costs(80, 80, 80), baselines__a=curve, budget__b=reserve) == []


def test_an_account_is_earned_in_one_way() -> None:
    task = (
        "id: TSK-001\ntitle: T\ntype: data\nowner: o\nmilestone: MS-01\nbudget: 10\ncontrol_account: BUD-001\n"
        "ev_method: 0/100\n"
    )
    milestone = "id: MS-01\ntitle: M\nbaseline_date: 2026-06-15\n"
    files = {"budget/a.yml": LINE + PLAN + EARNED, "tasks/a.yml": task, "milestones/a.yml": milestone}

    assert found(files) == ["budget/a.yml:12 earned-twice"]
    # That nothing is earned on it would be said of a line that is earned twice.
    assert [line for line in warned(PLAN + EARNED, costs(80, 80, 80), tasks__a=task) if "earned" in line] == []
    twice = next(problem for problem in project_of(files)[2] if problem.code == "earned-twice")
    assert [str(related.place) for related in twice.related] == ["content/tasks/a.yml:7:18"]


def test_amounts_in_two_currencies_are_told_where_they_are() -> None:
    euros = row("2026-03", 80, more=", currency: EUR")

    assert warned(PLAN + EARNED, costs(80, 80) + euros) == ["costs/a.yml:3 currencies-mixed"]
    promised = BASELINE + amounts("planned_value", 100, 200, 400) + "currency: EUR\n"
    assert warned(PLAN + EARNED, costs(80, 80), baselines__a=promised) == ["baselines/a.yml:12 currencies-mixed"]


LONG = "planned:\n" + "".join(f"  - {{period: 2025-{month:02}, amount: 100}}\n" for month in range(7, 13))
HALF_YEAR = "earned:\n" + "".join(
    f"  - {{period: 2025-{month:02}, amount: 100, method: m, source: s}}\n" for month in range(7, 13)
)


@pytest.mark.parametrize(
    ("last", "wrong"),
    [(300, []), (301, ["costs/a.yml:4 unusual-swing"]), ("33.34", []), (33, ["costs/a.yml:4 unusual-swing"])],
)
def test_a_month_that_is_far_from_those_before_it_is_told(last: object, wrong: list[str]) -> None:
    # The rule of the check: three times the median of the months before it, or a third; three months at least.
    rows = "".join(row(f"2025-{month:02}", 100) for month in (7, 8, 9)) + row("2025-10", last)

    assert [text for text in warned(LONG + HALF_YEAR, rows) if "swing" in text] == wrong


def test_three_months_are_needed_to_say_what_is_usual() -> None:
    assert warned(PLAN + EARNED, costs(10, 10, 1000)) == []


def test_a_swing_of_declared_value_is_told_too() -> None:
    four = HALF_YEAR.replace("2025-10, amount: 100", "2025-10, amount: 600")
    rows = "".join(row(f"2025-{month:02}", 100) for month in range(7, 13))

    assert "budget/a.yml:18 unusual-swing" in warned(LONG + four, rows)
