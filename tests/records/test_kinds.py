"""Kinds: what they declare holds together, and matches the domain reference."""

import pytest

from aipm_site.records import KINDS
from aipm_site.records.levels import is_given
from aipm_site.records.record import Origin
from aipm_site.records.shape import part_at, shape_of
from tests.records.cases import right

# Domain reference, "Names and folders", "Freshness per kind" and "What a record needs".
FOLDERS = {
    "risk": ("risks", "RSK", 30),
    "issue": ("issues", "ISS", 7),
    "action": ("actions", "ACT", None),
    "decision": ("decisions", "DEC", None),
    "milestone": ("milestones", "MS", 14),
    "sprint": ("sprints", "SPR", None),
    "model": ("models", "MV", None),
    "metric": ("metrics", "M", None),
}
NEEDED = {
    "project": {"id", "title"},
    "risk": {"id", "title"},
    "milestone": {"id", "title", "baseline_date"},
    "action": {"id", "title", "due"},
    "issue": {"id", "title", "severity"},
    "decision": {"id", "title"},
    "sprint": {"id", "title", "start", "end"},
    "metric": {"id", "title", "unit", "polarity"},
    "observation": {"id", "metric", "value", "as_of"},
    "model": {"id", "title", "version", "stage"},
    "objective": {"id", "title"},
    "baseline": {"id", "title"},
    "task": {"id", "title"},
    "stand-up": {"id", "date"},
    "change": {"id", "title", "status"},
    "budget-line": {"id", "title", "currency", "planned"},
    "cost": {"id", "period", "amount"},
    "funding-request": {"id", "title"},
    "benefit": {"id", "title", "value_driver", "scenarios", "currency"},
    "dataset": {"id", "title", "contains_personal_data"},
    "definition": {"id", "title"},
    "report": {"id", "title"},
    "meeting": {"id", "title"},
    "reminder": {"id", "title"},
}

every_kind = pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)


@pytest.mark.parametrize(("name", "declared"), FOLDERS.items())
def test_folder_prefix_and_freshness_are_those_of_the_domain(name, declared):
    kind = KINDS.named(name)

    assert (kind.folder, kind.prefix, kind.fresh_days) == declared


@every_kind
def test_a_record_needs_what_the_domain_says_and_nothing_more(kind):
    needed = {name for name, field in shape_of(kind.model).items() if field.level == "needed"}

    assert needed == NEEDED[kind.name]


def parts_of(model):
    for field in shape_of(model).values():
        if field.part:
            yield field.part
            yield from parts_of(field.part)


@every_kind
def test_every_field_says_what_it_is_in_a_clause(kind):
    for holder in (kind.model, *parts_of(kind.model)):
        for field in shape_of(holder).values():
            assert field.description, f"{holder.__name__}.{field.name}"
            assert not field.description.endswith("."), field.name
            assert field.word, field.name


@every_kind
def test_what_a_kind_declares_are_fields_of_its_records(kind):
    fields = shape_of(kind.model)
    named = {*kind.ended, *(name for e in kind.expectations for name in e.fields)}

    for name in named:
        *holder, last = name.split(".")
        assert last in shape_of(part_at(kind.model, tuple(holder))), name
    dated = [kind.dated] if kind.dated else []
    assert all(name in fields or hasattr(kind.model, name) for name in (*kind.columns, *dated))


@every_kind
def test_the_default_status_is_the_one_that_a_record_without_status_has(kind):
    status = shape_of(kind.model).get("status")

    assert (status.default if status else None) == kind.default_status
    assert kind.done <= set((status or shape_of(kind.model).get("stage")).choices if kind.done else ())


def test_ids_are_known_by_their_kind():
    assert KINDS.of_id("RSK-014").name == "risk"
    assert KINDS.of_id("MV-RW-1.7.0-rc1").name == "model"
    assert KINDS.of_id("M-accuracy").name == "metric"
    assert KINDS.of_id("STU-2026-04-15-core").name == "stand-up"
    assert [KINDS.of_id(text) for text in ("XYZ-1", "RSK-x", "RSK", "M-a/MV-b/-/all/2026-04-14")] == [None] * 4


def test_a_milestone_with_its_day_is_not_open_whatever_its_status():
    kind = KINDS.named("milestone")
    text = "id: MS-1\ntitle: A\nbaseline_date: 2026-04-15\n"

    assert kind.is_open(right("milestone", text))
    assert not kind.is_open(right("milestone", text + "actual_date: 2026-04-15\n"))
    assert not kind.is_open(right("milestone", text + "status: cancelled\n"))


def test_the_original_promise_is_the_first_one():
    text = "id: MS-1\ntitle: A\nbaseline_date: 2026-06-15\n"

    moved = right("milestone", text + "baseline_history: [{baseline_date: 2026-05-29}]\n")

    assert moved.original_baseline_date.isoformat() == "2026-05-29"
    assert right("milestone", text).original_baseline_date.isoformat() == "2026-06-15"


def test_a_score_is_probability_times_impact_and_a_draft_has_none():
    # Domain reference: only 14 products are possible.
    scores = {
        right("risk", f"id: RSK-1\ntitle: A\nprobability: {p}\nimpact: {i}\n").score
        for p in range(1, 6)
        for i in range(1, 6)
    }

    assert scores == {1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 20, 25}
    assert right("risk", "id: RSK-1\ntitle: A\nstatus: draft\n").score is None


def test_risks_stand_in_their_register_by_score_then_impact_then_id():
    texts = [
        "id: RSK-1\nprobability: 5\nimpact: 2",
        "id: RSK-2\nprobability: 2\nimpact: 5",
        "id: RSK-3\nprobability: 5\nimpact: 5",
    ]
    risks = [right("risk", text + "\ntitle: A\n") for text in [*texts, "id: RSK-4\nprobability: 2\nimpact: 5"]]

    ordered = sorted(risks, key=KINDS.named("risk").order)

    assert [risk.id for risk in ordered] == ["RSK-3", "RSK-2", "RSK-4", "RSK-1"]


def test_a_record_made_in_code_has_a_place_too():
    record = right("risk", "id: RSK-1\ntitle: A\nprobability: 1\nimpact: 1\n").model_copy()
    record.written_at(Origin("new.yml"))

    assert str(record.place) == "new.yml:1:1"
    assert is_given(record, "title")
