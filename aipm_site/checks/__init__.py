"""Checks: problems that need more than one record, the figures, or the date."""

from aipm_site.checks.changes import check_changes
from aipm_site.checks.completeness import check_completeness
from aipm_site.checks.dates import check_dates
from aipm_site.checks.dimensions import check_dimensions
from aipm_site.checks.evidence import check_evidence
from aipm_site.checks.gates import check_gates
from aipm_site.checks.issued_reports import check_issued_reports
from aipm_site.checks.local_times import check_local_times
from aipm_site.checks.money import check_money
from aipm_site.checks.names import check_names
from aipm_site.checks.numbers import check_decision_numbers
from aipm_site.checks.one_on_ones import check_one_on_ones
from aipm_site.checks.pages import check_pages
from aipm_site.checks.plan import check_plan
from aipm_site.checks.policy import check_policy
from aipm_site.checks.references import check_references
from aipm_site.checks.relations import check_relations
from aipm_site.checks.secrets import check_secrets
from aipm_site.checks.settings import check_settings
from aipm_site.facts.facts import Facts
from aipm_site.problems import Problem
from aipm_site.project import Project


def check_project(project: Project, facts: Facts) -> tuple[Problem, ...]:
    """Return everything that is wrong in more than one record or at the as-of.

    Args:
        project: All that was read, also what lies after the as-of: a reference may point to it.
        facts: The facts of the project at the as-of.
    """
    if not project.is_charter_read:
        # Without settings neither the as-of nor what counts as late or missing is known: no guesses beside the error.
        return (
            *check_references(project),
            *check_relations(project),
            *check_secrets(project),
            *check_one_on_ones(project),
        )
    return (
        *check_references(project),
        *check_relations(facts.project),
        *check_gates(facts),
        *check_plan(facts.project),
        *check_changes(facts.project),
        *check_money(facts),
        *check_local_times(project),
        *check_completeness(facts.project),
        *check_dates(facts.project, facts.as_of),
        *check_evidence(facts),
        *check_issued_reports(project),
        *check_dimensions(facts),
        *check_settings(facts),
        *check_policy(project, facts),
        *check_pages(project, facts.figures),
        *check_names(project),
        *check_decision_numbers(project),
        *check_secrets(project),
        *check_one_on_ones(project),
    )
