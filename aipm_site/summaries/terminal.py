"""The status for a terminal: overall, dimensions with their reasons, decisions needed, what is due."""

from __future__ import annotations

from dataclasses import dataclass

from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import Source
from aipm_site.project import Project
from aipm_site.summaries.plain_text import render_text
from aipm_site.summaries.reasons import reason_text


@dataclass(frozen=True, slots=True)
class Line:
    """A reason and the places of the records behind it."""

    text: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DimensionLines:
    """A dimension's name, its status word and its reasons."""

    name: str
    status: str
    reasons: tuple[Line, ...]


def terminal_status(project: Project, facts: Facts, project_name: str) -> str:
    """Return the status as text for a terminal."""
    tracked = [d for d in facts.status.dimensions if d.status != "not_applicable"]
    lines = [
        DimensionLines(d.name, d.status.replace("_", " "), tuple(_line(reason_text(f), f.sources) for f in d.findings))
        for d in tracked
    ]
    return render_text(
        "status.txt",
        project=project_name,
        facts=facts,
        records=len(project.records),
        dimensions=lines,
        width=max((len(line.name) for line in lines), default=0),
    )


def _line(text: str, sources: tuple[Source, ...]) -> Line:
    return Line(text, tuple(f"{source.record_id} ({source.place})" for source in sources[:3]))
