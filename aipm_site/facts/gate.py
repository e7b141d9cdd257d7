"""Gates: what was observed for each criterion of a go/no-go decision, and the verdict that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Source, sources_of
from aipm_site.facts.metric import exact_value, scale_of, short_name
from aipm_site.facts.scale import SHARE_UNITS, Measured, Scale
from aipm_site.facts.series import Measurements, slice_of
from aipm_site.project import Project
from aipm_site.records.decision import Criterion, Decision
from aipm_site.records.metric import Metric
from aipm_site.records.observation import Observation
from aipm_site.records.record import Entry

Result = Literal["met", "waived", "not_assessed", "not_met"]
Verdict = Literal["go", "conditional", "no-go"]

_RESULTS: tuple[Result, ...] = ("met", "waived", "not_assessed", "not_met")
_VERDICTS: tuple[Verdict, ...] = ("go", "conditional", "no-go")
_RESULT_WORDS: dict[Result, str] = {
    "met": "met",
    "waived": "waived",
    "not_met": "not met",
    "not_assessed": "not assessed",
}
_OPERATOR_WORDS = {">=": "at least", ">": "above", "<=": "at most", "<": "below", "=": "exactly"}
# A gate that was called off says nothing of its subject.
_STANDING = frozenset({"proposed", "accepted"})


@dataclass(frozen=True)
class Evidence:
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


@dataclass(frozen=True, slots=True)
class CriterionState:
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
        why: Why it was not assessed; empty where it was.
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


@dataclass(frozen=True, slots=True)
class GateState:
    """A decision with criteria, judged.

    A gate that is decided is judged by what was known on the day of the decision; later facts do not make it wrong. A
    proposed one is judged by what is known at the as-of.

    Attributes:
        decision: The record.
        subject: Id of what goes or does not go; "" where the record names none.
        given: What people decided; None where the record does not say.
        dated: Its criteria, in the record's order, by what was known on its date.
        dated_on: That day, at the latest the as-of.
        present: Its criteria by what is known at the as-of.
        present_on: The as-of.
        sources: The records behind it all.
        audience: Strictest label of these records: nothing of the result is for more readers than its least part.
    """

    decision: Decision
    subject: str
    given: Verdict | None
    dated: tuple[CriterionState, ...]
    dated_on: date
    present: tuple[CriterionState, ...]
    present_on: date
    sources: tuple[Source, ...]
    audience: str

    @property
    def is_decided(self) -> bool:
        """Whether it is no proposal any more."""
        return self.decision.status != "proposed"

    @property
    def stands(self) -> bool:
        """Whether it says something of its subject: it is proposed or accepted."""
        return self.decision.status in _STANDING

    @property
    def criteria(self) -> tuple[CriterionState, ...]:
        """The criteria that it is judged by."""
        return self.dated if self.is_decided else self.present

    @property
    def judged_on(self) -> date:
        """The day of what was known when it was judged."""
        return self.dated_on if self.is_decided else self.present_on

    @property
    def computed(self) -> Verdict:
        """The verdict that follows from the criteria."""
        return computed_verdict(self.criteria)

    @property
    def verdict(self) -> Verdict:
        """The verdict that holds: the computed one, or the given one where that is worse."""
        return worse_verdict(self.computed, self.given)

    @property
    def present_verdict(self) -> Verdict:
        """The verdict by what is known at the as-of."""
        return worse_verdict(computed_verdict(self.present), self.given)

    @property
    def counts_text(self) -> str:
        """How many criteria came out how: "2 met, 3 not met, 1 not assessed"."""
        return counts_text(self.criteria)


def worse_verdict(computed: Verdict, given: Verdict | None) -> Verdict:
    """Return the worse of two verdicts; where people gave none, the computed one."""
    return computed if given is None else max(computed, given, key=_VERDICTS.index)


def is_better_verdict(one: Verdict, other: Verdict) -> bool:
    """Say whether a verdict is better than another."""
    return _VERDICTS.index(one) < _VERDICTS.index(other)


def is_better_result(one: Result, other: Result) -> bool:
    """Say whether a result is better than another."""
    return _RESULTS.index(one) < _RESULTS.index(other)


def counts_text(criteria: Iterable[CriterionState]) -> str:
    """Return how many criteria came out how; results that none has are left out."""
    results = [criterion.result for criterion in criteria]
    counts = [(results.count(result), words) for result, words in _RESULT_WORDS.items()]
    return ", ".join(f"{count} {words}" for count, words in counts if count)


def computed_verdict(criteria: Iterable[CriterionState]) -> Verdict:
    """Return the verdict that follows from the results (domain §2.2).

    No-go where a criterion that must be met is not met; at best conditional where one is not assessed, or where nothing
    must be met, as then nothing was asked; else go.
    """
    results = [criterion.result for criterion in criteria if criterion.must]
    if "not_met" in results:
        return "no-go"
    return "conditional" if not results or "not_assessed" in results else "go"


def gate_states(now: Evidence, then: Callable[[date], Evidence]) -> tuple[GateState, ...]:
    """Return every decision that is a gate, judged, in the order of their ids.

    Args:
        now: What is known at the as-of.
        then: Gives what was known on an earlier day.
    """
    gates = [decision for decision in now.project.of(Decision) if decision.type == "gate" and decision.criteria]
    return tuple(_gate(decision, now, _evidence_of(decision, now, then)) for decision in gates)


def gate_of(subject: str, gates: Iterable[GateState]) -> GateState | None:
    """Return the newest gate that stands and is about a subject; None without one."""
    mine = [gate for gate in gates if gate.subject == subject and gate.stands]
    return max(mine, key=lambda gate: (gate.decision.date or date.min, gate.decision.id), default=None)


def _evidence_of(decision: Decision, now: Evidence, then: Callable[[date], Evidence]) -> Evidence:
    is_earlier = decision.date is not None and decision.date < now.as_of.date
    return then(decision.date) if is_earlier and decision.date else now


def _gate(decision: Decision, now: Evidence, on_date: Evidence) -> GateState:
    present = _criteria(decision, now)
    dated = present if on_date is now else _criteria(decision, on_date)
    project, subject = now.project, now.project.get(decision.subject or "")
    records = [decision, *([subject] if subject else [])]
    sources = {*sources_of(records), *(source for one in (*dated, *present) for source in one.sources)}
    labels = [*map(project.audience_of, records), *(one.audience for one in (*dated, *present))]
    return GateState(
        decision=decision,
        subject=decision.subject or "",
        given=decision.verdict,
        dated=dated,
        dated_on=on_date.as_of.date,
        present=present,
        present_on=now.as_of.date,
        sources=tuple(sorted(sources)),
        audience=project.strictest(labels),
    )


def _criteria(decision: Decision, evidence: Evidence) -> tuple[CriterionState, ...]:
    return tuple(_Look(decision, criterion, evidence).state() for criterion in decision.criteria)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found for a criterion; without a value, why there is none."""

    value: Measured | None = None
    scale: Scale | None = None
    as_of: date | None = None
    why: str = ""
    figure: str = ""
    records: tuple[Entry, ...] = ()
    sources: tuple[Source, ...] = ()
    audience: str | None = None


@dataclass(frozen=True)
class _Look:
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
        return CriterionState(
            name=criterion.name,
            limit_text=f"{_OPERATOR_WORDS[criterion.operator]} {scale.text(criterion.threshold)}",
            must=criterion.must,
            observed=seen.value,
            observed_text=scale.text(seen.value) if seen.value is not None else "",
            as_of=seen.as_of,
            computed=computed,
            result=result,
            why=seen.why if seen.value is None else "the writer says so" if result == "not_assessed" else "",
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
        told = {"figure": name, "sources": figure.sources, "audience": figure.audience}
        if not isinstance(figure, Figure):
            return _Seen(why=f"{name} is not known: {figure.reason}", **told)
        value = figure.value
        if isinstance(value, (str, date)):
            return _Seen(why=f"{name} is no number", **told)
        exact = Decimal(value) if isinstance(value, int) else value
        return _Seen(value=exact, scale=Scale(figure.unit, None), as_of=figure.as_of, **told)

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
        told = {"figure": seen.figure, "records": seen.records, "sources": seen.sources, "audience": seen.audience}
        if unit not in SHARE_UNITS or seen.scale.unit not in SHARE_UNITS:
            why = f"observed in {seen.scale.unit or 'no unit'}, and the limit is in {unit}"
            return _Seen(why=why, as_of=seen.as_of, **told)
        value = seen.scale.share(seen.value) / SHARE_UNITS[unit]
        return _Seen(value=value, scale=Scale(unit, seen.scale.decimals), as_of=seen.as_of, **told)

    def _waiver(self) -> Decision | None:
        found = self.evidence.project.get(self.criterion.waiver or "")
        is_other = isinstance(found, Decision) and found.id != self.decision.id
        return found if isinstance(found, Decision) and is_other and is_in_force(found, self.evidence.as_of) else None


def is_in_force(decision: Decision, as_of: AsOf) -> bool:
    """Say whether a decision is accepted and has not ended at the as-of; its last day still counts."""
    return decision.status == "accepted" and (decision.expires is None or decision.expires >= as_of.date)


def _piece(criterion: Criterion) -> str | None:
    return criterion.slice if criterion.slice != "all" else None


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


def gate_figures(gates: Iterable[GateState], as_of: AsOf) -> tuple[Figure, ...]:
    """Return the verdict of each gate, and how many of its criteria came out how: gate.DEC-020.verdict, .met, …"""
    return tuple(figure for gate in gates for figure in _figures(gate, as_of))


def _figures(gate: GateState, as_of: AsOf) -> Iterable[Figure]:
    given = f"; people decided {gate.given}" if gate.given else ""
    rule = "go where every criterion that must be met is met or waived, at best conditional where one is not assessed"
    yield _figure(gate, as_of, "verdict", gate.verdict, "verdict", f"{gate.verdict} ({gate.counts_text})", rule + given)
    total = len(gate.criteria)
    for result, words in _RESULT_WORDS.items():
        count = sum(one.result == result for one in gate.criteria)
        formula = f"criteria that are {words}, judged by what was known on {gate.judged_on.isoformat()}"
        text = f"{count} of {total} criteria {words}"
        yield _figure(gate, as_of, result, count, "criteria", text, formula, Comparator("target", *_all(total), None))


def _all(total: int) -> tuple[int, str]:
    return total, f"{total} {'criterion' if total == 1 else 'criteria'} in all"


def _figure(
    gate: GateState,
    as_of: AsOf,
    name: str,
    value: int | str,
    unit: str,
    text: str,
    formula: str,
    comparator: Comparator | None = None,
) -> Figure:
    return Figure(
        name=f"gate.{gate.decision.id}.{name}",
        value=value,
        unit=unit,
        as_of=as_of.date,
        text=text,
        formula=formula,
        sources=gate.sources,
        audience=gate.audience,
        comparator=comparator,
    )
