"""Shared problems: what a lenient site may tell its readers of what is wrong, without telling of hidden records."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from aipm_site.problems import Problem, Related
from aipm_site.project import Project
from aipm_site.publication.staging import read_regular

# In a file that cannot be read nobody knows which words are settings, so every word after "audience:" counts.
_LABEL = re.compile(r"\baudience[\"']?\s*:\s*[\"']?([^\s,\"'}\]#]+)")


def shared_problems(root: Path, project: Project, audience: str, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems of files that an audience may know of, without the ids of records that it may not.

    Args:
        root: The project's folder.
        project: The project as the audience may see it.
        audience: The label of the build.
        problems: All that was found.
    """
    labels: dict[str, str] = {}

    def may_know(file: str) -> bool:
        if file not in labels:
            labels[file] = _label_of(root, project, file)
        return project.may_see(audience, labels[file])

    return tuple(
        replace(
            problem,
            message=project.redact(problem.message),
            hint=project.redact(problem.hint),
            related=tuple(_redacted(project, r) for r in problem.related if may_know(r.place.file)),
        )
        for problem in problems
        if may_know(problem.place.file)
    )


def _redacted(project: Project, related: Related) -> Related:
    return replace(related, message=project.redact(related.message))


def _label_of(root: Path, project: Project, file: str) -> str:
    order = project.charter.audience_order
    if not file.startswith(f"{project.content}/"):
        return order[0]
    try:
        text = read_regular(root / file).decode("utf-8", "replace")
    except OSError:
        text = ""
    return project.strictest(label if label in order else order[-1] for label in _LABEL.findall(text))
