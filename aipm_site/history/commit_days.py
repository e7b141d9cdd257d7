"""Commit days: what the main line says of records that do not say themselves when they changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.evidence import Review, reviews, written_change
from aipm_site.facts.horizon import known_at
from aipm_site.project import Project
from aipm_site.readers.record_changes import RecordChanges
from aipm_site.readers.value_changes import ValueChanges


def open_reviews(project: Project, as_of: AsOf) -> tuple[Review, ...]:
    """Return the reviews of which only commits can tell whether what they looked at has changed since.

    Each cites the records alone that give no day of their own.
    """
    known = known_at(project, as_of)
    undated = (replace(one, cites=tuple(_undated(known, one.cites, as_of))) for one in reviews(known, as_of))
    return tuple(one for one in undated if one.cites)


def _undated(project: Project, cites: Iterable[str], as_of: AsOf) -> Iterator[str]:
    return (one for one in cites if written_change(project, project.records[one], as_of) is None)


def with_commit_days(project: Project, unanswered: Iterable[Review], files: ValueChanges, commit: str) -> Project:
    """Return a project that knows the days on which commits changed what does not date itself.

    Args:
        project: The project at a commit of the main line.
        unanswered: Its reviews of which only commits can tell whether they still hold.
        files: The changes of the main line; their values are those of `value_of_file`.
        commit: Name of the commit.
    """
    zone = ZoneInfo(project.charter.tz)
    moments = files.dates(project.undated_files, commit)
    changes = RecordChanges(files)
    found = {one.key: dict(_changes_after(project, one, changes, commit, zone)) for one in unanswered}
    return replace(
        project,
        changed_on={file: moment.astimezone(zone).date() for file, moment in moments.items()},
        committed_changes={key: days for key, days in found.items() if days},
    )


def _changes_after(
    project: Project, review: Review, changes: RecordChanges, commit: str, zone: ZoneInfo
) -> Iterator[tuple[str, tuple[date, ...]]]:
    """Yield each cited record that commits changed after a review, with the days, the newest first."""
    # A commit that wrote the review down had both before it: what it changed was looked at.
    reviewed_on = review.reviewed_on.isoformat()
    recorded = cache(lambda: changes.reviewed_in(review.file, review.record_id, commit, reviewed_on))
    for record_id in review.cites:
        days = []
        for number, moment in changes.changes(project.records[record_id].place.file, record_id, commit):
            day = moment.astimezone(zone).date()
            if day <= review.speaks_for:
                break
            if number != recorded():
                days.append(day)
        if days:
            yield record_id, tuple(days)
