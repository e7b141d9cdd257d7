"""Changes of figures: before, after, by how much, and whether that is better or worse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from aipm_site.changes.polarity import is_better
from aipm_site.changes.side import Pair
from aipm_site.facts.figure import AnyFigure, Figure


class FigureChange(Struct, frozen=True):
    """A figure that has another value than before.

    Attributes:
        name: Its name.
        unit: What it counts or measures; "" where it is unknown on both sides.
        before: The figure before; None where there was none.
        after: The figure after; None where there is none any more.
        better: Whether that is better; None where nobody can say.
    """

    name: str
    unit: str
    before: AnyFigure | None
    after: AnyFigure | None
    better: bool | None

    @property
    def delta(self) -> Fraction | None:
        """By how much it rose, in its unit, days for a date; None where it is no quantity on both sides."""
        if not isinstance(self.before, Figure) or not isinstance(self.after, Figure):
            return None
        old, new = self.before.value, self.after.value
        if isinstance(old, date) and isinstance(new, date):
            return Fraction((new - old).days)
        if self.before.unit == self.after.unit and _is_number(old) and _is_number(new):
            return Fraction(new) - Fraction(old)  # type: ignore[arg-type]
        return None

    @property
    def is_rebaselined(self) -> bool:
        """Whether it is counted from another baseline than before, so that the difference is none of the work."""
        if not isinstance(self.before, Figure) or not isinstance(self.after, Figure):
            return False
        old, new = self.before.baseline, self.after.baseline
        return old is not None and new is not None and old != new

    @property
    def is_forecast(self) -> bool:
        """Whether it says when something is expected: a day, or how far a milestone is off its own."""
        return self.is_date or self.name.startswith(("schedule.slip.", "schedule.slip_original."))

    @property
    def is_date(self) -> bool:
        """Whether it is a day."""
        return any(isinstance(side, Figure) and isinstance(side.value, date) for side in (self.before, self.after))


def figure_changes(pair: Pair) -> tuple[FigureChange, ...]:
    """Return the figures that changed, by name.

    What a figure is held against, how it is written and why it is unknown are no changes of its value.
    """
    base, head = pair.figures(pair.base), pair.figures(pair.head)
    names = sorted(base.keys() | head.keys())
    pairs = ((name, base.get(name), head.get(name)) for name in names)
    return tuple(
        FigureChange(name, _unit(before, after), before, after, is_better(before, after, pair.head.project))
        for name, before, after in pairs
        if value_of(before) != value_of(after)
    )


def value_of(figure: AnyFigure | None) -> tuple[object, str] | None:
    """Return value and unit of a figure; None where there is none or it is unknown."""
    return (figure.value, figure.unit) if isinstance(figure, Figure) else None


def _unit(before: AnyFigure | None, after: AnyFigure | None) -> str:
    return next((figure.unit for figure in (after, before) if isinstance(figure, Figure)), "")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, Decimal, Fraction))
