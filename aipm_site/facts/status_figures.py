"""Status figures: the overall status and each dimension as figures like any other, held against what they were."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.figure import AnyFigure, Figure, Source, Unknown, sources_of
from aipm_site.facts.finding import Finding
from aipm_site.facts.history import Standing, previous_status
from aipm_site.facts.numbers import plural
from aipm_site.facts.status import STATUS_TEXT, Dimension, Status, overall_text
from aipm_site.project import Project


def status_figures(project: Project, status: Status, as_of: AsOf) -> tuple[AnyFigure, ...]:
    """Return the status as figures: status.overall and one for each dimension."""
    if not status.is_listed:
        return ()
    make = _Figures(project, as_of)
    return (make.overall(status), *(make.dimension(dimension) for dimension in status.dimensions))


class _Figures(Struct, frozen=True):
    project: Project
    as_of: AsOf

    def overall(self, status: Status) -> Figure:
        """Return the overall status."""
        formula = "the worst of the listed dimensions; not green while one of them is not reported"
        # Who sees it by disclosure alone does not see what was before it, so its text does not tell the days.
        text = overall_text(status.overall, len(status.not_reported))
        figure = self._figure("status.overall", status.overall, text, formula, status.findings, status.audience)
        return _with_past(figure, status.standing)

    def dimension(self, dimension: Dimension) -> AnyFigure:
        """Return the status of one dimension; Unknown where it is not reported or not tracked."""
        name = f"status.{dimension.name}"
        sources = tuple(sorted({source for finding in dimension.deciding for source in finding.sources}))
        if dimension.status == "not_applicable":
            return Unknown(name, "not tracked: project.yml does not list it under dimensions", dimension.audience)
        if dimension.status == "not_reported":
            silent = max(dimension.not_reported, 1)
            inputs = plural(silent, "required input is", "required inputs are")
            return Unknown(name, f"not reported: {inputs} missing or stale", dimension.audience, sources)
        rules = sorted({finding.rule for finding in dimension.findings if finding.status == dimension.status})
        formula = f"the worst of its findings: {', '.join(rules)}"
        audience = dimension.audience
        figure = self._figure(name, dimension.status, dimension.text, formula, dimension.findings, audience)
        return _with_past(figure, dimension.standing)

    def _figure(
        self, name: str, value: str, text: str, formula: str, findings: Iterable[Finding], audience: str
    ) -> Figure:
        sources: set[Source] = {source for finding in findings for source in finding.sources}
        return Figure(
            name=name,
            value=value,
            unit="status",
            as_of=self.as_of.date,
            text=text,
            formula=formula,
            # Where no record says anything, project.yml does: it lists the dimension.
            sources=tuple(sorted(sources)) or sources_of([self.project.charter]),
            audience=audience,
        )


def _with_past(figure: Figure, stands: Standing) -> Figure:
    """Return the figure of a status held against what it was before."""
    comparator = previous_status(stands, STATUS_TEXT.get(stands.previous or "", ""))
    return replace(figure, comparator=comparator, sources=tuple(sorted({*figure.sources, *stands.sources})))
