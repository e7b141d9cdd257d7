"""Records of money and work for tests of facts, and the money of the worked example."""

from datetime import date

from aipm_site.facts.ledger import Ledger
from aipm_site.records.cost import row_key
from aipm_site.records.period import period_named
from tests.facts.builders import TODAY, project_of, record


def months(first, count):
    """Return so many months from one on: ("2025-11", 3) is 2025-11, 2025-12, 2026-01."""
    begin = period_named(first).start
    indices = range(begin.month - 1, begin.month - 1 + count)
    return tuple(f"{begin.year + index // 12:04}-{index % 12 + 1:02}" for index in indices)


def by_month(first, amounts):
    """Return amounts of consecutive months as a list of records writes them."""
    return tuple(
        {"period": period, "amount": str(amount)}
        for period, amount in zip(months(first, len(amounts)), amounts, strict=True)
    )


def budget_line(id="BUD-001", *, planned=(), earned=(), currency="USD", **fields):
    """Return a budget line that was looked at on 13 April 2026."""
    given = {"planned": planned, "earned": earned, "currency": currency, "reviewed_on": "2026-04-13"}
    return record("budget-line", **{"id": id, "title": f"Line {id}"} | given | fields)


def cost(period, amount, *, line="BUD-001", id=None, **fields):
    """Return a cost row."""
    given = {"id": "CST-unnamed", "period": period, "amount": str(amount), "budget_line": line}
    row = record("cost", **given | fields)
    made = row.model_copy(update={"id": id or row_key(row)})
    made.written_at(row.origin)
    return made


def costs(first, amounts, **fields):
    """Return cost rows of consecutive months."""
    rows = zip(months(first, len(amounts)), amounts, strict=True)
    return tuple(cost(period, amount, **fields) for period, amount in rows)


def task(id="TSK-001", *, budget=None, account="BUD-001", method="0/100", **fields):
    """Return a task that earns its budget on an account."""
    money = None if budget is None else {"amount": str(budget)}
    given = {"budget": money, "control_account": account, "ev_method": method}
    return record("task", **{"id": id, "title": f"Task {id}"} | given | fields)


def baseline(id="BSL-0", *, number=0, **fields):
    """Return a baseline."""
    return record("baseline", **{"id": id, "title": f"Baseline {id}", "number": str(number)} | fields)


def change(id="CHG-001", *, status="approved", scope=None, **fields):
    """Return a change; `scope` is its effect on the scope."""
    impact = {} if scope is None else {"impact": {"scope": str(scope)}}
    return record("change", **{"id": id, "title": f"Change {id}", "status": status} | impact | fields)


def ledger_of(*records, as_of=TODAY, **fields):
    """Return the ledger of a project of some records."""
    return Ledger(project_of(*records, **fields), as_of)


# domain 1.2.1: planned value in thousands at the end of each month from November 2025 on; EV 444,000 and AC 472,000
# at 31 March 2026. How EV and AC came about month by month is not given there, and no figure of the example needs it.
CURVE = (60, 140, 240, 360, 480, 600, 720, 840, 940, 1040, 1120, 1200)
EARNED = (50_000, 84_000, 100_000, 100_000, 110_000)
SPENT = (60_000, 82_000, 110_000, 110_000, 110_000)


def readmission_watch(**fields):
    """Return the money of the worked example: budget, cost and declared earned value."""
    steps = [now - before for before, now in zip((0, *CURVE), CURVE, strict=False)]
    line = budget_line(
        planned=by_month("2025-11", [step * 1000 for step in steps]), earned=by_month("2025-11", EARNED), **fields
    )
    return (line, *costs("2025-11", SPENT))


END_OF_MARCH = date(2026, 3, 31)
