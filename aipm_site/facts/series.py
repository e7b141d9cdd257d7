"""Series: the observations of a metric that may be compared, oldest first, and the breaks between series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

from msgspec import Struct

from aipm_site.facts import numbers
from aipm_site.facts.calendar import day_of
from aipm_site.facts.versions import version_order
from aipm_site.project import Project
from aipm_site.records.metric import Metric
from aipm_site.records.model import Model
from aipm_site.records.observation import WHOLE, Observation


class Line(Struct, frozen=True):
    """What stays the same in all series of one line in time.

    Attributes:
        metric: Id of the metric.
        subject: Family of the model whose versions follow each other, else the id of what was measured.
        dataset: Id of the data set without its version.
        slice: Part of the data; None is the whole of it.
        environment: Where it was measured.
    """

    metric: str
    subject: str
    dataset: str | None
    slice: str | None
    environment: str | None


class Break(Struct, frozen=True):
    """Two neighbours in a line that must not be compared, and why."""

    before: Observation
    after: Observation
    reason: str


class Series(Struct, frozen=True):
    """Observations of one line that may be compared with each other, oldest first.

    Attributes:
        line: What they have in common.
        unit: Their unit.
        observations: Those in force.
        opened_by: The break before the first of them, None where the line begins with it.
        replaced: Those that a correction took the place of; listed, never counted.
    """

    line: Line
    unit: str
    observations: tuple[Observation, ...]
    opened_by: Break | None = None
    replaced: tuple[Observation, ...] = ()


class Measurements(Struct, frozen=True, dict=True):
    """All that a project has measured, by series and by what was measured.

    Attributes:
        project: The project as it is known at the as-of.
    """

    project: Project

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """The registry of metrics by id."""
        return {metric.id: metric for metric in self.project.of(Metric)}

    @cached_property
    def models(self) -> Mapping[str, Model]:
        """Versions of models by id."""
        return {model.id: model for model in self.project.of(Model)}

    def unit_of(self, row: Observation) -> str:
        """Return the unit of an observation: its own, else its metric's, else none."""
        metric = self.metrics.get(row.metric)
        return row.unit or (metric.unit if metric else "")

    def day(self, row: Observation) -> date:
        """Return the day of an observation in the project's time zone."""
        return day_of(row.as_of, self.project.charter.tz)

    def line_of(self, row: Observation) -> Line:
        """Return the line in time to which an observation belongs."""
        model = self.models.get(row.subject or "")
        subject = (model.model or model.id) if model else row.subject or ""
        dataset = row.dataset.partition("@")[0] if row.dataset else None
        return Line(row.metric, subject, dataset, slice_of(row), row.environment)

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """All series, in the order of their lines and in time."""
        replaced = {row.corrects for row in self.project.of(Observation) if row.corrects}
        lines: dict[Line, list[Observation]] = defaultdict(list)
        for row in self.project.of(Observation):
            lines[self.line_of(row)].append(row)
        ordered = sorted(lines.items(), key=lambda item: _line_order(item[0]))
        return tuple(series for line, rows in ordered for series in self._cut(line, rows, replaced))

    def series_of(self, row: Observation) -> Series:
        """Return the series that holds an observation in force."""
        return self._series_by_id[row.id]

    def previous(self, row: Observation) -> Observation | None:
        """Return what an observation may be compared with: the one before of the same subject, else of its line."""
        rows = self.series_of(row).observations
        place = next(index for index, other in enumerate(rows) if other.id == row.id)
        earlier = rows[:place][::-1]
        return next((other for other in earlier if other.subject == row.subject), earlier[0] if earlier else None)

    @cached_property
    def by_subject(self) -> Mapping[str, tuple[Observation, ...]]:
        """Observations in force by the id of what was measured, oldest first."""
        grouped: dict[str, list[Observation]] = defaultdict(list)
        for series in self.series:
            for row in series.observations:
                grouped[row.subject or ""].append(row)
        return {subject: tuple(sorted(rows, key=self._newest_order)) for subject, rows in sorted(grouped.items())}

    def newest(self, subject: str, environment: str | None = None) -> Mapping[tuple[str, str | None], Observation]:
        """Return the newest observation of a subject for each metric and slice, in order; of one environment or all."""
        asked = subject, environment
        if asked not in self._newest:
            self._newest[asked] = self._find_newest(subject, environment)
        return self._newest[asked]

    @cached_property
    def _newest(self) -> dict[tuple[str, str | None], Mapping[tuple[str, str | None], Observation]]:
        # Asked by each fact of a model. A cached method would hold the measurements in a cycle.
        return {}

    def _find_newest(self, subject: str, environment: str | None) -> dict[tuple[str, str | None], Observation]:
        rows = self.by_subject.get(subject, ())
        found = {(row.metric, slice_of(row)): row for row in rows if environment in (None, row.environment)}
        return dict(sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or "")))

    def counterpart(self, row: Observation, subject: str) -> Observation | None:
        """Return the newest observation of another subject for the same metric, data, slice and unit."""
        like = [other for other in self.by_subject.get(subject, ()) if self._is_alike(row, other)]
        return like[-1] if like else None

    def _is_alike(self, row: Observation, other: Observation) -> bool:
        same = (row.metric, row.dataset, slice_of(row), self.unit_of(row))
        return same == (other.metric, other.dataset, slice_of(other), self.unit_of(other))

    @cached_property
    def _series_by_id(self) -> dict[str, Series]:
        return {row.id: series for series in self.series for row in series.observations}

    def _newest_order(self, row: Observation) -> tuple[Any, ...]:
        # Of one day's measurements, that in production speaks for the day.
        return self.day(row), row.environment == "production", row.as_of.isoformat(), row.id

    def _order_in_line(self, row: Observation) -> tuple[Any, ...]:
        model = self.models.get(row.subject or "")
        return self.day(row), row.as_of.isoformat(), version_order(model.version if model else ""), row.id

    def _cut(self, line: Line, rows: Iterable[Observation], replaced: set[str]) -> Iterator[Series]:
        """Cut the observations of a line where the next one cannot be compared with the one before."""
        in_time = sorted(rows, key=self._order_in_line)
        in_force = [row for row in in_time if row.id not in replaced]
        pairs = enumerate(pairwise(in_force), start=1)
        found = [(start, broken) for start, pair in pairs if (broken := self._break(*pair))]
        starts, breaks = [start for start, _ in found], [broken for _, broken in found]
        out = tuple(row for row in in_time if row.id in replaced)
        for first, last, opened_by in zip([0, *starts], [*starts, len(in_force)], [None, *breaks], strict=True):
            yield from self._piece(line, in_force[first:last], opened_by, out)

    def _piece(
        self, line: Line, rows: Sequence[Observation], opened_by: Break | None, out: Sequence[Observation]
    ) -> Iterator[Series]:
        if rows:
            unit = self.unit_of(rows[0])
            yield Series(line, unit, tuple(rows), opened_by, tuple(row for row in out if self.unit_of(row) == unit))

    def _break(self, before: Observation, after: Observation) -> Break | None:
        reason = self._reason_of_break(before, after)
        return Break(before, after, reason) if reason else None

    def _reason_of_break(self, before: Observation, after: Observation) -> str | None:
        units = self.unit_of(before), self.unit_of(after)
        if units[0] != units[1]:
            return f"the unit changed from {units[0] or 'none'} to {units[1] or 'none'}"
        if before.dataset != after.dataset:
            return f"the data set changed from {before.dataset} to {after.dataset}"
        metric = self.metrics.get(after.metric)
        defined_from = metric.defined_from if metric else None
        if defined_from and self.day(before) < defined_from <= self.day(after):
            return f"the metric is defined anew from {numbers.day(defined_from)}"
        return None


def slice_of(row: Observation) -> str | None:
    """Return the part of the data that an observation is about; None is the whole of it."""
    return None if row.slice in (None, WHOLE) else row.slice


def _line_order(line: Line) -> tuple[str, ...]:
    return (line.metric, line.subject, line.dataset or "", line.slice or "", line.environment or "")
