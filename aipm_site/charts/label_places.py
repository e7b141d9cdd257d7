"""Places of labels: as near as can be to what they name, one below the other where they would cover each other."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace


class Label(Struct, frozen=True):
    """A line of text in a chart.

    Attributes:
        text: What it says.
        left: Where it begins, in pixels.
        width: How long it is, about.
        middle: How far down its middle would best be, and is once it has its place.
    """

    text: str
    left: float
    width: float
    middle: float


def placed(labels: Sequence[Label], line_height: float, lowest: float) -> tuple[Label, ...]:
    """Return labels in the same order, moved down or up so that none covers another.

    Args:
        labels: The labels where they would best be; no more of them than lines between the top and `lowest`.
        line_height: How far apart the middles of two lines must be.
        lowest: How far down the middle of the last may be.
    """
    order = sorted(range(len(labels)), key=lambda number: (labels[number].middle, number))
    moved = list(labels)
    for at, number in enumerate(order):
        above = [moved[other].middle + line_height for other in order[:at] if _meet(moved[other], moved[number])]
        moved[number] = replace(moved[number], middle=max([moved[number].middle, *above]))
    # Down was the first choice; what now lies too deep goes up again and lifts those above it.
    for at, number in reversed(list(enumerate(order))):
        below = [moved[other].middle - line_height for other in order[at + 1 :] if _meet(moved[other], moved[number])]
        moved[number] = replace(moved[number], middle=min([moved[number].middle, lowest, *below]))
    return tuple(moved)


def _meet(one: Label, other: Label) -> bool:
    """Say whether two labels would cover each other in the same line."""
    return one.left < other.left + other.width and other.left < one.left + one.width
