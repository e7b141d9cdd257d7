"""Model lines of a report: production, and what the candidate changes, with no more certainty than the sample has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import Figure
from aipm_site.facts.metric_change import MetricChange
from aipm_site.facts.model import IN_USE, MetricState, ModelComparison
from aipm_site.facts.numbers import whole
from aipm_site.records.issue import KIND as ISSUE
from aipm_site.records.issue import Issue
from aipm_site.records.metric import Metric
from aipm_site.records.observation import Observation
from aipm_site.summaries.printed import FigureRef, RecordRef
from aipm_site.summaries.silence import silence_of

CHANGES_AT_MOST = 2
SLICES_AT_MOST = 2
# Rules that name the measurements of a candidate that are not good enough.
_OUTSIDE = frozenset({"candidate-beyond-limit", "candidate-fails-gate"})
# What is certain is told first, what did not move last.
_ORDER = {"changed": 0, "not_tested": 1, "n_not_recorded": 2, "cannot_be_told_apart": 3, "steady": 4, None: 5}


class ChangeLine(Struct, frozen=True):
    """What the candidate changes in one metric.

    Attributes:
        title: What the metric is called.
        part: The part of the data; empty for the whole.
        wording: changed, cannot_be_told_apart, steady, n_not_recorded, not_tested; empty for a part of the data.
        direction: higher, lower or the same.
        verb: rose, fell or did not change.
        is_steady: Whether the difference is too small to be told as one.
        size: The difference without a sign.
        before: Production's value.
        after: The candidate's value.
        cases: On how many cases both were measured, where they are the same; empty otherwise.
        interval: The confidence interval; None where it cannot be told.
    """

    title: str
    part: str
    wording: str
    direction: str
    verb: str
    is_steady: bool
    size: FigureRef
    before: FigureRef
    after: FigureRef
    cases: str
    interval: FigureRef | None


class OutsideLine(Struct, frozen=True):
    """A value of the candidate outside its limit that production has nothing to compare with.

    Attributes:
        title: What the metric is called.
        part: The part of the data; empty for the whole.
        value: The value.
        limit: What it is held against, in words.
    """

    title: str
    part: str
    value: FigureRef
    limit: FigureRef


class CandidateLines(Struct, frozen=True):
    """A candidate against production.

    Attributes:
        candidate: Its version.
        production: The version in production.
        changes: What it changes, the most certain first.
        parts: The largest changes in parts of the data, of the metric that leads.
        outside: What is outside its limit besides.
        is_material: Whether anything changed that is worth words.
        issues: Open issues of the candidate whose cause is not known yet.
    """

    candidate: str
    production: str
    changes: tuple[ChangeLine, ...]
    parts: tuple[ChangeLine, ...]
    outside: tuple[OutsideLine, ...]
    is_material: bool
    issues: tuple[RecordRef, ...]


class ProductionLine(Struct, frozen=True):
    """A metric of the version in production.

    Attributes:
        title: What the metric is called.
        value: Its value; None where it is not reported yet.
        standing: within, between or beyond its limits; empty without limits.
        limit: The limit; None without one.
        measured_on: The day of the value.
        silence: Why it counts as not reported: "since 31 March 2026 (15 days; limit 7)"; None where it is fresh.
    """

    title: str
    value: FigureRef | None
    standing: str
    limit: FigureRef | None
    measured_on: date | None
    silence: FigureRef | None


class ProductionLines(Struct, frozen=True):
    """A version in production and its metrics."""

    version: str
    metrics: tuple[ProductionLine, ...]


def candidate_lines(facts: Facts) -> tuple[CandidateLines, ...]:
    """Return what each candidate changes."""
    return tuple(_candidate(facts, comparison) for comparison in facts.models)


def _candidate(facts: Facts, comparison: ModelComparison) -> CandidateLines:
    changes = sorted(comparison.changes, key=lambda change: (_ORDER[change.wording], change.metric))
    leading = next((change.metric for change in changes if change.wording == "changed"), None)
    parts = [change for change in comparison.slices if change.metric == leading]
    parts.sort(key=lambda change: (-abs(change.difference), change.slice or ""))
    return CandidateLines(
        candidate=comparison.candidate.version,
        production=comparison.production.version,
        changes=tuple(map(_change, changes[:CHANGES_AT_MOST])),
        parts=tuple(map(_change, parts[:SLICES_AT_MOST])),
        outside=tuple(_outside(facts, comparison)),
        is_material=any(change.wording != "steady" for change in changes),
        issues=tuple(_open_questions(facts, comparison.candidate.id)),
    )


def _change(change: MetricChange) -> ChangeLine:
    name = change.figure_name
    interval = change.interval_text(1)
    return ChangeLine(
        title=change.title,
        part=change.slice or "",
        wording=change.wording or "",
        direction="higher" if change.difference > 0 else "lower" if change.difference < 0 else "the same",
        verb=change.verb,
        is_steady=change.is_immaterial,
        size=FigureRef(name, change.size_text),
        before=FigureRef(name, change.before_text),
        after=FigureRef(name, change.after_text),
        cases=whole(change.n) if change.same_cases and change.n else "",
        interval=FigureRef(name, interval) if interval else None,
    )


def _outside(facts: Facts, comparison: ModelComparison) -> Iterable[OutsideLine]:
    quality = facts.status.dimension("quality")
    found = quality.findings if quality is not None else ()
    rows = {s.record_id for finding in found if finding.rule in _OUTSIDE for s in finding.sources}
    for unknown in comparison.not_compared:
        figure = facts.figures.get(unknown.name.removesuffix(".change"))
        if isinstance(figure, Figure) and figure.comparator is not None:
            records = [facts.project.get(source.record_id) for source in figure.sources]
            row = next((one for one in records if isinstance(one, Observation) and one.id in rows), None)
            if row is not None:
                limit = FigureRef(figure.name, figure.comparator.text)
                title = _title(facts, row.metric)
                yield OutsideLine(title, row.slice or "", FigureRef(figure.name), limit)


def _title(facts: Facts, metric_id: str) -> str:
    metric = facts.project.get(metric_id)
    return metric.title if isinstance(metric, Metric) else metric_id


def _open_questions(facts: Facts, candidate_id: str) -> Iterable[RecordRef]:
    for issue in facts.project.of(Issue):
        if candidate_id in issue.affects and ISSUE.is_open(issue) and issue.root_cause is None:
            yield RecordRef(issue.id)


def production_lines(facts: Facts) -> tuple[ProductionLines, ...]:
    """Return the versions in production with their metrics."""
    states = [state for state in facts.metrics if state.model.stage == IN_USE]
    versions = dict.fromkeys(state.model.version for state in states)
    return tuple(
        ProductionLines(version, tuple(_production(facts, state) for state in states if state.model.version == version))
        for version in versions
    )


def _production(facts: Facts, state: MetricState) -> ProductionLine:
    figure = state.figure
    silence = silence_of(facts.production_ages.get((state.model.id, state.metric)))
    return ProductionLine(
        title=state.title,
        value=FigureRef(figure.name) if isinstance(figure, Figure) else None,
        standing=state.position or "",
        limit=FigureRef(figure.name, state.limit_text) if state.limit_text else None,
        measured_on=figure.as_of if isinstance(figure, Figure) else None,
        silence=FigureRef(figure.name, silence) if silence else None,
    )
