"""The project mark: which project a published site is of, so that no other one is published into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aipm_site.exports.status_json import Identity
from aipm_site.readers.project_mark import ProjectMark, hash_of_uuid
from aipm_site.records.charter import Charter

MarksAt = Callable[[str], Iterable[ProjectMark]]
"""Gives the marks that the project could have had at a revision; none where nobody knows."""


def project_mark(identity: Identity, charter: Charter) -> ProjectMark:
    """Return the mark of a project.

    Args:
        identity: What its sites say of it to their readers.
        charter: Its charter.
    """
    return ProjectMark(identity.project_id, identity.project_name, hash_of_uuid(charter.uuid))


def possible_marks(charter: Charter, site_name: str) -> tuple[ProjectMark, ...]:
    """Return the marks of a project whose charter some readers may see and others may not.

    Args:
        charter: Its charter.
        site_name: Name of its site.
    """
    uuid_sha256 = hash_of_uuid(charter.uuid)
    return ProjectMark(charter.id, charter.title, uuid_sha256), ProjectMark(None, site_name, uuid_sha256)


def read_project_mark(data: Mapping[str, Any] | None) -> ProjectMark | None:
    """Return the mark as a site has it; None where it was published before there were marks.

    Raises:
        KeyError: It is no mark of ours.
    """
    return ProjectMark(data["id"], data["name"], data["uuid_sha256"]) if data is not None else None
