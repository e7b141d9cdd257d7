"""Milestone facts: the computed status of each, how far it slips, and what the plan makes of the status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.baseline import FirstPromise, first_promises
from aipm_site.facts.calendar import WorkingCalendar, calendar_of
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Unknown, sources_of
from aipm_site.facts.finding import Assessment, Finding, make_age_finding, make_finding, worst_first
from aipm_site.facts.freshness import Freshness, freshness_of, oldest
from aipm_site.facts.numbers import day, days, plural
from aipm_site.project import Project
from aipm_site.records.baseline import Baseline
from aipm_site.records.milestone import Milestone
from aipm_site.records.quantity import Duration

ComputedStatus = Literal["on_track", "at_risk", "late", "done", "cancelled", "not_reported"]

# The writer's word counts only where it is worse than what the dates say.
_BADNESS = {"on_track": 0, "not_reported": 1, "at_risk": 2, "late": 3}


class MilestoneState(Struct, frozen=True):
    """What there is to say about one milestone.

    Attributes:
        milestone: The record.
        status: Computed from the dates; the writer's word where it is worse. "not_reported": no forecast is given.
        computed: The same without the writer's word.
        expected: The day it was reached, else the one forecast; None where neither is given.
        slip_days: Calendar days from the baseline to that day; later is positive, as schedulers write it.
        first_promise: The day that was promised first, which later baselines do not change.
        is_overdue: Whether it is open and its day has passed without a new forecast.
        exceeds_tolerance: Whether it slips by more than the project's time tolerance.
        audience: Its label.
    """

    milestone: Milestone
    status: ComputedStatus
    computed: ComputedStatus
    expected: date | None
    slip_days: int | None
    first_promise: FirstPromise
    is_overdue: bool
    exceeds_tolerance: bool
    audience: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to be reached."""
        return self.status not in {"done", "cancelled"}

    @property
    def original_slip_days(self) -> int | None:
        """Calendar days from the day that was promised first, where that is known and another was promised since."""
        promised = self.first_promise.day
        is_replaced = promised is not None and promised != self.milestone.baseline_date
        return (self.expected - promised).days if promised and is_replaced and self.expected else None

    @property
    def has_lost_original(self) -> bool:
        """Whether its baseline replaced another one, and the day that was promised first is not known."""
        return self.first_promise.gap is not None


def milestone_states(project: Project, as_of: AsOf) -> tuple[MilestoneState, ...]:
    """Return the state of every milestone, in the order of the days on which they are expected, then by id."""
    promises = first_promises(project)
    states = [_state(project, milestone, promises[milestone.id], as_of) for milestone in project.of(Milestone)]
    return tuple(sorted(states, key=lambda s: (s.expected or s.milestone.baseline_date, s.milestone.id)))


def _state(project: Project, milestone: Milestone, first: FirstPromise, as_of: AsOf) -> MilestoneState:
    expected = milestone.actual_date or milestone.forecast_date
    due = expected or milestone.baseline_date
    is_overdue = not milestone.is_ended and due < as_of.date
    tolerance = project.charter.tolerances.time if project.charter.tolerances else None
    exceeds = expected is not None and _exceeds(
        tolerance, calendar_of(project.charter), milestone.baseline_date, expected
    )
    computed = _computed_status(milestone, is_overdue=is_overdue, exceeds=exceeds)
    return MilestoneState(
        milestone=milestone,
        status=_with_writers_word(milestone, computed),
        computed=computed,
        expected=expected,
        slip_days=(expected - milestone.baseline_date).days if expected else None,
        first_promise=first,
        is_overdue=is_overdue,
        exceeds_tolerance=exceeds,
        audience=project.audience_of(milestone),
    )


def _exceeds(tolerance: Duration | None, calendar: WorkingCalendar, baseline: date, expected: date) -> bool:
    if tolerance is None:
        return False
    in_working_days = tolerance.unit == "working_days"
    slip = calendar.between(baseline, expected) if in_working_days else (expected - baseline).days
    # The tolerance itself is within (domain, status rule 3).
    return slip > Fraction(tolerance.value)


def _computed_status(milestone: Milestone, *, is_overdue: bool, exceeds: bool) -> ComputedStatus:
    if milestone.actual_date is not None or milestone.status == "done":
        return "done"
    if milestone.status == "cancelled":
        return "cancelled"
    if is_overdue or exceeds:
        return "late"
    if milestone.forecast_date is None:
        return "not_reported"
    return "at_risk" if milestone.forecast_date > milestone.baseline_date else "on_track"


def _with_writers_word(milestone: Milestone, computed: ComputedStatus) -> ComputedStatus:
    word = milestone.status
    if word in {"at_risk", "late"} and computed in _BADNESS and _BADNESS[word] > _BADNESS[computed]:
        return word
    return computed


def milestone_figures(project: Project, states: Iterable[MilestoneState], as_of: AsOf) -> tuple[AnyFigure, ...]:
    """Return the slip of every milestone that is not cancelled: schedule.slip.MS-05.

    Where a baseline was ever replaced, the slip against the first one stands beside it: schedule.slip_original.MS-05.
    The first is what the milestone's own `baseline_history` begins with, else the earliest baseline that dates it;
    where neither tells it, the slip is unknown and says what is to be recorded.
    """
    calendar = calendar_of(project.charter)
    shown = [state for state in states if state.status != "cancelled"]
    current = [_slip(state, calendar, as_of) for state in shown]
    replanned = (state for state in shown if state.original_slip_days is not None or state.has_lost_original)
    return (*current, *(_original(state, calendar, as_of) for state in replanned))


def _slip(state: MilestoneState, calendar: WorkingCalendar, as_of: AsOf) -> AnyFigure:
    milestone = state.milestone
    note = (
        "no earlier promise of another day is recorded"
        if state.original_slip_days is None and not state.has_lost_original
        else "an earlier baseline was replaced"
    )
    name = f"schedule.slip.{milestone.id}"
    return _slip_figure(name, state, milestone.baseline_date, None, "the baseline", note, calendar, as_of)


def _original(state: MilestoneState, calendar: WorkingCalendar, as_of: AsOf) -> AnyFigure:
    name = f"schedule.slip_original.{state.milestone.id}"
    promised = state.first_promise
    if promised.day is None:
        return Unknown(name, _why_lost(state), state.audience, sources_of([state.milestone]))
    note = (
        f"it stands in {promised.baseline.id} and was replaced since" if promised.baseline else "it was replaced since"
    )
    return _slip_figure(name, state, promised.day, promised.baseline, "the first baseline", note, calendar, as_of)


def _why_lost(state: MilestoneState) -> str:
    record_id = state.milestone.id
    if state.first_promise.gap == "not_shared":
        return f"the first baseline is not shared with all who may see {record_id}"
    return (
        f"the baseline of {record_id} replaced another, and which day was promised first is not recorded: "
        f"the first baseline gives it in milestones, or {record_id} in baseline_history"
    )


def _slip_figure(
    name: str,
    state: MilestoneState,
    promised: date,
    baseline: Baseline | None,
    what: str,
    note: str,
    calendar: WorkingCalendar,
    as_of: AsOf,
) -> AnyFigure:
    if state.expected is None:
        return Unknown(name, "no forecast_date is given", state.audience, sources_of([state.milestone]))
    field = "actual_date" if state.milestone.actual_date else "forecast_date"
    return Figure(
        name=name,
        value=(state.expected - promised).days,
        unit="d",
        as_of=as_of.date,
        text=slip_text(promised, state.expected, what, calendar),
        formula=f"{field} − {what} in calendar days; {note}",
        sources=sources_of([state.milestone, *([baseline] if baseline else [])]),
        audience=state.audience,
        comparator=Comparator("baseline", promised, f"{what}, {day(promised)}", None),
        baseline=promised.isoformat(),
    )


def slip_text(baseline: date, expected: date, what: str, calendar: WorkingCalendar) -> str:
    """Return a slip in words: "14 days (10 working days) after the baseline"."""
    calendar_days = (expected - baseline).days
    if calendar_days == 0:
        return f"on {what}"
    worked = days(abs(calendar.between(baseline, expected)), calendar.words)
    return f"{days(abs(calendar_days))} ({worked}) {'after' if calendar_days > 0 else 'before'} {what}"


def assess_schedule(project: Project, states: Iterable[MilestoneState], as_of: AsOf) -> Assessment:
    """Return what the milestones make of the dimension "schedule"."""
    kept = [state for state in states if state.status != "cancelled"]
    opened = [state for state in kept if state.is_open]
    ages = {state.milestone.id: freshness_of(project, state.milestone, as_of) for state in opened}
    findings = [f for state in opened for f in _findings(project, state, ages[state.milestone.id])]
    records = [state.milestone for state in kept]
    if not kept:
        findings.append(make_finding(project, "no-milestone-recorded", "not_reported"))
    elif not findings:
        words = plural(len(opened), "open milestone", "open milestones")
        findings.append(make_finding(project, "milestones-on-baseline", "green", records, count=words))
    audience = project.strictest(state.audience for state in kept)
    return Assessment(worst_first(findings), audience, oldest(ages.values()), bool(project.of(Milestone)))


def _findings(project: Project, state: MilestoneState, age: Freshness) -> Iterable[Finding]:
    yield from _date_findings(project, state)
    if not age.is_current:
        yield make_age_finding(project, "milestone", state.milestone, age)


def _date_findings(project: Project, state: MilestoneState) -> Iterable[Finding]:
    milestone = state.milestone
    words = {"id": milestone.id, "title": milestone.title, "baseline": day(milestone.baseline_date)}
    if state.expected is None and state.is_overdue:
        yield make_finding(project, "milestone-overdue-unforecast", "red", [milestone], **words)
        return
    if state.expected is None:
        yield make_finding(project, "milestone-not-forecast", "not_reported", [milestone], **words)
        return
    words["forecast"] = day(state.expected)
    words["slip"] = slip_text(milestone.baseline_date, state.expected, "the baseline", calendar_of(project.charter))
    yield from _slip_findings(project, state, words)
    if state.status != state.computed and state.status == "late":
        yield make_finding(project, "milestone-called-late", "red", [milestone], **words)
    elif state.status != state.computed:
        yield make_finding(project, "milestone-called-at-risk", "amber", [milestone], **words)


def _slip_findings(project: Project, state: MilestoneState, words: dict[str, str]) -> Iterable[Finding]:
    milestone = state.milestone
    if state.is_overdue:
        yield make_finding(project, "milestone-overdue", "red", [milestone], **words)
    elif state.exceeds_tolerance:
        yield make_finding(project, "milestone-beyond-tolerance", "red", [milestone], **words)
    elif state.computed == "at_risk":
        yield make_finding(project, "milestone-late", "amber", [milestone], **words)
