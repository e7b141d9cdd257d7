"""Cost lines of a report: what the whole will cost, against which budget, and how the money performs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from aipm_site.facts.cost import CostState
from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import Unknown
from aipm_site.facts.numbers import percent
from aipm_site.summaries.printed import FigureRef


@dataclass(frozen=True, slots=True)
class CostLines:
    """The money.

    Attributes:
        is_recorded: Whether any money is recorded that this audience may see.
        estimate: The estimate at completion; None where it cannot be computed.
        why_unknown: Why it cannot, as a link to its entry; None where it is known.
        span: From the least to the greatest of its forms; None where they do not differ.
        budget: The budget at completion.
        over: By how much the estimate leaves the budget.
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
    over: FigureRef
    cpi: FigureRef
    spi: FigureRef
    cut_off: date | None
    is_early: bool


def cost_lines(facts: Facts) -> CostLines:
    """Return what to say of the money."""
    cost = facts.cost
    estimate = facts.figures.get("cost.eac")
    is_known = estimate is not None and not isinstance(estimate, Unknown)
    return CostLines(
        is_recorded=cost is not None and estimate is not None,
        estimate=FigureRef("cost.eac") if is_known else None,
        why_unknown=FigureRef("cost.eac") if isinstance(estimate, Unknown) else None,
        span=FigureRef("cost.eac", cost.eac_range_text) if cost and " to " in cost.eac_range_text else None,
        budget=FigureRef("cost.bac"),
        over=FigureRef("cost.vac", _over(cost) if cost else ""),
        cpi=FigureRef("cost.cpi"),
        spi=FigureRef("cost.spi"),
        cut_off=cost.cut_off if cost else None,
        is_early=cost.values.is_early if cost else False,
    )


def _over(cost: CostState) -> str:
    """Return by which share of the budget the estimate leaves it: "6.3 % over"; empty where that is not known."""
    vac, bac = cost.values.vac, cost.values.bac
    if isinstance(vac, str) or isinstance(bac, str) or not bac:
        return ""
    return f"{percent(abs(vac / bac))} {'over' if vac < 0 else 'under'}" if vac else "on budget"
