"""Benefit facts: scenarios, what they depend on, what a release would change of them, and what was realised."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.benefit_case import BenefitCase
from aipm_site.facts.figure import AnyFigure
from aipm_site.facts.realised import ActualsState, actuals_state
from aipm_site.facts.release_effect import BenefitOnModel, Release
from aipm_site.facts.scenario import ScenarioState, scenario_states
from aipm_site.facts.sensitivity import Sensitivity, sensitivity
from aipm_site.facts.value_chain import MeasuredDrivers
from aipm_site.facts.view import View
from aipm_site.project import Project
from aipm_site.records.benefit import Benefit


class BenefitState(Struct, frozen=True):
    """What there is to say about one benefit.

    Attributes:
        benefit: The record.
        scenarios: Its scenarios in the order of the record, each with its figures.
        sensitivity: What the plan depends on, and where it breaks even.
        forecast: Net run-rate of the plan with the drivers as production is measured; None where no driver is a metric.
        release: What the newest candidate would change; None where there is nothing to say, or it is not shared.
        actuals: What was realised, and whether it is reported at its cadence.
        audience: Its label.
    """

    benefit: Benefit
    scenarios: tuple[ScenarioState, ...]
    sensitivity: Sensitivity
    forecast: AnyFigure | None
    release: Release | None
    actuals: ActualsState
    audience: str

    @property
    def plan(self) -> ScenarioState | None:
        """The scenario that is planned; None where none of several is called the plan."""
        return next((state for state in self.scenarios if state.is_plan), None)

    @property
    def figures(self) -> tuple[AnyFigure, ...]:
        """All its figures."""
        scenarios = (figure for state in self.scenarios for figure in state.figures)
        effects = self.release.effects if self.release else ()
        forecast = (self.forecast,) if self.forecast else ()
        return (*scenarios, *self.sensitivity.figures, *forecast, *effects, self.actuals.realised)

    def effect_of(self, scenario: ScenarioState) -> AnyFigure | None:
        """Return what the newest candidate would change of a scenario; None where there is nothing to say."""
        return self.release.effects[self.scenarios.index(scenario)] if self.release else None

    def visible_to(self, view: View) -> BenefitState | None:
        """Return it as an audience sees it; None where it may not."""
        if not view.may_see(self.audience):
            return None
        forecast = self.forecast if self.forecast and view.may_see(self.forecast.audience) else None
        return replace(self, forecast=forecast, release=self.release.visible_to(view) if self.release else None)


def benefit_states(project: Project, as_of: AsOf) -> tuple[BenefitState, ...]:
    """Return the state of every benefit, by id.

    Args:
        project: The project as it is known at the as-of.
        as_of: The day that is asked for.
    """
    measured = MeasuredDrivers(project)
    return tuple(_state(BenefitCase(project, benefit, as_of), measured) for benefit in project.of(Benefit))


def benefit_figures(states: Iterable[BenefitState]) -> tuple[AnyFigure, ...]:
    """Return the figures of all benefits: benefit.BEN-002.6.net_run_rate, benefit.BEN-002.realised, …."""
    return tuple(figure for state in states for figure in state.figures)


def _state(case: BenefitCase, measured: MeasuredDrivers) -> BenefitState:
    scenarios = scenario_states(case)
    plan_key = next((state.key for state in scenarios if state.is_plan), None)
    on_model = BenefitOnModel(case, measured)
    return BenefitState(
        benefit=case.benefit,
        scenarios=scenarios,
        sensitivity=sensitivity(case),
        forecast=on_model.forecast(plan_key),
        release=on_model.release(),
        actuals=actuals_state(case),
        audience=case.audience,
    )
