"""Change of the finish: by how much the milestone that ends a project moved, where no P80 or P50 of it is known."""

from __future__ import annotations

from msgspec import Struct

from aipm_site.changes.side import Pair, Side
from aipm_site.facts.figure import Figure
from aipm_site.facts.milestone import MilestoneState
from aipm_site.facts.slippage import finishing

# What the finish is told by, the first of them that is known.
FINISH_FIGURES = ("schedule.finish_p80", "schedule.finish_p50")


class FinishChange(Struct, frozen=True):
    """That the last milestone is forecast for another day.

    Attributes:
        record_id: The milestone; "" where another one ends the project than before.
        days: By how many calendar days it is later; below zero, earlier.
    """

    record_id: str
    days: int


def finish_change(base: Side, head: Side, pair: Pair) -> FinishChange | None:
    """Return how the forecast of the last milestone moved; None where it did not, or where a percentile says more.

    A young project has reached too few milestones for a percentile, and its finish moves all the same.

    Args:
        base: The state before, whole.
        head: The state after, whole.
        pair: Both as the audience sees them.
    """
    if any(_is_known(base, name) and _is_known(head, name) for name in FINISH_FIGURES):
        return None
    before, after = _finish(base), _finish(head)
    if before is None or after is None or not (_is_seen(before, pair) and _is_seen(after, pair)):
        return None
    if before.expected is None or after.expected is None or before.expected == after.expected:
        return None
    is_same = before.milestone.id == after.milestone.id
    return FinishChange(after.milestone.id if is_same else "", (after.expected - before.expected).days)


def _is_known(side: Side, name: str) -> bool:
    return isinstance(side.facts.figures.get(name), Figure)


def _finish(side: Side) -> MilestoneState | None:
    state = finishing(side.facts.milestones, side.facts.project.charter.finish_milestone)
    return state if state is not None and state.is_open else None


def _is_seen(state: MilestoneState, pair: Pair) -> bool:
    seen = (one.milestone.id for side in (pair.base, pair.head) for one in side.facts.milestones)
    return state.milestone.id not in pair.hidden_ids and state.milestone.id in seen
