"""Issued reports: those whose figures were changed after they were final, though what was told stays told; warnings."""

from __future__ import annotations

from collections.abc import Iterator

from aipm_site.facts.finding import NAMED_AT_MOST
from aipm_site.facts.numbers import listed
from aipm_site.problems import Problem, warning
from aipm_site.project import Project

_HINT = "put back what it told, and issue a new report that supersedes it, or say in `corrections` what was wrong"


def check_issued_reports(project: Project) -> Iterator[Problem]:
    """Yield a warning for each report that commits of the main line show to tell other figures than it told."""
    for record_id, rewriting in project.commits.rewritten_reports.items():
        names = listed(rewriting.figures, NAMED_AT_MOST)
        message = f"the report was final, and its figures were changed on {rewriting.on}: {names}"
        yield warning("report-rewritten", message, project.records[record_id].origin.place_of(("figures",)), _HINT)
