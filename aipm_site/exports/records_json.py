"""records.json: every record with its fields, references and what is missing, in the form aipm/records-1."""

from __future__ import annotations

from typing import Any

from aipm_site.exports.site_file import SiteFile, json_file
from aipm_site.exports.status_json import Identity, as_of_text, unread_data
from aipm_site.facts.as_of import AsOf
from aipm_site.pages.addresses import address_of
from aipm_site.project import Project
from aipm_site.records.record import Entry

SCHEMA = "aipm/records-1"
PATH = "records.json"
# These stand beside the fields, not among them.
_BESIDE = {"id", "title", "status"}


def records_json(project: Project, as_of: AsOf, identity: Identity) -> SiteFile:
    """Return the file records.json for a project that holds only what the audience may see."""
    data = {
        "schema": SCHEMA,
        "as_of": as_of_text(as_of),
        "revision": identity.revision,
        "audience": identity.audience,
        **unread_data(identity),
        "records": [record_data(project, record) for record in project.records.values()],
    }
    return json_file(PATH, data)


def record_data(project: Project, record: Entry) -> dict[str, Any]:
    """Return one record as plain data; references to records that are not shown are left out."""
    kind = project.kinds.of(record)
    values = record.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=_BESIDE)
    fields = {name: value for name, value in values.items() if value not in ([], {})}
    if record.foreign:
        fields["as_written"] = {"form": record.foreign.form, **record.foreign.texts}
    return {
        "id": record.id,
        "kind": kind.name,
        "title": getattr(record, "title", None),
        "status": getattr(record, "status", None),
        "url": address_of(kind, record),
        "file": record.place.file,
        "line": record.place.line,
        "fields": fields,
        "missing": list(project.missing[record.id]),
        "references": [
            {"rel": reference.rel, "id": reference.id}
            for reference in project.references[record.id]
            if reference.id in project.records
        ],
        "backlinks": [{"rel": link.rel, "id": link.record_id} for link in project.backlinks(record.id)],
    }
