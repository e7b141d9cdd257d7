"""News: what happened that a subscriber wants to hear: decisions, new risks, issued reports, changes of the status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise, takewhile
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.history import Statement, Statements, with_disclosures
from aipm_site.facts.report import statements_of
from aipm_site.facts.status import Status
from aipm_site.facts.view import View
from aipm_site.project import Project
from aipm_site.records.charter import Disclosures
from aipm_site.records.decision import Decision, DecisionStatus
from aipm_site.records.record import Record
from aipm_site.records.report import Report
from aipm_site.records.risk import Risk

NewsKind = Literal[
    "decision-accepted", "decision-proposed", "decision-rejected", "risk-new", "report-issued", "status-changed"
]
# What was decided on a day was decided on it, whatever became of it later: news is not taken back.
_DECIDED: Mapping[DecisionStatus, NewsKind] = {
    "proposed": "decision-proposed",
    "accepted": "decision-accepted",
    "deprecated": "decision-accepted",
    "superseded": "decision-accepted",
    "rejected": "decision-rejected",
}


class News(Struct, frozen=True):
    """One thing that happened.

    Attributes:
        kind: What happened.
        key: What tells it apart from everything else that happens in the project, for ever.
        on: The day on which it happened, by the records.
        record_id: The record that says so; "" where none does, but the status itself.
        title: What that record is called; of a status "overall", or the dimension.
        about: What the record says of it, in its own words; "" where it says nothing.
        before: Of a change, the status before; "" else.
        after: Of a change, the status after; "" else.
        audience: Label of those who may hear of it.
        disclosed: Of a change, what project.yml disclosed on each of the days that it tells of.
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
    disclosed: tuple[Disclosures, ...] = ()

    def visible_to(self, view: View) -> News | None:
        """Return it as an audience hears of it; None where it does not.

        Who is shown a status because it is disclosed hears of its changes from then on, and not by which report they
        were told.
        """
        if view.may_see(self.audience):
            return self
        return replace(self, record_id="") if view.was_disclosed(f"status.{self.title}", self.disclosed) else None


def news(
    project: Project,
    reports: Sequence[Report],
    status: Status,
    as_of: date,
    earlier: Statements | None = None,
    recorded_on: date | None = None,
    begun: Mapping[str, date] | None = None,
) -> tuple[News, ...]:
    """Return what happened, the newest first.

    Args:
        project: The project as it is known at the as-of.
        reports: The reports that were issued and stand, oldest first.
        status: The present status.
        as_of: The day that it speaks for.
        earlier: What was told of the status at earlier revisions; it counts where no issued report tells it.
        recorded_on: The day on which the present state was recorded; None where nobody knows.
        begun: The days on which a status began that no earlier revision told, by "overall" and dimension, where known.
    """
    revisions = _known(earlier or {})
    told = with_disclosures(statements_of(project, reports), revisions) or revisions
    found = (*_decisions_and_risks(project, as_of), *_issued(project, reports))
    present = _Present(project, status, as_of, revisions, recorded_on, begun or {})
    changes = (*_told_changes(project, told), *present.changes(told))
    return tuple(sorted((*found, *changes), key=lambda one: (-one.on.toordinal(), one.key)))


def _known(told: Statements) -> Statements:
    """Return what is known to have been told: what may have been another status is no change of one."""
    known = {name: [one for one in statements if one.is_known] for name, statements in told.items()}
    return {name: statements for name, statements in known.items() if statements}


def undated_news(project: Project) -> Iterator[Record]:
    """Yield the records that are news of a day that they do not give, so that only a commit can tell it.

    Args:
        project: The project as it is known at the as-of.
    """
    return (one.record for one in _recorded(project) if one.day is None)


class _Recorded(Struct, frozen=True):
    """A record that is news: of which kind, on which day by its own words, and what it says of it."""

    kind: NewsKind
    record: Record
    day: date | None
    about: str | None


def _recorded(project: Project) -> Iterator[_Recorded]:
    for decision in project.of(Decision):
        about = decision.question if decision.status == "proposed" else decision.outcome
        kind = _DECIDED[decision.status]
        if kind == "decision-proposed":
            yield _Recorded(kind, decision, decision.date or decision.created, about)
        elif decision.date is not None:
            # When it was written down says nothing of when it was decided: it may have been a proposal then.
            yield _Recorded(kind, decision, decision.date, about)
    for risk in project.of(Risk):
        if risk.status != "draft":
            yield _Recorded("risk-new", risk, risk.opened or risk.created, risk.event)


def _decisions_and_risks(project: Project, as_of: date) -> Iterator[News]:
    for one in _recorded(project):
        day = one.day or _brought_on(project, one.record, as_of)
        if day is not None:
            yield _of_record(project, one.record, one.kind, day, one.about)


def _brought_on(project: Project, record: Record, as_of: date) -> date | None:
    """Return the day of the commit that brought a record; None where no commit tells.

    It is the first one, as a day that moves when somebody edits the record is none: it would be news twice. A commit
    later than the as-of counts as made on it.
    """
    day = project.commits.brought_on.get(record.id)
    return None if day is None else min(day, as_of)


def _issued(project: Project, reports: Iterable[Report]) -> Iterator[News]:
    for report in reports:
        day = report.issued_on or report.as_of
        if day is not None:
            yield _of_record(project, report, "report-issued", day, None)


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
    """Yield the changes of the status from one issued report to the next, or from one revision to the next."""
    for name, statements in told.items():
        for earlier, later in pairwise(statements):
            if earlier.reported != later.reported:
                record_id = later.origin if later.source is not None else ""
                yield _change(project, name, (earlier, later), _since(earlier.as_of, later), record_id)


def _since(before: date, later: Statement) -> date:
    """Return the day of a change: as the later report says it, where that lies after the earlier one."""
    return later.since if later.since is not None and before < later.since <= later.as_of else later.as_of


class _Present(Struct, frozen=True):
    """What differs at the as-of from what was told last."""

    project: Project
    status: Status
    as_of: date
    revisions: Statements
    recorded_on: date | None
    begun: Mapping[str, date]

    def changes(self, told: Statements) -> Iterator[News]:
        """Yield the changes that nobody has told yet."""
        present: dict[str, tuple[str, str]] = {d.name: (d.status, d.audience) for d in self.status.dimensions}
        present["overall"] = self.status.overall, self.status.audience
        for name, (now, audience) in present.items():
            last = told[name][-1] if name in told else None
            if last is not None and last.reported != now:
                day, behind = self._begun(name, now, last)
                disclosed = self.project.charter.disclosures
                today = Statement(self.as_of, "", now, now, audience=audience, disclosed=disclosed)
                yield _change(self.project, name, (last, today, *behind), day)

    def _begun(self, name: str, now: str, last: Statement) -> tuple[date, Sequence[Statement]]:
        """Return the day on which a status began, the same at every later as-of, and the revisions that tell it.

        Where none does, it is the day on which what is shown now was recorded, or the first on which it can have begun.
        """
        since = [one for one in self.revisions.get(name, ()) if one.as_of > last.as_of]
        run = list(takewhile(lambda one: one.reported == now, reversed(since)))
        if run:
            return run[-1].as_of, run
        if name in self.begun:
            return self.begun[name], since[-1:]
        first = (since[-1] if since else last).as_of + timedelta(days=1)
        return min(self.as_of, max(first, self.recorded_on or first)), since[-1:]


def _change(project: Project, name: str, told: Sequence[Statement], day: date, record_id: str = "") -> News:
    """Return the news that a status became another: from the first statement to the second; others tell since when."""
    before, after = told[:2]
    return News(
        kind="status-changed",
        # The next report tells the same change, and it is news once. No record is named, as not all may know it.
        key=f"status.{name}/{before.as_of}/{after.reported}",
        on=day,
        record_id=record_id,
        title=name,
        about="",
        # Only who may see all of them may hear of the change.
        audience=project.strictest(one.audience for one in told),
        before=before.reported,
        after=after.reported,
        disclosed=tuple(one.disclosed for one in told),
    )
