"""Changes for machines: what a range of revisions does, in the form aipm/changes-1, written and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from pydantic_core import to_jsonable_python

from aipm_site.changes.changes import Changes
from aipm_site.changes.collisions import Collision
from aipm_site.changes.figures import FigureChange
from aipm_site.changes.policy import Judgement, Ruling
from aipm_site.changes.records import RecordChange
from aipm_site.changes.reports import Rewritten
from aipm_site.changes.settings import Reclassified
from aipm_site.changes.status import GateChange, StatusChange
from aipm_site.exports.site_file import SiteFile, json_file
from aipm_site.exports.status_json import as_of_text, sources_data
from aipm_site.facts.figure import AnyFigure, Figure, plain_number
from aipm_site.facts.finding import Finding
from aipm_site.problems import PRINTED_AT_MOST, Place, Problem
from aipm_site.records.policy import Verdict
from aipm_site.summaries.change_headline import headline, is_headline
from aipm_site.summaries.change_report import SCHEMA, ChangeReport
from aipm_site.summaries.change_words import delta_text, figure_text
from aipm_site.summaries.changes import Range, condition_text, evidence_text, hidden_reason_text
from aipm_site.summaries.reasons import reason_text

PATH = "changes.json"
_MESSAGE_AT_MOST = 300

Data = dict[str, Any]


class NoChangeReport(Exception):
    """What was read is no report of aipm/changes-1; the message says what is wrong with it."""


def change_report(changes: Changes, judgement: Judgement, span: Range, errors: Sequence[Problem] = ()) -> ChangeReport:
    """Return what changed, as far as the audience of the changes may know it.

    Args:
        changes: What changed.
        judgement: What the policy says of it.
        span: The revisions that were compared.
        errors: What is wrong in the content afterwards, as far as the audience may read that.
    """
    return msgspec.convert(_report_data(changes, judgement, span, errors), ChangeReport)


def changes_json(report: ChangeReport) -> SiteFile:
    """Return a report as a file of the schema aipm/changes-1; what did not change does not appear in it."""
    return json_file(PATH, msgspec.to_builtins(report))


def read_changes_json(data: bytes) -> ChangeReport:
    """Return the report that a file of the schema aipm/changes-1 holds, whoever wrote it.

    Keys that this version does not know are not read. The types say of every word whether it is one of ours; the first
    line, which is put together from them, must be one that `headline` could have given.

    Raises:
        NoChangeReport: It is no such report.
    """
    try:
        report = msgspec.json.decode(data, type=ChangeReport)
    except (msgspec.DecodeError, RecursionError) as failure:
        raise NoChangeReport(_short(str(failure))) from None
    if not is_headline(report.headline):
        raise NoChangeReport("the headline is none that aipm gives - at `$.headline`")
    return report


def _short(message: str) -> str:
    """Return a message that may quote a text without end; what it quotes stands in the middle, its place at the end."""
    half = _MESSAGE_AT_MOST // 2
    return message if len(message) <= _MESSAGE_AT_MOST else f"{message[:half]}…{message[-half:]}"


def _report_data(changes: Changes, judgement: Judgement, span: Range, errors: Sequence[Problem]) -> Data:
    overall = changes.overall
    return {
        "schema": SCHEMA,
        "base": span.base,
        "merge_base": span.since if span.since != span.base else None,
        "cut_off": span.is_cut_off,
        "head": span.head,
        "as_of": as_of_text(changes.as_of),
        "audience": changes.audience,
        "headline": headline(changes),
        "verdict": judgement.verdict,
        "policy": [*map(_ruling, judgement.rulings), *map(_hidden_ruling, judgement.hidden)],
        "policy_unread": None if judgement.is_sound else judgement.file,
        "status": _status(overall) if overall else None,
        "dimensions": [{"name": change.name, **_status(change)} for change in changes.dimensions],
        "records": {
            "added": [_record(change) for change in changes.of("added")],
            "removed": [_record(change) | {"open": change.is_open} for change in changes.of("removed")],
            "closed": [_record(change) | _fields(change) for change in changes.of("closed", "withdrawn")],
            "changed": [_record(change) | _fields(change) for change in changes.of("changed")],
            "added_or_unread": [_record(change) for change in changes.unclear if change.how == "added"],
            "removed_or_unread": [_record(change) for change in changes.unclear if change.how == "removed"],
        },
        "figures": [_figure(change) for change in changes.figures],
        "gates": [_gate(change) for change in changes.gates],
        "id_collisions": [_collision(one) for one in changes.collisions],
        "problems": {"base": dict(changes.problems[0]), "head": dict(changes.problems[1])},
        "errors": [_error(problem) for problem in errors[:PRINTED_AT_MOST]],
        "rewritten_reports": [_rewritten(one) for one in changes.rewritten],
        "reclassified": [_reclassified(one) for one in changes.reclassified],
        "owner_review": [{"file": one.path, "change": one.how} for one in (*changes.templates, *changes.policy)],
        "unread": None if changes.is_computed else {"base": changes.unread[0], "head": changes.unread[1]},
    }


def _rewritten(one: Rewritten) -> Data:
    return {
        "id": one.record_id,
        "title": one.title,
        "file": one.place.file,
        "line": one.place.line,
        "parts": list(one.parts),
    }


def _reclassified(one: Reclassified) -> Data:
    return {
        "id": one.name or None,
        "before": one.before or None,
        "after": one.after or None,
        "narrower": one.is_narrower,
    }


def _ruling(ruling: Ruling) -> Data:
    text = "; ".join(f"{condition_text(met)}: {evidence_text(met)}" for met in ruling.met)
    excused = f"; excused by {condition_text(ruling.excuse)}" if ruling.excuse else ""
    because = f" ({ruling.rule.because})" if ruling.rule.because else ""
    return {
        "rule": ", ".join(map(condition_text, ruling.met)),
        "number": ruling.number,
        "line": ruling.line,
        "verdict": ruling.verdict,
        "evidence": "; ".join(map(evidence_text, ruling.met)),
        "because": ruling.rule.because or None,
        "excuse": f"{condition_text(ruling.excuse)}: {evidence_text(ruling.excuse)}" if ruling.excuse else None,
        "text": text + because + excused,
    }


def _hidden_ruling(verdict: Verdict) -> Data:
    unknown = dict.fromkeys(("rule", "number", "line", "evidence", "because", "excuse"))
    return {**unknown, "verdict": verdict, "text": hidden_reason_text()}


def _status(change: StatusChange) -> Data:
    reasons = [_reason(finding) for finding in change.findings]
    return {"before": change.before, "after": change.after, "better": change.better, "reasons": reasons}


def _reason(finding: Finding) -> Data:
    return {"rule": finding.rule, "text": reason_text(finding), **sources_data(finding.sources)}


def _record(change: RecordChange) -> Data:
    return {
        "id": change.record_id,
        "kind": change.kind,
        "plural": change.plural,
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
        "before_text": figure_text(change.before),
        "after_text": figure_text(change.after),
        "change": delta_text(change),
        "better": change.better,
        "forecast": change.is_forecast,
        "rebaselined": change.is_rebaselined,
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


def _collision(one: Collision) -> Data:
    return {
        "id": one.record_id,
        "base": _taken(one.base_title, one.base_place),
        "head": _taken(one.head_title, one.head_place),
    }


def _taken(title: str, place: Place) -> Mapping[str, object]:
    return {"title": title, "file": place.file, "line": place.line, "column": place.column}


def _error(problem: Problem) -> Data:
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "code": problem.code,
        "message": problem.message,
    }
