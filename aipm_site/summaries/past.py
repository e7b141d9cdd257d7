"""The past of a report's figures: what they did since the last report, and their course as a drawing."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup
from msgspec import Struct, field
from msgspec.structs import replace

from aipm_site.changes.since_report import SinceReport, since_report
from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import AnyFigure
from aipm_site.facts.view import View
from aipm_site.history.states import History
from aipm_site.history.trend import Trend, trend_of
from aipm_site.project import Project


def no_drawing(_: Trend) -> Markup:
    """Return what a form that cannot draw shows of a course: nothing."""
    return Markup("")


class Past(Struct, frozen=True):
    """What a report can tell of the time before it.

    Attributes:
        history: What earlier revisions said, as its readers may see it.
        draw: Gives the drawing of a figure's course in the form of the report; "" where there is nothing to draw.
    """

    history: History = field(default_factory=History)
    draw: Callable[[Trend], Markup] = no_drawing

    def visible_to(self, audience: str, project: Project, facts: Facts) -> Past:
        """Return what an audience may see of it.

        Args:
            audience: The label of a report.
            project: The project that says which record bears which label.
            facts: The facts as those see them who may see all of this past.
        """
        return replace(self, history=self.history.visible_to(View(project, audience), facts.figures))

    def since_report(self, figure: AnyFigure, facts: Facts) -> SinceReport:
        """Return what became of a figure since the last report, or since the revision before."""
        return since_report(figure, facts, self.history)

    def course(self, name: str, facts: Facts) -> Markup:
        """Return the drawing of a figure's course up to now; "" where there is nothing to draw."""
        # Only a table of a trend's points names their commits.
        return self.draw(trend_of(name, self.history, facts, None, is_uncommitted=False))
