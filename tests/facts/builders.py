"""Records for tests of facts: each builder fills what does not matter in a test."""

from datetime import date
from itertools import count

from aipm_site.facts.as_of import AsOf
from aipm_site.project import Project
from aipm_site.records import KINDS
from aipm_site.records.observation import row_key
from aipm_site.records.record import Origin

# domain.md 1.2.1: the day that the worked example speaks for.
TODAY = AsOf.of_day(date(2026, 4, 15), "America/Chicago")

_lines = count(1)


def as_of(day, tz="America/Chicago"):
    """Return the as-of of a day given as text."""
    return AsOf.of_day(date.fromisoformat(day), tz)


def record(kind_name, **fields):
    """Return a record of a kind, written at a place of its own; None leaves a field out."""
    kind = KINDS.named(kind_name)
    made = kind.model.model_validate({name: value for name, value in fields.items() if value is not None})
    file = f"content/{kind.folder}/{made.id}.yml" if kind.folder else "content/project.yml"
    made.written_at(Origin(file, next(_lines)))
    return made


def milestone(id="MS-01", *, baseline="2026-06-15", forecast=None, actual=None, **fields):
    """Return a milestone; `baseline`, `forecast` and `actual` are its dates."""
    dates = {"baseline_date": baseline, "forecast_date": forecast, "actual_date": actual}
    return record("milestone", **{"id": id, "title": f"Milestone {id}"} | dates | fields)


def risk(id="RSK-001", *, probability="3", impact="4", **fields):
    """Return a risk."""
    return record("risk", **{"id": id, "title": f"Risk {id}", "probability": probability, "impact": impact} | fields)


def issue(id="ISS-001", *, severity="3", **fields):
    """Return an issue."""
    return record("issue", **{"id": id, "title": f"Issue {id}", "severity": severity} | fields)


def action(id="ACT-001", *, due="2026-04-22", **fields):
    """Return an action."""
    return record("action", **{"id": id, "title": f"Action {id}", "due": due} | fields)


def decision(id="DEC-001", **fields):
    """Return a decision."""
    return record("decision", **{"id": id, "title": f"Decision {id}"} | fields)


def metric(id="M-accuracy", *, unit="ratio", polarity="higher_better", **fields):
    """Return an entry of the metric registry."""
    return record(
        "metric",
        **{"id": id, "title": id.removeprefix("M-").capitalize(), "unit": unit, "polarity": polarity} | fields,
    )


def model(id="MV-RW-1.6.2", *, stage="production", version=None, name="Readmission Watch", **fields):
    """Return a version of a model; `name` is the model's."""
    number = version or id.rpartition("-RW-")[2]
    return record("model", **{"id": id, "title": id, "model": name, "version": number, "stage": stage} | fields)


def observation(subject="MV-RW-1.6.2", value=None, *, successes=None, n=None, as_of="2026-04-15", id=None, **fields):
    """Return a measured value; of counts alone the value is their share."""
    if value is None:
        value = f"{int(successes) / int(n):.6f}"
    given = {"metric": "M-accuracy", "unit": "ratio", "environment": "offline", "subject": subject, "as_of": as_of}
    counts = {"value": value, "n": n and str(n), "successes": None if successes is None else str(successes)}
    row = record("observation", **{"id": "unnamed"} | given | counts | fields)
    made = row.model_copy(update={"id": id or row_key(row)})
    made.written_at(Origin("content/observations/observations.yml", next(_lines)))
    return made


def sprint(id="SPR-08", *, start="2026-04-08", end="2026-04-21", committed=None, unit="points", **fields):
    """Return a sprint; `committed` is a number in `unit`, `daily` a list of (date, done) or of mappings."""
    work = None if committed is None else {"value": str(committed), "unit": unit}
    days = fields.pop("daily", ())
    daily = tuple(d if isinstance(d, dict) else {"date": d[0], "done": str(d[1])} for d in days)
    return record(
        "sprint",
        **{"id": id, "title": f"Sprint {id}", "start": start, "end": end, "committed": work, "daily": daily} | fields,
    )


def driver(name, value, unit=None, *, low=None, high=None, metric=None, as_of=None):
    """Return a driver of a benefit as it is written."""
    given = {"unit": unit, "low": low, "high": high, "metric": metric, "as_of": as_of}
    return {"name": name, "value": value} | {key: text for key, text in given.items() if text is not None}


# domain 1.2.1, the CFO's question: inputs of the chain, and scenarios at 3, 6, 9 and 12 hospitals, live from the end of
# the third quarter on.
CFO_CHAIN = (
    driver("eligible discharges", "8000", "discharges/hospital/year"),
    driver("readmission rate", "0.15", "ratio"),
    driver("recall", "0.72", "ratio", metric="M-recall"),
    driver("intervention effect", "0.05", "ratio", low="0.03", high="0.07"),
    driver("cost of a readmission", "15000", "USD"),
)
CFO_SCENARIOS = tuple({"name": n, "scale": n, "start": "2026-10-01"} for n in ("3", "6", "9", "12"))


def benefit(id="BEN-002", **fields):
    """Return a benefit; what is not given is that of the worked example."""
    given = {
        "title": "Avoided readmissions",
        "value_driver": CFO_CHAIN,
        "scenarios": CFO_SCENARIOS,
        "scale_unit": "hospitals",
        "costs": {"one_off": "180000", "running": "240000"},
        "horizon": "36",
        "discount_rate": {"rate": "0.08"},
        "currency": "USD",
        "plan": "6",
    }
    return record("benefit", **{"id": id} | given | fields)


def funding_request(id="FND-001", **fields):
    """Return a request for money that waits for an answer."""
    return record("funding-request", **{"id": id, "title": f"Request {id}", "status": "submitted"} | fields)


def meeting(id="MTG-052", *, start="2026-04-16T10:00", end="2026-04-16T11:00", **fields):
    """Return a meeting."""
    return record("meeting", **{"id": id, "title": f"Meeting {id}", "start": start, "end": end} | fields)


def reminder(id="EVT-2026-04-16-standup", *, when="2026-04-16T09:00", **fields):
    """Return a reminder; `for_` are the roles that it is for."""
    given = {"for" if name == "for_" else name: value for name, value in fields.items()}
    return record("reminder", **{"id": id, "title": f"Reminder {id}", "when": when} | given)


def objective(id="OBJ-001", **fields):
    """Return an objective."""
    return record("objective", **{"id": id, "title": f"Objective {id}"} | fields)


def charter(**fields):
    """Return a charter with the time zone of the worked example."""
    return record("project", **{"id": "PRJ-001", "title": "Readmission Watch", "tz": "America/Chicago"} | fields)


def project_of(*records, **fields):
    """Return a project of some records; further arguments are those of its charter."""
    made = charter(**fields)
    by_id = {entry.id: entry for entry in sorted((made, *records), key=lambda entry: entry.id)}
    assert len(by_id) == len(records) + 1, "ids are unique in a project"
    return Project(charter=made, has_charter=True, records=by_id)


def report(id="RPT-2026-04-08-board", *, as_of="2026-04-08", status="final", figures=None, **fields):
    """Return an issued report; `figures` are values by name, or whole frozen figures."""
    given = figures or {}
    frozen = tuple(
        {"name": name, "value": value} if isinstance(value, str) else {"name": name} | value
        for name, value in given.items()
    )
    more = {"title": f"Report {id}", "as_of": as_of, "status": status, "figures": frozen}
    return record("report", **{"id": id} | more | fields)
