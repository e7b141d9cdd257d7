"""Tables of computed amounts: cells that lead to how they were computed, and answers that stand side by side."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape
from msgspec import Struct

from aipm_site.facts.figure import AnyFigure, Unknown
from aipm_site.pages.addresses import ROOT, figure_address


class Cell(Struct, frozen=True):
    """A cell of a table: what it says, where that is explained, and whether it is not known."""

    text: Markup
    href: str = ""
    is_unknown: bool = False


class Table(Struct, frozen=True):
    """A table of numbers: its caption, the labels of its columns, and rows whose first cell is their heading.

    Attributes:
        caption: What it shows.
        columns: Labels, that of the rows' headings first.
        rows: Cells, as many as columns.
        words: Labels of the columns that hold words and not numbers.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    words: frozenset[str] = frozenset()


def table_of_words(caption: str, columns: tuple[str, ...], rows: Iterable[tuple[Markup, ...]]) -> Table:
    """Return a table that holds no amounts, such as the days in a milestone's trend."""
    return Table(caption, columns, tuple(tuple(map(Cell, row)) for row in rows), frozenset(columns))


class Answer(Struct, frozen=True):
    """An amount that stands for itself beside others: what is asked, and the answer."""

    label: str
    cell: Cell


def said(figure: AnyFigure) -> Cell:
    """Return what a figure says in words, or why it is not known."""
    if isinstance(figure, Unknown):
        return Cell(escape(figure.reason), href_of(figure), is_unknown=True)
    return Cell(escape(figure.text), href_of(figure))


def href_of(figure: AnyFigure) -> str:
    """Return the address of a figure's entry on the page of figures."""
    return ROOT + figure_address(figure.name)
