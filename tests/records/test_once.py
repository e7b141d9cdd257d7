"""What follows from a record alone is found once for each record, and never told of another."""

from __future__ import annotations

from aipm_site.records.once import once_a_record
from tests.facts.builders import risk

ASKED: list[str] = []


@once_a_record
def title_of(record):
    ASKED.append(record.id)
    return record.title


def test_it_is_found_once_for_each_record():
    ASKED.clear()
    one, other = risk("RSK-001", title="Feed B"), risk("RSK-002", title="Staff")

    assert [title_of(record) for record in (one, one, other, one)] == ["Feed B", "Feed B", "Staff", "Feed B"]
    assert ASKED == ["RSK-001", "RSK-002"]


def test_a_copy_with_other_values_is_looked_at_anew():
    record = risk("RSK-001", title="Feed B")
    title_of(record)

    assert title_of(record.model_copy(update={"title": "Feed C"})) == "Feed C"
    assert title_of(record) == "Feed B"


def test_a_record_is_what_it_was_before_anything_was_found_out_about_it():
    record = risk("RSK-001")
    same = record.model_copy()
    title_of(record)

    assert record == same
    assert record.model_dump() == same.model_dump()
    assert repr(record) == repr(same)
