"""Models: where each metric of a version stands, and what a candidate changes against production, tested for chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct

from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Source, Unknown, sources_of
from aipm_site.facts.metric import (
    Against,
    Position,
    against_limit,
    against_past,
    exact_value,
    limits_of,
    observed_figure,
    scale_of,
    short_name,
    title_of,
)
from aipm_site.facts.metric_change import MetricChange, change_formula, metric_change
from aipm_site.facts.series import Measurements, slice_of
from aipm_site.facts.versions import version_order
from aipm_site.project import Project
from aipm_site.records.model import Model
from aipm_site.records.observation import Observation

CANDIDATE_STAGES = frozenset({"dev", "validation", "pilot"})
IN_USE = "production"


class Family(Struct, frozen=True):
    """The versions of one model.

    Attributes:
        name: Name of the model; the id of a version that names none.
        versions: All versions, oldest first.
    """

    name: str
    versions: tuple[Model, ...]

    @property
    def production(self) -> Model | None:
        """The newest version in production."""
        return next((model for model in reversed(self.versions) if model.stage == IN_USE), None)

    @property
    def candidate(self) -> Model | None:
        """The newest version on its way to production."""
        return next((model for model in reversed(self.versions) if model.stage in CANDIDATE_STAGES), None)


class MetricState(Struct, frozen=True):
    """Where a metric of a version in production, or of the candidate, stands.

    Attributes:
        model: The version.
        metric: Id of the metric.
        title: What the metric is called, and the part of the data where it is measured on parts alone.
        is_monitored: Whether the version says that this metric is watched.
        observation: The newest one, of all the data or of the part; None where there is none yet.
        figure: The figure of that observation; Unknown where there is none.
        position: Where it stands between its limits; None without limits or observation.
        limit_text: The limit that a reader is told, "87.0 %"; empty without one.
        slice: The part of the data; None is the whole of it.
    """

    model: Model
    metric: str
    title: str
    is_monitored: bool
    observation: Observation | None
    figure: AnyFigure
    position: Position | None
    limit_text: str
    slice: str | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The records behind it."""
        return self.figure.sources

    @property
    def audience(self) -> str:
        """Strictest label of these records."""
        return self.figure.audience


class ModelComparison(Struct, frozen=True):
    """A candidate against the version in production of the same model.

    Attributes:
        family: Name of the model.
        production: The version in production.
        candidate: The newest version on its way there.
        changes: One for each metric of all the data that both were measured on.
        slices: The same for each part of the data.
        not_compared: Metrics of the candidate that production has nothing comparable for, and why.
        sources: The records behind it all.
        audience: Strictest label of these records.
    """

    family: str
    production: Model
    candidate: Model
    changes: tuple[MetricChange, ...]
    slices: tuple[MetricChange, ...]
    not_compared: tuple[Unknown, ...]
    sources: tuple[Source, ...]
    audience: str


def families(project: Project) -> tuple[Family, ...]:
    """Return the models of a project with their versions, by name."""
    grouped: dict[str, list[Model]] = defaultdict(list)
    for model in project.of(Model):
        grouped[model.model or model.id].append(model)
    return tuple(
        Family(name, tuple(sorted(versions, key=lambda model: (version_order(model.version), model.id))))
        for name, versions in sorted(grouped.items())
    )


def model_figures(measurements: Measurements) -> tuple[AnyFigure, ...]:
    """Return the value that speaks for every metric and slice of every version, and the candidates' differences.

    Args:
        measurements: What the project has measured at the as-of; each figure speaks for the day of its observation.
    """
    known = families(measurements.project)
    measured = [
        _figure(model, row, measurements, family)
        for family in known
        for model in family.versions
        for row in rows_that_speak(model, measurements).values()
    ]
    missing = [state.figure for state in _states(known, measurements) if state.observation is None]
    comparisons = _comparisons(known, measurements)
    changes = [_change_figure(change, c, measurements) for c in comparisons for change in c.changes + c.slices]
    return (*measured, *missing, *changes, *(unknown for c in comparisons for unknown in c.not_compared))


def metric_states(measurements: Measurements) -> tuple[MetricState, ...]:
    """Return where each metric stands, of the versions in production first, then of the candidates.

    A candidate's state says nothing about production, nor production's about a candidate.
    """
    return _states(families(measurements.project), measurements)


def model_comparisons(measurements: Measurements) -> tuple[ModelComparison, ...]:
    """Return each candidate against production of the same model; without either there is nothing to compare."""
    return _comparisons(families(measurements.project), measurements)


def rows_that_speak(model: Model, measurements: Measurements) -> Mapping[tuple[str, str | None], Observation]:
    """Return the observation that speaks for each metric and slice of a version.

    The newest one; for a version in production the newest one made there, where it has any.
    """
    newest = measurements.newest(model.id)
    return {**newest, **measurements.newest(model.id, IN_USE)} if model.stage == IN_USE else newest


def _states(known: tuple[Family, ...], measurements: Measurements) -> tuple[MetricState, ...]:
    in_use = [(model, family) for family in known for model in family.versions if model.stage == IN_USE]
    candidates = [(family.candidate, family) for family in known if family.candidate]
    return tuple(
        _state(model, metric_id, piece, measurements, family)
        for model, family in (*in_use, *candidates)
        for metric_id, piece in _metrics_of(model, measurements)
    )


def _comparisons(known: tuple[Family, ...], measurements: Measurements) -> tuple[ModelComparison, ...]:
    return tuple(
        _comparison(family.name, family.production, family.candidate, measurements)
        for family in known
        if family.production and family.candidate
    )


def _metrics_of(model: Model, measurements: Measurements) -> tuple[tuple[str, str | None], ...]:
    """Return the metrics that a version was measured by, and those that it must be.

    One that must be measured and has values of parts of the data alone stands for itself by these parts.
    """
    newest = measurements.newest(model.id)
    whole = {metric_id for metric_id, piece in newest if piece is None}
    parts = [(metric_id, piece) for metric_id, piece in newest if metric_id in set(model.monitoring) - whole]
    missing = set(model.monitoring) - {metric_id for metric_id, _ in newest}
    return tuple(sorted([*((one, None) for one in whole | missing), *parts], key=lambda one: (one[0], one[1] or "")))


def _state(model: Model, metric_id: str, piece: str | None, measurements: Measurements, family: Family) -> MetricState:
    row = rows_that_speak(model, measurements).get((metric_id, piece))
    limits = limits_of(row, measurements) if row else None
    limit = limits.first if limits else None
    scale = scale_of(row, measurements) if row else None
    return MetricState(
        model=model,
        metric=metric_id,
        title=title_of(metric_id, measurements) + (f" ({piece})" if piece else ""),
        is_monitored=metric_id in model.monitoring,
        observation=row,
        figure=_figure(model, row, measurements, family) if row else _missing(model, metric_id, measurements),
        position=limits.position(exact_value(row, measurements.unit_of(row))) if row and limits else None,
        limit_text=scale.text(limit) if scale and limit is not None else "",
        slice=piece,
    )


def _name(model_id: str, metric_id: str, piece: str | None, *more: str) -> str:
    return ".".join(("model", model_id, short_name(metric_id), *((piece,) if piece else ()), *more))


def _missing(model: Model, metric_id: str, measurements: Measurements) -> Unknown:
    audience = measurements.project.audience_of(model)
    return Unknown(_name(model.id, metric_id, None), "not reported yet", audience, sources_of((model,)))


def _figure(model: Model, row: Observation, measurements: Measurements, family: Family) -> Figure:
    against = _against(model, row, measurements, family)
    return observed_figure(_name(model.id, row.metric, slice_of(row)), row, against, measurements, (model,))


def _against(model: Model, row: Observation, measurements: Measurements, family: Family) -> Against | None:
    """Return what a version's value is held against: production for the candidate, its limit for production."""
    if model == family.candidate and family.production:
        against = _against_production(row, family.production, measurements)
        if against:
            return against
    if model.stage == IN_USE or model.stage in CANDIDATE_STAGES:
        against = against_limit(row, measurements)
        if against:
            return against
    # A version that is out of use has no limit to keep; its predecessor shows where it came from.
    return against_past(row, measurements)


def _against_production(row: Observation, production: Model, measurements: Measurements) -> Against | None:
    other = measurements.counterpart(row, production.id)
    if other is None:
        return None
    value = exact_value(other, measurements.unit_of(other))
    text = f"production {production.version}: {scale_of(row, measurements).text(value)}"
    return Against(Comparator("baseline", value, text, measurements.day(other)), (other, production))


def _comparison(family: str, production: Model, candidate: Model, measurements: Measurements) -> ModelComparison:
    pairs = [(row, measurements.counterpart(row, production.id)) for row in measurements.newest(candidate.id).values()]
    changes = [_change(other, row, production, candidate, measurements) for row, other in pairs if other]
    alone = [row for row, other in pairs if other is None]
    project = measurements.project
    labels = [*(change.audience for change in changes), *map(project.audience_of, (production, candidate, *alone))]
    sources = {source for change in changes for source in change.sources} | set(sources_of((production, candidate)))
    return ModelComparison(
        family=family,
        production=production,
        candidate=candidate,
        changes=tuple(change for change in changes if change.slice is None),
        slices=tuple(change for change in changes if change.slice is not None),
        not_compared=tuple(_not_compared(row, production, candidate, measurements) for row in alone),
        sources=tuple(sorted(sources)),
        audience=project.strictest(labels),
    )


def _not_compared(row: Observation, production: Model, candidate: Model, measurements: Measurements) -> Unknown:
    unit, project = measurements.unit_of(row), measurements.project
    records = (row, production, candidate)
    where = f" on {row.dataset}" if row.dataset else ""
    return Unknown(
        _name(candidate.id, row.metric, slice_of(row), "change"),
        f"production {production.version} has no value{where} in the unit {unit or 'none'}",
        project.strictest(map(project.audience_of, records)),
        sources_of(records),
    )


def _change(
    before: Observation, after: Observation, production: Model, candidate: Model, measurements: Measurements
) -> MetricChange:
    name = _name(candidate.id, after.metric, slice_of(after), "change")
    return metric_change(name, before, after, (production, candidate), measurements)


def _change_figure(change: MetricChange, comparison: ModelComparison, measurements: Measurements) -> Figure:
    is_share = change.scale.is_share
    size = change.scale.share(change.difference) * 100 if is_share else change.difference
    text = f"production {comparison.production.version}: {change.before_text}"
    return Figure(
        name=change.figure_name,
        value=size,
        unit="pp" if is_share else change.scale.unit,
        as_of=measurements.day(change.after),
        text=change.scale.difference(change.difference),
        formula=change_formula(change),
        sources=change.sources,
        audience=change.audience,
        comparator=Comparator("baseline", change.before_value, text, measurements.day(change.before)),
    )
