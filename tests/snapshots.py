"""A snapshot in memory: the files of a small project as a test writes them down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from textwrap import dedent

from aipm_site.checks import check_project
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import Facts, compute_facts
from aipm_site.loading import load_project
from aipm_site.problems import Problem, sort_problems
from aipm_site.project import Project
from aipm_site.readers.snapshot import READ_AT_MOST

AS_OF = AsOf.of_day(date(2026, 4, 15), "UTC")


class Files:
    """Files by path below content/, as a snapshot."""

    problems: tuple[Problem, ...] = ()

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = {f"content/{path}": dedent(text).lstrip("\n").encode() for path, text in files.items()}

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))

    def read(self, path: str, at_most: int = READ_AT_MOST) -> bytes:
        return self._files[path][:at_most]


def project_of(files: Mapping[str, str]) -> tuple[Project, Facts, list[Problem]]:
    """Return the project, its facts as of 2026-04-15 and all problems, sorted by place."""
    project, problems = load_project(Files(files))
    facts = compute_facts(project, AS_OF)
    return project, facts, sort_problems([*problems, *check_project(project, facts)])


def found(files: Mapping[str, str], *, severity: str = "error") -> list[str]:
    """Return "file:line code" for each problem of a severity."""
    problems = project_of(files)[2]
    return [
        f"{p.place.file.removeprefix('content/')}:{p.place.line} {p.code}" for p in problems if p.severity == severity
    ]
