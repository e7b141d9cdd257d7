"""The money above the budget register: what was planned, earned and spent, period by period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from markupsafe import Markup, escape
from msgspec import Struct

from aipm_site.facts.cost import CostState, PeriodValue
from aipm_site.facts.figure import AnyFigure, Figure
from aipm_site.facts.numbers import day, fixed
from aipm_site.pages.context import PageContext
from aipm_site.pages.field_values import iso_time
from aipm_site.pages.number_table import Answer, Cell, Table, href_of, said
from aipm_site.pages.words import phrase

# The columns, by the figure that has the same value at the cut-off; amounts first, then indices.
_AMOUNTS = ("pv", "ev", "ac", "sv", "cv")
_INDICES = ("spi", "cpi")
_ANSWERS = ("bac", "eac", "vac")


class CostSection(Struct, frozen=True):
    """What stands above the register of the budget.

    Attributes:
        answers: Budget and estimate at completion, the difference, and the cost performance.
        table: The sums and measures at the end of each period.
        audience: The strictest label of what was added up.
    """

    answers: tuple[Answer, ...]
    table: Table
    audience: str


def cost_section(context: PageContext) -> CostSection | None:
    """Return the money period by period; None where nothing can be added up, or it is not shared."""
    state, figures = context.facts.cost, context.facts.figures
    points = [point for point in state.series if _says_something(point)] if state else []
    if state is None or not points:
        return None
    columns = (phrase("cost_period"), *(phrase(f"cost_{name}") for name in (*_AMOUNTS, *_INDICES)))
    return CostSection(
        answers=tuple(_answers(figures)),
        table=Table(_caption(state), columns, tuple(_row(context, point) for point in points), frozenset(columns[:1])),
        audience=state.audience,
    )


def _says_something(point: PeriodValue) -> bool:
    """Say whether anything was planned or done by then; the day before the first period says nothing."""
    return bool(point.pv or point.ev or point.ac)


def _answers(figures: Mapping[str, AnyFigure]) -> Iterator[Answer]:
    for name in _ANSWERS:
        figure = figures.get(f"cost.{name}")
        if figure is not None:
            yield Answer(phrase(f"cost_{name}"), said(figure))


def _caption(state: CostState) -> str:
    caption = phrase("cost_declared" if state.is_declared else "cost_caption").format(currency=state.currency)
    return caption if state.cut_off is None else f"{caption}; {phrase('cost_cut_off').format(day=day(state.cut_off))}"


def _row(context: PageContext, point: PeriodValue) -> tuple[Cell, ...]:
    amounts = (_cell(context, point, name, 0) for name in _AMOUNTS)
    indices = (_cell(context, point, name, 2) for name in _INDICES)
    return (Cell(iso_time(point.day)), *amounts, *indices)


def _cell(context: PageContext, point: PeriodValue, name: str, decimals: int) -> Cell:
    """Return a value, as a link where the figure of its name is that value."""
    value: Fraction | None = getattr(point, name)
    if value is None:
        return Cell(Markup(""))
    figure = context.facts.figures.get(f"cost.{name}")
    is_figure = isinstance(figure, Figure) and figure.as_of == point.day and figure.value == value
    return Cell(escape(fixed(value, decimals)), href_of(figure) if figure and is_figure else "")
