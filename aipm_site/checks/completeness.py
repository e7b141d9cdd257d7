"""Completeness: what open records should give and do not."""

from __future__ import annotations

from collections.abc import Iterator

from aipm_site.facts.numbers import listed
from aipm_site.problems import Problem, error, warning
from aipm_site.project import Project


def check_completeness(project: Project) -> Iterator[Problem]:
    """Yield one warning for each open record with fields not given; an error for kinds listed under `complete`."""
    for record in project.records.values():
        kind = project.kinds.of(record)
        if not kind.is_open(record):
            continue
        missing = project.missing[record.id]
        if missing:
            report = error if kind.name in project.charter.complete else warning
            message = f"{record.id} does not give {listed(missing)}"
            hint = f"`aipm explain {kind.name}` says what each is for"
            yield report("fields-not-given", message, record.place, hint)
