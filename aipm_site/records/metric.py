"""Metrics: what is measured, how, in which unit, and which value is good; the measurements are observations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from aipm_site.records.fields import IsoDate, Line, Number, Prose, whole_number
from aipm_site.records.kind import Breach, Expectation, Kind
from aipm_site.records.record import Part, Record, expected, needed, optional

Polarity = Literal["higher_better", "lower_better", "target", "neutral"]
Decimals = Annotated[int, whole_number(0, 9)]


class Limits(Part):
    """Values at which the colour of a metric changes; the limit itself still counts as within."""

    green: Number | None = optional("the last value that is green")
    amber: Number | None = optional("the last value that is amber; beyond it is red")


class Metric(Record):
    """One entry of the metric registry."""

    definition: Prose | None = expected("what is measured, in a sentence")
    formula: Prose | None = optional("how it is computed")
    unit: Line = needed("what a value counts: ratio, percent, points, ms, …; a ratio is stored as 0.874, not 87.4")
    polarity: Polarity = needed("which direction is better; target: nearer to it; neutral: neither")
    target: Number | None = optional("the value that is aimed at")
    thresholds: Limits | None = expected("where green and amber end")
    materiality: Number | None = expected("the least change that is worth words, in the metric's unit")
    decimals: Decimals | None = expected("decimal places in which it is shown, of the percentage where it is a ratio")
    aggregation: Literal["sum", "mean", "last", "ratio-of-sums", "none"] | None = optional(
        "how values of several periods or groups become one"
    )
    frequency: Line | None = expected("how often it is measured")
    defined_from: IsoDate | None = optional("the day from which this definition holds; a new one starts a new series")


def thresholds_suit_polarity(metric: Metric) -> Iterable[Breach]:
    """Find limits that are the wrong way round for the direction that is better."""
    limits = metric.thresholds
    if limits is None or limits.green is None or limits.amber is None:
        return
    if metric.polarity == "higher_better" and limits.green < limits.amber:
        message = f"higher is better, and green {limits.green} is below amber {limits.amber}"
        yield Breach("wrong-order", message, ("thresholds",), "write the better value as green")
    if metric.polarity == "lower_better" and limits.green > limits.amber:
        message = f"lower is better, and green {limits.green} is above amber {limits.amber}"
        yield Breach("wrong-order", message, ("thresholds",), "write the better value as green")


def limits_have_a_direction(metric: Metric) -> Iterable[Breach]:
    """Find limits on a metric of which no direction is better."""
    if metric.polarity == "neutral" and metric.thresholds:
        hint = "leave the thresholds out, or say which direction is better"
        message = "thresholds are given, and polarity is 'neutral'"
        yield Breach("contradiction", message, ("thresholds",), hint)


def ratios_are_shares(metric: Metric) -> Iterable[Breach]:
    """Find a percentage where a ratio is meant: 87 in place of 0.87."""
    if metric.unit != "ratio":
        return
    limits = metric.thresholds or Limits()
    values = (
        (("target",), metric.target),
        (("thresholds", "green"), limits.green),
        (("thresholds", "amber"), limits.amber),
    )
    for path, value in values:
        if value is not None and not 0 <= value <= 1:
            message = f"{'.'.join(path)} {value} is not between 0 and 1, and the unit is ratio"
            yield Breach("out-of-range", message, path, "write 0.87 for 87 %, or unit: percent")


KIND = Kind(
    Metric,
    name="metric",
    folder="metrics",
    prefix="M",
    id_form="natural",
    plural="metrics",
    register="Metrics",
    columns=("id", "title", "unit", "polarity", "target", "owner"),
    rules=(thresholds_suit_polarity, limits_have_a_direction, ratios_are_shares),
    expectations=(
        Expectation(
            ("target",),
            when=lambda metric, _: metric.polarity == "target",
            because="nearer to the target is better, so there is one",
        ),
    ),
)
