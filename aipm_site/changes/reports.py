"""Issued reports that a change rewrites: what was told stays as it was told (domain §5, T-61)."""

from __future__ import annotations

from msgspec import Struct

from aipm_site.changes.records import plain_fields
from aipm_site.changes.side import Pair, Side
from aipm_site.problems import Place
from aipm_site.records.report import Report, rewritten_parts


class Rewritten(Struct, frozen=True):
    """An issued report that tells something else than it told.

    Attributes:
        record_id: Its id.
        title: Its title.
        place: Where it is written.
        parts: What it tells otherwise: names of figures, and as_of, audience or status.
    """

    record_id: str
    title: str
    place: Place
    parts: tuple[str, ...]


def rewritten_reports(pair: Pair) -> tuple[Rewritten, ...]:
    """Return the reports that were issued before and tell something else afterwards, by id, as the audience sees them.

    One that is gone is among the records that were removed.
    """
    found = []
    for before in pair.base.project.of(Report):
        after = pair.head.project.get(before.id)
        if isinstance(after, Report) and after is not before and after.id not in pair.hidden_ids:
            parts = rewritten_parts(_told(pair.base, before), _told(pair.head, after))
            if parts:
                found.append(Rewritten(after.id, after.title, after.place, parts))
    return tuple(found)


def _told(side: Side, report: Report) -> dict[str, object]:
    # A label that is written out where it was the default before is for the same readers.
    return plain_fields(report) | {"status": report.status, "audience": side.project.audience_of(report)}
