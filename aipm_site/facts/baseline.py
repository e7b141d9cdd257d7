"""Baseline facts: which promise holds now, and which was the first, of the project and of each milestone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from aipm_site.project import Project
from aipm_site.records.baseline import Baseline
from aipm_site.records.milestone import Milestone


class FirstPromise(Struct, frozen=True):
    """The day that was promised for a milestone first.

    Attributes:
        day: The day; None where its baseline replaced another one and nothing says what was promised first.
        baseline: The baseline that promised it, or that should say what it promised; None where the milestone itself
            tells the day.
        gap: Why there is no day: it is not recorded, or not shared with all who may see the milestone.
    """

    day: date | None
    baseline: Baseline | None = None
    gap: Literal["not_recorded", "not_shared"] | None = None


def original_baseline(project: Project) -> Baseline | None:
    """Return the first baseline: number 0, else the one with the least number; None where there is none."""
    return min(project.of(Baseline), key=_rank, default=None)


def current_baseline(project: Project) -> Baseline | None:
    """Return the baseline that holds: the one with the greatest number that no other replaces; None without any."""
    replaced = {baseline.supersedes for baseline in project.of(Baseline)}
    return max((one for one in project.of(Baseline) if one.id not in replaced), key=_rank, default=None)


def day_before(project: Project, milestone: Milestone, baseline: Baseline) -> date | None:
    """Return the day that was promised for a milestone until a baseline replaced it; None where no record tells it."""
    if milestone.baseline_history and milestone.baseline == baseline.id:
        return milestone.baseline_history[-1].baseline_date
    replaced = project.get(baseline.supersedes or "")
    return promised_day(replaced, milestone) if isinstance(replaced, Baseline) else None


def has_replaced_promise(project: Project) -> bool:
    """Say whether any promise was ever replaced by a later one, as far as baselines and milestones tell."""
    return any(baseline.supersedes for baseline in project.of(Baseline)) or any(
        milestone.baseline_history for milestone in project.of(Milestone)
    )


def promised_day(baseline: Baseline, milestone: Milestone) -> date | None:
    """Return the day that a baseline promises for a milestone; None where it promises none."""
    return next((promised.date for promised in baseline.milestones if promised.milestone == milestone.id), None)


def first_promises(project: Project) -> Mapping[str, FirstPromise]:
    """Return the first promise for each milestone, by its id: its own `baseline_history`, else the first baseline.

    Where its baseline replaced another, the first day must stand in one of those that were replaced: the day of today
    is not the first one, and nothing is measured against it as if it were (domain §5, T-31).
    A baseline counts for a milestone where all may see it who may see the milestone, as it moves what they are shown.
    """
    dated: dict[str, list[tuple[Baseline, date]]] = {}
    for baseline in sorted(project.of(Baseline), key=_rank):
        for promised in baseline.milestones:
            dated.setdefault(promised.milestone, []).append((baseline, promised.date))
    return {one.id: _first_promise(project, one, dated.get(one.id, [])) for one in project.of(Milestone)}


def _first_promise(project: Project, milestone: Milestone, dated: list[tuple[Baseline, date]]) -> FirstPromise:
    if milestone.baseline_history:
        return FirstPromise(milestone.original_baseline_date)
    named = project.get(milestone.baseline) if milestone.baseline else None
    if isinstance(named, Baseline) and named.supersedes:
        gap = _gap(project, milestone, tuple(_replaced(project, named)))
        if gap is not None:
            return gap
    label = project.audience_of(milestone)
    seen = ((baseline, day) for baseline, day in dated if project.may_see(label, project.audience_of(baseline)))
    baseline, day = next(seen, (None, milestone.baseline_date))
    # A day that differs from that of its own baseline is an error in it, and no earlier promise.
    is_earlier = baseline is not None and baseline.id != milestone.baseline and day != milestone.baseline_date
    return FirstPromise(day, baseline) if is_earlier else FirstPromise(milestone.baseline_date)


def _gap(project: Project, milestone: Milestone, replaced: tuple[Baseline, ...]) -> FirstPromise | None:
    """Return that the first promise is not known; None where one of the replaced baselines, oldest first, tells it.

    One that promises days, and none for the milestone, was made without it, so that the next may be its first; one
    without any days says nothing.
    """
    for baseline in replaced:
        if promised_day(baseline, milestone) is not None:
            is_shared = project.may_see(project.audience_of(milestone), project.audience_of(baseline))
            return None if is_shared else FirstPromise(None, gap="not_shared")
        if not baseline.milestones:
            break
    return FirstPromise(None, next(iter(replaced), None), "not_recorded")


def _replaced(project: Project, baseline: Baseline) -> Iterator[Baseline]:
    """Yield the baselines that one replaced, directly or not, oldest first."""
    found: dict[str, Baseline] = {}
    earlier = project.get(baseline.supersedes or "")
    while isinstance(earlier, Baseline) and earlier.id not in found:
        found[earlier.id] = earlier
        earlier = project.get(earlier.supersedes or "")
    yield from reversed(found.values())


def _rank(baseline: Baseline) -> tuple[int, str, str]:
    return (baseline.number or 0, baseline.date.isoformat() if baseline.date else "", baseline.id)
