"""Velocity: which sprint runs, which are closed, and what the closed ones completed, never in mixed units."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile

from msgspec import Struct

from aipm_site.facts import numbers
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.figure import Unknown, sources_of
from aipm_site.facts.statistics import mean, standard_deviation
from aipm_site.project import Project
from aipm_site.records.sprint import Sprint

# Older sprints say little about the team of today; forecasts ask for at least eight periods (domain §3.4).
VELOCITY_SPRINTS = 8
_NOUNS = {"points": ("point", "points"), "items": ("item", "items"), "hours": ("hour", "hours")}


class Velocity(Struct, frozen=True):
    """What a team completed in its last closed sprints, in one unit.

    Attributes:
        sprints: The closed sprints that count, oldest first.
        unit: What is counted.
        mean: Exact mean of what they completed.
        deviation: Standard deviation of the sample; None for one sprint.
        least: The least that one completed.
        most: The most that one completed.
    """

    sprints: tuple[Sprint, ...]
    unit: str
    mean: Fraction
    deviation: Decimal | None
    least: Decimal
    most: Decimal

    @property
    def n(self) -> int:
        """Number of sprints that count."""
        return len(self.sprints)

    @property
    def text(self) -> str:
        """The mean with its unit: "29.1 points"."""
        return amount_text(self.mean, self.unit, decimals=1)

    @property
    def range_text(self) -> str:
        """What the mean rests on: "7 sprints, 26–33"."""
        least, most = numbers.as_written(self.least), numbers.as_written(self.most)
        return f"{numbers.plural(self.n, 'sprint', 'sprints')}, {least}–{most}"


def amount_text(amount: Decimal | Fraction, unit: str, decimals: int | None = None) -> str:
    """Return an amount of work with its unit: "22 points", "29.1 points"."""
    digits = numbers.as_written(amount) if decimals is None else numbers.fixed(amount, decimals)
    one, many = _NOUNS[unit]
    return f"{digits}{numbers.SPACE}{one if abs(amount) == 1 else many}"


def active_sprint(sprints: Sequence[Sprint], as_of: AsOf) -> Sprint | None:
    """Return the sprint that runs at the as-of; of several the one that began last."""
    running = [sprint for sprint in sprints if sprint.start <= as_of.date and _is_running(sprint, as_of)]
    return max(running, key=lambda sprint: (sprint.start, sprint.id), default=None)


def closed_sprints(sprints: Sequence[Sprint], as_of: AsOf) -> tuple[Sprint, ...]:
    """Return the sprints that were closed by the as-of, in order; an active one is never among them."""
    closed = [sprint for sprint in sprints if sprint.status == "closed" and as_of.has_come(sprint.end)]
    return tuple(sorted(closed, key=lambda sprint: (sprint.end, sprint.id)))


def _is_running(sprint: Sprint, as_of: AsOf) -> bool:
    # For an as-of in the past, a sprint that has been closed since was still running.
    return sprint.status == "active" or (sprint.status == "closed" and not as_of.has_come(sprint.end))


def velocity(project: Project, as_of: AsOf) -> Velocity | Unknown:
    """Return the mean of what the last closed sprints completed, all in the unit in which the team counts now.

    Going back in time it stops where the unit changes, as points and items have no mean.
    """
    sprints = project.of(Sprint)
    # What was completed is counted in the unit of the commitment; without one its unit is not known.
    closed = [sprint for sprint in closed_sprints(sprints, as_of) if sprint.completed is not None and sprint.committed]
    active = active_sprint(sprints, as_of)
    if not closed:
        reason = "no closed sprint says what it committed to and completed"
        return unknown_of("sprint.velocity", reason, sprints, project)
    unit = unit_of(active) or unit_of(closed[-1])
    newest_first = list(takewhile(lambda sprint: unit_of(sprint) == unit, reversed(closed)))
    if not newest_first:
        reason = f"the last closed sprint is counted in {unit_of(closed[-1])}, the active one in {unit}"
        return unknown_of("sprint.velocity", reason, closed, project)
    return velocity_of(newest_first[:VELOCITY_SPRINTS][::-1], unit)


def velocity_of(sprints: Sequence[Sprint], unit: str) -> Velocity:
    """Return the velocity of some closed sprints that are counted in one unit, oldest first."""
    completed = [completed_in(sprint) for sprint in sprints]
    deviation = standard_deviation(completed)
    return Velocity(tuple(sprints), unit, mean(completed), deviation, min(completed), max(completed))


def completed_in(sprint: Sprint) -> Decimal:
    """Return what a closed sprint completed."""
    return sprint.completed or Decimal(0)


def unit_of(sprint: Sprint | None) -> str:
    """Return what a sprint is counted in; nothing without a commitment."""
    return sprint.committed.unit if sprint and sprint.committed else ""


def unknown_of(name: str, reason: str, sprints: Sequence[Sprint], project: Project) -> Unknown:
    """Return a figure of some sprints that cannot be computed."""
    return Unknown(name, reason, project.strictest(map(project.audience_of, sprints)), sources_of(sprints))
