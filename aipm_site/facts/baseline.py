"""Baseline facts: which promise holds now, and which was the first."""

from __future__ import annotations

from aipm_site.project import Project
from aipm_site.records.baseline import Baseline


def original_baseline(project: Project) -> Baseline | None:
    """Return the first baseline: number 0, else the one with the least number; None where there is none."""
    return min(project.of(Baseline), key=_rank, default=None)


def current_baseline(project: Project) -> Baseline | None:
    """Return the baseline that holds: the one with the greatest number that no other replaces; None without any."""
    replaced = {baseline.supersedes for baseline in project.of(Baseline)}
    return max((one for one in project.of(Baseline) if one.id not in replaced), key=_rank, default=None)


def _rank(baseline: Baseline) -> tuple[int, str, str]:
    return (baseline.number or 0, baseline.date.isoformat() if baseline.date else "", baseline.id)
