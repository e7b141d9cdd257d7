"""The policy: rules about figures and records that do not exist, so that they would never be met."""

from __future__ import annotations

from collections.abc import Iterator

from aipm_site.checks.views import may_be_figure
from aipm_site.facts.facts import Facts
from aipm_site.problems import Place, Problem, did_you_mean, warning
from aipm_site.project import Project
from aipm_site.records.policy import ANY, FIGURES, RECORDS, Policy


def check_policy(project: Project, facts: Facts) -> Iterator[Problem]:
    """Yield a warning for each name in the policy that nothing in the project has."""
    if project.policy is None:
        return
    for place, condition, name in _names(project.policy):
        if condition in FIGURES and not _is_figure(name, facts):
            hint = did_you_mean(name, facts.figures, "`aipm status --json` lists all figures")
            yield warning("rule-without-effect", f"{condition}: there is no figure '{name}'", place, hint)
        elif condition in RECORDS and project.kinds.of_id(name) and project.get(name) is None:
            hint = did_you_mean(name, project.records, "name a record that there is, a kind, or any")
            yield warning("rule-without-effect", f"{condition}: there is no record '{name}'", place, hint)


def _names(policy: Policy) -> Iterator[tuple[Place, str, str]]:
    for rule, line in zip(policy.rules, policy.lines, strict=True):
        for conditions in (rule.when, rule.unless):
            for condition, value in (conditions.given() if conditions else {}).items():
                names = value if isinstance(value, tuple) else ()
                yield from ((Place(policy.file, line), condition, name) for name in names if name != ANY)


def _is_figure(name: str, facts: Facts) -> bool:
    family = name.removesuffix("*")
    if name.endswith(".*") and any(figure.startswith(family) for figure in facts.figures):
        return True
    return may_be_figure(f"{family}any" if name.endswith(".*") else name, facts.figures)
