"""Facts: everything that is computed from a project for one as-of, and what of it an audience may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from aipm_site.facts.agenda import Occasion, agenda
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.benefit import BenefitState
from aipm_site.facts.benefit_status import assess_benefits
from aipm_site.facts.change import ScopeState, assess_scope
from aipm_site.facts.cost import CostState, cost_state
from aipm_site.facts.cost_status import assess_cost
from aipm_site.facts.criterion import Evidence
from aipm_site.facts.decision import DecisionNeeded, decisions_needed, status_overrides
from aipm_site.facts.due import Due, due_list
from aipm_site.facts.figure import AnyFigure, by_name
from aipm_site.facts.finding import Assessment
from aipm_site.facts.freshness import Freshness, open_records_freshness, overtaken_pages
from aipm_site.facts.gate import GateState, gate_figures, gate_states
from aipm_site.facts.history import Statements, with_disclosures
from aipm_site.facts.horizon import known_at
from aipm_site.facts.milestone import MilestoneState, assess_schedule
from aipm_site.facts.model import MetricState, ModelComparison, metric_states, model_comparisons
from aipm_site.facts.news import News, news
from aipm_site.facts.pace import with_pace
from aipm_site.facts.quality import assess_quality, production_ages
from aipm_site.facts.report import statements_of, with_previous
from aipm_site.facts.risk import RiskState, assess_risk
from aipm_site.facts.slippage import MilestoneForecast
from aipm_site.facts.sprint import SprintState, sprint_state
from aipm_site.facts.states import States, states_of
from aipm_site.facts.status import Status, project_status
from aipm_site.facts.status_figures import status_figures
from aipm_site.facts.view import View
from aipm_site.project import Project
from aipm_site.records.report import Report


class Facts(Struct, frozen=True):
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
        overtaken_pages: Pages whose review was overtaken by what changed since, by path.
        production_ages: How fresh each metric of the versions in production is, by version and metric.
        metrics: Where each metric of the models in production and of the candidates stands.
        models: Each candidate against the version in production.
        sprint: The active sprint; None without one.
        risks: The open risks in order, and how their number came about.
        milestones: The state of each milestone.
        forecasts: When each open milestone is reached, going by how past ones slipped.
        cost: What is planned, earned and spent; None without any money.
        scope: What changes do to the scope; None without changes and baselines.
        benefits: The state of each benefit: its scenarios, what they depend on, and what was realised.
        gates: Each decision with criteria, judged.
        reports: The reports that were issued and stand, oldest first.
        agenda: The entries of the calendar, by record.
        news: What happened that a subscriber wants to hear, the newest first.
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
    benefits: tuple[BenefitState, ...]
    gates: tuple[GateState, ...] = ()
    reports: tuple[Report, ...] = ()
    agenda: tuple[Occasion, ...] = ()
    news: tuple[News, ...] = ()
    overtaken_pages: Mapping[str, Freshness] = field(default_factory=dict)
    not_shared_kinds: frozenset[str] = frozenset()

    @property
    def cut_off_reviews(self) -> frozenset[str]:
        """Ids of records and paths of pages of which nobody knows whether they were overtaken: the clone is cut off."""
        overtaken = {i for i, age in self.freshness.items() if age.is_overtaken} | set(self.overtaken_pages)
        shown = {*self.project.records, *(page.path for page in self.project.pages)}
        return (self.project.commits.cut_off_reviews & shown) - overtaken

    def visible_to(self, audience: str, project: Project) -> Facts:
        """Return what an audience may see of these facts; nothing is computed anew from the visible part.

        Args:
            audience: The label of the build.
            project: The project that says which record bears which label.
        """
        return _visible(self, View(project, audience))


def compute_facts(
    project: Project,
    as_of: AsOf,
    earlier: Statements | None = None,
    recorded_on: date | None = None,
    begun: Mapping[str, date] | None = None,
) -> Facts:
    """Return the facts of a project for one as-of.

    Args:
        project: Everything that was read.
        as_of: The day or moment that is asked for.
        earlier: What was told of the status at earlier revisions; it counts where no issued report says anything.
        recorded_on: The day on which this state was recorded, which dates what is news in it; None where nobody knows.
        begun: The days on which a status began that no earlier revision told, by "overall" and dimension, where known.
    """
    judged = judge_status(project, as_of, earlier, begun)
    known, states, status = judged.states.project, judged.states, judged.status
    return Facts(
        project=known,
        as_of=as_of,
        audience=known.charter.audience_order[-1],
        figures=judged.figures(),
        status=status,
        due=due_list(known, as_of),
        decisions_needed=decisions_needed(known, as_of),
        freshness=open_records_freshness(known, as_of),
        production_ages=production_ages(states.measurements, as_of),
        metrics=metric_states(states.measurements),
        models=model_comparisons(states.measurements),
        sprint=sprint_state(known, as_of),
        risks=states.risks,
        milestones=states.milestones,
        forecasts=states.forecasts,
        cost=cost_state(states.ledger),
        scope=states.scope,
        benefits=states.benefits,
        gates=judged.gates,
        reports=states.reports,
        agenda=agenda(known, as_of),
        news=news(known, states.reports, status, as_of.date, earlier, recorded_on, begun),
        overtaken_pages=overtaken_pages(known, as_of),
    )


class Judged(Struct, frozen=True):
    """The status of a project at one as-of, and what it was judged by.

    Attributes:
        states: Where everything stands that figures and the status are made of.
        gates: Each decision with criteria, judged.
        status: The status with its dimensions and findings.
        measured: Gives the figures that gates may ask for; they are computed when they are first asked for.
    """

    states: States
    gates: tuple[GateState, ...]
    status: Status
    measured: Callable[[], Mapping[str, AnyFigure]]

    def figures(self) -> Mapping[str, AnyFigure]:
        """Return every figure by name, sorted."""
        known, as_of = self.states.project, self.states.as_of
        of_status, of_gates = status_figures(known, self.status, as_of), gate_figures(self.gates, as_of)
        figures = (*of_status, *self.measured().values(), *of_gates)
        return by_name(with_previous(figures, known, self.states.reports))


def judge_status(
    project: Project, as_of: AsOf, earlier: Statements | None = None, begun: Mapping[str, date] | None = None
) -> Judged:
    """Return the status of a project for one as-of, which takes much less than all facts do.

    Args:
        project: Everything that was read.
        as_of: The day or moment that is asked for.
        earlier: What was told of the status at earlier revisions; it counts where no issued report says anything.
        begun: The days on which a status began that no earlier revision told, by "overall" and dimension, where known.
    """
    return judge_known(known_at(project, as_of), as_of, earlier, begun)


def judge_known(
    known: Project, as_of: AsOf, earlier: Statements | None = None, begun: Mapping[str, date] | None = None
) -> Judged:
    """Return the same of a project from which all is gone that was not known at the as-of; see `known_at`."""
    states = states_of(known, as_of)
    measured = cache(states.figures)
    gates = gate_states(Evidence(known, as_of, measured), lambda day: _evidence_at(known, day))
    said = with_disclosures(statements_of(known, states.reports), earlier or {}) or earlier
    assessed, overrides = _assessments(states, gates), status_overrides(known, as_of)
    status = project_status(known, assessed, overrides, as_of, said, begun)
    return Judged(states, gates, status, measured)


def _evidence_at(project: Project, day: date) -> Evidence:
    """Return what was known on an earlier day, by the records of today that are dated up to it."""
    as_of = AsOf.of_day(day, project.charter.tz)
    known = known_at(project, as_of)
    return Evidence(known, as_of, lambda: states_of(known, as_of).figures(), is_present=False)


def _assessments(states: States, gates: tuple[GateState, ...]) -> dict[str, Assessment]:
    project, as_of = states.project, states.as_of
    return {
        "schedule": with_pace(assess_schedule(project, states.milestones, as_of), states.ledger),
        "cost": assess_cost(states.ledger),
        "scope": assess_scope(project, states.scope),
        "quality": assess_quality(states.measurements, as_of, gates),
        "risk": assess_risk(project, states.risks, as_of),
        "benefits": assess_benefits(project, states.benefits),
    }


def _visible(facts: Facts, view: View) -> Facts:
    figures = (view.figure(figure) for figure in facts.figures.values())
    return replace(
        facts,
        project=view.visible,
        audience=view.audience,
        figures=by_name(view.redacted(figure) for figure in figures if figure is not None),
        status=view.redacted(facts.status.visible_to(view)),
        due=view.redacted(tuple(due for due in facts.due if view.may_see(due.audience))),
        decisions_needed=view.redacted(
            tuple(needed for needed in facts.decisions_needed if view.may_see(needed.audience))
        ),
        freshness={
            i: age.visible_to(view.hidden_ids) for i, age in facts.freshness.items() if i not in view.hidden_ids
        },
        production_ages={key: age for key, age in facts.production_ages.items() if key[0] not in view.hidden_ids},
        metrics=view.redacted(tuple(state for state in facts.metrics if view.may_see(state.audience))),
        models=view.redacted(tuple(comparison for comparison in facts.models if view.may_see(comparison.audience))),
        sprint=_if_seen(facts.sprint, view),
        risks=view.redacted(facts.risks.visible_to(facts.project, view.audience)),
        milestones=view.redacted(tuple(state for state in facts.milestones if view.may_see(state.audience))),
        forecasts=view.redacted(tuple(forecast for forecast in facts.forecasts if view.may_see(forecast.audience))),
        cost=_if_seen(facts.cost, view),
        scope=_if_seen(facts.scope, view),
        benefits=view.redacted(tuple(filter(None, (state.visible_to(view) for state in facts.benefits)))),
        gates=view.redacted(tuple(gate for gate in facts.gates if view.may_see(gate.audience))),
        reports=view.redacted(tuple(report for report in facts.reports if report.id not in view.hidden_ids)),
        agenda=view.redacted(tuple(occasion for occasion in facts.agenda if view.may_see(occasion.audience))),
        news=view.redacted(tuple(filter(None, (one.visible_to(view) for one in facts.news)))),
        overtaken_pages={
            page.path: facts.overtaken_pages[page.path].visible_to(view.hidden_ids)
            for page in view.visible.pages
            if page.path in facts.overtaken_pages
        },
        not_shared_kinds=facts.not_shared_kinds | _hidden_kinds(facts.project, view),
    )


S = TypeVar("S", SprintState, CostState, ScopeState)


def _if_seen(state: S | None, view: View) -> S | None:
    return view.redacted(state) if state is not None and view.may_see(state.audience) else None


def _hidden_kinds(project: Project, view: View) -> frozenset[str]:
    hidden = (record for record in project.records.values() if record.id in view.hidden_ids)
    return frozenset(project.kinds.of(record).name for record in hidden)
