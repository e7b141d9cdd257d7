"""Sparklines: the course of a figure as one path, small enough to stand in a line of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

WIDTH, HEIGHT = 160, 28
# The line must not be cut off where it touches the edge.
_MARGIN = 2
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def sparkline_path(points: Sequence[tuple[date, str | None]]) -> str:
    """Return the path of an SVG of `WIDTH` by `HEIGHT` that shows numbers over days; "" where fewer than two are known.

    A value that is a day, as a forecast is, lies higher the later it is. A gap in the numbers is a gap in the line.
    Days are as far apart as they are in time.

    Args:
        points: Day and value for machines, rising by day; None where the value is not known.
    """
    numbers = [(day, _number(value)) for day, value in points]
    known = [(day, number) for day, number in numbers if number is not None]
    if len(known) < 2:
        return ""
    first, last = known[0][0], known[-1][0]
    low, high = min(number for _, number in known), max(number for _, number in known)
    commands, is_drawing = [], False
    for day, number in numbers:
        if number is not None:
            x, y = _across((day - first).days, (last - first).days), _up(number, low, high)
            commands.append(f"{'L' if is_drawing else 'M'}{_written(x)} {_written(y)}")
        is_drawing = number is not None
    return "".join(commands)


def _number(value: str | None) -> Fraction | None:
    if value is None:
        return None
    try:
        return Fraction(date.fromisoformat(value).toordinal() if _DAY.match(value) else Decimal(value))
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _across(days: int, all_days: int) -> Fraction:
    return _MARGIN + Fraction(days, all_days or 1) * (WIDTH - 2 * _MARGIN)


def _up(number: Fraction, low: Fraction, high: Fraction) -> Fraction:
    # A figure that never moved lies in the middle.
    share = (number - low) / (high - low) if high > low else Fraction(1, 2)
    return HEIGHT - _MARGIN - share * (HEIGHT - 2 * _MARGIN)


def _written(length: Fraction) -> str:
    """Return a length to a tenth of a pixel, the same on every machine."""
    tenths = int(length * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}".removesuffix(".0")
