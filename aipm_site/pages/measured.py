"""Measured values: what an objective or a metric aims at, in the unit of its metric: "72 %" where it is a ratio."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from aipm_site.facts.numbers import SPACE, as_written
from aipm_site.pages.words import number_text
from aipm_site.project import Project
from aipm_site.records.metric import Metric
from aipm_site.records.objective import Objective
from aipm_site.records.record import Entry

# The fields that hold a value of a metric, by the class of the record.
FIELDS: Mapping[type[Entry], frozenset[str]] = {
    Objective: frozenset({"baseline", "target"}),
    Metric: frozenset({"target"}),
}


def measured_text(project: Project, record: Entry, name: str) -> str | None:
    """Return a value with the unit of its metric; None where the field holds none, or the metric is not known."""
    value, metric = getattr(record, name, None), _metric_of(project, record)
    is_measured = any(isinstance(record, kind) and name in fields for kind, fields in FIELDS.items())
    if not is_measured or not isinstance(value, Decimal) or metric is None:
        return None
    if metric.unit in {"ratio", "percent"}:
        return f"{as_written(value * 100 if metric.unit == 'ratio' else value)}{SPACE}%"
    return number_text(value) if metric.unit == "index" else f"{number_text(value)}{SPACE}{metric.unit}"


def _metric_of(project: Project, record: Entry) -> Metric | None:
    if isinstance(record, Metric):
        return record
    named = project.get(record.measure) if isinstance(record, Objective) and record.measure else None
    return named if isinstance(named, Metric) else None
