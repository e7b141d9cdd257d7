"""Figures: a value that knows its unit, date, formula, sources and audience, or says why it is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from aipm_site.problems import Place
from aipm_site.records.record import Entry

Value = int | Decimal | Fraction | date | str
ComparatorKind = Literal["baseline", "target", "previous"]

EXACT_DIGITS = 28
ROUNDED_DIGITS = 12


class Source(Struct, frozen=True, order=True):
    """A record, at its place, that a figure rests on."""

    record_id: str
    place: Place


class Comparator(Struct, frozen=True):
    """What a figure is held against.

    Attributes:
        kind: baseline, target or previous.
        value: Exact.
        text: How it is written.
        as_of: The day that it speaks for; None for a limit.
        audience: The label of those who may see it, where it is stricter than the figure's own may be.
    """

    kind: ComparatorKind
    value: Value
    text: str
    as_of: date | None
    audience: str | None = None


class Figure(Struct, frozen=True):
    """A computed value.

    Attributes:
        name: Dotted, stable name, such as "risk.open".
        value: Exact; a count, a decimal, a fraction, a date or a status word.
        unit: What it counts or measures: "risks", "d", "ratio", "pp", "points", "status".
        as_of: The day it speaks for.
        text: How it is written in a sentence, with its unit.
        formula: How it is computed, in words and signs.
        sources: The records behind it, sorted; empty only for a count of zero.
        audience: Strictest label of what it was computed from.
        comparator: Baseline, target or previous value.
        is_first: Whether no earlier value of its series exists; False also where an earlier one is not known.
        hidden_sources: How many sources a disclosed figure does not show.
        is_disclosed: Whether its readers see it by a line of project.yml alone, and not for its label.
        baseline: Of a value that is counted from a baseline, which: the day it promised, or its id. A value that is
            counted from another one is neither better nor worse. None for a value that stands by itself.
    """

    name: str
    value: Value
    unit: str
    as_of: date
    text: str
    formula: str
    sources: tuple[Source, ...]
    audience: str
    comparator: Comparator | None = None
    is_first: bool = False
    hidden_sources: int = 0
    is_disclosed: bool = False
    baseline: str | None = None


class Unknown(Struct, frozen=True):
    """A figure that cannot be computed, and why: it is not zero, not green, and not an exception."""

    name: str
    reason: str
    audience: str
    sources: tuple[Source, ...] = ()
    hidden_sources: int = 0


AnyFigure = Figure | Unknown


def by_name(figures: Iterable[AnyFigure]) -> dict[str, AnyFigure]:
    """Return figures by their names, sorted."""
    return {figure.name: figure for figure in sorted(figures, key=lambda figure: figure.name)}


def sources_of(records: Iterable[Entry]) -> tuple[Source, ...]:
    """Return the records as sources, sorted by id."""
    return tuple(sorted(Source(record.id, record.place) for record in records))


def plain_number(value: Value) -> tuple[str, str | None]:
    """Return a value as text for machines, and its exact fraction where the text had to be rounded.

    A number that ends within 28 digits is exact; any other is rounded half up to 12 significant digits.
    """
    if isinstance(value, Fraction):
        return _plain_fraction(value)
    if isinstance(value, Decimal):
        return _plain_decimal(value), None
    return value.isoformat() if isinstance(value, date) else str(value), None


def _plain_fraction(value: Fraction) -> tuple[str, str | None]:
    context = Context(prec=EXACT_DIGITS)
    quotient = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    if Fraction(quotient) == value:
        return _plain_decimal(quotient), None
    rounded = Context(prec=ROUNDED_DIGITS, rounding=ROUND_HALF_UP).plus(
        Context(prec=EXACT_DIGITS + 20, rounding=ROUND_HALF_UP).divide(
            Decimal(value.numerator), Decimal(value.denominator)
        )
    )
    return _plain_decimal(rounded), f"{value.numerator}/{value.denominator}"


def _plain_decimal(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text
