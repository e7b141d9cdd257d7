"""Records: what a project writes down, one module per kind; this list is the one place that names them all."""

from aipm_site.records import (
    action,
    charter,
    decision,
    issue,
    metric,
    milestone,
    model,
    observation,
    risk,
    sprint,
)
from aipm_site.records.kind import Kinds

KINDS = Kinds(
    (
        charter.KIND,
        milestone.KIND,
        risk.KIND,
        issue.KIND,
        action.KIND,
        decision.KIND,
        sprint.KIND,
        model.KIND,
        metric.KIND,
        observation.KIND,
    )
)
