"""Commit days: what the main line says of when records came and changed: those without a day, and those cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from aipm_site.facts.evidence import Review, edited_on
from aipm_site.project import CommitDays, Project
from aipm_site.readers.record_changes import RecordChange, RecordChanges
from aipm_site.records.record import Entry, Record


def commit_days(
    project: Project,
    reviews: Iterable[Review],
    changes: RecordChanges,
    commit: str,
    undated_news: Iterable[Record] = (),
) -> CommitDays:
    """Return the days on which commits changed what does not date itself or was reviewed, or brought what is news.

    Args:
        project: The project at a commit of the main line, as it was known at its as-of.
        reviews: Its reviews of which commits can tell whether they still hold: all, as a record may be changed without
            a new day in it.
        changes: The changes of the main line.
        commit: Name of the commit.
        undated_news: Records that are news of a day that they do not give.
    """
    zone = ZoneInfo(project.charter.tz)
    moments = changes.files.dates(project.undated_files, commit)
    came = ((record.id, changes.brought(record.place.file, record.id, commit)) for record in undated_news)
    answered = [(one.key, dict(_changes_after(project, one, changes, commit, zone))) for one in reviews]
    days = ((key, {i: said.days for i, said in cited.items() if said.days}) for key, cited in answered)
    return CommitDays(
        changed_on={file: moment.astimezone(zone).date() for file, moment in moments.items()},
        brought_on={i: moment.astimezone(zone).date() for i, moment in came if moment is not None},
        changes={key: changed for key, changed in days if changed},
        cut_off_reviews=frozenset(key for key, cited in answered if any(said.is_cut_off for said in cited.values())),
    )


class _Said(Struct, frozen=True):
    """What commits say of a cited record: the days of its changes after the review, and whether some may lack."""

    days: tuple[date, ...]
    is_cut_off: bool


def _changes_after(
    project: Project, review: Review, changes: RecordChanges, commit: str, zone: ZoneInfo
) -> Iterator[tuple[str, _Said]]:
    """Yield each cited record, with what commits say of it since a review."""
    # A commit that wrote the review down had both before it: what it changed was looked at.
    recorded = cache(lambda: changes.reviewed_in(review.file, review.record_id, commit, review.written))
    reviewed = datetime.combine(review.speaks_for, time.max, zone)
    for record_id in review.cites:
        record = project.records[record_id]
        found = changes.after(reviewed, record.place.file, record_id, commit)
        dated = ((_day_of(project, record, change, zone), change.number) for change in found.changes)
        days = tuple(day for day, number in dated if day > review.speaks_for and number != recorded())
        yield record_id, _Said(days, found.is_cut_off)


def _day_of(project: Project, record: Entry, change: RecordChange, zone: ZoneInfo) -> date:
    """Return the day of a change: what was changed was so on the day of the commit, or before if that says so."""
    committed = change.committed.astimezone(zone).date()
    return min(committed, edited_on(project, record, change.fields) or committed)
