"""Issued reports in the commits of the main line: which of them tell other figures than when they became final."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aipm_site.project import Project, Rewriting
from aipm_site.readers.record_changes import RecordChange, RecordChanges
from aipm_site.records.report import ISSUED, Report, figures_by_name

_EVER = datetime.min.replace(tzinfo=UTC)


def standing_reports(project: Project) -> tuple[Report, ...]:
    """Return the reports that are final and that no other report supersedes, by id."""
    reports = project.of(Report)
    replaced = {report.supersedes for report in reports if report.status in ISSUED}
    return tuple(report for report in reports if report.status == "final" and report.id not in replaced)


def rewritten_reports(
    project: Project, reports: Sequence[Report], changes: RecordChanges, commit: str
) -> Mapping[str, Rewriting]:
    """Return what became of the reports whose figures commits changed after they were final (domain §5, T-61).

    A report that tells again what it told is as it was. What lies beyond the end of a shallow clone is not known.

    Args:
        project: The project at a commit of the main line.
        reports: Those of its reports that are asked for.
        changes: The changes of the main line.
        commit: Name of the commit.
    """
    zone = ZoneInfo(project.charter.tz)
    found = {
        report.id: _rewriting(report, changes.after(_EVER, report.place.file, report.id, commit).changes, zone)
        for report in reports
    }
    return {record_id: rewriting for record_id, rewriting in found.items() if rewriting is not None}


def _rewriting(report: Report, newest_first: Sequence[RecordChange], zone: ZoneInfo) -> Rewriting | None:
    edits = [change for change in newest_first if "figures" in change.fields]
    if not edits:
        return None
    status: object = report.status
    tells = told = figures = edits[0].fields["figures"][1]
    last: datetime | None = None
    for change in newest_first:
        status, figures = change.fields.get("status", (status,))[0], change.fields.get("figures", (figures,))[0]
        if status in ISSUED:
            # Going back, the last that is found is what it told first.
            told = figures
            last = last or (change.committed if "figures" in change.fields else None)
    then, now = figures_by_name(told), figures_by_name(tells)
    names = tuple(name for name in {**then, **now} if then.get(name) != now.get(name))
    return Rewriting((last or edits[0].committed).astimezone(zone).date(), names) if names else None
