"""Criteria of a gate: the exact value that was observed for each, against its limit, and the result that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.figure import AnyFigure, Figure, Source, sources_of
from aipm_site.facts.metric import exact_value, scale_of, short_name
from aipm_site.facts.scale import SHARE_UNITS, Measured, Scale
from aipm_site.facts.series import Measurements, slice_of
from aipm_site.project import Project
from aipm_site.records.decision import Criterion, Decision
from aipm_site.records.metric import Metric
from aipm_site.records.observation import WHOLE, Observation
from aipm_site.records.record import Entry

Result = Literal["met", "waived", "not_assessed", "not_met"]

# From the best to the worst.
_RESULTS: tuple[Result, ...] = ("met", "waived", "not_assessed", "not_met")
RESULT_WORDS: dict[Result, str] = {
    "met": "met",
    "waived": "waived",
    "not_met": "not met",
    "not_assessed": "not assessed",
}
_BY_WRITER = "as its writer says"
_OPERATOR_WORDS = {">=": "at least", ">": "above", "<=": "at most", "<": "below", "=": "exactly"}


class Evidence(Struct, frozen=True, dict=True):
    """What is known on one day.

    Attributes:
        project: The project as it was known then.
        as_of: That day.
        compute: Gives the figures of that day, but for those of the status and of gates.
        is_present: Whether that day is the as-of, so that its figures are those that pages show.
    """

    project: Project
    as_of: AsOf
    compute: Callable[[], Mapping[str, AnyFigure]]
    is_present: bool = True

    @cached_property
    def figures(self) -> Mapping[str, AnyFigure]:
        """The figures of that day."""
        return self.compute()

    @cached_property
    def measurements(self) -> Measurements:
        """Everything measured until then."""
        return Measurements(self.project)


class CriterionState(Struct, frozen=True):
    """Where the subject of a gate stands to one criterion.

    Attributes:
        name: What is asked.
        limit_text: The limit with its direction: "at least 87.0 %".
        must: Whether there is no go without it.
        observed: The exact value in the unit of the limit; None where nothing was observed.
        observed_text: The same in words; empty where nothing was observed.
        as_of: The day that the observed value speaks for; None where none is known.
        computed: What follows from limit and observed value alone.
        result: What counts: the computed result, the writer's where it is worse, or waived.
        why: Why it was not assessed, or counts as worse than computed; empty otherwise.
        is_on_limit: Whether the observed value is the limit itself.
        waiver: Id of the decision that lets it pass unmet; None where none is in force.
        figure: Name of the project's figure that was looked at; empty where none was.
        sources: The records behind it.
        audience: Strictest label of these records, and of the figure.
    """

    name: str
    limit_text: str
    must: bool
    observed: Measured | None
    observed_text: str
    as_of: date | None
    computed: Result
    result: Result
    why: str
    is_on_limit: bool
    waiver: str | None
    figure: str
    sources: tuple[Source, ...]
    audience: str


def is_better_result(one: Result, other: Result) -> bool:
    """Say whether a result is better than another."""
    return _RESULTS.index(one) < _RESULTS.index(other)


def counts_text(criteria: Iterable[CriterionState]) -> str:
    """Return how many criteria came out how; results that none has are left out."""
    results = [criterion.result for criterion in criteria]
    counts = [(results.count(result), words) for result, words in RESULT_WORDS.items()]
    return ", ".join(f"{count} {words}" for count, words in counts if count)


def criterion_states(decision: Decision, evidence: Evidence) -> tuple[CriterionState, ...]:
    """Return where the subject of a gate stands to each of its criteria, in the record's order."""
    return tuple(_Look(decision, criterion, evidence).state() for criterion in decision.criteria)


class _Seen(Struct, frozen=True):
    """What was found for a criterion; without a value, why there is none."""

    value: Measured | None = None
    scale: Scale | None = None
    as_of: date | None = None
    why: str = ""
    figure: str = ""
    records: tuple[Entry, ...] = ()
    sources: tuple[Source, ...] = ()
    audience: str | None = None


class _Look(Struct, frozen=True):
    """Looks for the value that a criterion asks about: in the measurements, the figures, then the record itself."""

    decision: Decision
    criterion: Criterion
    evidence: Evidence

    def state(self) -> CriterionState:
        """Return where the subject stands."""
        criterion, project = self.criterion, self.evidence.project
        seen = self._in_the_unit_of_the_limit(self._seen())
        computed = _computed(criterion, seen.value)
        waiver = self._waiver()
        result = _result(criterion, computed, is_waived=waiver is not None)
        scale = (seen.scale or self._scale_alone()).showing(criterion.threshold)
        if seen.value is not None:
            scale = scale.fit_for(_difference(seen.value, criterion.threshold))
        records = [self.decision, *seen.records, *([waiver] if waiver and result == "waived" else [])]
        labels = [*map(project.audience_of, records), *([seen.audience] if seen.audience else [])]
        # That a waiver is not in force was looked up in its record too.
        named = project.get(criterion.waiver or "")
        labels.extend([project.audience_of(named)] if named else [])
        return CriterionState(
            name=criterion.name,
            limit_text=f"{_OPERATOR_WORDS[criterion.operator]} {scale.text(criterion.threshold)}",
            must=criterion.must,
            observed=seen.value,
            observed_text=scale.text(seen.value) if seen.value is not None else "",
            as_of=seen.as_of,
            computed=computed,
            result=result,
            why=_BY_WRITER if is_better_result(computed, result) and result != "waived" else seen.why,
            is_on_limit=seen.value is not None and seen.value == criterion.threshold,
            waiver=waiver.id if waiver and result == "waived" else None,
            figure=seen.figure,
            sources=tuple(sorted({*sources_of(records), *seen.sources})),
            audience=project.strictest(labels),
        )

    def _seen(self) -> _Seen:
        for look in (self._measured, self._of_figure):
            found = look()
            if found is not None and found.value is not None:
                return found
        written = self._written()
        return written or self._measured() or self._of_figure() or _Seen(why="nothing was observed")

    def _measured(self) -> _Seen | None:
        metric_id = self.criterion.metric
        if metric_id is None:
            return None
        measurements, subject = self.evidence.measurements, self.decision.subject
        metric = measurements.metrics.get(metric_id)
        known = (metric,) if metric else ()
        row = measurements.newest(subject).get((metric_id, _piece(self.criterion))) if subject else None
        if row is None:
            where = f" in {self.criterion.slice}" if _piece(self.criterion) else ""
            why = f"{metric_id} of {subject or 'no subject'} is not observed yet{where}"
            return _Seen(why=why, records=known)
        return _Seen(
            value=exact_value(row, measurements.unit_of(row)),
            scale=scale_of(row, measurements),
            as_of=measurements.day(row),
            figure=self._figure_of(row),
            records=(row, *known),
        )

    def _figure_of(self, row: Observation) -> str:
        """Return the name of the figure that shows an observation; empty where none does, or it shows another now."""
        if not self.evidence.is_present:
            return ""
        name = ".".join(("model", str(row.subject), short_name(row.metric), *filter(None, [slice_of(row)])))
        figure = self.evidence.figures.get(name)
        return name if figure and row.id in {source.record_id for source in figure.sources} else ""

    def _of_figure(self) -> _Seen | None:
        name = self.criterion.figure
        if name is None:
            return None
        figure = self.evidence.figures.get(name)
        if figure is None:
            return _Seen(why=f"there is no figure {name}")
        found = _Seen(figure=name, sources=figure.sources, audience=figure.audience)
        if not isinstance(figure, Figure):
            return replace(found, why=f"{name} is not known: {figure.reason}")
        if isinstance(figure.value, (str, date)):
            return replace(found, why=f"{name} is no number")
        exact = Decimal(figure.value) if isinstance(figure.value, int) else figure.value
        return replace(found, value=exact, scale=Scale(figure.unit, None), as_of=figure.as_of)

    def _written(self) -> _Seen | None:
        observed, as_of = self.criterion.observed, self.evidence.as_of
        if observed is None or (observed.as_of is not None and not as_of.has_come(observed.as_of)):
            return None
        return _Seen(value=observed.value, scale=self._scale_alone(), as_of=observed.as_of)

    def _scale_alone(self) -> Scale:
        metric = self.evidence.project.get(self.criterion.metric or "")
        unit = self.criterion.unit or (metric.unit if isinstance(metric, Metric) else "")
        is_same = isinstance(metric, Metric) and metric.unit == unit
        return Scale(unit, metric.decimals if isinstance(metric, Metric) and is_same else None)

    def _in_the_unit_of_the_limit(self, seen: _Seen) -> _Seen:
        unit = self._scale_alone().unit
        if seen.value is None or seen.scale is None or not unit or seen.scale.unit == unit:
            return seen
        if unit not in SHARE_UNITS or seen.scale.unit not in SHARE_UNITS:
            why = f"observed in {seen.scale.unit or 'no unit'}, and the limit is in {unit}"
            return replace(seen, value=None, scale=None, why=why)
        value = seen.scale.share(seen.value) / SHARE_UNITS[unit]
        return replace(seen, value=value, scale=Scale(unit, seen.scale.decimals))

    def _waiver(self) -> Decision | None:
        found = self.evidence.project.get(self.criterion.waiver or "")
        is_other = isinstance(found, Decision) and found.id != self.decision.id
        return found if isinstance(found, Decision) and is_other and is_in_force(found, self.evidence.as_of) else None


def is_in_force(decision: Decision, as_of: AsOf) -> bool:
    """Say whether a decision is accepted and has not ended at the as-of; its last day still counts."""
    return decision.status == "accepted" and (decision.expires is None or decision.expires >= as_of.date)


def _piece(criterion: Criterion) -> str | None:
    return criterion.slice if criterion.slice != WHOLE else None


def _difference(value: Measured, limit: Decimal) -> Fraction:
    return Fraction(value) - Fraction(limit)


def _computed(criterion: Criterion, value: Measured | None) -> Result:
    if value is None:
        return "not_assessed"
    # Exactly: 540/720 − 441/630 is 0.05, and in floating point it is more (domain, trap 12).
    distance = _difference(value, criterion.threshold)
    holds = {
        ">=": distance >= 0,
        ">": distance > 0,
        "<=": distance <= 0,
        "<": distance < 0,
        "=": distance == 0,
    }
    return "met" if holds[criterion.operator] else "not_met"


def _result(criterion: Criterion, computed: Result, *, is_waived: bool) -> Result:
    written = criterion.result
    if is_waived and written in (None, "waived") and computed != "met":
        return "waived"
    if written in ("not_met", "not_assessed"):
        return max(computed, written, key=_RESULTS.index)
    return computed
