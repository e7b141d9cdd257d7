"""Relations between records: what one record claims and another denies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from aipm_site.facts.value_chain import Gap, MeasuredDrivers
from aipm_site.problems import Problem, Related, error, information, warning
from aipm_site.project import Project
from aipm_site.records.action import Action
from aipm_site.records.benefit import Benefit
from aipm_site.records.decision import Decision
from aipm_site.records.issue import Issue
from aipm_site.records.metric import Metric
from aipm_site.records.model import Model
from aipm_site.records.observation import Observation
from aipm_site.records.risk import Risk


def check_relations(project: Project) -> Iterator[Problem]:
    """Yield contradictions between records, and signs of a register that nobody owns."""
    yield from _materialised_risks_have_their_issue(project)
    yield from _issues_come_from_materialised_risks(project)
    yield from _grave_issues_have_an_action(project)
    yield from _superseded_decisions_are_a_pair(project)
    yield from _one_production_version(project)
    yield from _risks_have_different_owners(project)
    yield from _ratios_are_shares(project)
    yield from _drivers_are_measured(project)


def _materialised_risks_have_their_issue(project: Project) -> Iterator[Problem]:
    for risk in project.of(Risk):
        if risk.status == "materialised" and not _has_issue(project, risk.id):
            hint = "write the issue with from_risk, or here links: [{rel: materialised_as, id: ISS-…}]"
            message = f"{risk.id} has happened, and no issue is named"
            yield error("materialised-without-issue", message, risk.origin.place_of(("status",)), hint)


def _has_issue(project: Project, risk_id: str) -> bool:
    names = any(reference.rel == "materialised_as" for reference in project.references[risk_id])
    return names or any(link.rel == "from_risk" for link in project.backlinks(risk_id))


def _issues_come_from_materialised_risks(project: Project) -> Iterator[Problem]:
    for issue in project.of(Issue):
        risk = project.get(issue.from_risk) if issue.from_risk else None
        if isinstance(risk, Risk) and risk.status != "materialised":
            message = f"{issue.id} comes from {risk.id}, whose status is '{risk.status}'"
            related = [Related(risk.origin.place_of(("status",)), f"{risk.id} is written here")]
            hint = f"write status: materialised in {risk.id}"
            yield error("contradiction", message, issue.origin.place_of(("from_risk",)), hint, related)


def _grave_issues_have_an_action(project: Project) -> Iterator[Problem]:
    for issue in project.of(Issue):
        if issue.severity == 1 and project.kinds.of(issue).is_open(issue) and not _has_action(project, issue.id):
            message = f"{issue.id} has severity 1 and no action"
            hint = f"write an action with links: [{{rel: mitigates, id: {issue.id}}}]"
            yield error("no-action", message, issue.origin.place_of(("severity",)), hint)


def _has_action(project: Project, record_id: str) -> bool:
    named = {reference.id for reference in project.references[record_id]}
    naming = {link.record_id for link in project.backlinks(record_id)}
    return any(isinstance(project.get(other), Action) for other in named | naming)


def _superseded_decisions_are_a_pair(project: Project) -> Iterator[Problem]:
    for decision in project.of(Decision):
        if decision.status != "superseded" or not decision.superseded_by:
            continue
        successor = project.get(decision.superseded_by)
        if successor is not None and not _names(project, successor.id, "supersedes", decision.id):
            message = f"{decision.id} is superseded by {successor.id}, which does not say so"
            hint = f"write links: [{{rel: supersedes, id: {decision.id}}}] in {successor.id}"
            related = [Related(successor.place, f"{successor.id} is written here")]
            report = error
            if successor.foreign or decision.foreign:
                # MADR has no place to say what a decision replaces; ours has, whatever it replaces.
                report = information if successor.foreign else warning
                hint = "" if successor.foreign else hint
            yield report("half-a-pair", message, decision.origin.place_of(("superseded_by",)), hint, related)


def _names(project: Project, record_id: str, rel: str, target: str) -> bool:
    return any(reference.rel == rel and reference.id == target for reference in project.references[record_id])


def _one_production_version(project: Project) -> Iterator[Problem]:
    # domain §2.5: one production version for each model, unless the traffic is declared to be split.
    by_model: dict[str, list[Model]] = defaultdict(list)
    for model in project.of(Model):
        if model.stage == "production" and model.model:
            by_model[model.model].append(model)
    for name, versions in by_model.items():
        for model in versions[1:]:
            message = f"{model.id} is in production, and so is {versions[0].id}, of the same model '{name}'"
            related = [Related(versions[0].origin.place_of(("stage",)), f"{versions[0].id} is in production here")]
            hint = "one version is in production: set the other to deprecated or retired"
            yield error("two-in-production", message, model.origin.place_of(("stage",)), hint, related)


def _risks_have_different_owners(project: Project) -> Iterator[Problem]:
    owned = [risk for risk in project.of(Risk) if risk.is_counted and risk.owner]
    managers = [risk for risk in owned if risk.owner and risk.owner.casefold() in {"pm", "project manager"}]
    if len(managers) * 2 > len(owned) > 1:
        message = f"the project manager owns {len(managers)} of {len(owned)} open risks: a list, not ownership"
        hint = "name the role that can do something about each"
        yield warning("one-owner-for-all", message, managers[0].origin.place_of(("owner",)), hint)


def _drivers_are_measured(project: Project) -> Iterator[Problem]:
    measured = MeasuredDrivers(project)
    for benefit in project.of(Benefit):
        for index, driver in enumerate(benefit.value_driver):
            found = measured.in_production(driver) if driver.metric else None
            if isinstance(found, Gap):
                message = f"{driver.name} is {driver.metric}, and {found.reason}"
                hint = "write an observation of it for the version in production, or name the metric that is meant"
                place = benefit.origin.place_of(("value_driver", index, "metric"))
                yield warning("driver-not-measured", message, place, hint)


def _ratios_are_shares(project: Project) -> Iterator[Problem]:
    # An observation that names its own unit is checked while it is read.
    for observation in project.of(Observation):
        metric = project.get(observation.metric)
        is_ratio = isinstance(metric, Metric) and metric.unit == "ratio" and observation.unit is None
        if is_ratio and not 0 <= observation.value <= 1:
            message = f"{observation.value} is not between 0 and 1, and {observation.metric} is a ratio"
            hint = f"write {observation.value / 100} for {observation.value} %, or give the row its own unit: percent"
            yield error("out-of-range", message, observation.origin.place_of(("value",)), hint)
