"""Accounts: a budget line with the work that earns on it, by its tasks or as somebody declares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property

from msgspec import Struct

from aipm_site.facts.curve import Curve, curve_of_amounts
from aipm_site.facts.earned_value import Measure
from aipm_site.facts.numbers import day as in_words
from aipm_site.facts.task import earned_share
from aipm_site.records.budget_line import BudgetLine
from aipm_site.records.task import Task

# What is held back is planned for nothing that could be done, so nothing is earned on it.
_HELD_BACK = "contingency"


class Account(Struct, frozen=True, dict=True):
    """A budget line of the performance measurement baseline with the tasks that earn on it.

    Attributes:
        line: The budget line.
        tasks: Tasks with a budget that name it as their control account.
        percent_days: The day for which each task's percent_complete is true, by its id.
    """

    line: BudgetLine
    tasks: tuple[Task, ...]
    percent_days: Mapping[str, date | None]

    @cached_property
    def planned(self) -> Curve:
        """What is planned on it."""
        return curve_of_amounts((item.period, item.amount) for item in self.line.planned)

    @cached_property
    def _declared(self) -> Curve:
        return curve_of_amounts((item.period, item.amount) for item in self.line.earned)

    @property
    def is_earned_twice(self) -> bool:
        """Whether tasks earn on it and somebody declares as well, so that one cannot say which counts."""
        return bool(self.tasks and self.line.earned)

    @property
    def is_earned(self) -> bool:
        """Whether anything says what is earned on it."""
        return bool(self.tasks or self.line.earned)

    def is_done_by(self, day: date) -> bool:
        """Say whether all that is planned on it was earned by the end of a day."""
        earned = self.earned_by(day)
        return isinstance(earned, Fraction) and earned >= self.planned.total

    def earned_by(self, day: date) -> Measure:
        """Return what is earned on it by the end of a day, in its currency, or why one cannot say."""
        if self.is_earned_twice:
            return f"{self.line.id} is earned by its tasks and declared as well"
        if self.tasks:
            return self._by_tasks(day)
        return self._as_declared(day) if self.line.earned else self._without_method(day)

    def _by_tasks(self, day: date) -> Measure:
        total = Fraction(0)
        for task in self.tasks:
            share = earned_share(task, day, self.percent_days[task.id])
            if share is None or task.budget is None:
                return f"nobody says how much of {task.id} was done by {in_words(day)}"
            if share:
                total += share * Fraction(task.budget.amount)
        return total

    def _as_declared(self, day: date) -> Measure:
        value, told_to = self._declared.at(day), self._declared.last_day
        is_told = told_to is not None and told_to >= day
        if value is None or not (is_told or value >= self.planned.total):
            return f"{self.line.id} declares no earned value up to {in_words(day)}"
        return value

    def _without_method(self, day: date) -> Measure:
        begins = self.planned.first_day
        if self.line.category == _HELD_BACK or begins is None or begins > day:
            return Fraction(0)
        return f"{self.line.id} has no task with a budget and declares no earned value"
