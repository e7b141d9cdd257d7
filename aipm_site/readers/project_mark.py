"""Project marks: what tells one project from another, whatever folder of whatever repository it lies in."""

from __future__ import annotations

import hashlib

from msgspec import Struct

from aipm_site.readers.record_files import value_of_file
from aipm_site.readers.yaml_data import YamlMapping


class ProjectMark(Struct, frozen=True):
    """What a project is known by; a published site keeps it, so it is no more than the site's readers may see.

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


def hash_of_uuid(uuid: str | None) -> str | None:
    """Return what is kept of a project's uuid."""
    return hashlib.sha256(uuid.lower().encode("utf-8", "surrogatepass")).hexdigest() if uuid else None


def mark_of_charter(data: bytes | None) -> ProjectMark | None:
    """Return the mark that a project.yml gives; None where it cannot be read, or bears no title."""
    written = value_of_file(data) if data is not None else None
    value = written[0] if isinstance(written, tuple) else None
    if not isinstance(value, YamlMapping):
        return None
    record_id, name, uuid = (_text(value.get(key)) for key in ("id", "title", "uuid"))
    return ProjectMark(record_id, name, hash_of_uuid(uuid)) if name else None


def _text(value: object) -> str | None:
    return value.strip() if isinstance(value, str) else None
