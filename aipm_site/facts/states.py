"""States: where everything stands at one as-of that figures and the status are made of, worked out once."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.benefit import BenefitState, benefit_figures, benefit_states
from aipm_site.facts.burn import burn_figures
from aipm_site.facts.change import ScopeState, scope_figures, scope_state
from aipm_site.facts.cost_figures import earned_value_figures
from aipm_site.facts.figure import AnyFigure, by_name
from aipm_site.facts.forecast import forecast_figures, milestone_forecasts
from aipm_site.facts.ledger import Ledger
from aipm_site.facts.metric import metric_figures
from aipm_site.facts.milestone import MilestoneState, milestone_figures, milestone_states
from aipm_site.facts.model import model_figures
from aipm_site.facts.pace import earned_schedule_figures
from aipm_site.facts.report import final_reports
from aipm_site.facts.risk import RiskState, risk_figures, risk_state
from aipm_site.facts.series import Measurements
from aipm_site.facts.slippage import MilestoneForecast
from aipm_site.facts.sprint import sprint_figures
from aipm_site.project import Project
from aipm_site.records.report import Report


class States(Struct, frozen=True):
    """Where everything stands at one as-of.

    Attributes:
        project: The project as it was known at the as-of.
        as_of: The day or moment.
        reports: The reports that were issued and stand, oldest first.
        milestones: The state of each milestone.
        forecasts: When each open milestone is reached, going by how past ones slipped.
        risks: The open risks in order, and how their number came about.
        ledger: What is planned, earned and spent.
        scope: What changes do to the scope; None without changes and baselines.
        benefits: The state of each benefit.
        measurements: All that has been measured.
    """

    project: Project
    as_of: AsOf
    reports: tuple[Report, ...]
    milestones: tuple[MilestoneState, ...]
    forecasts: tuple[MilestoneForecast, ...]
    risks: RiskState
    ledger: Ledger
    scope: ScopeState | None
    benefits: tuple[BenefitState, ...]
    measurements: Measurements

    def figures(self) -> Mapping[str, AnyFigure]:
        """Return the figures that gates may ask for, by name: all but those of the status and of the gates."""
        project, as_of = self.project, self.as_of
        return by_name(
            (
                *milestone_figures(project, self.milestones, as_of),
                *forecast_figures(project, self.milestones, self.forecasts, as_of),
                *earned_value_figures(self.ledger),
                *burn_figures(self.ledger),
                *earned_schedule_figures(self.ledger),
                *scope_figures(self.scope, as_of),
                *risk_figures(project, self.risks, as_of),
                *sprint_figures(project, as_of),
                *model_figures(self.measurements),
                *metric_figures(self.measurements),
                *benefit_figures(self.benefits),
            )
        )


def states_of(project: Project, as_of: AsOf) -> States:
    """Return where everything in a project stands.

    Args:
        project: The project as it was known at the as-of.
        as_of: The day or moment.
    """
    reports, milestones = final_reports(project, as_of), milestone_states(project, as_of)
    return States(
        project=project,
        as_of=as_of,
        reports=reports,
        milestones=milestones,
        forecasts=milestone_forecasts(project, milestones, as_of),
        risks=risk_state(project, as_of, reports),
        ledger=Ledger(project, as_of),
        scope=scope_state(project),
        benefits=benefit_states(project, as_of),
        measurements=Measurements(project),
    )
