"""Begun: the day on which a status began that no earlier revision told, by the present commit or by time alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import judge_status
from aipm_site.facts.history import Statements
from aipm_site.project import Project
from aipm_site.readers.git import Revision


def begun_days(project: Project, as_of: AsOf, told: Statements, revision: Revision) -> Mapping[str, date]:
    """Return the day on which the present status began, where the last revision before told another.

    A commit of the as-of's day began it on that day. Where the present commit is older, and told another status on its
    own day, time alone began it, as when a review falls due. When changes began that are in no commit, nobody knows.

    Args:
        project: The project with all its records.
        as_of: What the present state speaks for.
        told: What earlier revisions told of the status.
        revision: The present revision.

    Returns:
        The days by "overall" and dimension; they say nothing of a status that is the one that was told last.
    """
    if revision.uncommitted or revision.committed is None:
        return {}
    if revision.committed.astimezone(ZoneInfo(project.charter.tz)).date() >= as_of.date:
        return dict.fromkeys(told, as_of.date)
    own = {name: said[-1] for name, said in told.items() if said[-1].origin == revision.commit and said[-1].is_known}
    if not own:
        return {}
    course = _Course(project, told)
    present = course.on(as_of)
    changed = {name: last.as_of for name, last in own.items() if present.get(name, last.reported) != last.reported}
    return {name: course.first_day(name, present[name], last, as_of.date) for name, last in changed.items()}


class _Course:
    """The status from day to day while no commit was made."""

    def __init__(self, project: Project, told: Statements) -> None:
        self._project = project
        self._told = told
        self._days: dict[date, Mapping[str, str]] = {}

    def on(self, as_of: AsOf) -> Mapping[str, str]:
        """Return what is told at an as-of after the last revision, by "overall" and dimension."""
        # No commit came between, so what commits say of the records is the same on each of these days.
        status = judge_status(self._project, as_of, self._told).status
        return {"overall": status.overall, **{one.name: one.status for one in status.dimensions}}

    def first_day(self, name: str, status: str, told: date, until: date) -> date:
        """Return the first day after one on which another status was told, up to another day, that tells this status.

        It is found by bisection, a few judgements for months. Time alone makes a status worse and no better but for
        records that are dated ahead, so that the status does not come, go and come again in between.
        """
        days = [told + timedelta(days=after) for after in range(1, (until - told).days + 1)]
        return days[bisect_left(days[:-1], True, key=lambda day: self._on_day(day)[name] == status)]

    def _on_day(self, day: date) -> Mapping[str, str]:
        if day not in self._days:
            self._days[day] = self.on(AsOf.of_day(day, self._project.charter.tz))
        return self._days[day]
