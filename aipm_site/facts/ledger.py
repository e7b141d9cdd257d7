"""Ledger: what is planned, earned and spent, and the day up to which the three can be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from msgspec import Struct

from aipm_site.facts.account import Account
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.baseline import current_baseline
from aipm_site.facts.curve import Curve, curve_of_amounts, curve_of_steps, curve_of_totals
from aipm_site.facts.earned_value import EarnedValue, Measure
from aipm_site.facts.figure import Source, sources_of
from aipm_site.facts.freshness import last_true
from aipm_site.facts.numbers import day as in_words
from aipm_site.project import Project
from aipm_site.records.baseline import Baseline
from aipm_site.records.budget_line import RESERVE, BudgetLine
from aipm_site.records.cost import Cost
from aipm_site.records.record import Entry
from aipm_site.records.task import Task

NO_BUDGET = "no budget line is recorded"
NO_COST = "no cost of a period that is over and closed is recorded"
NOT_EARNED = "no earned value is recorded: no task has a budget, and no budget line declares any"


class Ledger(Struct, frozen=True, dict=True):
    """The money of a project as it is known at an as-of.

    Actual cost is what was billed, paid or accrued; what is ordered is none yet. A row that corrects another is added
    to it: it says by how much the other was wrong, so it may be below zero. Cost on a budget line of management
    reserve counts too, as it was spent; what is planned there does not.

    Attributes:
        project: The project as it is known at the as-of.
        as_of: The day it speaks for.
    """

    project: Project
    as_of: AsOf

    @cached_property
    def accounts(self) -> tuple[Account, ...]:
        """The budget lines without management reserve, each with its tasks, by id."""
        return tuple(
            Account(line, tuple(self._tasks[line.id]), self._percent_days)
            for line in self.project.of(BudgetLine)
            if line.category != RESERVE
        )

    @cached_property
    def _tasks(self) -> Mapping[str, list[Task]]:
        by_account: dict[str, list[Task]] = defaultdict(list)
        for task in self.project.of(Task):
            if task.budget is not None and task.control_account is not None:
                by_account[task.control_account].append(task)
        return by_account

    @cached_property
    def _percent_days(self) -> dict[str, date | None]:
        changed_on = self.project.commits.changed_on
        tasks = (task for tasks in self._tasks.values() for task in tasks)
        return {task.id: last_true(task, self.as_of, changed_on.get(task.place.file)) for task in tasks}

    @cached_property
    def costs(self) -> tuple[Cost, ...]:
        """The rows of actual cost, by id."""
        return tuple(cost for cost in self.project.of(Cost) if cost.type != "commitment")

    @cached_property
    def baseline(self) -> Baseline | None:
        """The baseline that holds, where it has a curve of planned value."""
        baseline = current_baseline(self.project)
        return baseline if baseline is not None and baseline.planned_value else None

    @cached_property
    def plan(self) -> Curve:
        """Planned value over time: the curve of the baseline that holds, else the sum of the budget lines."""
        if self.baseline is not None:
            return curve_of_totals((item.period, item.amount) for item in self.baseline.planned_value)
        return self.budget

    @cached_property
    def budget(self) -> Curve:
        """What the budget lines plan, without management reserve; its end is the budget at completion."""
        return curve_of_steps(step for account in self.accounts for step in account.planned.steps)

    @cached_property
    def spent(self) -> Curve:
        """Actual cost over time."""
        return curve_of_amounts((cost.period, cost.amount) for cost in self.costs)

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of all its amounts, sorted; what names none has that of the project or of the others."""
        usual = self.project.charter.currency
        named = {account.line.currency for account in self.accounts}
        named |= {self.currency_of(cost) or "" for cost in self.costs}
        named |= {task.budget.currency or usual or "" for a in self.accounts for task in a.tasks if task.budget}
        if self.baseline is not None:
            named.add(self.baseline.currency or usual or "")
        return tuple(sorted(named - {""})) or ((usual,) if usual else ())

    def currency_of(self, cost: Cost) -> str | None:
        """Return the currency of a cost: its own, that of its budget line, or the project's."""
        line = self.project.get(cost.budget_line) if cost.budget_line else None
        of_line = line.currency if isinstance(line, BudgetLine) else None
        return cost.currency or of_line or self.project.charter.currency

    @cached_property
    def closed_days(self) -> tuple[date, ...]:
        """The last days of the periods whose cost is known: over at the as-of, and their books closed."""
        days = sorted({cost.period.last_day for cost in self.costs})
        still_open = {c.period.last_day for c in self.costs if c.close_date and not self.as_of.has_come(c.close_date)}
        first_open = min(still_open, default=date.max)
        return tuple(d for d in days if d < first_open and self._is_over(d) and self.spent.at(d) is not None)

    def _is_over(self, day: date) -> bool:
        # A date speaks for the whole of its day, a moment for what has passed of it.
        return self.as_of.has_come(day if not self.as_of.is_moment else day + timedelta(days=1))

    @cached_property
    def compared_days(self) -> tuple[date, ...]:
        """Those of the closed days for which earned value is given too, in order; the last is the cut-off."""
        is_earned = any(account.is_earned for account in self.accounts)
        return tuple(d for d in self.closed_days if isinstance(self.earned_by(d), Fraction)) if is_earned else ()

    @property
    def cut_off(self) -> date | None:
        """The last day for which actual cost and earned value are both given and closed (domain §3.1)."""
        return self.compared_days[-1] if self.compared_days else None

    @property
    def status_day(self) -> date | None:
        """The cut-off; without one the last day for which cost is known."""
        return self.cut_off or (self.closed_days[-1] if self.closed_days else None)

    def earned_by(self, day: date) -> Measure:
        """Return earned value at the end of a day, or why one cannot say."""
        if day not in self._earned:
            self._earned[day] = self._sum_of_earned(day)
        return self._earned[day]

    @cached_property
    def _earned(self) -> dict[date, Measure]:
        """What was asked for once: most figures ask for the same few days."""
        return {}

    def _sum_of_earned(self, day: date) -> Measure:
        if not any(account.is_earned for account in self.accounts):
            return NOT_EARNED
        parts = [account.earned_by(day) for account in self.accounts]
        return next((part for part in parts if isinstance(part, str)), None) or sum(
            (part for part in parts if isinstance(part, Fraction)), Fraction(0)
        )

    def at(self, day: date | None) -> EarnedValue:
        """Return the sums of earned value at the end of a day; None where no day is closed yet."""
        if len(self.currencies) > 1:
            return _unknown(f"amounts in {' and '.join(self.currencies)} are not added")
        bac: Measure = self.budget.total if self.accounts else NO_BUDGET
        if day is None:
            return EarnedValue(bac, pv=NO_COST, ev=NO_COST, ac=NO_COST)
        return EarnedValue(
            bac, self._planned_by(day), self.earned_by(day), self._spent_by(day), self._still_to_spend(day)
        )

    def _planned_by(self, day: date) -> Measure:
        if not self.plan.steps:
            return NO_BUDGET
        value = self.plan.at(day)
        return f"the plan has no value at {in_words(day)}, only at the ends of its periods" if value is None else value

    def _spent_by(self, day: date) -> Measure:
        value = self.spent.at(day)
        return f"a cost reaches beyond {in_words(day)}" if value is None else value

    def _still_to_spend(self, day: date) -> Measure:
        total = Fraction(0)
        for account in self.accounts:
            estimate = next((one for one in account.line.to_complete if one.period.last_day == day), None)
            if estimate is None and not account.is_done_by(day):
                return f"{account.line.id} gives no estimate of what is to be spent after {in_words(day)}"
            total += Fraction(estimate.amount) if estimate else 0
        return total

    def records(self, *groups: str) -> tuple[Entry, ...]:
        """Return the records that stand behind some sums: "budget", "planned", "earned", "spent", each once."""
        found: dict[str, Entry] = {}
        for group in groups:
            found |= {record.id: record for record in self._group(group)}
        return tuple(found.values())

    def sources(self, *groups: str) -> tuple[Source, ...]:
        """Return these records as the sources of a figure."""
        return self._evidence(groups)[0]

    def label(self, *groups: str) -> str:
        """Return the strictest label of these records."""
        return self._evidence(groups)[1]

    def _evidence(self, groups: tuple[str, ...]) -> tuple[tuple[Source, ...], str]:
        if groups not in self._known_evidence:
            records = self.records(*groups)
            label = self.project.strictest(map(self.project.audience_of, records))
            self._known_evidence[groups] = sources_of(records), label
        return self._known_evidence[groups]

    @cached_property
    def _known_evidence(self) -> dict[tuple[str, ...], tuple[tuple[Source, ...], str]]:
        return {}

    def _group(self, name: str) -> Iterable[Entry]:
        lines = [account.line for account in self.accounts]
        if name == "spent":
            day = self.status_day
            return [cost for cost in self.costs if day is not None and cost.period.last_day <= day]
        if name == "earned":
            tasks = [task for account in self.accounts for task in account.tasks]
            return [*tasks, *(account.line for account in self.accounts if account.line.earned)]
        return [self.baseline] if name == "planned" and self.baseline is not None else lines

    @property
    def fresh_days(self) -> int | None:
        """For how many days the cost of a period speaks after its end, before that of a later one is missing."""
        kind = self.project.kinds.named("cost")
        return self.project.charter.fresh_days("cost", kind.fresh_days if kind else None)

    @cached_property
    def audience(self) -> str:
        """The strictest label of all its records."""
        records = self.records("budget", "planned", "earned")
        return self.project.strictest(self.project.audience_of(record) for record in (*records, *self.costs))


def _unknown(reason: str) -> EarnedValue:
    return EarnedValue(reason, reason, reason, reason, reason)
