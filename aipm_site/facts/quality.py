"""Quality facts: what models and their measurements make of the dimension "quality"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.criterion import CriterionState, counts_text
from aipm_site.facts.finding import Assessment, Finding, FindingStatus, age_words, make_finding, worst_first
from aipm_site.facts.freshness import WORST_SEVERITY, Freshness, freshness, oldest
from aipm_site.facts.gate import GateState, gate_of
from aipm_site.facts.metric import Position, exact_value, limits_of, scale_of, title_of
from aipm_site.facts.model import CANDIDATE_STAGES, IN_USE, families
from aipm_site.facts.numbers import day
from aipm_site.facts.series import Measurements, slice_of
from aipm_site.project import Project
from aipm_site.records.issue import KIND as ISSUE
from aipm_site.records.issue import Issue
from aipm_site.records.model import Model
from aipm_site.records.observation import Observation
from aipm_site.records.record import Entry

# domain §2.0: a production metric speaks for seven days, unless project.yml gives `freshness: {observation: …}`.
PRODUCTION_METRIC_DAYS = 7

Rule = tuple[str, FindingStatus]
_IN_PRODUCTION: dict[Position, Rule] = {
    "within": ("metric-within-limit", "green"),
    "between": ("metric-between-limits", "amber"),
    "beyond": ("metric-beyond-limit", "red"),
}
# Good values of the whole do not hide a part of the data that is beyond the limit; the part alone does not make
# production red, as of many parts one is always the worst. Without a value of the whole, its parts speak in its place.
_OF_A_PART: dict[Position, Rule] = {"beyond": ("metric-slice-beyond-limit", "amber")}
# A candidate that is beyond the limit makes no production red, and one within it makes none green.
_OF_CANDIDATE: dict[Position, Rule] = {
    "within": ("candidate-within-limit", "green"),
    "between": ("candidate-beyond-limit", "amber"),
    "beyond": ("candidate-beyond-limit", "amber"),
}

# domain §3.6: a candidate that fails its gate makes the dimension amber; one that passes makes nothing green.
_OF_GATE: dict[str, Rule] = {
    "no-go": ("candidate-fails-gate", "amber"),
    "conditional": ("candidate-gate-not-assessed", "green"),
    "go": ("candidate-passes-gate", "green"),
}


def assess_quality(measurements: Measurements, as_of: AsOf, gates: Sequence[GateState] = ()) -> Assessment:
    """Return what models, their measurements, gates and issues make of the dimension "quality".

    Production is judged by what was measured in production; a candidate can make it amber and no worse, and no
    candidate can make it better. A candidate is judged by its gate; by the limits of the registry only in the metrics
    that its gate does not ask for.
    """
    return _Quality(measurements, as_of, gates).assessment()


def production_ages(measurements: Measurements, as_of: AsOf) -> dict[tuple[str, str], Freshness]:
    """Return how fresh each metric of a version in production is, by version and metric."""
    return _Quality(measurements, as_of).ages()


class _Quality(Struct, frozen=True, dict=True):
    measurements: Measurements
    as_of: AsOf
    gates: Sequence[GateState] = ()

    @property
    def project(self) -> Project:
        return self.measurements.project

    def assessment(self) -> Assessment:
        findings = [
            *self._production_findings(),
            *self._gate_findings(),
            *self._candidate_findings(),
            *self._issue_findings(),
        ]
        rows = self.project.of(Observation)
        if not rows:
            findings.append(make_finding(self.project, "no-observation-recorded", "not_reported"))
        elif not findings:
            words = {"metrics": ", ".join(sorted({title_of(row.metric, self.measurements) for row in rows}))}
            findings.append(make_finding(self.project, "models-measured", "green", rows, **words))
        considered = [self.project.audience_of(record) for record in self._considered()]
        considered.extend(gate.audience for gate in self._gate_of.values())
        has_records = bool(rows or self.project.of(Model))
        return Assessment(worst_first(findings), self.project.strictest(considered), self._oldest_day(), has_records)

    def _considered(self) -> Iterator[Entry]:
        for model in self._in_use + self._candidates:
            yield model
            yield from self.measurements.newest(model.id).values()
        yield from self._worst_issues
        if not self._in_use:
            yield from self.project.of(Observation)

    @cached_property
    def _in_use(self) -> tuple[Model, ...]:
        return tuple(model for model in self.project.of(Model) if model.stage == IN_USE)

    @cached_property
    def _candidates(self) -> tuple[Model, ...]:
        known = (family.candidate for family in families(self.project))
        return tuple(model for model in known if model is not None and model.stage in CANDIDATE_STAGES)

    @cached_property
    def _worst_issues(self) -> tuple[Issue, ...]:
        issues = self.project.of(Issue)
        return tuple(issue for issue in issues if issue.severity == WORST_SEVERITY and ISSUE.is_open(issue))

    @cached_property
    def _in_production(self) -> dict[tuple[str, str], list[Observation]]:
        """The newest values of each metric as measured in production: of the whole data, then of its parts."""
        found: dict[tuple[str, str], list[Observation]] = {}
        for model in self._in_use:
            for (metric_id, _), row in self.measurements.newest(model.id, IN_USE).items():
                found.setdefault((model.id, metric_id), []).append(row)
        return found

    def _speaking(self, key: tuple[str, str]) -> list[Observation]:
        """Return the value of the whole data, as measured in production; where there is none, those of the parts."""
        rows = self._in_production.get(key, [])
        return [row for row in rows if slice_of(row) is None] or rows

    def _oldest_speaking(self, key: tuple[str, str]) -> Observation | None:
        # A part of which nothing is heard any more is not covered by the others.
        return min(self._speaking(key), key=self.measurements.day, default=None)

    def _age(self, row: Observation | None) -> Freshness:
        limit = self.project.charter.fresh_days("observation", PRODUCTION_METRIC_DAYS)
        return freshness(self.measurements.day(row) if row else None, self.as_of.date, limit)

    def ages(self) -> dict[tuple[str, str], Freshness]:
        return {key: self._age(self._oldest_speaking(key)) for key in self._in_production}

    def _oldest_day(self) -> date | None:
        return oldest(self.ages().values())

    def _production_findings(self) -> Iterator[Finding]:
        for model in self._in_use:
            if not model.monitoring:
                # Taking metrics off the list must not look better than leaving them stale.
                yield make_finding(self.project, "model-not-monitored", "not_reported", [model], **_words(model))
            for metric_id in sorted({*model.monitoring, *self._metrics_in_production(model)}):
                yield from self._metric_findings(model, metric_id)

    def _metrics_in_production(self, model: Model) -> list[str]:
        return [metric_id for subject, metric_id in self._in_production if subject == model.id]

    def _metric_findings(self, model: Model, metric_id: str) -> Iterator[Finding]:
        key = (model.id, metric_id)
        words = _words(model) | {"metric": title_of(metric_id, self.measurements)}
        if metric_id in model.monitoring:
            yield from self._age_findings(model, self._oldest_speaking(key), words)
        speaking = self._speaking(key)
        # A stale value beyond its limit does not become better by growing older.
        for row in speaking:
            yield from self._position_findings(model, row, words, _IN_PRODUCTION)
        for row in self._in_production.get(key, []):
            if row not in speaking:
                yield from self._position_findings(model, row, words, _OF_A_PART)

    def _age_findings(self, model: Model, row: Observation | None, words: dict[str, str]) -> Iterator[Finding]:
        age = self._age(row)
        if row is None:
            yield make_finding(self.project, "metric-never-reported", "not_reported", [model], **words)
        elif not age.is_current:
            yield make_finding(self.project, "metric-stale", "not_reported", [model, row], **words, **age_words(age))

    @cached_property
    def _gate_of(self) -> dict[str, GateState]:
        """The gates of the candidates, by the candidate's id."""
        found = {model.id: gate_of(model.id, self.gates) for model in self._candidates}
        return {model_id: gate for model_id, gate in found.items() if gate is not None}

    def _gate_findings(self) -> Iterator[Finding]:
        for model in self._candidates:
            gate = self._gate_of.get(model.id)
            if gate is not None:
                yield self._gate_finding(model, gate)

    def _gate_finding(self, model: Model, gate: GateState) -> Finding:
        """Return what a candidate's gate makes of it, by what is known at the as-of."""
        unmet = [one for one in gate.present if one.must and one.result == "not_met"]
        rule, status = _OF_GATE[gate.present_verdict]
        if gate.present_verdict == "no-go" and not unmet:
            rule = "candidate-refused-at-gate"
        words = _words(model) | {
            "id": gate.decision.id,
            "counts": counts_text(gate.present),
            "unmet": "; ".join(f"{one.name} {_held(one)}" for one in unmet),
            "production": ", ".join(one.version for one in self._in_use) or "no version",
        }
        found = make_finding(self.project, rule, status, [gate.decision, model, *self._in_use], **words)
        sources = {*found.sources, *(source for one in unmet for source in one.sources)}
        audience = self.project.strictest((found.audience, gate.audience))
        return replace(found, sources=tuple(sorted(sources)), audience=audience)

    def _candidate_findings(self) -> Iterator[Finding]:
        for model in self._candidates:
            gate = self._gate_of.get(model.id)
            asked = {criterion.metric for criterion in gate.decision.criteria} if gate else set()
            for row in self._headline_rows(model):
                if row.metric in asked:
                    continue
                words = _words(model) | {"metric": title_of(row.metric, self.measurements)}
                yield from self._position_findings(model, row, words, _OF_CANDIDATE)

    def _headline_rows(self, model: Model) -> Iterator[Observation]:
        """Give the newest value of the whole data for each metric; of its parts only where there is no whole."""
        newest = self.measurements.newest(model.id)
        whole = {metric_id for metric_id, piece in newest if piece is None}
        for (metric_id, piece), row in newest.items():
            if piece is None or metric_id not in whole:
                yield row

    def _position_findings(
        self, model: Model, row: Observation, words: dict[str, str], rules: dict[Position, Rule]
    ) -> Iterator[Finding]:
        metric = self.measurements.metrics.get(row.metric)
        limits, scale = limits_of(row, self.measurements), scale_of(row, self.measurements)
        records = [entry for entry in (model, row, metric) if entry is not None]
        if limits is None or limits.first is None:
            if rules is not _OF_A_PART and (metric is None or metric.polarity != "neutral"):
                yield make_finding(self.project, "metric-without-limit", "not_reported", records, **words)
            return
        value = exact_value(row, self.measurements.unit_of(row))
        position = limits.position(value)
        if position == "within" and limits.green is None:
            # Nobody said where green begins.
            position = "between"
        if position not in rules:
            return
        rule, status = rules[position]
        values = {"value": scale.text(value), "limit": scale.text(limits.first)}
        piece = slice_of(row)
        where = {"part": f" ({piece})" if piece else "", "date": day(self.measurements.day(row))}
        yield make_finding(self.project, rule, status, records, **words, **values, **where)

    def _issue_findings(self) -> Iterator[Finding]:
        in_use = {model.id for model in self._in_use}
        for issue in self._worst_issues:
            affected = {*issue.affects, *(link.id for link in issue.links if link.rel == "affects")}
            words = {"id": issue.id, "title": issue.title}
            if affected & in_use:
                models = [model for model in self._in_use if model.id in affected]
                versions = ", ".join(model.version for model in models)
                yield make_finding(
                    self.project, "worst-issue-in-production", "red", [issue, *models], **words, version=versions
                )
            elif in_use and not affected:
                yield make_finding(self.project, "worst-issue-affects-unknown", "not_reported", [issue], **words)


def _held(criterion: CriterionState) -> str:
    """Return what was observed against what was asked; what only the writer calls unmet may not be observed."""
    return f"{criterion.observed_text or 'not observed'}, asked {criterion.limit_text}"


def _words(model: Model) -> dict[str, str]:
    return {"model": model.id, "version": model.version}
