"""Exports say where records could not be read, and say nothing of it where all were."""

from __future__ import annotations

import json
from datetime import date

import pytest
from msgspec.structs import replace

from aipm_site.exports.records_json import records_json
from aipm_site.exports.status_json import Identity, status_json
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import compute_facts
from aipm_site.project import Project
from aipm_site.records.charter import Charter

IDENTITY = Identity("PRJ-001", "Sample", None, uncommitted=False, audience="internal")


def exported(identity: Identity) -> list[dict[str, object]]:
    as_of = AsOf.of_day(date(2026, 4, 15), "UTC")
    facts = compute_facts(Project(Charter.empty()), as_of)
    files = status_json(facts, identity), records_json(facts.project, as_of, identity)
    return [json.loads(file.data) for file in files]


@pytest.mark.parametrize("unread", [1, 41])
def test_a_file_that_lacks_records_says_how_many(unread: int) -> None:
    assert [data["unread"] for data in exported(replace(IDENTITY, unread=unread))] == [unread, unread]


def test_a_whole_file_has_no_such_key() -> None:
    assert not any("unread" in data for data in exported(IDENTITY))
