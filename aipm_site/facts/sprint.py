"""Sprints: scope, done and remaining of the active one, and the velocity of those that are closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts import numbers
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.calendar import calendar_of
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Source, Unknown, sources_of
from aipm_site.facts.velocity import (
    Velocity,
    active_sprint,
    amount_text,
    closed_sprints,
    completed_in,
    unit_of,
    unknown_of,
    velocity,
    velocity_of,
)
from aipm_site.project import Project
from aipm_site.records.sprint import Sprint, SprintDay


class Progress(Struct, frozen=True):
    """How the active sprint stood at the end of its last reported day.

    Attributes:
        day: The last reported day.
        day_number: Which working day of the sprint that is, from 1.
        working_days: How many working days the sprint has.
        done: What was done by then.
        ideal_done: What would have been done by then on a straight line to the commitment.
    """

    day: SprintDay
    day_number: int
    working_days: int
    done: Decimal
    ideal_done: Fraction

    @property
    def behind(self) -> Fraction:
        """How far done lags the commitment's line; negative is ahead."""
        return self.ideal_done - Fraction(self.done)


class SprintState(Struct, frozen=True):
    """The active sprint at the as-of, and the velocity it is planned by.

    Attributes:
        sprint: The active sprint.
        unit: What is counted.
        committed: What was taken on when it began.
        scope: Commitment, with what was added, without what was removed.
        progress: How it stands; Unknown where no day of it is reported.
        velocity: The mean of the closed sprints; Unknown where none can be compared.
        exceeds_every_past_sprint: Whether more was committed than any closed sprint in this unit completed.
        as_of: The last reported day, else the day of the as-of.
        sources: The active sprint and the closed ones.
        audience: Strictest label of these.
        own_audience: Label of the active sprint, which the figures bear that come from it alone.
    """

    sprint: Sprint
    unit: str
    committed: Decimal
    scope: Decimal
    progress: Progress | Unknown
    velocity: Velocity | Unknown
    exceeds_every_past_sprint: bool
    as_of: date
    sources: tuple[Source, ...]
    audience: str
    own_audience: str

    @property
    def done(self) -> Decimal | None:
        """What is done; None where no day is reported."""
        return self.progress.done if isinstance(self.progress, Progress) else None

    @property
    def remaining(self) -> Decimal | None:
        """What is left of the scope; None where no day is reported."""
        return None if self.done is None else self.scope - self.done


def sprint_state(project: Project, as_of: AsOf) -> SprintState | None:
    """Return the state of the active sprint; None where no sprint runs or it says nothing of its commitment."""
    sprint = active_sprint(project.of(Sprint), as_of)
    if sprint is None or sprint.committed is None:
        return None
    closed = [s for s in closed_sprints(project.of(Sprint), as_of) if s.completed is not None]
    past = [s for s in closed if unit_of(s) == unit_of(sprint)]
    records = (sprint, *closed)
    scope = _scope(sprint, as_of)
    progress = _progress(sprint, scope, project, as_of)
    return SprintState(
        sprint=sprint,
        unit=sprint.committed.unit,
        committed=sprint.committed.value,
        scope=scope,
        progress=progress,
        velocity=velocity(project, as_of),
        exceeds_every_past_sprint=bool(past) and sprint.committed.value > max(map(completed_in, past)),
        as_of=progress.day.date if isinstance(progress, Progress) else as_of.date,
        sources=sources_of(records),
        audience=project.strictest(map(project.audience_of, records)),
        own_audience=project.audience_of(sprint),
    )


def _days_so_far(sprint: Sprint, as_of: AsOf) -> tuple[SprintDay, ...]:
    return tuple(day for day in sprint.daily if as_of.has_come(day.date))


def _scope(sprint: Sprint, as_of: AsOf) -> Decimal:
    committed = sprint.committed.value if sprint.committed else Decimal(0)
    if sprint.added is None and sprint.removed is None:
        reported = [day.scope for day in _days_so_far(sprint, as_of) if day.scope is not None]
        return reported[-1] if reported else committed
    return committed + (sprint.added or 0) - (sprint.removed or 0)


def _progress(sprint: Sprint, scope: Decimal, project: Project, as_of: AsOf) -> Progress | Unknown:
    reported = [(day, done) for day in _days_so_far(sprint, as_of) if (done := _done(day, scope)) is not None]
    if not reported or sprint.committed is None:
        return unknown_of("sprint.done", "no day of the sprint is reported yet", (sprint,), project)
    day, done = reported[-1]
    calendar = calendar_of(project.charter)
    working_days = sprint.working_days or calendar.within(sprint.start, sprint.end)
    if not working_days:
        return unknown_of("sprint.done", "the sprint has no working days", (sprint,), project)
    number = min(calendar.within(sprint.start, day.date), working_days)
    return Progress(day, number, working_days, done, Fraction(sprint.committed.value) * Fraction(number, working_days))


def _done(day: SprintDay, scope: Decimal) -> Decimal | None:
    if day.done is not None or day.remaining is None:
        return day.done
    return (scope if day.scope is None else day.scope) - day.remaining


def sprint_figures(project: Project, as_of: AsOf) -> tuple[AnyFigure, ...]:
    """Return velocity and predictability of the closed sprints, and scope, done and remaining of the active one.

    A project without sprints has none of them.
    """
    sprints = project.of(Sprint)
    if not sprints:
        return ()
    state = sprint_state(project, as_of)
    past = velocity(project, as_of)
    return (*_past_figures(past, state, project, as_of), *_active_figures(state, sprints, project, as_of))


def _past_figures(
    past: Velocity | Unknown, state: SprintState | None, project: Project, as_of: AsOf
) -> tuple[AnyFigure, AnyFigure]:
    if isinstance(past, Unknown):
        return past, replace(past, name="sprint.predictability")
    velocity_figure = _velocity_figure(past, state, project)
    is_first = velocity_figure.comparator is None and not _has_earlier(past, project, as_of)
    return replace(velocity_figure, is_first=is_first), _predictability_figure(past, project)


def _has_earlier(past: Velocity, project: Project, as_of: AsOf) -> bool:
    """Say whether a sprint in the same unit was completed before those that are averaged."""
    closed = [sprint for sprint in closed_sprints(project.of(Sprint), as_of) if sprint.completed is not None]
    return any(unit_of(sprint) == past.unit and sprint not in past.sprints for sprint in closed)


def _velocity_figure(past: Velocity, state: SprintState | None, project: Project) -> Figure:
    against, records = _against_commitment(state), [*past.sprints, *((state.sprint,) if state else ())]
    if against is None and past.n > 1:
        against = _against_earlier(past)
    completed = ", ".join(numbers.as_written(completed_in(sprint)) for sprint in past.sprints)
    deviation = "" if past.deviation is None else f"; standard deviation {numbers.fixed(past.deviation, 1)}"
    return Figure(
        name="sprint.velocity",
        value=past.mean,
        unit=past.unit,
        as_of=past.sprints[-1].end,
        text=past.text,
        formula=f"mean of what the last closed sprints completed: {completed} ({past.range_text}){deviation}"
        + _length_words(past, project),
        sources=sources_of(records),
        audience=project.strictest(map(project.audience_of, records)),
        comparator=against,
    )


def _against_commitment(state: SprintState | None) -> Comparator | None:
    if state is None:
        return None
    text = f"{amount_text(state.committed, state.unit)} committed for {state.sprint.id}"
    return Comparator("target", state.committed, text, state.sprint.start)


def _against_earlier(past: Velocity) -> Comparator:
    earlier = velocity_of(past.sprints[:-1], past.unit)
    return Comparator("previous", earlier.mean, f"{earlier.text} a sprint before", earlier.sprints[-1].end)


def _length_words(past: Velocity, project: Project) -> str:
    """Return a warning where the sprints that are averaged differ in length."""
    calendar = calendar_of(project.charter)
    lengths = {sprint.working_days or calendar.within(sprint.start, sprint.end) for sprint in past.sprints}
    words = calendar.words[1]
    return "" if len(lengths) == 1 else f"; sprints of {min(lengths)} to {max(lengths)} {words} are averaged"


def _predictability_figure(past: Velocity, project: Project) -> AnyFigure:
    committed = sum((s.committed.value for s in past.sprints if s.committed), Decimal(0))
    if not committed:
        return unknown_of("sprint.predictability", "the closed sprints committed to nothing", past.sprints, project)
    completed = sum(map(completed_in, past.sprints), Decimal(0))
    share = Fraction(completed) / Fraction(committed)
    # A ratio of sums: a mean of ratios would let a small sprint weigh as much as a large one.
    return Figure(
        name="sprint.predictability",
        value=share,
        unit="ratio",
        as_of=past.sprints[-1].end,
        text=numbers.percent(share, 0),
        formula=f"completed over committed, {numbers.plural(past.n, 'sprint', 'sprints')}: "
        f"{numbers.as_written(completed)} / {numbers.as_written(committed)}",
        sources=sources_of(past.sprints),
        audience=project.strictest(map(project.audience_of, past.sprints)),
        comparator=Comparator("target", Fraction(1), f"all that was committed: {numbers.percent(1, 0)}", None),
    )


def _active_figures(
    state: SprintState | None, sprints: Sequence[Sprint], project: Project, as_of: AsOf
) -> tuple[AnyFigure, ...]:
    names = ("sprint.scope", "sprint.done", "sprint.remaining")
    if state is None:
        active = active_sprint(sprints, as_of)
        reason = "the active sprint gives no commitment" if active else "no sprint is active"
        return tuple(unknown_of(name, reason, (active,) if active else sprints, project) for name in names)
    scope = _state_figure("sprint.scope", state, state.scope, "committed + added − removed", state.committed)
    if isinstance(state.progress, Unknown):
        reason = state.progress.reason
        return scope, *(unknown_of(name, reason, (state.sprint,), project) for name in names[1:])
    return scope, *_progress_figures(state, state.progress)


def _progress_figures(state: SprintState, progress: Progress) -> tuple[Figure, Figure]:
    line = f"the line of the commitment: {numbers.as_written(state.committed)} × {progress.day_number}"
    formula = f"done at the end of the last reported day; {line}/{progress.working_days}"
    left, ideal_left = state.scope - progress.done, Fraction(state.committed) - progress.ideal_done
    return (
        _state_figure("sprint.done", state, progress.done, formula, progress.ideal_done),
        _state_figure("sprint.remaining", state, left, "scope − done", ideal_left),
    )


def _state_figure(name: str, state: SprintState, value: Decimal, formula: str, planned: Decimal | Fraction) -> Figure:
    text = f"{amount_text(planned, state.unit)} by the commitment"
    return Figure(
        name=name,
        value=value,
        unit=state.unit,
        as_of=state.as_of,
        text=amount_text(value, state.unit),
        formula=formula,
        sources=sources_of((state.sprint,)),
        audience=state.own_audience,
        comparator=Comparator("baseline", planned, text, state.as_of),
    )
