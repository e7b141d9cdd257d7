"""Changes of a metric from one version of a model to another, with what the sample says about chance."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from aipm_site.facts import numbers
from aipm_site.facts.figure import Source, sources_of
from aipm_site.facts.metric import Judgement, Position, exact_value, judgement, limits_of, scale_of, title_of
from aipm_site.facts.scale import Measured, Scale
from aipm_site.facts.series import Measurements, slice_of
from aipm_site.facts.statistics import Interval, Paired, mcnemar, newcombe, paired_interval, two_proportion_z
from aipm_site.records.model import Model
from aipm_site.records.observation import Observation, Pairing

Verb = Literal["rose", "fell", "did not change"]
Wording = Literal["changed", "cannot_be_told_apart", "steady", "n_not_recorded", "not_tested"]


class Evidence(Struct, frozen=True):
    """What the sample says about a difference of two shares.

    Attributes:
        interval: 95 % confidence interval of the difference, as a share of one.
        p: Chance of a difference at least so large if there were none.
        paired: McNemar's test, where the same cases were judged by both.
    """

    interval: Interval
    p: float
    paired: Paired | None = None


class MetricChange(Struct, frozen=True):
    """What the candidate changes in one metric against production, on the same data and slice.

    Attributes:
        figure_name: Name of the figure of the difference.
        metric: Id of the metric.
        title: What the metric is called.
        slice: Part of the data; None is the whole of it.
        before: Production's observation.
        after: The candidate's observation.
        before_value: Production's exact value.
        after_value: The candidate's exact value.
        scale: How values and differences are written.
        evidence: Test and interval; None where no number of cases is recorded or the metric is no share.
        wording: What may be said of the difference; None for a slice, of which only its interval is told, as one of
            many slices always looks remarkable.
        judgement: Whether it is for the better, by the metric's polarity.
        sources: The records behind it.
        audience: Strictest label of these records.
        is_immaterial: Whether the difference is below the metric's materiality and crosses no limit for the worse.
    """

    figure_name: str
    metric: str
    title: str
    slice: str | None
    before: Observation
    after: Observation
    before_value: Measured
    after_value: Measured
    scale: Scale
    evidence: Evidence | None
    wording: Wording | None
    judgement: Judgement | None
    sources: tuple[Source, ...]
    audience: str
    is_immaterial: bool

    @property
    def difference(self) -> Fraction:
        """Candidate less production, in the metric's unit."""
        return Fraction(self.after_value) - Fraction(self.before_value)

    @property
    def relative(self) -> Fraction | None:
        """The difference as a share of production's value; a value of zero has none."""
        return self.difference / Fraction(self.before_value) if self.before_value else None

    @property
    def verb(self) -> Verb:
        """The direction in a word."""
        return "rose" if self.difference > 0 else "fell" if self.difference < 0 else "did not change"

    @property
    def n(self) -> int | None:
        """Number of cases that the candidate was measured on."""
        return self.after.n

    @property
    def same_cases(self) -> bool:
        """Whether both were measured on the same cases, pair by pair."""
        return self.evidence is not None and self.evidence.paired is not None

    @property
    def before_text(self) -> str:
        """Production's value: "87.4 %"."""
        return self.scale.text(self.before_value)

    @property
    def after_text(self) -> str:
        """The candidate's value: "86.4 %"."""
        return self.scale.text(self.after_value)

    @property
    def size_text(self) -> str:
        """The difference without a sign, to stand after a verb: "1.0 percentage point"."""
        return self.scale.difference(self.difference, signed=False).removeprefix(numbers.MINUS)

    @property
    def text(self) -> str:
        """The difference with both values: "−1.0 percentage point (87.4 % → 86.4 %)"."""
        return f"{self.scale.difference(self.difference)} ({self.before_text} → {self.after_text})"

    @property
    def short_text(self) -> str:
        """Both values with the difference: "87.2 % → 78.8 % (−8.4 pp)"."""
        return f"{self.before_text} → {self.after_text} ({self.scale.short_difference(self.difference)})"

    @property
    def relative_text(self) -> str:
        """The relative difference: "−1.14 %"; empty where there is none."""
        return "" if self.relative is None else numbers.percent(self.relative, 2, signed=True)

    def interval_text(self, decimals: int = 2) -> str:
        """Return the interval: "95 % CI −1.54 to −0.46 percentage points"; empty without evidence."""
        if self.evidence is None:
            return ""
        low, high = self.evidence.interval.low, self.evidence.interval.high
        high_text = numbers.fixed(high * 100, decimals, signed=True)
        return (
            f"95{numbers.SPACE}% CI {numbers.fixed(low * 100, decimals, signed=True)} to "
            f"{high_text}{numbers.SPACE}percentage{numbers.SPACE}points"
        )


def metric_change(
    name: str, before: Observation, after: Observation, versions: Sequence[Model], measurements: Measurements
) -> MetricChange:
    """Return what changes from one observation to another of the same metric, data, slice and unit.

    Args:
        name: Name of the figure of the difference.
        before: Production's observation.
        after: The candidate's observation.
        versions: The versions that were measured; their labels count too.
        measurements: Everything measured in the project.
    """
    unit, metric, project = measurements.unit_of(after), measurements.metrics.get(after.metric), measurements.project
    old, new = exact_value(before, unit), exact_value(after, unit)
    evidence = _evidence(before, after, unit)
    records = [entry for entry in (before, after, *versions, metric) if entry]
    return MetricChange(
        figure_name=name,
        metric=after.metric,
        title=title_of(after.metric, measurements),
        slice=slice_of(after),
        before=before,
        after=after,
        before_value=old,
        after_value=new,
        scale=scale_of(after, measurements).fit_for(Fraction(new) - Fraction(old)),
        evidence=evidence,
        wording=_wording(before, after, evidence, measurements) if slice_of(after) is None else None,
        judgement=judgement(metric, old, new),
        sources=sources_of(records),
        audience=project.strictest(map(project.audience_of, records)),
        is_immaterial=_is_immaterial(before, after, measurements),
    )


def change_formula(change: MetricChange) -> str:
    """Return how a difference was computed and tested, in words and signs."""
    difference = f"candidate less production: {change.after_text} − {change.before_text}"
    return "; ".join((difference, *_evidence_words(change)))


def _evidence_words(change: MetricChange) -> tuple[str, ...]:
    if change.evidence is None:
        return ("no test for this kind of number" if _is_counted(change.before, change.after) else "n not recorded",)
    pairs = change.evidence.paired
    if pairs is None:
        cases = " and ".join(numbers.whole(row.n or 0) for row in (change.before, change.after))
        return (f"{cases} cases, not paired", _p_words(change.evidence.p), change.interval_text())
    return (
        f"the same {numbers.whole(change.n or 0)} cases",
        f"right only in production {numbers.whole(pairs.b)}, only in the candidate {numbers.whole(pairs.c)}",
        f"McNemar χ² {numbers.fixed(pairs.chi2, 3)}, {_p_words(change.evidence.p)}",
        change.interval_text(),
    )


def _p_words(p: float) -> str:
    # Two digits are what a reader compares with 0.05; smaller ones would be written with an exponent.
    return f"p {p:.2g}" if p >= 0.0001 else "p < 0.0001"


def _is_counted(before: Observation, after: Observation) -> bool:
    return bool(before.n and after.n)


def _wording(before: Observation, after: Observation, evidence: Evidence | None, measurements: Measurements) -> Wording:
    """Return what may be said of a difference (domain §3.10): small is steady, and chance is no change."""
    if _is_immaterial(before, after, measurements):
        return "steady"
    if evidence is not None:
        return "changed" if evidence.interval.excludes(0) else "cannot_be_told_apart"
    return "not_tested" if _is_counted(before, after) else "n_not_recorded"


def _is_immaterial(before: Observation, after: Observation, measurements: Measurements) -> bool:
    unit, metric = measurements.unit_of(after), measurements.metrics.get(after.metric)
    difference = abs(Fraction(exact_value(after, unit)) - Fraction(exact_value(before, unit)))
    if metric is None or metric.materiality is None or unit != metric.unit:
        return difference == 0
    is_small = difference == 0 or difference < Fraction(metric.materiality)
    return is_small and not _crosses_limit(before, after, measurements)


def _crosses_limit(before: Observation, after: Observation, measurements: Measurements) -> bool:
    """Say whether a limit is crossed for the worse, which is material however small the step."""
    limits, unit = limits_of(after, measurements), measurements.unit_of(after)
    if limits is None:
        return False
    order: tuple[Position, ...] = ("within", "between", "beyond")
    old, new = (order.index(limits.position(exact_value(row, unit))) for row in (before, after))
    return new > old


def _evidence(before: Observation, after: Observation, unit: str) -> Evidence | None:
    old, new = _successes(before, unit), _successes(after, unit)
    if old is None or new is None or not before.n or not after.n:
        return None
    pairs = after.paired_with
    if pairs and _is_of_these(pairs, before, after, new - old):
        test = mcnemar(pairs.b, pairs.c)
        return Evidence(paired_interval(pairs.b, pairs.c, after.n), test.p, test)
    return Evidence(newcombe(new, after.n, old, before.n), two_proportion_z(new, after.n, old, before.n).p)


def _is_of_these(pairs: Pairing, before: Observation, after: Observation, gained: int) -> bool:
    """Say whether pairs are of these two observations: the same cases, and a balance that explains the values."""
    return pairs.subject == before.subject and before.n == after.n and pairs.c - pairs.b == gained


def _successes(row: Observation, unit: str) -> int | None:
    """Return how many cases succeeded; None for what is not a share of cases."""
    scale = Scale(unit, None)
    if not scale.is_share or not row.n:
        return None
    count = row.successes if row.successes is not None else int(numbers.rounded(scale.share(row.value) * row.n))
    # A growth of 120 % is in percent, and no share of cases.
    return count if 0 <= count <= row.n else None
