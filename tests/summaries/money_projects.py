"""Projects in which every rule about money, pace and scope fires."""

from tests.facts.builders import milestone, project_of
from tests.facts.money_builders import baseline, budget_line, by_month, change, cost, costs, task

DIMENSIONS = ("schedule", "cost", "scope")
PLANNED = by_month("2026-01", [100] * 10)
CURVE = by_month("2026-01", [100 * month for month in range(1, 11)])
SCOPE = {"value": "100", "unit": "points"}
ON_TIME = milestone(forecast="2026-06-15", reviewed_on="2026-04-13")
TOLERANCES = {"tolerances": {"cost": "0.10", "scope": "0.20"}}


def of(*records, **fields):
    """Return a project that answers for schedule, cost and scope."""
    return project_of(ON_TIME, *records, dimensions=DIMENSIONS, **fields)


def work(earned, spent, **fields):
    """Return a budget line with what it has earned and cost month by month from January 2026 on."""
    line = budget_line(planned=PLANNED, earned=by_month("2026-01", earned), **fields)
    return (line, *costs("2026-01", spent))


MONEY_PROJECTS = (
    of(*work([100, 100, 100], [100, 100, 100]), baseline(scope=SCOPE), change(scope=2)),
    of(budget_line(planned=PLANNED), *costs("2026-01", [100, 100, 100]), baseline(), change(scope=2)),
    of(*work([90, 90, 100], [100, 100, 105]), baseline(scope=SCOPE), change(scope=7), **TOLERANCES),
    of(*work([80, 80, 80], [100, 100, 150]), baseline(scope=SCOPE), change(scope=11), **TOLERANCES),
    of(*work([108, 108, 108], [100, 100, 100]), baseline(scope=SCOPE), change(scope=21), **TOLERANCES),
    of(*work([120, 120, 120], [100, 100, 100]), baseline(scope=SCOPE), change(), **TOLERANCES),
    of(*work([100, 100, 100], [400, 400, 200]), baseline(planned_value=CURVE)),
    of(
        *work([100, 100], [100, 100]),
        change(status="assessing"),
        task(change="CHG-001", status="in_progress"),
        budget_line("BUD-002", planned=PLANNED, earned=by_month("2026-01", [0, 0]), reviewed_on="2026-01-01"),
        budget_line("BUD-003", planned=PLANNED, earned=by_month("2026-01", [0, 0]), reviewed_on=None),
        budget_line("BUD-004", planned=PLANNED, earned=by_month("2026-01", [0, 0]), reviewed_on="2026-04-20"),
    ),
    of(*work([100, 100], [100, 100, 100])),
    of(baseline(planned_value=CURVE), cost("2026-01", 1), cost("2026-02", 1, currency="EUR"), currency="USD"),
)
