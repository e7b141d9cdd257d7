"""Money: what budget, earned value and cost say that cannot all be right; GAO's list of data checks, as warnings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median

from aipm_site.facts.account import Account
from aipm_site.facts.curve import Curve, curve_of_amounts
from aipm_site.facts.facts import Facts
from aipm_site.facts.ledger import Ledger
from aipm_site.facts.numbers import day as in_words
from aipm_site.facts.numbers import money_exact, whole
from aipm_site.problems import Place, Problem, Related, error, warning
from aipm_site.records.cost import Cost
from aipm_site.records.period import Period
from aipm_site.records.record import Entry, FieldPath

# A month is unusual beside the months before it: so many at least, so many at most, and so far from their median.
_LEAST_BEFORE, _MOST_BEFORE, _TIMES = 3, 6, 3


def check_money(facts: Facts) -> Iterator[Problem]:
    """Yield what cannot be right in the money (GAO-09-3SP and GAO's earned value page, by domain §2.4)."""
    ledger = Ledger(facts.project, facts.as_of)
    yield from _earned_once(ledger)
    if len(ledger.currencies) > 1:
        yield from _one_currency(ledger)
        return
    yield from _baseline_ends_at_budget(ledger)
    last = ledger.status_day
    if not ledger.costs:
        yield from _earned_for_nothing(ledger)
    if last is None:
        return
    for account in ledger.accounts:
        yield from _account_holds(ledger, account, last)
    yield from _corrections_leave_something(ledger, last)
    yield from _months_are_alike(ledger, last)


def _earned_once(ledger: Ledger) -> Iterator[Problem]:
    for account in ledger.accounts:
        if account.is_earned_twice:
            task, line = account.tasks[0], account.line
            message = f"{line.id} declares earned value, and {task.id} earns on it as well"
            related = [Related(task.origin.place_of(("control_account",)), f"{task.id} earns on it here")]
            hint = "take `earned` out of the budget line, or `control_account` out of its tasks"
            yield error("earned-twice", message, line.origin.place_of_key(("earned",)), hint, related)


def _one_currency(ledger: Ledger) -> Iterator[Problem]:
    # What is not in the currency of the project, or of most amounts, is where the writer must look.
    counts = Counter(account.line.currency for account in ledger.accounts)
    counts.update(ledger.currency_of(cost) or "" for cost in ledger.costs)
    usual = ledger.project.charter.currency or min(counts, key=lambda currency: (-counts[currency], currency))
    for record, currency, path in _written_currencies(ledger):
        if currency != usual:
            message = f"{record.id} is in {currency}; amounts in {' and '.join(ledger.currencies)} are not added"
            hint = "write all amounts in one currency, and in `source` what they were before and at which rate"
            yield warning("currencies-mixed", message, record.origin.place_of(path), hint)


def _written_currencies(ledger: Ledger) -> Iterator[tuple[Entry, str, FieldPath]]:
    for account in ledger.accounts:
        yield account.line, account.line.currency, ("currency",)
        for task in account.tasks:
            if task.budget and task.budget.currency:
                yield task, task.budget.currency, ("budget", "currency")
    for cost in ledger.costs:
        if cost.currency:
            yield cost, cost.currency, ("currency",)
    if ledger.baseline and ledger.baseline.currency:
        yield ledger.baseline, ledger.baseline.currency, ("currency",)


def _baseline_ends_at_budget(ledger: Ledger) -> Iterator[Problem]:
    baseline = ledger.baseline
    if baseline is None or not ledger.accounts or ledger.plan.total == ledger.budget.total:
        return
    last = len(baseline.planned_value) - 1
    message = (
        f"the planned value of {baseline.id} ends at {_money(ledger, ledger.plan.total)}, "
        f"and the budget lines plan {_money(ledger, ledger.budget.total)} without management reserve"
    )
    hint = "the curve of a baseline ends at the budget at completion: mend the one that is wrong"
    place = baseline.origin.place_of(("planned_value", last, "amount"))
    related = [Related(ledger.accounts[0].line.place, "the first budget line is written here")]
    yield warning("baseline-budget-differs", message, place, hint, related)


def _account_holds(ledger: Ledger, account: Account, last: date) -> Iterator[Problem]:
    planned, earned, spent = account.planned.at(last), account.earned_by(last), _spent_on(ledger, account)
    cost, line, when = spent.at(last), account.line, in_words(last)
    place = _place_of_earned(account)
    if isinstance(earned, Fraction) and earned > 0 and cost == 0:
        yield _without_cost(ledger, account, earned, last)
    if isinstance(earned, Fraction) and earned > 0 and planned == 0:
        message = f"{_money(ledger, earned)} is earned on {line.id} up to {when}, and nothing was planned by then"
        hint = "work ahead of the plan is possible: see whether the periods are right"
        yield warning("earned-without-plan", message, place, hint)
    if isinstance(earned, Fraction) and earned > account.planned.total:
        message = f"{_money(ledger, earned)} is earned on {line.id}, of {_money(ledger, account.planned.total)} planned"
        hint = "nobody earns more than the budget of the work: mend one of the two"
        yield warning("earned-above-budget", message, place, hint)
    is_missing = not account.is_earned_twice and not (isinstance(earned, Fraction) and earned > 0)
    if cost and cost > 0 and _is_used(ledger) and is_missing:
        message = f"{_money(ledger, cost)} is spent on {line.id} up to {when}, and nothing is earned on it"
        hint = "say what was done for it: tasks with `budget` and `control_account`, or `earned` on the line"
        yield warning("cost-without-earned-value", message, line.place, hint)
    yield from _kept_estimate(ledger, account, spent, last)


def _earned_for_nothing(ledger: Ledger) -> Iterator[Problem]:
    """Yield what is earned where no cost at all is known, so that no period is closed to compare the two at."""
    for account in ledger.accounts:
        over = [item.period.last_day for item in account.line.earned if ledger.as_of.has_come(item.period.last_day)]
        day = max(over) if over else ledger.as_of.date
        earned = account.earned_by(day)
        if isinstance(earned, Fraction) and earned > 0:
            yield _without_cost(ledger, account, earned, day)


def _without_cost(ledger: Ledger, account: Account, earned: Fraction, day: date) -> Problem:
    up_to = f"{account.line.id} up to {in_words(day)}"
    message = f"{_money(ledger, earned)} is earned on {up_to}, and no cost is recorded on it"
    hint = "book what the work cost, if only as an accrual"
    return warning("earned-without-cost", message, _place_of_earned(account), hint)


def _place_of_earned(account: Account) -> Place:
    line = account.line
    return line.origin.place_of_key(("earned",)) if line.earned else line.place


def _corrections_leave_something(ledger: Ledger, last: date) -> Iterator[Problem]:
    booked: dict[str | None, list[Cost]] = defaultdict(list)
    for cost in ledger.costs:
        if cost.period.last_day <= last:
            booked[cost.budget_line].append(cost)
    for line, rows in booked.items():
        total = sum((Fraction(cost.amount) for cost in rows), Fraction(0))
        if total < 0:
            where = f"on {line}" if line else "without a budget line"
            message = (
                f"{_money(ledger, total)} is spent {where} up to {in_words(last)}: the corrections exceed the cost"
            )
            place = next(cost for cost in rows if cost.amount < 0).origin.place_of(("amount",))
            yield warning("negative-amount", message, place, "a correction says by how much its row was too high")


def _kept_estimate(ledger: Ledger, account: Account, spent: Curve, last: date) -> Iterator[Problem]:
    line = account.line
    earlier = [i for i, item in enumerate(line.to_complete) if item.period.last_day <= last]
    if not earlier:
        return
    estimate = line.to_complete[earlier[-1]]
    then, now = spent.at(estimate.period.last_day), spent.at(last)
    if then is not None and now is not None and now > (whole_cost := then + Fraction(estimate.amount)):
        message = (
            f"{_money(ledger, now)} is spent on {line.id} up to {in_words(last)}, more than the "
            f"{_money(ledger, whole_cost)} that the whole was estimated at after {estimate.period}"
        )
        place = line.origin.place_of(("to_complete", earlier[-1], "amount"))
        yield warning("cost-above-estimate", message, place, "estimate anew what is still to be spent")


def _is_used(ledger: Ledger) -> bool:
    return any(account.is_earned for account in ledger.accounts)


def _spent_on(ledger: Ledger, account: Account) -> Curve:
    mine = (cost for cost in ledger.costs if cost.budget_line == account.line.id)
    return curve_of_amounts((cost.period, cost.amount) for cost in mine)


def _months_are_alike(ledger: Ledger, last: date) -> Iterator[Problem]:
    spent = ((cost.period, cost.amount, cost.origin.place_of(("amount",))) for cost in ledger.costs)
    earned = (
        (item.period, item.amount, account.line.origin.place_of(("earned", index, "amount")))
        for account in ledger.accounts
        for index, item in enumerate(account.line.earned)
    )
    hint = f"a month is told that is {_TIMES} times as much as the median of up to {_MOST_BEFORE} before it, or a third"
    for what, rows in (("spent", spent), ("declared as earned", earned)):
        months = _by_month(rows, last)
        for period, usual in _unusual(months):
            amount, place = months[period]
            beside = f"beside {_money(ledger, usual)} in the months before"
            message = f"{_money(ledger, amount)} is {what} in {period}, {beside}"
            yield warning("unusual-swing", message, place, hint)


def _by_month(rows: Iterable[tuple[Period, Decimal, Place]], last: date) -> dict[Period, tuple[Fraction, Place]]:
    """Return the sum of each month that is over, in the order of time, with the place of its first amount."""
    sums: dict[Period, tuple[Fraction, Place]] = {}
    for period, amount, place in rows:
        if period.months == 1 and period.last_day <= last:
            before, first = sums.get(period, (Fraction(0), place))
            sums[period] = before + Fraction(amount), first
    return dict(sorted(sums.items()))


def _unusual(months: Mapping[Period, tuple[Fraction, Place]]) -> Iterator[tuple[Period, Fraction]]:
    """Yield each month that is far from the median of the months before it, with that median."""
    amounts = [amount for amount, _ in months.values()]
    for index, period in enumerate(months):
        before = amounts[max(0, index - _MOST_BEFORE) : index]
        usual = Fraction(median(before)) if len(before) >= _LEAST_BEFORE else Fraction(0)
        if usual > 0 and not usual / _TIMES <= amounts[index] <= usual * _TIMES:
            yield period, usual


def _money(ledger: Ledger, amount: Fraction) -> str:
    return money_exact(amount, ledger.currencies[0]) if ledger.currencies else whole(amount)
