"""Collisions: ids that two branches both took for different records since they parted."""

from __future__ import annotations

from msgspec import Struct

from aipm_site.changes.records import plain_fields
from aipm_site.problems import Place
from aipm_site.project import Project
from aipm_site.records.record import Entry


class Collision(Struct, frozen=True):
    """An id that stands for one record on one branch and for another on the other.

    Attributes:
        record_id: The id.
        base_title: What it is called on the base's branch.
        base_place: Where it is written there.
        head_title: What it is called on the head's branch.
        head_place: Where it is written there.
    """

    record_id: str
    base_title: str
    base_place: Place
    head_title: str
    head_place: Place


def collisions(ancestor: Project, base: Project, head: Project) -> tuple[Collision, ...]:
    """Return the ids that were free where two branches parted and are taken differently on both, sorted.

    Args:
        ancestor: The records where the branches parted.
        base: Those of one branch, as an audience sees them.
        head: Those of the other.
    """
    taken = (base.records.keys() & head.records.keys()) - ancestor.records.keys() - ancestor.unread_ids.keys()
    pairs = ((base.records[record_id], head.records[record_id]) for record_id in sorted(taken))
    return tuple(_collision(one, other) for one, other in pairs if plain_fields(one) != plain_fields(other))


def _collision(base: Entry, head: Entry) -> Collision:
    return Collision(base.id, base.label, base.place, head.label, head.place)
