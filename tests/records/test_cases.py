"""Every case in tests/cases says what it promises, no more and no less."""

import pytest

from aipm_site.records import KINDS
from aipm_site.records.record import Record
from aipm_site.records.shape import shape_of
from tests.records.cases import CASES, decode_case, read_cases, reports

ALL = read_cases()


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.kind}: {case.title}")
def test_everything_marked_is_reported_and_everything_reported_is_marked(case):
    assert reports(case) == case.marks


def test_no_case_is_lost_to_a_slip_of_markup():
    written = sum(text.read_text(encoding="utf-8").count("\n```yaml ") for text in CASES.glob("*.md"))

    assert len(ALL) == written


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
def test_every_field_of_every_kind_stands_in_a_right_case(kind):
    right = [decode_case(case)[0] for case in ALL if case.kind == kind.name and case.is_right]
    given = {name for records in right for record in records for name in record.origin.data}

    # What all kinds share is shown once, in the cases of risks.
    shared = set(shape_of(Record)) - {"id", "title"} if kind.name != "risk" else set()
    assert set(shape_of(kind.model)) - given - shared == set()
