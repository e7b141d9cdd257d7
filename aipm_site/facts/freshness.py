"""Freshness: for how long a record speaks, and whether it still does at the as-of."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.evidence import LaterChange, Review, later_changes, review_of, review_of_page
from aipm_site.project import Project
from aipm_site.records.issue import Issue
from aipm_site.records.record import Entry
from aipm_site.records.risk import Risk

FreshnessState = Literal["fresh", "due", "stale", "not_reported"]

DUE_FROM = Fraction(80, 100)
RED_RISK_DAYS = 14
WORST_ISSUE_DAYS = 1
# Severity 1 is the worst of four.
WORST_SEVERITY = 1


class Freshness(Struct, frozen=True):
    """How long ago a record was last known to be true.

    Attributes:
        state: fresh, due (from 80 % of the limit on), stale (above the limit) or not_reported (no date says when, or
            nobody knows whether its review was overtaken).
        since: The day it speaks for; None where no date of review is recorded.
        age_days: Calendar days from then to the as-of.
        limit_days: For how many days it speaks; None is for ever.
        later: The first day after the as-of on which it was confirmed; None where there is none, or `since` is known.
        reviewed_on: The day of a review that was overtaken by what changed since, or may have been; None for others.
        overtaken_by: The cited records that changed after the review: it is stale whatever its age.
        hidden_changes: How many more of them this audience may not see.
        is_cut_off: Whether the clone lacks commits since the review, so nobody knows whether it was overtaken.
    """

    state: FreshnessState
    since: date | None
    age_days: int | None
    limit_days: int | None
    later: date | None = None
    reviewed_on: date | None = None
    overtaken_by: tuple[LaterChange, ...] = ()
    hidden_changes: int = 0
    is_cut_off: bool = False

    @property
    def is_current(self) -> bool:
        """Whether the record still speaks; without any date it does not."""
        return self.state in {"fresh", "due"}

    @property
    def is_overtaken(self) -> bool:
        """Whether a record that it cites changed after its review."""
        return bool(self.overtaken_by or self.hidden_changes)

    def visible_to(self, hidden_ids: AbstractSet[str]) -> Freshness:
        """Return the same without the records that an audience may not see, nor the days on which these changed."""
        shown = tuple(change for change in self.overtaken_by if change.record_id not in hidden_ids)
        hidden = self.hidden_changes + len(self.overtaken_by) - len(shown)
        return replace(self, overtaken_by=shown, hidden_changes=hidden)


def freshness(since: date | None, as_of: date, limit_days: int | None) -> Freshness:
    """Return how fresh something is that was last true on `since`; an age equal to the limit is still within."""
    if since is None:
        return Freshness("not_reported" if limit_days is not None else "fresh", None, None, limit_days)
    age = (as_of - since).days
    return Freshness(_state(age, limit_days), since, age, limit_days)


def _state(age: int, limit_days: int | None) -> FreshnessState:
    # Without a fraction made of each limit, as this is asked of every record.
    if limit_days is None or age * DUE_FROM.denominator < DUE_FROM.numerator * limit_days:
        return "fresh"
    return "due" if age <= limit_days else "stale"


def last_true(record: Entry, as_of: AsOf, committed: date | None = None) -> date | None:
    """Return the day for which a record was last said to be true; a day that has not come says nothing yet.

    Args:
        record: The record.
        as_of: The day or moment that is asked for.
        committed: When a commit last changed a value of it: that speaks where the record itself gives no date.
    """
    written = next((day for day in _written_days(record) if as_of.has_come(day)), None)
    if written is not None or committed is None:
        return written
    # A commit later than the as-of counts as made on it.
    return min(committed, as_of.date)


def _written_days(record: Entry) -> tuple[date, ...]:
    return tuple(day for day in (record.as_of, record.reviewed_on, record.updated) if day is not None)


def limit_of(project: Project, record: Entry) -> int | None:
    """Return for how many days a record speaks: the project's limit for its kind, less for what is urgent."""
    kind = project.kinds.of(record)
    usual = project.charter.fresh_days(kind.name, kind.fresh_days)
    urgent = _urgent_limit(project, record)
    return urgent if usual is None else usual if urgent is None else min(usual, urgent)


def _urgent_limit(project: Project, record: Entry) -> int | None:
    if isinstance(record, Risk) and record.score is not None and project.charter.risk_band(record.score) == "red":
        return RED_RISK_DAYS
    if isinstance(record, Issue) and record.severity == WORST_SEVERITY:
        return WORST_ISSUE_DAYS
    return None


def freshness_of(project: Project, record: Entry, as_of: AsOf) -> Freshness:
    """Return how fresh a record is at the as-of, by its age and by what changed after its review."""
    since = last_true(record, as_of, project.commits.changed_on.get(record.place.file))
    age = freshness(since, as_of.date, limit_of(project, record))
    age = age if age.since else replace(age, later=min(_written_days(record), default=None))
    review = review_of(project, record, as_of)
    return age if review is None else _weighed(project, age, review, as_of)


def _weighed(project: Project, age: Freshness, review: Review, as_of: AsOf) -> Freshness:
    """Return what is left of an age when the records that were cited are looked at."""
    changes = later_changes(project, review, as_of)
    if changes:
        return replace(age, state="stale", reviewed_on=review.reviewed_on, overtaken_by=changes)
    if age.is_current and review.key in project.commits.cut_off_reviews:
        # Unknown freshness counts as stale (domain §3.6).
        return replace(age, state="not_reported", reviewed_on=review.reviewed_on, is_cut_off=True)
    return age


def open_records_freshness(project: Project, as_of: AsOf) -> dict[str, Freshness]:
    """Return the freshness of every open record that speaks for a limited time, was overtaken or may be, by id.

    Rows are left out: each is true for its own day, and whether a newer one is missing is the series' question.
    """
    ages = ((r.id, freshness_of(project, r, as_of)) for r in project.records.values() if _asks(project, r))
    return {i: age for i, age in ages if age.limit_days is not None or age.is_overtaken or age.is_cut_off}


def _asks(project: Project, record: Entry) -> bool:
    kind = project.kinds.of(record)
    return not kind.is_rows and kind.is_open(record)


def overtaken_pages(project: Project, as_of: AsOf) -> dict[str, Freshness]:
    """Return the freshness of each page whose review was overtaken, by its path, sorted."""
    found = ((page.path, review_of_page(project, page, as_of)) for page in project.pages)
    ages = {
        path: _weighed(project, freshness(review.reviewed_on, as_of.date, None), review, as_of)
        for path, review in sorted(found, key=lambda one: one[0])
        if review is not None
    }
    return {path: age for path, age in ages.items() if age.is_overtaken}


def oldest(ages: Iterable[Freshness]) -> date | None:
    """Return the earliest day for which any of these speaks."""
    return min((age.since for age in ages if age.since is not None), default=None)
