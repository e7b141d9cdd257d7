"""status.json: the computed status with its reasons and figures, in the form aipm/status-1."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aipm_site.exports.site_file import SiteFile, json_file
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.decision import DecisionNeeded
from aipm_site.facts.due import Due
from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Source, plain_number
from aipm_site.facts.history import Standing
from aipm_site.facts.status import Dimension, Finding
from aipm_site.summaries.reasons import reason_text

SCHEMA = "aipm/status-1"
PATH = "status.json"
SOURCES_AT_MOST = 20

Data = dict[str, object]


class Identity(Struct, frozen=True):
    """What a published file says of itself: which project, which revision, for whom.

    Attributes:
        project_id: Id of the project, None where there is no charter that may be seen.
        project_name: Its title, else the site's name.
        revision: The commit, None without one.
        uncommitted: Whether the checkout differed from the commit.
        audience: The label of the build.
        unread: How many records could not be read and are left out, in a lenient build.
    """

    project_id: str | None
    project_name: str
    revision: str | None
    uncommitted: bool
    audience: str
    unread: int = 0


def status_json(facts: Facts, identity: Identity) -> SiteFile:
    """Return the file status.json."""
    return json_file(PATH, status_data(facts, identity))


def status_data(facts: Facts, identity: Identity) -> Data:
    """Return the status as plain data of the schema aipm/status-1."""
    status = facts.status
    return {
        "schema": SCHEMA,
        "project": {"id": identity.project_id, "name": identity.project_name},
        "as_of": as_of_text(facts.as_of),
        "revision": identity.revision,
        "uncommitted": identity.uncommitted,
        "audience": identity.audience,
        **unread_data(identity),
        "overall": {
            # What is not shared is absent, also as a word.
            "status": None if status.overall == "not_shared" else status.overall,
            "label": status.label,
            **standing_data(status.standing),
            "computed": None if status.overall == "not_shared" else status.computed,
            "reasons": _reasons(status.findings),
        },
        "dimensions": [_dimension(dimension) for dimension in status.dimensions],
        "figures": {name: _figure(figure) for name, figure in sorted(facts.figures.items())},
        "decisions_needed": [_decision(decision) for decision in facts.decisions_needed],
        "due": [due_data(due) for due in facts.due],
    }


def unread_data(identity: Identity) -> Data:
    """Return the mark of a file that lacks records which could not be read; nothing where all were."""
    return {"unread": identity.unread} if identity.unread else {}


def as_of_text(as_of: AsOf) -> str:
    """Return the as-of for machines: a day, or a moment with offset where one was given."""
    return as_of.moment.isoformat() if as_of.is_moment else as_of.date.isoformat()


def standing_data(standing: Standing) -> Data:
    """Return since when a status is so, for how many days, and what it was in the report before; null is not known."""
    on = standing.previous_as_of
    return {
        "since": standing.since.isoformat() if standing.since else None,
        "days": standing.days,
        "previous": {"status": standing.previous, "as_of": on.isoformat()} if standing.previous and on else None,
    }


def _dimension(dimension: Dimension) -> Data:
    return {
        "name": dimension.name,
        "status": dimension.status,
        **standing_data(dimension.standing),
        "computed": dimension.computed,
        "reasons": _reasons(dimension.findings),
        "as_of": dimension.as_of.isoformat(),
    }


def _reasons(findings: Sequence[Finding]) -> list[Data]:
    return [
        {"rule": finding.rule, "text": reason_text(finding), **sources_data(finding.sources)} for finding in findings
    ]


def sources_data(sources: Sequence[Source], hidden: int = 0) -> Data:
    """Return the first sources, and how many more there are where not all are shown."""
    shown = [{"record": s.record_id, "file": s.place.file, "line": s.place.line} for s in sources[:SOURCES_AT_MOST]]
    more = len(sources) - len(shown) + hidden
    return {"sources": shown} | ({"more": more} if more else {})


def _figure(figure: AnyFigure) -> Data:
    if not isinstance(figure, Figure):
        return {"unknown": figure.reason}
    value, exact = plain_number(figure.value)
    return {
        "value": value,
        **({"exact": exact} if exact else {}),
        "unit": figure.unit,
        "as_of": figure.as_of.isoformat(),
        "text": figure.text,
        "comparator": _comparator(figure.comparator),
        "formula": figure.formula,
        **sources_data(figure.sources, figure.hidden_sources),
        **({"disclosed": True} if figure.is_disclosed else {}),
    }


def _comparator(comparator: Comparator | None) -> Data | None:
    if comparator is None:
        return None
    value, exact = plain_number(comparator.value)
    as_of = comparator.as_of.isoformat() if comparator.as_of else None
    data: Data = {"kind": comparator.kind, "value": value, "text": comparator.text, "as_of": as_of}
    return data | ({"exact": exact} if exact else {})


def _decision(needed: DecisionNeeded) -> Data:
    return {
        "record": needed.record_id,
        "title": needed.title,
        "question": needed.question,
        "options": list(needed.options),
        "recommendation": needed.recommendation,
        "decide_by": needed.decide_by.isoformat() if needed.decide_by else None,
        "cost_of_delay": needed.cost_of_delay,
        "file": needed.place.file,
        "line": needed.place.line,
    }


def due_data(due: Due) -> Data:
    """Return something that is due as plain data."""
    return {
        "date": due.date.isoformat(),
        "act_by": due.act_by.isoformat() if due.act_by else None,
        "kind": due.kind,
        "record": due.record_id,
        "title": due.title,
        "owner": due.owner,
        "state": due.state,
        **({"at": due.at.isoformat()} if due.at else {}),
    }
