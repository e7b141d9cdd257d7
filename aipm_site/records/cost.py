"""Costs: what was spent, period by period; appended and never overwritten: a correction is a row of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from aipm_site.records.budget_line import Category
from aipm_site.records.fields import Currency, IsoDate, Line, Number, reference_to
from aipm_site.records.kind import Breach, Kind
from aipm_site.records.period import PeriodField
from aipm_site.records.record import DataSource, Row, expected, needed, optional

CostType = Literal["actual", "accrual", "commitment"]


class Cost(Row):
    """One amount of one period."""

    period: PeriodField = needed("the period in which the work was done, such as 2026-03")
    amount: Number = needed("how much")
    currency: Currency | None = optional("ISO 4217 code; that of the budget line, else the project's, where absent")
    type: CostType = optional(
        "actual: billed or paid; accrual: work done and not billed yet; commitment: ordered, and no cost yet", "actual"
    )
    budget_line: Annotated[Line, reference_to("budget-line")] | None = expected("the budget line that it is charged to")
    category: Category | None = optional("what it was for, where no budget line says it")
    source: DataSource | None = expected("invoice, payroll or bill that it stands in")
    posted_on: IsoDate | None = expected("the day on which it was booked")
    close_date: IsoDate | None = optional("the day on which the books of the period are closed")
    corrects: Annotated[Line, reference_to("cost")] | None = optional("id of the row that this one corrects")

    @property
    def begins(self) -> date:
        """The first day of its period."""
        return self.period.start


def row_key(row: Cost) -> str:
    """Return the id of a row that carries none: period, account and type."""
    parts = (row.period.text, row.budget_line or row.category, row.type, "corrected" if row.corrects else None)
    return "-".join(["CST", *(part for part in parts if part)])


def only_corrections_take_away(row: Cost) -> Iterable[Breach]:
    """Find a cost below zero that corrects none (GAO-09-3SP, data checks: negative actual cost)."""
    if row.amount < 0 and not row.corrects:
        message = f"amount {row.amount} is below 0, and corrects is not given"
        yield Breach("negative-amount", message, ("amount",), "corrects: id of the row that was too high")


def posted_after_it_began(row: Cost) -> Iterable[Breach]:
    """Find a cost that was booked before its period began; a commitment may be."""
    if row.posted_on and row.posted_on < row.period.start and row.type != "commitment":
        message = f"posted_on {row.posted_on} is before the period {row.period}"
        yield Breach("wrong-order", message, ("posted_on",))


KIND = Kind(
    Cost,
    name="cost",
    folder="costs",
    prefix="CST",
    id_form="dated",
    plural="costs",
    register="Costs",
    columns=("id", "period", "amount", "currency", "type", "budget_line", "posted_on"),
    fresh_days=35,
    dated="begins",
    row_key=row_key,
    rules=(only_corrections_take_away, posted_after_it_began),
    order=lambda row: (row.period.start, row.id),
)
