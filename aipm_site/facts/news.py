"""News: what happened that a subscriber wants to hear: decisions, new risks, issued reports, changes of the status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from aipm_site.facts.history import Statement, Statements
from aipm_site.facts.report import statements_of
from aipm_site.facts.status import Status
from aipm_site.project import Project
from aipm_site.records.decision import Decision
from aipm_site.records.record import Record
from aipm_site.records.report import Report
from aipm_site.records.risk import Risk

NewsKind = Literal["decision-accepted", "decision-proposed", "risk-new", "report-issued", "status-changed"]


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened.

    Attributes:
        kind: What happened.
        key: What tells it apart from everything else that happens in the project, for ever.
        on: The day on which it happened, by the records.
        record_id: The record that says so; "" for the present status.
        title: What that record is called; of a status "overall", or the dimension.
        about: What the record says of it, in its own words; "" where it says nothing.
        before: Of a change, the status before; "" else.
        after: Of a change, the status after; "" else.
        audience: Label of those who may hear of it.
    """

    kind: NewsKind
    key: str
    on: date
    record_id: str
    title: str
    about: str
    audience: str
    before: str = ""
    after: str = ""


def news(project: Project, reports: Sequence[Report], status: Status, as_of: date) -> tuple[News, ...]:
    """Return what happened, the newest first.

    Args:
        project: The project as it is known at the as-of.
        reports: The reports that were issued and stand, oldest first.
        status: The present status.
        as_of: The day that it speaks for.
    """
    told = statements_of(project, reports)
    found = (*_decisions(project), *_risks(project), *_issued(project, reports))
    changes = (*_told_changes(project, told), *_present_changes(project, told, status, as_of))
    return tuple(sorted((*found, *changes), key=lambda one: (-one.on.toordinal(), one.key)))


def _decisions(project: Project) -> Iterator[News]:
    for decision in project.of(Decision):
        day = _day(project, decision, decision.date)
        if day is None:
            continue
        if decision.status == "accepted":
            yield _of_record(project, decision, "decision-accepted", day, decision.outcome)
        elif decision.status == "proposed":
            yield _of_record(project, decision, "decision-proposed", day, decision.question)


def _risks(project: Project) -> Iterator[News]:
    for risk in project.of(Risk):
        day = _day(project, risk, risk.opened)
        if day is not None and risk.status != "draft":
            yield _of_record(project, risk, "risk-new", day, risk.event)


def _issued(project: Project, reports: Iterable[Report]) -> Iterator[News]:
    for report in reports:
        day = report.issued_on or report.as_of
        if day is not None:
            yield _of_record(project, report, "report-issued", day, None)


def _day(project: Project, record: Record, said: date | None) -> date | None:
    """Return the day from which there is a record: as it says, else that of its commit; None where neither is known.

    A day that moves when somebody looks at the record again is none: the same thing would be news twice.
    """
    return said or record.created or project.changed_on.get(record.place.file)


def _of_record(project: Project, record: Record, kind: NewsKind, day: date, about: str | None) -> News:
    return News(
        kind=kind,
        key=f"{record.id}/{kind}",
        on=day,
        record_id=record.id,
        title=record.title,
        about=about or record.summary or "",
        audience=project.audience_of(record),
    )


def _told_changes(project: Project, told: Statements) -> Iterator[News]:
    """Yield the changes of the status from one issued report to the next."""
    for name, statements in told.items():
        for earlier, later in pairwise(statements):
            if earlier.reported != later.reported:
                labels, day = (earlier.audience, later.audience), _since(earlier.as_of, later)
                yield _change(project, name, earlier, later.reported, day, later.origin, labels)


def _since(before: date, later: Statement) -> date:
    """Return the day of a change: as the later report says it, where that lies after the earlier one."""
    return later.since if later.since is not None and before < later.since <= later.as_of else later.as_of


def _present_changes(project: Project, told: Statements, status: Status, as_of: date) -> Iterator[News]:
    """Yield what differs at the as-of from what the last issued report said; since when, nobody has said yet."""
    present: dict[str, tuple[str, str]] = {d.name: (d.status, d.audience) for d in status.dimensions}
    present["overall"] = status.overall, status.audience
    for name, (now, audience) in present.items():
        last = told[name][-1] if name in told else None
        if last is not None and last.reported != now:
            yield _change(project, name, last, now, as_of, "", (last.audience, audience))


def _change(
    project: Project, name: str, before: Statement, after: str, day: date, record_id: str, labels: tuple[str, str]
) -> News:
    return News(
        kind="status-changed",
        # The next report will tell the same change, and it is news once.
        key=f"{before.origin}/status.{name}/{after}",
        on=day,
        record_id=record_id,
        title=name,
        about="",
        # Only who may see both may hear of the change.
        audience=project.strictest(labels),
        before=before.reported,
        after=after,
    )
