"""Observations: measured values, one row each, appended and never overwritten; a correction is a row of its own."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from aipm_site.records.fields import Count, DateOrMoment, Line, Number, Ratio, reference_to, whole_number
from aipm_site.records.kind import Breach, Expectation, Kind
from aipm_site.records.record import Part, Row, expected, needed, optional

Cases = Annotated[int, whole_number(1)]

WHOLE = "all"
# Shares of cases, by the factor that turns the share into the unit: these need the number of cases.
_SHARE_UNITS = {"ratio": Fraction(1), "percent": Fraction(100)}


class Interval(Part):
    """Between which values the true one lies, with a given confidence."""

    lower: Number = needed("its lower end")
    upper: Number = needed("its upper end")
    level: Ratio = optional("its confidence", Decimal("0.95"))


class Pairing(Part):
    """The same cases judged by two models, as McNemar's test needs them."""

    subject: Annotated[Line, reference_to("model")] = needed("the model that it is compared with")
    b: Count = needed("cases that the other model got right and this one got wrong")
    c: Count = needed("cases that this model got right and the other one got wrong")


class Observation(Row):
    """One measured value of a metric."""

    metric: Annotated[Line, reference_to("metric")] = needed("id of the metric")
    value: Number = needed("what was measured, in the unit")
    as_of: DateOrMoment = needed("the day or moment for which the value holds")
    unit: Line | None = expected("unit of the value; one that differs from the row before starts a new series")
    subject: Annotated[Line, reference_to()] | None = expected("what was measured: a model, a pipeline, …")
    environment: Literal["offline", "shadow", "pilot", "production"] | None = expected("where it was measured")
    n: Cases | None = optional("number of cases that the value rests on")
    successes: Count | None = optional("number of these that succeeded, so that the share is exact")
    dataset: Annotated[Line, reference_to("dataset", only_ids=True)] | None = optional(
        "data that it was measured on, with version, such as DST-002@2026-02"
    )
    slice: Line | None = optional("part of the data, such as ehr_feed=B; all for the whole of it")
    ci: Interval | None = optional("confidence interval")
    paired_with: Pairing | None = optional("comparison with another model on the same cases")
    threshold: Number | None = optional("the limit that held when it was measured")
    baseline: Number | None = optional("the value that it is held against")
    corrects: Annotated[Line, reference_to("observation")] | None = optional("id of the row that this one corrects")


def row_key(row: Observation) -> str:
    """Return the id of a row that carries none: what was measured, on what, and when."""
    parts = (row.metric, row.subject or "-", row.dataset or "-", row.slice or WHOLE, row.as_of.isoformat())
    return "/".join(parts) + ("/corrected" if row.corrects else "")


def ratio_is_a_share(row: Observation) -> Iterable[Breach]:
    """Find a percentage where a ratio is meant: 87.4 in place of 0.874."""
    if row.unit == "ratio" and not 0 <= row.value <= 1:
        message = f"value {row.value} is not between 0 and 1, and the unit is ratio"
        yield Breach("out-of-range", message, ("value",), "write 0.874 for 87.4 %, or unit: percent")


def successes_are_cases(row: Observation) -> Iterable[Breach]:
    """Find more successes than cases, and successes without the number of cases."""
    if row.successes is None:
        return
    if row.n is None:
        yield Breach("no-n", "successes are given, and n is not", ("successes",), "n: number of cases")
    elif row.successes > row.n:
        message = f"successes {row.successes} are more than the {row.n} cases"
        yield Breach("out-of-range", message, ("successes",))


def value_is_the_share(row: Observation) -> Iterable[Breach]:
    """Find a value that its own counts deny, beyond what rounding explains."""
    factor = _SHARE_UNITS.get(row.unit or "")
    if factor is None or row.successes is None or row.n is None or row.successes > row.n:
        return
    share = Fraction(row.successes, row.n) * factor
    exponent = row.value.as_tuple().exponent
    half_a_step = Fraction(1, 2) * Fraction(10) ** (exponent if isinstance(exponent, int) else 0)
    if abs(Fraction(row.value) - share) > half_a_step:
        message = f"value {row.value} is not {row.successes} of {row.n}"
        hint = f"that is {float(share):.6g}"
        yield Breach("value-denied-by-counts", message, ("value",), hint)


def pairs_are_cases(row: Observation) -> Iterable[Breach]:
    """Find more discordant pairs than cases."""
    pairing = row.paired_with
    if pairing and row.n is not None and pairing.b + pairing.c > row.n:
        message = f"b {pairing.b} and c {pairing.c} are together more than the {row.n} cases"
        yield Breach("out-of-range", message, ("paired_with",))
    if pairing and pairing.subject == row.subject:
        message = f"'{pairing.subject}' is compared with itself"
        yield Breach("compared-with-itself", message, ("paired_with", "subject"))


def interval_holds_the_value(row: Observation) -> Iterable[Breach]:
    """Find an interval beside the value that it is about."""
    if row.ci and not row.ci.lower <= row.value <= row.ci.upper:
        message = f"value {row.value} is not between lower {row.ci.lower} and upper {row.ci.upper}"
        yield Breach("out-of-range", message, ("ci",), "write the lower end first")


def corrects_another(row: Observation) -> Iterable[Breach]:
    """Find a row that corrects itself."""
    if row.corrects == row.id:
        yield Breach("corrects-itself", "the row corrects itself", ("corrects",), "write the id of the wrong row")


def _is_share(row: Observation, _: object) -> bool:
    return row.unit in _SHARE_UNITS


def _is_of_model(row: Observation, _: object) -> bool:
    return row.subject is not None and row.subject.startswith("MV-")


KIND = Kind(
    Observation,
    name="observation",
    folder="observations",
    prefix="OBSERVATION",
    id_form="natural",
    plural="observations",
    register="Observations",
    columns=("as_of", "metric", "subject", "slice", "value", "unit", "n", "dataset", "environment"),
    dated="as_of",
    row_key=row_key,
    rules=(
        ratio_is_a_share,
        successes_are_cases,
        value_is_the_share,
        pairs_are_cases,
        interval_holds_the_value,
        corrects_another,
    ),
    expectations=(
        Expectation(("n",), when=_is_share, because="a share of cases says of how many"),
        Expectation(("dataset", "slice"), when=_is_of_model, because="a model is measured on data"),
    ),
    order=lambda row: (row.metric, row.as_of.isoformat(), row.id),
)
