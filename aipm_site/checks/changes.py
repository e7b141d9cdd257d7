"""Changes of the plan: approved by a decision, told to those concerned, and not worked on before."""

from __future__ import annotations

from collections.abc import Iterator

from aipm_site.facts.change import unapproved_work
from aipm_site.problems import Problem, Related, error, warning
from aipm_site.project import Project
from aipm_site.records.change import APPROVED, Change
from aipm_site.records.decision import Decision


def check_changes(project: Project) -> Iterator[Problem]:
    """Yield approved changes that nobody decided or told, and work on changes that nobody approved (domain §2.2)."""
    for change in project.of(Change):
        if change.status in APPROVED:
            yield from _is_decided(project, change)
            yield from _is_told(project, change)
    for task, change in unapproved_work(project):
        message = f"work on {task.id} has begun, and its change {change.id} is '{change.status}'"
        related = [Related(change.origin.place_of(("status",)), f"{change.id} is written here")]
        hint = f"have {change.id} decided, or stop the work"
        yield warning("scope-creep", message, task.origin.place_of(("change",)), hint, related)


def _is_decided(project: Project, change: Change) -> Iterator[Problem]:
    decision = project.get(change.decision) if change.decision else None
    if isinstance(decision, Decision) and decision.status != "accepted":
        message = f"{change.id} is {change.status}, and its decision {decision.id} is '{decision.status}'"
        related = [Related(decision.origin.place_of(("status",)), f"{decision.id} is written here")]
        hint = f"a change is approved once its decision is accepted: mend {change.id} or {decision.id}"
        yield error("approved-without-decision", message, change.origin.place_of(("status",)), hint, related)


def _is_told(project: Project, change: Change) -> Iterator[Problem]:
    decision = project.get(change.decision) if change.decision else None
    concerned = [*(change.raci.informed if change.raci else ())]
    if isinstance(decision, Decision):
        concerned += [*decision.informed, *(decision.raci.informed if decision.raci else ())]
    told = {item.to.casefold() for item in change.communicated_to}
    missing = [role for role in dict.fromkeys(concerned) if role.casefold() not in told]
    if missing:
        message = f"{change.id} is {change.status}, and nobody has told: {', '.join(missing)}"
        hint = "communicated_to: [{to: role, on: 2026-04-14}]"
        path = ("communicated_to",) if change.communicated_to else ("status",)
        yield warning("not-told", message, change.origin.place_of(path), hint)
