"""The project mark: which project a published site is of, so that no other one is published into it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from aipm_site.exports.status_json import Identity
from aipm_site.records.charter import Charter


class ProjectMark(Struct, frozen=True):
    """What a published site keeps of its project: no more than its readers may see.

    Attributes:
        id: The project's id; None where there is no charter that they may see.
        name: Its title, else the site's name.
        uuid_sha256: Hash of its uuid, which tells it from all others and says nothing; None without one.
    """

    id: str | None
    name: str
    uuid_sha256: str | None = None

    def is_same(self, other: ProjectMark) -> bool:
        """Say whether both are of one project: by the uuid where both have one, else by id and name."""
        if self.is_told_by_uuid(other):
            return self.uuid_sha256 == other.uuid_sha256
        return (self.id, self.name) == (other.id, other.name)

    def is_told_by_uuid(self, other: ProjectMark) -> bool:
        """Say whether both have a uuid: it never changes, so nothing else needs to be asked."""
        return bool(self.uuid_sha256 and other.uuid_sha256)


MarksAt = Callable[[str], Iterable[ProjectMark]]
"""Gives the marks that the project could have had at a revision; none where nobody knows."""


def project_mark(identity: Identity, charter: Charter) -> ProjectMark:
    """Return the mark of a project.

    Args:
        identity: What its sites say of it to their readers.
        charter: Its charter.
    """
    return ProjectMark(identity.project_id, identity.project_name, _hash(charter))


def possible_marks(charter: Charter, site_name: str) -> tuple[ProjectMark, ...]:
    """Return the marks of a project whose charter some readers may see and others may not.

    Args:
        charter: Its charter.
        site_name: Name of its site.
    """
    uuid_sha256 = _hash(charter)
    return ProjectMark(charter.id, charter.title, uuid_sha256), ProjectMark(None, site_name, uuid_sha256)


def _hash(charter: Charter) -> str | None:
    return hashlib.sha256(charter.uuid.encode()).hexdigest() if charter.uuid else None


def read_project_mark(data: Mapping[str, Any] | None) -> ProjectMark | None:
    """Return the mark as a site has it; None where it was published before there were marks.

    Raises:
        KeyError: It is no mark of ours.
    """
    return ProjectMark(data["id"], data["name"], data["uuid_sha256"]) if data is not None else None
