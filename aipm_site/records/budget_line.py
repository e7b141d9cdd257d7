"""Budget lines: the money that is planned for one purpose, period by period, and what the work on it has earned."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from aipm_site.records.fields import Currency, IsoDate, Line, Number, reference_to
from aipm_site.records.kind import Breach, Kind
from aipm_site.records.period import PeriodField
from aipm_site.records.record import Part, Record, expected, needed, optional

Category = Literal["people", "cloud", "data", "licences", "vendors", "travel", "contingency", "management_reserve"]
# Not in the performance measurement baseline, so not in the budget at completion (domain §2.4).
RESERVE = "management_reserve"
_LISTS = ("planned", "earned", "to_complete")


class PlannedAmount(Part):
    """Money that is planned for one period."""

    period: PeriodField = needed("the period, such as 2026-03")
    amount: Number = needed("planned for this period alone, in the line's currency")


class EarnedAmount(Part):
    """The value of the work that was done in one period, as somebody declares it."""

    period: PeriodField = needed("the period, such as 2026-03")
    amount: Number = needed("earned in this period alone, in the line's currency")
    method: Line | None = expected("how it was measured")
    source: Line | None = expected("where the measurement is kept")
    declared_on: IsoDate | None = optional("the day on which it was declared")


class NewEstimate(Part):
    """What the rest of the work is newly estimated to cost, where the plan holds no more."""

    period: PeriodField = needed("the period after whose end the rest begins, such as 2026-03")
    amount: Number = needed("what is still to be spent after it, in the line's currency")


class BudgetLine(Record):
    """One line of the budget; a control account where work is tied to it."""

    category: Category | None = expected("what the money is for")
    currency: Currency = needed("ISO 4217 code of all its amounts")
    planned: tuple[PlannedAmount, ...] = needed("what is planned, period by period, oldest first")
    earned: tuple[EarnedAmount, ...] = optional(
        "earned value as declared, where no tasks with a budget earn it", many=True
    )
    to_complete: tuple[NewEstimate, ...] = optional(
        "new estimates of what the rest costs, oldest first; they make the estimate at completion from below", many=True
    )
    milestone: Annotated[Line, reference_to("milestone")] | None = optional("the milestone that it pays for")
    control_account: Line | None = optional("its number in the books")

    @property
    def total_planned(self) -> Decimal:
        """All that is planned on it, in its currency."""
        return sum((item.amount for item in self.planned), Decimal(0))


def _are_in_order(line: BudgetLine, name: str) -> Iterable[Breach]:
    amounts: tuple[PlannedAmount | EarnedAmount | NewEstimate, ...] = getattr(line, name)
    for index, (one, next_one) in enumerate(pairwise(amounts), start=1):
        if next_one.period.start < one.period.end:
            message = f"period {next_one.period} does not follow {one.period}"
            yield Breach("wrong-order", message, (name, index, "period"), "write the oldest first, each period once")


def periods_are_in_order(line: BudgetLine) -> Iterable[Breach]:
    """Find periods that overlap or are out of order: sums and curves are read from them."""
    for name in _LISTS:
        yield from _are_in_order(line, name)


def amounts_are_not_negative(line: BudgetLine) -> Iterable[Breach]:
    """Find planned, earned or estimated values below zero (GAO-09-3SP, data checks)."""
    for name in _LISTS:
        for index, item in enumerate(getattr(line, name)):
            if item.amount < 0:
                message = f"{name} {item.amount} of {item.period} is below 0"
                hint = "write 0 or more; what was too much is taken away from the amount itself"
                yield Breach("negative-amount", message, (name, index, "amount"), hint)


KIND = Kind(
    BudgetLine,
    name="budget-line",
    folder="budget",
    prefix="BUD",
    plural="budget lines",
    register="Budget",
    columns=("id", "title", "category", "total_planned", "currency", "milestone", "owner"),
    fresh_days=35,
    # A plan asks for nothing until its last period is over; whether it is kept is what the costs say.
    rules=(periods_are_in_order, amounts_are_not_negative),
)
