"""Names of fields, relations and words of an enumeration are called as people call them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from aipm_site.pages.looks import component
from aipm_site.pages.words import field_label, forward_label, inverse_label, status_word, word_of
from aipm_site.records import KINDS
from aipm_site.records.record import Link
from aipm_site.records.shape import FieldShape, shape_of


def _fields(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, FieldShape]]:
    """Yield every field of a class and of the parts in it, with its dotted name."""
    for name, shape in shape_of(model).items():
        yield ".".join((*path, name)), shape
        if shape.part and shape.part is not Link:
            yield from _fields(shape.part, (*path, name))


# The same field of several kinds once; the JSON Schema in a shape keeps it out of a set.
ALL = sorted(
    {(name, repr(shape)): (name, shape) for kind in KINDS for name, shape in _fields(kind.model)}.values(),
    key=lambda pair: pair[0],
)
RELATIONS = sorted({name for name, shape in ALL if shape.refers_to})
LINK_WORDS = shape_of(Link)["rel"].choices
WORDS = sorted({choice for _, shape in ALL for choice in shape.choices})
# Three letters or fewer that are words of English; any other so short a name needs a label of its own.
SHORT_WORDS = {
    "at",
    "bad",
    "be",
    "by",
    "due",
    "end",
    "far",
    "go",
    "low",
    "mid",
    "no",
    "on",
    "red",
    "run",
    "sum",
    "to",
    "try",
    "yes",
}
ENDED_BADLY = ("missed", "rejected", "cancelled", "withdrawn", "dropped", "deferred", "retired", "superseded")


def test_every_relation_has_words_in_both_directions():
    general = inverse_label("a_field_of_nobody").partition("“")[0]

    assert len(RELATIONS) > 40
    assert [name for name in (*RELATIONS, *LINK_WORDS) if inverse_label(name).startswith(general)] == []
    assert [
        name for name in (*RELATIONS, *LINK_WORDS) if ":" in forward_label(name) or "_" in forward_label(name)
    ] == []


def test_no_label_of_a_field_is_an_abbreviation_that_stands_alone():
    names = {name.rpartition(".")[2] for name, _ in ALL}
    short = {name for name in names if len(name) <= 3 and name not in SHORT_WORDS | {"a", "b", "c"}}

    assert short
    assert [name for name in short if field_label(name).casefold() == name and name != "id"] == []


def test_no_word_of_an_enumeration_is_an_abbreviation_or_a_name_with_underscores():
    letters = {
        word for word in WORDS if word.isalpha() and len(word) <= 3 and word not in SHORT_WORDS | {"app", "day", "met"}
    }

    assert [word for word in letters if word_of(word) == word] == []
    assert [word for word in WORDS if "_" in word_of(word)] == []


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("dpia", "Impact assessment (DPIA)"),
        ("total_planned", "Planned in all"),
        ("schedule_days", "Schedule, days"),
        ("review_by", "Review by"),
        ("fallback_plan", "Fallback plan"),
    ],
)
def test_a_field_is_called_in_words(name, label):
    assert field_label(name) == label


@pytest.mark.parametrize(
    ("word", "shown"), [("todo", "To do"), ("part_approved", "Partly approved"), ("on_track", "On track")]
)
def test_a_status_is_called_in_words(word, shown):
    assert status_word(word) == shown


@pytest.mark.parametrize("status", ENDED_BADLY)
def test_what_did_not_end_well_bears_no_tick(status):
    assert "aipm-chip--done" not in component("chip").record(status, status, False)


def test_every_status_of_every_kind_has_a_shape_that_was_chosen_for_it():
    shapes = component("chip").shapes
    statuses = {choice for name, shape in ALL if name in {"status", "stage"} for choice in shape.choices}

    assert sorted(statuses - set(shapes)) == []
