"""Records: what a project writes down, one module per kind; this list is the one place that names them all."""

from aipm_site.records import (
    action,
    baseline,
    benefit,
    budget_line,
    change,
    charter,
    cost,
    dataset,
    decision,
    definition,
    funding_request,
    issue,
    metric,
    milestone,
    model,
    objective,
    observation,
    report,
    risk,
    sprint,
    stand_up,
    task,
)
from aipm_site.records.kind import Kinds

KINDS = Kinds(
    (
        charter.KIND,
        objective.KIND,
        milestone.KIND,
        baseline.KIND,
        task.KIND,
        sprint.KIND,
        stand_up.KIND,
        risk.KIND,
        issue.KIND,
        action.KIND,
        decision.KIND,
        change.KIND,
        budget_line.KIND,
        cost.KIND,
        funding_request.KIND,
        benefit.KIND,
        model.KIND,
        metric.KIND,
        observation.KIND,
        dataset.KIND,
        definition.KIND,
        report.KIND,
    )
)
