"""Facts: everything that is computed from a project for one as-of, and what of it an audience may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.burn import burn_figures
from aipm_site.facts.change import ScopeState, assess_scope, scope_figures, scope_state
from aipm_site.facts.cost import CostState, cost_state
from aipm_site.facts.cost_figures import earned_value_figures
from aipm_site.facts.cost_status import assess_cost
from aipm_site.facts.decision import DecisionNeeded, decisions_needed, status_overrides
from aipm_site.facts.due import Due, due_list
from aipm_site.facts.figure import AnyFigure
from aipm_site.facts.forecast import forecast_figures, milestone_forecasts
from aipm_site.facts.freshness import Freshness, open_records_freshness
from aipm_site.facts.horizon import known_at
from aipm_site.facts.ledger import Ledger
from aipm_site.facts.milestone import MilestoneState, assess_schedule, milestone_figures, milestone_states
from aipm_site.facts.model import MetricState, ModelComparison, metric_states, model_comparisons, model_figures
from aipm_site.facts.pace import earned_schedule_figures, with_pace
from aipm_site.facts.quality import assess_quality, production_ages
from aipm_site.facts.risk import RiskState, assess_risk, risk_figures, risk_state
from aipm_site.facts.series import Measurements
from aipm_site.facts.slippage import MilestoneForecast
from aipm_site.facts.sprint import SprintState, sprint_figures, sprint_state
from aipm_site.facts.status import Status, project_status, status_figures
from aipm_site.facts.view import View
from aipm_site.project import Project


@dataclass(frozen=True)
class Facts:
    """What is known of a project at one as-of.

    Attributes:
        project: The project as it was known at the as-of.
        as_of: The day or moment that everything here speaks for.
        audience: The label of those who may see all of this.
        figures: Every figure by name, sorted.
        status: The status with its dimensions and findings.
        due: What is overdue or due soon, in the order of the days.
        decisions_needed: Questions that wait for an answer, the most pressing first.
        freshness: How fresh each open record is, by id.
        production_ages: How fresh each metric of the versions in production is, by version and metric.
        metrics: Where each metric of the models in production and of the candidates stands.
        models: Each candidate against the version in production.
        sprint: The active sprint; None without one.
        risks: The open risks in order, and how their number came about.
        milestones: The state of each milestone.
        forecasts: When each open milestone is reached, going by how past ones slipped.
        cost: What is planned, earned and spent; None without any money.
        scope: What changes do to the scope; None without changes and baselines.
        not_shared_kinds: Kinds of which this audience may not see every record.
    """

    project: Project
    as_of: AsOf
    audience: str
    figures: Mapping[str, AnyFigure]
    status: Status
    due: tuple[Due, ...]
    decisions_needed: tuple[DecisionNeeded, ...]
    freshness: Mapping[str, Freshness]
    production_ages: Mapping[tuple[str, str], Freshness]
    metrics: tuple[MetricState, ...]
    models: tuple[ModelComparison, ...]
    sprint: SprintState | None
    risks: RiskState
    milestones: tuple[MilestoneState, ...]
    forecasts: tuple[MilestoneForecast, ...]
    cost: CostState | None
    scope: ScopeState | None
    not_shared_kinds: frozenset[str] = frozenset()

    def visible_to(self, audience: str, project: Project) -> Facts:
        """Return what an audience may see of these facts; nothing is computed anew from the visible part.

        Args:
            audience: The label of the build.
            project: The project that says which record bears which label.
        """
        return _visible(self, View(project, audience))


def compute_facts(project: Project, as_of: AsOf) -> Facts:
    """Return the facts of a project for one as-of."""
    known = known_at(project, as_of)
    milestones, risks = milestone_states(known, as_of), risk_state(known, as_of)
    ledger, scope = Ledger(known, as_of), scope_state(known)
    forecasts = milestone_forecasts(known, milestones, as_of)
    assessments = {
        "schedule": with_pace(assess_schedule(known, milestones, as_of), ledger),
        "cost": assess_cost(ledger),
        "scope": assess_scope(known, scope),
        "quality": assess_quality(known, Measurements(known), as_of),
        "risk": assess_risk(known, risks, as_of),
    }
    status = project_status(known, assessments, status_overrides(known, as_of), as_of)
    figures = (
        *status_figures(known, status, as_of),
        *milestone_figures(known, milestones, as_of),
        *forecast_figures(known, milestones, forecasts, as_of),
        *earned_value_figures(ledger),
        *burn_figures(ledger),
        *earned_schedule_figures(ledger),
        *scope_figures(scope, as_of),
        *risk_figures(known, risks, as_of),
        *sprint_figures(known, as_of),
        *model_figures(known),
    )
    return Facts(
        project=known,
        as_of=as_of,
        audience=known.charter.audience_order[-1],
        figures=_by_name(figures),
        status=status,
        due=due_list(known, as_of),
        decisions_needed=decisions_needed(known, as_of),
        freshness=open_records_freshness(known, as_of),
        production_ages=production_ages(known, Measurements(known), as_of),
        metrics=metric_states(known),
        models=model_comparisons(known),
        sprint=sprint_state(known, as_of),
        risks=risks,
        milestones=milestones,
        forecasts=forecasts,
        cost=cost_state(ledger),
        scope=scope,
    )


def _by_name(figures: Iterable[AnyFigure]) -> dict[str, AnyFigure]:
    return {figure.name: figure for figure in sorted(figures, key=lambda figure: figure.name)}


def _visible(facts: Facts, view: View) -> Facts:
    figures = (view.figure(figure) for figure in facts.figures.values())
    return replace(
        facts,
        project=view.visible,
        audience=view.audience,
        figures=_by_name(view.redacted(figure) for figure in figures if figure is not None),
        status=view.redacted(facts.status.visible_to(view)),
        due=view.redacted(tuple(due for due in facts.due if view.may_see(due.audience))),
        decisions_needed=view.redacted(
            tuple(needed for needed in facts.decisions_needed if view.may_see(needed.audience))
        ),
        freshness={i: age for i, age in facts.freshness.items() if i not in view.hidden_ids},
        production_ages={key: age for key, age in facts.production_ages.items() if key[0] not in view.hidden_ids},
        metrics=view.redacted(tuple(state for state in facts.metrics if view.may_see(state.audience))),
        models=view.redacted(tuple(comparison for comparison in facts.models if view.may_see(comparison.audience))),
        sprint=_if_seen(facts.sprint, view),
        risks=view.redacted(facts.risks.visible_to(facts.project, view.audience)),
        milestones=view.redacted(tuple(state for state in facts.milestones if view.may_see(state.audience))),
        forecasts=view.redacted(tuple(forecast for forecast in facts.forecasts if view.may_see(forecast.audience))),
        cost=_if_seen(facts.cost, view),
        scope=_if_seen(facts.scope, view),
        not_shared_kinds=facts.not_shared_kinds | _hidden_kinds(facts.project, view),
    )


S = TypeVar("S", SprintState, CostState, ScopeState)


def _if_seen(state: S | None, view: View) -> S | None:
    return view.redacted(state) if state is not None and view.may_see(state.audience) else None


def _hidden_kinds(project: Project, view: View) -> frozenset[str]:
    hidden = (record for record in project.records.values() if record.id in view.hidden_ids)
    return frozenset(project.kinds.of(record).name for record in hidden)
