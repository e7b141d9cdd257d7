"""Sprint lines of a report: how the active sprint stands against its commitment, and the velocity behind it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from msgspec import Struct

from aipm_site.facts.facts import Facts
from aipm_site.facts.sprint import Progress
from aipm_site.facts.velocity import Velocity, amount_text
from aipm_site.summaries.printed import FigureRef, Quote, RecordRef


class SprintLines(Struct, frozen=True):
    """The active sprint.

    Attributes:
        record: Its id.
        title: Its title.
        end: Its last day.
        is_reported: Whether any day of it is reported.
        reported_on: The last reported day.
        done: What is done.
        remaining: What is left.
        scope: All that is in it.
        distance: How far it is from the line of the commitment.
        side: behind, ahead of, or on that line.
        velocity: The mean of the closed sprints; None where there is none.
        range: What the mean rests on.
        committed: What was committed.
        exceeds_all: Whether that is more than any closed sprint completed.
    """

    record: RecordRef
    title: Quote
    end: date
    is_reported: bool
    reported_on: date | None
    done: FigureRef
    remaining: FigureRef
    scope: FigureRef
    distance: FigureRef
    side: str
    velocity: FigureRef | None
    range: FigureRef | None
    committed: FigureRef
    exceeds_all: bool


def sprint_lines(facts: Facts) -> SprintLines | None:
    """Return what to say of the active sprint; None without one."""
    state = facts.sprint
    if state is None or "sprint.scope" not in facts.figures:
        return None
    progress = state.progress if isinstance(state.progress, Progress) else None
    behind = progress.behind if progress else Fraction(0)
    has_velocity = isinstance(state.velocity, Velocity) and "sprint.velocity" in facts.figures
    past = state.velocity.range_text if isinstance(state.velocity, Velocity) else ""
    return SprintLines(
        record=RecordRef(state.sprint.id),
        title=Quote(state.sprint.title),
        end=state.sprint.end,
        is_reported=progress is not None,
        reported_on=progress.day.date if progress else None,
        done=FigureRef("sprint.done"),
        remaining=FigureRef("sprint.remaining"),
        scope=FigureRef("sprint.scope"),
        distance=FigureRef("sprint.done", amount_text(max(behind, -behind), state.unit)),
        side="behind" if behind > 0 else "ahead of" if behind < 0 else "on",
        velocity=FigureRef("sprint.velocity") if has_velocity else None,
        range=FigureRef("sprint.velocity", past) if has_velocity else None,
        committed=FigureRef("sprint.scope", amount_text(state.committed, state.unit)),
        exceeds_all=state.exceeds_every_past_sprint and has_velocity,
    )
