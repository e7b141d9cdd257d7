"""What is due as data, in the form aipm/due-1: what `aipm report due` prints for other programs."""

from __future__ import annotations

from collections.abc import Iterable

from aipm_site.exports.site_file import json_file
from aipm_site.exports.status_json import Identity, as_of_text, due_data
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.due import Due

SCHEMA = "aipm/due-1"


def due_json(due: Iterable[Due], as_of: AsOf, identity: Identity) -> bytes:
    """Return what is due as JSON."""
    data = {
        "schema": SCHEMA,
        "project": {"id": identity.project_id, "name": identity.project_name},
        "as_of": as_of_text(as_of),
        "revision": identity.revision,
        "audience": identity.audience,
        "due": [due_data(one) for one in due],
    }
    return json_file("due.json", data).data
