"""Cost lines of a report: what the whole will cost, against which budget, and how the money performs."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import Unknown
from aipm_site.facts.numbers import percent
from aipm_site.summaries.printed import FigureRef


class CostLines(Struct, frozen=True):
    """The money.

    Attributes:
        is_recorded: Whether any money is recorded that this audience may see.
        estimate: The estimate at completion; None where it cannot be computed.
        why_unknown: Why it cannot, as a link to its entry; None where it is known.
        span: From the least to the greatest of its forms; None where they do not differ.
        budget: The budget at completion.
        off_by: By which share of the budget the estimate is off it; None where it is not, or nobody knows.
        is_over: Whether it is above the budget.
        is_on_budget: Whether it is the budget itself.
        cpi: Cost performance.
        spi: Schedule performance.
        cut_off: The last day for which cost and earned value are closed.
        is_early: Whether so little is done that the index is not to be relied on yet.
    """

    is_recorded: bool
    estimate: FigureRef | None
    why_unknown: FigureRef | None
    span: FigureRef | None
    budget: FigureRef
    off_by: FigureRef | None
    is_over: bool
    is_on_budget: bool
    cpi: FigureRef
    spi: FigureRef
    cut_off: date | None
    is_early: bool


def cost_lines(facts: Facts) -> CostLines:
    """Return what to say of the money."""
    cost = facts.cost
    estimate = facts.figures.get("cost.eac")
    is_known = estimate is not None and not isinstance(estimate, Unknown)
    left = cost.values.vac_share if cost else None
    share = None if isinstance(left, str) else left
    return CostLines(
        is_recorded=cost is not None and estimate is not None,
        estimate=FigureRef("cost.eac") if is_known else None,
        why_unknown=FigureRef("cost.eac") if isinstance(estimate, Unknown) else None,
        span=FigureRef("cost.eac", cost.eac_range_text) if cost and " to " in cost.eac_range_text else None,
        budget=FigureRef("cost.bac"),
        off_by=FigureRef("cost.vac", percent(abs(share))) if share else None,
        is_over=share is not None and share < 0,
        is_on_budget=share == 0,
        cpi=FigureRef("cost.cpi"),
        spi=FigureRef("cost.spi"),
        cut_off=cost.cut_off if cost else None,
        is_early=cost.values.is_early if cost else False,
    )
