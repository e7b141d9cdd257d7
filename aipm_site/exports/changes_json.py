"""Changes for machines: what a range of revisions does, in the form aipm/changes-1."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic_core import to_jsonable_python

from aipm_site.changes.changes import Changes
from aipm_site.changes.figures import FigureChange
from aipm_site.changes.policy import Judgement, Ruling
from aipm_site.changes.records import RecordChange
from aipm_site.changes.settings import Reclassified
from aipm_site.changes.status import GateChange, StatusChange
from aipm_site.exports.site_file import SiteFile, json_file
from aipm_site.exports.status_json import Data, as_of_text, sources_data
from aipm_site.facts.figure import AnyFigure, Figure, plain_number
from aipm_site.records.policy import Verdict
from aipm_site.summaries.change_headline import headline
from aipm_site.summaries.changes import Range, condition_text, evidence_text, hidden_reason_text
from aipm_site.summaries.reasons import reason_text

SCHEMA = "aipm/changes-1"
PATH = "changes.json"


def changes_json(changes: Changes, judgement: Judgement, span: Range) -> SiteFile:
    """Return what changed as a file; what did not change does not appear in it."""
    return json_file(PATH, changes_data(changes, judgement, span))


def changes_data(changes: Changes, judgement: Judgement, span: Range) -> Data:
    """Return what changed as plain data of the schema aipm/changes-1."""
    overall = changes.overall
    return {
        "schema": SCHEMA,
        "base": span.base,
        **({"merge_base": span.since} if span.since != span.base else {}),
        "head": span.head,
        "as_of": as_of_text(changes.as_of),
        "audience": changes.audience,
        "headline": headline(changes),
        "verdict": judgement.verdict,
        "policy": [*map(_ruling, judgement.rulings), *map(_hidden_ruling, judgement.hidden)],
        **({"status": {"before": overall.before, "after": overall.after}} if overall else {}),
        "dimensions": [_dimension(change) for change in changes.dimensions],
        "records": {
            "added": [_record(change) for change in changes.of("added")],
            "removed": [_record(change) | {"open": change.is_open} for change in changes.of("removed")],
            "closed": [_record(change) | _fields(change) for change in changes.of("closed", "withdrawn")],
            "changed": [_record(change) | _fields(change) for change in changes.of("changed")],
        },
        "figures": [_figure(change) for change in changes.figures],
        "gates": [_gate(change) for change in changes.gates],
        "id_collisions": [
            {
                "id": one.record_id,
                "base": {"title": one.base_title, "file": one.base_place.file, "line": one.base_place.line},
                "head": {"title": one.head_title, "file": one.head_place.file, "line": one.head_place.line},
            }
            for one in changes.collisions
        ],
        "problems": {"base": dict(changes.problems[0]), "head": dict(changes.problems[1])},
        **_only_given("reclassified", [_reclassified(one) for one in changes.reclassified]),
        **_only_given(
            "owner_review", [{"file": one.path, "change": one.how} for one in (*changes.templates, *changes.policy)]
        ),
        **({} if changes.is_computed else {"unread": {"base": changes.unread[0], "head": changes.unread[1]}}),
    }


def _only_given(name: str, items: Sequence[Data]) -> Data:
    return {name: list(items)} if items else {}


def _reclassified(one: Reclassified) -> Data:
    return {
        "id": one.name or None,
        "before": one.before or None,
        "after": one.after or None,
        "narrower": one.is_narrower,
    }


def _ruling(ruling: Ruling) -> Data:
    text = "; ".join(f"{condition_text(met)}: {evidence_text(met)}" for met in ruling.met)
    excuse = f"; excused by {condition_text(ruling.excuse)}" if ruling.excuse else ""
    because = f" ({ruling.rule.because})" if ruling.rule.because else ""
    rule = ", ".join(map(condition_text, ruling.met))
    return {"rule": rule, "verdict": ruling.verdict, "text": text + because + excuse}


def _hidden_ruling(verdict: Verdict) -> Data:
    return {"rule": None, "verdict": verdict, "text": hidden_reason_text()}


def _dimension(change: StatusChange) -> Data:
    return {
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "better": change.better,
        "reasons": [
            {"rule": finding.rule, "text": reason_text(finding), **sources_data(finding.sources)}
            for finding in change.findings
        ],
    }


def _record(change: RecordChange) -> Data:
    return {
        "id": change.record_id,
        "kind": change.kind,
        "title": change.title or None,
        "status": change.status,
        "file": change.place.file,
        "line": change.place.line,
    }


def _fields(change: RecordChange) -> Data:
    return {
        "fields": [
            {
                "field": field.field,
                "before": to_jsonable_python(field.before),
                "after": to_jsonable_python(field.after),
            }
            for field in change.fields
        ]
    }


def _figure(change: FigureChange) -> Data:
    return {
        "name": change.name,
        "unit": change.unit or None,
        "before": _value(change.before),
        "after": _value(change.after),
        "better": change.better,
    }


def _value(figure: AnyFigure | None) -> str | None:
    return plain_number(figure.value)[0] if isinstance(figure, Figure) else None


def _gate(change: GateChange) -> Data:
    return {
        "id": change.record_id,
        "title": change.title,
        "before": change.before,
        "after": change.after,
        "better": change.better,
        "criteria": {"before": change.counts_before or None, "after": change.counts_after or None},
    }
