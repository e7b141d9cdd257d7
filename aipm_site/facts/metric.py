"""Metrics: exact values of observations, how they are written, what they are held against, where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from aipm_site.facts import numbers
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, sources_of
from aipm_site.facts.scale import SHARE_UNITS, Measured, Scale
from aipm_site.facts.series import Measurements, slice_of
from aipm_site.records.metric import Metric
from aipm_site.records.observation import Observation
from aipm_site.records.record import Entry

Position = Literal["within", "between", "beyond"]
Judgement = Literal["better", "worse"]


class Limits(Struct, frozen=True):
    """Where green and amber end; a value on a limit is still within it.

    Attributes:
        polarity: Which direction is better; nearer to the target for "target".
        green: The last value that is green.
        amber: The last value that is amber.
        target: The value that is aimed at.
    """

    polarity: str
    green: Decimal | None
    amber: Decimal | None
    target: Decimal | None = None

    @property
    def first(self) -> Decimal | None:
        """The limit that a reader is told: the one of green, else that of amber."""
        return self.amber if self.green is None else self.green

    def position(self, value: Measured) -> Position:
        """Return where a value stands; beyond the only limit is beyond."""
        if self.green is not None and not self._is_worse(value, self.green):
            return "within"
        if self.amber is None or self._is_worse(value, self.amber):
            return "beyond"
        return "between" if self.green is not None else "within"

    def _is_worse(self, value: Measured, limit: Decimal) -> bool:
        return self._badness(value) > self._badness(limit)

    def _badness(self, value: Measured) -> Fraction:
        if self.polarity == "target":
            return abs(Fraction(value) - Fraction(self.target or 0))
        return -Fraction(value) if self.polarity == "higher_better" else Fraction(value)


class Against(Struct, frozen=True):
    """What a figure is held against, and the records that say so."""

    comparator: Comparator
    records: tuple[Entry, ...]


def short_name(metric_id: str) -> str:
    """Return the part of a metric's id that figures are named by: "accuracy" of M-accuracy."""
    return metric_id.removeprefix("M-")


def title_of(metric_id: str, measurements: Measurements) -> str:
    """Return what a metric is called."""
    metric = measurements.metrics.get(metric_id)
    return metric.title if metric else short_name(metric_id)


def exact_value(row: Observation, unit: str) -> Measured:
    """Return the value of an observation: of counts the exact share, else the decimal as it was written."""
    if unit in SHARE_UNITS and row.successes is not None and row.n:
        return Fraction(row.successes, row.n) / SHARE_UNITS[unit]
    return row.value


def value_text(row: Observation, measurements: Measurements) -> str:
    """Return how the value of an observation is written: "87.4 %"."""
    return scale_of(row, measurements).text(exact_value(row, measurements.unit_of(row)))


def scale_of(row: Observation, measurements: Measurements) -> Scale:
    """Return how an observation is written: as registered, else a percentage by what its number of cases can bear."""
    metric, unit = measurements.metrics.get(row.metric), measurements.unit_of(row)
    if metric and metric.decimals is not None and unit == metric.unit:
        return Scale(unit, metric.decimals)
    return Scale(unit, numbers.share_decimals(row.n) if unit in SHARE_UNITS and row.n else None)


def limits_of(row: Observation, measurements: Measurements) -> Limits | None:
    """Return the limits that hold for an observation.

    Those of the registry, else the one that the row itself gives; none without a direction that is better, and none
    in another unit than the metric's, as 87.4 (percent) is not above 0.87 (ratio).
    """
    metric = measurements.metrics.get(row.metric)
    if metric is None or metric.polarity == "neutral" or measurements.unit_of(row) != metric.unit:
        return None
    if metric.polarity == "target" and metric.target is None:
        return None
    given = metric.thresholds
    if given and (given.green is not None or given.amber is not None):
        return Limits(metric.polarity, given.green, given.amber, metric.target)
    return Limits(metric.polarity, row.threshold, None, metric.target) if row.threshold is not None else None


def judgement(metric: Metric | None, before: Measured, after: Measured) -> Judgement | None:
    """Return whether a change is for the better, by the metric's polarity; None where neither can be said."""
    if metric is None or metric.polarity == "neutral" or before == after:
        return None
    if metric.polarity == "target":
        if metric.target is None:
            return None
        target = Fraction(metric.target)
        old, new = abs(Fraction(before) - target), abs(Fraction(after) - target)
        return None if old == new else "better" if new < old else "worse"
    return "better" if (after > before) == (metric.polarity == "higher_better") else "worse"


def against_limit(row: Observation, measurements: Measurements) -> Against | None:
    """Return the limit of an observation, else the target of its metric."""
    metric, scale = measurements.metrics.get(row.metric), scale_of(row, measurements)
    limits = limits_of(row, measurements)
    records = (metric,) if metric else ()
    if limits and limits.first is not None:
        return Against(Comparator("target", limits.first, f"limit {scale.text(limits.first)}", None), records)
    if metric and metric.target is not None and measurements.unit_of(row) == metric.unit:
        return Against(Comparator("target", metric.target, f"target {scale.text(metric.target)}", None), records)
    return None


def against_past(row: Observation, measurements: Measurements) -> Against | None:
    """Return the baseline that a row gives, else the observation before it in its series."""
    scale = scale_of(row, measurements)
    if row.baseline is not None:
        return Against(Comparator("baseline", row.baseline, f"baseline {scale.text(row.baseline)}", None), ())
    previous = measurements.previous(row)
    if previous is None:
        return None
    value, day = exact_value(previous, measurements.unit_of(previous)), measurements.day(previous)
    text = f"{_version_words(previous, row, measurements)}{scale.text(value)} on {numbers.day(day)}"
    return Against(Comparator("previous", value, text, day), (previous,))


def _version_words(previous: Observation, row: Observation, measurements: Measurements) -> str:
    """Return which version a value before is of, where it is another one."""
    model = measurements.models.get(previous.subject or "")
    return f"version {model.version}: " if model and previous.subject != row.subject else ""


def observed_figure(
    name: str, row: Observation, against: Against | None, measurements: Measurements, subjects: Sequence[Entry] = ()
) -> Figure:
    """Return the figure of one observation.

    Args:
        name: Name of the figure.
        row: The observation, in force.
        against: What it is held against; None where nothing is known to hold it against.
        measurements: Everything measured in the project.
        subjects: Records that it is about; their labels count too.
    """
    unit, project, metric = measurements.unit_of(row), measurements.project, measurements.metrics.get(row.metric)
    records = {entry.id: entry for entry in (row, metric, *subjects, *(against.records if against else ())) if entry}
    return Figure(
        name=name,
        value=exact_value(row, unit),
        unit=unit,
        as_of=measurements.day(row),
        text=value_text(row, measurements),
        formula=_formula(row, measurements),
        sources=sources_of(records.values()),
        audience=project.strictest(project.audience_of(entry) for entry in records.values()),
        comparator=against.comparator if against else None,
        is_first=against is None and measurements.previous(row) is None,
    )


def _formula(row: Observation, measurements: Measurements) -> str:
    """Return how an observation came to be, in words: cases, data, slice, and the break that it follows."""
    is_counted = row.successes is not None and row.n
    parts = [
        f"{numbers.whole(row.successes or 0)} of {numbers.whole(row.n or 0)} cases" if is_counted else "as measured"
    ]
    if row.n and not is_counted:
        parts.append(f"n {numbers.whole(row.n)}")
    parts.extend(f"{word} {value}" for word, value in (("data", row.dataset), ("slice", slice_of(row))) if value)
    series = measurements.series_of(row)
    if series.opened_by and series.observations[0].id == row.id:
        parts.append(f"first of a new series: {series.opened_by.reason}")
    return ", ".join(parts)


def metric_figures(measurements: Measurements) -> tuple[AnyFigure, ...]:
    """Return the newest value of every metric of what is not a model: a pipeline, a data set, the project.

    Args:
        measurements: What the project has measured at the as-of; each figure speaks for the day of its observation.
    """
    subjects = [subject for subject in measurements.by_subject if subject not in measurements.models]
    return tuple(figure for subject in subjects for figure in _figures_of(subject, measurements))


def _figures_of(subject: str, measurements: Measurements) -> tuple[Figure, ...]:
    about = measurements.project.get(subject)
    return tuple(
        observed_figure(
            ".".join(part for part in ("metric", subject, short_name(metric_id), piece) if part),
            row,
            against_limit(row, measurements) or against_past(row, measurements),
            measurements,
            (about,) if about else (),
        )
        for (metric_id, piece), row in measurements.newest(subject).items()
    )
