"""Baseline facts: which promise holds now, and which was the first, of the project and of each milestone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from aipm_site.project import Project
from aipm_site.records.baseline import Baseline
from aipm_site.records.milestone import Milestone


class FirstPromise(Struct, frozen=True):
    """The day that was promised for a milestone first.

    Attributes:
        day: The day.
        baseline: The baseline that promised it; None where the milestone itself tells it.
    """

    day: date
    baseline: Baseline | None = None


def original_baseline(project: Project) -> Baseline | None:
    """Return the first baseline: number 0, else the one with the least number; None where there is none."""
    return min(project.of(Baseline), key=_rank, default=None)


def current_baseline(project: Project) -> Baseline | None:
    """Return the baseline that holds: the one with the greatest number that no other replaces; None without any."""
    replaced = {baseline.supersedes for baseline in project.of(Baseline)}
    return max((one for one in project.of(Baseline) if one.id not in replaced), key=_rank, default=None)


def first_promises(project: Project) -> Mapping[str, FirstPromise]:
    """Return the first promise for each milestone, by its id: its own `baseline_history`, else the first baseline.

    A baseline counts for a milestone where all may see it who may see the milestone, as it moves what they are shown.
    """
    ordered = sorted(project.of(Baseline), key=_rank)
    dated: dict[str, list[tuple[Baseline, date]]] = {}
    for baseline in ordered:
        for promised in baseline.milestones:
            dated.setdefault(promised.milestone, []).append((baseline, promised.date))
    return {one.id: _first_promise(project, one, dated.get(one.id, ())) for one in project.of(Milestone)}


def _first_promise(project: Project, milestone: Milestone, dated: Iterable[tuple[Baseline, date]]) -> FirstPromise:
    if milestone.baseline_history:
        return FirstPromise(milestone.original_baseline_date)
    label = project.audience_of(milestone)
    seen = ((baseline, day) for baseline, day in dated if project.may_see(label, project.audience_of(baseline)))
    baseline, day = next(seen, (None, milestone.baseline_date))
    # A day that differs from that of its own baseline is an error in it, and no earlier promise.
    is_earlier = baseline is not None and baseline.id != milestone.baseline and day != milestone.baseline_date
    return FirstPromise(day, baseline) if is_earlier else FirstPromise(milestone.baseline_date)


def _rank(baseline: Baseline) -> tuple[int, str, str]:
    return (baseline.number or 0, baseline.date.isoformat() if baseline.date else "", baseline.id)
